/*
 * Cues of contacts around a value: what network it belongs to. Inside nlp only.
 */
#ifndef MUD_NLP_CONTACT_CUE_H
#define MUD_NLP_CONTACT_CUE_H

#include "nlp/contact.h"

enum {
    MUD_CUES_MAX = 6
};

struct mud_cues { /* what stands before (or behind) a value, nearest first */
    uint8_t type[MUD_CUES_MAX];
    uint32_t mark[MUD_CUES_MAX];
    unsigned n;
    bool same;   /* one id for all of them */
    bool joined; /* "A/B:" */
    bool strong; /* one of them means nothing else */
    bool sign;   /* a colon or the like parts cue and value */
    bool at;     /* "@" stands before it, apart */
    bool below;  /* the value stands on the line below */
};

/* The same of a term that is no cue. */
uint32_t mud_cue_term_sign(const struct mud_scan *scan,
                           const struct mud_mark *mark);

/* The sign that a mark is, as a term of the lexicon too ("-"); 0 for none. */
static inline uint32_t mud_cue_sign(const struct mud_scan *scan,
                                    const struct mud_mark *mark)
{
    if (mark->type == MUD_MARK_SIGN)
        return mark->sign;
    return mark->type == MUD_MARK_TERM && !(mark->kinds & 1U << MUD_LEX_CUE)
               ? mud_cue_term_sign(scan, mark)
               : 0;
}

/* Walk left from mark i over fillers to the cues. */
void mud_cues_left(struct mud_cues *out, const struct mud_scan *scan,
                   uint32_t i);

/* "(potato)", ", same id on potato" right behind a value that ends at byte `end`. */
void mud_cues_right(struct mud_cues *out, const struct mud_scan *scan,
                    uint32_t end);

#endif
