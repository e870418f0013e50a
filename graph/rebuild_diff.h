/*
 * A rebuild from its begin to its end, which readers are told of, and what it
 * changed: posts, offers, contacts and sellers, as they were read before and as
 * they are read now. Both are written down in the database and compared there,
 * in bounded memory. A rebuild that was killed stays under way until another
 * one ends, which then compares with what was whole before the first.
 */
#ifndef MUD_GRAPH_REBUILD_DIFF_H
#define MUD_GRAPH_REBUILD_DIFF_H

#include "graph/records.h"

/* Clear what is derived (graph/rebuild.h); compare: write down first what it
 * says. MUD_EDENIED: to compare, when a rebuild that did not compare was not
 * ended, so that there is nothing whole to compare with. */
MUD_MUST bool mud_rebuild_begin(struct mud_pg *pg, bool compare,
                                struct mud_error *err);

/*
 * All is read again, indexed and linked. compare: tell what changed,
 * {"type":"rebuild","schema":1,"rules_before":[version...],"rules":[...]}, then
 * for each kind, change and source {"type":"rebuild_diff","schema":1,"what"
 * (post, offer, contact, seller),"change" (appears, goes, changes),"source"
 * (null of sellers),"count","examples":[{"post","post_key" and what it is,
 * "before","after"}] (at most 3)}.
 */
MUD_MUST bool mud_rebuild_end(struct mud_pg *pg, bool compare,
                              mud_record_fn *record, void *payload,
                              struct mud_error *err);

/* When the rebuild began that has not ended; 0: there is none, all is there. */
MUD_MUST bool mud_rebuild_since(int64_t *us, struct mud_pg *pg,
                                struct mud_error *err);

#endif
