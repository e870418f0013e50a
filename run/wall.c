#include "run/wall.h"

#include "base/log.h"
#include "fetch/policy.h"
#include "run/health.h"

#include <stdio.h>

#define MINUTE       (60 * MUD_SECOND)
#define LONG_WAIT    (5 * MINUTE) /* longer than that, no round waits */
#define RATE_STREAK  6 /* pleas or errors in a row that end a round */
#define RATE_FIRST   (5 * MUD_SECOND)
#define RATE_MOST    (2 * MINUTE)
#define DOUBLED_MOST 10

/* What a wait passes: between tries of the whole source, doubled each time. */
static const struct {
    enum mud_wall_kind kind;
    int64_t first, most;
} waits[] = {
    {MUD_WALL_RATE, 10 * MINUTE, 360 * MINUTE},
    {MUD_WALL_OUTAGE, 10 * MINUTE, 360 * MINUTE},
    {MUD_WALL_QUEUE, 5 * MINUTE, 60 * MINUTE},
    {MUD_WALL_CLOSED, 60 * MINUTE, 1440 * MINUTE},
};

static bool is_content(const struct mud_parsed *parsed, int status)
{
    if (status >= 400)
        return false;
    switch (parsed->kind) {
    case MUD_PAGE_INDEX:
    case MUD_PAGE_BOARD:
    case MUD_PAGE_THREAD:
    case MUD_PAGE_PROFILE:
    case MUD_PAGE_FEED:
    case MUD_PAGE_CHAT:
    case MUD_PAGE_OTHER:
        return true;
    case MUD_PAGE_UNKNOWN:
    case MUD_PAGE_LOGIN:
    case MUD_PAGE_MESSAGE:
    case MUD_PAGE_CHALLENGE:
        break;
    }
    return false;
}

static enum mud_walls_turn turn_of(struct mud_walls *walls)
{
    if (walls->wait > LONG_WAIT)
        return MUD_WALLS_END;
    /* a page may be broken for itself: it is settled, and the site goes on */
    if (walls->wall.kind == MUD_WALL_OUTAGE)
        return walls->streak >= RATE_STREAK ? MUD_WALLS_END : MUD_WALLS_NONE;
    if (walls->wall.kind == MUD_WALL_RATE) {
        int64_t wait = RATE_FIRST
                       << (walls->streak < 6 ? walls->streak - 1 : 5);
        if (walls->streak >= RATE_STREAK)
            return MUD_WALLS_END;
        if (!walls->wait)
            walls->wait = wait < RATE_MOST ? wait : RATE_MOST;
        return MUD_WALLS_AGAIN;
    }
    return walls->streak >= MUD_WALLS_HELD ? MUD_WALLS_END : MUD_WALLS_HOLD;
}

static struct mud_str status_text(int status)
{
    static const char *const by[] = {
        [0] = "http-500", "", "http-502", "http-503", "http-504"};
    size_t i = (size_t)status - 500;

    return i < sizeof by / sizeof *by && *by[i] ? mud_str_z(by[i])
                                                : MUD_STR("http-5xx");
}

enum mud_walls_turn mud_walls_meet(struct mud_walls *walls,
                                   const struct mud_parsed *parsed,
                                   const struct mud_exchange *answer,
                                   struct mud_id capture)
{
    struct mud_wall wall = parsed->wall;
    bool busy = answer->status == 429 || answer->status == 503;
    int64_t wait =
        busy ? mud_retry_after(mud_exchange_header(answer, "Retry-After")) : 0;

    if (!wall.kind && wait > LONG_WAIT)
        wall.kind = answer->status == 429 ? MUD_WALL_RATE : MUD_WALL_CLOSED;
    if (!wall.kind && answer->status >= 500 && parsed->kind != MUD_PAGE_LOGIN)
        wall = (struct mud_wall){MUD_WALL_OUTAGE, status_text(answer->status)};
    if (!wall.kind) {
        if (!is_content(parsed, answer->status))
            return MUD_WALLS_NONE;
        walls->streak = 0;
        walls->passed = true;
        return MUD_WALLS_PASS;
    }
    snprintf(walls->made_by, sizeof walls->made_by, "%.*s", MUD_FMT(wall.by));
    snprintf(walls->url, sizeof walls->url, "%.*s", MUD_FMT(answer->url));
    walls->wall = (struct mud_wall){wall.kind, mud_str_z(walls->made_by)};
    walls->capture = capture;
    walls->wait = wait;
    walls->streak++;
    return turn_of(walls);
}

/* 0: no wait helps. */
static int64_t wait_of(const struct mud_walls *walls, int64_t hits)
{
    int64_t doubled = hits - 1 < DOUBLED_MOST ? hits - 1 : DOUBLED_MOST;

    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        if (waits[i].kind != walls->wall.kind)
            continue;
        int64_t wait = waits[i].first << doubled;
        if (wait > waits[i].most)
            wait = waits[i].most;
        return walls->wait > wait ? walls->wait : wait;
    }
    return walls->wait > LONG_WAIT ? walls->wait : 0;
}

