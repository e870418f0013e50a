#include "nlp/amount.h"

#include "nlp/product.h"

enum {
    C_CHENG = 0x6210,
    C_ZHE = 0x6298,
    C_DIAN = 0x70B9
};

bool mud_role_weak(const struct mud_scan *s, uint32_t i)
{
    const struct mud_meaning *r =
        mud_scan_means(s, mud_scan_mark(s, i), MUD_LEX_ROLE);

    return r && r->flags & MUD_M_WEAK;
}

static const struct mud_meaning *currency_at(const struct mud_scan *s,
                                             uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(s, i);
    const struct mud_meaning *c =
        m->claimed ? NULL : mud_scan_means(s, m, MUD_LEX_CURRENCY);

    return c && c->code != MUD_CUR_NONE ? c : NULL;
}

/* Does a per or a sub-unit follow, as in "4分一条" or "4分/条"? */
static bool per_follows(const struct mud_scan *s, uint32_t i)
{
    struct mud_per per;

    return mud_per_read(&per, s, i, false) && per.unit != MUD_U_NONE;
}

/* "三块五": a digit behind 块 or 毛 counts tenths of it. */
static uint32_t tenths(struct mud_amount *a, const struct mud_scan *s,
                       uint32_t last, double by)
{
    const struct mud_mark *m = mud_scan_mark(s, last + 1);
    const struct mud_number *n = mud_number_mark(s, last + 1);
    const struct mud_meaning *sub;

    if (by >= 1 && m->sign == 0x96F6 && (n = mud_number_mark(s, last + 2)) &&
        n->max < 10 && n->max == n->min &&
        mud_number_mark(s, last + 1) == NULL) {
        a->min += n->max * by / 100; /* "三块零四" */
        a->max = a->min;
        return last + 2;
    }
    if (!n || m->space || n->min != n->max || n->max >= 10 || n->max <= 0 ||
        n->flags & (MUD_NUM_POINT | MUD_NUM_SCALED))
        return last;
    sub = currency_at(s, last + 2);
    if (sub && sub->flags & MUD_M_SUB && sub->by < by &&
        !mud_scan_mark(s, last + 2)->space) {
        a->min += n->max * sub->by;
        a->max = a->min;
        return tenths(a, s, last + 2, sub->by);
    }
    /* 一毛一条: the digit begins what the price is for */
    if (mud_unit_at(s, last + 2) && n->max < 1.5)
        return last;
    if (mud_unit_at(s, last + 2) && !mud_number_mark(s, last + 2) &&
        !(mud_unit_at(s, last + 2)->flags & MUD_M_WEAK) &&
        n->flags & MUD_NUM_HAN && by >= 1)
        return last;
    if (sub)
        return last;
    a->min += n->max * by / 10;
    a->max = a->min;
    return last + 1;
}

/* "三分五一条": the digit behind 分 is more of it, when that ends there. */
static bool tail_digit(const struct mud_scan *s, uint32_t i)
{
    const struct mud_number *n = mud_number_mark(s, i);

    return n && n->max > 0 && n->max < 10 && !mud_scan_mark(s, i)->space &&
           (mud_scan_break(s, i + 2) || per_follows(s, i + 1));
}

/* A currency behind the number whose last mark is `last`. */
static uint32_t currency_after(struct mud_amount *a, const struct mud_scan *s,
                               uint32_t last)
{
    const struct mud_mark *m = mud_scan_mark(s, last + 1);
    const struct mud_meaning *c = currency_at(s, last + 1);

    if (!c || (c->flags & MUD_M_TIGHT && m->space && c->code != MUD_CUR_USDT))
        return last;
    /* "2.8分，" alone may be money, "3分" inside a clause is not */
    if (c->flags & MUD_M_WEAK && !per_follows(s, last + 2) &&
        !(c->flags & MUD_M_SUB &&
          ((a->max < 60 && mud_scan_break(s, last + 3)) ||
           tail_digit(s, last + 2))))
        return last;
    a->currency = c->code;
    a->local =
        c->code == MUD_CUR_CNY && (c->flags & (MUD_M_BASE | MUD_M_SUB)) != 0;
    a->min *= c->by;
    a->max *= c->by;
    last++;
    if (c->flags & (MUD_M_BASE | MUD_M_SUB) && a->min == a->max)
        last = tenths(a, s, last, c->by);
    /* 元台币, 块港币: a second word may say whose */
    c = currency_at(s, last + 1);
    if (c && c->flags & MUD_M_PRE && c->code != MUD_CUR_BTC &&
        a->currency == MUD_CUR_CNY && c->code != MUD_CUR_CNY &&
        !mud_number_mark(s, last + 2)) {
        a->currency = c->code;
        a->local = false;
        last++;
    }
    return last;
}

