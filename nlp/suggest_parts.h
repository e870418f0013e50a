/* Inside of nlp/suggest.c (passes) and nlp/suggest_rank.c (scores). */
#ifndef MUD_NLP_SUGGEST_PARTS_H
#define MUD_NLP_SUGGEST_PARTS_H

#include "nlp/suggest_table.h"
#include "nlp/suggest_text.h"

#define MUD_SUGGEST_AUTHORS 256 /* bits of a linear count (Whang 1990) */
#define MUD_SUGGEST_NO      UINT32_MAX

struct mud_cand {
    struct mud_str term;             /* folded */
    uint32_t ids[MUD_SUGGEST_UNITS]; /* of its units */
    uint8_t n;                       /* units */
    bool han, dropped;
    bool affixed;   /* a known verb or the like, and more */
    bool composed;  /* known words side by side, or known goods and more */
    bool said;      /* a particle inside: a piece of a sentence */
    uint32_t texts; /* of the first pass */
    uint32_t seen;  /* the text it was counted in last */
    uint32_t places, edges;
    uint32_t dealing, others;       /* texts */
    uint32_t free_left, free_right; /* places with nothing at that side */
    double cohesion;
    uint64_t authors[MUD_SUGGEST_AUTHORS / 64];
    uint64_t examples[MUD_SUGGEST_EXAMPLES], example_of[MUD_SUGGEST_EXAMPLES];
    uint8_t n_examples;
};

struct mud_known_good { /* a product of the lexicon, as met in the texts */
    uint32_t places;
    uint32_t entry; /* the commonest term of it */
    uint32_t entry_places;
};

struct mud_suggest {
    const struct mud_reader *reader;
    struct mud_suggest_options options;
    struct mud_tally counts;
    struct mud_sieve sieve;
    struct mud_pairs beside;   /* neighbours: what is unit id * 2 + side */
    struct mud_pairs contexts; /* of candidates; of goods from `goods_at` on */
    struct mud_pairs totals;   /* of contexts, over all */
    uint64_t *alike;           /* bit per text: nearly one before */
    size_t alike_cap;
    uint32_t text;    /* number of the text being read, from 1 */
    uint32_t counted; /* texts of the first pass */
    uint32_t n_alike, n_deal, n_other;
    uint64_t units; /* read in the first pass: what counts are a share of */
    uint32_t least; /* texts that a candidate must stand in */
    struct mud_cand *cands;
    size_t n_cands;
    struct mud_known_good *goods; /* by canonical */
    bool dropped;
    struct mud_arena *arena; /* of terms */
    struct mud_arena *work;  /* of one text */
};

/* The key of the units [i, i + n). */
uint64_t mud_suggest_key(const uint32_t *ids, size_t n);

/* Rate in texts of dealing against rate in all others, 0..1. */
double mud_suggest_contrast(const struct mud_suggest *s, uint32_t deals,
                            uint32_t others);

/* A word of speech that is no term: in nlp/lexicon/common.tsv. */
bool mud_suggest_common(struct mud_str word);

#endif
