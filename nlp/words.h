/*
 * What a text holds, as bits: three bytes in a row from where a character
 * begins, and two where it is one of ASCII or of two bytes. Most words that the
 * text does not hold are told apart by one look, without going through it.
 */
#ifndef MUD_NLP_WORDS_H
#define MUD_NLP_WORDS_H

#include "base/str.h"

#define MUD_GRAMS 4096u

struct mud_grams {
    uint64_t bits[MUD_GRAMS / 64];
    uint32_t letters; /* a to z, but for the last two bytes */
};

static inline uint32_t mud_gram(const char *s)
{
    uint32_t three = (uint32_t)(unsigned char)s[0] |
                     (uint32_t)(unsigned char)s[1] << 8 |
                     (uint32_t)(unsigned char)s[2] << 16;

    return three * 2654435761u >> 20;
}

static inline uint32_t mud_gram_pair(const char *s)
{
    uint32_t two = (uint32_t)(unsigned char)s[0] | (uint32_t)(unsigned char)s[1]
                                                       << 8;

    return two * 2246822519u >> 20;
}

/* Add those of a text, valid UTF-8, to grams that are all zero. Linear. */
void mud_grams_add(struct mud_grams *grams, struct mud_str text);

static inline bool mud_grams_has(const struct mud_grams *grams, uint32_t gram)
{
    return grams->bits[gram / 64] >> gram % 64 & 1;
}

/* May the text hold this word of whole characters? One of a single byte always
 * may. */
static inline bool mud_grams_may(const struct mud_grams *grams,
                                 const char *word)
{
    if (!word[0] || !word[1])
        return true;
    if (!word[2])
        return mud_grams_has(grams, mud_gram_pair(word));
    if (!mud_grams_has(grams, mud_gram(word)))
        return false;
    /* three bytes on, where a character begins there */
    return !word[3] || (word[3] & 0xC0) == 0x80 || !word[4] || !word[5] ||
           mud_grams_has(grams, mud_gram(word + 3));
}

/*
 * A closed list of words, static in whoever looks for them: one look tells that
 * a text holds none. What begins them is noted at the first look; from then on
 * it is only read.
 */
struct mud_words {
    const char *const *first; /* pointers to words, `stride` bytes apart */
    size_t n, stride;
    uint64_t heads[MUD_GRAMS / 64]; /* grams of which each word has one */
    bool known, short_one; /* one of a single byte: it may always be there */
};

#define MUD_WORDS(list)                                         \
    {                                                           \
        .first = (list), .n = sizeof(list) / sizeof((list)[0]), \
        .stride = sizeof((list)[0])                             \
    }

/* May the text hold one of the words? Any thread may ask. */
bool mud_words_may(struct mud_words *words, const struct mud_grams *grams);

#endif