/* "微信1.5点 支付宝2点": percents, and no hour of the day. */
static bool points(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(s, i + 1);
    const struct mud_mark *prev = mud_scan_mark(s, i - 1);
    const struct mud_number *n = mud_number_mark(s, i);

    if (m->type != MUD_MARK_HAN || m->sign != C_DIAN || m->space || !n ||
        n->max > 30 ||
        !(mud_scan_break(s, i + 3) || mud_scan_mark(s, i + 2)->space))
        return false;
    return n->flags & MUD_NUM_POINT || prev->type == MUD_MARK_NUMBER ||
           prev->kinds & (1U << MUD_LEX_PLATFORM | 1U << MUD_LEX_CUE |
                          1U << MUD_LEX_PRODUCT);
}

static uint32_t percent_after(struct mud_amount *a, const struct mud_scan *s,
                              uint32_t last)
{
    const struct mud_mark *m = mud_scan_mark(s, last + 1);
    const struct mud_meaning *u;
    const struct mud_number *n;

    if (m->type != MUD_MARK_SIGN && m->type != MUD_MARK_HAN &&
        !(m->kinds & 1U << MUD_LEX_UNIT))
        return last;
    u = mud_unit_at(s, last + 1);
    if (m->type == MUD_MARK_SIGN && m->sign == '%') {
        a->percent = true;
        a->off = mud_str_starts(mud_str_sub(s->text, m->end, m->end + 4),
                                MUD_STR(" off"));
        a->currency = MUD_CUR_PCT;
        return last + 1;
    }
    if (u && u->flags & MUD_M_GE &&
        mud_str_starts(mud_str_sub(s->text, m->end, m->end + 9),
                       MUD_STR("百分点"))) {
        a->percent = true;
        a->currency = MUD_CUR_PCT;
        return mud_scan_find(s, m->end + 8);
    }
    if (u && u->flags & MUD_M_GE &&
        mud_scan_mark(s, last + 2)->type == MUD_MARK_HAN &&
        mud_scan_mark(s, last + 2)->sign == C_DIAN) {
        a->percent = true;
        a->currency = MUD_CUR_PCT;
        return last + 2;
    }
    if (points(s, last)) {
        a->percent = true;
        a->currency = MUD_CUR_PCT;
        return last + 1;
    }
    if (m->type == MUD_MARK_HAN && m->sign == C_ZHE && a->max < 100 &&
        a->max > 0) {
        n = mud_number_mark(s, last);
        if (n && n->max < 0.6 && n->max > 0.4 && n->flags & MUD_NUM_HAN) {
            a->min = a->max = 50; /* 半折 */
        } else if (a->max < 10) {
            a->min *= 10;
            a->max *= 10;
        }
        a->discount = true;
        a->currency = MUD_CUR_PCT;
        return last + 1;
    }
    if (m->type == MUD_MARK_HAN && m->sign == C_CHENG && a->max <= 10) {
        a->min *= 10;
        a->max *= 10;
        a->tenths = true;
        a->currency = MUD_CUR_PCT;
        if (mud_scan_mark(s, last + 2)->sign == 0x534A) { /* 三成半 */
            a->min += 5;
            a->max += 5;
            last++;
        }
        return last + 1;
    }
    return last;
}

/* No range after all: the amount is as it was. */
static uint32_t range_not(struct mud_amount *a, double first, uint32_t last)
{
    a->min = first;
    return last;
}

static bool says(const struct mud_scan *s, uint32_t i, struct mud_str a,
                 struct mud_str b)
{
    const struct mud_mark *m = mud_scan_mark(s, i);
    struct mud_str text = mud_scan_text(s, m->start, m->end);

    return mud_str_eq(text, a) || mud_str_eq(text, b);
}

/* "between 10 and 20", "между 10 и 20". */
static bool between(const struct mud_scan *s, const struct mud_amount *a,
                    uint32_t i)
{
    return says(s, i, MUD_STR("and"), MUD_STR("и")) &&
           says(s, a->first - 1, MUD_STR("between"), MUD_STR("между"));
}

/* "-", "~", "到", "to" and the second number of a range. */
static uint32_t range_after(struct mud_amount *a, const struct mud_scan *s,
                            uint32_t last, double scale)
{
    const struct mud_number *n;
    struct mud_amount second = {0};
    uint32_t at = last + 2;
    const struct mud_meaning *pre, *money;
    double first = a->min;

    if (mud_role_at(s, last + 1) != MUD_R_RANGE && !between(s, a, last + 1))
        return last;
    pre = currency_at(s, at);
    if (pre && pre->flags & MUD_M_PRE && mud_number_mark(s, at + 1)) {
        second.currency = pre->code;
        at++;
    }
    n = mud_number_mark(s, at);
    if (!n || n->flags & MUD_NUM_STRING)
        return last;
    second.min = second.max = n->max;
    money = currency_at(s, at + 1);
    at = currency_after(&second, s, at);
    if (second.currency == MUD_CUR_NONE)
        at = percent_after(&second, s, at);
    if (n->scale > 1 && scale <= 1 && a->max < n->max / n->scale)
        a->min *= n->scale; /* 15-25K */
    /* "3-5毛", "七到八折": the first is in what the second is in */
    if (!a->currency && second.currency == MUD_CUR_PCT)
        a->min *= second.max / n->max;
    else if (!a->currency && second.currency && money)
        a->min *= money->by;
    if (second.max <= a->min ||
        (second.currency && a->currency && second.currency != a->currency))
        return range_not(a, first, last);
    a->max = second.max;
    a->range = true;
    if (second.currency) {
        a->percent |= second.percent;
        a->discount |= second.discount;
        a->tenths |= second.tenths;
        a->currency = second.currency;
        a->local = second.local;
    }
    return at;
}

