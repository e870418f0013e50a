#include "nlp/price.h"
#include "nlp/product.h"

static struct mud_entity *put(struct mud_scan *s, uint32_t first, uint32_t last,
                              const struct mud_phrase *of, unsigned unit,
                              unsigned rule)
{
    struct mud_entity *e =
        mud_scan_add(s,
                     MUD_ENT_QUANTITY,
                     s->marks[first].start,
                     s->marks[last].end,
                     rule,
                     rule == MUD_RULE_QUANTITY_UNIT ? 850 : 700);

    e->unit = mud_str_z(mud_unit_name(unit));
    e->of = of ? of->entity : -1;
    for (uint32_t i = first; i <= last; i++)
        s->marks[i].used = MUD_USED_COUNT;
    return e;
}

static bool attack(const struct mud_scan *s, const struct mud_phrase *p)
{
    return p && mud_phrase_canonical(s, p)->category == MUD_CAT_ATTACK_FOR_HIRE;
}

/* 数, 几, 上 before a scale: "几千台" says no number. */
static bool vague_before(const struct mud_mark *m)
{
    return m->type == MUD_MARK_HAN &&
           (m->sign == 0x6570 || m->sign == 0x51E0 || m->sign == 0x4E0A);
}

static bool soon(struct mud_str word)
{
    static const char *const words[] = {
        "in", "within", "every", "after", "через", "каждые"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (mud_str_eqz(word, words[i]))
            return true;
    }
    return false;
}

/* What stands before a number and makes it no quantity of goods. */
static bool described(const struct mud_scan *s, uint32_t i)
{
    uint32_t where;

    /* "带200个号", "支持30个", "走过数千单": what something has or did */
    static const uint32_t words[] = {
        0x5E26, 0x7ED1, 0x542B, 0x6301, 0x9650, 0x8FC7, 0x7B2C, 0x53EF, 0x6D4B};
    const struct mud_mark *m = mud_scan_mark(s, i - 1);

    if (m->type == MUD_MARK_HAN && vague_before(m))
        m = mud_scan_mark(s, i - 2);
    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
        if (m->type == MUD_MARK_HAN && m->sign == words[k])
            return true;
    }
    /* "in 48h", "within 3 days", "一小时能发两万条": how soon, how fast */
    if ((m->type == MUD_MARK_WORD || m->type == MUD_MARK_TERM) &&
        soon(mud_scan_text(s, m->start, m->end)))
        return true;
    if (mud_scan_mark(s, i - 2)->sign == 0x80FD &&
        mud_scan_mark(s, i - 2)->type == MUD_MARK_HAN)
        return true;
    if (mud_unit_at(s, i - 1) && mud_unit_at(s, i - 1)->code >= MUD_U_SECOND &&
        mud_unit_at(s, i - 1)->code <= MUD_U_HOUR &&
        !mud_scan_mark(s, i)->space)
        return true; /* "1秒10条" */
    switch (mud_role_before(s, i, &where)) {
    case MUD_R_FACE:
    case MUD_R_ATTRIBUTE:
    case MUD_R_WARRANTY:
    case MUD_R_BONUS:
        return i - where < 4;
    default:
        return false;
    }
}

static void limits(struct mud_entity *e, const struct mud_scan *s,
                   uint32_t first, uint32_t last)
{
    uint32_t where = 0;
    unsigned before = mud_role_before(s, first, &where);
    unsigned after = mud_role_at(s, last + 1);

    if (mud_scan_sign(s, last + 1, '+') || after == MUD_R_MIN_AFTER ||
        after == MUD_R_MIN_ORDER ||
        (after == MUD_R_MIN_QTY && mud_scan_break(s, last + 3)))
        e->max = __builtin_nan("");
    else if (after == MUD_R_MAX_AFTER)
        e->min = __builtin_nan("");
    else if (first - where < 4 &&
             (before == MUD_R_MIN_QTY || before == MUD_R_MIN_BEFORE))
        e->max = __builtin_nan("");
    else if (first - where < 3 && before == MUD_R_MAX_BEFORE)
        e->min = __builtin_nan("");
}

/* "路88号": 号 counts nothing but accounts. */
static bool house(const struct mud_scan *s, uint32_t unit,
                  const struct mud_phrase *of)
{
    const struct mud_mark *m = mud_scan_mark(s, unit);

    return m->end - m->start == 3 &&
           memcmp(s->text.s + m->start, "号", 3) == 0 &&
           !(of && mud_str_ends(mud_phrase_canonical(s, of)->id,
                                MUD_STR("_account")));
}

