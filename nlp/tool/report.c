#include "nlp/tool/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    BIN = 40, /* examples of a step of the calibration */
    TRIES = 100,
    LEAST_TRY = 40,
    ALARMS_PER_MILLE = 30 /* of the harmless texts */
};

struct scored {
    double p;
    bool right;
};

struct figures {
    size_t n, category, direction, offer, benign, alarms, offers, missed, wrong;
};

static bool is_offer(const struct findings *f, const struct example *e,
                     const double *p)
{
    double offer = p[MUD_O_STATE + MUD_STATE_OFFER];

    return offer >= f->threshold[e->consent] && offer >= e->least;
}

static unsigned top(const double *p, unsigned head)
{
    unsigned from = head_start(head), best = from;

    for (unsigned o = from; o < head_start(head + 1); o++) {
        if (p[o] > p[best])
            best = o;
    }
    return best - from;
}

static size_t per_mille_alarms(const struct findings *f,
                               const struct example *examples, size_t n)
{
    size_t alarms = 0, harmless = 0;

    for (size_t i = 0; i < n; i++) {
        bool offer = examples[i].label[0] == MUD_STATE_OFFER;

        harmless += !offer;
        alarms += !offer && is_offer(f, &examples[i], f->p[i]);
    }
    return harmless ? alarms * 1000 / harmless : 0;
}

/*
 * The least probability at which false accusations are rare enough; more of it
 * where the rules do not consent, less where they are sure.
 */
static void thresholds_find(struct findings *f, const struct example *examples,
                            size_t n)
{
    for (unsigned try = LEAST_TRY; try <= TRIES; try++) {
        double at = (double)try / TRIES;

        f->threshold[MUD_CONSENT_NONE] = fmin(at + 0.05, 0.97);
        f->threshold[MUD_CONSENT_GIVEN] = at;
        f->threshold[MUD_CONSENT_STRONG] = fmax(at - 0.3, 0.2);
        if (per_mille_alarms(f, examples, n) <= ALARMS_PER_MILLE)
            return;
    }
}

static int by_p(const void *a, const void *b)
{
    const struct scored *x = a, *y = b;

    if (x->p != y->p) /* NOLINT */
        return x->p < y->p ? -1 : 1;
    return (int)x->right - (int)y->right;
}

/* Pool adjacent violators over bins of about equal size. */
static void calibrate(struct line *out, struct scored *s, size_t n)
{
    double sum[LINE_MAX_STEPS], raw[LINE_MAX_STEPS], size[LINE_MAX_STEPS];
    size_t bins = n / BIN < LINE_MAX_STEPS ? n / BIN : LINE_MAX_STEPS, m = 0;

    if (bins == 0)
        return;
    qsort(s, n, sizeof *s, by_p);
    for (size_t b = 0; b < bins; b++) {
        size_t from = n * b / bins, to = n * (b + 1) / bins;

        sum[m] = raw[m] = 0;
        size[m] = (double)(to - from);
        for (size_t i = from; i < to; i++) {
            sum[m] += s[i].right;
            raw[m] += s[i].p;
        }
        for (m++; m > 1 && sum[m - 2] / size[m - 2] >= sum[m - 1] / size[m - 1];
             m--) {
            sum[m - 2] += sum[m - 1];
            raw[m - 2] += raw[m - 1];
            size[m - 2] += size[m - 1];
        }
    }
    for (size_t i = 0; i < m; i++) {
        /* nothing is certain: one more of each kind than was seen */
        out->raw[i] = raw[i] / size[i];
        out->is[i] = (sum[i] + 0.5) / (size[i] + 1);
    }
    out->n = m;
}

void cross_validate(struct findings *out, const struct example *examples,
                    size_t n, size_t n_features)
{
    struct scored *s = mud_calloc(n + 1, sizeof *s);
    size_t m = 0;

    out->p = mud_calloc(n + 1, sizeof *out->p);
    for (unsigned part = 0; part < PARTS; part++) {
        struct learner l;

        learner_new(&l, n_features);
        learn(&l, examples, n, part);
        for (size_t i = 0; i < n; i++) {
            if (examples[i].part == part)
                predict(out->p[i], &l, &examples[i]);
        }
        learner_free(&l);
    }
    thresholds_find(out, examples, n);
    for (size_t i = 0; i < n; i++)
        s[i] = (struct scored){out->p[i][MUD_O_STATE + MUD_STATE_OFFER],
                               examples[i].label[0] == MUD_STATE_OFFER};
    calibrate(&out->sure, s, n);
    for (size_t i = 0; i < n; i++) {
        unsigned best = top(out->p[i], 1);

        if (examples[i].label[1] != NO_LABEL)
            s[m++] = (struct scored){out->p[i][MUD_O_CATEGORY + best],
                                     best == examples[i].label[1]};
    }
    calibrate(&out->which, s, m);
    free(s);
}

void findings_free(struct findings *findings)
{
    free(findings->p);
}

static void line_write(struct mud_buf *out, const char *name,
                       const struct line *line)
{
    mud_buf_printf(out, "set\t%s\t", name);
    for (size_t i = 0; i < line->n; i++)
        mud_buf_printf(out,
                       "%s%ld=%ld",
                       i ? " " : "",
                       lround(line->raw[i] * 1000),
                       lround(line->is[i] * 1000));
    mud_buf_c(out, '\n');
}

