#include "store/queue.h"

#include "base/time.h"

#include <stdio.h>

/* A time as argument; 0 is SQL NULL. */
static struct mud_str time_arg(char out[MUD_TIME_TEXT], int64_t us)
{
    return us ? mud_str_z(mud_time_text(out, us, true)) : MUD_SQL_NULL;
}

static struct mud_str int_arg(char out[24], int64_t value)
{
    (void)snprintf(out, 24, "%lld", (long long)value);
    return mud_str_z(out);
}

/* NOLINTNEXTLINE(readability-function-size): the contract of the header */
bool mud_queue_put(struct mud_pg *pg, const char *queue, struct mud_str key,
                   struct mud_str payload, int priority, int64_t run_at,
                   bool *added, struct mud_error *err)
{
    char number[24], when[MUD_TIME_TEXT];
    const struct mud_str args[] = {mud_str_z(queue),
                                   key,
                                   payload,
                                   int_arg(number, priority),
                                   time_arg(when, run_at)};
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, pg, mud_sql("queue_put"), args, 5, err))
        return mud_fail_in(err, "queue %s", queue);
    if (added)
        *added = mud_rows_count(rows) == 1;
    mud_rows_free(rows);
    return true;
}

bool mud_queue_put_many(struct mud_pg *pg, const char *queue,
                        struct mud_str jobs, struct mud_error *err)
{
    const struct mud_str args[] = {mud_str_z(queue), jobs};

    return mud_pg_query(NULL, pg, mud_sql("queue_put_many"), args, 2, err) ||
           mud_fail_in(err, "queue %s", queue);
}

/* NOLINTNEXTLINE(readability-function-size): the contract of the header */
bool mud_queue_take(struct mud_job **jobs, size_t *n, struct mud_pg *pg,
                    const char *queue, size_t max, int lease_s,
                    const char *worker, struct mud_arena *arena,
                    struct mud_error *err)
{
    char most[24], lease[24];
    const struct mud_str args[] = {mud_str_z(queue),
                                   int_arg(most, (int64_t)max),
                                   int_arg(lease, lease_s),
                                   mud_str_z(worker)};
    struct mud_rows *rows = NULL;

    *n = 0;
    *jobs = NULL;
    if (!mud_pg_query(&rows, pg, mud_sql("queue_take"), args, 4, err))
        return mud_fail_in(err, "queue %s", queue);
    *n = mud_rows_count(rows);
    *jobs = mud_arena_array(arena, *n, sizeof(**jobs));
    for (size_t i = 0; i < *n; i++) {
        struct mud_job *job = &(*jobs)[i];

        job->id = mud_rows_int(rows, i, 0);
        job->tries = (int)mud_rows_int(rows, i, 1);
        job->key = mud_str_dup(mud_rows_get(rows, i, 2), arena);
        job->payload = mud_str_dup(mud_rows_get(rows, i, 3), arena);
    }
    mud_rows_free(rows);
    return true;
}

/* A statement on one job, which may have one more argument or two. */
static bool change(struct mud_pg *pg, const char *statement, int64_t job,
                   const struct mud_str *more, size_t n_more,
                   struct mud_error *err)
{
    char id[24];
    struct mud_str args[3] = {int_arg(id, job)};

    for (size_t i = 0; i < n_more; i++)
        args[1 + i] = more[i];
    return mud_pg_query(NULL, pg, mud_sql(statement), args, 1 + n_more, err) ||
           mud_fail_in(err, "job %lld", (long long)job);
}

bool mud_queue_done(struct mud_pg *pg, int64_t job, struct mud_error *err)
{
    return change(pg, "queue_done", job, NULL, 0, err);
}

bool mud_queue_keep(struct mud_pg *pg, int64_t job, int lease_s,
                    struct mud_error *err)
{
    char lease[24];
    const struct mud_str more[] = {int_arg(lease, lease_s)};

    return change(pg, "queue_keep", job, more, 1, err);
}

bool mud_queue_delay(struct mud_pg *pg, int64_t job, int64_t run_at,
                     struct mud_error *err)
{
    char when[MUD_TIME_TEXT];
    const struct mud_str more[] = {time_arg(when, run_at)};

    return change(pg, "queue_delay", job, more, 1, err);
}

/* A reason is never NULL: a parked job must say why. */
static struct mud_str reason(struct mud_str why)
{
    return why.n ? why : MUD_STR("no reason given");
}

bool mud_queue_retry(struct mud_pg *pg, int64_t job, struct mud_str why,
                     struct mud_error *err)
{
    char most[24];
    const struct mud_str more[] = {reason(why), int_arg(most, MUD_QUEUE_TRIES)};

    return change(pg, "queue_retry", job, more, 2, err);
}

bool mud_queue_fail(struct mud_pg *pg, int64_t job, struct mud_str why,
                    struct mud_error *err)
{
    const struct mud_str more[] = {reason(why)};

    return change(pg, "queue_fail", job, more, 1, err);
}

bool mud_queue_reap(struct mud_pg *pg, int64_t *given_back,
                    struct mud_error *err)
{
    char most[24];
    const struct mud_str args[] = {int_arg(most, MUD_QUEUE_TRIES)};
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, pg, mud_sql("queue_reap"), args, 1, err))
        return false;
    if (given_back)
        *given_back = mud_rows_changed(rows);
    mud_rows_free(rows);
    return true;
}

bool mud_queue_next(int64_t *at, struct mud_pg *pg, const char *queue,
                    struct mud_error *err)
{
    struct mud_str arg = mud_str_z(queue);
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, pg, mud_sql("queue_next"), &arg, 1, err))
        return false;
    *at = mud_rows_time(rows, 0, 0);
    mud_rows_free(rows);
    return true;
}

bool mud_queue_count(struct mud_pg *pg, const char *queue, int64_t *waiting,
                     int64_t *leased, int64_t *failed, struct mud_error *err)
{
    const struct mud_str args[] = {mud_str_z(queue)};
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, pg, mud_sql("queue_count"), args, 1, err))
        return mud_fail_in(err, "queue %s", queue);
    *waiting = mud_rows_int(rows, 0, 0);
    *leased = mud_rows_int(rows, 0, 1);
    *failed = mud_rows_int(rows, 0, 2);
    mud_rows_free(rows);
    return true;
}
