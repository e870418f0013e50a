#include "nlp/words.h"

static inline unsigned hash(const unsigned char *s)
{
    return (s[0] + s[1] * 5U + s[2] * 37U) & 255;
}

static bool is_here(struct mud_str text, size_t at, const char *word)
{
    size_t i = 0;

    while (word[i] && at + i < text.n && text.s[at + i] == word[i])
        i++;
    return !word[i];
}

bool mud_words_in(struct mud_str text, const char *const *words)
{
    uint64_t gate[4] = {0}; /* a bit for the first three bytes of each word */

    if (text.n < 3)
        return false;
    for (size_t k = 0; words[k]; k++) {
        unsigned h = hash((const unsigned char *)words[k]);

        gate[h / 64] |= UINT64_C(1) << h % 64;
    }
    for (size_t i = 0; i + 2 < text.n; i++) {
        unsigned h;

        if ((text.s[i] & 0xC0) == 0x80) /* inside a character */
            continue;
        h = hash((const unsigned char *)text.s + i);
        if (!(gate[h / 64] >> h % 64 & 1))
            continue;
        for (size_t k = 0; words[k]; k++)
            if (is_here(text, i, words[k]))
                return true;
    }
    return false;
}