/* What stands behind a time that tells of the service: 在线, 无理由. */
static bool serves(const struct mud_scan *s, uint32_t i)
{
    static const char *const words[] = {"在线",
                                        "客服",
                                        "售后",
                                        "接",
                                        "无理由",
                                        "免费",
                                        "包",
                                        "到账",
                                        "发货",
                                        "响应",
                                        "不停",
                                        "营业",
                                        "自动",
                                        "服务"};
    const struct mud_mark *m = mud_scan_mark(s, i);
    struct mud_str rest = mud_str_sub(s->text, m->start, m->start + 12);

    return mud_str_starts_among(rest, words, sizeof words / sizeof words[0]) >
           0;
}

/* Is a unit (mark i) behind a number one of goods here? */
static bool fits(const struct mud_scan *s, uint32_t i,
                 const struct mud_meaning *u, const struct mud_number *n,
                 const struct mud_phrase *of, bool space)
{
    if (u->flags & (MUD_M_EACH | MUD_M_ADVERB))
        return false;
    if (u->flags & MUD_M_WEAK && house(s, i, of))
        return false;
    if (u->code == MUD_U_LINE && (mud_scan_mark(s, i + 1)->sign == 0x4E0D ||
                                  mud_scan_mark(s, i + 1)->sign == 0x5417))
        return false; /* "2600行不行" */
    if (u->flags & MUD_M_TIME &&
        (mud_role_at(s, i + 1) == MUD_R_MAX_AFTER || serves(s, i + 1)))
        return false; /* "48小时内", "24小时在线" */
    if (u->flags & MUD_M_TIME)
        return attack(s, of) && !(u->flags & MUD_M_WEAK) && n->max > 1 &&
               u->code < MUD_U_WEEK;
    if (u->flags & MUD_M_G || u->code == MUD_U_GBPS)
        return attack(s, of);
    if (u->code == MUD_U_KG || u->code == MUD_U_METER || u->code == MUD_U_GB ||
        u->code == MUD_U_TIME || u->code == MUD_U_GRAM ||
        u->code == MUD_U_SITE || u->code == MUD_U_SERVER ||
        u->code == MUD_U_SHIFT || u->code == MUD_U_HOUSEHOLD)
        return false;
    if (u->code == MUD_U_PERSON && of &&
        mud_str_ends(mud_phrase_canonical(s, of)->id, MUD_STR("_account")))
        return false; /* "五千粉" tells what the account is */
    if (n->max <= 1 || (n->max < 3 && n->flags & MUD_NUM_HAN))
        return false;
    return !space || !(u->flags & MUD_M_WEAK) || n->flags & MUD_NUM_SCALED;
}

/* 起批, 起发, 起拿: words of orders, which no price is said with. */
static bool order_word(const struct mud_scan *s, uint32_t i)
{
    static const char *const words[] = {
        "起批", "起发", "起出", "起拿", "起订", "起卖", "起售", "起送", "起要"};
    const struct mud_mark *m = mud_scan_mark(s, i);
    struct mud_str text = mud_scan_text(s, m->start, m->end);

    return mud_str_among(text, words, sizeof words / sizeof words[0]);
}

/* Goods sold by the piece, of which there may be a least order. */
static bool by_the_piece(const struct mud_scan *s, const struct mud_phrase *of)
{
    switch (mud_phrase_canonical(s, of)->category) {
    case MUD_CAT_BOTS:
    case MUD_CAT_PERSONAL_DATA:
    case MUD_CAT_ACCOUNT_TRADE:
    case MUD_CAT_SMS_TRAFFIC_FRAUD:
        return true;
    case MUD_CAT_BENIGN:
    case MUD_CAT_ATTACK_FOR_HIRE:
    case MUD_CAT_MALWARE:
    case MUD_CAT_PHISHING:
    case MUD_CAT_HACKING_TRAINING:
    case MUD_CAT_VIRTUAL_PROPERTY:
    case MUD_CAT_MONEY_MULE:
    case MUD_CAT_MARKET_SERVICE:
    case MUD_CAT_OTHER:
    case MUD_CATEGORIES:
    default:
        return false;
    }
}

