/*
 * Prices and quantities of a field, in one walk over its marks, because one
 * decides the other: "1万条 500" is a price of 500 for 10,000, "1万条起" is a
 * minimum order. Needs scan->phrases, scan->market and scan->currency. A bare
 * number is a price only where something around it says so.
 */
#ifndef MUD_NLP_PRICE_H
#define MUD_NLP_PRICE_H

#include "nlp/amount.h"

void mud_prices_walk(struct mud_scan *scan);

static inline void mud_prices_find(struct mud_scan *scan)
{
    if (scan->n_numbers > 0)
        mud_prices_walk(scan);
}

/* ---- shared by price.c, price_per.c and quantity.c ---- */

enum {
    MUD_ROLE_NEAR = 6 /* marks between a role word and its number */
};

struct mud_price { /* one price on its way to an entity */
    struct mud_amount a;
    uint32_t first, last; /* of all that belongs to it */
    unsigned per;
    double per_qty;
    unsigned role, rule;
    const struct mud_phrase *of;
    bool no_of, explicit_per;
    bool inherited; /* per of the price before */
    bool named_per; /* by the word before it: "时薪22" */
};

struct
    mud_price_walk { /* what earlier prices of the field leave for later ones */
    struct mud_scan *s;
    uint32_t line;    /* of the last price, +1 */
    unsigned lot_per; /* per of a price for many ("1000 шт - 60 руб") */
    double lot_qty;
    unsigned last_per; /* said outright, on that line */
    double last_qty;
    uint32_t last_mark; /* of the last price */
    double last_max;
    unsigned last_rule;
    const struct mud_phrase *last_of;
    unsigned last_currency;
    unsigned list_currency, list_per; /* "单位: U/条" */
    uint32_t headed;   /* line behind a head such as "报价：", or 0 */
    bool percent;      /* the amount that was read last is so many percent */
    bool marked;       /* an amount with its currency was read */
    size_t respective; /* 分别是: phrase of the next price, +1 */
};

/* The rule by which a bare number is a price, or 0. */
unsigned mud_price_bare_rule(const struct mud_price *price,
                             const struct mud_price_walk *walk);

/*
 * Is the number at mark i a name and no amount: a year, "2015", or a calling
 * code, "+62", as the entries of an account list have them?
 */
bool mud_price_label(const struct mud_scan *scan, uint32_t i);

/* Signs between a label and its number: "户籍：650", "户籍……650", "(650)". */
bool mud_price_filler(const struct mud_scan *scan, uint32_t i);

/* "2500一套，包搭建+300": what is asked on top. */
bool mud_price_side_fee(const struct mud_scan *scan,
                        const struct mud_amount *amount);

/* Is a bare number part of a date, a time, a version, a score, an order? per:
 * it says what it is per. */
bool mud_price_other_number(const struct mud_scan *scan,
                            const struct mud_amount *amount, bool per);

/* The rule by which a bare number is the price of an entry, or 0. */
unsigned mud_price_tier_rule(const struct mud_price *price,
                             const struct mud_price_walk *walk);

/* Is the product of that category? */
bool mud_price_is(const struct mud_scan *scan, const struct mud_phrase *p,
                  enum mud_category category);

/* The role of a percentage; MUD_R_NONE where it is none of a price. */
unsigned mud_price_percent_role(const struct mud_price *price,
                                const struct mud_price_walk *walk);

/* The role of a sum; may set per and no_of, and close an open end. */
unsigned mud_price_money_role(struct mud_price *price,
                              const struct mud_price_walk *walk);

/* Fit per and limits to the role. */
void mud_price_fit_role(struct mud_price *price, const struct mud_scan *scan);

/* What a price is per: fills per, per_qty, first, last, explicit_per. */
void mud_price_find_per(struct mud_price *price, struct mud_price_walk *walk);

/*
 * Does a number with its unit (mark `unit`) at mark i stand before an amount
 * that is for so many ("1万条 500", "1小时 30u")? Then it is no quantity.
 * lot_qty: of the price before it, 0 when that was for no lot.
 */
bool mud_price_ahead(const struct mud_scan *scan, uint32_t i, uint32_t unit,
                     double lot_qty);

const struct mud_meaning *mud_role_means(const struct mud_scan *scan,
                                         uint32_t i);

/* A quantity at mark i; returns the mark behind it, or i when there is none. */
uint32_t mud_quantity_read(struct mud_price_walk *walk, uint32_t i);

/*
 * Is a bare amount with 起 behind it the least that is sold: "0.25一条，10w起发"?
 */
bool mud_quantity_least(const struct mud_price_walk *walk,
                        const struct mud_amount *amount);

/* Does the number at mark i count what is wanted or made in a day or week? */
bool mud_quantity_daily(const struct mud_price_walk *walk, uint32_t i);

/* The nearest role word before mark i in its clause, and where; 0 if none. */
unsigned mud_role_near(const struct mud_scan *scan, uint32_t i,
                       uint32_t *where);

/* The same, without a walk where no role word stands near. */
static inline unsigned mud_role_before(const struct mud_scan *scan, uint32_t i,
                                       uint32_t *where)
{
    if (i < 64 && !((scan->early[MUD_LEX_ROLE] & ((UINT64_C(1) << i) - 1)) >>
                    (i > MUD_ROLE_NEAR ? i - MUD_ROLE_NEAR : 0))) {
        *where = 0;
        return 0;
    }
    return mud_role_near(scan, i, where);
}

#endif
