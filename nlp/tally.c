#include "nlp/tally.h"

#include "nlp/amount.h"
#include "nlp/product.h"
#include "nlp/scratch.h"

enum {
    REASONS_MAX = 64,
    GROUP_CAP = 12,
    OFFER_AT = 5,
    STRONG_AT = 10,
    TOLD = 3,
    ADVERB_MAX = 5,
    EVERYDAY = 6
};

static void reason(struct mud_tally *t, const struct mud_scan *s, unsigned rule,
                   int weight, uint32_t start, uint32_t end)
{
    if (!t->explain || t->n_reasons >= REASONS_MAX || s->field != MUD_IN_TEXT)
        return;
    t->reasons = mud_arena_grow(s->arena,
                                t->reasons,
                                &t->cap_reasons,
                                t->n_reasons,
                                sizeof *t->reasons);
    t->reasons[t->n_reasons++] = (struct mud_reason){
        .rule = (uint16_t)rule,
        .weight = (int16_t)weight,
        .at = mud_fold_raw(&s->fold, (struct mud_span){start, end})};
}

/* Whoever wants these wants people. */
static bool hires(struct mud_str id)
{
    static const char *const ids[] = {
        "money_running", "bank_drop", "parcel_drop", "fake_review"};

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        if (mud_str_eqz(id, ids[i]))
            return true;
    }
    return false;
}

static bool same_text(const struct mud_scan *s, const struct mud_phrase *a,
                      const struct mud_phrase *b)
{
    return mud_str_eq(mud_scan_text(s, a->start, a->end),
                      mud_scan_text(s, b->start, b->end));
}

static void add_points(struct mud_tally *t, unsigned category, int n)
{
    t->category[category] += n;
    t->categories |= 1U << category & ~(1U << MUD_CAT_BENIGN);
}

static void count_products(struct mud_tally *t, const struct mud_scan *s)
{
    for (size_t i = 0; i < s->n_phrases; i++) {
        const struct mud_phrase *p = &s->phrases[i];
        const struct mud_canonical *c = mud_phrase_canonical(s, p);
        int weight = p->generic ? 1 : p->weak ? 2 : 4;
        uint64_t bit = UINT64_C(1) << (p->canonical % 64);

        if (t->seen[p->canonical / 64 % 4] & bit) {
            add_points(t, c->category, 1);
            /* a second word for the same thing bears out the first */
            if (t->distinct == 1 && t->products == 2 &&
                !same_text(s, p, &s->phrases[0]))
                t->products += 2;
            continue;
        }
        t->seen[p->canonical / 64 % 4] |= bit;
        if (t->distinct++ < 3)
            t->products += weight;
        add_points(t, c->category, weight * 2 + (t->distinct == 1 ? 2 : 0));
        t->people |= hires(c->id) && (!p->weak || t->distinct == 1);
        t->market_itself |= t->distinct == 1 && !p->weak &&
                            c->category == MUD_CAT_MARKET_SERVICE;
        t->course |= c->category == MUD_CAT_HACKING_TRAINING && !p->generic;
        reason(t, s, MUD_RULE_CLASS_PRODUCT, weight, p->start, p->end);
    }
}

/* Is mark i at the start of its clause, adverbs apart ("本人长期收")? */
static bool clause_start(const struct mud_scan *s, uint32_t i)
{
    for (uint32_t j = i; j > 0 && i - j <= ADVERB_MAX; j--) {
        const struct mud_mark *m = &s->marks[j - 1];

        if (mud_scan_break(s, j) || mud_scan_sign(s, j - 1, ':') ||
            (m->type == MUD_MARK_SIGN && m->sign >= 0x2000))
            return true;
        if (m->type != MUD_MARK_HAN &&
            !(m->kinds &
              (1U << MUD_LEX_VERB | 1U << MUD_LEX_ROLE | 1U << MUD_LEX_CUE)))
            return false;
    }
    return false;
}

static bool phrase_at(const struct mud_scan *s, uint32_t mark)
{
    const struct mud_phrase *p = mud_product_of(s, mark + 1);
    const struct mud_mark *m = mud_scan_mark(s, mark);

    if (p && p->start <= m->start && m->start < p->end)
        return true;
    p = mud_product_of(s, mark);
    return p && p->start <= m->start && m->start < p->end;
}

/* "stop buying from ...", "not taking": what nobody should do. */
static bool refused(const struct mud_scan *s, uint32_t i)
{
    static const char *const words[] = {
        "stop", "don't", "dont", "quit", "not", "never", "instead of", "别"};
    const struct mud_mark *m = mud_scan_mark(s, i - 1);
    struct mud_str before = mud_scan_text(s, m->start, m->end);

    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
        if (mud_str_eqz(before, words[k]))
            return true;
    }
    return false;
}

