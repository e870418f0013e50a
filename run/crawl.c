#include "run/crawl.h"

#include "run/crawling.h"
#include "run/proxy.h"

#include <stdlib.h>
#include <unistd.h>

#define LOOP_PARALLEL 64         /* requests of one crawl at once, at most */
#define STEP_MS       100        /* longest wait of one turn */
#define LOOK_AGAIN    MUD_SECOND /* at a queue that had nothing */
#define AHEAD_MS      5000       /* jobs are leased for about so long */

void mud_crawl_take_off(struct mud_crawling *crawl,
                        const struct mud_flight *flight)
{
    for (size_t i = 0; i < crawl->flying; i++) {
        if (crawl->flights[i] == flight) {
            crawl->flights[i] = crawl->flights[--crawl->flying];
            break;
        }
    }
}

static void land(struct mud_crawling *crawl, struct mud_flight *flight)
{
    mud_crawl_take_off(crawl, flight);
    mud_arena_free(flight->arena);
}

static void start(struct mud_crawling *crawl, const struct mud_target *from)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_flight *flight = mud_arena_alloc(arena, sizeof *flight);

    flight->arena = arena;
    flight->target = *from;
    flight->target.url = mud_str_dup(from->url, arena);
    flight->target.kind = mud_str_dup(from->kind, arena);
    flight->target.referrer = mud_str_dup(from->referrer, arena);
    flight->held = true;
    crawl->flights[crawl->flying++] = flight;
    crawl->held++;
}

/* Why it is one of the addresses that sites make up without end, or NULL. */
static const char *trap_of(const struct mud_flight *flight)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_url url;
    const char *why = mud_url_parse(&url, flight->target.url, arena, NULL)
                          ? mud_url_trap(&url)
                          : NULL;

    mud_arena_free(arena);
    return why;
}

/* Hand a page to the fetcher, unless something forbids it, or robots.txt is not
 * there yet. */
static bool ask_for(struct mud_crawling *crawl, struct mud_flight *flight,
                    struct mud_error *err)
{
    struct mud_error why = {0};
    enum mud_robots_answer answer;
    const char *trap = trap_of(flight);
    bool good;

    if (!mud_site_robots_ask(&answer, crawl->robots, flight->target.url, err))
        return false;
    if (answer == MUD_ROBOTS_WAIT)
        return true;
    flight->held = false;
    flight->logins = mud_member_logins(crawl->member);
    crawl->held--;
    if (!trap && answer == MUD_ROBOTS_MAY &&
        mud_fetcher_add(crawl->fetcher,
                        flight->target.url,
                        flight->target.referrer,
                        flight,
                        &why))
        return true;
    crawl->taken--;
    if (trap)
        good = mud_crawl_refused(
            crawl, &flight->target, "trap", flight->target.url, err);
    else if (answer == MUD_ROBOTS_MUST_NOT)
        good = mud_crawl_refused(
            crawl, &flight->target, "robots", flight->target.url, err);
    else
        good = mud_crawl_refused(crawl,
                                 &flight->target,
                                 why.code == MUD_EDENIED ? "out-of-scope"
                                                         : "bad-address",
                                 mud_str_z(why.text),
                                 err);
    land(crawl, flight);
    crawl->look = 0;
    return good;
}

static bool ask_for_held(struct mud_crawling *crawl, struct mud_error *err)
{
    struct mud_flight *held[MUD_CRAWLING_HELD];
    size_t n = 0;

    for (size_t i = 0; i < crawl->flying && crawl->held; i++)
        if (crawl->flights[i]->held)
            held[n++] = crawl->flights[i];
    for (size_t i = 0; i < n; i++)
        if (!ask_for(crawl, held[i], err))
            return false;
    return true;
}

