/*
 * What the entries of the extraction tables mean: the columns of
 * nlp/lexicon turned into small codes, once, when a reader is made. The
 * analyst's lexicon goes the same way.
 */
#ifndef MUD_NLP_MEANING_H
#define MUD_NLP_MEANING_H

#include "nlp/lexicon.h"
#include "nlp/reading.h"

enum mud_contact_type {
    MUD_C_NONE = 0,
    MUD_C_QQ,
    MUD_C_QQ_GROUP,
    MUD_C_WECHAT,
    MUD_C_TELEGRAM,
    MUD_C_BATCHAT,
    MUD_C_POTATO,
    MUD_C_LINE,
    MUD_C_ICQ,
    MUD_C_WICKR,
    MUD_C_KAKAO,
    MUD_C_SKYPE,
    MUD_C_DISCORD,
    MUD_C_THREEMA,
    MUD_C_SESSION,
    MUD_C_TOX,
    MUD_C_MATRIX,
    MUD_C_SIGNAL,
    MUD_C_SIMPLEX,
    MUD_C_WHATSAPP,
    MUD_C_VIBER,
    MUD_C_ZALO,
    MUD_C_PHONE,
    MUD_C_XMPP,
    MUD_C_EMAIL,
    MUD_C_ALIPAY,
    MUD_C_PAYPAL,
    MUD_C_BANK,
    MUD_C_URL,
    MUD_C_BTC,
    MUD_C_ETH,
    MUD_C_TRON,
    MUD_C_XMR,
    MUD_C_SOL,
    MUD_C_TON,
    MUD_C_LTC,
    MUD_C_DOGE,
    MUD_C_TELEGRAM_INVITE,
    MUD_C_WHATSAPP_INVITE,
    MUD_C_DISCORD_INVITE,
    MUD_C_QQ_GROUP_LINK,
    MUD_C_WECHAT_LINK,
    MUD_C_ONION,
    MUD_C_I2P,
    MUD_C_TYPES,
    MUD_C_FILL = 100, /* may stand between cue and value */
    MUD_C_SAME,       /* one id on two networks */
    MUD_C_MALWARE     /* no cue: the name of a family of malware */
};

enum mud_unit {
    MUD_U_NONE = 0,
    MUD_U_HOST,
    MUD_U_RECORD,
    MUD_U_LINE,
    MUD_U_ITEM,
    MUD_U_HEAD,
    MUD_U_SET,
    MUD_U_CARD,
    MUD_U_PERSON,
    MUD_U_HOUSEHOLD,
    MUD_U_SITE,
    MUD_U_TIME,
    MUD_U_EPISODE,
    MUD_U_EMAIL,
    MUD_U_DOMAIN,
    MUD_U_KG,
    MUD_U_GRAM,
    MUD_U_GBPS,
    MUD_U_GB,
    MUD_U_METER,
    MUD_U_SECOND,
    MUD_U_MINUTE,
    MUD_U_HOUR,
    MUD_U_DAY,
    MUD_U_WEEK,
    MUD_U_MONTH,
    MUD_U_QUARTER,
    MUD_U_YEAR,
    MUD_U_SHIFT,
    MUD_U_IP,
    MUD_U_GOLD,
    MUD_U_INSTALL,
    MUD_U_ACCOUNT,
    MUD_U_SMS,
    MUD_U_SEAT,
    MUD_U_SERVER,
    MUD_U_TICKET,
    MUD_U_LOT,
    MUD_U_TURNOVER,
    MUD_U_FACE,
    MUD_U_COURSE,
    MUD_U_USDT,
    MUD_U_BTC,
    MUD_U_CNY,
    MUD_U_VIEW,
    MUD_U_COUNT
};

enum mud_role {
    MUD_R_NONE = 0,
    MUD_R_PRICE,
    MUD_R_DEPOSIT,
    MUD_R_COMMISSION,
    MUD_R_SHARE,
    MUD_R_WAGE,
    MUD_R_SALARY,
    MUD_R_MIN_ORDER,
    MUD_R_MENTIONED,
    MUD_R_QUOTED,
    MUD_R_ROLES, /* below: words that steer the grammar */
    MUD_R_MIN_QTY = 20,
    MUD_R_MIN_AFTER,
    MUD_R_MAX_AFTER,
    MUD_R_MAX_BEFORE,
    MUD_R_MAX_NONE,
    MUD_R_MIN_BEFORE,
    MUD_R_ABOUT,
    MUD_R_OLD,
    MUD_R_BONUS,
    MUD_R_SURCHARGE,
    MUD_R_LOSS,
    MUD_R_SPENT,
    MUD_R_CHAT,
    MUD_R_FACE,
    MUD_R_ATTRIBUTE,
    MUD_R_WARRANTY,
    MUD_R_STOCK,
    MUD_R_DAILY,
    MUD_R_PER,
    MUD_R_PER_EN,
    MUD_R_PER_RU,
    MUD_R_EACH,
    MUD_R_LOT_AFTER,
    MUD_R_LOT_BEFORE,
    MUD_R_RANGE,
    MUD_R_NEUTRAL
};

