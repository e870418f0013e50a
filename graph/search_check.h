/*
 * Some contents with all that facets ask of them: the posts that show them and
 * what they say. Both the check of a hit and the terms of the index come from
 * here, so that they cannot differ. Inside graph only.
 */
#ifndef MUD_GRAPH_SEARCH_CHECK_H
#define MUD_GRAPH_SEARCH_CHECK_H

#include "graph/pages.h"
#include "graph/search_query.h"

#define MUD_SEEN_MAX  1000 /* posts of a text that are looked at, the newest */
#define MUD_UNDER_MAX 300  /* posts under a title or signature */

struct mud_checked { /* one content */
    struct mud_id id;
    struct mud_str body; /* s NULL: there is no such content */
    struct mud_facts_of facts;
    const struct mud_seen *seen; /* newest first */
    size_t n_seen;
    bool cut;                      /* there are more */
    const struct mud_units *units; /* of the body, where the caller has them */
};

struct mud_check {
    struct mud_checked *at; /* in the order of the ids asked for */
    size_t n;
    struct mud_arena *arena;
    struct mud_rows *rows[8]; /* what the views are of */
    struct mud_keyed threads, posts;
};

/*
 * needs: enum mud_need; lo and hi as in struct mud_query: only posts between.
 * Free it, also after a failure.
 */
MUD_MUST bool mud_check_load(struct mud_check *out, struct mud_pg *pg,
                             struct mud_ids ids, unsigned needs, int64_t lo,
                             int64_t hi, struct mud_error *err);
void mud_check_free(struct mud_check *check);

/* A content and the posts of it for which a query holds. */
struct mud_match {
    const struct mud_checked *of;
    const struct mud_seen **posts; /* newest first */
    size_t n;
    struct mud_units units; /* of the body, when the query has texts */
};

/* False when the query does not hold for any post of it. */
bool mud_check_match(struct mud_match *out, const struct mud_checked *of,
                     const struct mud_query *query,
                     const struct mud_reader *reader, struct mud_arena *arena);

#endif
