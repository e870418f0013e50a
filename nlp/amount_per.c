/* What something is per, and units as they are said of a product. */
#include "nlp/amount.h"

#include "nlp/product.h"

/* "5毛一个激活", "1500一个号": what 个 counts may be a unit of its own. */
static void counted_thing(struct mud_per *p, const struct mud_scan *s)
{
    const struct mud_meaning *u = mud_unit_at(s, p->last + 1);

    if (!(p->flags & MUD_M_GE) || p->flags & MUD_M_TIME || !u ||
        u->flags & (MUD_M_EACH | MUD_M_ADVERB | MUD_M_GE) ||
        mud_scan_mark(s, p->last + 1)->space || mud_number_mark(s, p->last + 2))
        return;
    p->unit = u->code;
    p->flags = u->flags;
    p->qty *= u->by;
    p->last++;
}

/* A number of units from mark i, or a unit, or a number: as "per" has it. */
static bool per_tail(struct mud_per *p, const struct mud_scan *s, uint32_t i)
{
    const struct mud_number *n = mud_number_mark(s, i);
    const struct mud_meaning *u;

    p->qty = 1;
    if (n) {
        p->qty = n->max;
        p->last = i++;
    }
    u = mud_unit_at(s, i);
    if (u) {
        p->unit = u->code;
        p->flags = u->flags;
        p->qty *= u->by;
        p->last = i;
        counted_thing(p, s);
    }
    p->found = (n || u) && p->qty > 0;
    return p->found;
}

/* "300元/千粉": a term that holds its number. */
static bool thousand_fans(struct mud_per *p, const struct mud_scan *s,
                          uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(s, i);
    struct mud_str text = mud_scan_text(s, m->start, m->end);

    p->found = mud_str_eqz(text, "千粉") || mud_str_eqz(text, "万粉");
    if (p->found) {
        p->unit = MUD_U_PERSON;
        p->qty = mud_str_eqz(text, "千粉") ? 1e3 : 1e4;
        p->last = i;
    }
    return p->found;
}

/* "户籍650/车辆300": the stroke parts two entries of a list. */
static bool entry_follows(const struct mud_scan *s, uint32_t i)
{
    for (uint32_t j = i; j < i + 8 && !mud_scan_break(s, j + 1); j++) {
        if (s->marks[j].type == MUD_MARK_NUMBER)
            return true;
        if (s->marks[j].space)
            return false;
    }
    return false;
}

/* "400$ месяц", "800$ 3 months": for how long, without a word for it. */
static bool period(struct mud_per *p, const struct mud_scan *s, uint32_t i)
{
    const struct mud_number *n = mud_number_mark(s, i);
    const struct mud_meaning *u = mud_unit_at(s, i + (n != NULL));
    const struct mud_mark *m = mud_scan_mark(s, i + (n != NULL));

    if (!u || !(u->flags & MUD_M_TIME) || u->code < MUD_U_DAY ||
        u->code > MUD_U_YEAR || !s->marks[i].space ||
        (unsigned char)s->text.s[m->start] >= 0xE0 ||
        !mud_scan_break(s, i + (n != NULL) + 2) ||
        (n && (n->max > 36 || u->code < MUD_U_WEEK)))
        return false;
    return per_tail(p, s, i);
}

bool mud_per_read(struct mud_per *p, const struct mud_scan *s, uint32_t i,
                  bool bare)
{
    const struct mud_mark *m = mud_scan_mark(s, i);
    const struct mud_number *n = mud_number_mark(s, i);
    const struct mud_meaning *u = mud_unit_at(s, i);

    *p = (struct mud_per){.first = i, .last = i, .qty = 1};
    switch (mud_role_at(s, i)) {
    case MUD_R_PER:
        /* "01/30" is a date */
        if (bare && m->end - m->start == 1 && s->text.s[m->start] == '/' &&
            mud_number_mark(s, i + 1) && !mud_unit_at(s, i + 2))
            return false;
        /* "$15 for 100": a word may be many things, so a number must follow */
        if (mud_role_weak(s, i) && (bare || !mud_number_mark(s, i + 1)))
            return false;
        if (per_tail(p, s, i + 1) || thousand_fans(p, s, i + 1))
            return true;
        /* "2000/科": something nobody listed */
        p->unit = MUD_U_ITEM;
        p->qty = 1;
        p->last = i + 1;
        p->found = m->end - m->start == 1 && s->text.s[m->start] == '/' &&
                   mud_scan_mark(s, i + 1)->type == MUD_MARK_HAN &&
                   !entry_follows(s, i + 1);
        return p->found;
    case MUD_R_PER_EN:
    case MUD_R_PER_RU:
        u = mud_unit_at(s, i + 1);
        return u && u->flags & MUD_M_TIME && per_tail(p, s, i + 1);
    case MUD_R_EACH:
        p->unit = MUD_U_ITEM;
        p->flags = MUD_M_EACH | MUD_M_GE;
        p->found = true;
        return true;
    case MUD_R_LOT_AFTER:
        p->unit = MUD_U_LOT;
        p->found = true;
        return true;
    default:
        break;
    }
    if (u && u->flags & (MUD_M_EACH | MUD_M_ADVERB)) {
        p->unit = u->code;
        p->flags = u->flags | (u->flags & MUD_M_EACH ? MUD_M_GE : 0);
        p->found = true;
        return true;
    }
    if (!bare && period(p, s, i))
        return true;
    if (!n || (m->space && !(n->flags & MUD_NUM_HAN && n->max < 1.5)) ||
        !mud_unit_at(s, i + 1) || mud_scan_mark(s, i + 1)->space)
        return false;
    if (m->space && mud_number_mark(s, i + 2) && !s->marks[i + 2].space)
        return false; /* "半年30 一年60" */
    if (n->min != n->max || (bare && !(n->flags & MUD_NUM_HAN)))
        return false;
    return per_tail(p, s, i);
}

