/*
 * Which documents of the indexed segments may match a query, by the posting
 * lists of its words and facets: sets of bits over all segments one behind
 * another. They may hold too much, never too little. Inside graph only.
 */
#ifndef MUD_GRAPH_SEARCH_SETS_H
#define MUD_GRAPH_SEARCH_SETS_H

#include "graph/search_query.h"

struct mud_segment {
    int32_t number;
    uint32_t docs;
    size_t base; /* its first bit; a multiple of 64 */
};

struct mud_search_sets {
    struct mud_segment *segments; /* malloc'd */
    size_t n, words;              /* words: of 64 bits, of a set */
    uint64_t *bits;               /* malloc'd: those that may match */
    int64_t docs, count;          /* of all segments; in bits */
    int64_t df[MUD_PARTS_MAX];    /* documents that may have each text */
};

MUD_MUST bool mud_search_sets_open(struct mud_search_sets *out,
                                   struct mud_pg *pg,
                                   const struct mud_query *query,
                                   struct mud_error *err);
void mud_search_sets_close(struct mud_search_sets *sets);

#endif
