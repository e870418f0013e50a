/* What a sum is: price, deposit, commission, share, wage... */
#include "nlp/price.h"

#include "nlp/product.h"

bool mud_price_is(const struct mud_scan *s, const struct mud_phrase *p,
                  enum mud_category category)
{
    return p && mud_phrase_canonical(s, p)->category == category;
}

static bool balance(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(s, i);
    struct mud_str text = mud_scan_text(s, m->start, m->end);

    return mud_str_eqz(text, "余额") || mud_str_eqz(text, "balance");
}

/* Is what the word at mark i tells a sum of money? 粉丝 are none. */
static bool of_money(const struct mud_scan *s, uint32_t i)
{
    static const char *const words[] = {"额度",
                                        "流水",
                                        "日流水",
                                        "月流水",
                                        "存款",
                                        "限额",
                                        "单笔限额",
                                        "日限额",
                                        "limit",
                                        "limits",
                                        "credit limit",
                                        "лимит",
                                        "баланс",
                                        "申请"};
    const struct mud_mark *m = mud_scan_mark(s, i);
    struct mud_str text = mud_scan_text(s, m->start, m->end);

    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
        if (mud_str_eqz(text, words[k]))
            return true;
    }
    return balance(s, i);
}

static bool followed(const struct mud_scan *s, uint32_t last,
                     const char *const *words, size_t n)
{
    uint32_t end = s->marks[last].end;
    struct mud_str rest = mud_str_sub(s->text, end, end + 24);

    for (size_t i = 0; i < n; i++) {
        if (mud_str_starts(rest, mud_str_z(words[i])))
            return true;
    }
    return false;
}

/* "30% of profit", "30% с профита": of what is made with the goods. */
static bool of_profit(const struct mud_scan *s, uint32_t last)
{
    static const char *const words[] = {" of profit",
                                        " of the profit",
                                        " of revenue",
                                        " of earnings",
                                        " of income",
                                        " с профита",
                                        " от профита",
                                        " с прибыли",
                                        " от прибыли",
                                        " от дохода",
                                        " с дохода"};

    return followed(s, last, words, sizeof words / sizeof words[0]);
}

/* "10% of balance", "60% of face", "60% от стима". */
static bool of_face(const struct mud_scan *s, uint32_t last)
{
    static const char *const words[] = {" of balance",
                                        " of the balance",
                                        " of face",
                                        " of value",
                                        " of market",
                                        " от баланса",
                                        " от номинала",
                                        " от стима",
                                        " от рынка"};

    return followed(s, last, words, sizeof words / sizeof words[0]);
}

/* Percentages count where something is shared, taken or discounted. */
unsigned mud_price_percent_role(const struct mud_price *p,
                                const struct mud_price_walk *w)
{
    const struct mud_scan *s = w->s;
    uint32_t where = 0;
    unsigned role = mud_role_before(s, p->a.first, &where);
    unsigned after = mud_role_at(s, p->a.last + 1);

    if (p->a.off)
        return MUD_R_NONE;
    if (after == MUD_R_DEPOSIT || role == MUD_R_DEPOSIT)
        return MUD_R_DEPOSIT;
    if ((role == MUD_R_FACE ||
         (role == MUD_R_ATTRIBUTE && balance(s, where))) &&
        p->a.first - where < 4)
        return MUD_R_PRICE; /* "余额的15个点" */
    if (of_face(s, p->a.last))
        return MUD_R_PRICE;
    /* "满50万 2%": the limit is of the number between */
    if (role == MUD_R_BONUS || role == MUD_R_OLD ||
        (role == MUD_R_MIN_BEFORE &&
         mud_scan_mark(s, p->a.first - 1)->type != MUD_MARK_NUMBER))
        return MUD_R_MENTIONED;
    if (p->a.discount)
        return mud_price_is(s, p->of, MUD_CAT_VIRTUAL_PROPERTY)
                   ? MUD_R_PRICE
                   : MUD_R_MENTIONED;
    if (role == MUD_R_COMMISSION || after == MUD_R_COMMISSION)
        return MUD_R_COMMISSION;
    if (role == MUD_R_SHARE)
        return MUD_R_SHARE;
    if (p->a.tenths)
        return MUD_R_NONE;
    if (mud_price_is(s, p->of, MUD_CAT_MONEY_MULE))
        return MUD_R_COMMISSION;
    if (s->offer && s->direction == MUD_DIR_RECRUIT &&
        role != MUD_R_ATTRIBUTE && role != MUD_R_WARRANTY)
        return MUD_R_SHARE;
    if (of_profit(s, p->a.last))
        return MUD_R_SHARE;
    if (mud_phrase_is(s, p->of, "fake_invoice") ||
        (mud_phrase_is(s, p->of, "loan") && p->a.percent) ||
        (mud_price_is(s, p->of, MUD_CAT_VIRTUAL_PROPERTY) &&
         mud_product_of(s, p->a.first)))
        return MUD_R_PRICE;
    return MUD_R_NONE;
}

/* "满1000U送5%": the amount is a condition. */
static bool over(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(s, i);

    return m->type == MUD_MARK_TERM && mud_role_at(s, i) == MUD_R_MIN_BEFORE &&
           mud_str_starts(mud_scan_text(s, m->start, m->end), MUD_STR("满"));
}

