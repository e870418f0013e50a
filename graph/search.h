/*
 * Search in all texts: bodies, titles, signatures, what pictures say. The
 * language is that of docs/search.md: words, phrases, -without, OR, brackets,
 * prefix*, and facets of the posts that show a text. A hit is a text, with
 * those of its posts for which the query holds. Indexed segments and the open
 * one are searched in one snapshot, so that a text is found from the moment
 * its ingest is committed. The index only offers; each hit is checked.
 */
#ifndef MUD_GRAPH_SEARCH_H
#define MUD_GRAPH_SEARCH_H

#include "base/time.h"
#include "graph/records.h"
#include "nlp/reading.h"

struct mud_search {
    struct mud_str query;
    const struct mud_zone *zone; /* of days in the query; NULL: UTC */
    int32_t source;              /* 0: all */
    int64_t since;               /* us; 0: all */
    size_t limit;                /* 0: 20 */
    struct mud_str cursor;       /* where an earlier one ended, or empty */
};

#define MUD_SEARCH_CURSOR 80
#define MUD_SEARCH_CHECKS 20000 /* texts that one call checks at most */
#define MUD_SEARCH_RANKED 2000  /* texts among which sort:best looks */

struct mud_searched {
    int64_t found; /* texts that the index offers, not all checked */
    int64_t checked;
    bool cut; /* MUD_SEARCH_CHECKS was reached: go on from cursor */
    char cursor[MUD_SEARCH_CURSOR]; /* "" at the end, and for sort:best */
};

/*
 * Hits to `record`: by the time at which their text was seen last in any post,
 * the newest first, or as the query's sort: says.
 * {"type":"hit","schema":1,"content","field","lang","category","side",
 *  "is_offer" (all three of the newest post),"at" (of that post),"text"
 *  (masked, at most 4,000 bytes around the first mark),"marks" ([start,end] in
 *  code points of text),"sightings" (posts for which the query holds; with
 *  "more":true when there are more than could be looked at),"author","source",
 *  "posts":[post id...] (newest three)}; and for sort:best "rank":{"score",
 *  "reasons":[{"what","n","points"}]}
 * *sum may be NULL. MUD_EUSAGE: nothing to search for, or not understood.
 */
MUD_MUST bool mud_search(struct mud_searched *sum, struct mud_pg *pg,
                         const struct mud_reader *reader,
                         const struct mud_search *search, mud_record_fn *record,
                         void *payload, struct mud_error *err);

/*
 * Counts over the hits, the newest MUD_SEARCH_CHECKS texts at most: one record
 * {"type":"facets","schema":1,"texts","posts","offered" (by the index),
 *  "complete" (all were checked),"category":[{"value","texts","posts"}...],
 *  "side","source","lang","author","field" (the same; at most 20 each, the
 *  most posts first),"times":{"by":"day"|"month" (of the zone),"counts":
 *  [{"from","posts"}]}}
 */
MUD_MUST bool mud_search_facets(struct mud_pg *pg,
                                const struct mud_reader *reader,
                                const struct mud_search *search,
                                mud_record_fn *record, void *payload,
                                struct mud_error *err);

#endif
