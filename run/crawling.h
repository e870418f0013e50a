/*
 * The crawl of one source as something that is stepped, so that one thread can
 * have many under way in one loop (watch.h). Inside run only. One turn:
 *
 *     mud_crawling_ask       jobs are leased and handed to the fetcher
 *     mud_loop_step
 *     mud_crawling_collect   what ended is taken from the fetcher
 *     mud_crawlings_seal     pages of all crawls, with one fsync
 *     mud_crawling_read      one page: parsed, ingested, settled; till none is left
 *     mud_crawling_over
 *
 * On a failure of one of these the crawl is only good for mud_crawling_free, which
 * gives back what it held; the next one goes on with it.
 */
#ifndef MUD_RUN_CRAWLING_H
#define MUD_RUN_CRAWLING_H

#include "fetch/loop.h"
#include "run/crawl.h"
#include "run/frontier.h"
#include "run/member.h"
#include "run/robots.h"
#include "run/wall.h"

#define MUD_CRAWLING_HELD 32 /* jobs held at once */

/* A job on its way: lives in its own arena until it is settled. */
struct mud_flight {
    struct mud_arena *arena;
    struct mud_target target;
    struct mud_id capture; /* of the wall that came instead, and its status */
    int status;
    bool
        held; /* not handed to the fetcher yet: robots.txt is asked for first */
    unsigned logins; /* of the member, when it was */
};

struct mud_answer { /* of the fetcher; its arena is ours */
    struct mud_fetched fetched;
    const struct mud_capture *captures; /* of its exchanges, once sealed */
};

struct mud_crawling {
    const char *warned[24]; /* kinds of failures that the log has a line of */
    size_t n_warned;
    struct mud_worker *worker;
    const struct mud_source *given;  /* the source, as it stands */
    const struct mud_source *source; /* and as the member sees it */
    struct mud_member *member;
    bool turned_away; /* it is: the next takes over once nothing is under way */
    struct mud_loop *loop;
    struct mud_policy policy;
    struct mud_crawl_options options;
    struct mud_report *report;
    struct mud_secret *secret; /* of its proxy; outlives the fetchers */
    struct mud_fetcher *fetcher;
    struct mud_site_robots *robots;
    struct mud_answer *ready; /* answered, not yet read: from at on */
    size_t n_ready, cap_ready, at;
    struct mud_flight *flights[MUD_CRAWLING_HELD]; /* jobs under way, all */
    size_t flying, held;
    struct mud_walls walls;
    struct mud_flight *behind[MUD_WALLS_HELD]; /* walls: not settled yet */
    size_t n_behind;
    bool walled;        /* nothing else comes */
    int64_t began;      /* monotonic */
    int64_t before;     /* pages of this day before the round */
    size_t hold;        /* jobs to hold at once, by the pace of the source */
    int64_t taken;      /* pages asked for in all */
    int64_t kept;       /* monotonic: leases were renewed */
    int64_t rescued;    /* those of others were looked at */
    int64_t look;       /* the queue is to be looked at again */
    bool counted;       /* since then it was seen that some still wait */
    int64_t asked_left; /* how many wait was looked up */
};

/* The same contract as mud_crawl, up to the first page. What is given must
 * outlive it. */
MUD_MUST bool mud_crawling_new(struct mud_crawling **out,
                               struct mud_report *report,
                               struct mud_worker *worker,
                               const struct mud_source *source,
                               const struct mud_crawl_options *options,
                               struct mud_loop *loop, struct mud_error *err);
void mud_crawling_free(struct mud_crawling *crawl); /* NULL is fine */

MUD_MUST bool mud_crawling_ask(struct mud_crawling *crawl,
                               struct mud_error *err);
MUD_MUST bool mud_crawling_collect(struct mud_crawling *crawl,
                                   struct mud_error *err);
/* All or nothing of what is ready in these crawls, which share a worker. arena
 * is kept until all of it is read, which must be before the next collect. */
MUD_MUST bool mud_crawlings_seal(struct mud_crawling *const *crawls, size_t n,
                                 struct mud_arena *arena,
                                 struct mud_error *err);
/* Pages that are ready. */
size_t mud_crawling_ready(const struct mud_crawling *crawl);
/* The next page that was sealed. */
MUD_MUST bool mud_crawling_read(struct mud_crawling *crawl,
                                struct mud_error *err);
/* *over: all is read, it was told to stop, or has had its pages. */
MUD_MUST bool mud_crawling_over(bool *over, struct mud_crawling *crawl,
                                struct mud_error *err);

/* When it may be gone on with, us: now, or when its hours or those of one of its
 * accounts begin. */
int64_t mud_crawling_opens(const struct mud_crawling *crawl, int64_t now);
/* Not before then is anything to be fetched (us): because of hours, or since its
 * jobs are put off. 0: now, or nobody knows. */
MUD_MUST bool mud_crawling_next(int64_t *at, const struct mud_crawling *crawl,
                                struct mud_error *err);
/* Nothing is under way, and there was nothing to lease. */
bool mud_crawling_idle(const struct mud_crawling *crawl);

/* crawl_over.c, crawl_page.c and crawl_jobs.c, for crawl.c: */
bool mud_crawl_stopped(const struct mud_crawling *crawl);
bool mud_crawl_enough(const struct mud_crawling *crawl);
MUD_MUST bool mud_crawl_page(struct mud_crawling *crawl,
                             struct mud_answer *answer, struct mud_error *err);
/* Pages behind walls were single ones: what came of them is settled. */
MUD_MUST bool mud_crawl_let_go(struct mud_crawling *crawl,
                               struct mud_error *err);
/* It is under way no more; its arena is the caller's. */
void mud_crawl_take_off(struct mud_crawling *crawl,
                        const struct mud_flight *flight);
/* A page that was refused before it was asked for. */
MUD_MUST bool mud_crawl_refused(struct mud_crawling *crawl,
                                const struct mud_target *target,
                                const char *outcome, struct mud_str why,
                                struct mud_error *err);
/* Jobs of workers that were killed here need not wait for their leases. */
MUD_MUST bool mud_crawl_bury(struct mud_crawling *crawl, struct mud_error *err);
/* Pages of slow sites are under way for longer than a lease. */
MUD_MUST bool mud_crawl_keep(struct mud_crawling *crawl, struct mud_error *err);
/* Nothing to do but wait for what others hold: are they still there? */
MUD_MUST bool mud_crawl_rescue(struct mud_crawling *crawl,
                               struct mud_error *err);
/* Which of the source's own limits is used up, or NULL. */
const char *mud_crawl_spent(const struct mud_crawling *crawl);
/* It is: the rest of the pages on another day, or in the next round. */
MUD_MUST bool mud_crawl_rest(struct mud_crawling *crawl, const char *what,
                             struct mud_error *err);
/* What was leased and not read goes back at once and counts as no try. */
void mud_crawl_give_back(struct mud_crawling *crawl);

#endif
