/*
 * A page as a flat tree: nodes in document order in an array, so that walking
 * needs no recursion and a subtree is a range. libtidy builds it (this is the
 * only file that knows libtidy), behind the prefilter, and is gone when
 * mud_page_read returns.
 */
#ifndef MUD_PARSE_PAGE_H
#define MUD_PARSE_PAGE_H

#include "parse/prefilter.h"

#define MUD_PAGE_NODES_MAX 600000
#define MUD_PAGE_BYTES_MAX ((size_t)8 << 20) /* of UTF-8; the rest is cut */
#define MUD_NO_NODE        ((uint32_t)-1)

struct mud_node {
    struct mud_str tag;  /* lower case; empty for text */
    struct mud_str text; /* of a text node, entities decoded */
    const struct mud_attr *attrs;
    uint32_t n_attrs;
    uint32_t parent; /* MUD_NO_NODE for the first */
    uint32_t end;    /* one behind the last node of the subtree */
    uint64_t marks;  /* a bit for each name in it, see mud_mark */
};

/*
 * The names that a node has - its tag, its id, the words of its class, its
 * attributes - as hashes, so that what a selector asks for is ruled out
 * without reading them: bit `mark % 64` of the node, and bit
 * `mark / 64 % MUD_MARKS` of the page.
 */
enum mud_mark_kind {
    MUD_MARK_TAG = 't',
    MUD_MARK_ID = '#',
    MUD_MARK_CLASS = '.',
    MUD_MARK_ATTR = '['
};

#define MUD_MARKS 16384

uint32_t mud_mark(enum mud_mark_kind kind, struct mud_str name);

struct mud_page;

/* Marks of n nodes that become the page's: whoever makes a page, calls it. */
void mud_page_marks(struct mud_page *page, struct mud_node *nodes, size_t n);

struct mud_page {
    const struct mud_node *nodes; /* nodes[0] is html, when n > 0 */
    uint32_t n;
    bool cut;                       /* bytes or nodes were left out */
    uint64_t marks[MUD_MARKS / 64]; /* of all nodes */
    struct mud_prefilter_report filter;
};

/*
 * html must be valid UTF-8. Whatever it holds gives a tree, perhaps empty.
 * Fails with MUD_ELIMIT only when libtidy gives up.
 */
MUD_MUST bool mud_page_read(struct mud_page *out, struct mud_str html,
                            struct mud_arena *arena, struct mud_error *err);

/* The value, or {NULL, 0} when there is no such attribute. */
struct mud_str mud_node_attr(const struct mud_node *node, const char *name);
struct mud_str mud_node_attr_of(const struct mud_node *node,
                                struct mud_str name);

/* Is word one of the words, as in a class attribute? */
bool mud_word_in(struct mud_str words, struct mud_str word);

#endif
