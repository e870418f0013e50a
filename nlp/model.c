#include "nlp/model.h"

#include <math.h>
#include <stdlib.h>

#include "base/conf.h"

#include "nlp/modelindex.h"

enum {
    FEATURES_MAX = 60000,
    LINE = 64, /* bytes */
    WEIGHT_MAX = 32000
};

static const char *const kinds[MUD_F_KINDS] = {"bias",
                                               "product",
                                               "weak",
                                               "category",
                                               "hint",
                                               "term",
                                               "near",
                                               "early",
                                               "has",
                                               "lang",
                                               "length",
                                               "sign",
                                               "pair",
                                               "word",
                                               "words",
                                               "rules",
                                               "score"};

static const char *const consents[MUD_CONSENTS] = {"none", "given", "strong"};

static const char *const outputs[MUD_OUTPUTS] = {"benign",
                                                 "offer",
                                                 "stopped",
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
                                                 "other",
                                                 "side.sell",
                                                 "side.buy",
                                                 "side.recruit",
                                                 "talk.none",
                                                 "talk.sell",
                                                 "talk.buy",
                                                 "talk.recruit"};

const char *mud_feature_kind_name(unsigned kind)
{
    return kind < MUD_F_KINDS ? kinds[kind] : "";
}

const char *mud_consent_name(unsigned consent)
{
    return consent < MUD_CONSENTS ? consents[consent] : "";
}

const char *mud_output_name(unsigned output)
{
    return output < MUD_OUTPUTS ? outputs[output] : "";
}

uint32_t mud_model_search(const struct mud_model *m, uint64_t key,
                          unsigned kind, struct mud_str text)
{
    for (size_t at = key & m->mask; m->slots[at].feature;
         at = (at + 1) & m->mask) {
        const struct mud_feature *f;

        if (m->slots[at].key != key)
            continue;
        f = &m->features[m->slots[at].feature];
        if (text.n <= MUD_MODEL_SURE ||
            (f->kind == kind && mud_str_eq(f->text, text)))
            return m->slots[at].feature;
    }
    return 0;
}

uint32_t mud_model_find(const struct mud_model *m, unsigned kind,
                        struct mud_str text)
{
    uint64_t key;

    if (m->n == 0 || text.n == 0)
        return 0;
    key = mud_model_key(kind, text.s, text.n);
    return mud_model_may(m, key) ? mud_model_keyed(m, key, kind, text) : 0;
}

static bool find(struct mud_str name, const char *const *list, unsigned n,
                 unsigned *out)
{
    for (*out = 0; *out < n; ++*out) {
        if (mud_str_eqz(name, list[*out]))
            return true;
    }
    return false;
}

/* "name=number": true when it is one. */
static bool read_pair(struct mud_str part, struct mud_str *name, int64_t *value)
{
    size_t at = mud_str_rchr(part, '=');

    if (at == MUD_NPOS)
        return false;
    *name = mud_str_sub(part, 0, at);
    return mud_str_i64(mud_str_sub(part, at + 1, part.n), value);
}

static bool read_weights(int16_t *out, struct mud_str list)
{
    struct mud_str part, name;

    while (mud_str_cut(&list, ' ', &part)) {
        unsigned output;
        int64_t value;

        if (!read_pair(part, &name, &value) ||
            !find(name, outputs, MUD_OUTPUTS, &output) || value > WEIGHT_MAX ||
            value < -WEIGHT_MAX)
            return false;
        out[output] = (int16_t)value;
    }
    return true;
}

static bool read_steps(struct mud_model_steps *out, struct mud_str list)
{
    struct mud_str part, name;

    while (mud_str_cut(&list, ' ', &part)) {
        int64_t raw, is;

        if (out->n >= MUD_MODEL_STEPS || !read_pair(part, &name, &is) ||
            !mud_str_i64(name, &raw))
            return false;
        out->raw[out->n] = (double)raw / 1000;
        out->is[out->n++] = (double)is / 1000;
    }
    return true;
}

static bool read_setting(struct mud_model *m, struct mud_str name,
                         struct mud_str value)
{
    int64_t number;
    unsigned consent;

