/*
 * What the index tells of new contents by facets (graph/facet.h), out of the
 * batch that brings them: all that is known of them is in it. Inside graph
 * only.
 */
#ifndef MUD_GRAPH_WRITE_FACETS_H
#define MUD_GRAPH_WRITE_FACETS_H

#include "graph/fresh.h"
#include "graph/search_check.h"

/* One for each row of batch->contents; those of new ones are filled. */
struct mud_checked *mud_write_facets(const struct mud_batch *batch,
                                     const struct mud_fresh *fresh,
                                     struct mud_arena *arena);

#endif
