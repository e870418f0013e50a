/* What nlp/folder.cmake embeds for fold and segment. */
#ifndef MUD_NLP_TABLES_H
#define MUD_NLP_TABLES_H

#include "base/embed.h"

/* words.trie, fold.table, homoglyph.tsv, split.tsv, terms.tsv (a lexicon table) */
extern const struct mud_embedded mud_nlp_tables[];

#endif
