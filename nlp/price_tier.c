/* Bare numbers that are prices as entries of a list: tiers by age, by limit, by
 * a name of digits, labels and numbers in a row. */
#include "nlp/price.h"
#include "nlp/product.h"

enum {
    C_HALF = 0x534A,
    LABEL_MAX = 3 /* marks of the next label */
};

static bool ends(const struct mud_scan *s, uint32_t i)
{
    return mud_scan_break(s, i + 1) || mud_scan_mark(s, i)->space;
}

/* "2015 22", "+62 30", "已过L2 350": a name of digits and its price. */
static bool behind_digits(const struct mud_scan *s, const struct mud_price *p)
{
    const struct mud_mark *prev = mud_scan_mark(s, p->a.first - 1);

    return mud_scan_mark(s, p->a.first)->space &&
           (mud_price_label(s, p->a.first - 1) ||
            (prev->type == MUD_MARK_NUMBER && prev->glued) ||
            (prev->type == MUD_MARK_WORD &&
             mud_str_starts(s->lang, MUD_STR("zh")) &&
             s->text.s[prev->end - 1] >= '0' &&
             s->text.s[prev->end - 1] <= '9')) &&
           mud_scan_break(s, p->a.last + 2);
}

static bool says(const struct mud_scan *s, uint32_t i, const char *word)
{
    const struct mud_mark *m = mud_scan_mark(s, i);

    return mud_str_eqz(mud_scan_text(s, m->start, m->end), word);
}

/* "满月80", "半年120", "五年 50": of so old an account. */
static bool behind_age(const struct mud_scan *s, const struct mud_price *p)
{
    uint32_t i = p->a.first;
    const struct mud_meaning *u = mud_unit_at(s, i - 1);
    const struct mud_mark *m = mud_scan_mark(s, i > 2 ? i - 2 : 0);

    if (says(s, i - 1, "满月") || says(s, i - 1, "满年"))
        return p->a.max >= 1 && ends(s, p->a.last + 1);
    return u && i > 2 && u->flags & MUD_M_TIME && u->code >= MUD_U_DAY &&
           (unsigned char)s->text.s[mud_scan_mark(s, i - 1)->start] >= 0xE0 &&
           (m->type == MUD_MARK_NUMBER ||
            mud_role_at(s, i - 2) == MUD_R_MIN_BEFORE ||
            (m->type == MUD_MARK_HAN && m->sign == C_HALF)) &&
           !m->used && p->a.max >= 1 && ends(s, p->a.last + 1);
}

/* "gov站150一个，权重4以上80": behind a limit, on a line with prices. */
static bool behind_limit(const struct mud_scan *s, const struct mud_price *p,
                         const struct mud_price_walk *w)
{
    uint32_t i = p->a.first;

    return i > 2 && w->line == mud_scan_mark(s, i)->line + 1 && s->offer &&
           !mud_scan_mark(s, i)->space &&
           mud_role_at(s, i - 1) == MUD_R_MIN_AFTER &&
           mud_scan_mark(s, i - 2)->type == MUD_MARK_NUMBER &&
           ends(s, p->a.last + 1);
}

/* Does a label begin right behind a price and end before mark i? */
static bool priced_behind(const struct mud_scan *s, uint32_t i)
{
    for (uint32_t j = i; j > 1 && i - j < LABEL_MAX; j--) {
        if (s->marks[j].space || mud_scan_break(s, j))
            return false;
        if (s->marks[j - 1].used == MUD_USED_PRICE)
            return j < i;
    }
    return false;
}

/* "定位1200开房800": the next label follows without a sign. */
static bool label_follows(const struct mud_scan *s, const struct mud_price *p)
{
    const struct mud_mark *prev = mud_scan_mark(s, p->a.first - 1);
    uint32_t i = p->a.last + 1;
    const struct mud_mark *next = mud_scan_mark(s, i);

    if (!s->offer || p->a.max < 10 || next->space || next->claimed ||
        (prev->type != MUD_MARK_HAN && prev->type != MUD_MARK_TERM) ||
        prev->claimed || mud_role_at(s, p->a.first - 1) || p->a.max > 1e5)
        return false;
    if (mud_scan_break(s, i + 1) && priced_behind(s, p->a.first))
        return true;
    if (!(next->kinds & 1U << MUD_LEX_PRODUCT ||
          (next->type == MUD_MARK_HAN && priced_behind(s, p->a.first))) ||
        (unsigned char)s->text.s[next->start] < 0xE0)
        return false;
    for (uint32_t j = i + 1; j <= i + LABEL_MAX && !mud_scan_break(s, j); j++) {
        if (mud_number_mark(s, j))
            return !mud_scan_mark(s, j)->space;
    }
    return false;
}

/* "担保费3%，最低50": the least of a fee is money. */
static bool least_fee(const struct mud_scan *s, const struct mud_price *p,
                      const struct mud_price_walk *w)
{
    return w->last_currency == MUD_CUR_PCT &&
           w->line == mud_scan_mark(s, p->a.first)->line + 1 &&
           mud_role_at(s, p->a.first - 1) == MUD_R_MIN_QTY &&
           p->a.first - w->last_mark < 4 && mud_scan_break(s, p->a.last + 2);
}

/* A word and thousands, alone in a clause from mark i: "Сбер 8к". */
static bool word_and_thousands(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(s, i - 1);
    const struct mud_number *n = mud_number_mark(s, i);

    return n && i > 1 && n->flags & MUD_NUM_SCALED && n->scale == 1000 &&
           (m->type == MUD_MARK_WORD || m->type == MUD_MARK_TERM) &&
           mud_scan_break(s, i - 1) && mud_scan_break(s, i + 2);
}

/* "Сбер 8к, Тинь 10к": what is paid for cards of those banks. */
static bool banks(const struct mud_scan *s, const struct mud_price *p)
{
    uint32_t i = p->a.first;

    return s->currency == MUD_CUR_RUB && s->offer &&
           mud_price_is(s, p->of, MUD_CAT_MONEY_MULE) &&
           word_and_thousands(s, i) &&
           (word_and_thousands(s, i + 3) ||
            (i > 3 && mud_scan_mark(s, i - 3)->used == MUD_USED_PRICE));
}

unsigned mud_price_tier_rule(const struct mud_price *p,
                             const struct mud_price_walk *w)
{
    const struct mud_scan *s = w->s;

    if (p->explicit_per || p->a.first != p->a.last)
        return 0;
    if (least_fee(s, p, w))
        return MUD_RULE_PRICE_CUE;
    if (s->offer && mud_price_is(s, p->of, MUD_CAT_ACCOUNT_TRADE) &&
        (behind_digits(s, p) || behind_age(s, p)))
        return MUD_RULE_PRICE_LIST;
    return behind_limit(s, p, w) || label_follows(s, p) || banks(s, p)
               ? MUD_RULE_PRICE_LIST
               : 0;
}