void findings_write(struct mud_buf *out, const struct findings *findings)
{
    for (unsigned c = 0; c < MUD_CONSENTS; c++)
        mud_buf_printf(out,
                       "set\t%s\t%ld\n",
                       mud_consent_name(c),
                       lround(findings->threshold[c] * 1000));
    line_write(out, "sure", &findings->sure);
    line_write(out, "which", &findings->which);
}

static void count(struct figures *f, const struct example *e, unsigned state,
                  unsigned category, unsigned side, unsigned talk)
{
    bool offer = e->label[0] == MUD_STATE_OFFER;
    bool benign = e->label[0] == MUD_STATE_BENIGN;
    bool said = state == MUD_STATE_OFFER;
    bool same_kind = e->label[1] != NO_LABEL && category == e->label[1];

    f->n++;
    f->benign += benign;
    f->offers += offer;
    f->alarms += !offer && said;
    f->missed += offer && !said;
    f->wrong += offer && said && !same_kind;
    f->offer += offer == said;
    f->category += benign ? state == MUD_STATE_BENIGN
                          : state != MUD_STATE_BENIGN && same_kind;
    if (state == MUD_STATE_OFFER)
        f->direction += offer    ? side == e->label[2]
                        : benign ? side + 1 == e->label[3]
                                 : 0;
    else if (state == MUD_STATE_STOPPED)
        f->direction += !offer && (!benign || e->label[3] == MUD_DIR_NONE);
    else
        f->direction += benign  ? talk == e->label[3]
                        : offer ? talk == e->label[2] + 1U
                                : talk == MUD_DIR_NONE;
}

static void figures_say(const char *what, const struct figures *f)
{
    printf("%-28s category %.3f  direction %.3f  offer %.3f  false alarms "
           "%zu of %zu  missed %zu and misnamed %zu of %zu\n",
           what,
           (double)f->category / (double)f->n,
           (double)f->direction / (double)f->n,
           (double)f->offer / (double)f->n,
           f->alarms,
           f->n - f->offers,
           f->missed,
           f->wrong,
           f->offers);
}

static void by_rules(const struct example *examples, size_t n)
{
    struct figures f = {0};

    for (size_t i = 0; i < n; i++)
        count(&f,
              &examples[i],
              examples[i].rules_state,
              examples[i].rules_category - 1U,
              examples[i].rules_side - 1U,
              examples[i].rules_talk);
    figures_say("rules alone", &f);
}

static void count_model(struct figures *f, const struct findings *findings,
                        const struct example *e, const double *p)
{
    unsigned state = is_offer(findings, e, p) ? MUD_STATE_OFFER
                     : p[MUD_O_STATE + MUD_STATE_STOPPED] >= 0.5
                         ? MUD_STATE_STOPPED
                         : MUD_STATE_BENIGN;

    count(f, e, state, top(p, 1), top(p, 2), top(p, 3));
}

static void reliability(const struct findings *f, const struct example *e,
                        size_t n)
{
    size_t all[10] = {0}, offers[10] = {0};

    for (size_t i = 0; i < n; i++) {
        unsigned bin = (unsigned)(f->p[i][MUD_O_STATE + MUD_STATE_OFFER] * 10);

        bin = bin > 9 ? 9 : bin;
        all[bin]++;
        offers[bin] += e[i].label[0] == MUD_STATE_OFFER;
    }
    printf("raw probability of an offer, texts, share that is one:\n");
    for (unsigned b = 0; b < 10; b++)
        printf("  %.1f-%.1f %5zu %.3f\n",
               b / 10.0,
               (b + 1) / 10.0,
               all[b],
               all[b] ? (double)offers[b] / (double)all[b] : 0.0);
}

void findings_print(const struct findings *findings,
                    const struct learner *learner,
                    const struct example *examples, size_t n)
{
    struct figures crossed = {0}, known = {0};

    for (size_t i = 0; i < n; i++) {
        double p[MUD_OUTPUTS];

        predict(p, learner, &examples[i]);
        count_model(&crossed, findings, &examples[i], findings->p[i]);
        count_model(&known, findings, &examples[i], p);
    }
    printf("%zu texts, %zu features, an offer from", n, learner->n_features);
    for (unsigned c = 0; c < MUD_CONSENTS; c++)
        printf(" %.3f (%s)", findings->threshold[c], mud_consent_name(c));
    printf(", by the consent of the rules\n");
    by_rules(examples, n);
    figures_say("model, cross-validated", &crossed);
    figures_say("model, on what it learnt", &known);
    reliability(findings, examples, n);
}

void figures_print(const struct findings *findings,
                   const struct learner *learner,
                   const struct example *examples, size_t n)
{
    struct figures figures = {0};

    for (size_t i = 0; i < n; i++) {
        double p[MUD_OUTPUTS];

        predict(p, learner, &examples[i]);
        count_model(&figures, findings, &examples[i], p);
    }
    by_rules(examples, n);
    figures_say("model", &figures);
}
