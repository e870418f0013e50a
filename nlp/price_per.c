/* What a price is per: units before and behind it, and lots. */
#include "nlp/price.h"
#include "nlp/product.h"

enum {
    HEAD_MAX = 2048 /* bytes that tell what a short advert is about */
};

/* "三日 1元", "一年号 80": of data and accounts a time tells the age. */
static bool tells_age(const struct mud_scan *s, const struct mud_phrase *of,
                      const struct mud_meaning *u)
{
    enum mud_category c =
        of ? mud_phrase_canonical(s, of)->category : MUD_CAT_BENIGN;

    if (!(u->flags & MUD_M_TIME) || mud_phrase_is(s, of, "stealer_log"))
        return false; /* logs are let by the week */
    if (of && u->code >= MUD_U_MONTH && u->code <= MUD_U_YEAR &&
        mud_str_starts(mud_phrase_canonical(s, of)->id, MUD_STR("lookup_")))
        return true; /* "开房一年 750": how far back */
    if ((of &&
         mud_str_starts(mud_phrase_canonical(s, of)->id, MUD_STR("lookup_"))))
        return false;
    return c == MUD_CAT_PERSONAL_DATA ||
           (c == MUD_CAT_ACCOUNT_TRADE &&
            (u->code == MUD_U_YEAR ||
             (u->code >= MUD_U_MONTH && !mud_scan_says(s, "租") &&
              mud_str_starts(s->lang, MUD_STR("zh")))));
}

/* 24 hours are a day. */
static void whole_day(struct mud_price *p)
{
    if (p->per == MUD_U_HOUR && p->per_qty > 23.5 && p->per_qty < 24.5) {
        p->per = MUD_U_DAY;
        p->per_qty = 1;
    }
}

/* "每条2元", "一单8块", "1小时 30u": the unit stands before the amount. */
static bool per_before(struct mud_price *p, const struct mud_scan *s)
{
    uint32_t i = p->a.first;
    const struct mud_meaning *u;
    const struct mud_number *n;

    while (i > 2 &&
           (mud_scan_sign(s, i - 1, ':') || mud_scan_sign(s, i - 1, '=') ||
            mud_role_at(s, i - 1) == MUD_R_RANGE))
        i--;
    u = mud_unit_at(s, i - 1);
    if (!u || i < 2 || u->flags & MUD_M_EACH ||
        (u->flags & MUD_M_ADVERB && i == p->a.first))
        return false; /* but "Weekly: $50" */
    n = mud_number_mark(s, i - 2);
    if (n && i > 3 && mud_role_at(s, i - 3) == MUD_R_MIN_BEFORE)
        return false; /* "满一年150": an age */
    if (mud_role_at(s, i - 2) == MUD_R_PER) {
        p->first = i - 2;
        p->per_qty = u->by;
    } else if (tells_age(s, p->of, u)) {
        return false;
    } else if (mud_scan_mark(s, i - 2)->type == MUD_MARK_HAN &&
               mud_scan_mark(s, i - 2)->sign == 0x6309) { /* 按小时 */
        p->first = i - 2;
        p->per_qty = u->by;
    } else if (n && u->flags & MUD_M_TIME && n->max <= 72 &&
               !(u->flags & MUD_M_WEAK && p->a.bare)) {
        p->first = i - 2;
        p->per_qty = n->max * u->by;
    } else if (n && n->flags & MUD_NUM_HAN && n->max < 1.5 && i == p->a.first &&
               !mud_scan_mark(s, i)->space) {
        p->first = i - 2;
        p->per_qty = u->by;
    } else if ((mud_scan_break(s, i - 1) || mud_scan_sign(s, i - 2, ':') ||
                mud_role_at(s, i - 2) == MUD_R_PRICE) &&
               (u->flags & MUD_M_TIME ? !(u->flags & MUD_M_WEAK)
                                      : !p->a.bare)) {
        p->per_qty = u->by; /* "Час - 500" */
    } else {
        return false;
    }
    p->per = mud_unit_for(s, u->code, u->flags, p->of, true);
    whole_day(p);
    return true;
}

static bool slash(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(s, i);

    return m->end - m->start == 1 && s->text.s[m->start] == '/';
}

/* Has an amount a per of its own behind it? */
static bool own_per(const struct mud_price *p, const struct mud_scan *s)
{
    struct mud_per per;

    return mud_per_read(&per, s, p->a.last + 1, p->a.bare) && per.found;
}

