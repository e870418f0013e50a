/*
 * What a cross-validation says of the model: from which probability a text is
 * called an offer, how far probabilities can be trusted, and figures.
 */
#ifndef MUD_NLP_TOOL_REPORT_H
#define MUD_NLP_TOOL_REPORT_H

#include "nlp/tool/learn.h"

enum {
    PARTS = 10, /* of the cross-validation */
    LINE_MAX_STEPS = 20
};

struct line { /* a rising line by its corners */
    double raw[LINE_MAX_STEPS], is[LINE_MAX_STEPS];
    size_t n;
};

struct findings {
    double (*p)[MUD_OUTPUTS]; /* of each example, by the part without it */
    double threshold[MUD_CONSENTS];
    struct line sure, which;
};

void cross_validate(struct findings *out, const struct example *examples,
                    size_t n, size_t n_features);
void findings_free(struct findings *findings);

/* Rows of settings. */
void findings_write(struct mud_buf *out, const struct findings *findings);

/* Cross-validated figures, next to those on what was learnt. */
void findings_print(const struct findings *findings,
                    const struct learner *learner,
                    const struct example *examples, size_t n);

/* Figures of rules alone and of the model on examples that were not learnt. */
void figures_print(const struct findings *findings,
                   const struct learner *learner,
                   const struct example *examples, size_t n);

#endif
