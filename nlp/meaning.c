#include "nlp/meaning.h"

#include "base/conf.h"
#include "base/embed.h"

#include <stdlib.h>

extern const struct mud_embedded mud_extract_tables[];

static const char *const contacts[MUD_C_TYPES] = {
    "",
    "qq",
    "qq_group",
    "wechat",
    "telegram",
    "batchat",
    "potato",
    "line",
    "icq",
    "wickr",
    "kakao",
    "skype",
    "discord",
    "threema",
    "session",
    "tox",
    "matrix",
    "signal",
    "simplex",
    "whatsapp",
    "viber",
    "zalo",
    "phone",
    "xmpp",
    "email",
    "alipay",
    "paypal",
    "bank_account",
    "url",
    "btc",
    "eth",
    "tron",
    "xmr",
    "sol",
    "ton",
    "ltc",
    "doge",
    "telegram_invite",
    "whatsapp_invite",
    "discord_invite",
    "qq_group_link",
    "wechat_link",
    "onion",
    "i2p",
};

static const char *const units[MUD_U_COUNT] = {
    "",        "host",    "record",   "line",       "item",   "head",
    "set",     "card",    "person",   "household",  "site",   "time",
    "episode", "email",   "domain",   "kg",         "gram",   "gbps",
    "gb",      "meter",   "second",   "minute",     "hour",   "day",
    "week",    "month",   "quarter",  "year",       "shift",  "ip",
    "gold",    "install", "account",  "sms",        "seat",   "server",
    "ticket",  "lot",     "turnover", "face_value", "course", "usdt",
    "btc",     "CNY",     "view",
};

static const struct {
    const char *name;
    uint8_t code;
} roles[] = {
    {"price", MUD_R_PRICE},
    {"deposit", MUD_R_DEPOSIT},
    {"commission", MUD_R_COMMISSION},
    {"share", MUD_R_SHARE},
    {"wage", MUD_R_WAGE},
    {"salary", MUD_R_SALARY},
    {"min_order", MUD_R_MIN_ORDER},
    {"mentioned", MUD_R_MENTIONED},
    {"quoted", MUD_R_QUOTED},
    {"min_qty", MUD_R_MIN_QTY},
    {"min_after", MUD_R_MIN_AFTER},
    {"max_after", MUD_R_MAX_AFTER},
    {"max_before", MUD_R_MAX_BEFORE},
    {"max_none", MUD_R_MAX_NONE},
    {"min_before", MUD_R_MIN_BEFORE},
    {"about", MUD_R_ABOUT},
    {"old", MUD_R_OLD},
    {"bonus", MUD_R_BONUS},
    {"surcharge", MUD_R_SURCHARGE},
    {"loss", MUD_R_LOSS},
    {"spent", MUD_R_SPENT},
    {"chat", MUD_R_CHAT},
    {"face", MUD_R_FACE},
    {"attribute", MUD_R_ATTRIBUTE},
    {"warranty", MUD_R_WARRANTY},
    {"stock", MUD_R_STOCK},
    {"daily", MUD_R_DAILY},
    {"per", MUD_R_PER},
    {"per_en", MUD_R_PER_EN},
    {"per_ru", MUD_R_PER_RU},
    {"each", MUD_R_EACH},
    {"lot_after", MUD_R_LOT_AFTER},
    {"lot_before", MUD_R_LOT_BEFORE},
    {"range", MUD_R_RANGE},
    {"neutral", MUD_R_NEUTRAL},
};

static const char *const groups[MUD_G_COUNT] = {"none",
                                                "news",
                                                "warn",
                                                "report",
                                                "question",
                                                "job",
                                                "defence",
                                                "legal",
                                                "service",
                                                "animal",
                                                "fabric",
                                                "travel",
                                                "goods",
                                                "rules",
                                                "joke",
                                                "sold_out"};

static const char *const currencies[MUD_CUR_COUNT] = {
    "",    "CNY", "USD", "USDT", "BTC", "EUR", "GBP", "RUB",
    "TWD", "HKD", "PCT", "ETH",  "XMR", "LTC", "TRX", "JPY",
    "KRW", "THB", "MYR", "SGD",  "VND", "PHP", "INR", "UAH",
    "AUD", "CAD", "AED", "KZT",  "MMK", "KHR", "IDR", "BRL"};

