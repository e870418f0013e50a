#include "nlp/price.h"

#include "base/utf8.h"

#include "nlp/product.h"

#define OPEN __builtin_nan("")

enum {
    NEAR = 6
};

struct price { /* one price on its way to an entity */
    struct mud_amount a;
    uint32_t first, last; /* of all that belongs to it */
    unsigned per;
    double per_qty;
    unsigned role, rule;
    const struct mud_phrase *of;
    bool no_of, explicit_per;
};

struct walk { /* what earlier prices of the field leave for later ones */
    struct mud_scan *s;
    uint32_t line;    /* of the last price, +1 */
    unsigned lot_per; /* per of a price for many ("1000 шт - 60 руб") */
    double lot_qty;
    unsigned list_currency, list_per; /* "单位: U/条" */
    size_t respective; /* 分别是: phrase of the next price, +1 */
};

unsigned mud_role_before(const struct mud_scan *s, uint32_t i, uint32_t *where)
{
    for (uint32_t j = i; j-- > 1 && i - j <= NEAR;) {
        unsigned role = mud_role_at(s, j);

        if (role && role != MUD_R_NEUTRAL && role != MUD_R_RANGE &&
            role != MUD_R_PER && role != MUD_R_PER_EN && role != MUD_R_ABOUT &&
            role != MUD_R_PER_RU) {
            *where = j;
            return role;
        }
        if (mud_scan_break(s, j + 1) || s->marks[j].used)
            break;
    }
    *where = 0;
    return 0;
}

static const struct mud_meaning *role_means(const struct mud_scan *s,
                                            uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(s, i);

    return m->claimed ? NULL : mud_scan_means(s, m, MUD_LEX_ROLE);
}

static bool is_category(const struct mud_scan *s, const struct mud_phrase *p,
                        enum mud_category category)
{
    return p && mud_phrase_canonical(s, p)->category == category;
}

static bool is_id(const struct mud_scan *s, const struct mud_phrase *p,
                  const char *id)
{
    return p && mud_str_eqz(mud_phrase_canonical(s, p)->id, id);
}

/* ---- what it is per --------------------------------------------------- */

/* "每条2元", "一单8块", "1小时 30u": the unit stands before the amount. */
static bool per_before(struct price *p, const struct mud_scan *s)
{
    uint32_t i = p->a.first;
    const struct mud_meaning *u;
    const struct mud_number *n;

    while (i > 2 && (mud_scan_sign(s, i - 1, ':') ||
                     mud_role_at(s, i - 1) == MUD_R_RANGE))
        i--;
    u = mud_unit_at(s, i - 1);
    if (!u || i < 2 || u->flags & (MUD_M_EACH | MUD_M_ADVERB))
        return false;
    n = mud_number_mark(s, i - 2);
    if (mud_role_at(s, i - 2) == MUD_R_PER) {
        p->first = i - 2;
        p->per_qty = u->by;
    } else if (n && u->flags & MUD_M_TIME && n->max <= 72) {
        p->first = i - 2;
        p->per_qty = n->max * u->by;
    } else if (n && n->flags & MUD_NUM_HAN && n->max < 1.5 && i == p->a.first &&
               !mud_scan_mark(s, i)->space) {
        p->first = i - 2;
        p->per_qty = u->by;
    } else if (u->flags & MUD_M_TIME && !(u->flags & MUD_M_WEAK) &&
               mud_scan_break(s, i - 1)) {
        p->per_qty = u->by; /* "Час - 500" */
    } else {
        return false;
    }
    p->per = mud_unit_for(s, u->code, u->flags, p->of, true);
    if (p->per == MUD_U_HOUR && p->per_qty > 23.5 && p->per_qty < 24.5) {
        p->per = MUD_U_DAY;
        p->per_qty = 1;
    }
    return true;
}

