#include "run/watching.h"

#include "base/log.h"
#include "run/health.h"

#include <stdlib.h>

#define NOTE    (30 * MUD_SECOND) /* between two words to health */
#define CHECK   (5 * MUD_SECOND)  /* of pauses and the like */
#define IDLE    (10 * MUD_SECOND) /* longer than that a forum is not kept */
#define REFRESH (10 * MUD_SECOND) /* of the lexicon */

bool mud_watch_is_its_own(enum mud_code code)
{
    return code == MUD_EDENIED || code == MUD_EUSAGE || code == MUD_EMISSING ||
           code == MUD_EINPUT || code == MUD_ENET || code == MUD_ELIMIT;
}

int64_t mud_watch_pages(const struct mud_watching *watch)
{
    int64_t pages = watch->pages;

    for (size_t i = 0; i < watch->n; i++)
        pages += watch->all[i]->part.pages + watch->all[i]->sum.pages;
    return pages;
}

void mud_watch_done(struct mud_watching *watch, int32_t source)
{
    watch->done = mud_grow(
        watch->done, &watch->cap_done, watch->n_done, sizeof *watch->done);
    watch->done[watch->n_done++] = source;
}

const int32_t *mud_watch_except(size_t *n, const struct mud_watching *watch,
                                struct mud_arena *arena)
{
    int32_t *ids =
        mud_arena_array(arena, watch->n + watch->n_done, sizeof *ids);

    *n = 0;
    for (size_t i = 0; i < watch->n; i++)
        ids[(*n)++] = watch->all[i]->source.id;
    for (size_t i = 0; i < watch->n_done; i++)
        ids[(*n)++] = watch->done[i];
    return ids;
}

static void free_watched(struct mud_watched *one)
{
    mud_crawling_free(one->crawl);
    mud_arena_free(one->arena);
    free(one);
}

/* Tell health what came since the last time. */
static bool note(struct mud_watching *watch, struct mud_watched *one,
                 struct mud_error *err)
{
    int64_t left = one->part.left;

    if (!mud_health_note(watch->worker->pg, &one->source, &one->part, err))
        return false;
    mud_report_add(&one->sum, &one->part);
    one->part = (struct mud_report){.left = left};
    one->sum.left = 0;
    return true;
}

/* The word to health at the end of a round. */
static bool put_end(struct mud_watching *watch, struct mud_watched *one,
                    bool unfinished, int64_t next,
                    const struct mud_error *error, struct mud_error *err)
{
    const struct mud_source *source = &one->source;
    bool stopped;
    struct mud_health_round end = {
        .worker = watch->worker->name,
        .every_s = source->every_s ? source->every_s : watch->options->every_s,
        .unfinished = unfinished,
        .not_before = next,
        .report = &one->part,
        .error = error};

    if (!mud_health_end(&stopped, watch->worker->pg, source, &end, err))
        return false;
    if (stopped)
        mud_log_event(
            MUD_LOG_WARN,
            source->name,
            "stopped",
            NULL,
            0,
            MUD_STR("its error budget is used up (mudlark source show)"));
    return true;
}

/* Its crawl is over: leases back, posts committed, then the word to health. */
static bool end_watched(struct mud_watching *watch, struct mud_watched *one,
                        const struct mud_error *error, struct mud_error *err)
{
    bool unfinished = one->part.left > 0 || !one->crawl;
    int64_t next = 0;
    bool good = !one->crawl || mud_crawling_next(&next, one->crawl, err);

    mud_crawling_free(one->crawl);
    one->crawl = NULL;
    good = good && mud_ingest_flush(watch->worker->ingest, NULL, err) &&
           put_end(watch, one, unfinished, next, error, err);
    mud_report_add(&one->sum, &one->part);
    one->sum.left = one->part.left;
    watch->pages += one->sum.pages;
    if (good && watch->options->ended)
        watch->options->ended(
            &one->source, &one->sum, error, watch->options->payload);
    return good;
}

bool mud_watched_end(struct mud_watching *watch, size_t i,
                     const struct mud_error *error, struct mud_error *err)
{
    struct mud_watched *one = watch->all[i];
    bool good;

    watch->all[i] = watch->all[--watch->n];
    good = end_watched(watch, one, error, err);
    free_watched(one);
    watch->look = 0; /* there is room */
    return good;
}

/* The round begins: true with *ours, or when it is another's. */
static bool begin(bool *ours, struct mud_watching *watch,
                  struct mud_watched *one, struct mud_error *err)
{
    struct mud_crawl_options options = {.max_pages = watch->options->turn_pages,
                                        .stop = watch->options->stop};
    struct mud_pg *pg = watch->worker->pg;

