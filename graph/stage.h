/* Rows of a batch into the staging tables. Inside graph only. */
#ifndef MUD_GRAPH_STAGE_H
#define MUD_GRAPH_STAGE_H

#include "graph/batch.h"
#include "store/pg.h"

MUD_MUST bool mud_stage_batch(struct mud_pg *pg, const struct mud_batch *batch,
                              int32_t reader, struct mud_error *err);

#endif
