#include "run/crawling.h"

#include "base/log.h"
#include "run/coverage.h"

#define TRUNCATED "truncated" /* the note of a body that is not whole */

/* A page that was refused before it was asked for. */
bool mud_crawl_refused(struct mud_crawling *crawl,
                       const struct mud_target *target, const char *outcome,
                       struct mud_str why, struct mud_error *err)
{
    struct mud_pg *pg = crawl->worker->pg;
    int64_t replies;

    mud_report_skip(crawl->report, outcome, why);
    if (mud_pg_begin(pg, err) &&
        mud_frontier_done(pg,
                          crawl->source,
                          target,
                          &(struct mud_visit){.outcome = outcome},
                          &replies,
                          err) &&
        mud_queue_done(pg, target->job, err) && mud_pg_commit(pg, err))
        return true;
    mud_pg_rollback(pg);
    return false;
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
        if (strcmp(parsed->notes[i].code, TRUNCATED) == 0)
            return last->cut == MUD_CUT_BYTES
                       ? "too-long" /* by our limit: the same the next time */
                       : TRUNCATED; /* read as far as it goes, and again */
    }
    /* an outage says nothing of the page: it is asked for in the next round */
    if (last->status >= 500 && parsed->kind != MUD_PAGE_LOGIN &&
        parsed->kind != MUD_PAGE_CHALLENGE)
        return "server-error";
    if (why)
        return mud_step_not_there(parsed, last->status) ? "not-there" : why;
    if (parsed->kind == MUD_PAGE_THREAD && !parsed->n_posts)
        return "no-posts";
    return "read";
}

/* What a page gave, its links and its end as a job: one transaction. */
static bool settle(struct mud_crawling *crawl, const struct mud_flight *flight,
                   const struct mud_capture *capture, const char *outcome,
                   const struct mud_parsed *parsed, struct mud_arena *arena,
                   struct mud_error *err)
{
    struct mud_pg *pg = crawl->worker->pg;
    int64_t replies = -1;
    struct mud_id id = capture ? capture->id : (struct mud_id){0};

    /* of one that is not whole the step has told already */
    if (strcmp(outcome, "read") != 0 && strcmp(outcome, TRUNCATED) != 0)
        mud_report_skip(crawl->report, outcome, flight->target.url);
    if (mud_pg_begin(pg, err) &&
        mud_frontier_done(pg,
                          crawl->source,
                          &flight->target,
                          &(struct mud_visit){.capture = id,
                                              .status =
                                                  capture ? capture->status : 0,
                                              .outcome = outcome,
                                              .parsed = parsed},
                          &replies,
                          err) &&
        (!parsed || !capture ||
         (mud_frontier_links(pg,
                             crawl->source,
                             &flight->target,
                             parsed,
                             crawl->options.whole,
                             arena,
                             err) &&
          mud_coverage_page(crawl->worker,
                            crawl->source,
                            capture,
                            parsed,
                            replies < 0 ? -1 : replies + 1,
                            mud_str_eq(capture->url, flight->target.url),
                            err))) &&
        mud_queue_done(pg, flight->target.job, err) && mud_pg_commit(pg, err))
        return true;
    mud_pg_rollback(pg);
    return mud_fail_in(err, "%.*s", MUD_FMT(flight->target.url));
}

static const char *why_unanswered(const struct mud_fetched *fetched)
{
    if (fetched->fault &&
        mud_str_starts(mud_str_z(fetched->fault), MUD_STR("redirect-")))
        return fetched->fault;
    switch (fetched->error->code) {
    case MUD_EDENIED:
        return "out-of-scope";
    case MUD_ELIMIT:
        return "budget";
    case MUD_EINPUT:
        return "bad-answer";
    case MUD_OK:
    case MUD_EIO:
    case MUD_ENET:
    case MUD_EDB:
    case MUD_EAGAIN:
    case MUD_EUSAGE:
    case MUD_EMISSING:
    case MUD_ECORRUPT:
    case MUD_EBUG:
    default:
        return fetched->fault ? fetched->fault : "network";
    }
}

