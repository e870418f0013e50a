/*
 * Documents that a query's terms lead to, in the order in which they were seen
 * last: a merge of the segments, each in its own order, and of the open one,
 * which is scanned. Inside graph only; within one transaction.
 */
#ifndef MUD_GRAPH_SEARCH_DOCS_H
#define MUD_GRAPH_SEARCH_DOCS_H

#include "graph/search_query.h"

struct mud_search_docs;

struct mud_search_doc {
    struct mud_id content;
    int64_t at; /* us: seen last, as far as the index knows; a text that was
                   seen again has a newer place too */
};

struct mud_search_order {
    bool oldest; /* the one seen last comes last */
    bool once;   /* a text that was seen again comes once, at its first place */
    const struct mud_search_doc *after; /* begin behind this one (which need
                                           not be there), or NULL */
};

MUD_MUST bool mud_search_docs_open(struct mud_search_docs **out,
                                   struct mud_pg *pg,
                                   const struct mud_reader *reader,
                                   const struct mud_query *query,
                                   struct mud_search_order order,
                                   struct mud_error *err);
void mud_search_docs_close(struct mud_search_docs *docs);

/* How many there are, from the first; one that was seen again counts twice. */
int64_t mud_search_docs_count(const struct mud_search_docs *docs);
/* Documents in all, and those that have text number i of the query. */
int64_t mud_search_docs_all(const struct mud_search_docs *docs);
int64_t mud_search_docs_having(const struct mud_search_docs *docs, size_t i);

/* The next one; *end at the end. */
MUD_MUST bool mud_search_docs_next(struct mud_search_docs *docs,
                                   struct mud_search_doc *out, bool *end,
                                   struct mud_error *err);

#endif