/* Lease jobs when less than half of what may be held is under way. */
static bool take(struct mud_crawling *crawl, struct mud_error *err)
{
    struct mud_target *targets;
    struct mud_arena *arena;
    int64_t now = mud_monotonic(), left;
    size_t n = 0, room = crawl->hold - crawl->flying;
    bool good;

    if (crawl->flying > crawl->hold / 2 || now < crawl->look ||
        mud_crawl_stopped(crawl) || mud_crawl_enough(crawl) ||
        mud_crawl_spent(crawl))
        return true;
    if (crawl->options.max_pages &&
        (int64_t)room > crawl->options.max_pages - crawl->taken)
        room = (size_t)(crawl->options.max_pages - crawl->taken);
    left = crawl->source->day_pages - crawl->before - crawl->taken;
    if (crawl->source->day_pages && (int64_t)room > left)
        room = (size_t)left; /* not spent: it is above 0 */
    crawl->counted = false;
    arena = mud_arena_new();
    good = mud_frontier_take(&targets,
                             &n,
                             crawl->worker->pg,
                             crawl->source,
                             room,
                             crawl->worker->name,
                             arena,
                             err);
    for (size_t i = 0; good && i < n; i++)
        start(crawl, &targets[i]);
    crawl->taken += (int64_t)n;
    /* Pages that are read put more in; so may other workers. */
    if (n < room)
        crawl->look = now + LOOK_AGAIN;
    mud_arena_free(arena);
    return good;
}

/* Nothing is asked for while a log-in is under way, or before its hours. */
static bool waits(const struct mud_crawling *crawl)
{
    int64_t now = mud_now();

    return mud_member_busy(crawl->member) || crawl->turned_away ||
           mud_member_opens(crawl->member, now) > now;
}

