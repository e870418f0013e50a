#include "graph/rebuild_diff.h"

#include "base/time.h"
#include "graph/rebuild.h"

bool mud_rebuild_since(int64_t *us, struct mud_pg *pg, struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    *us = 0;
    if (!mud_pg_query(&rows, pg, mud_sql("rebuild_since"), NULL, 0, err))
        return false;
    if (mud_rows_count(rows))
        *us = mud_rows_time(rows, 0, 0);
    mud_rows_free(rows);
    return true;
}

static bool written_down(bool *out, struct mud_pg *pg, struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, pg, mud_sql("rebuild_facts"), NULL, 0, err))
        return false;
    *out = mud_rows_bool(rows, 0, 0);
    mud_rows_free(rows);
    return true;
}

static bool run(struct mud_pg *pg, const char *name, const char *arg,
                struct mud_error *err)
{
    struct mud_str args[1];

    if (arg)
        args[0] = mud_str_z(arg);
    return mud_pg_query(NULL, pg, mud_sql(name), args, arg ? 1 : 0, err);
}

static bool write_down(struct mud_pg *pg, const char *later,
                       struct mud_error *err)
{
    return run(pg, "rebuild_fact_rules", later, err) &&
           run(pg, "rebuild_fact_post", later, err) &&
           run(pg, "rebuild_fact_offer", later, err) &&
           run(pg, "rebuild_fact_contact", later, err) &&
           run(pg, "rebuild_fact_seller", later, err);
}

/* What is compared with: as it is now, or as it was before the rebuild that
 * was not ended. */
static bool remember(struct mud_pg *pg, bool compare, struct mud_error *err)
{
    char now[MUD_TIME_TEXT];
    int64_t since = 0;
    bool facts = false;

    if (!mud_rebuild_since(&since, pg, err) || !written_down(&facts, pg, err))
        return false;
    if (compare && since && !facts)
        return mud_fail(err,
                        MUD_EDENIED,
                        "an earlier rebuild did not end and did not compare: "
                        "there is nothing whole to compare with; run mudlark "
                        "rebuild without --diff first");
    mud_time_text(now, mud_now(), true);
    if (!run(pg, "rebuild_mark", now, err))
        return false;
    if (since)
        return run(pg, "rebuild_forget", "true", err);
    return run(pg, "rebuild_forget", "false", err) &&
           (!compare || write_down(pg, "false", err));
}

bool mud_rebuild_begin(struct mud_pg *pg, bool compare, struct mud_error *err)
{
    /* In one transaction: a clear is never without its mark. */
    if (mud_pg_begin(pg, err) && mud_graph_hold(pg, err) &&
        remember(pg, compare, err) && mud_graph_empty(pg, err) &&
        mud_pg_commit(pg, err))
        return true;
    mud_pg_rollback(pg);
    return mud_fail_in(err, "begin the rebuild");
}

static bool tell(struct mud_pg *pg, const char *name, mud_record_fn *record,
                 void *payload, struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    bool good = mud_pg_query(&rows, pg, mud_sql(name), NULL, 0, err);

    for (size_t i = 0; good && i < mud_rows_count(rows); i++)
        good = record(mud_rows_get(rows, i, 0), payload, err);
    mud_rows_free(rows);
    return good;
}

bool mud_rebuild_end(struct mud_pg *pg, bool compare, mud_record_fn *record,
                     void *payload, struct mud_error *err)
{
    /* Told before it is forgotten: who was killed in between asks again. */
    if (mud_pg_begin(pg, err) &&
        (!compare || (write_down(pg, "true", err) &&
                      tell(pg, "rebuild_rules", record, payload, err) &&
                      tell(pg, "rebuild_diff", record, payload, err))) &&
        run(pg, "rebuild_forget", "false", err) &&
        run(pg, "rebuild_unmark", NULL, err) && mud_pg_commit(pg, err))
        return true;
    mud_pg_rollback(pg);
    return mud_fail_in(err, "end the rebuild");
}
