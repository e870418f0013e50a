/*
 * Off the ingest path: contents that wait in search_pending are put into a new
 * segment (at most 16,384 documents), and segments of one size are merged by
 * eights, up to 524,288 documents. One indexer works at a time; searches and
 * ingest go on meanwhile. Memory: the posting lists of one segment, about
 * 2 bytes a term of a document (tens of MB for the largest).
 */
#ifndef MUD_GRAPH_SEARCH_INDEX_H
#define MUD_GRAPH_SEARCH_INDEX_H

#include "nlp/reading.h"
#include "store/pg.h"

struct mud_search_indexed {
    int64_t contents; /* put into segments */
    int64_t segments; /* made, merged ones too */
    bool busy;        /* another indexer is at work: nothing was done */
};

/*
 * Index all that waits, in transactions of one segment each. *out may be NULL.
 * progress (may be NULL) is told contents done and waiting; false stops
 * between segments without an error.
 */
MUD_MUST bool mud_search_index(struct mud_search_indexed *out,
                               struct mud_pg *pg,
                               const struct mud_reader *reader,
                               bool (*progress)(int64_t done, int64_t waiting,
                                                void *payload),
                               void *payload, struct mud_error *err);

/*
 * A segment of contents whose texts are at hand, as while many are ingested:
 * made in any thread, stored in a transaction of the caller's. *stored is false
 * when another indexer is at work; then the contents are to wait.
 */
struct mud_checked;

#define MUD_SEARCH_STRAIGHT 4096 /* contents that are worth it */

struct mud_search_text {
    struct mud_id content;
    int64_t at; /* us: seen last */
    struct mud_str body;
    size_t row;                       /* the caller's */
    const struct mud_checked *facets; /* its posts, and what it says */
};

struct mud_search_segment;

/* docs are sorted; a content stands in them once. */
struct mud_search_segment *mud_search_segment_new(
    const struct mud_reader *reader, struct mud_search_text *docs, size_t n);
MUD_MUST bool mud_search_segment_store(bool *stored, struct mud_pg *pg,
                                       const struct mud_search_segment *segment,
                                       struct mud_error *err);
void mud_search_segment_free(
    struct mud_search_segment *segment); /* NULL is fine */

#define MUD_SEARCH_CHUNK    64     /* documents in a row of search_ids */
#define MUD_SEARCH_DOCS_MAX 524288 /* of the largest segment */

#endif
