#include "run/crawl.h"

#include "base/log.h"
#include "fetch/http.h"
#include "run/coverage.h"
#include "run/frontier.h"
#include "run/proxy.h"
#include "run/robots.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define TAKE_MAX 32                /* jobs held at once */
#define STEP_MS  100               /* longest wait of one turn */
#define KEEP     (60 * MUD_SECOND) /* leases are renewed so often */
#define RESCUE   MUD_SECOND        /* and those of others looked at */

struct flight;

struct crawl {
    struct mud_worker *worker;
    const struct mud_source *source;
    const struct mud_crawl_options *options;
    struct mud_report *report;
    struct mud_fetcher *fetcher;
    struct mud_secret *secret; /* of its proxy; outlives the fetcher */
    struct mud_site_robots *robots;
    struct mud_fetched *ready; /* answered, not yet sealed; arenas are ours */
    size_t n_ready, cap_ready;
    struct flight *flights[TAKE_MAX]; /* jobs under way, ready ones too */
    size_t flying;
    int64_t taken;         /* pages asked for in all */
    int64_t kept, rescued; /* monotonic: leases renewed, others' looked at */
    struct mud_error *err;
};

/* A job on its way: lives in its own arena until it is settled. */
struct flight {
    struct mud_arena *arena;
    struct mud_target target;
};

static void land(struct crawl *crawl, struct flight *flight)
{
    for (size_t i = 0; i < crawl->flying; i++) {
        if (crawl->flights[i] == flight) {
            crawl->flights[i] = crawl->flights[--crawl->flying];
            break;
        }
    }
    mud_arena_free(flight->arena);
}

static struct flight *start(struct crawl *crawl, const struct mud_target *from)
{
    struct mud_arena *arena = mud_arena_new();
    struct flight *flight = mud_arena_alloc(arena, sizeof *flight);

    flight->arena = arena;
    flight->target = *from;
    flight->target.url = mud_str_dup(from->url, arena);
    flight->target.kind = mud_str_dup(from->kind, arena);
    flight->target.referrer = mud_str_dup(from->referrer, arena);
    crawl->flights[crawl->flying++] = flight;
    return flight;
}

static bool stopped(const struct crawl *crawl)
{
    return crawl->options->stop && *crawl->options->stop;
}

static bool enough(const struct crawl *crawl)
{
    return crawl->options->max_pages &&
           crawl->taken >= crawl->options->max_pages;
}

/* What is leased to ourselves while nothing is under way was lost with a
 * connection. */
static bool is_lost(struct mud_str worker, const char *self)
{
    char name[128];

    snprintf(name, sizeof name, "%.*s", MUD_FMT(worker));
    return strcmp(name, self) == 0 || mud_worker_is_dead(name);
}

/* Jobs of workers that were killed here need not wait for their leases. */
static bool give_back_dead(struct crawl *crawl, struct mud_arena *arena)
{
    struct mud_str queue = mud_str_z(mud_frontier_queue(crawl->source, arena));
    struct mud_rows *rows;
    bool good = true;

    if (!mud_pg_query(&rows,
                      crawl->worker->pg,
                      mud_sql("frontier_leased"),
                      &queue,
                      1,
                      crawl->err))
        return false;
    for (size_t i = 0; i < mud_rows_count(rows) && good; i++) {
        if (is_lost(mud_rows_get(rows, i, 1), crawl->worker->name))
            good = mud_queue_delay(crawl->worker->pg,
                                   mud_rows_int(rows, i, 0),
                                   mud_now(),
                                   crawl->err);
    }
    mud_rows_free(rows);
    return good;
}

/* Pages of slow sites are under way for longer than a lease. */
static bool keep_leases(struct crawl *crawl)
{
    int64_t now = mud_monotonic();

    if (now - crawl->kept < KEEP)
        return true;
    crawl->kept = now;
    for (size_t i = 0; i < crawl->flying; i++) {
        if (!mud_frontier_keep(
                crawl->worker->pg, &crawl->flights[i]->target, crawl->err))
            return false;
    }
    return true;
}

/* Nothing to do but wait for what others hold: are they still there? */
static bool rescue(struct crawl *crawl, struct mud_arena *arena)
{
    int64_t now = mud_monotonic();

    if (now - crawl->rescued < RESCUE)
        return true;
    crawl->rescued = now;
    return mud_queue_reap(crawl->worker->pg, NULL, crawl->err) &&
           give_back_dead(crawl, arena);
}

