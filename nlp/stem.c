#include "nlp/stem.h"

#include <libstemmer.h>
#include <stdlib.h>

#define WORD_MAX 64 /* bytes; longer words are their own stems */

struct mud_stemmer {
    struct sb_stemmer *english, *russian;
};

struct mud_stemmer *mud_stemmer_new(void)
{
    struct mud_stemmer *stemmer = mud_calloc(1, sizeof *stemmer);

    stemmer->english = sb_stemmer_new("english", "UTF_8");
    stemmer->russian = sb_stemmer_new("russian", "UTF_8");
    if (!stemmer->english || !stemmer->russian)
        mud_out_of_memory();
    return stemmer;
}

void mud_stemmer_free(struct mud_stemmer *stemmer)
{
    if (!stemmer)
        return;
    sb_stemmer_delete(stemmer->english);
    sb_stemmer_delete(stemmer->russian);
    free(stemmer);
}

struct mud_str mud_stem(struct mud_stemmer *stemmer, struct mud_str word,
                        struct mud_arena *arena)
{
    struct sb_stemmer *by = NULL;
    const unsigned char *s = (const unsigned char *)word.s;
    const sb_symbol *stem;
    size_t n;

    if (!word.n || word.n > WORD_MAX)
        return word;
    if (s[0] >= 'a' && s[0] <= 'z')
        by = stemmer->english;
    else if (s[0] == 0xd0 || s[0] == 0xd1)
        by = stemmer->russian;
    if (!by)
        return word;

    stem = sb_stemmer_stem(by, s, (int)word.n);
    if (!stem)
        mud_out_of_memory();
    n = (size_t)sb_stemmer_length(by);
    if (!n)
        return word;
    if (n <= word.n && memcmp(stem, word.s, n) == 0)
        return mud_str_of(word.s, n);
    return mud_str_of(mud_arena_dup(arena, stem, n), n);
}
