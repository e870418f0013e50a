/*
 * Posts that are gone: their place was read again, whole, and they were not in
 * it (mud.gone). A place is known by message id or floor, else by time; outside
 * covered ranges nothing is gone. Made after ingest out of mud.post and
 * mud.coverage, so that it does not depend on the order in which captures came;
 * a post that is seen again later is not gone any more.
 */
#ifndef MUD_GRAPH_GONE_H
#define MUD_GRAPH_GONE_H

#include "store/pg.h"

/* *changed: rows written; may be NULL. One run at a time. */
MUD_MUST bool mud_gone_run(int64_t *changed, struct mud_pg *pg,
                           struct mud_error *err);

#endif