    if (mud_str_eqz(name, "sure"))
        return read_steps(&m->sure, value);
    if (mud_str_eqz(name, "which"))
        return read_steps(&m->which, value);
    if (!find(name, consents, MUD_CONSENTS, &consent) ||
        !mud_str_i64(value, &number))
        return false;
    m->threshold[consent] = (double)number / 1000;
    return true;
}

static bool read_row(struct mud_model *m, const struct mud_str *f,
                     struct mud_arena *arena)
{
    int16_t weights[MUD_OUTPUTS] = {0};
    unsigned kind;

    if (mud_str_eqz(f[0], "set"))
        return read_setting(m, f[1], f[2]);
    if (!find(f[0], kinds, MUD_F_KINDS, &kind) || f[1].n == 0 ||
        m->n >= FEATURES_MAX)
        return false;
    m->n++;
    m->features = mud_arena_grow(
        arena, m->features, &m->cap_features, m->n, sizeof *m->features);
    m->first =
        mud_arena_grow(arena, m->first, &m->cap_first, m->n, sizeof *m->first);
    m->rest =
        mud_arena_grow(arena, m->rest, &m->cap_rest, m->n, sizeof *m->rest);
    m->features[m->n] =
        (struct mud_feature){.text = f[1],
                             .key = mud_model_key(kind, f[1].s, f[1].n),
                             .kind = (uint8_t)kind};
    memset(m->first[m->n], 0, sizeof *m->first);
    memset(m->rest[m->n], 0, sizeof *m->rest);
    if (!read_weights(weights, f[2]))
        return false;
    for (unsigned o = 0; o < MUD_OUTPUTS; o++) {
        if (o < MUD_O_CATEGORY)
            m->first[m->n][o] = weights[o];
        else if (o < MUD_O_TALK)
            m->rest[m->n][o - MUD_O_CATEGORY] = weights[o];
        else
            m->first[m->n][o - MUD_O_TALK + MUD_FIRST_TALK] = weights[o];
    }
    return true;
}

/* Rows that begin where lines of the cache do, so that none lies in two. */
static void *in_lines(const void *rows, size_t n, struct mud_arena *arena)
{
    char *room = mud_arena_alloc(arena, n + LINE);

    room += -(uintptr_t)room % LINE;
    memcpy(room, rows, n);
    return room;
}

static void index_features(struct mud_model *m, struct mud_arena *arena)
{
    size_t size = 64;

    while (size < 2 * (m->n + 1))
        size *= 2;
    m->slots = mud_arena_array(arena, size, sizeof *m->slots);
    m->mask = size - 1;
    for (uint32_t i = 1; i <= m->n; i++) {
        size_t at = m->features[i].key & m->mask, bit;

        while (m->slots[at].feature)
            at = (at + 1) & m->mask;
        m->slots[at] = (struct mud_model_slot){m->features[i].key, i};
        bit = m->features[i].key >> 32 & (MUD_MODEL_GATE - 1);
        m->gate[bit / 64] |= UINT64_C(1) << bit % 64;
    }
}

bool mud_model_term(struct mud_str *text, const struct mud_lex_entry *entry,
                    struct mud_arena *arena)
{
    switch ((enum mud_lex_kind)entry->kind) {
    case MUD_LEX_VERB:
    case MUD_LEX_BENIGN:
    case MUD_LEX_ROLE:
    case MUD_LEX_UNIT:
    case MUD_LEX_CURRENCY:
    case MUD_LEX_CUE:
    case MUD_LEX_PLATFORM:
    case MUD_LEX_NEGATION:
    case MUD_LEX_REPORT:
        *text = mud_str_printf(arena,
                               "%s %.*s %d",
                               mud_lex_kind_name(entry->kind),
                               MUD_FMT(entry->sense),
                               (int)entry->weight);
        return true;
    case MUD_LEX_TERM:
    case MUD_LEX_PRODUCT:
    case MUD_LEX_VICTIM:
    case MUD_LEX_NAME:
    case MUD_LEX_CATEGORY:
    case MUD_LEX_KINDS:
    default:
        return false;
    }
}

static void index_counted(struct mud_model *m)
{
    for (unsigned g = 0; g < MUD_COUNTED; g++) {
        for (unsigned v = 0; v < MUD_COUNTED_VALUES; v++) {
            char text[MUD_COUNTED_TEXT];
            unsigned kind = mud_counted_name(text, (enum mud_counted)g, v);

            m->counted[g][v] =
                (uint16_t)mud_model_find(m, kind, mud_str_z(text));
        }
    }
}

