/* Facets of documents into the index beside their words. Inside graph only. */
#ifndef MUD_GRAPH_SEARCH_TERMS_H
#define MUD_GRAPH_SEARCH_TERMS_H

#include "graph/postings.h"
#include "graph/search_check.h"

/* What a text says and where it was seen, as terms of document `doc`. */
void mud_search_terms_add(struct mud_postings *postings,
                          const struct mud_checked *of, uint32_t doc);

/* The same of contents that are in Postgres: documents 0, 1, 2... */
MUD_MUST bool mud_search_terms_load(struct mud_postings *postings,
                                    struct mud_pg *pg, struct mud_ids ids,
                                    struct mud_error *err);

/* Saved searches (graph/alert.h), if there are any, look at these later. */
MUD_MUST bool mud_search_tell_alerts(struct mud_pg *pg, struct mud_ids ids,
                                     struct mud_error *err);

#endif