/* Is a product named within the next marks? Words that mean little alone. */
static bool product_near(const struct mud_scan *s, uint32_t i)
{
    for (uint32_t j = i + 1; j <= i + 5 && j <= s->n_marks; j++) {
        if (phrase_at(s, j))
            return true;
        if (mud_scan_break(s, j + 1))
            return false;
    }
    return false;
}

static void count_verb(struct mud_tally *t, const struct mud_scan *s,
                       uint32_t i)
{
    const struct mud_mark *m = &s->marks[i];
    const struct mud_meaning *v = mud_scan_means(s, m, MUD_LEX_VERB);
    int weight;
    bool touches;

    if (!v || m->claimed || v->code == MUD_DIR_NONE)
        return;
    if ((v->flags & MUD_M_START && !clause_start(s, i) &&
         !(mud_number_mark(s, i - 1) &&
           (phrase_at(s, i - 2) || mud_scan_break(s, i - 1)))) ||
        refused(s, i))
        return;
    if (v->code == MUD_DIR_BUY && v->weight <= 2 && !product_near(s, i)) {
        t->direction[v->code]++;
        return;
    }
    touches = phrase_at(s, i + 1) || phrase_at(s, i + 2);
    weight = v->weight + (touches ? 3 : 0);
    if (i < 12)
        weight += 2;
    t->adjacent |= touches;
    t->near |= touches ? 1U << v->code : 0;
    t->early |= i < 12 ? 1U << v->code : 0;
    t->direction[v->code] += weight;
    reason(t, s, MUD_RULE_CLASS_VERB, weight, m->start, m->end);
}

static void count_verbs(struct mud_tally *t, const struct mud_scan *s)
{
    for (uint32_t i = 0; (i = mud_scan_next(s, i, MUD_LEX_VERB)) > 0;)
        count_verb(t, s, i);
}

static void count_unit(struct mud_tally *t, const struct mud_scan *s,
                       uint32_t i, const struct mud_meaning *u)
{
    if (u->code == MUD_U_KG)
        t->group[MUD_G_ANIMAL] += 6;
    else if (u->code == MUD_U_HEAD && mud_number_mark(s, i - 1))
        t->group[MUD_G_ANIMAL] += 4;
    else if (u->code == MUD_U_METER)
        t->group[MUD_G_FABRIC] += 4;
    else
        return;
    t->grouped = true;
}

static void count_word(struct mud_tally *t, const struct mud_scan *s,
                       uint32_t i, const struct mud_meaning *b)
{
    const struct mud_mark *m = &s->marks[i];
    if (b->code == MUD_G_NONE)
        return;
    t->grouped = true;
    /* what a text begins with says what it is */
    t->group[b->code] += b->weight;
    if (i < 8 && b->weight >= 4 && b->code <= MUD_G_REPORT)
        t->opening += 4;
    if (b->weight > t->top[b->code])
        t->top[b->code] = b->weight;
    reason(t,
           s,
           b->code == MUD_G_SOLD_OUT ? MUD_RULE_CLASS_SOLD_OUT
                                     : MUD_RULE_CLASS_BENIGN,
           -b->weight,
           m->start,
           m->end);
}

static void count_benign(struct mud_tally *t, const struct mud_scan *s)
{
    for (uint32_t i = 0; (i = mud_scan_next(s, i, MUD_LEX_UNIT)) > 0;)
        count_unit(t, s, i, mud_scan_means(s, &s->marks[i], MUD_LEX_UNIT));
    for (uint32_t i = 0; (i = mud_scan_next(s, i, MUD_LEX_BENIGN)) > 0;)
        count_word(t, s, i, mud_scan_means(s, &s->marks[i], MUD_LEX_BENIGN));
}

static int contact_weight(struct mud_str kind)
{
    unsigned type;

    if (!mud_contact_type_of(kind, &type))
        return 0;
    if (type == MUD_C_PHONE || type == MUD_C_EMAIL || type == MUD_C_URL)
        return 1;
    return type >= MUD_C_BTC && type <= MUD_C_DOGE ? 2 : 3;
}

static void count_contacts(struct mud_tally *t, const struct mud_scan *s)
{
    for (size_t i = 0; i < s->n_entities; i++) {
        const struct mud_entity *e = &s->entities[i];
        int weight = e->type == MUD_ENT_CONTACT ? contact_weight(e->kind) : 0;

        if (weight > t->contact) {
            t->contact = weight;
            if (t->explain && t->n_reasons < REASONS_MAX &&
                s->field == MUD_IN_TEXT) {
                reason(t, s, MUD_RULE_CLASS_CONTACT, weight, 0, 0);
                t->reasons[t->n_reasons - 1].at = e->at;
            }
        }
    }
}