/* Platforms whose accounts are sold, and what such an account is called. */
static const struct {
    const char *name, *account;
} platforms[] = {
    {"telegram", "telegram_account"},
    {"whatsapp", "whatsapp_account"},
    {"wechat", "wechat_account"},
    {"qq", "qq_account"},
    {"facebook", "facebook_account"},
    {"instagram", "instagram_account"},
    {"twitter", "twitter_account"},
    {"tiktok", "tiktok_account"},
    {"douyin", "douyin_account"},
    {"gmail", "gmail_account"},
    {"line", "line_account"},
    {"vk", "vk_account"},
    {"linkedin", "linkedin_account"},
    {"shopee", "shopee_account"},
    {"taobao", "taobao_account"},
    {"steam", "steam_account"},
    {"apple", "apple_id"},
    {"game", "game_account"},
    {"exchange", "crypto_account"},
    {"forum", "forum_account"},
    {"ride", "ride_account"},
};

static const struct {
    const char *name;
    uint16_t flag;
} flags[] = {
    {"weak", MUD_M_WEAK},
    {"generic", MUD_M_GENERIC},
    {"start", MUD_M_START},
    {"pre", MUD_M_PRE},
    {"tight", MUD_M_TIGHT},
    {"sub", MUD_M_SUB},
    {"base", MUD_M_BASE},
    {"people", MUD_M_PEOPLE},
    {"time", MUD_M_TIME},
    {"ge", MUD_M_GE},
    {"each", MUD_M_EACH},
    {"g", MUD_M_G},
    {"sheet", MUD_M_SHEET},
    {"order", MUD_M_ORDER},
    {"wallet", MUD_M_WALLET},
    {"adverb", MUD_M_ADVERB},
    {"measure", MUD_M_MEASURE},
};

static const char *const tables[] = {"products.tsv",
                                     "platforms.tsv",
                                     "cues.tsv",
                                     "units.tsv",
                                     "currencies.tsv",
                                     "verbs.tsv",
                                     "roles.tsv",
                                     "negation.tsv",
                                     "benign.tsv",
                                     "neutral.tsv",
                                     "topics.tsv",
                                     "hints.tsv"};

static const enum mud_lex_kind table_kinds[] = {MUD_LEX_PRODUCT,
                                                MUD_LEX_PLATFORM,
                                                MUD_LEX_CUE,
                                                MUD_LEX_UNIT,
                                                MUD_LEX_CURRENCY,
                                                MUD_LEX_VERB,
                                                MUD_LEX_ROLE,
                                                MUD_LEX_NEGATION,
                                                MUD_LEX_BENIGN,
                                                MUD_LEX_ROLE,
                                                MUD_LEX_CATEGORY,
                                                MUD_LEX_CATEGORY};

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

const char *mud_contact_name(unsigned type)
{
    return type < MUD_C_TYPES ? contacts[type] : "";
}

const char *mud_unit_name(unsigned unit)
{
    return unit < MUD_U_COUNT ? units[unit] : "";
}

const char *mud_role_name(unsigned role)
{
    return role > 0 && role < MUD_R_ROLES ? roles[role - 1].name : "";
}

struct mud_str mud_currency_name(unsigned currency)
{
    return mud_str_z(currency < MUD_CUR_COUNT ? currencies[currency] : "");
}

const char *mud_platform_account(unsigned code)
{
    return code < COUNT(platforms) ? platforms[code].account : "";
}

static bool find(struct mud_str name, const char *const *list, size_t n,
                 unsigned *out)
{
    unsigned i = 0;

    /* most names asked for come out of the list itself */
    while (i < n && name.s != list[i])
        i++;
    for (i = i < n ? i : 0; i < n; i++) {
        if (mud_str_eqz(name, list[i])) {
            *out = i;
            return true;
        }
    }
    return false;
}

bool mud_contact_type_of(struct mud_str name, unsigned *out)
{
    return find(name, contacts, MUD_C_TYPES, out);
}