enum mud_group { /* what speaks for a harmless reading */
    MUD_G_NONE = 0,
    MUD_G_NEWS,
    MUD_G_WARN,
    MUD_G_REPORT,
    MUD_G_QUESTION,
    MUD_G_JOB,
    MUD_G_DEFENCE,
    MUD_G_LEGAL,
    MUD_G_SERVICE,
    MUD_G_ANIMAL,
    MUD_G_FABRIC,
    MUD_G_TRAVEL,
    MUD_G_GOODS,
    MUD_G_RULES,
    MUD_G_JOKE,
    MUD_G_SOLD_OUT,
    MUD_G_COUNT
};

enum mud_head { /* generic heads of product phrases */
    MUD_HEAD_NONE = 0,
    MUD_HEAD_ACCOUNT,
    MUD_HEAD_COURSE,
    MUD_HEAD_SOURCE,
    MUD_HEAD_DATA,
    MUD_HEAD_FANS
};

enum {                    /* topics that a word tells, as bits */
    MUD_TOPIC_LESSON = 1, /* products in it are what is taught */
    MUD_TOPIC_COURSE = 2,
    MUD_TOPIC_SMS = 4
};

enum { /* what a word may hint at: a category by its number, or */
    MUD_HINT_MARKET = MUD_CATEGORIES, /* the manner of the underground */
    MUD_HINT_CLEAN,                   /* that of everybody else */
    MUD_HINTS
};

enum { /* flags of a meaning */
    MUD_M_WEAK = 1,
    MUD_M_GENERIC = 2,
    MUD_M_START = 4, /* counts at the start of a clause only */
    MUD_M_PRE = 8,   /* a currency that may stand before its amount */
    MUD_M_TIGHT = 16,
    MUD_M_SUB = 32, /* a sub-unit such as 毛 */
    MUD_M_BASE = 64,
    MUD_M_PEOPLE = 64, /* of modifiers: people whose data are sold */
    MUD_M_TIME = 128,
    MUD_M_GE = 256,
    MUD_M_EACH = 512,
    MUD_M_G = 1024, /* 300G: Gbps, but only of attacks */
    MUD_M_SHEET = 2048,
    MUD_M_ORDER = 4096,
    MUD_M_WALLET = 8192,
    MUD_M_ADVERB = 16384,
    MUD_M_MEASURE = 32768
};

struct mud_meaning {
    uint16_t code; /* of the entry's kind: canonical, contact type, unit... */
    uint16_t flags;
    uint8_t per; /* role words: the unit that they bring along */
    uint8_t head;
    uint8_t hint; /* of topics; 0 for none */
    int16_t weight;
    double by; /* factor of units and currencies; 1 when none */
};

struct mud_canonical {
    struct mud_str id;
    enum mud_category category;
    uint8_t per, unit; /* enum mud_unit */
};

enum {
    MUD_PLATFORM_MOD = 60
}; /* code of plain modifiers */

/*
 * Load the tables built in and the analyst's, and seal lexicon. *meanings is
 * indexed by entry number, *canonicals ends at *n_canonicals; both live in
 * arena. Fails with MUD_EINPUT at a row that no rule understands.
 */
MUD_MUST bool mud_meanings_add(struct mud_lexicon *lexicon,
                               struct mud_error *err);
MUD_MUST bool mud_meanings_read(const struct mud_meaning **meanings,
                                const struct mud_canonical **canonicals,
                                size_t *n_canonicals,
                                const struct mud_lexicon *lexicon,
                                struct mud_arena *arena, struct mud_error *err);

/* One entry's; false when no rule knows its sense. */
bool mud_meaning_of(struct mud_meaning *out, const struct mud_lex_entry *entry,
                    const struct mud_canonical *canonicals,
                    size_t n_canonicals);

/* Is it a flag that some reader of the tables knows? */
bool mud_meaning_flag(struct mud_str flag);

const char *mud_contact_name(unsigned type);
const char *mud_unit_name(unsigned unit);
const char *mud_role_name(unsigned role);
struct mud_str mud_currency_name(unsigned currency);
bool mud_contact_type_of(struct mud_str name, unsigned *out);

enum {
    MUD_CUR_NONE = 0,
    MUD_CUR_CNY,
    MUD_CUR_USD,
    MUD_CUR_USDT,
    MUD_CUR_BTC,
    MUD_CUR_EUR,
    MUD_CUR_GBP,
    MUD_CUR_RUB,
    MUD_CUR_TWD,
    MUD_CUR_HKD,
    MUD_CUR_PCT,
    MUD_CUR_COUNT = 32
};

/* The account product of a platform code, "" when none. */
const char *mud_platform_account(unsigned code);

#endif
