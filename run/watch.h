/*
 * The watch over forums: one worker has the crawls of many under way in one loop
 * of the fetcher, takes up those that are due (health.h), and seals what came for
 * all of them with one fsync. A forum is read by one worker at a time, so that its
 * pace holds over all workers; those that are due are shared among them.
 *
 * Fair: hosts are asked in the order in which their time came, also while pages
 * are read; pages of different forums are read in turn; a forum of which
 * turn_pages were read goes to the end of the line of those that are due.
 */
#ifndef MUD_RUN_WATCH_H
#define MUD_RUN_WATCH_H

#include "run/crawl.h"

#define MUD_WATCH_SOURCES  256 /* forums under way at once, usual and most */
#define MUD_WATCH_PARALLEL 64  /* requests at once, usual */

struct mud_watch_options {
    size_t sources;     /* 0: MUD_WATCH_SOURCES */
    unsigned parallel;  /* 0: MUD_WATCH_PARALLEL */
    int64_t turn_pages; /* of one forum in a turn; 0: no limit */
    int64_t every_s; /* between rounds of a forum that has no pace of its own */
    bool once;       /* a round of each that is due, then end */
    /* A round, or a turn of one, is over: what it did since the last such call,
     * and why it failed, or NULL. */
    void (*ended)(const struct mud_source *source,
                  const struct mud_report *report,
                  const struct mud_error *error, void *payload);
    /* Pages so far, pages that wait; called often. May be NULL. */
    void (*progress)(int64_t done, int64_t waiting, void *payload);
    /* Called often, for what is to be done now and then. May be NULL. */
    void (*beat)(void *payload);
    void *payload;
    const volatile sig_atomic_t *stop; /* set by a signal handler, or NULL */
};

/*
 * Crawl what is due until told to stop. A database that went away is waited for.
 * What fails of one forum is told by `ended`, kept in its health, and no failure of
 * this.
 */
MUD_MUST bool mud_watch(struct mud_worker *worker,
                        const struct mud_watch_options *options,
                        struct mud_error *err);

#endif
