#include "run/link.h"

#include "base/log.h"
#include "graph/actor.h"
#include "graph/alert.h"
#include "graph/drift.h"
#include "graph/gone.h"
#include "graph/search_index.h"
#include "graph/similar.h"

bool mud_link(struct mud_linked *out, struct mud_worker *worker,
              struct mud_error *err)
{
    struct mud_actor_result actors;
    struct mud_search_indexed indexed;
    struct mud_drift_result drift;
    struct mud_alerted alerted;

    if (!mud_ingest_flush(worker->ingest, NULL, err) ||
        !mud_gone_run(NULL, worker->pg, err) ||
        !mud_drift_run(&drift, worker->pg, err) ||
        !mud_similar_run(NULL, worker->pg, err) ||
        !mud_actor_run(&actors, worker->pg, err) ||
        !mud_search_index(
            &indexed, worker->pg, worker->reader, NULL, NULL, err) ||
        !mud_alert_run(&alerted, worker->pg, worker->reader, err))
        return mud_fail_in(err, "link");
    if (alerted.hits)
        mud_log(MUD_LOG_INFO,
                NULL,
                "%lld new hits of saved searches (mudlark alert run)",
                (long long)alerted.hits);
    if (drift.raised)
        mud_log(MUD_LOG_WARN,
                NULL,
                "%lld new drift alarms: a source is not read as well as it "
                "was (mudlark source list)",
                (long long)drift.raised);
    if (out)
        *out = (struct mud_linked){.sellers = actors.sellers,
                                   .entities = actors.entities,
                                   .indexed = indexed.contents,
                                   .alarms = drift.open};
    return true;
}
