/*
 * Documents that a query's terms lead to, the one seen last first: a merge of
 * the segments, each in its own order, and of the open one, which is scanned.
 * Inside graph only; within one transaction.
 */
#ifndef MUD_GRAPH_SEARCH_DOCS_H
#define MUD_GRAPH_SEARCH_DOCS_H

#include "graph/search_query.h"
#include "store/pg.h"

struct mud_search_docs;

struct mud_search_doc {
    struct mud_id content;
    int64_t at; /* us: seen last, as far as the index knows */
};

MUD_MUST bool mud_search_docs_open(struct mud_search_docs **out,
                                   struct mud_pg *pg,
                                   const struct mud_reader *reader,
                                   const struct mud_query *query,
                                   struct mud_error *err);
void mud_search_docs_close(struct mud_search_docs *docs);

/* How many there are; one that was seen again counts twice. */
int64_t mud_search_docs_count(const struct mud_search_docs *docs);

/* The next one that did not come yet; *end at the end. */
MUD_MUST bool mud_search_docs_next(struct mud_search_docs *docs,
                                   struct mud_search_doc *out, bool *end,
                                   struct mud_error *err);

#endif