bool mud_crawling_ask(struct mud_crawling *crawl, struct mud_error *err)
{
    if (waits(crawl))
        return mud_crawl_keep(crawl, err);
    return mud_crawl_keep(crawl, err) && take(crawl, err) &&
           ask_for_held(crawl, err);
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

/* The fetcher's callback: keep the answer, with its arena. */
static bool keep(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                 void *payload)
{
    struct mud_crawling *crawl = payload;

    (void)fetcher;
    check_answers(fetched);
    crawl->ready = mud_grow(
        crawl->ready, &crawl->cap_ready, crawl->n_ready, sizeof *crawl->ready);
    crawl->ready[crawl->n_ready++] = (struct mud_answer){.fetched = *fetched};
    fetched->arena = NULL;
    return true;
}

/* About so many pages can be fetched in some seconds. */
static size_t hold_of(const struct mud_policy *policy)
{
    size_t n = policy->parallel + AHEAD_MS / (policy->delay_ms + 1);

    return n > MUD_CRAWLING_HELD ? MUD_CRAWLING_HELD : n;
}

/* Fetcher and robots.txt as the member has them. */
static bool open_as(struct mud_crawling *crawl, bool resumed,
                    struct mud_error *err)
{
    int64_t spent;

    if (!mud_member_new(
            &crawl->member, crawl->worker, crawl->given, resumed, err) ||
        !mud_source_spent(&spent, crawl->worker->pg, crawl->given, err))
        return false;
    crawl->source = mud_member_source(crawl->member);
    crawl->policy = mud_source_policy(crawl->source, spent);
    crawl->policy.withhold = mud_member_has_account(crawl->member);
    crawl->hold = hold_of(&crawl->policy);
    if (!mud_proxy_login(&crawl->policy,
                         &crawl->secret,
                         crawl->worker->home,
                         crawl->source,
                         err) ||
        !mud_loop_fetcher(&crawl->fetcher, crawl->loop, &crawl->policy, err))
        return false;
    mud_member_load(crawl->member, crawl->fetcher);
    return mud_site_robots_new(&crawl->robots,
                               crawl->worker,
                               crawl->source,
                               crawl->report,
                               crawl->loop,
                               &crawl->policy,
                               err);
}

static void close_as(struct mud_crawling *crawl)
{
    if (crawl->fetcher && !crawl->turned_away)
        mud_member_save(crawl->member, crawl->fetcher);
    mud_fetcher_free(crawl->fetcher);
    mud_site_robots_free(crawl->robots);
    mud_secret_free(crawl->secret);
    crawl->fetcher = NULL;
    crawl->robots = NULL;
    crawl->secret = NULL;
    crawl->source = crawl->given;
    mud_member_free(crawl->member);
    crawl->member = NULL;
}

/* A log-in goes on. An account that is turned away makes room for the next. */
static bool turn_member(struct mud_crawling *crawl, struct mud_error *err)
{
    enum mud_login_end end;

    if (crawl->turned_away) {
        if (crawl->flying > crawl->held)
            return true;
        close_as(crawl);
        crawl->turned_away = false;
        return open_as(crawl, true, err);
    }
    if (!mud_member_busy(crawl->member))
        return true;
    if (!mud_member_turn(&end,
                         crawl->member,
                         crawl->loop,
                         &crawl->policy,
                         crawl->report,
                         err))
        return false;
    if (end == MUD_LOGIN_FAILED) {
        mud_report_skip(
            crawl->report, "login", mud_str_z(mud_member_why(crawl->member)));
        return mud_fail(err,
                        MUD_ENET,
                        "account %.*s could not log in: %s",
                        MUD_FMT(crawl->source->account),
                        mud_member_why(crawl->member));
    }
    crawl->turned_away = end == MUD_LOGIN_REFUSED;
    if (crawl->turned_away)
        mud_report_skip(crawl->report,
                        "account-locked",
                        mud_str_z(mud_member_why(crawl->member)));
    if (end == MUD_LOGIN_IN) {
        mud_member_load(crawl->member, crawl->fetcher);
        crawl->look = 0; /* what was put back may be asked for */
    }
    return true;
}

bool mud_crawling_collect(struct mud_crawling *crawl, struct mud_error *err)
{
    (void)mud_fetcher_deliver(crawl->fetcher, keep, crawl);
    return mud_site_robots_collect(crawl->robots, err) &&
           turn_member(crawl, err);
}

/* All exchanges of what is ready, in order. */
static struct mud_seal_item *items_of(struct mud_crawling *const *crawls,
                                      size_t n, size_t *n_items,
                                      struct mud_arena *arena)
{
    struct mud_seal_item *items = NULL;
    size_t cap = 0;

    *n_items = 0;
    for (size_t c = 0; c < n; c++) {
        struct mud_str account = {0};
        if (mud_member_has_account(crawls[c]->member))
            account = crawls[c]->source->account;
        for (size_t i = 0; i < crawls[c]->n_ready; i++) {
            const struct mud_fetched *f = &crawls[c]->ready[i].fetched;
            for (size_t k = 0; k < f->n; k++) {
                items =
                    mud_arena_grow(arena, items, &cap, *n_items, sizeof *items);
                items[(*n_items)++] =
                    (struct mud_seal_item){.source = crawls[c]->source->id,
                                           .account = account,
                                           .exchange = &f->exchanges[k]};
            }
        }
    }
    return items;
}

bool mud_crawlings_seal(struct mud_crawling *const *crawls, size_t n,
                        struct mud_arena *arena, struct mud_error *err)
{
    size_t n_items, at = 0;
    const struct mud_seal_item *items = items_of(crawls, n, &n_items, arena);
    struct mud_capture *captures =
        mud_arena_array(arena, n_items, sizeof *captures);

    if (n && !mud_seal_items(captures,
                             crawls[0]->worker->vault,
                             crawls[0]->worker->pg,
                             items,
                             n_items,
                             arena,
                             err))
        return false;
    for (size_t c = 0; c < n; c++) {
        struct mud_report *report = crawls[c]->report;

        for (size_t i = 0; i < crawls[c]->n_ready; i++) {
            struct mud_answer *answer = &crawls[c]->ready[i];
            answer->captures = captures + at;
            for (size_t k = 0; k < answer->fetched.n; k++)
                report->bytes += captures[at + k].size;
            report->captures += (int64_t)answer->fetched.n;
            at += answer->fetched.n;
        }
    }
    return true;
}

size_t mud_crawling_ready(const struct mud_crawling *crawl)
{
    return crawl->n_ready - crawl->at;
}

static void forget_first(struct mud_crawling *crawl)
{
    struct mud_fetched *fetched = &crawl->ready[crawl->at++].fetched;

    if (fetched->tag) /* else it is behind a wall */
        land(crawl, fetched->tag);
    mud_arena_free(fetched->arena);
    if (crawl->at == crawl->n_ready)
        crawl->at = crawl->n_ready = 0;
}

static void tell(struct mud_crawling *crawl)
{
    if (crawl->options.progress)
        crawl->options.progress(
            crawl->report->pages, crawl->report->left, crawl->options.payload);
}

bool mud_crawling_read(struct mud_crawling *crawl, struct mud_error *err)
{
    if (!mud_crawling_ready(crawl))
        return true;
    if (!mud_crawl_page(crawl, &crawl->ready[crawl->at], err))
        return false;
    forget_first(crawl);
    crawl->look = 0; /* it may have put jobs */
    tell(crawl);
    return true;
}

static bool begin(struct mud_crawling *crawl, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    bool resumed;
    bool good = mud_source_allowed(crawl->given, mud_now(), err) &&
                (!crawl->given->day_pages ||
                 mud_source_spent_pages(
                     &crawl->before, crawl->worker->pg, crawl->given, err)) &&
                mud_crawl_bury(crawl, err) &&
                mud_frontier_begin(crawl->worker->pg,
                                   crawl->given,
                                   crawl->options.whole,
                                   &resumed,
                                   arena,
                                   err);

    mud_arena_free(arena);
    return good && open_as(crawl, resumed, err);
}

bool mud_crawling_new(struct mud_crawling **out, struct mud_report *report,
                      struct mud_worker *worker,
                      const struct mud_source *source,
                      const struct mud_crawl_options *options,
                      struct mud_loop *loop, struct mud_error *err)
{
    struct mud_crawling *crawl = mud_calloc(1, sizeof *crawl);

    *crawl = (struct mud_crawling){.kept = mud_monotonic(),
                                   .began = mud_monotonic(),
                                   .worker = worker,
                                   .given = source,
                                   .source = source,
                                   .loop = loop,
                                   .options = *options,
                                   .report = report};
    *out = NULL;
    if (!begin(crawl, err)) {
        mud_crawling_free(crawl);
        return false;
    }
    *out = crawl;
    return true;
}

void mud_crawling_free(struct mud_crawling *crawl)
{
    if (!crawl)
        return;
    while (mud_crawling_ready(crawl))
        forget_first(crawl);
    free(crawl->ready);
    close_as(crawl);
    while (crawl->flying)
        land(crawl, crawl->flights[0]);
    while (crawl->n_behind)
        mud_arena_free(crawl->behind[--crawl->n_behind]->arena);
    if (crawl->worker->pg)
        mud_crawl_give_back(crawl);
    free(crawl);
}

/* One turn of one crawl. */
static bool turn(bool *over, struct mud_crawling *crawl, struct mud_loop *loop,
                 struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    bool good = mud_crawling_ask(crawl, err);

    if (good)
        (void)mud_loop_step(loop, STEP_MS);
    good = good && mud_crawling_collect(crawl, err) &&
           mud_crawlings_seal(&crawl, 1, arena, err);
    while (good && mud_crawling_ready(crawl))
        good = mud_crawling_read(crawl, err);
    good = good && mud_crawling_over(over, crawl, err);
    mud_arena_free(arena);
    if (good && !*over && !crawl->flying && crawl->look)
        usleep(STEP_MS * 1000);
    return good;
}

bool mud_crawl(struct mud_report *report, struct mud_worker *worker,
               const struct mud_source *source,
               const struct mud_crawl_options *options, struct mud_error *err)
{
    struct mud_crawling *crawl = NULL;
    struct mud_loop *loop;
    bool over = false, good;

    if (!mud_loop_new(&loop, LOOP_PARALLEL, err))
        return false;
    good = mud_crawling_new(&crawl, report, worker, source, options, loop, err);
    while (good && !over)
        good = turn(&over, crawl, loop, err);
    mud_crawling_free(crawl);
    mud_loop_free(loop);
    return good;
}
