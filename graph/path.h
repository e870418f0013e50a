/*
 * The shortest chain between two sets of nodes; of several the strongest: that
 * whose weakest claim has most evidence. Inside graph only.
 */
#ifndef MUD_GRAPH_PATH_H
#define MUD_GRAPH_PATH_H

#include "graph/why.h"

struct mud_hop {
    struct mud_id from, to;
    int kind;
};

struct mud_path {
    const struct mud_id *from, *to; /* the two sets */
    size_t n_from, n_to;
    bool holding; /* over claims alone that hold actors together */

    struct mud_hop hops[MUD_WHY_HOPS];
    size_t n; /* hops found; 0: no chain */
    bool cut; /* a budget was reached; stays set over searches */
};

/* Two statements a hop, from `from` on. */
MUD_MUST bool mud_path_find(struct mud_path *path, struct mud_pg *pg,
                            struct mud_error *err);

#endif
