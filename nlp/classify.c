#include "nlp/classify.h"

#include <math.h>
#include <stdlib.h>

#include "nlp/scratch.h"

enum {
    REASONS_SHOWN = 8,
    TOLD_AT = 3,
    NEWS_AT = 3,
    RULES_SURE = 700,
    PROSE_BYTES = 240
};

/* Nothing but what the model says of words would be a thin accusation. */
static const double without_product = 0.85;
/* Nobody sells, buys, names a price or says how to reach him. */
static const double without_trade = 0.95;

static void weigh_first(double *out, const struct mud_features *f)
{
    const int32_t(*weights)[MUD_FIRST] = mud_model_first(f->model);
    int32_t sum[MUD_FIRST] = {0};

    for (size_t i = 0; i < f->n; i++) {
        const int32_t *row = weights[f->found[i]];

        for (unsigned o = 0; o < MUD_FIRST; o++)
            sum[o] += row[o];
    }
    for (unsigned o = 0; o < MUD_FIRST; o++)
        out[o] = sum[o] / 1000.0;
}

static void weigh_rest(double *out, const struct mud_features *f)
{
    const int32_t(*weights)[MUD_REST] = mud_model_rest(f->model);
    int32_t sum[MUD_REST] = {0};

    for (size_t i = 0; i < f->n; i++) {
        const int32_t *row = weights[f->found[i]];

        for (unsigned o = 0; o < MUD_REST; o++)
            sum[o] += row[o];
    }
    for (unsigned o = 0; o < MUD_REST; o++)
        out[o] = sum[o] / 1000.0;
}

static unsigned best(const double *z, unsigned n)
{
    unsigned top = 0;

    for (unsigned i = 1; i < n; i++) {
        if (z[i] > z[top])
            top = i;
    }
    return top;
}

/* What a feature says for an offer, against the harmless reading. */
static int speaks_for(const struct mud_features *f, size_t i)
{
    const int32_t *w = mud_model_first(f->model)[f->found[i]];

    return w[MUD_STATE_OFFER] - w[MUD_STATE_BENIGN];
}

static void reason(struct mud_verdict *v, const struct mud_features *f,
                   size_t i, struct mud_scan *const *scans)
{
    const struct mud_found *found = &f->places[i];
    const struct mud_scan *s = scans[found->scan];
    struct mud_reason r = {.rule = MUD_RULE_CLASS_MODEL,
                           .weight = (int16_t)(speaks_for(f, i) / 10)};
    unsigned kind;

    mud_model_name(f->model, f->found[i], &kind, &r.feature);
    r.kind = mud_feature_kind_name(kind);
    if (found->at.end > found->at.start && s->field == MUD_IN_TEXT)
        r.at = mud_fold_raw(&s->fold, found->at);
    v->reasons = mud_arena_grow(
        s->arena, v->reasons, &v->cap_reasons, v->n_reasons, sizeof r);
    v->reasons[v->n_reasons++] = r;
}

/* The features that weigh most, heaviest first. */
static void say_why(struct mud_verdict *v, const struct mud_features *f,
                    struct mud_scan *const *scans)
{
    size_t top[REASONS_SHOWN], n = 0;

    for (size_t i = 0; i < f->n; i++) {
        int weight = abs(speaks_for(f, i));
        size_t at = n < REASONS_SHOWN ? n++ : REASONS_SHOWN;

        if (weight == 0 || (at == REASONS_SHOWN &&
                            weight <= abs(speaks_for(f, top[at - 1])))) {
            n -= at < REASONS_SHOWN;
            continue;
        }
        if (at == REASONS_SHOWN)
            at--;
        for (; at > 0 && abs(speaks_for(f, top[at - 1])) < weight; at--)
            top[at] = top[at - 1];
        top[at] = i;
    }
    for (size_t i = 0; i < n; i++)
        reason(v, f, top[i], scans);
}

static void harmless(struct mud_verdict *v, const struct mud_tally *t,
                     enum mud_direction way)
{
    v->category = MUD_CAT_BENIGN;
    v->direction = way;
    v->is_offer = false;
    v->accuses = t->group[MUD_G_REPORT] + t->group[MUD_G_WARN] >= TOLD_AT;
    v->speaks = way == MUD_DIR_NONE;
    v->job = way == MUD_DIR_RECRUIT;
    v->tickets = t->group[MUD_G_TRAVEL] >= 4;
}