/* A page that was refused before it was asked for. */
static bool refused(struct crawl *crawl, const struct mud_target *target,
                    const char *outcome, struct mud_str why)
{
    struct mud_pg *pg = crawl->worker->pg;
    int64_t replies;

    mud_report_skip(crawl->report, outcome, why);
    if (mud_pg_begin(pg, crawl->err) &&
        mud_frontier_done(pg,
                          crawl->source,
                          target,
                          &(struct mud_visit){.outcome = outcome},
                          &replies,
                          crawl->err) &&
        mud_queue_done(pg, target->job, crawl->err) &&
        mud_pg_commit(pg, crawl->err))
        return true;
    mud_pg_rollback(pg);
    return false;
}

/* Hand a page to the fetcher, unless something forbids it. */
static bool ask_for(struct crawl *crawl, const struct mud_target *target)
{
    struct mud_error why = {0};
    struct flight *flight = start(crawl, target);
    bool may, good = mud_site_robots_ask(
                  &may, crawl->robots, flight->target.url, crawl->err);

    if (good && may &&
        mud_fetcher_add(crawl->fetcher,
                        flight->target.url,
                        flight->target.referrer,
                        flight,
                        &why)) {
        crawl->taken++;
        return true;
    }
    if (good && !may)
        good = refused(crawl, &flight->target, "robots", flight->target.url);
    else if (good)
        good = refused(crawl,
                       &flight->target,
                       why.code == MUD_EDENIED ? "out-of-scope" : "bad-address",
                       mud_str_z(why.text));
    land(crawl, flight);
    return good;
}

/* Take jobs until the fetcher has enough to do. */
static bool take(struct crawl *crawl)
{
    struct mud_target *targets;
    size_t n, room = TAKE_MAX - crawl->flying;
    bool good;

    if (!room || stopped(crawl) || enough(crawl))
        return true;
    if (crawl->options->max_pages &&
        (int64_t)room > crawl->options->max_pages - crawl->taken)
        room = (size_t)(crawl->options->max_pages - crawl->taken);
    struct mud_arena *arena = mud_arena_new();
    good = mud_frontier_take(&targets,
                             &n,
                             crawl->worker->pg,
                             crawl->source,
                             room,
                             crawl->worker->name,
                             arena,
                             crawl->err);
    for (size_t i = 0; good && i < n; i++)
        good = ask_for(crawl, &targets[i]);
    mud_arena_free(arena);
    return good;
}

/* An answer that no record can hold is none; what led to it is kept. */
static void check_answers(struct mud_fetched *fetched)
{
    struct mud_error why = {0};

    for (size_t i = 0; i < fetched->n; i++) {
        if (mud_seal_check(&fetched->exchanges[i], &why))
            continue;
        struct mud_error *error = mud_arena_alloc(fetched->arena, sizeof why);
        *error = why;
        fetched->error = error;
        fetched->n = i;
    }
}

/* The fetcher's callback: keep the answer, with its arena, for the next turn. */
static bool collect(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                    void *payload)
{
    struct crawl *crawl = payload;

    (void)fetcher;
    check_answers(fetched);
    crawl->ready = mud_grow(
        crawl->ready, &crawl->cap_ready, crawl->n_ready, sizeof *crawl->ready);
    crawl->ready[crawl->n_ready++] = *fetched;
    fetched->arena = NULL;
    return true;
}

/* Seal all that is ready with one fsync and one transaction. captures gets one
 * row an exchange, in order. */
static bool seal(struct mud_capture **captures, struct crawl *crawl,
                 struct mud_arena *arena)
{
    const struct mud_exchange **all = NULL;
    size_t n = 0, cap = 0;

    for (size_t i = 0; i < crawl->n_ready; i++) {
        for (size_t k = 0; k < crawl->ready[i].n; k++) {
            all = mud_arena_grow(arena, all, &cap, n, sizeof(void *));
            all[n++] = &crawl->ready[i].exchanges[k];
        }
    }
    *captures = mud_arena_array(arena, n, sizeof **captures);
    if (n && !mud_seal_exchanges(*captures,
                                 crawl->worker->vault,
                                 crawl->worker->pg,
                                 crawl->source->id,
                                 all,
                                 n,
                                 arena,
                                 crawl->err))
        return false;
    for (size_t i = 0; i < n; i++)
        crawl->report->bytes += (*captures)[i].size;
    crawl->report->captures += (int64_t)n;
    return true;
}

