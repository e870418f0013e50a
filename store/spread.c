#include "store/spread.h"

#include "store/migrate.h"

extern const struct mud_embedded mud_citus[];

static bool there(bool *out, struct mud_pg *pg, struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, pg, mud_sql("migrate_citus"), NULL, 0, err))
        return false;
    *out = mud_rows_count(rows) > 0;
    mud_rows_free(rows);
    return true;
}

bool mud_spread(struct mud_pg *pg, struct mud_error *err)
{
    bool citus = false;

    if (!there(&citus, pg, err))
        return false;
    if (!citus)
        return true;
    if (mud_pg_begin(pg, err) &&
        mud_pg_exec(
            pg, "SELECT pg_advisory_xact_lock(" MUD_MIGRATE_LOCK ")", err) &&
        mud_migrate_run(pg, mud_citus, err) && mud_pg_commit(pg, err))
        return true;
    mud_pg_rollback(pg);
    return mud_fail_in(err, "spread the tables over the cluster");
}
