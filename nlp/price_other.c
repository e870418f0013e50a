/* Numbers that are no amounts: dates, scores, versions, names of digits. */
#include "nlp/price.h"

#include <math.h>

#include "nlp/product.h"

bool mud_price_label(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(s, i);
    const struct mud_number *n;

    if (m->type != MUD_MARK_NUMBER || m->claimed)
        return false;
    n = &s->numbers[m->hit];
    if (n->flags & (MUD_NUM_SCALED | MUD_NUM_HAN | MUD_NUM_POINT) ||
        n->min != n->max)
        return false;
    return mud_scan_sign(s, i - 1, '+')
               ? n->digits <= 3 && !m->space
               : n->digits == 4 && n->max > 2000 && n->max <= 2035;
}

bool mud_price_filler(const struct mud_scan *s, uint32_t i)
{
    return mud_scan_sign(s, i, ':') || mud_scan_sign(s, i, '=') ||
           mud_scan_sign(s, i, '(') || mud_scan_sign(s, i, '|') ||
           mud_scan_sign(s, i, 0x3011) || mud_role_at(s, i) == MUD_R_RANGE ||
           (mud_scan_sign(s, i, '.') &&
            (mud_scan_sign(s, i - 1, '.') || mud_scan_sign(s, i + 1, '.')));
}

bool mud_price_side_fee(const struct mud_scan *s, const struct mud_amount *a)
{
    const struct mud_mark *m = mud_scan_mark(s, a->first - 2);

    return s->offer && a->max >= 10 && a->max < 1e5 && a->first > 2 &&
           (m->type == MUD_MARK_HAN ||
            (m->type == MUD_MARK_TERM && !(m->kinds & 1U << MUD_LEX_CUE))) &&
           mud_scan_break(s, a->last + 2);
}

static bool slash(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(s, i);

    return m->end - m->start == 1 && s->text.s[m->start] == '/';
}

/* Does a number stand at mark i, a dash apart, on its own? */
static bool labels(const struct mud_scan *s, uint32_t i)
{
    if (mud_role_at(s, i) == MUD_R_RANGE || mud_scan_sign(s, i, ':'))
        i++;
    return mud_number_mark(s, i) && mud_scan_mark(s, i)->space &&
           mud_scan_break(s, i + 2);
}

/* "1，2，3，4，": numbers that go up by one count something else. */
static bool counts_up(const struct mud_scan *s, const struct mud_amount *a)
{
    const struct mud_mark *prev = mud_scan_mark(s, a->first - 1);
    const struct mud_mark *m = mud_scan_mark(s, a->first - 2);

    if (a->range || a->max > 30 || a->max < 1 || a->first != a->last ||
        (double)(long)a->max < a->max)
        return false;
    /* the number of an entry */
    if ((prev->type == MUD_MARK_EOL || prev->type == MUD_MARK_END) &&
        mud_scan_sign(s, a->last + 1, ',') &&
        mud_scan_mark(s, a->last + 2)->type != MUD_MARK_EOL)
        return true;
    if (prev->type == MUD_MARK_SIGN && mud_scan_break(s, a->first) &&
        m->type == MUD_MARK_NUMBER && !m->used && !m->claimed &&
        s->numbers[m->hit].max == a->max - 1)
        return true;
    m = mud_scan_mark(s, a->last + 2);
    return mud_scan_break(s, a->first) && mud_scan_break(s, a->last + 2) &&
           m->type == MUD_MARK_NUMBER && !m->claimed &&
           s->numbers[m->hit].max == a->max + 1 &&
           mud_scan_break(s, a->last + 4);
}

bool mud_price_other_number(const struct mud_scan *s,
                            const struct mud_amount *a, bool per)
{
    const struct mud_mark *next = mud_scan_mark(s, a->last + 1);
    const struct mud_mark *prev = mud_scan_mark(s, a->first - 1);

    if (!a->bare)
        return false;
    /* "3/5": of so many; "9012345678": a number of somebody */
    if ((slash(s, a->last + 1) &&
         mud_scan_mark(s, a->last + 2)->type == MUD_MARK_NUMBER) ||
        a->max >= 1e8 || counts_up(s, a))
        return true;
    if (mud_price_label(s, a->last) && a->first == a->last &&
        labels(s, a->last + 1))
        return true;
    if (!per && a->min >= 1990 && a->max <= 2035 &&
        (a->range || !mud_str_starts(s->lang, MUD_STR("zh"))) &&
        fabs(a->min - floor(a->min)) < 1e-9)
        return true; /* years */
    if (next->type == MUD_MARK_SIGN && !next->space &&
        (next->sign == ':' || next->sign == '.' || next->sign == '#') &&
        mud_scan_mark(s, a->last + 2)->type == MUD_MARK_NUMBER)
        return true;
    if (prev->type == MUD_MARK_SIGN &&
        (prev->sign == '#' ||
         (prev->sign == '+' && !mud_price_side_fee(s, a)) ||
         (prev->sign == '.' && !mud_price_filler(s, a->first - 1)) ||
         (prev->sign == ':' &&
          mud_scan_mark(s, a->first - 2)->type == MUD_MARK_NUMBER)))
        return true;
    if ((prev->type == MUD_MARK_EOL || prev->type == MUD_MARK_END) &&
        next->type == MUD_MARK_SIGN &&
        (next->sign == '.' || next->sign == 0x3001 || next->sign == ')'))
        return true; /* "1. ", "二、": the number of a list */
    if (prev->type == MUD_MARK_NUMBER ||
        (next->type == MUD_MARK_NUMBER && !next->space))
        return true;
    if (prev->type == MUD_MARK_HAN &&
        (prev->sign == 0x7B2C || prev->sign == 0x4E0D)) /* 第, 不 */
        return true;
    if (mud_role_at(s, a->first - 1) == MUD_R_SALARY ||
        mud_role_at(s, a->first - 1) == MUD_R_WAGE)
        return false; /* "底薪1.2万包机票" */
    /* "2888 包会": a unit in Chinese stands right behind its number */
    return mud_unit_at(s, a->last + 1) && !a->range &&
           !(next->space && (unsigned char)s->text.s[next->start] >= 0xE0 &&
             mud_role_at(s, a->first - 1) == MUD_R_PRICE);
}