/* "爱奇艺年卡45,": a bare number right behind a product. */
static bool priced_product(const struct mud_scan *s, const struct mud_amount *a,
                           const struct mud_phrase *p)
{
    if (p->canonical == s->reader->coins && a->max > 5 && a->max < 9)
        return true; /* yuan for one coin */
    return a->max >= 1 && mud_scan_break(s, a->last + 2) &&
           (p->last + 1 == a->first ||
            (p->last + 2 == a->first && mud_scan_sign(s, p->last + 1, ':')));
}

/* "1万条 500": a number of units and a number. */
static bool priced_lot(const struct mud_scan *s, const struct mud_amount *a)
{
    const struct mud_meaning *u = mud_unit_at(s, a->first - 1);

    return u && !(u->flags & (MUD_M_TIME | MUD_M_WEAK)) &&
           mud_number_mark(s, a->first - 2) && mud_scan_break(s, a->last + 2);
}

/* "steam号15一个", "四件套3200收", "打站一小时90": a bare number behind a
 * product, with a unit or a verb beside it. */
static bool priced_beside(const struct mud_scan *s, const struct mud_amount *a,
                          const struct mud_phrase *p)
{
    const struct mud_mark *next = mud_scan_mark(s, a->last + 1);
    const struct mud_meaning *u = mud_unit_at(s, a->first - 1);

    if (a->max < 1 || p->last >= a->first)
        return false;
    if (p->last + 1 == a->first &&
        (next->kinds & (1U << MUD_LEX_VERB | 1U << MUD_LEX_UNIT) ||
         mud_number_mark(s, a->last + 1)))
        return true;
    return u && u->flags & MUD_M_TIME && p->last + 5 >= a->first &&
           mud_number_mark(s, a->first - 2) && mud_scan_break(s, a->last + 2);
}

static void count_victims(struct mud_tally *t, const struct mud_scan *s)
{
    for (size_t i = 0; i < s->n_entities; i++)
        t->victims += s->entities[i].type == MUD_ENT_VICTIM_DATA &&
                      !mud_str_eqz(s->entities[i].kind, "account") &&
                      !mud_str_eqz(s->entities[i].kind, "password");
    if (t->victims < 2)
        return;
    /* rows of victims beside a price or contact say what is on offer */
    add_points(t, MUD_CAT_PERSONAL_DATA, 6);
    t->products += 3;
}

static bool is_price(const struct mud_scan *s, uint32_t i)
{
    struct mud_amount a MUD_SCRATCH;
    struct mud_per per MUD_SCRATCH;
    const struct mud_phrase *p;

    if ((!mud_amount_read(&a, s, i - 1) || a.bare) &&
        !mud_amount_read(&a, s, i))
        return false;
    if (!a.bare || (mud_per_read(&per, s, a.last + 1, true) && per.unit) ||
        priced_lot(s, &a))
        return true;
    p = mud_product_of(s, a.first);
    if (p && (priced_product(s, &a, p) || priced_beside(s, &a, p)))
        return true;
    return a.max >= 10 && mud_role_at(s, a.first - 1) == MUD_R_PRICE;
}

static void count_prices(struct mud_tally *t, const struct mud_scan *s)
{
    for (size_t k = 0; k < s->n_numbers && t->price < 3; k++)
        t->price += is_price(s, s->number_marks[k]);
}

static int benign_points(const struct mud_tally *t)
{
    int sum = 0;

    if (!t->grouped)
        return 0;
    /* the strongest word of a group counts whole, the others half */
    for (unsigned g = MUD_G_NEWS; g < MUD_G_SOLD_OUT; g++) {
        int points = t->top[g] + (t->group[g] - t->top[g]) / 2;

        /* gangs hire too, with wages, tickets and lodging, but not by mail */
        if ((g == MUD_G_JOB || g == MUD_G_TRAVEL) && t->contact >= 3 &&
            t->products >= 4 && t->top[MUD_G_JOB] < 6)
            continue;

        sum += points > GROUP_CAP ? GROUP_CAP : points;
    }
    return sum;
}

static enum mud_direction verb_direction(const struct mud_tally *t)
{
    enum mud_direction best = MUD_DIR_NONE;

    for (unsigned d = MUD_DIR_SELL; d <= MUD_DIR_RECRUIT; d++) {
        if (t->direction[d] > (best ? t->direction[best] : 0))
            best = (enum mud_direction)d;
    }
    /* words of recruiting mean nothing else */
    if (t->direction[MUD_DIR_RECRUIT] >= 6 &&
        t->direction[MUD_DIR_RECRUIT] * 2 >= t->direction[best])
        best = MUD_DIR_RECRUIT;
    return best;
}

static enum mud_category top_category(const struct mud_tally *t)
{
    unsigned best = MUD_CAT_BENIGN;