/* "招人，一天300": what recruits are told they get. */
static unsigned paid_to_reader(const struct mud_price *p,
                               const struct mud_scan *s)
{
    bool job = s->job || (s->benign && s->direction == MUD_DIR_RECRUIT);

    if (job ? !p->explicit_per
            : !s->offer || s->direction != MUD_DIR_RECRUIT || !p->explicit_per)
        return job ? MUD_R_SALARY : MUD_R_PRICE;
    switch (p->per) {
    case MUD_U_HOUR:
    case MUD_U_DAY:
    case MUD_U_SHIFT:
    case MUD_U_WEEK:
        return MUD_R_WAGE;
    case MUD_U_MONTH:
    case MUD_U_YEAR:
        return MUD_R_SALARY;
    case MUD_U_ITEM:
    case MUD_U_TIME:
        return mud_price_is(s, p->of, MUD_CAT_SMS_TRAFFIC_FRAUD) ? MUD_R_WAGE
                                                                 : MUD_R_PRICE;
    default:
        return job ? MUD_R_SALARY : MUD_R_PRICE;
    }
}

unsigned mud_price_money_role(struct mud_price *p,
                              const struct mud_price_walk *w)
{
    const struct mud_scan *s = w->s;
    uint32_t where = 0;
    unsigned role = mud_role_before(s, p->a.first, &where);
    unsigned after = mud_role_at(s, p->last + 1);

    if ((after == MUD_R_DEPOSIT && !mud_number_mark(s, p->last + 2)) ||
        after == MUD_R_MIN_ORDER)
        return after;
    if (after == MUD_R_MIN_QTY && !p->a.bare)
        return MUD_R_MIN_ORDER;
    if (p->a.open_max && p->a.min >= 100 &&
        mud_phrase_is(s, p->of, "usdt_exchange"))
        return MUD_R_MIN_ORDER; /* "1万U起" */
    if (p->a.open_max && p->rule != MUD_RULE_PRICE_LOT && !p->explicit_per &&
        p->of &&
        mud_phrase_canonical(s, p->of)->category == MUD_CAT_VIRTUAL_PROPERTY &&
        (mud_phrase_is(s, p->of, "topup_card") ||
         mud_phrase_canonical(s, p->of)->per == MUD_U_FACE)) {
        p->a.open_max = role != MUD_R_MIN_QTY; /* "min order $50" */
        return MUD_R_MIN_ORDER;
    } /* "移动联通100起" */
    if (over(s, p->a.first)) {
        p->a.open_max = false;
        p->no_of = true;
        p->per = MUD_U_LOT;
        return MUD_R_MENTIONED;
    }
    if (p->a.first - where > 4 ||
        (role == MUD_R_ATTRIBUTE &&
         (p->a.first - where > 1 || (!p->a.bare && !of_money(s, where)))) ||
        ((role == MUD_R_BONUS || role == MUD_R_OLD) && p->a.first - where > 1 &&
         mud_role_weak(s, where)))
        role = 0;
    switch (role) {
    case MUD_R_DEPOSIT:
    case MUD_R_MIN_ORDER:
    case MUD_R_WAGE:
    case MUD_R_SALARY:
        return role;
    case MUD_R_COMMISSION: /* "点位2.2" */
        return p->a.bare && p->a.max <= 50 && p->rule == MUD_RULE_PRICE_CUE &&
                       !(mud_role_means(s, where)->flags & MUD_M_WEAK &&
                         p->a.max >= 10)
                   ? MUD_R_COMMISSION
               : s->offer && s->direction == MUD_DIR_RECRUIT
                   ? MUD_R_COMMISSION
                   : paid_to_reader(p, s);
    case MUD_R_OLD:
    case MUD_R_BONUS:
    case MUD_R_LOSS:
    case MUD_R_SPENT:
    case MUD_R_CHAT:
    case MUD_R_FACE:
    case MUD_R_ATTRIBUTE:
        p->no_of = true;
        if (!p->explicit_per && role != MUD_R_OLD)
            p->per = MUD_U_LOT;
        return MUD_R_MENTIONED;
    case MUD_R_MIN_QTY:
        p->a.open_max = false; /* "min order $50" */
        if (p->explicit_per)
            return paid_to_reader(p, s); /* "最低3000一套" */
        return MUD_R_MIN_ORDER;
    default:
        return paid_to_reader(p, s);
    }
}

void mud_price_fit_role(struct mud_price *p, const struct mud_scan *s)
{
    switch (p->role) {
    case MUD_R_DEPOSIT:
    case MUD_R_MIN_ORDER:
        if (!p->explicit_per)
            p->per = MUD_U_LOT;
        if (p->role == MUD_R_MIN_ORDER &&
            !mud_price_is(s, p->of, MUD_CAT_VIRTUAL_PROPERTY))
            p->a.open_max = false;
        p->a.open_max = p->a.open_max && p->role != MUD_R_DEPOSIT;
        break;
    case MUD_R_WAGE:
        if (!p->explicit_per && !p->named_per)
            p->per = p->a.currency <= MUD_CUR_CNY && p->a.min >= 1500
                         ? MUD_U_MONTH /* "工资3000" */
                         : MUD_U_DAY;
        break;
    case MUD_R_SALARY:
        if (!p->explicit_per && !p->named_per)
            p->per = p->a.min >= 12000 && mud_str_eqz(s->lang, "en")
                         ? MUD_U_YEAR
                         : MUD_U_MONTH;
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
    case MUD_R_MENTIONED:
        if (p->a.currency == MUD_CUR_PCT)
            p->per = MUD_U_FACE;
        break;
    default:
        break;
    }
}
