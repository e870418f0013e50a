/*
 * A feed (RSS, Atom): asked for with what the server said of it last (ETag,
 * Last-Modified; RFC 9110 13.1), so that an unchanged one costs a head. What
 * stands in it is sealed and read like any page.
 */
#ifndef MUD_RUN_COLLECT_FEED_H
#define MUD_RUN_COLLECT_FEED_H

#include "run/collect.h"

/* As mud_collect_round. */
MUD_MUST bool mud_collect_feed(struct mud_report *report,
                               struct mud_worker *worker,
                               const struct mud_source *source,
                               const struct mud_crawl_options *options,
                               struct mud_error *err);

#endif
