/* When a bare number is a price: something around it must say so. */
#include "nlp/price.h"

#include <math.h>

#include "nlp/product.h"

/* The first filler before mark i, or i. */
static uint32_t before_filler(const struct mud_scan *s, uint32_t i)
{
    uint32_t j = i;

    while (j > 2 && i - j < 12 && mud_price_filler(s, j - 1))
        j--;
    return j;
}

/* "CentOS 7", "iPhone 13": the number is part of the name before it. */
static bool named_number(const struct mud_scan *s, const struct mud_amount *a)
{
    const struct mud_mark *prev = mud_scan_mark(s, a->first - 1);

    if (!a->bare || !mud_scan_mark(s, a->first)->space)
        return false;
    return (prev->type == MUD_MARK_WORD &&
            mud_str_starts(s->lang, MUD_STR("zh"))) ||
           (prev->kinds == 1U << MUD_LEX_BENIGN &&
            (unsigned char)s->text.s[prev->start] < 0x80);
}

/* The first mark of the label on the line of mark i: behind bullets and list
 * numbers. i when there is none. */
static uint32_t label_of(const struct mud_scan *s, uint32_t i)
{
    uint32_t j = i;

    while (j > 1 && i - j < 12 && s->marks[j - 1].type != MUD_MARK_EOL)
        j--;
    if (j > 1 && s->marks[j - 1].type != MUD_MARK_EOL)
        return i;
    while (j < i && (s->marks[j].type == MUD_MARK_SIGN ||
                     mud_role_at(s, j) == MUD_R_RANGE ||
                     (s->marks[j].type == MUD_MARK_NUMBER &&
                      mud_scan_mark(s, j + 1)->type == MUD_MARK_SIGN)))
        j++;
    return j;
}

/* "印度 0.004", "1、实时：2.5": a label and a number are all of the line. */
static bool list_line(const struct mud_scan *s, uint32_t first, uint32_t last)
{
    uint32_t j = label_of(s, first), end = before_filler(s, first);

    if (j >= end ||
        (mud_scan_mark(s, last + 1)->type != MUD_MARK_EOL &&
         mud_scan_mark(s, last + 1)->type != MUD_MARK_END &&
         !mud_scan_sign(s, last + 1, '(') && !mud_scan_sign(s, last + 1, '|')))
        return false;
    for (; j < end; j++) {
        if (s->marks[j].used == MUD_USED_PRICE || mud_scan_sign(s, j, ',') ||
            mud_scan_sign(s, j, 0x3002))
            return false;
    }
    return s->marks[end - 1].type == MUD_MARK_HAN ||
           s->marks[end - 1].type == MUD_MARK_TERM ||
           s->marks[end - 1].type == MUD_MARK_WORD ||
           mud_scan_sign(s, end - 1, ')');
}

/* Does the line below look the same? */
static bool list_goes_on(const struct mud_scan *s, uint32_t i)
{
    uint32_t j = i + 1, n = 0;

    while (j < i + 4 && s->marks[j].type == MUD_MARK_SIGN)
        j++;
    if (s->marks[j].type != MUD_MARK_EOL)
        return false;
    for (j++; j <= s->n_marks && s->marks[j].type != MUD_MARK_EOL; j++) {
        if (++n > 12)
            return false;
    }
    if (n > 1 && s->marks[j - 1].type == MUD_MARK_SIGN)
        j--;
    return n > 1 && s->marks[j - 1].type == MUD_MARK_NUMBER;
}

/* Does a product end right before mark i? */
static bool product_before(const struct mud_scan *s, uint32_t i)
{
    const struct mud_phrase *p = mud_product_of(s, i);
    uint32_t j = i;

    if (!p || p->last >= i)
        return false;
    j = before_filler(s, i);
    if (p->last + 1 == j)
        return true;
    /* "键盘记录单卖300", "贴吧号九级40": a word or two may stand between */
    for (i = j; j > p->last + 1 && i - j < 4; j--) {
        const struct mud_mark *m = &s->marks[j - 1];

        if (m->type == MUD_MARK_HAN ? m->space
            : m->type == MUD_MARK_NUMBER
                ? j == i || m->used
                : !(m->kinds & (1U << MUD_LEX_VERB | 1U << MUD_LEX_ROLE |
                                1U << MUD_LEX_UNIT)))
            return false;
    }
    return p->last + 1 == j;
}

