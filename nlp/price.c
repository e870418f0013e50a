#include "nlp/price.h"

#include "base/utf8.h"

#include "nlp/product.h"

#define OPEN __builtin_nan("")

enum {
    YOU = 0x4F60 /* 你 */
};

unsigned mud_role_near(const struct mud_scan *s, uint32_t i, uint32_t *where)
{
    for (uint32_t j = i; j-- > 1 && i - j <= MUD_ROLE_NEAR;) {
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

const struct mud_meaning *mud_role_means(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(s, i);

    return m->claimed ? NULL : mud_scan_means(s, m, MUD_LEX_ROLE);
}

/* Bare numbers are in the money of the list or the language, and 元 and $ may
 * be. */
static unsigned currency_of(const struct mud_price *p,
                            const struct mud_price_walk *w)
{
    unsigned home = w->s->currency;

    if (p->a.bare)
        return w->list_currency ? w->list_currency : home;
    if (!p->a.local)
        return p->a.currency;
    if (p->a.currency == MUD_CUR_USD)
        return home == MUD_CUR_HKD ? home : MUD_CUR_USD;
    return home == MUD_CUR_USD || home == MUD_CUR_RUB ? p->a.currency : home;
}

static void put(const struct mud_price *p, struct mud_price_walk *w)
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
    e->currency = mud_currency_name(currency_of(p, w));
    e->unit = mud_str_z(mud_unit_name(p->per));
    e->per_qty = p->per_qty;
    e->role = mud_str_z(mud_role_name(p->role));
    e->of = p->of && !p->no_of ? p->of->entity : -1;
    for (uint32_t i = p->first; i <= p->last; i++)
        s->marks[i].used = MUD_USED_PRICE;
    w->line = s->marks[p->first].line + 1;
    w->last_per = p->explicit_per || p->inherited ? p->per : 0;
    w->last_max = p->a.max;
    w->last_rule = p->rule;
    w->last_qty = p->per_qty;
    w->last_mark = p->last;
    w->last_of = p->of;
    w->last_currency = p->a.currency;
    w->marked |= !p->a.bare && p->a.currency != MUD_CUR_PCT;
    if (p->per_qty > 1 && p->rule == MUD_RULE_PRICE_LOT) {
        w->lot_per = p->per;
        w->lot_qty = p->per_qty;
    } else {
        w->lot_qty = 0;
    }
}

/* "前者25一套，后者60一套" */
static const struct mud_phrase *former_or_latter(const struct mud_scan *s,
                                                 uint32_t i,
                                                 const struct mud_phrase *of)
{
    const struct mud_mark *m = mud_scan_mark(s, i > 2 ? i - 2 : 0);
    size_t n = of ? (size_t)(of - s->phrases) : 0;

    if (m->type != MUD_MARK_HAN || i < 3 ||
        s->marks[i - 1].type != MUD_MARK_HAN ||
        s->marks[i - 1].sign != 0x8005 || !of)
        return of;
    return m->sign == 0x524D && n > 0 ? &s->phrases[n - 1] : of;
}

static void percent(struct mud_amount *a)
{
    a->currency = MUD_CUR_PCT;
    a->bare = false;
}

/* "比上周跌了一毛": by how much, which is no price. */
static bool increment(const struct mud_scan *s, uint32_t i)
{
    uint32_t where = 0;

    return mud_role_before(s, i, &where) == MUD_R_BONUS;
}

static uint32_t price_at(struct mud_price_walk *w, uint32_t i)
{
    struct mud_scan *s = w->s;
    struct mud_price p = {.rule = MUD_RULE_PRICE_CURRENCY};

    w->percent = false;
    if (!mud_amount_read(&p.a, s, i))
        return i;
    w->percent = p.a.percent;
    p.of = mud_product_of(s, i);
    if (s->n_phrases > 1)
        p.of = former_or_latter(s, i, p.of);
    if (w->respective && w->respective <= s->n_phrases)
        p.of = &s->phrases[w->respective - 1];
    p.first = p.a.first;
    p.last = p.a.last;
    mud_price_find_per(&p, w);
    if (p.a.currency == MUD_CUR_PCT) {
        p.rule = MUD_RULE_PRICE_PERCENT;
        p.role = mud_price_percent_role(&p, w);
        if (p.role == MUD_R_NONE)
            return i;
    } else {
        if (mud_quantity_least(w, &p.a))
            return i;
        if (p.a.bare) {
            p.rule = mud_price_bare_rule(&p, w);
            if (p.rule == 0)
                return i;
        }
        if (mud_scan_sign(s, p.a.first - 1, '+') && p.a.bare &&
            !p.explicit_per) {
            p.no_of = true;
            p.per = MUD_U_TIME;
        }
        p.role = mud_price_money_role(&p, w);
        if (p.a.bare && p.role == MUD_R_COMMISSION && !p.explicit_per)
            percent(&p.a);
    }
    mud_price_fit_role(&p, s);
    if (p.role == MUD_R_MENTIONED && !s->offer && increment(s, p.a.first))
        return i;
    put(&p, w);
    if (w->respective)
        w->respective++;
    return p.last + 1;
}

/* 给 and 得, where so much of a sum is given. */
static bool gives(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(s, i);
    struct mud_str text = mud_scan_text(s, m->start, m->end);

    return mud_str_eqz(text, "给") || mud_str_eqz(text, "给你") ||
           mud_str_eqz(text, "得") || mud_str_eqz(text, "拿");
}

/* "一千返12": 1.2 %; "1:900": one yuan buys 900. */
static uint32_t ratio_at(struct mud_price_walk *w, uint32_t i)
{
    struct mud_scan *s = w->s;
    const struct mud_number *a = mud_number_mark(s, i);
    const struct mud_number *b = mud_number_mark(s, i + 2);
    struct mud_price p;

    if (!a || !b || !s->market || a->max <= 0)
        return i;
    p = (struct mud_price){.first = i,
                           .last = i + 2,
                           .per_qty = 1,
                           .rule = MUD_RULE_PRICE_RATIO,
                           .of = mud_product_of(s, i)};
    if (a->max >= 100 && b->max * 5 < a->max &&
        (mud_role_at(s, i + 1) == MUD_R_COMMISSION ||
         (a->max >= 1000 && gives(s, i + 1) && p.of &&
          mud_price_is(s, p.of, MUD_CAT_MONEY_MULE)))) {
        p.a.min = p.a.max = b->max / a->max * 100;
        p.a.currency = MUD_CUR_PCT;
        p.role = MUD_R_COMMISSION;
        p.per = MUD_U_TURNOVER;
    } else if (mud_scan_sign(s, i + 1, ':') &&
               (mud_phrase_is(s, p.of, "game_gold") ||
                mud_phrase_is(s, p.of, "game_item"))) {
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
static void list_unit(struct mud_price_walk *w, uint32_t i)
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

/* "三七开你七", "六四分你拿六": whose tenths, behind how it is shared; or 0. */
static int tenths_of(const struct mud_scan *s, uint32_t i, uint32_t *last)
{
    const struct mud_mark *m = &s->marks[i];
    struct mud_str before =
        mud_str_sub(s->text, m->start > 9 ? m->start - 9 : 0, m->start);
    struct mud_str rest = mud_str_sub(s->text, m->start + 3, m->start + 12);
    size_t at = mud_str_starts(rest, MUD_STR("拿")) ||
                        mud_str_starts(rest, MUD_STR("得"))
                    ? 3
                    : 0;
    int share;

    if (at >= rest.n || (mud_str_find(before, MUD_STR("开")) == MUD_NPOS &&
                         mud_str_find(before, MUD_STR("分")) == MUD_NPOS))
        return 0;
    share = mud_number_digit(mud_utf8_next(rest, &at));
    *last = mud_scan_find(s, m->start + 3 + (uint32_t)at - 1);
    return share > 0 && mud_scan_break(s, *last + 2) ? share : 0;
}

/* "五五分", "你四我六": the share of who is addressed. */
static uint32_t share_at(struct mud_price_walk *w, uint32_t i)
{
    struct mud_scan *s = w->s;
    const struct mud_mark *m = &s->marks[i];
    struct mud_str rest = mud_str_sub(s->text, m->start, m->start + 12);
    struct mud_price p = {.first = i,
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
    } else if (mud_str_starts(rest, MUD_STR("你")) &&
               (you = tenths_of(s, i, &p.last)) > 0) {
        p.a.min = you * 10;
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

/* "最新报价：", "价格表（单位：元）": a word of price at the end of its line. */
static bool heads(const struct mud_scan *s, uint32_t i)
{
    for (uint32_t j = i + 1; j < i + 10 && j <= s->n_marks; j++) {
        if (s->marks[j].type == MUD_MARK_EOL)
            return true;
        if (s->marks[j].type == MUD_MARK_NUMBER)
            return false;
    }
    return false;
}

/* "80/20 split, you keep 80": what is left to whom is addressed. */
static uint32_t split_at(struct mud_price_walk *w, uint32_t i)
{
    struct mud_scan *s = w->s;
    const struct mud_number *a = mud_number_mark(s, i),
                            *b = mud_number_mark(s, i + 2);
    struct mud_price p;

    if (!s->offer || !a || !b || a->max + b->max < 99.5 ||
        a->max + b->max > 100.5 || a->max < 5 || b->max < 5 ||
        s->marks[i + 1].type == MUD_MARK_EOL ||
        (mud_role_at(s, i + 3) != MUD_R_SHARE &&
         mud_role_at(s, i - 1) != MUD_R_SHARE))
        return i;
    p = (struct mud_price){.first = i,
                           .last = i + 2,
                           .per_qty = 1,
                           .per = MUD_U_TURNOVER,
                           .role = MUD_R_SHARE,
                           .rule = MUD_RULE_PRICE_PERCENT,
                           .of = mud_product_of(s, i)};
    p.a.min = a->max;
    p.last = mud_role_at(s, i + 3) == MUD_R_SHARE ? i + 3 : i + 2;
    for (uint32_t j = i + 4; j < i + 9 && j <= s->n_marks; j++) {
        const struct mud_number *you = mud_number_mark(s, j);

        if (you && mud_role_at(s, j - 1) == MUD_R_SHARE &&
            (you->max == a->max || you->max == b->max)) {
            p.a.min = you->max;
            p.last = j;
            break;
        }
    }
    p.a.max = p.a.min;
    p.a.currency = MUD_CUR_PCT;
    put(&p, w);
    return p.last + 1;
}

/* What begins with the number at mark i. */
static uint32_t number_step(struct mud_price_walk *w, uint32_t i)
{
    struct mud_scan *s = w->s;
    const struct mud_mark *m = &s->marks[i];
    bool paired = mud_number_mark(s, i + 2) != NULL;
    uint32_t next = i;

    if (paired)
        next = ratio_at(w, i);
    if (next == i &&
        mud_str_starts(mud_str_sub(s->text, m->start, m->end), MUD_STR("五五")))
        next = share_at(w, i);
    if (next == i && paired && s->offer)
        next = split_at(w, i);
    if (next == i)
        next = price_at(w, i);
    if (next == i)
        next = mud_quantity_read(w, i);
    return next;
}

static uint32_t step(struct mud_price_walk *w, uint32_t i)
{
    struct mud_scan *s = w->s;
    const struct mud_mark *m = &s->marks[i];
    uint32_t next = i;

    if (m->claimed || m->used)
        return i + 1;
    if (m->type == MUD_MARK_EOL)
        w->respective = 0;
    switch ((enum mud_mark_type)m->type) {
    case MUD_MARK_NUMBER:
        next = number_step(w, i);
        break;
    case MUD_MARK_HAN:
        if (m->sign == YOU)
            next = share_at(w, i);
        break;
    case MUD_MARK_TERM:
        if (m->kinds & 1U << MUD_LEX_CURRENCY) {
            next = price_at(w, i);
            if (next == i)
                list_unit(w, i);
        } else if (mud_role_at(s, i) == MUD_R_PRICE && heads(s, i)) {
            w->headed = m->line + 1;
        } else if (m->end - m->start >= 3 &&
                   memcmp(s->text.s + m->start, "你", 3) == 0) {
            next = share_at(w, i);
        } else if (m->end - m->start == 6 &&
                   memcmp(s->text.s + m->start, "分别", 6) == 0) {
            w->respective = s->n_phrases > 1 ? 1 : 0;
        }
        break;
    case MUD_MARK_END:
    case MUD_MARK_EOL:
    case MUD_MARK_WORD:
    case MUD_MARK_SIGN:
    default:
        break;
    }
    return next == i ? i + 1 : next;
}

/* The first mark from i on that can begin something, words apart. */
static uint32_t next_step(const struct mud_scan *s, uint32_t i)
{
    static const unsigned kinds = 1U << MUD_LEX_CURRENCY | 1U << MUD_LEX_ROLE;

    if (i < 64) {
        uint64_t rest = (s->early_numbers | s->early[MUD_LEX_CURRENCY] |
                         s->early[MUD_LEX_ROLE]) >>
                        i;

        if (rest)
            return i + (uint32_t)__builtin_ctzll(rest);
        i = 64;
    }
    while (i <= s->n_marks && !(s->marks[i].kinds & kinds) &&
           s->marks[i].type != MUD_MARK_NUMBER)
        i++;
    return i;
}

void mud_prices_walk(struct mud_scan *scan)
{
    struct mud_price_walk w = {.s = scan};
    /* what the words below mean ends with the line, so each mark counts */
    bool words =
        mud_grams_may(scan->grams, "你") || mud_grams_may(scan->grams, "分别");
    uint32_t i = 1;

    while ((i = words ? i : next_step(scan, i)) <= scan->n_marks)
        i = step(&w, i);
}
