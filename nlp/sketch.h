/*
 * Near-duplicates: is this the same advert, posted again with other contacts,
 * prices, emoji, spacing, order of lines, a header or footer, a few words
 * swapped, or in Traditional characters? A sketch is made of one text; two
 * sketches tell how alike their texts are.
 *
 * What a repost changes is left out first: contacts, prices, quantities,
 * victims' data (the reading says where), digits, handles, signs, emoji, white
 * space. The folded rest is a row of words, where each Han character is a word
 * of its own; features are pairs of neighbours, each once. The sketch keeps the
 * MUD_SKETCH_MAX smallest of their 32-bit hashes: all of them for most adverts,
 * an even sample for long texts (bottom-k or KMV sketch: Bar-Yossef et al.
 * 2002; both readings of two samples below the smaller of their largest hashes:
 * Cohen and Kaplan 2007).
 *
 * Of a and b features with c in common, alike is 0.6 c / min(a, b), the share
 * contained, so that a header costs little, and 0.4 min(1, 1.7 c / (a + b - c)),
 * so that a short advert is not every list that has its words; 0 where the
 * Jaccard index is below 0.3. Chosen against SimHash, MinHash and other weights
 * by bench/bench_similar; figures in bench/README.md.
 *
 * A text of fewer than MUD_SKETCH_WEIGHT words says too little: stock phrases
 * of any two sellers may agree. It is the same as another only where all its
 * folded letters and digits are, contacts too; below MUD_SKETCH_CHARS of these
 * it has no sketch.
 */
#ifndef MUD_NLP_SKETCH_H
#define MUD_NLP_SKETCH_H

#include "nlp/reading.h"

enum {
    MUD_SKETCH_MAX = 128, /* hashes kept */
    MUD_SKETCH_LEAST = 6, /* features */
    MUD_SKETCH_WEIGHT =
        12,               /* words that features are made of: Han 1, others 2 */
    MUD_SKETCH_CHARS = 8, /* letters and digits of a short text */
    MUD_ALIKE = 685       /* thousandths: from here on the same advert */
};

struct mud_sketch {
    uint32_t n;                  /* hashes; 0: none, 2: of a short text whole */
    uint32_t at[MUD_SKETCH_MAX]; /* ascending, but for a short text */
};

/* reading: of this text alone; may be NULL. Work is linear in the text. */
void mud_sketch_of(struct mud_sketch *out, const struct mud_reader *reader,
                   struct mud_str text, const struct mud_reading *reading,
                   struct mud_arena *arena);

/* The other way round it is the same. 0..1000; 1000 does not say that the
 * texts are equal, only what is left of them. */
int mud_sketch_alike(const struct mud_sketch *a, const struct mud_sketch *b);

/* As bytes to be stored: 4 n of them, each hash big-endian. */
struct mud_str mud_sketch_bytes(const struct mud_sketch *sketch,
                                char out[4 * MUD_SKETCH_MAX]);
/* False when bytes are no sketch. */
MUD_MUST bool mud_sketch_read(struct mud_sketch *out, struct mud_str bytes);

#endif
