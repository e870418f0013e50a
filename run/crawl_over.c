#include "run/crawling.h"

#define COUNT MUD_SECOND /* between two counts of what waits */

bool mud_crawl_stopped(const struct mud_crawling *crawl)
{
    return crawl->options.stop && *crawl->options.stop;
}

bool mud_crawl_enough(const struct mud_crawling *crawl)
{
    return crawl->options.max_pages && crawl->taken >= crawl->options.max_pages;
}

static bool waiting_left(struct mud_crawling *crawl, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    int64_t waiting, leased, failed;
    bool good = mud_queue_count(crawl->worker->pg,
                                mud_frontier_queue(crawl->source, arena),
                                &waiting,
                                &leased,
                                &failed,
                                err);

    if (good)
        crawl->report->left = waiting + leased;
    mud_arena_free(arena);
    return good;
}

int64_t mud_crawling_opens(const struct mud_crawling *crawl, int64_t now)
{
    return crawl->member ? mud_member_opens(crawl->member, now)
                         : mud_source_opens(crawl->source, now);
}

bool mud_crawling_idle(const struct mud_crawling *crawl)
{
    return !crawl->flying && crawl->look > mud_monotonic();
}

bool mud_crawling_next(int64_t *at, const struct mud_crawling *crawl,
                       struct mud_error *err)
{
    int64_t now = mud_now(), opens = mud_crawling_opens(crawl, now);
    struct mud_arena *arena = mud_arena_new();
    bool good = mud_queue_next(
        at, crawl->worker->pg, mud_frontier_queue(crawl->given, arena), err);

    mud_arena_free(arena);
    if (good && opens > now && opens > *at)
        *at = opens;
    if (good && *at <= now)
        *at = 0;
    return good;
}

/* Past its hours a round ends as it is; what it found waits for the next. */
static bool closed(struct mud_crawling *crawl)
{
    int64_t now = mud_now(), opens = mud_crawling_opens(crawl, now);
    char when[MUD_TIME_TEXT];

    if (opens <= now)
        return false;
    mud_report_skip(crawl->report,
                    "outside-hours",
                    mud_str_z(mud_time_text(when, opens, false)));
    return true;
}

/* Is nothing left but pages behind walls? */
static bool only_walls(struct mud_crawling *crawl, struct mud_error *err)
{
    if (!crawl->n_behind || crawl->report->left > (int64_t)crawl->n_behind)
        return true;
    crawl->walled = !crawl->walls.passed;
    if (crawl->walled)
        return true;
    crawl->report->left -= (int64_t)crawl->n_behind;
    return mud_crawl_let_go(crawl, err);
}

bool mud_crawling_over(bool *over, struct mud_crawling *crawl,
                       struct mud_error *err)
{
    int64_t now = mud_monotonic();
    bool idle = !crawl->flying && now < crawl->look && !crawl->counted;
    const char *what = mud_crawl_spent(crawl);

    if (!mud_source_allowed(crawl->source, mud_now(), err))
        return false;
    *over = mud_crawl_stopped(crawl) ||
            (mud_crawl_enough(crawl) && !crawl->flying) || crawl->walled ||
            closed(crawl) ||
            (what && (!crawl->flying || crawl->source->round_s));
    /* Counting a long queue costs; it is done when it matters. */
    if (!*over && !idle && now - crawl->asked_left < COUNT)
        return true;
    crawl->asked_left = now;
    crawl->counted = idle;
    if (!waiting_left(crawl, err))
        return false;
    if (idle && !*over && !only_walls(crawl, err))
        return false;
    *over |= crawl->walled || (idle && !crawl->report->left);
    if (*over)
        return mud_walls_end(&crawl->walls,
                             crawl->walled,
                             crawl->worker->pg,
                             crawl->source,
                             crawl->report,
                             err) &&
               (!what || crawl->walled || !crawl->report->left ||
                mud_crawl_rest(crawl, what, err));
    /* Else others hold what is left, or it waits. */
    return !idle || crawl->n_behind || mud_crawl_rescue(crawl, err);
}
