/*
 * Amounts of money and what they are per, read from the marks of a field:
 * "$80 per 1k", "三块五一条", "2000-3000块", "5w u起", "7折", "一单8块".
 */
#ifndef MUD_NLP_AMOUNT_H
#define MUD_NLP_AMOUNT_H

#include "nlp/scan.h"

struct mud_amount {
    uint32_t first, last; /* marks, last included */
    double min, max;
    unsigned currency; /* MUD_CUR_NONE: bare */
    bool range, about;
    bool open_max, open_min; /* "起", "以内" */
    bool bonus_limit;        /* the limit word was one of orders (起批) */
    bool percent, discount, tenths; /* % or 个点; 折; 成 */
    bool bare;
    bool off;   /* "50% off" */
    bool local; /* 元 and its like: whose, the language tells */
};

struct mud_per {
    uint32_t first, last;
    unsigned unit; /* enum mud_unit; NONE with a quantity alone */
    double qty;
    unsigned flags; /* of the unit's meaning */
    bool found;
};

/* The same where a number or a currency stands at mark i. */
bool mud_amount_read_at(struct mud_amount *out, const struct mud_scan *scan,
                        uint32_t i);

/* An amount that begins at mark i. */
static inline bool mud_amount_read(struct mud_amount *out,
                                   const struct mud_scan *scan, uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(scan, i);

    return (m->type == MUD_MARK_NUMBER || m->kinds & 1U << MUD_LEX_CURRENCY) &&
           mud_amount_read_at(out, scan, i);
}

/* "/台", "一台", "per 1k", "每条", "each", "a month" at mark i. */
bool mud_per_read(struct mud_per *out, const struct mud_scan *scan, uint32_t i,
                  bool bare);

/* Code of a role word at mark i, 0 when it is none. */
static inline unsigned mud_role_at(const struct mud_scan *scan, uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(scan, i);
    const struct mud_meaning *r =
        m->claimed ? NULL : mud_scan_means(scan, m, MUD_LEX_ROLE);

    return r ? r->code : 0;
}

/* Is the role word at mark i one that may be many things? */
bool mud_role_weak(const struct mud_scan *scan, uint32_t i);

/* The number at mark i when it may be an amount or a count, else NULL. */
static inline const struct mud_number *mud_number_mark(
    const struct mud_scan *scan, uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(scan, i);

    return m->counts && !m->claimed && !m->used ? &scan->numbers[m->hit] : NULL;
}

/* A unit at mark i, or NULL. */
static inline const struct mud_meaning *mud_unit_at(const struct mud_scan *scan,
                                                    uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(scan, i);

    return m->claimed ? NULL : mud_scan_means(scan, m, MUD_LEX_UNIT);
}

bool mud_phrase_is(const struct mud_scan *scan, const struct mud_phrase *p,
                   const char *id);

/* A unit as it is said of that product. */
unsigned mud_unit_for(const struct mud_scan *scan, unsigned unit,
                      unsigned flags, const struct mud_phrase *product,
                      bool price);

#endif
