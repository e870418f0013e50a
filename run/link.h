/* After posts were ingested: posts that are gone and drift are looked for,
 * near-duplicates found, actors computed and texts put into the search index. All of it is off the ingest path and may be
 * left out or done again. */
#ifndef MUD_RUN_LINK_H
#define MUD_RUN_LINK_H

#include "run/worker.h"

struct mud_linked {
    int64_t sellers, entities; /* of the actors' run */
    int64_t indexed;           /* texts put into the search index */
    int64_t alarms;            /* of drift, that stand */
};

/* out may be NULL. */
MUD_MUST bool mud_link(struct mud_linked *out, struct mud_worker *worker,
                       struct mud_error *err);

#endif
