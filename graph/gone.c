#include "graph/gone.h"

#define DEADLINE \
    600000 /* ms: a group of millions of messages is looked through */

bool mud_gone_run(int64_t *changed, struct mud_pg *pg, struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    struct mud_error why = {0};
    bool good;

    mud_pg_deadline(pg, DEADLINE);
    good = mud_pg_begin(pg, &why) &&
           mud_pg_query(NULL, pg, mud_sql("gone_lock"), NULL, 0, &why) &&
           mud_pg_query(&rows, pg, mud_sql("gone_run"), NULL, 0, &why) &&
           mud_pg_commit(pg, &why);
    if (!good)
        mud_pg_rollback(pg);
    mud_pg_deadline(pg, 60000);
    if (good && changed)
        *changed = mud_rows_changed(rows);
    mud_rows_free(rows);
    return good || mud_fail(err, why.code, "look for gone posts: %s", why.text);
}
