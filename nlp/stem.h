/*
 * Stems of words (libstemmer, the Snowball algorithms): what search terms and
 * the lexicon compare. A stemmer is for one thread.
 */
#ifndef MUD_NLP_STEM_H
#define MUD_NLP_STEM_H

#include "base/str.h"

struct mud_stemmer;
struct mud_stemmer *mud_stemmer_new(void);
void mud_stemmer_free(struct mud_stemmer *stemmer);

/*
 * The stem of a lower-case word: Latin letters as English, Cyrillic ones as
 * Russian; any other word is its own stem. In arena or word itself.
 */
struct mud_str mud_stem(struct mud_stemmer *stemmer, struct mud_str word,
                        struct mud_arena *arena);

#endif