/* "1万条 500", "1k=9u", "100 pcs $45": so many for so much. */
static bool lot_before(struct price *p, const struct mud_scan *s)
{
    uint32_t i = p->a.first, unit_at = 0;
    const struct mud_meaning *u;
    const struct mud_number *n;
    bool joined = false;

    while (i > 2 &&
           (mud_scan_sign(s, i - 1, '=') || mud_scan_sign(s, i - 1, ':') ||
            mud_role_at(s, i - 1) == MUD_R_RANGE)) {
        joined = true;
        i--;
    }
    u = mud_unit_at(s, i - 1);
    if (u && !(u->flags & (MUD_M_TIME | MUD_M_EACH | MUD_M_ADVERB)))
        unit_at = --i;
    else
        u = NULL;
    if (i < 2)
        return false;
    n = mud_number_mark(s, i - 1);
    if (!n || n->min != n->max || n->max < 2 ||
        mud_role_at(s, i - 2) == MUD_R_MIN_BEFORE || n->flags & MUD_NUM_STRING)
        return false;
    if (!u &&
        !(joined && (n->flags & MUD_NUM_SCALED || n->max >= 100) && !p->a.bare))
        return false;
    if (u && p->a.bare && !mud_scan_break(s, p->a.last + 2) &&
        p->a.last < s->n_marks)
        return false;
    /* "30个 200 米" and the like: something must part or join them */
    if (u && !joined && !mud_scan_mark(s, p->a.first)->space)
        return false;
    p->first = i - 1;
    p->per_qty = n->max * (u ? u->by : 1);
    p->per = u       ? mud_unit_for(s, u->code, u->flags, p->of, true)
             : p->of ? mud_phrase_canonical(s, p->of)->unit
                     : MUD_U_ITEM;
    (void)unit_at;
    return true;
}

/* "500打包一百个", "100元30万金". */
static bool lot_after(struct price *p, const struct mud_scan *s)
{
    uint32_t i = p->a.last + 1;
    const struct mud_meaning *r = role_means(s, i), *u;
    const struct mud_number *n;
    bool bundle = r && r->per == MUD_U_LOT;

    n = mud_number_mark(s, i + bundle);
    u = n ? mud_unit_at(s, i + bundle + 1) : NULL;
    if (!n || !u || n->max < 2)
        return false;
    if (!bundle && !(u->code == MUD_U_GOLD && !p->a.bare))
        return false;
    p->last = i + bundle + 1;
    p->per_qty = n->max;
    p->per = u->code == MUD_U_GOLD
                 ? MUD_U_ITEM
                 : mud_unit_for(s, u->code, u->flags, p->of, true);
    return true;
}

static unsigned per_default(const struct price *p, const struct mud_scan *s)
{
    if (p->a.currency == MUD_CUR_PCT)
        return p->a.discount ? MUD_U_FACE : MUD_U_TURNOVER;
    if (!p->of)
        return MUD_U_ITEM;
    if (is_id(s, p->of, "hacking_course") &&
        !mud_str_starts(s->lang, MUD_STR("zh")))
        return MUD_U_COURSE;
    if (is_id(s, p->of, "usdt_exchange") && p->a.max > 20)
        return MUD_U_LOT;
    if (mud_phrase_canonical(s, p->of)->per == MUD_U_TURNOVER)
        return MUD_U_LOT;
    if (mud_phrase_canonical(s, p->of)->per == MUD_U_FACE)
        return MUD_U_ITEM;
    return mud_phrase_canonical(s, p->of)->per;
}

static void find_per(struct price *p, struct walk *w)
{
    struct mud_scan *s = w->s;
    struct mud_per per;
    uint32_t where = 0;
    const struct mud_meaning *r;

    p->per_qty = 1;
    p->explicit_per = true;
    if (mud_per_read(&per, s, p->a.last + 1, p->a.bare) && per.found) {
        p->last = per.last;
        p->per_qty = per.qty;
        p->per =
            per.unit == MUD_U_NONE
                ? (p->of ? mud_phrase_canonical(s, p->of)->unit : MUD_U_ITEM)
                : mud_unit_for(s, per.unit, per.flags, p->of, true);
        if (per.flags & MUD_M_EACH)
            p->per = mud_unit_for(s, MUD_U_ITEM, MUD_M_GE, p->of, true);
        return;
    }
    if (lot_after(p, s) || lot_before(p, s)) {
        p->rule = MUD_RULE_PRICE_LOT;
        return;
    }
    if (per_before(p, s))
        return;
    p->explicit_per = false;
    (void)mud_role_before(s, p->a.first, &where);
    r = where ? role_means(s, where) : NULL;
    if (r && r->per && r->code == MUD_R_PRICE) {
        p->per = r->per;
        return;
    }
    r = role_means(s, p->a.last + 1);
    if (r && r->per && r->code == MUD_R_PRICE && r->per != MUD_U_LOT) {
        p->per = r->per;
        return;
    }
    if (w->lot_qty > 1 && w->line == mud_scan_mark(s, p->a.first)->line + 1 &&
        !p->a.bare) {
        p->per = w->lot_per;
        p->per_qty = w->lot_qty;
        return;
    }
    p->per = w->list_per && p->a.bare ? w->list_per : per_default(p, s);
}

