/*
 * The new contents of a batch as a segment of the search index, made in a
 * thread of its own while the batch is written; what is too few for that, or
 * comes while another indexer is at work, waits in search_pending. Inside graph
 * only.
 */
#ifndef MUD_GRAPH_WRITE_SEARCH_H
#define MUD_GRAPH_WRITE_SEARCH_H

#include "graph/fresh.h"
#include "graph/search_index.h"

struct mud_write_search;

/* batch and fresh must stay as they are until the end. */
struct mud_write_search *mud_write_search_begin(const struct mud_reader *reader,
                                                const struct mud_batch *batch,
                                                const struct mud_fresh *fresh);
/* Stores it, in the transaction under way. */
MUD_MUST bool mud_write_search_store(struct mud_write_search *search,
                                     struct mud_pg *pg, struct mud_error *err);
void mud_write_search_free(struct mud_write_search *search); /* NULL is fine */

#endif
