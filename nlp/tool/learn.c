#include "nlp/tool/learn.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"

enum {
    ROUNDS = 24
};

static const double rate = 0.1, ballast = 1, lasso = 0.35, ridge = 2;

unsigned head_start(unsigned head)
{
    static const unsigned starts[HEADS + 1] = {
        MUD_O_STATE, MUD_O_CATEGORY, MUD_O_SIDE, MUD_O_TALK, MUD_OUTPUTS};

    return starts[head];
}

void learner_new(struct learner *l, size_t n_features)
{
    l->n_features = n_features;
    l->w = mud_calloc(n_features, sizeof *l->w);
    l->z = mud_calloc(n_features, sizeof *l->z);
    l->squares = mud_calloc(n_features, sizeof *l->squares);
}

void learner_free(struct learner *l)
{
    free(l->w);
    free(l->z);
    free(l->squares);
}

static double weight(double z, double squares)
{
    if (fabs(z) <= lasso)
        return 0;
    return -(z - (z > 0 ? lasso : -lasso)) /
           ((ballast + sqrt(squares)) / rate + ridge);
}

static void step(struct learner *l, const struct example *e, unsigned head,
                 const double *p)
{
    unsigned from = head_start(head), to = head_start(head + 1);

    for (size_t i = 0; i < e->n; i++) {
        uint32_t f = e->features[i];

        for (unsigned o = from; o < to; o++) {
            double g = p[o] - (o - from == e->label[head] ? 1 : 0);
            double before = l->squares[f][o];
            double sigma = (sqrt(before + g * g) - sqrt(before)) / rate;

            l->z[f][o] += g - sigma * l->w[f][o];
            l->squares[f][o] = before + g * g;
            l->w[f][o] = weight(l->z[f][o], l->squares[f][o]);
        }
    }
}

void predict(double *out, const struct learner *l, const struct example *e)
{
    for (unsigned o = 0; o < MUD_OUTPUTS; o++)
        out[o] = 0;
    for (size_t i = 0; i < e->n; i++) {
        for (unsigned o = 0; o < MUD_OUTPUTS; o++)
            out[o] += l->w[e->features[i]][o];
    }
    for (unsigned h = 0; h < HEADS; h++)
        mud_softmax(out + head_start(h), head_start(h + 1) - head_start(h));
}

/* A fixed order that differs from round to round. */
static void shuffle(uint32_t *order, size_t n, uint64_t *seed)
{
    for (size_t i = n; i > 1; i--) {
        size_t k;
        uint32_t swap;

        *seed = *seed * UINT64_C(6364136223846793005) +
                UINT64_C(1442695040888963407);
        k = (size_t)(*seed >> 33) % i;
        swap = order[i - 1];
        order[i - 1] = order[k];
        order[k] = swap;
    }
}

void learn(struct learner *l, const struct example *examples, size_t n,
           unsigned without)
{
    uint32_t *order = mud_calloc(n ? n : 1, sizeof *order);
    uint64_t seed = 1;

    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    for (unsigned round = 0; round < ROUNDS; round++) {
        shuffle(order, n, &seed);
        for (size_t i = 0; i < n; i++) {
            const struct example *e = &examples[order[i]];
            double p[MUD_OUTPUTS];

            if (e->part == without)
                continue;
            predict(p, l, e);
            for (unsigned h = 0; h < HEADS; h++) {
                if (e->label[h] != NO_LABEL)
                    step(l, e, h, p);
            }
        }
    }
    free(order);
}