    *ours = false;
    if (!mud_health_begin(
            ours, pg, &one->source, false, watch->worker->name, err))
        return false;
    return !*ours || mud_crawling_new(&one->crawl,
                                      &one->part,
                                      watch->worker,
                                      &one->source,
                                      &options,
                                      watch->loop,
                                      err);
}

/* Outside its hours it is due when they begin. */
static bool is_open(bool *open, struct mud_watching *watch,
                    struct mud_watched *one, struct mud_error *err)
{
    int64_t now = mud_now(), opens = mud_source_opens(&one->source, now);

    *open = opens <= now;
    return *open || put_end(watch, one, true, opens, NULL, err);
}

bool mud_watched_new(struct mud_watched **out, struct mud_watching *watch,
                     struct mud_str name, struct mud_error *err)
{
    struct mud_watched *one = mud_calloc(1, sizeof *one);
    struct mud_error why = {0};
    bool ours = false, open = false, good = true;

    *out = NULL;
    one->arena = mud_arena_new();
    if (mud_source_load(
            &one->source, watch->worker->pg, name, one->arena, &why) &&
        is_open(&open, watch, one, &why) &&
        (!open || begin(&ours, watch, one, &why)) && ours) {
        *out = one;
        return true;
    }
    if (why.code && mud_watch_is_its_own(why.code) && one->source.id)
        good = end_watched(watch, one, &why, err);
    else if (why.code && why.code != MUD_EMISSING) /* that one was removed */
        good = mud_fail(err, why.code, "%s", why.text);
    free_watched(one);
    return good;
}

bool mud_watch_leave(struct mud_watching *watch, struct mud_error *err)
{
    bool good = true;

    while (watch->n && good)
        good = mud_watched_end(watch, watch->n - 1, NULL, err);
    mud_watch_drop(watch);
    return good;
}

/* It has not had its round, after all. */
static void not_done(struct mud_watching *watch, int32_t source)
{
    for (size_t i = 0; i < watch->n_done; i++) {
        if (watch->done[i] == source)
            watch->done[i--] = watch->done[--watch->n_done];
    }
}

void mud_watch_drop(struct mud_watching *watch)
{
    while (watch->n) {
        not_done(watch, watch->all[--watch->n]->source.id);
        free_watched(watch->all[watch->n]);
    }
}

/* Who was paused, stopped or removed meanwhile ends its round. */
static bool check(struct mud_watching *watch, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_source now;
    bool good = true;

    for (size_t i = 0; i < watch->n && good; i++) {
        struct mud_error why = {0};
        const struct mud_source *source = &watch->all[i]->source;

        if (mud_source_load(
                &now, watch->worker->pg, source->name, arena, &why) &&
            mud_source_allowed(&now, mud_now(), &why))
            continue;
        if (!mud_watch_is_its_own(why.code))
            good = mud_fail(err, why.code, "%s", why.text);
        else {
            mud_log(MUD_LOG_INFO, NULL, "%s", why.text);
            good = mud_watched_end(watch, i--, NULL, err);
        }
    }
    mud_arena_free(arena);
    return good;
}

/* One that has nothing to do for a while makes room. */
static bool end_idle(struct mud_watching *watch, struct mud_error *err)
{
    int64_t next;

    for (size_t i = 0; i < watch->n; i++) {
        if (!mud_crawling_idle(watch->all[i]->crawl))
            continue;
        if (!mud_crawling_next(&next, watch->all[i]->crawl, err) ||
            (next > mud_now() + IDLE &&
             !mud_watched_end(watch, i--, NULL, err)))
            return false;
    }
    return true;
}

static bool is_time(int64_t *last, int64_t every)
{
    int64_t now = mud_monotonic();

    if (now - *last < every)
        return false;
    *last = now;
    return true;
}

bool mud_watch_chores(struct mud_watching *watch, struct mud_error *err)
{
    bool anew;

    if (is_time(&watch->noted, NOTE)) {
        for (size_t i = 0; i < watch->n; i++)
            if (!note(watch, watch->all[i], err))
                return false;
        if (!mud_health_bury(watch->worker->pg, watch->worker->name, err))
            return false;
    }
    if (is_time(&watch->checked, CHECK) &&
        !(check(watch, err) && end_idle(watch, err)))
        return false;
    return !is_time(&watch->refreshed, REFRESH) ||
           mud_worker_refresh(watch->worker, &anew, err);
}
