/*
 * What three bytes in a row a text holds from the start of a character on, as bits: most words that it does not
 * hold are told apart by one look, without going through the text.
 */
#ifndef MUD_NLP_WORDS_H
#define MUD_NLP_WORDS_H

#include "base/str.h"

#define MUD_GRAMS 4096u

struct mud_grams {
    uint64_t bits[MUD_GRAMS / 64];
};

static inline uint32_t mud_gram(const char *s)
{
    uint32_t three = (uint32_t)(unsigned char)s[0] |
                     (uint32_t)(unsigned char)s[1] << 8 |
                     (uint32_t)(unsigned char)s[2] << 16;

    return three * 2654435761u >> 20;
}

/* Add those that begin where a character does to grams that are all zero.
 * text is valid UTF-8. Linear in it. */
void mud_grams_add(struct mud_grams *grams, struct mud_str text);

static inline bool mud_grams_has(const struct mud_grams *grams, const char *s)
{
    uint32_t gram = mud_gram(s);

    return grams->bits[gram / 64] >> gram % 64 & 1;
}

/* May the text hold this word of whole characters? One of fewer than three
 * bytes always may. */
static inline bool mud_grams_may(const struct mud_grams *grams,
                                 const char *word)
{
    if (!word[0] || !word[1] || !word[2])
        return true;
    if (!mud_grams_has(grams, word))
        return false;
    /* three bytes on, where a character begins there */
    return !word[3] || (word[3] & 0xC0) == 0x80 || !word[4] || !word[5] ||
           mud_grams_has(grams, word + 3);
}

#endif
