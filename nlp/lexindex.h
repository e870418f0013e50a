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

/* An entry as the matcher needs it, by its number. */
struct mud_lex_found {
    uint32_t next; /* another one of the same term, or 0 */
    uint8_t kind, edges;
};

#define MUD_LEX_BASE 24 /* bits */

/*
 * A node of the trie of terms, all that a step needs in one cache line: a child
 * that is not there is mostly told without a look at where it would be.
 */
struct mud_lex_node {
    uint32_t base;       /* children are at base + code; above MUD_LEX_BASE
                          * bits one for each child, by its code modulo 8 */
    uint32_t parent;     /* UINT32_MAX: a free place */
    uint32_t entry;      /* the first whose term ends here, or 0 */
    uint8_t kind, edges; /* of that entry */
    bool more;           /* found[entry].next is another */
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
    struct mud_lex_node *nodes; /* the root is 0 */
    struct mud_lex_found *found;
    uint16_t code[65536]; /* UTF-16 unit to code; 0: in no term */
    /* Of all terms, and of those that may begin inside a word or number. */
    uint64_t gate[2][MUD_LEX_GATE / 64];
    uint64_t single[65536 / 64]; /* BMP characters that are terms alone */
    bool inside[128];            /* those of ASCII that are so inside a word */
    bool sealed;
};

/* Make nodes and found for terms with the number of their first entry; entries
 * are chained. Fails with MUD_ELIMIT. */
MUD_MUST bool mud_lex_nodes_make(struct mud_lexicon *lexicon,
                                 const struct mud_trie_key *keys, size_t n,
                                 struct mud_error *err);

static inline bool mud_lex_unit(const struct mud_lexicon *lexicon,
                                uint32_t *node, uint32_t unit)
{
    uint32_t code = lexicon->code[unit];
    uint32_t base = lexicon->nodes[*node].base;
    uint32_t next = (base & ((1U << MUD_LEX_BASE) - 1)) + code;

    /* no child has code 0 */
    if (!(base >> MUD_LEX_BASE >> code % 8 & 1) ||
        lexicon->nodes[next].parent != *node)
        return false;
    *node = next;
    return true;
}

/* One step from *node (the root is 0) by a code point. */
static inline bool mud_lex_step(const struct mud_lexicon *lexicon,
                                uint32_t *node, uint32_t c)
{
    if (c < 0x10000)
        return mud_lex_unit(lexicon, node, c);
    return mud_lex_unit(lexicon, node, 0xd7c0 + (c >> 10)) &&
           mud_lex_unit(lexicon, node, 0xdc00 + (c & 0x3ff));
}

#endif