static void index_entries(struct mud_model *m,
                          const struct mud_lexicon *lexicon,
                          struct mud_arena *arena)
{
    struct mud_arena *spare = mud_arena_new();

    m->n_entries = mud_lexicon_count(lexicon) + 1;
    m->entries = mud_arena_array(arena, m->n_entries, sizeof *m->entries);
    for (uint32_t i = 1; i < m->n_entries; i++) {
        struct mud_str text;

        if (mud_model_term(&text, mud_lexicon_entry(lexicon, i), spare))
            m->entries[i] = (uint16_t)mud_model_find(m, MUD_F_TERM, text);
        mud_arena_reset(spare);
    }
    mud_arena_free(spare);
}

bool mud_model_read(struct mud_model **out, struct mud_str tsv,
                    const struct mud_lexicon *lexicon, struct mud_arena *arena,
                    struct mud_error *err)
{
    struct mud_model *m = mud_arena_alloc(arena, sizeof *m);
    struct mud_tsv rows = {.rest = tsv};
    struct mud_str f[3];
    size_t fields;

    m->table = tsv;
    while (mud_tsv_next(&rows, f, 3, &fields)) {
        if (fields < 3 || !read_row(m, f, arena))
            return mud_fail(
                err, MUD_EINPUT, "model.tsv line %u: bad row", rows.line);
    }
    if (m->n > 0) {
        m->first = in_lines(m->first, (m->n + 1) * sizeof *m->first, arena);
        m->rest = in_lines(m->rest, (m->n + 1) * sizeof *m->rest, arena);
    }
    index_features(m, arena);
    index_counted(m);
    index_entries(m, lexicon, arena);
    *out = m;
    return true;
}

uint32_t mud_model_size(const struct mud_model *m)
{
    return (uint32_t)m->n;
}

uint32_t mud_model_entry(const struct mud_model *m, uint32_t entry)
{
    return entry < m->n_entries ? m->entries[entry] : 0;
}

uint32_t mud_model_counted(const struct mud_model *m, enum mud_counted group,
                           unsigned value)
{
    return value < MUD_COUNTED_VALUES ? m->counted[group][value] : 0;
}

void mud_model_name(const struct mud_model *m, uint32_t feature, unsigned *kind,
                    struct mud_str *text)
{
    *kind = m->features[feature].kind;
    *text = m->features[feature].text;
}

const int32_t (*mud_model_first(const struct mud_model *m))[MUD_FIRST]
{
    return (const int32_t(*)[MUD_FIRST])m->first;
}

const int32_t (*mud_model_rest(const struct mud_model *m))[MUD_REST]
{
    return (const int32_t(*)[MUD_REST])m->rest;
}

double mud_model_threshold(const struct mud_model *m, unsigned consent)
{
    return m->threshold[consent];
}

static double along(const struct mud_model_steps *s, double raw)
{
    size_t i = 0;

    if (s->n == 0)
        return raw;
    while (i < s->n && s->raw[i] < raw)
        i++;
    if (i == 0)
        return s->is[0];
    if (i == s->n)
        return s->is[i - 1];
    return s->is[i - 1] + (s->is[i] - s->is[i - 1]) * (raw - s->raw[i - 1]) /
                              (s->raw[i] - s->raw[i - 1]);
}

double mud_model_sure(const struct mud_model *m, double p)
{
    return along(&m->sure, p);
}

double mud_model_which(const struct mud_model *m, double p)
{
    return along(&m->which, p);
}

struct mud_str mud_model_text(const struct mud_model *m)
{
    return m->table;
}

void mud_softmax(double *x, size_t n)
{
    double top = x[0], sum = 0;

    for (size_t i = 1; i < n; i++)
        top = x[i] > top ? x[i] : top;
    for (size_t i = 0; i < n; i++) {
        x[i] = x[i] < top ? exp(x[i] - top) : 1;
        sum += x[i];
    }
    for (size_t i = 0; i < n; i++)
        x[i] /= sum;
}

double mud_softmax_of(const double *x, size_t n, size_t top)
{
    double most = x[top], sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += x[i] < most ? exp(x[i] - most) : 1;
    return 1 / sum;
}