/* One line of each kind a round; the others are counted at its end. */
static bool warned(struct mud_crawling *crawl, const char *outcome)
{
    size_t most = sizeof crawl->warned / sizeof *crawl->warned;

    for (size_t i = 0; i < crawl->n_warned; i++)
        if (strcmp(crawl->warned[i], outcome) == 0)
            return true;
    if (crawl->n_warned < most)
        crawl->warned[crawl->n_warned++] = outcome;
    return false;
}

/* No answer: the fetcher has tried several times already. */
static bool unanswered(struct mud_crawling *crawl,
                       const struct mud_fetched *fetched,
                       const struct mud_flight *flight,
                       const struct mud_capture *last, struct mud_arena *arena,
                       struct mud_error *err)
{
    const char *outcome = why_unanswered(fetched);

    if (fetched->refusal == MUD_REFUSED_BUDGET) { /* the round ends: later */
        crawl->taken--;
        return mud_queue_delay(
            crawl->worker->pg, flight->target.job, mud_now(), err);
    }
    mud_log_event(warned(crawl, outcome) ? MUD_LOG_DEBUG : MUD_LOG_WARN,
                  crawl->source->name,
                  "no-answer",
                  NULL,
                  0,
                  mud_str_z(fetched->error->text));
    return settle(crawl, flight, last, outcome, NULL, arena, err);
}

bool mud_crawl_let_go(struct mud_crawling *crawl, struct mud_error *err)
{
    while (crawl->n_behind) {
        struct mud_flight *flight = crawl->behind[crawl->n_behind - 1];
        struct mud_capture capture = {.id = flight->capture,
                                      .status = flight->status};
        if (!settle(
                crawl, flight, &capture, "challenge", NULL, flight->arena, err))
            return false;
        crawl->n_behind--;
        mud_arena_free(flight->arena);
    }
    return true;
}

/* Until more is known it stays leased, and is not settled. */
static void hold_back(struct mud_crawling *crawl, struct mud_fetched *fetched,
                      const struct mud_capture *capture)
{
    struct mud_flight *flight = fetched->tag;

    if (crawl->n_behind == MUD_WALLS_HELD)
        return; /* the round ends, and what it holds goes back */
    mud_crawl_take_off(crawl, flight);
    flight->capture = capture->id;
    flight->status = capture->status;
    crawl->behind[crawl->n_behind++] = flight;
    fetched->tag = NULL;
}

/* The site finds us too fast: slower from now on, and this page later. */
static bool ask_later(struct mud_crawling *crawl,
                      const struct mud_flight *flight, struct mud_error *err)
{
    int64_t wait = crawl->walls.wait;

    mud_report_skip(crawl->report, "slowed-down", flight->target.url);
    mud_fetcher_slow(crawl->fetcher, flight->target.url, wait);
    return mud_queue_delay(
        crawl->worker->pg, flight->target.job, mud_now() + wait, err);
}

/* Shown to a stranger who should be a member: asked for again after a log-in,
 * and no try of the job. What strangers see was sealed and read all the same. */
static bool put_back(struct mud_crawling *crawl,
                     const struct mud_flight *flight, struct mud_error *err)
{
    mud_report_skip(crawl->report, "logged-out", flight->target.url);
    crawl->taken--;
    return mud_queue_delay(
        crawl->worker->pg, flight->target.job, mud_now(), err);
}

/* A listing that is made up anew each time it is asked for leads nowhere. */
static bool take_listing(struct mud_crawling *crawl,
                         const struct mud_flight *flight,
                         const struct mud_capture *last,
                         const struct mud_parsed *parsed,
                         struct mud_arena *arena, struct mud_error *err)
{
    struct mud_pg *pg = crawl->worker->pg;
    bool endless, again;