    if (t->distinct == 0 && t->victims < 2)
        return MUD_CAT_BENIGN; /* no category has points */
    for (unsigned rest = t->categories; rest; rest &= rest - 1) {
        unsigned c = (unsigned)__builtin_ctz(rest);

        if (t->category[c] > (best ? t->category[best] : 0))
            best = c;
    }
    if (t->course)
        best = MUD_CAT_HACKING_TRAINING;
    if (t->market_itself)
        best = MUD_CAT_MARKET_SERVICE;
    return (enum mud_category)best;
}

/* Harmless texts have a direction too: goods, jobs, wanted. */
static enum mud_direction benign_direction(const struct mud_tally *t)
{
    const int *g = t->group;
    int talk = g[MUD_G_NEWS] + g[MUD_G_WARN] + g[MUD_G_REPORT] +
               g[MUD_G_QUESTION] + g[MUD_G_RULES] + g[MUD_G_JOKE] +
               g[MUD_G_SERVICE];
    enum mud_direction wants = verb_direction(t);

    if (g[MUD_G_JOB] >= 5 && g[MUD_G_JOB] >= talk)
        return MUD_DIR_RECRUIT;
    if (talk >= 3 && talk * 2 > g[MUD_G_GOODS] + g[MUD_G_ANIMAL] +
                                    g[MUD_G_FABRIC] + g[MUD_G_LEGAL])
        return MUD_DIR_NONE;
    if (wants && t->direction[wants] >= 3)
        return wants;
    return t->price > 0 && t->contact > 0 ? MUD_DIR_SELL : MUD_DIR_NONE;
}

/* Does a word that adverts do not use tell of crime, as reports and news do? */
static bool told(const struct mud_tally *t)
{
    return t->top[MUD_G_NEWS] >= 5 || t->top[MUD_G_WARN] >= 5 ||
           t->top[MUD_G_REPORT] >= 5;
}

/* A word that may be harmless needs a price, or a verb and a contact. */
static bool enough(const struct mud_tally *t, int verbs)
{
    if (verbs == 0 && t->price == 0 && t->contact < 2)
        return false; /* a link or address proves no trade */
    if (verbs == 0 && t->contact == 0)
        return t->price >= 2 && t->benign == 0;
    if (t->products > 2)
        return true;
    return t->price > 0 || (t->contact > 0 && verbs > 0);
}

/* Is the talk of what the word means every day: beds, fowls, phones? */
static bool everyday(const struct mud_tally *t)
{
    return t->top[MUD_G_FABRIC] >= 4 || t->top[MUD_G_ANIMAL] >= 4 ||
           t->top[MUD_G_GOODS] >= 4 || t->top[MUD_G_LEGAL] >= 4 ||
           t->group[MUD_G_ANIMAL] >= 6;
}

void mud_tally_count(struct mud_tally *t, struct mud_scan *const *scans,
                     size_t n, bool explain)
{
    int verbs;

    *t = (struct mud_tally){.explain = explain};
    for (size_t i = 0; i < n; i++) {
        count_victims(t, scans[i]);
        if (scans[i]->text.n == 0)
            continue;
        count_products(t, scans[i]);
        count_verbs(t, scans[i]);
        count_benign(t, scans[i]);
        count_contacts(t, scans[i]);
        count_prices(t, scans[i]);
    }
    t->wants = verb_direction(t);
    verbs = t->wants ? t->direction[t->wants] : 0;
    verbs = verbs > 6 ? 6 : verbs;
    t->product = t->products > 8 ? 8 : t->products;
    t->market = verbs + t->contact + (t->price > 2 ? 2 : t->price);
    t->benign = benign_points(t) + (t->opening > 4 ? 4 : t->opening);
    if (t->products <= 2 && everyday(t))
        t->benign += EVERYDAY;
    t->score = t->product + t->market - t->benign;
    t->category_by_rules = top_category(t);
    t->talk = benign_direction(t);
    t->side = t->wants ? t->wants : MUD_DIR_SELL;
    if (t->side == MUD_DIR_BUY && t->people)
        t->side = MUD_DIR_RECRUIT;
    if (t->product > 0 && t->group[MUD_G_SOLD_OUT] >= 4 && t->benign < 4 &&
        !(t->contact >= 3 && t->price > 0))
        t->state = MUD_STATE_STOPPED;
    else if (t->product > 0 && t->market > 0 &&
             t->score >= OFFER_AT + (told(t) ? TOLD : 0) && enough(t, verbs))
        t->state = MUD_STATE_OFFER;
    if (t->state == MUD_STATE_OFFER)
        t->consent = t->score >= STRONG_AT && t->benign == 0
                         ? MUD_CONSENT_STRONG
                         : MUD_CONSENT_GIVEN;
}
