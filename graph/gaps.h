/*
 * What a source lacks, by its own counts: posts that a listing or thread states
 * against posts held, pages never read or failed; of chats, stretches that no
 * export covers and replies to messages that are not held.
 */
#ifndef MUD_GRAPH_GAPS_H
#define MUD_GRAPH_GAPS_H

#include "graph/records.h"

struct mud_gaps {
    int64_t threads, posts; /* with posts missing; posts missing */
    int64_t pages;          /* never read, of threads that say how many */
    int64_t failed;         /* pages that came to nothing, or wait */
    int64_t stretches;      /* of groups, between what is covered */
    int64_t replies;        /* messages that are answered and not held */
};

/* Groups are counted up to 10,000 stretches and 10,000 groups. */
MUD_MUST bool mud_gaps_sum(struct mud_gaps *out, struct mud_pg *pg,
                           int32_t source, struct mud_error *err);

/*
 * As records, the largest first, at most limit (0: 10,000) of each:
 * {"type":"gap_board","schema":1,"board","threads","shown","held","missing",
 *  "pages_unread","failed"}
 * {"type":"gap","schema":1,"thread","board","title","shown" (or null),"held",
 *  "gone" (held, but no more there),"missing" (or null),"pages","unread" (at
 *  most 50 pages),"pages_unread","failed","outcome","url","since"}
 * {"type":"gap_stretch","schema":1,"group","title","unit" (id or time),"from",
 *  "to" (numbers, or times),"ids" (how many, where ids are dense, or null),
 *  "since"}
 * {"type":"gap_replies","schema":1,"group","title","messages","example","since"}
 */
MUD_MUST bool mud_list_gaps(struct mud_pg *pg, int32_t source, size_t limit,
                            mud_record_fn *record, void *payload,
                            struct mud_error *err);

#endif
