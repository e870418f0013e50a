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

#define MUD_LEX_GATE 131072u /* bits */

/* A bit for the two characters that begin a term; few texts have them. */
static inline uint32_t mud_lex_gate_bit(uint32_t first, uint32_t second)
{
    return (first * 2654435761u ^ second * 40503u) >> 8 & (MUD_LEX_GATE - 1);
}

/* An entry as the matcher needs it: those of one term stand side by side. */
struct mud_lex_found {
    uint32_t entry;
    uint8_t kind, edges;
    bool more; /* the next one is of the same term */
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
    struct mud_trie trie; /* folded term to the first of its `found` */
    struct mud_lex_found *found;
    uint64_t gate[MUD_LEX_GATE / 64];
    uint64_t single[65536 / 64]; /* BMP characters that are terms alone */
    bool inside[128];            /* ASCII that begins a term flagged `inside` */
    bool sealed;
};

#endif