static bool note(int64_t *hits, const struct mud_walls *walls,
                 struct mud_pg *pg, struct mud_str source,
                 struct mud_error *err)
{
    char now[MUD_TIME_TEXT], capture[MUD_ID_TEXT];
    struct mud_rows *rows;
    struct mud_str args[] = {
        source,
        mud_str_z(mud_wall_name(walls->wall.kind)),
        walls->wall.by,
        mud_str_z(mud_time_text(now, mud_now(), true)),
        mud_str_z(walls->url),
        mud_id_zero(walls->capture)
            ? MUD_SQL_NULL
            : mud_str_z(mud_id_text(capture, walls->capture))};

    if (!mud_pg_query(&rows, pg, mud_sql("wall_stands"), args, 6, err))
        return false;
    *hits = mud_rows_int(rows, 0, 0);
    mud_rows_free(rows);
    return true;
}

static bool put_off(struct mud_pg *pg, const struct mud_source *source,
                    struct mud_str id, int64_t until, struct mud_error *err)
{
    char text[MUD_TIME_TEXT];
    struct mud_str args[] = {id, mud_str_z(mud_time_text(text, until, true))};

    return mud_pg_query(NULL, pg, mud_sql("wall_waits"), args, 2, err) &&
           mud_health_defer(pg, source, until, err);
}

/* In one transaction: what stands, and what follows from it. */
static bool stand(const struct mud_walls *walls, struct mud_pg *pg,
                  const struct mud_source *source, struct mud_str what,
                  struct mud_error *err)
{
    char id[16];
    int64_t hits = 1, wait;

    snprintf(id, sizeof id, "%d", (int)source->id);
    if (mud_pg_begin(pg, err) && note(&hits, walls, pg, mud_str_z(id), err)) {
        wait = wait_of(walls, hits);
        bool good =
            wait ? put_off(pg, source, mud_str_z(id), mud_now() + wait, err)
                 : mud_source_set_state(pg,
                                        source->name,
                                        MUD_STR("stopped"),
                                        what,
                                        MUD_STR("mudlark"),
                                        err);
        if (good && mud_pg_commit(pg, err))
            return true;
    }
    mud_pg_rollback(pg);
    return mud_fail_in(err, "wall of %.*s", MUD_FMT(source->name));
}

bool mud_walls_end(const struct mud_walls *walls, bool stands,
                   struct mud_pg *pg, const struct mud_source *source,
                   struct mud_report *report, struct mud_error *err)
{
    char what[256];

    if (!stands)
        return !walls->passed ||
               mud_pg_query(
                   NULL, pg, mud_sql("wall_gone"), &source->name, 1, err);
    snprintf(what,
             sizeof what,
             "wall: %s%s%s (mudlark source show %.*s)",
             mud_wall_name(walls->wall.kind),
             walls->made_by[0] ? ", " : "",
             walls->made_by,
             MUD_FMT(source->name));
    mud_report_skip(report, "walled", mud_str_z(walls->url));
    mud_log_event(
        MUD_LOG_WARN, source->name, "walled", NULL, 0, mud_str_z(what));
    return stand(walls, pg, source, mud_str_z(what), err);
}

bool mud_wall_rest(struct mud_pg *pg, const struct mud_source *source,
                   const char *what, int64_t until, struct mud_error *err)
{
    char id[16], now[MUD_TIME_TEXT], then[MUD_TIME_TEXT];

    snprintf(id, sizeof id, "%d", (int)source->id);
    struct mud_str args[] = {
        mud_str_z(id),
        mud_str_z(what),
        mud_str_z(mud_time_text(now, mud_now(), true)),
        source->url,
        mud_str_z(mud_time_text(then, until, true)),
    };
    return mud_pg_query(NULL, pg, mud_sql("wall_rest"), args, 5, err) &&
           mud_health_defer(pg, source, until, err);
}

bool mud_wall_get(struct mud_wall_state *out, struct mud_pg *pg,
                  const struct mud_source *source, struct mud_arena *arena,
                  struct mud_error *err)
{
    char id[16];
    struct mud_rows *rows;

    *out = (struct mud_wall_state){0};
    snprintf(id, sizeof id, "%d", (int)source->id);
    struct mud_str arg = mud_str_z(id);
    if (!mud_pg_query(&rows, pg, mud_sql("wall_get"), &arg, 1, err))
        return false;
    if (mud_rows_count(rows)) {
        out->wall.kind = mud_wall_of_name(mud_rows_get(rows, 0, 0));
        out->wall.by = mud_str_dup(mud_rows_get(rows, 0, 1), arena);
        out->limit = mud_str_eqz(mud_rows_get(rows, 0, 0), "limit");
        out->since = mud_rows_time(rows, 0, 2);
        out->last = mud_rows_time(rows, 0, 3);
        out->hits = mud_rows_int(rows, 0, 4);
        out->url = mud_str_dup(mud_rows_get(rows, 0, 5), arena);
        out->capture = mud_str_dup(mud_rows_get(rows, 0, 6), arena);
        out->until = mud_rows_null(rows, 0, 7) ? 0 : mud_rows_time(rows, 0, 7);
    }
    mud_rows_free(rows);
    return true;
}