/* Why nothing was read of a page, or "read". */
static const char *outcome_of(const struct mud_parsed *parsed,
                              const struct mud_exchange *last)
{
    static const char *const by_kind[] = {
        [MUD_PAGE_UNKNOWN] = "unknown-page",
        [MUD_PAGE_LOGIN] = "login-wall",
        [MUD_PAGE_MESSAGE] = "message",
        [MUD_PAGE_CHALLENGE] = "challenge",
        [MUD_PAGE_CHAT] = NULL,
    };
    const char *why =
        parsed->kind <= MUD_PAGE_CHAT ? by_kind[parsed->kind] : NULL;

    for (size_t i = 0; i < parsed->n_notes; i++) {
        if (strcmp(parsed->notes[i].code, "worker-killed") == 0)
            return "worker-killed";
    }
    if (why)
        return why;
    if (parsed->kind == MUD_PAGE_THREAD && !parsed->n_posts)
        return "no-posts";
    return last->status >= 500 ? "server-error" : "read";
}

/* What a page gave, its links and its end as a job: one transaction. */
static bool settle(struct crawl *crawl, const struct flight *flight,
                   const struct mud_capture *capture, const char *outcome,
                   const struct mud_parsed *parsed, struct mud_arena *arena)
{
    struct mud_pg *pg = crawl->worker->pg;
    int64_t replies = -1;
    struct mud_id id = capture ? capture->id : (struct mud_id){0};

    if (strcmp(outcome, "read") != 0)
        mud_report_skip(crawl->report, outcome, flight->target.url);
    if (mud_pg_begin(pg, crawl->err) &&
        mud_frontier_done(pg,
                          crawl->source,
                          &flight->target,
                          &(struct mud_visit){.capture = id,
                                              .status =
                                                  capture ? capture->status : 0,
                                              .outcome = outcome,
                                              .parsed = parsed},
                          &replies,
                          crawl->err) &&
        (!parsed || !capture ||
         (mud_frontier_links(pg,
                             crawl->source,
                             &flight->target,
                             parsed,
                             crawl->options->whole,
                             arena,
                             crawl->err) &&
          mud_coverage_page(crawl->worker,
                            crawl->source,
                            capture,
                            parsed,
                            replies < 0 ? -1 : replies + 1,
                            mud_str_eq(capture->url, flight->target.url),
                            crawl->err))) &&
        mud_queue_done(pg, flight->target.job, crawl->err) &&
        mud_pg_commit(pg, crawl->err))
        return true;
    mud_pg_rollback(pg);
    return mud_fail_in(crawl->err, "%.*s", MUD_FMT(flight->target.url));
}

/* No answer: the fetcher has tried several times already. */
static bool unanswered(struct crawl *crawl, const struct mud_fetched *fetched,
                       const struct flight *flight,
                       const struct mud_capture *last, struct mud_arena *arena)
{
    const char *outcome = fetched->error->code == MUD_EDENIED  ? "out-of-scope"
                          : fetched->error->code == MUD_ELIMIT ? "budget"
                          : fetched->error->code == MUD_EINPUT ? "bad-answer"
                                                               : "network";

    mud_log(MUD_LOG_WARN,
            NULL,
            "%.*s: %s",
            MUD_FMT(flight->target.url),
            fetched->error->text);
    return settle(crawl, flight, last, outcome, NULL, arena);
}

static bool read_one(struct crawl *crawl, const struct mud_fetched *fetched,
                     const struct mud_capture *captures)
{
    struct flight *flight = fetched->tag;
    const struct mud_capture *last =
        fetched->n ? &captures[fetched->n - 1] : NULL;
    struct mud_arena *arena = mud_arena_new();
    struct mud_parsed parsed = {0};
    bool good;

    if (fetched->error) {
        good = unanswered(crawl, fetched, flight, last, arena);
    } else {
        const struct mud_exchange *answer = &fetched->exchanges[fetched->n - 1];
        crawl->report->pages++;
        good = mud_step_page(&parsed,
                             crawl->worker,
                             crawl->source,
                             last,
                             answer,
                             crawl->report,
                             arena,
                             crawl->err) &&
               settle(crawl,
                      flight,
                      last,
                      outcome_of(&parsed, answer),
                      &parsed,
                      arena);
    }
    mud_arena_free(arena);
    return good;
}