bool mud_quantity_least(const struct mud_price_walk *w,
                        const struct mud_amount *a)
{
    const struct mud_scan *s = w->s;
    const struct mud_phrase *of;

    if (!a->bare || !a->open_max || a->range || !s->offer || a->max < 2 ||
        mud_role_at(s, a->last) != MUD_R_MIN_AFTER ||
        !mud_number_mark(s, a->first))
        return false;
    of = mud_product_of(s, a->first);
    if (!of || !by_the_piece(s, of))
        return false;
    if (order_word(s, a->last))
        return true;
    /* far above what one costs */
    return w->line == mud_scan_mark(s, a->first)->line + 1 && w->last_per &&
           w->last_per != MUD_U_LOT && w->last_per != MUD_U_TURNOVER &&
           !(w->last_per >= MUD_U_SECOND && w->last_per <= MUD_U_SHIFT) &&
           a->max >= 10 * w->last_max;
}

bool mud_quantity_daily(const struct mud_price_walk *w, uint32_t i)
{
    const struct mud_scan *s = w->s;
    const struct mud_phrase *of = mud_product_of(s, i);
    const struct mud_meaning *u = mud_unit_at(s, i + 1);
    unsigned role = mud_role_at(s, i + 1);

    if (u && u->flags & MUD_M_ADVERB)
        return u->code == MUD_U_DAY; /* "5k daily" */
    if (role == MUD_R_PER || role == MUD_R_PER_EN || role == MUD_R_PER_RU)
        u = mud_unit_at(s, i + 2);
    /* "need installs, 5-10k per day, paying $90" */
    return u && (u->code == MUD_U_DAY || u->code == MUD_U_WEEK) && s->hungry &&
           of && by_the_piece(s, of) && mud_number_mark(s, i) &&
           mud_number_mark(s, i)->max >= 100 &&
           mud_scan_has(s, MUD_LEX_CURRENCY);
}

/* Numbers without a unit: "min order 500", "日刷5万", "20+ $14", "130万". */
static uint32_t bare(struct mud_price_walk *w, uint32_t first, uint32_t i,
                     double min, const struct mud_phrase *of)
{
    struct mud_scan *s = w->s;
    const struct mud_number *n = mud_number_mark(s, i);
    uint32_t where = 0;
    unsigned before = mud_role_before(s, i, &where);
    const struct mud_meaning *u = mud_unit_at(s, i - 1);
    struct mud_amount next;
    struct mud_entity *e;
    bool least = (!mud_scan_sign(s, i + 1, ':') && before == MUD_R_MIN_QTY &&
                  i - where < 4 && w->last_currency != MUD_CUR_PCT) ||
                 (mud_amount_read(&next, s, i) && mud_quantity_least(w, &next));
    bool daily =
        (before == MUD_R_DAILY && i - where < 2) || mud_quantity_daily(w, i);
    bool plus = mud_scan_sign(s, i + 1, '+') &&
                ((mud_amount_read(&next, s, i + 2) && !next.bare) ||
                 (mud_amount_read(&next, s, i + 3) && !next.bare) ||
                 mud_scan_break(s, i + 3) || mud_scan_break(s, i + 4));
    bool after = mud_role_at(s, i + 1) == MUD_R_MIN_QTY &&
                 mud_scan_break(s, i + 3); /* "1k min" */
    /* but "满50万2点": of what goes through */
    bool from = mud_role_at(s, i - 1) == MUD_R_MIN_BEFORE &&
                n->flags & MUD_NUM_SCALED &&
                !(mud_amount_read(&next, s, i + 1) && next.percent);
    bool whole = of && n->max >= 10000 && n->flags & MUD_NUM_SCALED &&
                 mud_scan_break(s, i) && mud_scan_break(s, i + 2) &&
                 mud_phrase_canonical(s, of)->category == MUD_CAT_PERSONAL_DATA;
    bool seats =
        u && mud_scan_mark(s, i - 1)->type == MUD_MARK_TERM &&
        u->code == MUD_U_PERSON &&
        (unsigned char)s->text.s[mud_scan_mark(s, i - 1)->start] < 0xE0;

    if (!seats && i > 2 && mud_scan_sign(s, i - 1, ':')) {
        u = mud_unit_at(s, i - 2);
        seats = u && u->code == MUD_U_PERSON;
    }
    bool stock = of && before == MUD_R_STOCK && i - where < 2 && n->max >= 10 &&
                 by_the_piece(s, of) && mud_scan_break(s, i + 2);

    if (!of ||
        !(stock || least || daily || plus || from || whole || seats || after) ||
        n->max < 2)
        return i;
    e = put(s,
            first,
            plus ? i + 1 : i,
            of,
            seats ? MUD_U_PERSON : mud_phrase_canonical(s, of)->unit,
            MUD_RULE_QUANTITY_BARE);
    e->min = first < i ? min : n->min;
    e->max = least || plus || from || after ? __builtin_nan("") : n->max;
    return i + (plus ? 2 : 1);
}