/* Is the next thing, on this line or the next, a count of the same unit? */
static bool tier_follows(const struct mud_scan *s, uint32_t i, unsigned unit)
{
    for (uint32_t j = i + 1; j < i + 6 && j <= s->n_marks; j++) {
        const struct mud_meaning *u;

        if (!mud_number_mark(s, j))
            continue;
        u = mud_unit_at(s, j + 1);
        return u && u->code == unit && mud_scan_break(s, j);
    }
    return false;
}

/* "3 for $10", "all 10 for $350". */
static bool lot_for(struct mud_price *p, const struct mud_scan *s)
{
    uint32_t i = p->a.first;
    const struct mud_number *n;
    const struct mud_meaning *u;

    if (i < 3 ||
        !mud_str_eqz(
            mud_scan_text(s, s->marks[i - 1].start, s->marks[i - 1].end),
            "for"))
        return false;
    u = mud_unit_at(s, i - 2);
    n = mud_number_mark(s, i - 2 - (u != NULL));
    if (!n || n->max < 2 || (u && u->flags & MUD_M_TIME))
        return false;
    p->first = i - 2 - (u != NULL);
    p->per = u       ? mud_unit_for(s, u->code, u->flags, p->of, true)
             : p->of ? mud_phrase_canonical(s, p->of)->unit
                     : MUD_U_ITEM;
    p->per_qty = n->max;
    if (n->max >= 100000 && p->per != MUD_U_PERSON) {
        p->first = p->a.first; /* a whole base of so many */
        p->per = MUD_U_LOT;
        p->per_qty = 1;
        return true;
    }
    if (mud_str_eqz(mud_scan_text(s,
                                  s->marks[p->first - 1].start,
                                  s->marks[p->first - 1].end),
                    "all")) {
        p->per = MUD_U_LOT;
        p->per_qty = 1;
    }
    return true;
}

/* "1万条 500", "1k=9u", "100 pcs $45": so many for so much. */
static bool lot_before(struct mud_price *p, const struct mud_scan *s,
                       double lot_qty)
{
    uint32_t i = p->a.first;
    const struct mud_meaning *u;
    const struct mud_number *n;
    bool joined = false;

    while (i > 2 &&
           (mud_scan_sign(s, i - 1, '=') || mud_scan_sign(s, i - 1, ':') ||
            mud_role_at(s, i - 1) == MUD_R_RANGE || slash(s, i - 1))) {
        joined = true;
        i--;
    }
    u = mud_unit_at(s, i - 1);
    if (u && !(u->flags & (MUD_M_TIME | MUD_M_EACH | MUD_M_ADVERB | MUD_M_G)) &&
        u->code != MUD_U_GB && u->code != MUD_U_GBPS)
        i--;
    else
        u = NULL;
    if (u && !mud_number_mark(s, i - 1) && mud_unit_at(s, i - 1) &&
        mud_unit_at(s, i - 1)->flags & MUD_M_GE)
        i--; /* "1000个IP 2元" */
    if (i < 2)
        return false;
    n = mud_number_mark(s, i - 1);
    if (!n || n->min != n->max || n->max < 2 ||
        mud_role_at(s, i - 2) == MUD_R_MIN_BEFORE ||
        n->flags & MUD_NUM_STRING || (p->of && p->of->last >= i - 1))
        return false;
    if (!u && mud_price_label(s, i - 1))
        return false; /* "2019 — 110₽" */
    if (!u &&
        !(joined && (n->flags & MUD_NUM_SCALED || n->max >= 100) && !p->a.bare))
        return false;
    /* "500k lines $70": a whole base */
    if (!joined && u && n->max >= 100000 && !p->a.bare &&
        !mud_str_starts(s->lang, MUD_STR("zh")))
        return false;
    if (u && p->a.bare && !mud_scan_break(s, p->a.last + 2) &&
        p->a.last < s->n_marks)
        return false;
    /* "50条500元", "12堂 2400元": few for a sum are a count and its price,
     * unless they are a tier of several */
    if (u && !joined && n->max < 100 && lot_qty < 2 &&
        !tier_follows(s, p->a.last, u->code))
        return false;
    p->first = i - 1;
    p->per_qty = n->max * (u ? u->by : 1);
    p->per = u       ? mud_unit_for(s, u->code, u->flags, p->of, true)
             : p->of ? mud_phrase_canonical(s, p->of)->unit
                     : MUD_U_ITEM;
    return true;
}

