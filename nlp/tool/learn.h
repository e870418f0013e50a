/*
 * Multinomial logistic regression over sparse features that are there or not,
 * by FTRL-proximal (McMahan et al., KDD 2013): L1 leaves most weights at zero,
 * so that a model can be read. The same examples in the same order give the
 * same weights.
 */
#ifndef MUD_NLP_TOOL_LEARN_H
#define MUD_NLP_TOOL_LEARN_H

#include "nlp/model.h"
#include "nlp/tally.h"

enum {
    HEADS = 4,
    NO_LABEL = 255
};

struct example {
    struct mud_str text; /* for messages */
    const uint32_t *features;
    size_t n;
    uint8_t label[HEADS]; /* within the head, or NO_LABEL */
    uint8_t part;         /* of the cross-validation */
    uint8_t rules_state, rules_category, rules_side, rules_talk;
    uint8_t consent; /* enum mud_consent */
    double least;    /* mud_classify_least */
};

struct learner {
    double (*w)[MUD_OUTPUTS]; /* by feature */
    double (*z)[MUD_OUTPUTS], (*squares)[MUD_OUTPUTS];
    size_t n_features;
};

/* First output of a head; head HEADS ends the last. */
unsigned head_start(unsigned head);

void learner_new(struct learner *learner, size_t n_features);
void learner_free(struct learner *learner);

/* Learn from all examples but those of part `without` (255: from all). */
void learn(struct learner *learner, const struct example *examples, size_t n,
           unsigned without);

/* Probabilities of an example, head by head. */
void predict(double *out, const struct learner *learner,
             const struct example *example);

#endif