/* "一天十万流水", "能跑两三万": how much goes through, in yuan. */
static bool turnover(const struct mud_scan *s, uint32_t i,
                     const struct mud_number *n, const struct mud_phrase *of)
{
    const struct mud_mark *prev = mud_scan_mark(s, i - 1);
    uint32_t next =
        i + 1 + (mud_scan_code(s, i + 1, MUD_LEX_CURRENCY) == (int)MUD_CUR_CNY);
    const struct mud_mark *m = mud_scan_mark(s, next);

    return of && n->max >= 10000 &&
           mud_phrase_canonical(s, of)->category == MUD_CAT_MONEY_MULE &&
           ((prev->type == MUD_MARK_HAN && prev->sign == 0x8DD1 &&
             !mud_unit_at(s, i + 1)) ||
            mud_str_starts(mud_str_sub(s->text, m->start, m->start + 6),
                           MUD_STR("流水")));
}

/* "Wholesale 50+ pcs talk": no price for so many follows. */
static bool pieces_or_more(const struct mud_scan *s, uint32_t i,
                           const struct mud_phrase *of)
{
    const struct mud_meaning *u = mud_unit_at(s, i + 2);
    struct mud_amount sum;

    if (!of || !u || !mud_scan_sign(s, i + 1, '+') ||
        (u->code != MUD_U_ITEM && u->code != MUD_U_ACCOUNT))
        return false;
    for (uint32_t j = i + 3; j < i + 6 && !mud_scan_break(s, j); j++) {
        if (mud_amount_read(&sum, s, j))
            return false;
    }
    return true;
}

static uint32_t pieces(struct mud_scan *s, uint32_t i,
                       const struct mud_number *n, const struct mud_phrase *of)
{
    struct mud_entity *e = put(s,
                               i,
                               i + 2,
                               of,
                               mud_unit_for(s, MUD_U_ITEM, MUD_M_GE, of, false),
                               MUD_RULE_QUANTITY_UNIT);

    e->min = n->min;
    e->max = __builtin_nan("");
    return i + 3;
}

uint32_t mud_quantity_read(struct mud_price_walk *w, uint32_t i)
{
    struct mud_scan *s = w->s;
    const struct mud_number *n = mud_number_mark(s, i), *m;
    const struct mud_phrase *of;
    const struct mud_meaning *u;
    uint32_t last = i;
    double min, max;
    struct mud_entity *e;

    if (!n || !s->offer || n->flags & MUD_NUM_STRING || w->percent)
        return i; /* "10个点" */
    of = mud_product_of(s, i);
    if (turnover(s, i, n, of)) {
        e = put(s, i, i, of, MUD_U_CNY, MUD_RULE_QUANTITY_BARE);
        e->min = n->min;
        e->max = n->max;
        return i + 1;
    }
    if (described(s, i))
        return i;
    min = n->min;
    max = n->max;
    if (mud_role_at(s, i + 1) == MUD_R_RANGE &&
        (m = mud_number_mark(s, i + 2)) != NULL && m->max > n->max) {
        max = m->max;
        min *= m->scale > n->scale && n->max < m->max / m->scale ? m->scale : 1;
        last = i + 2;
    }
    u = mud_unit_at(s, last + 1);
    if (!u && last == i && pieces_or_more(s, i, of))
        return pieces(s, i, n, of);
    if (!u || !fits(s,
                    last + 1,
                    u,
                    last > i ? mud_number_mark(s, last) : n,
                    of,
                    mud_scan_mark(s, last + 1)->space))
        return of && (last == i || mud_quantity_daily(w, last))
                   ? bare(w, i, last, min, of)
                   : i;
    if (last == i && mud_price_ahead(s, i, i + 1, w->lot_qty))
        return i;
    if (u->flags & MUD_M_GE && !mud_scan_mark(s, last + 2)->space) {
        const struct mud_meaning *what = mud_unit_at(s, last + 2);

        if (what && what->code == MUD_U_PERSON) { /* "12个名额" */
            u = what;
            last++;
        }
    }
    e = put(s,
            i,
            last + 1,
            of,
            mud_unit_for(s, u->code, u->flags, of, false),
            MUD_RULE_QUANTITY_UNIT);
    e->min = min * u->by;
    e->max = max * u->by;
    limits(e, s, i, last + 1);
    if (vague_before(mud_scan_mark(s, i - 1)))
        e->min = e->max = __builtin_nan("");
    return last + 2;
}
