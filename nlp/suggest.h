/*
 * New jargon out of many texts: which runs of characters behave like a word,
 * are in no table, stand where goods are dealt in, and keep the company that
 * known goods keep. Statistics only; nothing is learned beforehand.
 *
 * The texts are shown twice, in the same order. The first pass counts n-grams
 * of 2 to 6 units over the folded text (a unit is a Han character, or a word of
 * another script; of those alone 1 to 3 units are taken), each text once, texts
 * that are nearly the same once. Digits, signs and what the caller leaves out
 * (contacts, victims' data) break the runs, so no such value can come out. The
 * second pass looks closely at those that may be terms.
 *
 * Memory is bounded by the options, whatever the number of texts: when the
 * table of counts is full, the rarest n-grams are dropped, so that rare terms
 * of a very large collection may be missed and counts are at most too small.
 *
 * Each suggestion says why, by parts from 0 to 1:
 *   cohesion  normalised pointwise mutual information of its weakest joint
 *             (Bouma 2009), by texts: do its parts stand together by more than
 *             chance?
 *   freedom   entropy h of what stands on its poorer side, h / (h + 1): does it
 *             stand in many surroundings, as words do and pieces of words do not?
 *   spread    authors who use it: a word of one seller is a name
 *   contrast  rate in texts of dealing against rate in all others
 *   edges     share of its places where segmentation cuts at both ends
 *   likeness  cosine of its contexts (positive PMI) to those of known goods
 */
#ifndef MUD_NLP_SUGGEST_H
#define MUD_NLP_SUGGEST_H

#include "nlp/reading.h"

struct mud_suggest_options {
    size_t slots;      /* of the table of counts, 16 bytes each; 0: 8 Mi */
    size_t candidates; /* looked at closely, about 300 bytes each; 0: 20,000 */
    size_t pairs;      /* of contexts and neighbours, 12 bytes each; 0: 8 Mi */
    uint32_t least;    /* texts that a term must stand in; 0: 3 */
};

struct mud_suggest_text {
    struct mud_str text;            /* masked */
    const struct mud_span *without; /* bytes of text to leave out, by start */
    size_t n_without;
    uint64_t author;  /* any number that is the author's own; 0: not known */
    uint64_t same;    /* equal for texts that are nearly the same; 0: none */
    uint64_t id;      /* comes back in examples; not 0 */
    uint8_t category; /* enum mud_category */
    bool is_offer;
};

#define MUD_SUGGEST_LIKE     3
#define MUD_SUGGEST_EXAMPLES 3

struct mud_suggestion {
    struct mud_str term; /* folded */
    uint32_t texts, dealing, authors;
    double score; /* 0..1 */
    double cohesion, freedom, spread, contrast, edges, likeness;

    struct {
        struct mud_str sense; /* canonical id of a product */
        struct mud_str term;  /* the commonest known term of it here */
        enum mud_category category;
        double cosine;
    } like[MUD_SUGGEST_LIKE]; /* nearest first */

    size_t n_like;
    uint64_t examples[MUD_SUGGEST_EXAMPLES]; /* ids, of different authors */
    size_t n_examples;
};

struct mud_suggest;

/* reader outlives it. */
struct mud_suggest *mud_suggest_new(const struct mud_reader *reader,
                                    const struct mud_suggest_options *options);
void mud_suggest_free(struct mud_suggest *suggest); /* NULL is fine */

/* First pass; then turn; then the same texts in the same order to look. */
void mud_suggest_count(struct mud_suggest *suggest,
                       const struct mud_suggest_text *text);
void mud_suggest_turn(struct mud_suggest *suggest);
void mud_suggest_look(struct mud_suggest *suggest,
                      const struct mud_suggest_text *text);

/* The best, at most `most`, best first; in arena. */
size_t mud_suggest_rank(struct mud_suggestion **out,
                        struct mud_suggest *suggest, size_t most,
                        struct mud_arena *arena);

/* How many texts were counted, and how many were passed over as nearly the
 * same as one before; whether the tables were too small for all there was. */
struct mud_suggest_sum {
    uint64_t texts, alike, candidates;
    bool dropped;
};

struct mud_suggest_sum mud_suggest_sum(const struct mud_suggest *suggest);

#endif
