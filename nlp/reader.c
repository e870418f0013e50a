#include "nlp/reader.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"

#include "nlp/rules.h"
#include "nlp/tables.h"

static const char *const rule_names[MUD_RULE_COUNT] = {
#define MUD_RULE_NAME(id, name) name,
    MUD_RULES(MUD_RULE_NAME)
#undef MUD_RULE_NAME
};

static const char *const categories[MUD_CATEGORIES] = {"benign",
                                                       "bots",
                                                       "personal_data",
                                                       "attack_for_hire",
                                                       "malware",
                                                       "phishing",
                                                       "hacking_training",
                                                       "virtual_property",
                                                       "account_trade",
                                                       "money_mule",
                                                       "sms_traffic_fraud",
                                                       "market_service",
                                                       "other"};

static const char *const directions[] = {"none", "sell", "buy", "recruit"};

static const char *const types[] = {"",
                                    "product",
                                    "quantity",
                                    "price",
                                    "contact",
                                    "victim_data",
                                    "indicator",
                                    "candidate"};

const char *mud_category_name(enum mud_category category)
{
    return (unsigned)category < MUD_CATEGORIES ? categories[category] : "";
}

bool mud_category_of(struct mud_str name, enum mud_category *out)
{
    for (unsigned i = 0; i < MUD_CATEGORIES; i++) {
        if (mud_str_eqz(name, categories[i])) {
            *out = (enum mud_category)i;
            return true;
        }
    }
    return false;
}

const char *mud_direction_name(enum mud_direction direction)
{
    return (unsigned)direction <= MUD_DIR_RECRUIT ? directions[direction] : "";
}

const char *mud_by_name(enum mud_by by)
{
    switch (by) {
    case MUD_BY_MESSAGE:
        return "private_message";
    case MUD_BY_NAME:
        return "username";
    case MUD_BY_PROFILE:
        return "profile";
    case MUD_BY_SIGNATURE:
        return "signature";
    case MUD_BY_QR:
        return "qr";
    case MUD_BY_PINNED:
        return "pinned";
    case MUD_BY_COMMENT:
        return "comment";
    case MUD_BY_BUTTON:
    default:
        return "button";
    }
}

const char *mud_entity_type_name(enum mud_entity_type type)
{
    return (unsigned)type <= MUD_ENT_CANDIDATE ? types[type] : "";
}

const char *mud_rule_name(const struct mud_reader *reader, uint16_t rule)
{
    (void)reader;
    return rule < MUD_RULE_COUNT ? rule_names[rule] : "";
}

const char *mud_reader_version(const struct mud_reader *reader)
{
    return reader->version;
}

/* Rules by name and version, and every table with the analyst's. */
static void set_version(struct mud_reader *r)
{
    struct mud_sha256 *sha = mud_sha256_new();
    uint8_t digest[MUD_SHA256];
    char hex[MUD_HEX256];

    for (unsigned i = 0; i < MUD_RULE_COUNT; i++)
        mud_sha256_add(sha, rule_names[i], strlen(rule_names[i]) + 1);
    mud_lexicon_digest(r->lexicon, digest);
    mud_sha256_add(sha, digest, sizeof digest);
    for (size_t i = 0; i < r->n_canonicals; i++) {
        const struct mud_canonical *c = &r->canonicals[i];
        uint8_t row[3] = {(uint8_t)c->category, c->per, c->unit};

        mud_sha256_add(sha, c->id.s, c->id.n);
        mud_sha256_add(sha, row, sizeof row);
    }
    mud_sha256_add(sha, mud_model_text(r->model).s, mud_model_text(r->model).n);
    mud_sha256_end(sha, digest);
    mud_sha256_free(sha);
    (void)snprintf(r->version,
                   sizeof r->version,
                   "%d-%.8s",
                   MUD_RULES_VERSION,
                   mud_hex(hex, digest, sizeof digest));
}