/* "500打包一百个", "100元30万金". */
static bool lot_after(struct mud_price *p, const struct mud_scan *s)
{
    uint32_t i = p->a.last + 1;
    const struct mud_meaning *r = mud_role_means(s, i), *u;
    const struct mud_number *n;
    bool bundle = r && r->per == MUD_U_LOT;

    if (!bundle && mud_scan_sign(s, i, '=') && !p->a.bare)
        i++;

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

/* "健身年卡，1200转": the card itself changes hands. */
static bool pass_card(const struct mud_scan *s)
{
    static const char *const cards[] = {
        "年卡", "健身卡", "次卡", "游泳卡", "瑜伽卡", "洗车卡", "会员卡"};
    static struct mud_words passes = MUD_WORDS(cards);
    uint32_t end = s->text.n < HEAD_MAX ? (uint32_t)s->text.n : HEAD_MAX;

    return mud_words_in(&passes, s->grams, mud_scan_text(s, 0, end));
}

static unsigned per_default(const struct mud_price *p, const struct mud_scan *s)
{
    if (p->a.currency == MUD_CUR_PCT)
        return p->a.discount ? MUD_U_FACE : MUD_U_TURNOVER;
    if (!s->offer && !p->of && pass_card(s))
        return MUD_U_CARD;
    if (!s->offer && s->direction == MUD_DIR_NONE && !s->tickets && !s->topics)
        return MUD_U_LOT;
    if (!p->of)
        return s->tickets ? MUD_U_TICKET
               : s->topics & (MUD_TOPIC_COURSE | MUD_TOPIC_LESSON)
                   ? MUD_U_COURSE
                   : MUD_U_ITEM;
    if (!mud_str_starts(s->lang, MUD_STR("zh")) &&
        mud_phrase_is(s, p->of, "hacking_course"))
        return MUD_U_COURSE;
    if (p->of->measure == MUD_U_SET)
        return MUD_U_SET;
    if (s->hungry && (mud_phrase_canonical(s, p->of)->per == MUD_U_DAY ||
                      mud_phrase_canonical(s, p->of)->per == MUD_U_HOUR))
        return MUD_U_LOT;
    if (p->a.max > 20 && mud_phrase_is(s, p->of, "usdt_exchange"))
        return MUD_U_LOT;
    if (mud_phrase_canonical(s, p->of)->per == MUD_U_TURNOVER)
        return MUD_U_LOT;
    if (mud_phrase_canonical(s, p->of)->per == MUD_U_FACE)
        return MUD_U_ITEM;
    return mud_phrase_canonical(s, p->of)->per;
}

/* "腾讯年卡50": the card for a year is what is sold. */
static bool membership(const struct mud_price *p, const struct mud_scan *s,
                       const struct mud_meaning *r)
{
    return r->per >= MUD_U_SECOND && r->per <= MUD_U_YEAR && p->of &&
           mud_phrase_canonical(s, p->of)->category == MUD_CAT_VIRTUAL_PROPERTY;
}

/* Courses and picture sets: all of it together is one set. */
static unsigned whole(const struct mud_price *p, const struct mud_scan *s,
                      unsigned per)
{
    unsigned usual = per_default(p, s);

    return per == MUD_U_LOT && p->of &&
                   (usual == MUD_U_SET || usual == MUD_U_COURSE ||
                    usual == MUD_U_SITE) &&
                   mud_phrase_canonical(s, p->of)->category !=
                       MUD_CAT_MONEY_MULE
               ? usual
               : per;
}

/* Does the price before, on this line and of the same goods, say per what? */
static bool same_goods(const struct mud_price *p,
                       const struct mud_price_walk *w)
{
    return p->of && p->of == w->last_of && w->last_per && w->last_qty < 2 &&
           w->line == mud_scan_mark(w->s, p->a.first)->line + 1 &&
           p->a.currency == w->last_currency && w->last_per != MUD_U_LOT &&
           w->last_per != MUD_U_TURNOVER &&
           !(w->last_per >= MUD_U_SECOND && w->last_per <= MUD_U_SHIFT);
}

/* What a price is per where nothing beside it says so. */
static void implied_per(struct mud_price *p, struct mud_price_walk *w)
{
    struct mud_scan *s = w->s;
    uint32_t where = 0;
    const struct mud_meaning *r;

    (void)mud_role_before(s, p->a.first, &where);
    r = where ? mud_role_means(s, where) : NULL;
    if (r && r->per && r->code == MUD_R_PRICE && !membership(p, s, r)) {
        p->per = whole(p, s, r->per);
        return;
    }
    if (r && r->per && (r->code == MUD_R_WAGE || r->code == MUD_R_SALARY)) {
        p->per = r->per;
        p->named_per = true;
        return;
    }
    r = mud_role_means(s, p->a.last + 1);
    if (r && r->per && r->code == MUD_R_PRICE && !membership(p, s, r) &&
        (r->per != MUD_U_LOT || mud_scan_break(s, p->a.last + 3) ||
         mud_role_at(s, p->a.last + 2))) {
        p->per = whole(p, s, r->per);
        return;
    }
    if (s->marks[p->a.first - 1].used == MUD_USED_COUNT && !p->a.bare &&
        !mud_str_starts(s->lang, MUD_STR("zh")) && p->a.first > 2 &&
        s->marks[p->a.first - 2].type == MUD_MARK_NUMBER &&
        s->numbers[s->marks[p->a.first - 2].hit].max >= 100000) {
        p->per = whole(p, s, MUD_U_LOT); /* "500k lines $70" */
        return;
    }
    if (s->marks[p->a.first - 1].used == MUD_USED_COUNT &&
        mud_unit_at(s, p->a.first - 1) == NULL &&
        s->marks[p->a.first - 1].kinds & 1U << MUD_LEX_UNIT) {
        p->per = whole(p, s, MUD_U_LOT); /* "50条500元" */
        return;
    }
    if (w->lot_qty > 1 && w->line == mud_scan_mark(s, p->a.first)->line + 1 &&
        !p->a.bare) {
        p->per = w->lot_per;
        p->per_qty = w->lot_qty;
        return;
    }
    if (same_goods(p, w)) { /* "12刀一条，日本25刀" */
        p->per = w->last_per;
        p->per_qty = w->last_qty;
        p->inherited = true;
        return;
    }
    if (!p->of && w->line == mud_scan_mark(s, p->a.first)->line + 1 &&
        w->last_per) { /* "每斤4.2元，毛鸡3.8元" */
        p->per = w->last_per;
        p->per_qty = w->last_qty;
        p->inherited = true;
        return;
    }
    p->per = w->list_per && p->a.bare ? w->list_per : per_default(p, s);
}

static void find_per(struct mud_price *p, struct mud_price_walk *w)
{
    struct mud_scan *s = w->s;
    struct mud_per per;

    p->per_qty = 1;
    p->explicit_per = true;
    if (lot_after(p, s)) {
        p->rule = MUD_RULE_PRICE_LOT;
        return;
    }
    if (mud_per_read(&per, s, p->a.last + 1, p->a.bare) && per.found) {
        p->last = per.last;
        p->per_qty = per.qty;
        p->per =
            per.unit == MUD_U_NONE
                ? (p->of ? mud_phrase_canonical(s, p->of)->unit : MUD_U_ITEM)
                : mud_unit_for(s, per.unit, per.flags, p->of, true);
        if (per.flags & MUD_M_EACH)
            p->per = mud_unit_for(s, MUD_U_ITEM, MUD_M_GE, p->of, true);
        whole_day(p);
        return;
    }
    if ((mud_role_at(s, p->a.first - 1) == MUD_R_PER && lot_for(p, s)) ||
        lot_before(p, s, w->lot_qty)) {
        p->rule = MUD_RULE_PRICE_LOT;
        return;
    }
    if (per_before(p, s))
        return;
    p->explicit_per = false;
    implied_per(p, w);
}

void mud_price_find_per(struct mud_price *p, struct mud_price_walk *w)
{
    find_per(p, w);
    if (p->per == MUD_U_GOLD)
        p->per = MUD_U_ITEM; /* coins are counted, not paid for one by one */
}

bool mud_price_ahead(const struct mud_scan *s, uint32_t i, uint32_t unit,
                     double lot_qty)
{
    struct mud_price p = {0};
    uint32_t j = unit + 1;

    if (mud_unit_at(s, unit) && mud_unit_at(s, unit)->flags & MUD_M_GE &&
        mud_unit_at(s, j) && !mud_scan_mark(s, j)->space)
        unit = j++; /* "1000个IP 2元" */
    while (j < unit + 3 &&
           (mud_scan_sign(s, j, '=') || mud_scan_sign(s, j, ':') ||
            mud_role_at(s, j) == MUD_R_RANGE || mud_role_at(s, j) == MUD_R_PER))
        j++;
    if (!mud_amount_read(&p.a, s, j) || p.a.first != j)
        return false;
    p.of = mud_product_of(s, j);
    p.last = p.a.last;
    if (lot_for(&p, s))
        return p.first == i;
    if (lot_before(&p, s, lot_qty))
        return p.first == i && !own_per(&p, s);
    return !p.a.bare && per_before(&p, s) && p.first == i;
}
