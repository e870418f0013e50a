#include "nlp/words.h"

#include <pthread.h>

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

static void note(struct mud_words *w)
{
    const char *at = (const char *)w->first;

    for (size_t i = 0; i < w->n; i++, at += w->stride) {
        const char *word = *(const char *const *)at;
        uint32_t gram;

        if (!word[0] || !word[1]) {
            w->short_one = true;
            continue;
        }
        gram = word[2] ? mud_gram(word) : mud_gram_pair(word);
        w->heads[gram / 64] |= UINT64_C(1) << gram % 64;
    }
}

static void note_once(struct mud_words *w)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

    (void)pthread_mutex_lock(&lock);
    if (!w->known)
        note(w);
    __atomic_store_n(&w->known, true, __ATOMIC_RELEASE);
    (void)pthread_mutex_unlock(&lock);
}

bool mud_words_may(struct mud_words *w, const struct mud_grams *grams)
{
    uint64_t both = 0;

    if (!__atomic_load_n(&w->known, __ATOMIC_ACQUIRE))
        note_once(w);
    for (size_t i = 0; i < MUD_GRAMS / 64; i++)
        both |= w->heads[i] & grams->bits[i];
    return both != 0 || w->short_one;
}