static bool clause_ends(const struct mud_scan *s, uint32_t i)
{
    static const char *const tails[] = {"看货",
                                        "秒结",
                                        "包邮",
                                        "出",
                                        "收",
                                        "转",
                                        "到手",
                                        "含税",
                                        "打包",
                                        "自提",
                                        "可小刀",
                                        "小刀",
                                        "不刀",
                                        "可议",
                                        "带走",
                                        "全包",
                                        "带",
                                        "含",
                                        "包"};
    const struct mud_mark *m = mud_scan_mark(s, i);
    struct mud_str rest = mud_str_sub(s->text, m->start, m->start + 9);

    if (mud_scan_break(s, i + 1) || i > s->n_marks || m->type == MUD_MARK_EOL ||
        mud_scan_sign(s, i, ')') || mud_scan_sign(s, i, '(') ||
        (m->space && (m->claimed || m->kinds & (1U << MUD_LEX_CUE |
                                                1U << MUD_LEX_PRODUCT))) ||
        (mud_role_at(s, i) == MUD_R_RANGE && !mud_number_mark(s, i + 1)) ||
        (mud_role_at(s, i) == MUD_R_PER && !mud_unit_at(s, i + 1) &&
         s->text.s[m->start] == '/'))
        return true;
    return mud_str_starts_among(rest, tails, sizeof tails / sizeof tails[0]) >
           0;
}

static bool fraction(const struct mud_amount *a)
{
    return a->max < (double)(long)a->max + 1 && a->max > (double)(long)a->max &&
           a->max < 1e6;
}

static bool verb_beside(const struct mud_scan *s, const struct mud_amount *a)
{
    const struct mud_mark *before = mud_scan_mark(s, a->first - 1);
    const struct mud_mark *after = mud_scan_mark(s, a->last + 1);
    const struct mud_meaning *v = mud_scan_means(s, after, MUD_LEX_VERB);

    if (v && !after->space &&
        (mud_scan_break(s, a->last + 3) ||
         mud_scan_mark(s, a->last + 2)->space))
        return true;
    v = mud_scan_means(s, before, MUD_LEX_VERB);
    return v && v->code == MUD_DIR_BUY && (a->max >= 10 || fraction(a));
}

/* "30個以上290": the amount follows its minimum order. */
static bool behind_minimum(const struct mud_scan *s, uint32_t i)
{
    return mud_role_at(s, i - 1) == MUD_R_MIN_AFTER && i > 2 &&
           s->marks[i - 2].used;
}

/* "满一年150": the amount follows a condition of age. */
static bool behind_age(const struct mud_scan *s, uint32_t i)
{
    const struct mud_meaning *u = mud_unit_at(s, i - 1);

    if (!u && i > 3 && mud_role_at(s, i - 1) == MUD_R_MIN_AFTER) {
        u = mud_unit_at(s, i - 2); /* "三年以上200" */
        return u && u->flags & MUD_M_TIME && mud_number_mark(s, i - 3) &&
               !s->marks[i].space;
    }
    return u && i > 3 && u->flags & MUD_M_TIME && mud_number_mark(s, i - 2) &&
           mud_role_at(s, i - 3) == MUD_R_MIN_BEFORE;
}

/* "静态单页 三百，", "三钻以上七十，": set off, or round and in Chinese. */
/* 跑, 赚, 满, 有, 到, 过, 了, 第: what such a number then counts is no price. */
static bool counted_word(const struct mud_mark *m)
{
    static const uint32_t words[] = {
        0x8DD1, 0x8D5A, 0x6EE1, 0x6709, 0x5230, 0x8FC7, 0x4E86, 0x7B2C};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (m->type == MUD_MARK_HAN && m->sign == words[i])
            return true;
    }
    return false;
}

