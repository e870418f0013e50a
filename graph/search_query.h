/* A query of graph/search.h, taken apart. Inside graph only. */
#ifndef MUD_GRAPH_SEARCH_QUERY_H
#define MUD_GRAPH_SEARCH_QUERY_H

#include "graph/units.h"

#define MUD_PARTS_MAX 64   /* of a query */
#define MUD_QUERY_MAX 4096 /* bytes of a query */

struct mud_query_part {
    struct mud_units units;
    bool without; /* must not stand in the text */
};

struct mud_query_term { /* what the index is asked for */
    struct mud_str text;
    bool prefix; /* any term that begins so: a single Han character */
};

struct mud_query {
    struct mud_query_part parts[MUD_PARTS_MAX];
    size_t n;
    struct mud_query_term *terms;
    size_t n_terms;
};

/* MUD_EUSAGE when there is nothing to search for, MUD_ELIMIT when too much. */
MUD_MUST bool mud_query_read(struct mud_query *out,
                             const struct mud_reader *reader,
                             struct mud_str text, struct mud_arena *arena,
                             struct mud_error *err);

/*
 * True when the text matches; marks (in arena, in order, may be NULL) are the
 * places of all wanted parts, at most 1,000.
 */
bool mud_query_match(const struct mud_query *query,
                     const struct mud_units *text, struct mud_span **marks,
                     size_t *n_marks, struct mud_arena *arena);

#endif
