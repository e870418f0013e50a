#include "run/health.h"

#include <stdio.h>

#define LATE (1800 * MUD_SECOND) /* due for so long: nobody is at it */

static void read_row(struct mud_health *out, const struct mud_rows *rows,
                     size_t i, struct mud_arena *arena)
{
    *out = (struct mud_health){
        .source = (int32_t)mud_rows_int(rows, i, 0),
        .next = mud_rows_time(rows, i, 1),
        .began = mud_rows_time(rows, i, 2),
        .ended = mud_rows_time(rows, i, 3),
        .unfinished = mud_rows_bool(rows, i, 4),
        .success = mud_rows_time(rows, i, 5),
        .post = mud_rows_time(rows, i, 6),
        .posted = mud_rows_time(rows, i, 7),
        .failures = mud_rows_int(rows, i, 8),
        .error_kind = mud_str_dup(mud_rows_get(rows, i, 9), arena),
        .error = mud_str_dup(mud_rows_get(rows, i, 10), arena),
        .error_at = mud_rows_time(rows, i, 11),
        .pages = mud_rows_int(rows, i, 12),
        .captures = mud_rows_int(rows, i, 13),
        .bytes = mud_rows_int(rows, i, 14),
        .posts = mud_rows_int(rows, i, 15),
        .worker = mud_str_dup(mud_rows_get(rows, i, 16), arena),
        .since = mud_rows_time(rows, i, 17),
        .asked = mud_rows_int(rows, i, 18),
        .failed = mud_rows_int(rows, i, 19),
        .waiting = mud_rows_int(rows, i, 20),
        .parked = mud_rows_int(rows, i, 21),
    };
}

bool mud_health_list(struct mud_health **out, size_t *n, struct mud_pg *pg,
                     int32_t source, struct mud_arena *arena,
                     struct mud_error *err)
{
    char id[16];
    struct mud_rows *rows;

    snprintf(id, sizeof id, "%d", (int)source);
    struct mud_str arg = source ? mud_str_z(id) : MUD_SQL_NULL;
    if (!mud_pg_query(&rows, pg, mud_sql("health_list"), &arg, 1, err))
        return false;
    *n = mud_rows_count(rows);
    *out = mud_arena_array(arena, *n, sizeof **out);
    for (size_t i = 0; i < *n; i++)
        read_row(&(*out)[i], rows, i, arena);
    mud_rows_free(rows);
    return true;
}

static bool rows_of(struct mud_rows **rows, struct mud_pg *pg, const char *sql,
                    int32_t source, int64_t hours, struct mud_error *err)
{
    char id[16], span[24];

    snprintf(id, sizeof id, "%d", (int)source);
    snprintf(span, sizeof span, "%lld", (long long)hours);
    struct mud_str args[] = {mud_str_z(id), mud_str_z(span)};
    return mud_pg_query(rows, pg, sql, args, hours ? 2 : 1, err);
}

bool mud_health_outcomes(struct mud_outcome **out, size_t *n, struct mud_pg *pg,
                         int32_t source, int64_t hours, struct mud_arena *arena,
                         struct mud_error *err)
{
    struct mud_rows *rows;

    if (!rows_of(&rows, pg, mud_sql("health_outcomes"), source, hours, err))
        return false;
    *n = mud_rows_count(rows);
    *out = mud_arena_array(arena, *n, sizeof **out);
    for (size_t i = 0; i < *n; i++)
        (*out)[i] = (struct mud_outcome){
            .class = mud_str_dup(mud_rows_get(rows, i, 0), arena),
            .what = mud_str_dup(mud_rows_get(rows, i, 1), arena),
            .recent = mud_rows_int(rows, i, 2),
            .ever = mud_rows_int(rows, i, 3),
            .example = mud_str_dup(mud_rows_get(rows, i, 4), arena),
            .last = mud_rows_time(rows, i, 5)};
    mud_rows_free(rows);
    return true;
}

bool mud_health_covered(struct mud_covered **out, size_t *n, struct mud_pg *pg,
                        int32_t source, struct mud_arena *arena,
                        struct mud_error *err)
{
    struct mud_rows *rows;

    if (!rows_of(&rows, pg, mud_sql("coverage_sum"), source, 0, err))
        return false;
    *n = mud_rows_count(rows);
    *out = mud_arena_array(arena, *n, sizeof **out);
    for (size_t i = 0; i < *n; i++)
        (*out)[i] = (struct mud_covered){
            .kind = mud_str_dup(mud_rows_get(rows, i, 0), arena),
            .places = mud_rows_int(rows, i, 1),
            .ranges = mud_rows_int(rows, i, 2),
            .broken = mud_rows_int(rows, i, 3),
            .first = mud_rows_time(rows, i, 4),
            .last = mud_rows_time(rows, i, 5)};
    mud_rows_free(rows);
    return true;
}

bool mud_health_workers(struct mud_worker_seen **out, size_t *n,
                        struct mud_pg *pg, struct mud_arena *arena,
                        struct mud_error *err)
{
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, pg, mud_sql("worker_list"), NULL, 0, err))
        return false;
    *n = mud_rows_count(rows);
    *out = mud_arena_array(arena, *n, sizeof **out);
    for (size_t i = 0; i < *n; i++)
        (*out)[i] = (struct mud_worker_seen){
            .name = mud_str_dup(mud_rows_get(rows, i, 0), arena),
            .role = mud_str_dup(mud_rows_get(rows, i, 1), arena),
            .version = mud_str_dup(mud_rows_get(rows, i, 2), arena),
            .started = mud_rows_time(rows, i, 3),
            .seen = mud_rows_time(rows, i, 4),
            .silent = mud_rows_int(rows, i, 5),
            .sources = mud_rows_int(rows, i, 6),
            .pages = mud_rows_int(rows, i, 7)};
    mud_rows_free(rows);
    return true;
}

enum mud_condition mud_health_condition(const struct mud_source *source,
                                        const struct mud_health *health,
                                        bool collected, int64_t now)
{
    if (mud_str_eqz(source->state, "stopped"))
        return MUD_COND_STOPPED;
    if (mud_str_eqz(source->state, "paused"))
        return MUD_COND_PAUSED;
    if (source->expires <= now)
        return MUD_COND_EXPIRED;
    if (!collected)
        return MUD_COND_FILES;
    if (health->failures)
        return MUD_COND_FAILING;
    if (health->worker.n)
        return MUD_COND_READING;
    if (mud_source_opens(source, now) > now)
        return MUD_COND_CLOSED;
    if (!health->ended)
        return now - source->created > LATE ? MUD_COND_LATE : MUD_COND_NEW;
    if (now - health->next > LATE)
        return MUD_COND_LATE;
    return health->unfinished ? MUD_COND_BEHIND : MUD_COND_GOOD;
}

const char *mud_condition_name(enum mud_condition condition)
{
    static const char *const names[] = {[MUD_COND_GOOD] = "good",
                                        [MUD_COND_NEW] = "new",
                                        [MUD_COND_READING] = "reading",
                                        [MUD_COND_BEHIND] = "behind",
                                        [MUD_COND_FILES] = "files",
                                        [MUD_COND_CLOSED] = "closed",
                                        [MUD_COND_LATE] = "late",
                                        [MUD_COND_FAILING] = "failing",
                                        [MUD_COND_PAUSED] = "paused",
                                        [MUD_COND_STOPPED] = "stopped",
                                        [MUD_COND_EXPIRED] = "expired"};

    return names[condition];
}