static bool labelled(const struct mud_scan *s, const struct mud_amount *a,
                     const struct mud_price_walk *w)
{
    const struct mud_mark *m = mud_scan_mark(s, a->first);
    const struct mud_mark *prev = mud_scan_mark(s, a->first - 1);
    const struct mud_number *n = mud_number_mark(s, a->first);
    bool label = prev->type == MUD_MARK_HAN || prev->type == MUD_MARK_TERM;
    bool round = n && n->flags & MUD_NUM_HAN && n->flags & MUD_NUM_SCALED;

    if (!label || !n || a->max < 1 || !clause_ends(s, a->last + 1) ||
        mud_scan_break(s, a->first))
        return false;
    if (m->space && ((unsigned char)s->text.s[prev->start] >= 0xE0 ||
                     mud_unit_at(s, a->first - 1)))
        return !counted_word(prev) && (round || n->max < 100000);
    return (round || n->flags & MUD_NUM_HAN) && n->max >= 10 &&
           w->line == m->line + 1 && !counted_word(prev);
}

/* "...2800一套，农商1600，": a label and a number, in the clause behind one
 * with a price. */
static bool chained(const struct mud_scan *s, const struct mud_amount *a,
                    const struct mud_price_walk *w)
{
    const struct mud_mark *m = mud_scan_mark(s, a->first);
    uint32_t i = before_filler(s, a->first);
    const struct mud_mark *prev = mud_scan_mark(s, i - 1);

    if (w->line != m->line + 1 || w->last_mark >= a->first ||
        a->first - w->last_mark > 10 ||
        (a->max < 10 && !(fraction(a) && w->last_max < 100)) ||
        !clause_ends(s, a->last + 1) ||
        (prev->type != MUD_MARK_HAN && prev->type != MUD_MARK_TERM) ||
        counted_word(prev) || mud_role_at(s, i - 1))
        return false;
    while (i > w->last_mark + 1 && !mud_scan_break(s, i))
        i--;
    return a->first > i &&
           (i > w->last_mark + 1 || s->marks[i].space ||
            mud_scan_sign(s, i, ')') || s->text.s[s->marks[i].start] == '/');
}

/* "洗衣机300、书桌80": the next clause is a label and a number as well. */
static bool listed(const struct mud_scan *s, const struct mud_amount *a)
{
    const struct mud_mark *prev = mud_scan_mark(s, a->first - 1);
    uint32_t i = a->last + 2, words = 0;
    struct mud_amount next;
    struct mud_per per;

    if ((a->max < 10 && !fraction(a)) || a->first != a->last ||
        (!mud_scan_break(s, i) && !mud_scan_mark(s, --i)->space) ||
        (prev->type != MUD_MARK_HAN && prev->type != MUD_MARK_TERM) ||
        prev->claimed || counted_word(prev) || mud_role_at(s, a->first - 1) ||
        mud_scan_break(s, a->first))
        return false;
    if (mud_number_mark(s, i) && mud_scan_mark(s, i + 1)->type == MUD_MARK_HAN)
        i++; /* "8核25，4核18" */
    while (i <= s->n_marks && words < 6 && !s->marks[i].claimed &&
           (s->marks[i].type == MUD_MARK_HAN ||
            s->marks[i].type == MUD_MARK_TERM)) {
        words++;
        i++;
    }
    if (words == 0 || counted_word(&s->marks[i - 1]) || !mud_number_mark(s, i))
        return false;
    if (!mud_amount_read(&next, s, i) || next.first != i)
        return false;
    /* "普通9000，带U盾1万2一套" */
    if (s->offer && mud_per_read(&per, s, next.last + 1, next.bare))
        return true;
    return (a->max < 10 ? fraction(&next) : next.max >= 10) &&
           !s->marks[i].space &&
           (mud_scan_break(s, next.last + 2) ||
            mud_scan_mark(s, next.last + 1)->space);
}

/* "教培的，90万，": what so many are of data, and nobody pays. */
static bool number_of_records(const struct mud_price *p,
                              const struct mud_scan *s)
{
    return p->a.last == p->a.first &&
           (p->a.max >= 100000 || (p->a.max >= 10000 && p->of &&
                                   mud_phrase_canonical(s, p->of)->category ==
                                       MUD_CAT_PERSONAL_DATA));
}

/* "need 5k daily": so many a day, where money has its sign. */
static bool counts_daily(const struct mud_price_walk *w,
                         const struct mud_price *p, unsigned role)
{
    const struct mud_scan *s = w->s;
    const struct mud_meaning *u = mud_unit_at(s, p->a.last + 1);

    return ((u && u->flags & MUD_M_ADVERB) ||
            (p->a.bare && mud_quantity_daily(w, p->a.last))) &&
           role != MUD_R_PRICE && role != MUD_R_SALARY && role != MUD_R_WAGE &&
           s->offer;
}

