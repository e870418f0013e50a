/*
 * What the rules count in a message: products, verbs, prices and contacts that
 * speak for a trade, and words of news, warnings, questions, jobs, defence and
 * everyday goods that speak against it; and what they alone would say. The
 * model (nlp/model.h) weighs the same counts and words. Inside nlp only.
 */
#ifndef MUD_NLP_TALLY_H
#define MUD_NLP_TALLY_H

#include "nlp/scan.h"

enum mud_state {
    MUD_STATE_BENIGN = 0,
    MUD_STATE_OFFER,
    MUD_STATE_STOPPED, /* illicit, but sold out or given up */
    MUD_STATES
};

enum mud_consent { /* of the rules, to an accusation */
    MUD_CONSENT_NONE = 0,
    MUD_CONSENT_GIVEN,
    MUD_CONSENT_STRONG, /* many points for it and none against */
    MUD_CONSENTS
};

struct mud_tally {
    int category[MUD_CATEGORIES];
    unsigned categories; /* bit of each but the harmless that has points */
    int direction[4];
    unsigned near;  /* bit of a direction: a verb of it touches a product */
    unsigned early; /* the same: it begins the text */
    int group[MUD_G_COUNT], top[MUD_G_COUNT];
    bool grouped; /* one of them is not 0 */
    int products, distinct;
    int opening; /* a report, news or warning from its first words */
    bool adjacent, course, people;
    bool market_itself; /* advertised before anything else */
    int contact, price, victims;
    uint64_t seen[4]; /* canonicals already counted */

    int product, market, benign, score; /* points */

    /* what the rules say by themselves */
    enum mud_state state;
    enum mud_consent consent;
    enum mud_category category_by_rules;
    enum mud_direction wants; /* what the verbs say, offer or not */
    enum mud_direction side;  /* of an offer */
    enum mud_direction talk;  /* of a harmless text */

    bool explain;
    struct mud_reason *reasons;
    size_t n_reasons, cap_reasons;
};

/* Count scans[0] (the text) and the others (the title), whose phrases and
 * contacts are found; with explain, keep the reasons. */
void mud_tally_count(struct mud_tally *tally, struct mud_scan *const *scans,
                     size_t n, bool explain);

#endif