bool mud_phrase_is(const struct mud_scan *s, const struct mud_phrase *p,
                   const char *id)
{
    return p && mud_str_eqz(mud_phrase_canonical(s, p)->id, id);
}

static bool id_ends(const struct mud_scan *s, const struct mud_phrase *p,
                    const char *tail)
{
    return p && mud_str_ends(mud_phrase_canonical(s, p)->id, mud_str_z(tail));
}

static bool id_starts(const struct mud_scan *s, const struct mud_phrase *p,
                      const char *head)
{
    return p && mud_str_starts(mud_phrase_canonical(s, p)->id, mud_str_z(head));
}

/* Goods by their own count, where pieces, papers or lines are said of them. */
static unsigned item_for(const struct mud_scan *s, unsigned flags,
                         const struct mud_phrase *product, bool price)
{
    const struct mud_canonical *c = mud_phrase_canonical(s, product);
    bool zh = mud_str_starts(s->lang, MUD_STR("zh"));

    if (id_starts(s, product, "corporate") ||
        id_starts(s, product, "bank_card"))
        return MUD_U_SET;
    if (id_ends(s, product, "_account") || id_ends(s, product, "apple_id") ||
        (c->per == MUD_U_ACCOUNT && c->category == MUD_CAT_ATTACK_FOR_HIRE))
        return price ? MUD_U_ACCOUNT : MUD_U_ITEM;
    if ((c->unit == MUD_U_PERSON || c->unit == MUD_U_HOST ||
         c->unit == MUD_U_SMS || c->unit == MUD_U_IP) &&
        c->category != MUD_CAT_HACKING_TRAINING &&
        !(flags & MUD_M_ORDER && c->unit == MUD_U_PERSON))
        return c->unit;
    if (c->per == MUD_U_USDT && price)
        return MUD_U_USDT;
    if (zh && (mud_phrase_is(s, product, "personal_record") ||
               mud_phrase_is(s, product, "delivery_record")))
        return MUD_U_RECORD;
    return MUD_U_ITEM;
}

unsigned mud_unit_for(const struct mud_scan *s, unsigned unit, unsigned flags,
                      const struct mud_phrase *product, bool price)
{
    const struct mud_canonical *c =
        product ? mud_phrase_canonical(s, product) : NULL;

    switch (unit) {
    case MUD_U_ITEM:
        return c ? item_for(s, flags, product, price) : MUD_U_ITEM;
    case MUD_U_HOST:
        return s->benign ? MUD_U_ITEM : MUD_U_HOST;
    case MUD_U_EPISODE: /* "120一节" */
        return price ? MUD_U_TIME : MUD_U_EPISODE;
    case MUD_U_RECORD:
        if (c && (c->unit == MUD_U_SMS || c->unit == MUD_U_EMAIL))
            return c->unit;
        if (s->topics & MUD_TOPIC_SMS &&
            (c ? c->category == MUD_CAT_OTHER ||
                     c->category == MUD_CAT_MONEY_MULE ||
                     c->category == MUD_CAT_SMS_TRAFFIC_FRAUD
               : price && s->direction != MUD_DIR_NONE))
            return MUD_U_SMS;
        if (flags & MUD_M_ORDER && !(c && c->category == MUD_CAT_PERSONAL_DATA))
            return MUD_U_ITEM;
        if (c && (c->unit == MUD_U_ITEM || c->unit == MUD_U_PERSON) &&
            c->category != MUD_CAT_PERSONAL_DATA)
            return MUD_U_ITEM;
        return MUD_U_RECORD;
    case MUD_U_GBPS: /* "3.2元/G" of traffic */
        return c && price && c->category != MUD_CAT_ATTACK_FOR_HIRE ? MUD_U_GB
                                                                    : unit;
    case MUD_U_CARD:
        if (c && (c->category == MUD_CAT_OTHER ||
                  mud_phrase_is(s, product, "coupon")))
            return MUD_U_ITEM;
        return s->tickets && !c ? MUD_U_TICKET : MUD_U_CARD;
    case MUD_U_PERSON: /* leads by the piece */
        return c && c->unit == MUD_U_RECORD ? MUD_U_RECORD : MUD_U_PERSON;
    case MUD_U_HEAD:
        if (c && c->unit == MUD_U_HOST)
            return MUD_U_HOST;
        return price ? MUD_U_ITEM : MUD_U_HEAD;
    case MUD_U_ACCOUNT:
        return price ? MUD_U_ACCOUNT : MUD_U_ITEM;
    default:
        return unit;
    }
}
