/*
 * Who sold something in a time: the authors of the offers that a query finds,
 * put together by the actors of the last run.
 */
#ifndef MUD_GRAPH_SOLD_H
#define MUD_GRAPH_SOLD_H

#include "graph/search.h"

/*
 * {"type":"sold","schema":1,"actor" (id; null: in no actor),"seller" (node),
 *  "names":[...] (at most 5),"posts","texts","first","last" (us of the posts,
 *  as RFC 3339),"examples":[post id...] (newest 3),"query"}, the most posts
 * first. *complete (may be NULL): all texts were checked.
 */
MUD_MUST bool mud_sold(bool *complete, struct mud_pg *pg,
                       const struct mud_reader *reader,
                       const struct mud_search *search, mud_record_fn *record,
                       void *payload, struct mud_error *err);

/* "what" as a query: words or a product's id, sold in the time (may be NULL);
 * a query of docs/search.md when it has a colon. */
struct mud_str mud_sold_query(struct mud_str what, const char *in,
                              struct mud_arena *arena);

#endif