static void forget_ready(struct crawl *crawl)
{
    for (size_t i = 0; i < crawl->n_ready; i++) {
        land(crawl, crawl->ready[i].tag);
        mud_arena_free(crawl->ready[i].arena);
    }
    crawl->n_ready = 0;
}

static bool read_ready(struct crawl *crawl)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_capture *captures;
    size_t at = 0;
    bool good = seal(&captures, crawl, arena);

    for (size_t i = 0; i < crawl->n_ready && good; i++) {
        good = read_one(crawl, &crawl->ready[i], captures + at);
        at += crawl->ready[i].n;
    }
    forget_ready(crawl);
    mud_arena_free(arena);
    return good;
}

/* What was leased and not read goes back at once and counts as no try. */
static void give_back(struct crawl *crawl, struct mud_arena *arena)
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

static bool waiting_left(struct crawl *crawl, int64_t *left,
                         struct mud_arena *arena)
{
    int64_t waiting, leased, failed;

    if (!mud_queue_count(crawl->worker->pg,
                         mud_frontier_queue(crawl->source, arena),
                         &waiting,
                         &leased,
                         &failed,
                         crawl->err))
        return false;
    *left = waiting + leased;
    return true;
}

static bool turn(struct crawl *crawl, bool *more, struct mud_arena *arena)
{
    int64_t left;

    if (!keep_leases(crawl) || !take(crawl))
        return false;
    if (crawl->flying > crawl->n_ready)
        mud_fetcher_step(crawl->fetcher, STEP_MS, collect, crawl);
    if (crawl->n_ready && !read_ready(crawl))
        return false;
    if (!waiting_left(crawl, &left, arena))
        return false;
    crawl->report->left = left;
    if (crawl->options->progress)
        crawl->options->progress(
            crawl->report->pages, left, crawl->options->payload);
    *more = left > 0 && !stopped(crawl) && !(enough(crawl) && !crawl->flying);
    if (!*more || crawl->flying)
        return true;
    usleep(STEP_MS * 1000); /* others hold what is left, or it waits */
    return rescue(crawl, arena);
}

/* Past its hours a round ends as it is; what it found waits for the next. */
static bool closed(struct crawl *crawl)
{
    int64_t now = mud_now(), opens = mud_source_opens(crawl->source, now);
    char when[MUD_TIME_TEXT];

    if (opens <= now)
        return false;
    mud_report_skip(crawl->report,
                    "outside-hours",
                    mud_str_z(mud_time_text(when, opens, false)));
    return true;
}

bool mud_crawl(struct mud_report *report, struct mud_worker *worker,
               const struct mud_source *source,
               const struct mud_crawl_options *options, struct mud_error *err)
{
    struct crawl crawl = {.kept = mud_monotonic(),
                          .worker = worker,
                          .source = source,
                          .options = options,
                          .report = report,
                          .err = err};
    struct mud_arena *arena = mud_arena_new();
    bool resumed, more = true;
    int64_t spent;

    bool good = mud_source_allowed(source, mud_now(), err) &&
                give_back_dead(&crawl, arena) &&
                mud_frontier_begin(
                    worker->pg, source, options->whole, &resumed, arena, err) &&
                mud_source_spent(&spent, worker->pg, source, err);
    if (good) {
        struct mud_policy policy = mud_source_policy(source, spent);
        good = mud_proxy_login(
                   &policy, &crawl.secret, worker->home, source, err) &&
               mud_fetcher_new(&crawl.fetcher, &policy, err);
    }
    mud_site_robots_new(&crawl.robots, worker, source, report);
    while (good && more && !closed(&crawl)) {
        struct mud_arena *scratch = mud_arena_new();
        good = turn(&crawl, &more, scratch) &&
               mud_source_allowed(source, mud_now(), err);
        mud_arena_free(scratch);
    }
    forget_ready(&crawl);
    free(crawl.ready);
    mud_fetcher_free(crawl.fetcher);
    mud_secret_free(crawl.secret);
    mud_site_robots_free(crawl.robots);
    while (crawl.flying)
        land(&crawl, crawl.flights[0]);
    if (worker->pg)
        give_back(&crawl, arena);
    mud_arena_free(arena);
    return good;
}
