/*
 * Nodes to the text a reader sees: white space collapsed outside of code,
 * line ends for br and around blocks, at most one empty line in a row.
 */
#ifndef MUD_PARSE_FLOW_H
#define MUD_PARSE_FLOW_H

#include "parse/page.h"

#define MUD_FLOW_BLOCKS 256 /* at most as deep as the prefilter lets pages be */

struct mud_flow {
    struct mud_buf out;
    unsigned lines; /* line ends owed before the next text: 0, 1 or 2 */
    bool space;     /* a space owed before the next text */
    bool broke;     /* a br was last: a line end behind it is its own */

    struct {
        uint32_t end;
        bool code;
    } blocks[MUD_FLOW_BLOCKS]; /* open blocks, outermost first */

    size_t depth;
    unsigned code; /* of them, how many keep white space */
};

/* Before node number i: close the blocks that end there. */
void mud_flow_close(struct mud_flow *flow, uint32_t i);

/* Take a node; alt: an image whose alt text counts. */
void mud_flow_node(struct mud_flow *flow, const struct mud_node *node,
                   bool code, bool alt);

/* A node that is left out: a block still ends the line, while hidden jammer
 * text inside a word must not tear the word apart. */
void mud_flow_skip(struct mud_flow *flow, const struct mud_node *node);

/* The text in arena; twice: decode numeric references in it once more. */
struct mud_str mud_flow_end(struct mud_flow *flow, bool twice,
                            struct mud_arena *arena);

#endif
