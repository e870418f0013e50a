/* The trie of a lexicon as its matcher walks it. */
#include <stdlib.h>

#include "nlp/lexindex.h"

static void put(struct mud_lexicon *lexicon, struct mud_lex_node *node,
                uint32_t entry)
{
    node->entry = entry;
    node->kind = lexicon->entries[entry].kind;
    node->edges = lexicon->entries[entry].edges;
    node->more = lexicon->entries[entry].next != 0;
}

static void copy(struct mud_lexicon *lexicon, const struct mud_trie *trie)
{
    for (uint32_t i = 0; i < trie->n_nodes; i++) {
        const struct mud_trie_node *from = &trie->nodes[i];
        struct mud_lex_node *to = &lexicon->nodes[i];

        to->base |= from->base; /* its children's bits may be there */
        to->parent = from->check;
        if (from->value != MUD_TRIE_NONE)
            put(lexicon, to, (uint32_t)from->value);
        if (i > 0 && from->check < trie->n_nodes) {
            uint32_t code = i - trie->nodes[from->check].base;

            lexicon->nodes[from->check].base |= UINT32_C(1)
                                                << (MUD_LEX_BASE + code % 8);
        }
    }
}

bool mud_lex_nodes_make(struct mud_lexicon *lexicon,
                        const struct mud_trie_key *keys, size_t n,
                        struct mud_error *err)
{
    struct mud_trie trie = {0};

    if (!mud_trie_build(&trie, keys, n, err))
        return false;
    if (trie.n_nodes >> MUD_LEX_BASE) {
        mud_trie_free(&trie);
        return mud_fail(
            err, MUD_ELIMIT, "lexicon: too many terms that are too long");
    }
    memcpy(lexicon->code, trie.code, sizeof lexicon->code);
    lexicon->nodes = mud_calloc(trie.n_nodes, sizeof *lexicon->nodes);
    copy(lexicon, &trie);
    mud_trie_free(&trie);
    lexicon->found = mud_calloc(lexicon->n + 1u, sizeof *lexicon->found);
    for (uint32_t i = 1; i <= lexicon->n; i++)
        lexicon->found[i] =
            (struct mud_lex_found){.next = lexicon->entries[i].next,
                                   .kind = lexicon->entries[i].kind,
                                   .edges = lexicon->entries[i].edges};
    return true;
}