/* An entry of a list whose other entries, or head, have prices. */
static bool list_entry(const struct mud_price *p,
                       const struct mud_price_walk *w)
{
    const struct mud_scan *s = w->s;
    uint32_t last = p->last > p->a.last ? p->last : p->a.last;
    uint32_t line = mud_scan_mark(s, p->a.first)->line;

    return list_line(s, p->a.first, last) &&
           (w->line == line || (w->headed && w->headed + 8 > line) ||
            list_goes_on(s, last));
}

/* "低价转让4K...": a verb takes the number away from the word of price. */
static bool acts_between(const struct mud_scan *s, uint32_t role, uint32_t i)
{
    for (uint32_t j = role + 1; j < i; j++) {
        if (s->marks[j].kinds & 1U << MUD_LEX_VERB &&
            s->marks[j].end - s->marks[j].start > 3)
            return true;
    }
    return false;
}

/* Goods that are not counted: "普通站2500起" is no number of them. */
static bool by_the_job(const struct mud_scan *s, const struct mud_phrase *p)
{
    enum mud_category c =
        p ? mud_phrase_canonical(s, p)->category : MUD_CAT_BENIGN;

    return c == MUD_CAT_ATTACK_FOR_HIRE || c == MUD_CAT_PHISHING ||
           c == MUD_CAT_MALWARE || c == MUD_CAT_HACKING_TRAINING;
}

/* Limits without a unit that can only be of money: "2500起", "3000以内". */
static bool open_price(const struct mud_scan *s, const struct mud_price *p,
                       uint32_t last)
{
    const struct mud_amount *a = &p->a;
    bool number = mud_number_mark(s, a->first) != NULL;

    if (!clause_ends(s, last + 1) &&
        !(a->open_max && mud_scan_mark(s, last + 1)->space))
        return false;
    if (a->open_max && a->max >= 100 && s->offer && by_the_job(s, p->of) &&
        number)
        return true;
    return s->hungry && (a->open_min || a->about ||
                         (a->open_max && a->max >= 100 && number));
}

/* "周六", "每周三", "过百", "一单一结": numerals that are words. */
static bool numeral_word(const struct mud_scan *s, const struct mud_price *p)
{
    const struct mud_amount *a = &p->a;
    const struct mud_mark *m = mud_scan_mark(s, a->first);
    const struct mud_number *n = mud_number_mark(s, a->first);
    const struct mud_meaning *u = mud_unit_at(s, a->first - 1);

    if (!n || !(n->flags & MUD_NUM_HAN) || m->end - m->start != 3 ||
        a->first != a->last)
        return false;
    return n->max >= 100 || (n->max < 10 && !p->explicit_per) || n->max <= 1 ||
           (u && u->code == MUD_U_WEEK && !m->space);
}

/* Words that say what else the number is. */
static bool barred(const struct mud_price *p, const struct mud_price_walk *w,
                   unsigned role, uint32_t near)
{
    const struct mud_scan *s = w->s;
    const struct mud_amount *a = &p->a;
    uint32_t last = p->last > a->last ? p->last : a->last;

    if (numeral_word(s, p))
        return true;
    switch (role) {
    case MUD_R_FACE:
    case MUD_R_ATTRIBUTE:
    case MUD_R_STOCK:
        if (near <= 1 || (!p->explicit_per && !list_entry(p, w)))
            return true; /* but "权重站30-80一个", "信用卡申请人数据 1.1" */
        break;
    case MUD_R_MIN_QTY: /* but "最低3000一套" */
        if (!p->explicit_per || p->rule == MUD_RULE_PRICE_LOT || near > 1 ||
            p->last == a->last)
            return true;
        break;
    case MUD_R_WARRANTY:
    case MUD_R_DAILY:
        return true;
    default:
        break;
    }
    /* "十万流水", "每秒八万请求" */
    if (mud_role_at(s, last + 1) == MUD_R_ATTRIBUTE ||
        (p->explicit_per && p->per == MUD_U_SECOND))
        return true;
    if (p->explicit_per)
        return p->rule == MUD_RULE_PRICE_LOT
                   ? !s->market
                   : (p->last == a->last &&
                      mud_price_other_number(s, a, true)) ||
                         counts_daily(w, p, role);
    /* who writes $ once writes it always */
    return mud_price_other_number(s, a, false) ||
           (s->currency == MUD_CUR_USD && w->marked);
}

