#include "nlp/words.h"

static inline void put(struct mud_grams *grams, uint32_t gram)
{
    grams->bits[gram / 64] |= UINT64_C(1) << gram % 64;
}

void mud_grams_add(struct mud_grams *grams, struct mud_str text)
{
    static const uint8_t lengths[16] = {
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4};
    uint32_t letters = 0;
    size_t i = 0;

    while (i + 2 < text.n) {
        unsigned char c = (unsigned char)text.s[i];

        put(grams, mud_gram(text.s + i));
        if (c < 0xE0)
            put(grams, mud_gram_pair(text.s + i));
        letters += (unsigned)(c - 'a') < 26U;
        i += lengths[c >> 4];
    }
    if (i + 1 < text.n)
        put(grams, mud_gram_pair(text.s + i));
    grams->letters += letters;
}
