/*
 * Terms in disguise: the set of forms that nlp/tool/mkguise makes at build time
 * of nlp/lexicon/guise.tsv, sound.tsv and the tables of products and cues. A
 * form leads to the number of its term and the layer that explains it. Inside
 * of folding, and of that tool.
 */
#ifndef MUD_NLP_FOLDGUISE_H
#define MUD_NLP_FOLDGUISE_H

#include <endian.h>

#include "nlp/fold.h"
#include "nlp/trie.h"

#define MUD_GUISE_GATE  262144u /* bits of a gate */
#define MUD_GUISE_LAYER 32      /* value of a form: term * 32 + layer */

struct mud_guise {
    struct mud_trie forms;
    struct mud_trie words;       /* of the dictionary, with 1000 ln(p) */
    const struct mud_str *terms; /* by number */
    uint32_t n_terms;
    /* Gates, by two characters: those that begin a disguise, those that begin
     * a term, those that stand side by side in either. */
    const uint8_t *gate, *own, *inner;
    uint8_t junk[8192]; /* bits of the BMP: what may stand in between */
    bool used[128];     /* ASCII that stands in any form */
};

/* The bytes of a character as a number, the first byte lowest. */
static inline uint32_t mud_guise_bytes(uint32_t c)
{
    uint32_t last = 0x80 | (c & 63);

    if (c < 0x80)
        return c;
    if (c < 0x800)
        return 0xc0 | c >> 6 | last << 8;
    if (c < 0x10000)
        return 0xe0 | c >> 12 | (0x80 | (c >> 6 & 63)) << 8 | last << 16;
    return 0xf0 | c >> 18 | (0x80 | (c >> 12 & 63)) << 8 |
           (0x80 | (c >> 6 & 63)) << 16 | last << 24;
}

/* The same for three bytes in a text, where a fourth follows. */
static inline uint32_t mud_guise_three(const char *s)
{
    uint32_t bytes;

    memcpy(&bytes, s, sizeof bytes);
    return le32toh(bytes) & 0xffffff;
}

/* A bit for two characters, by their bytes. */
static inline uint32_t mud_guise_bit(uint32_t first, uint32_t second)
{
    return (first * 2654435761u ^ second * 2246822519u) >> 12 &
           (MUD_GUISE_GATE - 1);
}

/* Is that bit set? */
static inline bool mud_guise_has(const uint8_t *bits, uint32_t bit)
{
    return bits[bit / 8] >> bit % 8 & 1;
}

/*
 * Over Han characters from byte `at` on, fast: to the first that with its
 * neighbour is in the gate, or whose neighbour is no Han character.
 */
static inline size_t mud_guise_skip(const uint8_t *gate, struct mud_str s,
                                    size_t at)
{
    uint32_t first, second;

    if (at + 7 > s.n || (unsigned char)(s.s[at] - 0xe4) > 5)
        return at;
    first = mud_guise_three(s.s + at);
    while (at + 7 <= s.n) {
        second = mud_guise_three(s.s + at + 3);
        if ((unsigned char)(second - 0xe4) > 5 ||
            mud_guise_has(gate, mud_guise_bit(first, second)))
            break;
        first = second;
        at += 3;
    }
    return at;
}

#endif
