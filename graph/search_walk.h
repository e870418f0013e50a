/*
 * The walk behind search, its counts and alerts: documents in order, each
 * loaded and checked. Inside graph only.
 */
#ifndef MUD_GRAPH_SEARCH_WALK_H
#define MUD_GRAPH_SEARCH_WALK_H

#include "graph/search.h"
#include "graph/search_check.h"
#include "graph/search_docs.h"

struct mud_search_walk {
    struct mud_pg *pg;
    const struct mud_reader *reader;
    const struct mud_search *search;
    struct mud_query query;
    struct mud_search_docs *docs;
    struct mud_arena *arena; /* of the query */
    struct mud_arena *text;  /* of one text */
    int64_t checked, most;   /* texts; most: MUD_SEARCH_CHECKS or less */
    struct mud_search_doc at;
    bool cut, stopped;
    /* Called for each hit; false stops, without err set that is enough. */
    bool (*hit)(struct mud_search_walk *walk, const struct mud_match *match,
                struct mud_error *err);
    void *payload;
};

/* Understand the query, go, and clean up but for what mud_search_walk_free
 * does. */
MUD_MUST bool mud_search_walk(struct mud_search_walk *walk,
                              struct mud_error *err);
void mud_search_walk_free(struct mud_search_walk *walk);

/* "text", "title", "signature", "attachment" */
const char *mud_hit_field(int field);

/* The members of a hit into an open JSON object: graph/search.h. */
void mud_hit_write(struct mud_json *json, const struct mud_query *query,
                   const struct mud_match *match,
                   const struct mud_rows *sources, bool text,
                   struct mud_arena *arena);

#endif
