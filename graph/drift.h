/*
 * Alarms when a source is not read as well as it was: a site changed its
 * markup, or put up a wall. Compared are the newest pages of one engine and
 * kind (12, 24, 48 or 96 of them) with up to 480 before them, by a test of two
 * shares (graph/share.h) with pages as clusters:
 * - a field that posts have by rule (author, time, body...) falls by 0.1 or
 *   more; another (quotes, signature, links...) to a quarter or less;
 * - one same value stands in all posts of a page, where it did not;
 * - pages of threads without posts, unknown pages, walls, messages, or pages
 *   read by structure alone become more by 0.15 or more;
 * each with 4 standard errors at least, and never on fewer than 12 pages that
 * show it and 24 before. An alarm keeps the share of before and ends when the newest 12
 * pages are back within 0.05 of it. Alarms are kept when they ended.
 */
#ifndef MUD_GRAPH_DRIFT_H
#define MUD_GRAPH_DRIFT_H

#include "graph/records.h"

struct mud_drift_result {
    int64_t open, raised, cleared; /* alarms: now; by this run */
};

/* All sources, after ingest. out may be NULL. One run at a time. */
MUD_MUST bool mud_drift_run(struct mud_drift_result *out, struct mud_pg *pg,
                            struct mud_error *err);

/*
 * Alarms of a source (0: of all), the open ones first, then the newest:
 * {"type":"drift","schema":1,"source","engine","kind","what","selector" (lines
 * of the engine's description, or null),"rises","since","found","checked",
 * "was","was_of","now","now_of","score","example" (capture),"example_url",
 * "cleared" (or null)}. ended: those that ended too.
 */
MUD_MUST bool mud_list_drift(struct mud_pg *pg, int32_t source, bool ended,
                             size_t limit, mud_record_fn *record, void *payload,
                             struct mud_error *err);

/* How many alarms stand, of a source (0: of all). */
MUD_MUST bool mud_drift_count(int64_t *open, struct mud_pg *pg, int32_t source,
                              struct mud_error *err);

#endif
