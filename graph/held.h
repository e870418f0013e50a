/* What a legal hold of an actor is of: its nodes, and the captures that what is
 * known of them rests on. */
#ifndef MUD_GRAPH_HELD_H
#define MUD_GRAPH_HELD_H

#include "base/hash.h"
#include "store/pg.h"

struct mud_held { /* free() both */
    struct mud_id *nodes, *captures;
    size_t n_nodes, n_captures;
};

/* By the id of an actor or node, or TYPE:VALUE, or a persona's name; with all
 * nodes of its actor in the last run. MUD_EMISSING. */
MUD_MUST bool mud_held_find(struct mud_held *out, struct mud_pg *pg,
                            struct mud_str name, struct mud_error *err);

/* Captures that came in since are held, too: of every living hold of an actor.
 * *added counts. Call it before anything is purged. */
MUD_MUST bool mud_held_refresh(int64_t *added, struct mud_pg *pg,
                               struct mud_error *err);

#endif
