/* Inside of a lexicon, between lexicon.c (loading) and lexfind.c (finding). */
#ifndef MUD_NLP_LEXINDEX_H
#define MUD_NLP_LEXINDEX_H

#include "nlp/lexicon.h"
#include "nlp/trie.h"

enum { /* edges of a term: what must not stand next to it */
    MUD_LEX_LETTER_FIRST = 1,
    MUD_LEX_DIGIT_FIRST = 2,
    MUD_LEX_LETTER_LAST = 4,
    MUD_LEX_DIGIT_LAST = 8,
    MUD_LEX_PLURAL = 16 /* an s may follow */
};

struct mud_lex_table {
    char *name;
    struct mud_str columns; /* its first line */
};

struct mud_lexicon {
    const struct mud_folder *folder;
    struct mud_arena *arena;
    struct mud_lex_entry *entries; /* [1..n] */
    uint32_t n;
    size_t cap;
    struct mud_lex_table *tables;
    size_t n_tables, tables_cap;
    struct mud_sha256 *sha;
    uint8_t digest[32];
    struct mud_trie trie; /* folded term to its first entry */
    bool inside[128];     /* ASCII that begins a term flagged `inside` */
    bool sealed;
};

#endif
