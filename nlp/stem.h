/*
 * Stems of words (libstemmer, the Snowball algorithms): what search terms and
 * the lexicon compare. A stemmer is for one thread.
 *
 * The language is told by the word alone, by its script and by letters that
 * few languages write, never by the text around it: a query of one word must
 * come to the same stem as the text does. A Latin word without such letters is
 * stemmed as English.
 */
#ifndef MUD_NLP_STEM_H
#define MUD_NLP_STEM_H

#include "base/str.h"

struct mud_stemmer;
struct mud_stemmer *mud_stemmer_new(void);
void mud_stemmer_free(struct mud_stemmer *stemmer);

/*
 * The stem of a lower-case word; a word of a language that libstemmer does not
 * know is its own stem, and so is one of more than 64 bytes. In arena or word
 * itself.
 */
struct mud_str mud_stem(struct mud_stemmer *stemmer, struct mud_str word,
                        struct mud_arena *arena);

/* The name of the algorithm for the word ("english"), or "" for none. */
const char *mud_stem_language(struct mud_str word);

#endif
