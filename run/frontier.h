/*
 * The pages of a source and their jobs. Inside run only. A found page becomes
 * a job of queue "fetch:NAME" when it was never read, when the listing tells of
 * new posts, or when it is time to look for edits and deletions; listings always
 * do, from the first page on until one tells of nothing new.
 */
#ifndef MUD_RUN_FRONTIER_H
#define MUD_RUN_FRONTIER_H

#include "parse/post.h"
#include "run/source.h"
#include "store/queue.h"

struct mud_target { /* one job: a page to fetch */
    int64_t job;
    int tries;
    int64_t round; /* us: when its round began */
    struct mud_str url, kind, referrer;
};

/* The queue's name, in arena. */
const char *mud_frontier_queue(const struct mud_source *source,
                               struct mud_arena *arena);

/* Begin a round, or find the one that was broken off: its start page waits,
 * or is done already. *resumed says which. whole: every page is fetched again. */
MUD_MUST bool mud_frontier_begin(struct mud_pg *pg,
                                 const struct mud_source *source, bool whole,
                                 bool *resumed, struct mud_arena *arena,
                                 struct mud_error *err);

/* Lease up to max pages for five minutes. */
MUD_MUST bool mud_frontier_take(struct mud_target **targets, size_t *n,
                                struct mud_pg *pg,
                                const struct mud_source *source, size_t max,
                                const char *worker, struct mud_arena *arena,
                                struct mud_error *err);

/* Five more minutes for a page that is still under way. */
MUD_MUST bool mud_frontier_keep(struct mud_pg *pg,
                                const struct mud_target *target,
                                struct mud_error *err);

/* Put the links of a page that was read; inside the caller's transaction. What
 * they tell of new posts decides what is fetched in this round. */
MUD_MUST bool mud_frontier_links(struct mud_pg *pg,
                                 const struct mud_source *source,
                                 const struct mud_target *from,
                                 const struct mud_parsed *parsed, bool whole,
                                 struct mud_arena *arena,
                                 struct mud_error *err);

struct mud_visit {                   /* what became of a page */
    struct mud_id capture;           /* zero: nothing was sealed */
    int status;                      /* of HTTP; 0: no answer */
    const char *outcome;             /* "read", or why it was not */
    const struct mud_parsed *parsed; /* NULL: nothing was read */
};

/* Is what was read the same as a page before it in its thread or board holds?
 * So boards answer that are asked for a page behind the last. */
MUD_MUST bool mud_frontier_twice(bool *twice, struct mud_pg *pg,
                                 const struct mud_source *source,
                                 const struct mud_target *target,
                                 const struct mud_parsed *parsed,
                                 struct mud_error *err);

/*
 * A page of a listing was read, before its links are put. *endless: the site makes the
 * listing up anew each time, for without end there would be threads: they are not asked
 * for, and what of them waits goes. *again: the page is to be asked for once more
 * (mud_frontier_again), to find that out.
 */
MUD_MUST bool mud_frontier_listing(bool *endless, bool *again,
                                   struct mud_pg *pg,
                                   const struct mud_source *source,
                                   const struct mud_target *target,
                                   const struct mud_parsed *parsed,
                                   struct mud_arena *arena,
                                   struct mud_error *err);
/* Once more in this round, when it is settled. */
MUD_MUST bool mud_frontier_again(struct mud_pg *pg,
                                 const struct mud_source *source,
                                 const struct mud_target *target,
                                 struct mud_arena *arena,
                                 struct mud_error *err);

/* The page is settled. *replies: as the listing said, -1 unknown. */
MUD_MUST bool mud_frontier_done(struct mud_pg *pg,
                                const struct mud_source *source,
                                const struct mud_target *target,
                                const struct mud_visit *visit, int64_t *replies,
                                struct mud_error *err);

#endif