/* ---- is it a price, and what for -------------------------------------- */

/* Is the number part of a date, a time, a version, a score, an order? */
static bool other_number(const struct mud_scan *s, const struct mud_amount *a)
{
    const struct mud_mark *next = mud_scan_mark(s, a->last + 1);
    const struct mud_mark *prev = mud_scan_mark(s, a->first - 1);

    if (!a->bare)
        return false;
    if (next->type == MUD_MARK_SIGN && !next->space &&
        (next->sign == ':' || next->sign == '.' || next->sign == '#') &&
        mud_scan_mark(s, a->last + 2)->type == MUD_MARK_NUMBER)
        return true;
    if (prev->type == MUD_MARK_SIGN &&
        (prev->sign == '#' || prev->sign == '.' || prev->sign == '+' ||
         (prev->sign == ':' &&
          mud_scan_mark(s, a->first - 2)->type == MUD_MARK_NUMBER)))
        return true;
    if (prev->type == MUD_MARK_NUMBER ||
        (next->type == MUD_MARK_NUMBER && !next->space))
        return true;
    if (prev->type == MUD_MARK_HAN && prev->sign == 0x7B2C) /* 第 */
        return true;
    return mud_unit_at(s, a->last + 1) != NULL && !a->range;
}

/* "印度 0.004": a label and a number are all of the line. */
static bool list_line(const struct mud_scan *s, uint32_t i)
{
    uint32_t j = i;

    if (mud_scan_mark(s, i + 1)->type != MUD_MARK_EOL &&
        mud_scan_mark(s, i + 1)->type != MUD_MARK_END)
        return false;
    while (j > 1 && i - j < 8 && s->marks[j - 1].type != MUD_MARK_EOL)
        j--;
    return j < i && (j == 1 || s->marks[j - 1].type == MUD_MARK_EOL) &&
           (s->marks[j].type == MUD_MARK_HAN ||
            s->marks[j].type == MUD_MARK_TERM ||
            s->marks[j].type == MUD_MARK_WORD);
}

/* Does the line below look the same? */
static bool list_goes_on(const struct mud_scan *s, uint32_t i)
{
    uint32_t j = i + 1, n = 0;

    if (s->marks[j].type != MUD_MARK_EOL)
        return false;
    for (j++; j <= s->n_marks && s->marks[j].type != MUD_MARK_EOL; j++) {
        if (++n > 10)
            return false;
    }
    return n > 1 && s->marks[j - 1].type == MUD_MARK_NUMBER;
}

/* Does a product end right before mark i? */
static bool product_before(const struct mud_scan *s, uint32_t i)
{
    const struct mud_phrase *p = mud_product_of(s, i);
    uint32_t j = i;

    if (!p || p->last >= i)
        return false;
    while (j > 1 && i - j < 2 &&
           (mud_scan_sign(s, j - 1, ':') || mud_scan_sign(s, j - 1, '=') ||
            mud_role_at(s, j - 1) == MUD_R_RANGE))
        j--;
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
                                        "带走",
                                        "全包"};
    const struct mud_mark *m = mud_scan_mark(s, i);
    struct mud_str rest = mud_str_sub(s->text, m->start, m->start + 6);

    if (mud_scan_break(s, i + 1) || i > s->n_marks || m->type == MUD_MARK_EOL ||
        mud_scan_sign(s, i, ')') || mud_scan_sign(s, i, '('))
        return true;
    for (size_t k = 0; k < sizeof tails / sizeof tails[0]; k++) {
        if (mud_str_starts(rest, mud_str_z(tails[k])))
            return true;
    }
    return false;
}

static bool verb_beside(const struct mud_scan *s, const struct mud_amount *a)
{
    const struct mud_mark *before = mud_scan_mark(s, a->first - 1);
    const struct mud_mark *after = mud_scan_mark(s, a->last + 1);
    const struct mud_meaning *v = mud_scan_means(s, after, MUD_LEX_VERB);

    if (v && !after->space && mud_scan_break(s, a->last + 3))
        return true;
    v = mud_scan_means(s, before, MUD_LEX_VERB);
    return v && v->code == MUD_DIR_BUY;
}

