/*
 * Everything graph holds is made of captures and can be made again. clear
 * empties the derived tables in one transaction and waits for ingests under
 * way; one that goes on afterwards fails with MUD_EAGAIN. Whoever clears then
 * parses and ingests all captures (run/), indexes and computes actors.
 *
 * What stays: actor runs before the clear are dropped with the rest, since
 * they name nodes that are gone.
 */
#ifndef MUD_GRAPH_REBUILD_H
#define MUD_GRAPH_REBUILD_H

#include "base/hash.h"
#include "store/pg.h"

MUD_MUST bool mud_graph_clear(struct mud_pg *pg, struct mud_error *err);
/* Its parts, in a transaction of the caller's: hold off every ingest until its
 * end; empty the tables. */
MUD_MUST bool mud_graph_hold(struct mud_pg *pg, struct mud_error *err);
MUD_MUST bool mud_graph_empty(struct mud_pg *pg, struct mud_error *err);

/*
 * A digest of all derived rows, which is the same whenever the same captures
 * were read by the same versions, in any order and however often. Runs of
 * actors count by their last one, without number and time; search segments,
 * which depend on when they were made, do not. *rows (may be NULL) counts.
 * Run while nothing is ingested.
 */
MUD_MUST bool mud_graph_digest(uint8_t sha256[MUD_SHA256], int64_t *rows,
                               struct mud_pg *pg, struct mud_error *err);

#endif