/* Limits behind an amount: 起, 以内, 左右, +. */
static uint32_t limits_after(struct mud_amount *a, const struct mud_scan *s,
                             uint32_t last)
{
    for (unsigned k = 0; k < 2; k++) {
        switch (mud_role_at(s, last + 1)) {
        case MUD_R_MIN_AFTER:
            a->open_max = true;
            a->bonus_limit = mud_scan_mark(s, last + 1)->end -
                                 mud_scan_mark(s, last + 1)->start >
                             3;
            break;
        case MUD_R_MAX_AFTER:
            a->open_min = true;
            break;
        case MUD_R_ABOUT:
            a->about = true;
            break;
        default:
            return last;
        }
        last++;
    }
    return last;
}

/* "eth0", "人民币三种": a number that a word of money does not count. */
static bool of_currency(const struct mud_scan *s, const struct mud_meaning *pre,
                        uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(s, i), *next;
    const struct mud_number *n = mud_number_mark(s, i);

    if (mud_str_eqz(mud_currency_name(pre->code), "ETH") && !m->space &&
        !(n->flags & MUD_NUM_POINT))
        return false;
    next = mud_scan_mark(s, i + 1);
    return !(n->flags & MUD_NUM_HAN && n->max < 10 &&
             (unsigned char)s->text.s[mud_scan_mark(s, i - 1)->start] >= 0xE3 &&
             (next->type == MUD_MARK_HAN ||
              (next->kinds & 1U << MUD_LEX_UNIT &&
               !(next->kinds & 1U << MUD_LEX_CURRENCY))));
}

/* "数万元", "几十万": how many tens of thousands, nobody says. */
static bool untold(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(s, i - 1);

    return m->type == MUD_MARK_HAN && !s->marks[i].space &&
           (m->sign == 0x6570 || m->sign == 0x51E0) &&
           mud_number_mark(s, i)->flags & MUD_NUM_HAN;
}

bool mud_amount_read_at(struct mud_amount *a, const struct mud_scan *s,
                        uint32_t i)
{
    const struct mud_meaning *pre;
    const struct mud_number *n;
    uint32_t at = i, last;

    pre = currency_at(s, i);
    *a = (struct mud_amount){.first = i};
    if (pre) {
        if (!(pre->flags & MUD_M_PRE) || !mud_number_mark(s, i + 1))
            return false;
        a->currency = pre->code;
        a->local = mud_scan_mark(s, i)->end - mud_scan_mark(s, i)->start == 1 &&
                   pre->code == MUD_CUR_USD; /* whose $, the text tells */
        at++;
    }
    n = mud_number_mark(s, at);
    if (!n || (pre && !of_currency(s, pre, at)) || untold(s, at))
        return false;
    a->min = n->min;
    a->max = n->max;
    a->range = (n->flags & MUD_NUM_PAIR) != 0;
    last = at;
    if (n->flags & MUD_NUM_PERCENT && !a->currency) {
        a->percent = true;
        a->currency = MUD_CUR_PCT;
        a->last = at;
        return true;
    }
    if (!a->currency)
        last = currency_after(a, s, last);
    else if (currency_at(s, last + 1) &&
             currency_at(s, last + 1)->code == a->currency)
        last++;
    if (!a->currency)
        last = percent_after(a, s, last);
    /* Chinese digits one by one are an amount only as 八八折 */
    if (n->flags & MUD_NUM_STRING && !a->discount)
        return false;
    last = range_after(a, s, last, n->scale);
    if (n->flags & MUD_NUM_MORE)
        a->open_max = true;
    a->bare = a->currency == MUD_CUR_NONE;
    a->last = limits_after(a, s, last);
    switch (mud_role_at(s, i - 1)) {
    case MUD_R_MIN_BEFORE:
        if (!mud_role_weak(s, i - 1)) {
            a->open_max = !a->range;
            a->first = i - 1;
        }
        break;
    case MUD_R_MIN_QTY:
        a->open_max = !a->bare && !a->range;
        break;
    case MUD_R_MAX_BEFORE:
        a->open_min = true;
        a->first = i - 1;
        break;
    case MUD_R_ABOUT:
        a->about = true;
        break;
    default:
        break;
    }
    return true;
}