/* Why a bare number would be a price; 0 when nothing says so. */
static unsigned bare_rule(const struct price *p, struct walk *w)
{
    const struct mud_scan *s = w->s;
    const struct mud_amount *a = &p->a;
    uint32_t where = 0, last = p->last > a->last ? p->last : a->last;
    unsigned role = mud_role_before(s, a->first, &where);
    uint32_t line = mud_scan_mark(s, a->first)->line;

    if (role == MUD_R_FACE || role == MUD_R_ATTRIBUTE ||
        role == MUD_R_WARRANTY || role == MUD_R_MIN_QTY ||
        role == MUD_R_DAILY || role == MUD_R_STOCK)
        return 0;
    if (p->explicit_per && p->rule != MUD_RULE_PRICE_LOT)
        return MUD_RULE_PRICE_PER;
    if (p->rule == MUD_RULE_PRICE_LOT)
        return s->market ? MUD_RULE_PRICE_LOT : 0;
    if (other_number(s, a))
        return 0;
    if (role && a->first - where <= 3 &&
        (role <= MUD_R_MIN_ORDER || role >= MUD_R_OLD) && a->max >= 1 &&
        !(role_means(s, where)->flags & MUD_M_WEAK && a->first - where > 1))
        return MUD_RULE_PRICE_CUE;
    switch (mud_role_at(s, last + 1)) {
    case MUD_R_DEPOSIT:
    case MUD_R_MIN_ORDER:
        return MUD_RULE_PRICE_CUE;
    default:
        break;
    }
    if (!s->market)
        return 0;
    if (product_before(s, a->first) && clause_ends(s, last + 1))
        return MUD_RULE_PRICE_PRODUCT;
    if (mud_scan_break(s, a->first) && clause_ends(s, last + 1) &&
        (s->n_phrases > 0 || a->range) && a->max >= 1)
        return MUD_RULE_PRICE_CLAUSE;
    if (verb_beside(s, a))
        return MUD_RULE_PRICE_CLAUSE;
    if (list_line(s, a->last) && (w->line == line || list_goes_on(s, a->last)))
        return MUD_RULE_PRICE_LIST;
    if ((a->open_min || a->about || (a->open_max && a->max >= 100)) &&
        clause_ends(s, last + 1) && s->hungry)
        return MUD_RULE_PRICE_CLAUSE;
    return 0;
}

/* Percentages count where something is shared, taken or discounted. */
static unsigned percent_role(const struct price *p, const struct walk *w)
{
    const struct mud_scan *s = w->s;
    uint32_t where = 0;
    unsigned role = mud_role_before(s, p->a.first, &where);
    unsigned after = mud_role_at(s, p->a.last + 1);

    if (after == MUD_R_DEPOSIT || role == MUD_R_DEPOSIT)
        return MUD_R_DEPOSIT;
    if (role == MUD_R_BONUS || role == MUD_R_MIN_BEFORE || role == MUD_R_OLD)
        return MUD_R_MENTIONED;
    if (p->a.discount)
        return is_category(s, p->of, MUD_CAT_VIRTUAL_PROPERTY)
                   ? MUD_R_PRICE
                   : MUD_R_MENTIONED;
    if (role == MUD_R_COMMISSION || after == MUD_R_COMMISSION)
        return MUD_R_COMMISSION;
    if (role == MUD_R_SHARE)
        return MUD_R_SHARE;
    if (p->a.tenths)
        return MUD_R_NONE;
    if (is_category(s, p->of, MUD_CAT_MONEY_MULE))
        return MUD_R_COMMISSION;
    if (is_id(s, p->of, "fake_invoice") ||
        (is_category(s, p->of, MUD_CAT_VIRTUAL_PROPERTY) &&
         mud_product_of(s, p->a.first)))
        return MUD_R_PRICE;
    return MUD_R_NONE;
}

