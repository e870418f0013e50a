/*
 * Bystanders: whoever offers nothing illicit. Their posts are dropped once
 * nobody saw them for a while, with the texts that stand nowhere else, unless a
 * claim rests on them or their capture is in a case or held otherwise. Rebuild
 * reads them again out of the captures, so it ends with this, too; the sealed
 * captures themselves go with their retention.
 */
#ifndef MUD_GRAPH_EXPIRE_H
#define MUD_GRAPH_EXPIRE_H

#include "store/pg.h"

#define MUD_BYSTANDER_DAYS 90

/* What was last seen before this has expired now. */
int64_t mud_bystander_end(int64_t now);

/* Drop bystanders' posts that were last seen before `before` (us); *posts says
 * how many. Runs in batches, each of which is all or nothing. */
MUD_MUST bool mud_expire_bystanders(int64_t *posts, struct mud_pg *pg,
                                    int64_t before, struct mud_error *err);

#endif
