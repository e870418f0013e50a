/*
 * New jargon out of the stored posts (nlp/suggest.h): their bodies, each
 * distinct text once, without contacts and what looks like one; victims' data is
 * masked in them. Terms that an analyst decided on are left out.
 */
#ifndef MUD_GRAPH_LEXSUGGEST_H
#define MUD_GRAPH_LEXSUGGEST_H

#include "graph/records.h"
#include "nlp/suggest.h"

struct mud_lexsuggest {
    int32_t source; /* 0: all */
    int64_t since;  /* us; 0: all */
    size_t limit;
    uint32_t least; /* texts that a term must stand in; 0: as nlp has it */
    /* told texts read of both passes; may be NULL */
    void (*progress)(int64_t done, int64_t total, void *payload);
    void *progress_payload;
};

/*
 * Records, the best first: {"type":"suggestion","schema":1,"rank","term",
 * "score","texts","dealing" (texts that deal in something),"authors","why":
 * {"cohesion","freedom","spread","contrast","edges","likeness"},"like":[{
 * "sense","category","term","cosine"}],"examples":[{"content","text","posts"}]}
 * *sum (may be NULL) says how much was read.
 */
MUD_MUST bool mud_lexsuggest(struct mud_suggest_sum *sum, struct mud_pg *pg,
                             const struct mud_reader *reader,
                             const struct mud_lexsuggest *options,
                             mud_record_fn *record, void *payload,
                             struct mud_error *err);

#endif