static unsigned money_role(struct price *p, const struct walk *w)
{
    const struct mud_scan *s = w->s;
    uint32_t where = 0;
    unsigned role = mud_role_before(s, p->a.first, &where);
    unsigned after = mud_role_at(s, p->last + 1);

    if (after == MUD_R_DEPOSIT || after == MUD_R_MIN_ORDER)
        return after;
    if (p->a.first - where > 4)
        role = 0;
    switch (role) {
    case MUD_R_DEPOSIT:
    case MUD_R_MIN_ORDER:
    case MUD_R_WAGE:
    case MUD_R_SALARY:
        return role;
    case MUD_R_OLD:
    case MUD_R_BONUS:
    case MUD_R_LOSS:
    case MUD_R_SPENT:
    case MUD_R_CHAT:
    case MUD_R_FACE:
    case MUD_R_ATTRIBUTE:
        p->no_of = true;
        return MUD_R_MENTIONED;
    case MUD_R_MIN_QTY:
        return MUD_R_MIN_ORDER;
    default:
        return MUD_R_PRICE;
    }
}

static void fit_role(struct price *p, const struct mud_scan *s)
{
    switch (p->role) {
    case MUD_R_DEPOSIT:
    case MUD_R_MIN_ORDER:
        if (!p->explicit_per)
            p->per = MUD_U_LOT;
        if (p->role == MUD_R_MIN_ORDER)
            p->a.open_max = false;
        p->a.open_max = p->a.open_max && p->role != MUD_R_DEPOSIT;
        break;
    case MUD_R_WAGE:
        if (!p->explicit_per)
            p->per = MUD_U_DAY;
        break;
    case MUD_R_SALARY:
        if (!p->explicit_per)
            p->per = MUD_U_MONTH;
        break;
    case MUD_R_COMMISSION:
    case MUD_R_SHARE:
        if (p->a.currency == MUD_CUR_PCT)
            p->per = MUD_U_TURNOVER;
        break;
    case MUD_R_PRICE:
        if (p->a.currency == MUD_CUR_PCT)
            p->per = MUD_U_FACE;
        break;
    default:
        break;
    }
    (void)s;
}

static void put(const struct price *p, struct walk *w)
{
    struct mud_scan *s = w->s;
    struct mud_entity *e = mud_scan_add(s,
                                        MUD_ENT_PRICE,
                                        s->marks[p->first].start,
                                        s->marks[p->last].end,
                                        p->rule,
                                        p->a.bare ? 700 : 880);

    e->min = p->a.open_min ? OPEN : p->a.min;
    e->max = p->a.open_max ? OPEN : p->a.max;
    e->currency = mud_currency_name(p->a.bare ? s->currency : p->a.currency);
    if (p->a.bare && w->list_currency)
        e->currency = mud_currency_name(w->list_currency);
    e->unit = mud_str_z(mud_unit_name(p->per));
    e->per_qty = p->per_qty;
    e->role = mud_str_z(mud_role_name(p->role));
    e->of = p->of && !p->no_of ? p->of->entity : -1;
    for (uint32_t i = p->first; i <= p->last; i++)
        s->marks[i].used = 1;
    w->line = s->marks[p->first].line + 1;
    if (p->per_qty > 1 && p->rule == MUD_RULE_PRICE_LOT) {
        w->lot_per = p->per;
        w->lot_qty = p->per_qty;
    } else {
        w->lot_qty = 0;
    }
}

static uint32_t price_at(struct walk *w, uint32_t i)
{
    struct mud_scan *s = w->s;
    struct price p = {.rule = MUD_RULE_PRICE_CURRENCY};

    if (!mud_amount_read(&p.a, s, i))
        return i;
    p.of = mud_product_of(s, i);
    if (w->respective && w->respective <= s->n_phrases)
        p.of = &s->phrases[w->respective - 1];
    p.first = p.a.first;
    p.last = p.a.last;
    find_per(&p, w);
    if (p.a.currency == MUD_CUR_PCT) {
        p.rule = MUD_RULE_PRICE_PERCENT;
        p.role = percent_role(&p, w);
        if (p.role == MUD_R_NONE)
            return i;
    } else {
        if (p.a.bare) {
            p.rule = bare_rule(&p, w);
            if (p.rule == 0)
                return i;
        }
        p.role = money_role(&p, w);
    }
    fit_role(&p, s);
    put(&p, w);
    if (w->respective)
        w->respective++;
    return p.last + 1;
}