static void offer(struct mud_verdict *v, enum mud_category category,
                  enum mud_direction side)
{
    v->category = category;
    v->direction = side;
    v->is_offer = true;
}

static void stopped(struct mud_verdict *v, enum mud_category category)
{
    v->category = category;
    v->speaks = true;
}

static void by_rules(struct mud_verdict *v, const struct mud_tally *t)
{
    v->sure = RULES_SURE;
    v->offer = t->state == MUD_STATE_OFFER;
    if (t->state == MUD_STATE_OFFER)
        offer(v, t->category_by_rules, t->side);
    else if (t->state == MUD_STATE_STOPPED)
        stopped(v, t->category_by_rules);
    else
        harmless(v, t, t->talk);
}

/*
 * A long text without a line end, a way to reach anybody, a verb of trade at
 * its goods or at its beginning, or records of victims is prose that names
 * things in passing.
 */
static bool tells(const struct mud_tally *t, const struct mud_scan *body)
{
    return body->text.n >= PROSE_BYTES && t->contact == 0 && t->victims == 0 &&
           t->near == 0 && t->early == 0 &&
           !memchr(body->text.s, '\n', body->text.n);
}

double mud_classify_least(const struct mud_tally *t,
                          const struct mud_scan *body)
{
    if (tells(t, body))
        return 2;
    if (t->market == 0 && t->victims < 2)
        return without_trade;
    return t->product > 0 || t->victims > 1 ? 0 : without_product;
}

static double by_category(struct mud_verdict *v, const struct mud_features *f)
{
    double rest[MUD_REST] MUD_SCRATCH;
    unsigned which;

    weigh_rest(rest, f);
    which = best(rest, MUD_REST_SIDE);
    offer(v,
          (enum mud_category)(which + MUD_CAT_BOTS),
          (enum mud_direction)(MUD_DIR_SELL + best(rest + MUD_REST_SIDE,
                                                   MUD_O_TALK - MUD_O_SIDE)));
    return mud_model_which(f->model,
                           mud_softmax_of(rest, MUD_REST_SIDE, which));
}

static void by_model(struct mud_verdict *v, const struct mud_tally *t,
                     const struct mud_features *f, const struct mud_scan *body)
{
    double first[MUD_FIRST] MUD_SCRATCH, rest[MUD_REST] MUD_SCRATCH;
    double at = mud_model_threshold(f->model, t->consent);
    double p, sure;

    weigh_first(first, f);
    mud_softmax(first, MUD_FIRST_TALK);
    p = v->offer = first[MUD_STATE_OFFER];
    sure = mud_model_sure(f->model, p);
    if (p >= at && p >= mud_classify_least(t, body)) {
        sure *= by_category(v, f);
    } else if (first[MUD_STATE_STOPPED] >= 0.5) {
        sure = first[MUD_STATE_STOPPED];
        weigh_rest(rest, f);
        stopped(v,
                (enum mud_category)(best(rest, MUD_REST_SIDE) + MUD_CAT_BOTS));
    } else {
        sure = 1 - sure;
        harmless(v,
                 t,
                 (enum mud_direction)best(first + MUD_FIRST_TALK,
                                          MUD_OUTPUTS - MUD_O_TALK));
    }
    v->sure = (unsigned)lround(sure * 1000);
}

void mud_classify(struct mud_verdict *out, struct mud_scan *const *scans,
                  size_t n, bool explain)
{
    struct mud_tally t MUD_SCRATCH;
    struct mud_features f = {.model = scans[0]->reader->model,
                             .arena = scans[0]->arena,
                             .explain = explain};

    mud_tally_count(&t, scans, n, explain);
    *out = (struct mud_verdict){.wants = t.wants,
                                .product = t.product,
                                .market = t.market,
                                .benign = t.benign,
                                .evidence = t.contact + t.price,
                                .contact = t.contact,
                                .news = t.top[MUD_G_NEWS] >= NEWS_AT,
                                .asks = t.group[MUD_G_QUESTION] > 0,
                                .reasons = t.reasons,
                                .n_reasons = t.n_reasons,
                                .cap_reasons = t.cap_reasons};
    if (mud_model_size(f.model) == 0) {
        by_rules(out, &t);
        return;
    }
    mud_features_find(&f, &t, scans, n);
    by_model(out, &t, &f, scans[0]);
    if (explain)
        say_why(out, &f, scans);
}