bool mud_meanings_add(struct mud_lexicon *lexicon, struct mud_error *err)
{
    for (size_t i = 0; i < COUNT(tables); i++) {
        const struct mud_embedded *row =
            mud_embedded_find(mud_extract_tables, tables[i]);

        if (!row)
            return mud_fail(
                err, MUD_EBUG, "table %s is not built in", tables[i]);
        if (!mud_lexicon_add(lexicon,
                             tables[i],
                             mud_embedded_text(row),
                             table_kinds[i],
                             err))
            return false;
    }
    return true;
}

static bool read_canonicals(const struct mud_canonical **out, size_t *count,
                            struct mud_arena *arena, struct mud_error *err)
{
    const struct mud_embedded *row =
        mud_embedded_find(mud_extract_tables, "canonicals.tsv");
    struct mud_tsv tsv = {.rest =
                              row ? mud_embedded_text(row) : mud_str_of("", 0)};
    struct mud_canonical *list = NULL;
    struct mud_str f[4];
    size_t cap = 0, n = 0, fields;

    while (mud_tsv_next(&tsv, f, 4, &fields)) {
        unsigned per, unit;

        list = mud_arena_grow(arena, list, &cap, n, sizeof *list);
        if (fields < 4 || !mud_category_of(f[1], &list[n].category) ||
            !find(f[2], units, MUD_U_COUNT, &per) ||
            !find(f[3], units, MUD_U_COUNT, &unit))
            return mud_fail(
                err, MUD_EINPUT, "canonicals.tsv line %u: bad row", tsv.line);
        list[n].id = f[0];
        list[n].per = (uint8_t)per;
        list[n].unit = (uint8_t)unit;
        n++;
    }
    *out = list;
    *count = n;
    return n > 0 ||
           mud_fail(err, MUD_EBUG, "table canonicals.tsv is not built in");
}

static unsigned role_unit(struct mud_str flag)
{
    unsigned unit;

    if (mud_str_eqz(flag, "order"))
        return MUD_U_ITEM;
    return find(flag, units, MUD_U_COUNT, &unit) ? unit : 0;
}

static void read_flags(struct mud_meaning *m, struct mud_str list)
{
    struct mud_str flag;

    while (mud_str_cut(&list, ',', &flag)) {
        for (size_t i = 0; i < COUNT(flags); i++) {
            if (mud_str_eqz(flag, flags[i].name))
                m->flags |= flags[i].flag;
        }
        if (flag.n > 1 && flag.n < 16 && flag.s[0] == 'x') {
            char text[16] = {0};

            memcpy(text, flag.s + 1, flag.n - 1);
            m->by = strtod(text, NULL);
        } else if (role_unit(flag)) {
            m->per = (uint8_t)role_unit(flag);
        }
    }
}

static bool head_of(struct mud_str sense, uint8_t *out)
{
    static const char *const heads[] = {
        "", "*account", "*course", "*source", "*data", "*fans"};
    unsigned head;

    if (!find(sense, heads, COUNT(heads), &head))
        return false;
    *out = (uint8_t)head;
    return head > 0;
}

/* "hint.bots" and the like. */
static uint8_t hint_of(struct mud_str sense)
{
    enum mud_category category;

    if (!mud_str_starts(sense, MUD_STR("hint.")))
        return 0;
    sense = mud_str_sub(sense, strlen("hint."), sense.n);
    if (mud_str_eqz(sense, "market"))
        return MUD_HINT_MARKET;
    if (mud_str_eqz(sense, "clean"))
        return MUD_HINT_CLEAN;
    return mud_category_of(sense, &category) ? (uint8_t)category : 0;
}

static bool cue_of(struct mud_str sense, unsigned *code)
{
    if (mud_str_eqz(sense, "fill"))
        *code = MUD_C_FILL;
    else if (mud_str_eqz(sense, "same"))
        *code = MUD_C_SAME;
    else if (mud_str_eqz(sense, "malware"))
        *code = MUD_C_MALWARE;
    else
        return find(sense, contacts, MUD_C_TYPES, code);
    return true;
}

static unsigned side_of(struct mud_str sense)
{
    return mud_str_eqz(sense, "sell")      ? MUD_DIR_SELL
           : mud_str_eqz(sense, "buy")     ? MUD_DIR_BUY
           : mud_str_eqz(sense, "recruit") ? MUD_DIR_RECRUIT
                                           : MUD_DIR_NONE;
}