    if (!mud_frontier_listing(&endless,
                              &again,
                              pg,
                              crawl->source,
                              &flight->target,
                              parsed,
                              arena,
                              err))
        return false;
    if (endless)
        return settle(crawl, flight, last, "endless-listing", NULL, arena, err);
    return settle(crawl, flight, last, "read", parsed, arena, err) &&
           (!again ||
            mud_frontier_again(pg, crawl->source, &flight->target, arena, err));
}

/* A page was read: it is settled, unless a wall came in its place. */
static bool take_in(struct mud_crawling *crawl, struct mud_fetched *fetched,
                    const struct mud_capture *last,
                    const struct mud_parsed *parsed, struct mud_arena *arena,
                    struct mud_error *err)
{
    const struct mud_exchange *answer = &fetched->exchanges[fetched->n - 1];
    const struct mud_flight *flight = fetched->tag;
    const char *outcome;
    bool twice = false;

    switch (mud_walls_meet(&crawl->walls, parsed, answer, last->id)) {
    case MUD_WALLS_AGAIN:
        return ask_later(crawl, flight, err);
    case MUD_WALLS_HOLD:
        hold_back(crawl, fetched, last);
        return true;
    case MUD_WALLS_END:
        hold_back(crawl, fetched, last);
        crawl->walled = true;
        return true;
    case MUD_WALLS_PASS:
        if (!mud_crawl_let_go(crawl, err))
            return false;
        break;
    case MUD_WALLS_NONE:
        break;
    }
    if (mud_member_lost(
            crawl->member, flight->target.job, flight->logins, parsed))
        return put_back(crawl, flight, err);
    outcome = outcome_of(parsed, answer);
    if (strcmp(outcome, "read") == 0 && !mud_frontier_twice(&twice,
                                                            crawl->worker->pg,
                                                            crawl->source,
                                                            &flight->target,
                                                            parsed,
                                                            err))
        return false;
    if (twice) /* behind the last page: its links lead on without end */
        return settle(crawl, flight, last, "over-range", NULL, arena, err);
    if (strcmp(outcome, "read") == 0 && parsed->kind == MUD_PAGE_BOARD)
        return take_listing(crawl, flight, last, parsed, arena, err);
    return settle(crawl, flight, last, outcome, parsed, arena, err);
}

/* What led to the answer holds nothing: redirects are known by their status. */
static bool pass_hops(struct mud_crawling *crawl, const struct mud_answer *page,
                      struct mud_error *err)
{
    for (size_t i = 0; i + 1 < page->fetched.n; i++) {
        const struct mud_capture *hop = &page->captures[i];
        if ((hop->status < 300 || hop->status >= 400) &&
            !mud_step_hop(crawl->worker, hop, err))
            return false;
    }
    return true;
}

bool mud_crawl_page(struct mud_crawling *crawl, struct mud_answer *page,
                    struct mud_error *err)
{
    struct mud_fetched *fetched = &page->fetched;
    const struct mud_flight *flight = fetched->tag;
    const struct mud_capture *last =
        fetched->n ? &page->captures[fetched->n - 1] : NULL;
    struct mud_arena *arena = mud_arena_new();
    struct mud_parsed parsed = {0};
    bool good;

    if (!pass_hops(crawl, page, err)) {
        good = false;
    } else if (fetched->error) {
        good = unanswered(crawl, fetched, flight, last, arena, err);
    } else {
        const struct mud_exchange *answer = &fetched->exchanges[fetched->n - 1];
        last = &page->captures[fetched->n - 1];
        crawl->report->pages++;
        good = mud_step_page(&parsed,
                             crawl->worker,
                             crawl->source,
                             last,
                             answer,
                             crawl->report,
                             arena,
                             err) &&
               take_in(crawl, fetched, last, &parsed, arena, err);
    }
    mud_arena_free(arena);
    return good;
}
