#include "run/crawling.h"

#include "base/log.h"

#include <stdio.h>

#define ROUND_S 900 /* between rounds, where nobody said else */
#define DAY_S   INT64_C(86400)
#define KEEP    (60 * MUD_SECOND) /* leases are renewed so often */
#define RESCUE  MUD_SECOND        /* and those of others looked at */

/* What is leased to ourselves while nothing is under way was lost with a
 * connection. */
static bool is_lost(struct mud_str worker, const char *self)
{
    char name[128];

    snprintf(name, sizeof name, "%.*s", MUD_FMT(worker));
    return strcmp(name, self) == 0 || mud_worker_is_dead(name);
}

static bool give_back_dead(struct mud_crawling *crawl, struct mud_arena *arena,
                           struct mud_error *err)
{
    struct mud_str queue = mud_str_z(mud_frontier_queue(crawl->source, arena));
    struct mud_rows *rows;
    bool good = true;

    if (!mud_pg_query(&rows,
                      crawl->worker->pg,
                      mud_sql("frontier_leased"),
                      &queue,
                      1,
                      err))
        return false;
    for (size_t i = 0; i < mud_rows_count(rows) && good; i++) {
        if (is_lost(mud_rows_get(rows, i, 1), crawl->worker->name))
            good = mud_queue_delay(
                crawl->worker->pg, mud_rows_int(rows, i, 0), mud_now(), err);
    }
    mud_rows_free(rows);
    return good;
}

bool mud_crawl_bury(struct mud_crawling *crawl, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    bool good = give_back_dead(crawl, arena, err);

    mud_arena_free(arena);
    return good;
}

bool mud_crawl_keep(struct mud_crawling *crawl, struct mud_error *err)
{
    int64_t now = mud_monotonic();

    if (now - crawl->kept < KEEP)
        return true;
    crawl->kept = now;
    for (size_t i = 0; i < crawl->flying; i++) {
        if (!mud_frontier_keep(
                crawl->worker->pg, &crawl->flights[i]->target, err))
            return false;
    }
    for (size_t i = 0; i < crawl->n_behind; i++) {
        if (!mud_frontier_keep(
                crawl->worker->pg, &crawl->behind[i]->target, err))
            return false;
    }
    return true;
}

bool mud_crawl_rescue(struct mud_crawling *crawl, struct mud_error *err)
{
    int64_t now = mud_monotonic();

    if (now - crawl->rescued < RESCUE)
        return true;
    crawl->rescued = now;
    return mud_queue_reap(crawl->worker->pg, NULL, err) &&
           mud_crawl_bury(crawl, err);
}

static void give_back(struct mud_crawling *crawl, struct mud_arena *arena)
{
    struct mud_str queue = mud_str_z(mud_frontier_queue(crawl->source, arena));
    struct mud_error ignored = {0};
    struct mud_rows *rows;

    if (!mud_pg_query(&rows,
                      crawl->worker->pg,
                      mud_sql("frontier_leased"),
                      &queue,
                      1,
                      &ignored))
        return;
    for (size_t i = 0; i < mud_rows_count(rows); i++) {
        if (mud_str_eqz(mud_rows_get(rows, i, 1), crawl->worker->name) &&
            !mud_queue_delay(crawl->worker->pg,
                             mud_rows_int(rows, i, 0),
                             mud_now(),
                             &ignored))
            mud_log(MUD_LOG_WARN, NULL, "give a job back: %s", ignored.text);
    }
    mud_rows_free(rows);
}

void mud_crawl_give_back(struct mud_crawling *crawl)
{
    struct mud_arena *arena = mud_arena_new();

    give_back(crawl, arena);
    mud_arena_free(arena);
}

const char *mud_crawl_spent(const struct mud_crawling *crawl)
{
    const struct mud_source *source = crawl->source;

    if (source->day_pages && crawl->before + crawl->taken >= source->day_pages)
        return "day-pages";
    if (source->day_bytes && crawl->fetcher &&
        mud_fetcher_day_spent(crawl->fetcher) >= source->day_bytes)
        return "day-bytes";
    if (source->round_s &&
        mud_monotonic() - crawl->began >= source->round_s * MUD_SECOND)
        return "round-time";
    return NULL;
}

bool mud_crawl_rest(struct mud_crawling *crawl, const char *what,
                    struct mud_error *err)
{
    int64_t every = crawl->source->every_s ? crawl->source->every_s : ROUND_S;
    int64_t now = mud_now(), day = DAY_S * MUD_SECOND;
    int64_t until =
        strcmp(what, "round-time") == 0
            ? now - (mud_monotonic() - crawl->began) + every * MUD_SECOND
            : (now / day + 1) * day;

    mud_report_skip(crawl->report, what, crawl->source->name);
    return mud_wall_rest(
        crawl->worker->pg, crawl->source, what, until > now ? until : now, err);
}
