#include "run/watch.h"

#include "base/log.h"
#include "run/crawling.h"
#include "run/health.h"
#include "run/unread.h"
#include "run/watching.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define STEP_MS   INT64_C(100)      /* longest wait of one turn */
#define LOOK_MOST (30 * MUD_SECOND) /* between two looks at what is due */
#define CHORES    MUD_SECOND        /* between two looks at the rest */
#define FEW       16                /* forums taken up at once */
#define FILES     8192              /* and sockets */
#define TRIES     6                 /* to reach the database again */

static bool stopped(const struct mud_watching *watch)
{
    return watch->options->stop && *watch->options->stop;
}

/* Another forum that is due, if it may be fetched and no other worker has it. */
static bool take_up(struct mud_watching *watch, const struct mud_due *due,
                    struct mud_error *err)
{
    struct mud_watched *one = NULL;

    if (watch->options->once)
        mud_watch_done(watch, due->id);
    if (!mud_watched_new(&one, watch, due->name, err))
        return false;
    if (one)
        watch->all[watch->n++] = one;
    return true;
}

/* Take up what is due, as far as there is room. */
static bool look(struct mud_watching *watch, struct mud_error *err)
{
    static const char *const kinds[] = {"forum"};
    struct mud_arena *arena;
    struct mud_due *due;
    size_t n, room = watch->most - watch->n;
    int64_t wait, now = mud_monotonic();
    bool good;

    if (!room || now < watch->look)
        return true;
    arena = mud_arena_new();
    struct mud_due_query query = {.kinds = kinds,
                                  .n_kinds = 1,
                                  .worker = watch->worker->name,
                                  .max = room < FEW ? room : FEW};
    query.except = mud_watch_except(&query.n_except, watch, arena);
    good =
        mud_health_due(&due, &n, &wait, watch->worker->pg, &query, arena, err);
    for (size_t i = 0; good && i < n && !stopped(watch); i++)
        good = take_up(watch, &due[i], err);
    watch->drained = good && n == 0;
    if (wait < 0 || wait > LOOK_MOST)
        wait = LOOK_MOST;
    watch->look =
        n == query.max ? 0 : now + (wait > MUD_SECOND ? wait : MUD_SECOND);
    mud_arena_free(arena);
    return good;
}

/* What is to be done about a failure of one forum: true when it was its own, which
 * ends its round. */
static bool ends_its_round(struct mud_watching *watch, size_t *i,
                           struct mud_error *err)
{
    struct mud_error why = *err;

    if (!mud_watch_is_its_own(err->code))
        return false;
    mud_error_clear(err);
    return mud_watched_end(watch, (*i)--, &why, err);
}

/* Hand out what there is to ask for. */
static bool ask(struct mud_watching *watch, struct mud_error *err)
{
    for (size_t i = 0; i < watch->n; i++) {
        if (!mud_crawling_ask(watch->all[i]->crawl, err) &&
            !ends_its_round(watch, &i, err))
            return false;
    }
    return true;
}

static bool collect(struct mud_watching *watch, struct mud_error *err)
{
    for (size_t i = 0; i < watch->n; i++) {
        if (!mud_crawling_collect(watch->all[i]->crawl, err) &&
            !ends_its_round(watch, &i, err))
            return false;
    }
    return true;
}

/* One page of each forum in turn, until none is left; in between the loop goes on,
 * or hosts would wait for our reading. */
static bool read_all(struct mud_watching *watch, struct mud_error *err)
{
    bool any = true;

    while (any) {
        any = false;
        for (size_t i = 0; i < watch->n; i++) {
            struct mud_crawling *crawl = watch->all[i]->crawl;

            if (!mud_crawling_ready(crawl))
                continue;
            any = true;
            if (!mud_crawling_read(crawl, err)) {
                if (!ends_its_round(watch, &i, err))
                    return false;
                continue;
            }
            (void)mud_loop_step(watch->loop, 0);
        }
    }
    return true;
}

static bool seal_and_read(struct mud_watching *watch, struct mud_error *err)
{
    struct mud_crawling *ready[MUD_WATCH_SOURCES];
    struct mud_arena *arena;
    size_t n = 0;
    bool good;

    for (size_t i = 0; i < watch->n; i++)
        if (mud_crawling_ready(watch->all[i]->crawl))
            ready[n++] = watch->all[i]->crawl;
    if (!n)
        return true;
    arena = mud_arena_new();
    good = mud_crawlings_seal(ready, n, arena, err) && read_all(watch, err);
    mud_arena_free(arena);
    return good;
}

