/*
 * The crawl of a forum: index, boards, threads and their pages. The first round
 * fetches each page once; those after it the listings, what they tell to be new,
 * and a share of the rest for edits and deletions (frontier.h). Through the Postgres queue, so that any number of workers share it
 * and a killed one costs only the pages it held. What a page links to comes
 * from parse; only canonical links are followed. Every page is sealed before
 * it is parsed.
 */
#ifndef MUD_RUN_CRAWL_H
#define MUD_RUN_CRAWL_H

#include "run/step.h"

#include <signal.h>

struct mud_crawl_options {
    int64_t max_pages; /* 0: all */
    bool whole;        /* every page again, not only what may have changed */
    bool live; /* what can be listened to is, until told to stop; else its round
                  catches up and ends */
    /* Called after each page: fetched so far, still waiting. May be NULL. */
    void (*progress)(int64_t done, int64_t waiting, void *payload);
    void *payload;
    const volatile sig_atomic_t *stop; /* set by a signal handler, or NULL */
};

/*
 * One round of a source. A round that was broken off is gone on with; else a
 * new one begins at the source's url. MUD_EDENIED outside basis, state and
 * expiry. What single pages cost (network, walls, challenges) goes to the
 * report and the frontier, not to err.
 */
MUD_MUST bool mud_crawl(struct mud_report *report, struct mud_worker *worker,
                        const struct mud_source *source,
                        const struct mud_crawl_options *options,
                        struct mud_error *err);

#endif
