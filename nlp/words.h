/*
 * What a text holds, as bits: three bytes in a row from where a character
 * begins, and two where it is one of ASCII or of two bytes. Most words that the
 * text does not hold are told apart by one look, without going through it; and
 * so are whole lists of words, by the two characters that begin each of them.
 */
#ifndef MUD_NLP_WORDS_H
#define MUD_NLP_WORDS_H

#include "base/str.h"

#define MUD_GRAMS      4096u
#define MUD_GRAM_BY    2654435761u
#define MUD_PAIR_BY    2246822519u
#define MUD_WORDS_MOST 128u /* lists that are told apart by one look */

struct mud_grams {
    uint64_t bits[MUD_GRAMS / 64];
    uint64_t lists[MUD_WORDS_MOST / 64]; /* that may have a word in it */
    uint64_t ascii[2];                   /* characters of ASCII */
    uint32_t leads; /* first bytes of those of two bytes, less 0xC0 */
    uint32_t known; /* of lists 1 to this one the above can be told */
};

static inline uint32_t mud_gram_hash(const char *s)
{
    uint32_t three = (uint32_t)(unsigned char)s[0] |
                     (uint32_t)(unsigned char)s[1] << 8 |
                     (uint32_t)(unsigned char)s[2] << 16;

    return three * MUD_GRAM_BY;
}

static inline uint32_t mud_gram(const char *s)
{
    return mud_gram_hash(s) >> 20;
}

static inline uint32_t mud_gram_pair(const char *s)
{
    uint32_t two = (uint32_t)(unsigned char)s[0] | (uint32_t)(unsigned char)s[1]
                                                       << 8;

    return two * MUD_PAIR_BY >> 20;
}

/* Add those of a text, valid UTF-8, to grams that are all zero. Linear. */
void mud_grams_add(struct mud_grams *grams, struct mud_str text);

static inline bool mud_grams_has(const struct mud_grams *grams, uint32_t gram)
{
    return grams->bits[gram / 64] >> gram % 64 & 1;
}

/* The first of grams i to n - 1 that the text has, or n. */
static inline size_t mud_grams_next(const struct mud_grams *grams,
                                    const uint16_t *list, size_t i, size_t n)
{
    while (i < n && !mud_grams_has(grams, list[i]))
        i++;
    return i;
}

/* Does the text hold this character of ASCII? */
static inline bool mud_grams_char(const struct mud_grams *grams, char c)
{
    return grams->ascii[(unsigned char)c >> 6 & 1] >> (c & 63) & 1;
}

/* Does the text hold characters of two bytes that begin with this one? */
static inline bool mud_grams_lead(const struct mud_grams *grams,
                                  unsigned char lead)
{
    return grams->leads >> (lead & 31) & 1;
}

/* Does the text hold a letter from a to z? */
static inline bool mud_grams_letter(const struct mud_grams *grams)
{
    return (grams->ascii[1] & UINT64_C(0x3FFFFFF) << ('a' - 64)) != 0;
}

/* Does it hold a digit or a letter from a to z? */
static inline bool mud_grams_alnum(const struct mud_grams *grams)
{
    return mud_grams_letter(grams) ||
           (grams->ascii[0] & UINT64_C(0x3FF) << '0') != 0;
}

/* May the text hold this word of whole characters? One of a single byte always
 * may. */
__attribute__((always_inline)) static inline bool mud_grams_may(
    const struct mud_grams *grams, const char *word)
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
 * a text holds none. The list is noted when it is first asked for; from then on
 * it is only read.
 */
struct mud_words {
    const char *const *first; /* pointers to words, `stride` bytes apart */
    size_t n, stride;
    uint32_t id; /* counted from 1; 0 before it is noted */
    uint16_t n_brief,
        brief[12]; /* grams of words with less than two characters */
};

#define MUD_WORDS(list)                                         \
    {                                                           \
        .first = (list), .n = sizeof(list) / sizeof((list)[0]), \
        .stride = sizeof((list)[0])                             \
    }

static inline const char *mud_words_at(const struct mud_words *words, size_t i)
{
    return *(const char *const *)((const char *)words->first +
                                  i * words->stride);
}

/* Of a list that ends with NULL. */
#define MUD_WORDS_TO_NULL(list)                                     \
    {                                                               \
        .first = (list), .n = sizeof(list) / sizeof((list)[0]) - 1, \
        .stride = sizeof((list)[0])                                 \
    }

/* The same for a list that was not noted yet when the grams were made. */
bool mud_words_may_each(struct mud_words *words, const struct mud_grams *grams);
/* The same for brief words alone. */
bool mud_words_may_brief(const struct mud_words *words,
                         const struct mud_grams *grams);

/* May the text hold one of the words? Any thread may ask. */
static inline bool mud_words_may(struct mud_words *words,
                                 const struct mud_grams *grams)
{
    uint32_t id = __atomic_load_n(&words->id, __ATOMIC_ACQUIRE) - 1;

    if (id >= grams->known)
        return mud_words_may_each(words, grams);
    return grams->lists[id / 64] >> id % 64 & 1 ||
           (words->n_brief > 0 && mud_words_may_brief(words, grams));
}

/* Does a part of the text of those grams hold one of the words? */
bool mud_words_in(struct mud_words *words, const struct mud_grams *grams,
                  struct mud_str part);

#endif
