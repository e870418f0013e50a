/* The shortest chain between two sets of nodes. Inside graph only. */
#ifndef MUD_GRAPH_PATH_H
#define MUD_GRAPH_PATH_H

#include "graph/why.h"

struct mud_hop {
    struct mud_id from, to;
    int kind;
};

/* Claims of kind <= most_kind. hops has room for MUD_WHY_HOPS; *n is 0 when
 * there is no chain. One statement a hop, from the a side on. */
MUD_MUST bool mud_path(struct mud_hop *hops, size_t *n, bool *cut,
                       struct mud_pg *pg, const struct mud_id *a, size_t n_a,
                       const struct mud_id *b, size_t n_b, int most_kind,
                       struct mud_error *err);

#endif