/* "一千返12": 1.2 %; "1:900": one yuan buys 900. */
static uint32_t ratio_at(struct walk *w, uint32_t i)
{
    struct mud_scan *s = w->s;
    const struct mud_number *a = mud_number_mark(s, i);
    const struct mud_number *b = mud_number_mark(s, i + 2);
    struct price p = {.first = i,
                      .last = i + 2,
                      .per_qty = 1,
                      .rule = MUD_RULE_PRICE_RATIO,
                      .of = mud_product_of(s, i)};

    if (!a || !b || !s->market || a->max <= 0)
        return i;
    if (mud_role_at(s, i + 1) == MUD_R_COMMISSION && a->max >= 100 &&
        b->max < a->max) {
        p.a.min = p.a.max = b->max / a->max * 100;
        p.a.currency = MUD_CUR_PCT;
        p.role = MUD_R_COMMISSION;
        p.per = MUD_U_TURNOVER;
    } else if (mud_scan_sign(s, i + 1, ':') &&
               (is_id(s, p.of, "game_gold") || is_id(s, p.of, "game_item"))) {
        p.a.min = p.a.max = a->max;
        p.a.currency = s->currency;
        p.role = MUD_R_PRICE;
        p.per = MUD_U_ITEM;
        p.per_qty = b->max;
    } else {
        return i;
    }
    put(&p, w);
    return p.last + 1;
}

/* "单位: U/条" sets what bare numbers below are in. */
static void list_unit(struct walk *w, uint32_t i)
{
    struct mud_scan *s = w->s;
    const struct mud_meaning *c =
        mud_scan_means(s, mud_scan_mark(s, i), MUD_LEX_CURRENCY);
    const struct mud_meaning *u = mud_unit_at(s, i + 2);

    if (!c || !u || mud_role_at(s, i + 1) != MUD_R_PER ||
        s->marks[i - 1].type == MUD_MARK_NUMBER)
        return;
    w->list_currency = c->code;
    w->list_per =
        mud_unit_for(s, u->code, u->flags, mud_product_of(s, i), true);
}

/* "五五分", "你四我六": the share of who is addressed. */
static uint32_t share_at(struct walk *w, uint32_t i)
{
    struct mud_scan *s = w->s;
    const struct mud_mark *m = &s->marks[i];
    struct mud_str rest = mud_str_sub(s->text, m->start, m->start + 12);
    struct price p = {.first = i,
                      .last = i,
                      .per_qty = 1,
                      .per = MUD_U_TURNOVER,
                      .role = MUD_R_SHARE,
                      .rule = MUD_RULE_PRICE_PERCENT,
                      .of = mud_product_of(s, i)};
    int you, me;
    size_t at = 3;

    if (mud_str_starts(rest, MUD_STR("五五分")) ||
        mud_str_starts(rest, MUD_STR("五五开"))) {
        p.a.min = 50;
        p.last = mud_scan_find(s, m->start + 8);
    } else if (mud_str_starts(rest, MUD_STR("你")) && rest.n == 12) {
        you = mud_number_digit(mud_utf8_next(rest, &at));
        at += 3;
        me = mud_number_digit(mud_utf8_next(rest, &at));
        if (you < 1 || me < 1 || you + me != 10 ||
            memcmp(rest.s + 6, "我", 3) != 0)
            return i;
        p.a.min = you * 10;
        p.last = mud_scan_find(s, m->start + 11);
    } else {
        return i;
    }
    p.a.max = p.a.min;
    p.a.currency = MUD_CUR_PCT;
    put(&p, w);
    return p.last + 1;
}

static uint32_t step(struct walk *w, uint32_t i)
{
    struct mud_scan *s = w->s;
    const struct mud_mark *m = &s->marks[i];
    uint32_t next = i;

    if (m->claimed || m->used)
        return i + 1;
    if (m->type == MUD_MARK_EOL)
        w->respective = 0;
    if (m->type == MUD_MARK_NUMBER) {
        next = ratio_at(w, i);
        if (next == i)
            next = share_at(w, i);
    } else if (m->type == MUD_MARK_HAN) {
        next = share_at(w, i);
    }
    if (next == i)
        next = price_at(w, i);
    if (next == i)
        next = mud_quantity_read(s, i);
    if (next == i && m->kinds & 1U << MUD_LEX_CURRENCY)
        list_unit(w, i);
    if (next == i && m->type == MUD_MARK_TERM &&
        mud_str_eqz(mud_scan_text(s, m->start, m->end), "分别"))
        w->respective = s->n_phrases > 1 ? 1 : 0;
    return next == i ? i + 1 : next;
}

void mud_prices_find(struct mud_scan *scan)
{
    struct walk w = {.s = scan};
    uint32_t i = 1;

    while (i <= scan->n_marks)
        i = step(&w, i);
}
