/*
 * Rows of a batch into Postgres by COPY: into the staging tables, or, where
 * their content is new, straight into their own. Inside graph only.
 */
#ifndef MUD_GRAPH_STAGE_H
#define MUD_GRAPH_STAGE_H

#include "graph/fresh.h"

MUD_MUST bool mud_stage_threads(struct mud_pg *pg,
                                const struct mud_batch *batch,
                                struct mud_error *err);
/* Contents that are not known to be new into staging; straight: the new ones
 * into their table, which fails with SQLSTATE 23505 when somebody stored one of
 * them since it was asked for. */
MUD_MUST bool mud_stage_contents(struct mud_pg *pg,
                                 const struct mud_batch *batch, int32_t reader,
                                 const struct mud_fresh *fresh, bool straight,
                                 struct mud_error *err);
/* All other rows that may meet one that is there. */
MUD_MUST bool mud_stage_batch(struct mud_pg *pg, const struct mud_batch *batch,
                              int32_t reader, const struct mud_fresh *fresh,
                              struct mud_error *err);
/* What belongs to new contents into its tables. */
MUD_MUST bool mud_stage_fresh(struct mud_pg *pg, const struct mud_batch *batch,
                              int32_t reader, const struct mud_fresh *fresh,
                              struct mud_error *err);
/* New contents wait to be indexed for search. */
MUD_MUST bool mud_stage_pending(struct mud_pg *pg,
                                const struct mud_batch *batch,
                                const struct mud_fresh *fresh,
                                struct mud_error *err);

#endif
