/*
 * What a listener does when the database goes away: it stays connected and goes on
 * hearing, into its spool, and looks for the database until it is there again. Only
 * of a live round; any other begins again with a new connection.
 */
#ifndef MUD_RUN_OUTLAST_H
#define MUD_RUN_OUTLAST_H

#include "run/crawl.h"
#include "run/source.h"
#include "run/worker.h"

struct mud_outlast {
    bool away;     /* nothing is asked of the database */
    int64_t tried; /* monotonic us: when it was looked for */
};

/* Is err that the database went away, from a live listener? Then it is logged and
 * cleared, and it is away. */
bool mud_outlast(struct mud_outlast *db, const struct mud_source *source,
                 const struct mud_crawl_options *options,
                 struct mud_error *err);

/*
 * Look for it, every few seconds while it is away. *ours false: it is there, and
 * another worker has the source by now. Fails when it is there and not as it was.
 */
MUD_MUST bool mud_outlast_find(bool *ours, struct mud_outlast *db,
                               struct mud_worker *worker,
                               const struct mud_source *source,
                               struct mud_error *err);

/* The round is over: MUD_EAGAIN while it is away, for nothing can be asked of it. */
MUD_MUST bool mud_outlast_end(const struct mud_outlast *db,
                              const struct mud_source *source,
                              struct mud_error *err);

#endif