/* Rounds that are over. */
static bool end_some(struct mud_watching *watch, struct mud_error *err)
{
    bool over;

    for (size_t i = 0; i < watch->n; i++) {
        if (!mud_crawling_over(&over, watch->all[i]->crawl, err)) {
            if (!ends_its_round(watch, &i, err))
                return false;
        } else if (over && !mud_watched_end(watch, i--, NULL, err)) {
            return false;
        }
    }
    return true;
}

static void tell(const struct mud_watching *watch)
{
    int64_t waiting = 0;

    if (watch->options->beat)
        watch->options->beat(watch->options->payload);
    if (!watch->options->progress)
        return;
    for (size_t i = 0; i < watch->n; i++)
        waiting += watch->all[i]->part.left;
    watch->options->progress(
        mud_watch_pages(watch), waiting, watch->options->payload);
}

/* Nothing is to be fetched: wait for a word of Postgres, or for the next time. */
static bool rest(struct mud_watching *watch, struct mud_error *err)
{
    int64_t now = mud_monotonic();
    int64_t ms = watch->n ? STEP_MS : (watch->look - now) / 1000;
    bool got;

    if (ms > 2 * STEP_MS)
        ms = 2 * STEP_MS; /* a signal is to be seen */
    if (ms <= 0)
        return true;
    if (!mud_pg_wait(watch->worker->pg, ms, &got, err))
        return false;
    if (got && !watch->n)
        watch->look = 0;
    return true;
}

static bool chores(struct mud_watching *watch, struct mud_error *err)
{
    int64_t now = mud_monotonic();
    bool got;

    if (now - watch->chores < CHORES)
        return true;
    watch->chores = now;
    if (!mud_pg_wait(watch->worker->pg, 0, &got, err))
        return false;
    if (got)
        watch->look = 0;
    return mud_watch_chores(watch, err);
}

static bool over(const struct mud_watching *watch)
{
    return stopped(watch) ||
           (watch->options->once && watch->drained && !watch->n);
}

static bool turn(struct mud_watching *watch, struct mud_error *err)
{
    bool busy;

    tell(watch);
    if (!chores(watch, err) || !look(watch, err) || !ask(watch, err))
        return false;
    busy = mud_loop_step(watch->loop, (unsigned)STEP_MS);
    return collect(watch, err) && seal_and_read(watch, err) &&
           end_some(watch, err) && (busy || over(watch) || rest(watch, err));
}

/* The database is there again, or told to stop. */
static bool reconnect(struct mud_watching *watch, struct mud_error *err)
{
    for (unsigned i = 0; i < TRIES && !stopped(watch); i++) {
        mud_log(MUD_LOG_WARN, NULL, "%s; connecting again", err->text);
        mud_error_clear(err);
        sleep(1U << i);
        if (mud_worker_reopen(watch->worker, err))
            return true;
        if (err->code != MUD_EAGAIN && err->code != MUD_EDB)
            return false;
    }
    return stopped(watch);
}

/* What was sealed and not read, by whomever; and words of new sources. */
static bool begin(struct mud_watching *watch, struct mud_error *err)
{
    struct mud_unread unread = {0};
    struct mud_report left = {0};

    watch->look = 0;
    return mud_pg_listen(watch->worker->pg, "mud_source", err) &&
           mud_health_bury(watch->worker->pg, watch->worker->name, err) &&
           mud_read_unread(&left, watch->worker, &unread, err);
}

static bool run(struct mud_watching *watch, struct mud_error *err)
{
    for (;;) {
        bool good = begin(watch, err);

        while (good && !over(watch))
            good = turn(watch, err);
        if (good)
            return mud_watch_leave(watch, err);
        mud_watch_drop(watch);
        if (err->code != MUD_EAGAIN || !reconnect(watch, err))
            return false;
        if (stopped(watch))
            return true;
    }
}

/* Hundreds of sites with some connections each need more than the usual 1,024. */
static void allow_files(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= FILES)
        return;
    limit.rlim_cur = limit.rlim_max < FILES ? limit.rlim_max : FILES;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

bool mud_watch(struct mud_worker *worker,
               const struct mud_watch_options *options, struct mud_error *err)
{
    struct mud_watching watch = {
        .worker = worker, .options = options, .most = options->sources};
    bool good;

    allow_files();
    if (!watch.most || watch.most > MUD_WATCH_SOURCES)
        watch.most = MUD_WATCH_SOURCES;
    if (!mud_loop_new(&watch.loop,
                      options->parallel ? options->parallel
                                        : MUD_WATCH_PARALLEL,
                      err))
        return false;
    good = run(&watch, err);
    mud_loop_free(watch.loop);
    free(watch.done);
    return good;
}
