/* A short list of words looked for in a text, all in one pass. */
#ifndef MUD_NLP_WORDS_H
#define MUD_NLP_WORDS_H

#include "base/str.h"

/* Does the text hold one of the words? The list ends with NULL; each word has
 * three bytes at least. Linear in the text. */
bool mud_words_in(struct mud_str text, const char *const *words);

#endif
