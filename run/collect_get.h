/*
 * Pages asked for one after the other by a collector: fetched under the
 * source's limits, sealed, read into the graph, covered. Inside run only.
 */
#ifndef MUD_RUN_COLLECT_GET_H
#define MUD_RUN_COLLECT_GET_H

#include "run/collect.h"

struct mud_getter; /* of one source and round; keeps cookies and the pace */

/* headers: sent beside ours, "Name: value"; borrowed. */
MUD_MUST bool mud_getter_new(struct mud_getter **out, struct mud_worker *worker,
                             const struct mud_source *source,
                             const struct mud_crawl_options *options,
                             const struct mud_str *headers, size_t n_headers,
                             struct mud_report *report, struct mud_error *err);
void mud_getter_free(struct mud_getter *getter); /* NULL is fine */

/*
 * A secret that stands in addresses (the token of a bot): "[withheld]" stands
 * for it in all that is sealed, counted or said. Lives as long as getter.
 */
void mud_getter_withhold(struct mud_getter *getter, struct mud_str secret);

struct mud_got {
    const struct mud_exchange *answer; /* NULL: none came; it is counted */
    struct mud_parsed parsed; /* zero without an answer, and of a 304 */
    struct mud_arena *arena;  /* holds all of this */
    struct mud_str body;      /* decoded; at most 64 MiB */
};

/*
 * One page; to be freed, whatever is returned. An answer is sealed, read and its range noted
 * as covered whatever its status, but for 304, of which nothing is kept. False
 * on what stops the round: database, vault.
 */
MUD_MUST bool mud_getter_page(struct mud_got *got, struct mud_getter *getter,
                              struct mud_str url, struct mud_error *err);
void mud_got_free(struct mud_got *got); /* a zeroed one is fine */

/*
 * The server asks for patience, for so many seconds or as its Retry-After says
 * (0): nothing is asked of it in any round until then, a day at most.
 */
MUD_MUST bool mud_getter_wait(struct mud_getter *getter,
                              const struct mud_got *got, int64_t seconds,
                              struct mud_error *err);
/* *waits: that time is not over; it is counted then. */
MUD_MUST bool mud_getter_waits(bool *waits, struct mud_getter *getter,
                               struct mud_error *err);

/* The round went well to its end: a source that met nothing but walls is stopped,
 * or waits (wall.h). */
MUD_MUST bool mud_getter_end(struct mud_getter *getter, struct mud_error *err);

/* Is the round to end: told to stop, as many pages as it may take, or past the
 * source's hours, terms or a wall? */
bool mud_getter_enough(const struct mud_getter *getter);

#endif
