#include "nlp/words.h"

void mud_grams_add(struct mud_grams *grams, struct mud_str text)
{
    for (size_t i = 0; i + 2 < text.n; i++) {
        uint32_t gram = mud_gram(text.s + i);

        grams->bits[gram / 64] |= UINT64_C(1) << gram % 64;
    }
}
