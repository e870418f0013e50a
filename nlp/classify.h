/*
 * Is it an illicit offer, of which category and direction? Rules count what
 * speaks for and against (nlp/tally.h); a model weighs the same counts and the
 * words (nlp/model.h); both must bear an accusation, and when in doubt a text
 * is benign: a wrong accusation is the worst error.
 */
#ifndef MUD_NLP_CLASSIFY_H
#define MUD_NLP_CLASSIFY_H

#include "nlp/feature.h"

struct mud_verdict {
    enum mud_category category;
    enum mud_direction direction;
    bool is_offer;
    bool accuses;      /* contacts in it are those of somebody accused */
    bool speaks;       /* nobody sells: prices are mentioned only */
    bool news;         /* tells what happened elsewhere */
    bool asks;         /* what is this, is it a crime? */
    bool job, tickets; /* what a harmless text is about */
    unsigned sure;     /* of the category, in thousandths, calibrated */
    int product, market, benign; /* points, for explanation and context */
    int evidence;                /* of market: contacts and prices */
    int contact;                 /* of that: contacts */
    double offer;                /* probability that it is one */
    enum mud_direction wants;    /* what the verbs say, offer or not */
    struct mud_reason *reasons;
    size_t n_reasons, cap_reasons;
};

/*
 * Judge scans[0] (the text) together with the others (the title), whose
 * phrases and contacts are found; with explain, say why.
 */
void mud_classify(struct mud_verdict *out, struct mud_scan *const *scans,
                  size_t n, bool explain);

/*
 * The least probability of an offer at which a text may be accused for what is
 * in it, whatever the thresholds of the model say; over 1 when it may not.
 */
double mud_classify_least(const struct mud_tally *tally,
                          const struct mud_scan *body);

#endif
