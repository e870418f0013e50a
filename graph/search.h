/*
 * Search in all texts: bodies, titles, signatures. A query is parts between
 * blanks, all of which must stand in the text; each part is a phrase of units
 * (graph/units.h), also 肉鸡批发 without blanks; "..." makes one phrase of
 * several parts; -part must not stand there. The newest sighting comes first.
 * Indexed segments and the open one are searched in one snapshot, so that a
 * text is found from the moment its ingest is committed.
 */
#ifndef MUD_GRAPH_SEARCH_H
#define MUD_GRAPH_SEARCH_H

#include "graph/records.h"
#include "nlp/reading.h"

struct mud_search {
    struct mud_str query;
    int32_t source; /* 0: all */
    int64_t since;  /* us; 0: all */
    size_t limit;   /* 0: 20 */
};

/*
 * Hits to `record`, newest first:
 * {"type":"hit","schema":1,"content","field","lang","category","is_offer",
 *  "text" (masked, at most 4,000 bytes around the first mark),"marks"
 *  ([start,end] in code points of text),"sightings" (posts that hold it),
 *  "at","posts":[post id...] (newest three)}
 * *found (may be NULL) counts all texts that the index offers, of which hits
 * past the limit are not checked. MUD_EUSAGE: nothing to search for.
 */
MUD_MUST bool mud_search(int64_t *found, struct mud_pg *pg,
                         const struct mud_reader *reader,
                         const struct mud_search *search, mud_record_fn *record,
                         void *payload, struct mud_error *err);

#endif
