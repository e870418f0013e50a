/*
 * robots.txt of the sites of one source, as its policy says (--robots): ignore
 * (never asked for), note (what it forbids is counted, and fetched all the same)
 * or obey (what it forbids is passed over). Asked for once a day and host
 * (of a site that is down, each round), whatever paths the source is narrowed to,
 * sealed like any page; between, what was read is kept with the cursors. Inside
 * run only.
 */
#ifndef MUD_RUN_ROBOTS_H
#define MUD_RUN_ROBOTS_H

#include "fetch/loop.h"
#include "run/collect.h"

struct mud_site_robots;

/* Asks in loop, under policy but for its paths. */
MUD_MUST bool mud_site_robots_new(struct mud_site_robots **out,
                                  struct mud_worker *worker,
                                  const struct mud_source *source,
                                  struct mud_report *report,
                                  struct mud_loop *loop,
                                  const struct mud_policy *policy,
                                  struct mud_error *err);
void mud_site_robots_free(struct mud_site_robots *robots); /* NULL is fine */

enum mud_robots_answer {
    MUD_ROBOTS_MAY,
    MUD_ROBOTS_MUST_NOT,
    MUD_ROBOTS_WAIT /* it is being asked for: ask again after a turn */
};

/* May url be fetched? What a policy of note lets pass is counted in the report,
 * as "robots-noted". */
MUD_MUST bool mud_site_robots_ask(enum mud_robots_answer *answer,
                                  struct mud_site_robots *robots,
                                  struct mud_str url, struct mud_error *err);

/* After each step of the loop: what came is sealed and read. */
MUD_MUST bool mud_site_robots_collect(struct mud_site_robots *robots,
                                      struct mud_error *err);

#endif
