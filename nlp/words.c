#include "nlp/words.h"

void mud_grams_add(struct mud_grams *grams, struct mud_str text)
{
    static const uint8_t lengths[16] = {
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4};

    for (size_t i = 0; i + 2 < text.n;) {
        uint32_t gram = mud_gram(text.s + i);

        grams->bits[gram / 64] |= UINT64_C(1) << gram % 64;
        i += lengths[(unsigned char)text.s[i] >> 4];
    }
}