static int canonical(const struct mud_reader *r, const char *id)
{
    for (size_t i = 0; i < r->n_canonicals; i++) {
        if (mud_str_eqz(r->canonicals[i].id, id))
            return (int)i;
    }
    return -1;
}

struct own { /* analysts' terms: a file and rows at hand, or NULL */
    const char *path, *name;
    struct mud_str tsv;
};

static bool add_own(struct mud_lexicon *lexicon, const struct own *own,
                    struct mud_error *err)
{
    if (own->path &&
        !mud_lexicon_add_file(lexicon, own->path, MUD_LEX_TERM, err))
        return false;
    return !own->name ||
           mud_lexicon_add(lexicon, own->name, own->tsv, MUD_LEX_TERM, err);
}

/* Words that segmentation keeps whole: of the field, and names. */
static bool add_words(struct mud_lexicon *lexicon, const char *name,
                      enum mud_lex_kind kind, struct mud_error *err)
{
    const struct mud_embedded *table = mud_embedded_find(mud_nlp_tables, name);

    if (!table)
        return mud_fail(err, MUD_EBUG, "table %s is not built in", name);
    return mud_lexicon_add(lexicon, name, mud_embedded_text(table), kind, err);
}

static bool load(struct mud_reader *r, const struct own *own,
                 struct mud_error *err)
{
    const struct mud_embedded *model;

    if (!mud_folder_new(&r->folder, err))
        return false;
    r->lexicon = mud_lexicon_new(r->folder);
    if (!add_words(r->lexicon, "terms.tsv", MUD_LEX_TERM, err) ||
        !add_words(r->lexicon, "names.tsv", MUD_LEX_NAME, err))
        return false;
    if (!mud_meanings_add(r->lexicon, err))
        return false;
    if (!add_own(r->lexicon, own, err) || !mud_lexicon_seal(r->lexicon, err) ||
        !mud_segmenter_new(&r->segmenter, r->lexicon, err) ||
        !mud_meanings_read(&r->meanings,
                           &r->canonicals,
                           &r->n_canonicals,
                           r->lexicon,
                           r->arena,
                           err))
        return false;
    model = mud_embedded_find(mud_nlp_tables, "model.tsv");
    if (!model)
        return mud_fail(err, MUD_EBUG, "table model.tsv is not built in");
    if (!mud_model_read(
            &r->model, mud_embedded_text(model), r->lexicon, r->arena, err))
        return false;
    r->course = canonical(r, "hacking_course");
    r->record = canonical(r, "personal_record");
    r->phish_site = canonical(r, "phish_site");
    r->phish_kit = canonical(r, "phish_kit");
    r->coins = canonical(r, "usdt_exchange");
    r->lead = canonical(r, "lead");
    r->followers = canonical(r, "fake_engagement");
    for (unsigned i = 0; i < 32; i++)
        r->account[i] = canonical(r, mud_platform_account(i));
    set_version(r);
    return true;
}

static bool make(struct mud_reader **out, const struct own *own,
                 struct mud_error *err)
{
    struct mud_reader *r = mud_calloc(1, sizeof *r);

    r->arena = mud_arena_new();
    if (!load(r, own, err)) {
        mud_reader_free(r);
        return mud_fail_in(err, "load the reading tables");
    }
    *out = r;
    return true;
}

bool mud_reader_new(struct mud_reader **out, const char *lexicon_path,
                    struct mud_error *err)
{
    struct own own = {.path = lexicon_path};

    return make(out, &own, err);
}

bool mud_reader_with(struct mud_reader **out, const char *lexicon_path,
                     const char *name, struct mud_str tsv,
                     struct mud_error *err)
{
    struct own own = {.path = lexicon_path, .name = name, .tsv = tsv};

    return make(out, &own, err);
}

void mud_reader_free(struct mud_reader *reader)
{
    if (!reader)
        return;
    mud_segmenter_free(reader->segmenter);
    mud_lexicon_free(reader->lexicon);
    mud_folder_free(reader->folder);
    mud_arena_free(reader->arena);
    free(reader);
}