/* Lists and chains: what stands around the number has prices too. */
static unsigned list_rule(const struct mud_price *p,
                          const struct mud_price_walk *w, uint32_t last)
{
    const struct mud_scan *s = w->s;
    const struct mud_amount *a = &p->a;

    if (verb_beside(s, a))
        return MUD_RULE_PRICE_CLAUSE;
    if (mud_scan_sign(s, a->first - 1, '+') && mud_price_side_fee(s, a))
        return MUD_RULE_PRICE_LIST;
    if (((s->offer || (w->last_rule == MUD_RULE_PRICE_LIST &&
                       a->first - w->last_mark < 6)) &&
         chained(s, a, w)) ||
        listed(s, a))
        return MUD_RULE_PRICE_LIST;
    if (list_entry(p, w))
        return MUD_RULE_PRICE_LIST;
    if (a->range && a->max >= 10 && clause_ends(s, last + 1) && s->offer &&
        !counted_word(mud_scan_mark(s, a->first - 1)))
        return MUD_RULE_PRICE_CLAUSE;
    return open_price(s, p, last) ? MUD_RULE_PRICE_CLAUSE : 0;
}

/* Does a word of price by the number make it one? */
static bool cued(const struct mud_price *p, const struct mud_scan *s,
                 uint32_t where, uint32_t near, uint32_t last)
{
    const struct mud_amount *a = &p->a;
    const struct mud_meaning *r = where ? mud_role_means(s, where) : NULL;

    if (r && near <= 3 && !acts_between(s, where, a->first) &&
        (r->code <= MUD_R_MIN_ORDER || r->code >= MUD_R_OLD) &&
        (a->max >= 10 || a->range || fraction(a) || clause_ends(s, last + 1)) &&
        !(r->flags & MUD_M_WEAK && near > 1))
        return true;
    r = mud_role_means(s, last + 1);
    return (r && (r->code == MUD_R_DEPOSIT || r->code == MUD_R_MIN_ORDER ||
                  (r->code == MUD_R_PRICE && r->per))) || /* "2200终身" */
           (s->job && a->range && a->max >= 3000);
}

/* Why a bare number would be a price; 0 when nothing says so. */
unsigned mud_price_bare_rule(const struct mud_price *p,
                             const struct mud_price_walk *w)
{
    const struct mud_scan *s = w->s;
    const struct mud_amount *a = &p->a;
    uint32_t where = 0, last = p->last > a->last ? p->last : a->last;
    unsigned role = mud_role_before(s, a->first, &where);
    uint32_t near = before_filler(s, a->first) - where;
    unsigned tier = mud_price_tier_rule(p, w);

    if (tier)
        return tier;
    if (barred(p, w, role, near))
        return 0;
    if (p->explicit_per)
        return p->rule == MUD_RULE_PRICE_LOT ? MUD_RULE_PRICE_LOT
                                             : MUD_RULE_PRICE_PER;
    if (named_number(s, a) && !list_entry(p, w))
        return 0;
    if (cued(p, s, where, near, last))
        return MUD_RULE_PRICE_CUE;
    if (!s->market)
        return 0;
    if (mud_phrase_is(s, p->of, "usdt_exchange") && a->max > 5 && a->max < 9)
        return MUD_RULE_PRICE_PRODUCT; /* yuan for one */
    if (behind_minimum(s, a->first) || behind_age(s, a->first) ||
        labelled(s, a, w))
        return MUD_RULE_PRICE_LIST;
    if (product_before(s, a->first) &&
        (clause_ends(s, last + 1) || (mud_scan_mark(s, last + 1)->space &&
                                      mud_str_starts(s->lang, MUD_STR("zh")))))
        return MUD_RULE_PRICE_PRODUCT;
    if (mud_scan_break(s, a->first) && clause_ends(s, last + 1) &&
        (s->n_phrases > 0 || a->range || !s->offer) && a->max >= 1 &&
        !number_of_records(p, s))
        return MUD_RULE_PRICE_CLAUSE;
    return list_rule(p, w, last);
}