static bool code_of(struct mud_meaning *m, const struct mud_lex_entry *e,
                    const struct mud_canonical *canon, size_t n_canon)
{
    unsigned code = 0;
    size_t i;

    switch ((enum mud_lex_kind)e->kind) {
    case MUD_LEX_PRODUCT:
        for (i = 0; i < n_canon && !mud_str_eq(canon[i].id, e->sense); i++)
            ;
        m->code = (uint16_t)i;
        return i < n_canon || head_of(e->sense, &m->head);
    case MUD_LEX_PLATFORM:
        for (i = 0; i < COUNT(platforms); i++) {
            if (mud_str_eqz(e->sense, platforms[i].name))
                break;
        }
        m->code = i < COUNT(platforms) ? (uint16_t)i : MUD_PLATFORM_MOD;
        return true;
    case MUD_LEX_CUE:
        if (!cue_of(e->sense, &code))
            return false;
        break;
    case MUD_LEX_UNIT:
        if (!find(e->sense, units, MUD_U_COUNT, &code))
            return false;
        break;
    case MUD_LEX_CURRENCY:
        if (!find(e->sense, currencies, MUD_CUR_COUNT, &code))
            return mud_str_eqz(e->sense, "QCOIN");
        break;
    case MUD_LEX_VERB:
        code = side_of(e->sense);
        break;
    case MUD_LEX_ROLE:
        for (i = 0; i < COUNT(roles) && !mud_str_eqz(e->sense, roles[i].name);
             i++)
            ;
        if (i == COUNT(roles))
            return false;
        code = roles[i].code;
        break;
    case MUD_LEX_BENIGN:
        if (!find(e->sense, groups, MUD_G_COUNT, &code))
            return false;
        break;
    case MUD_LEX_CATEGORY:
        m->hint = hint_of(e->sense);
        code = mud_str_eqz(e->sense, "lesson")   ? MUD_TOPIC_LESSON
               : mud_str_eqz(e->sense, "course") ? MUD_TOPIC_COURSE
               : mud_str_eqz(e->sense, "sms")    ? MUD_TOPIC_SMS
                                                 : 0;
        break;
    case MUD_LEX_TERM:
    case MUD_LEX_NEGATION:
    case MUD_LEX_REPORT:
    case MUD_LEX_VICTIM:
    case MUD_LEX_NAME:
    case MUD_LEX_KINDS:
    default:
        break;
    }
    m->code = (uint16_t)code;
    return true;
}

bool mud_meaning_of(struct mud_meaning *out, const struct mud_lex_entry *entry,
                    const struct mud_canonical *canonicals, size_t n_canonicals)
{
    *out = (struct mud_meaning){.by = 1, .weight = (int16_t)entry->weight};
    read_flags(out, entry->flags);
    return code_of(out, entry, canonicals, n_canonicals);
}

bool mud_meaning_flag(struct mud_str flag)
{
    static const char *const others[] = {"off", "inside", "soft"};
    struct mud_meaning m = {0};
    unsigned i;

    read_flags(&m, flag);
    return m.flags || m.by > 0 || m.per || find(flag, others, 3, &i);
}

bool mud_meanings_read(const struct mud_meaning **meanings,
                       const struct mud_canonical **canonicals,
                       size_t *n_canonicals, const struct mud_lexicon *lexicon,
                       struct mud_arena *arena, struct mud_error *err)
{
    uint32_t n = mud_lexicon_count(lexicon);
    struct mud_meaning *list =
        mud_arena_array(arena, (size_t)n + 1, sizeof *list);

    if (!read_canonicals(canonicals, n_canonicals, arena, err))
        return false;
    for (uint32_t i = 1; i <= n; i++) {
        const struct mud_lex_entry *e = mud_lexicon_entry(lexicon, i);

        if (!mud_meaning_of(&list[i], e, *canonicals, *n_canonicals))
            return mud_fail(err,
                            MUD_EINPUT,
                            "%s line %u: no rule knows the sense \"%.*s\"",
                            mud_lexicon_table_name(lexicon, e->table),
                            e->line,
                            MUD_FMT(e->sense));
    }
    *meanings = list;
    return true;
}
