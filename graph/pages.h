/*
 * Helpers of the record writers: keyset paging, look-ups by list of ids, names
 * of sources. Inside graph only.
 */
#ifndef MUD_GRAPH_PAGES_H
#define MUD_GRAPH_PAGES_H

#include "base/json.h"
#include "graph/batch.h"
#include "graph/records.h"

#define MUD_PAGE_ROWS 500

/* Rows found by the id in their first column. All zero is empty. */
struct mud_keyed {
    struct mud_rows *rows;
    struct mud_id_set *index;
};

struct mud_ids {
    const struct mud_id *at;
    size_t n;
};

/* Run query NAME with the array of ids as $1. Zero ids are left out. */
MUD_MUST bool mud_keyed_run(struct mud_keyed *out, struct mud_pg *pg,
                            const char *query, struct mud_ids ids,
                            struct mud_error *err);
/* Row number of id; MUD_NPOS. */
size_t mud_keyed_row(const struct mud_keyed *lookup, struct mud_id id);
/* A column of id's row; empty when there is none. */
struct mud_str mud_keyed_get(const struct mud_keyed *lookup, struct mud_id id,
                             size_t column);
void mud_keyed_free(struct mud_keyed *lookup);

/* A column of ids, to be freed; one longer than it has rows. */
struct mud_id *mud_column_ids(const struct mud_rows *rows, size_t at);

/* Query with ids as $1 and, unless it is NULL, second as $2. */
MUD_MUST bool mud_query_ids(struct mud_rows **out, struct mud_pg *pg,
                            const char *query, struct mud_ids ids,
                            const struct mud_str *second,
                            struct mud_error *err);

/* Where records go. */
struct mud_giving {
    struct mud_pg *pg;
    size_t left; /* how many more; MUD_NPOS: all */
    mud_record_fn *record;
    void *payload;
};

/* One record out; counted. */
static inline bool mud_give(struct mud_giving *giving, struct mud_str json,
                            struct mud_error *err)
{
    if (giving->left != MUD_NPOS)
        giving->left--;
    return giving->record(json, giving->payload, err);
}

/* Where a page begins: behind this key. */
struct mud_key {
    char at[MUD_TIME_TEXT]; /* or "-infinity" */
    char post[MUD_ID_TEXT], content[MUD_ID_TEXT];
    char last[24]; /* state, or number of the offer */
};

void mud_key_first(struct mud_key *key, const struct mud_listing *listing);

/* $1..$7 of post_list and offer_list; texts live in key, source and until. */
struct mud_page_args {
    struct mud_str args[7];
    char source[24], until[MUD_TIME_TEXT], limit[24];
};

void mud_page_args(struct mud_page_args *out, const struct mud_key *key,
                   const struct mud_listing *listing);

/* Names of sources: $1 to name; empty when unknown. */
MUD_MUST bool mud_sources_load(struct mud_rows **out, struct mud_pg *pg,
                               struct mud_error *err);
struct mud_str mud_source_name(const struct mud_rows *sources, int64_t source);

/* How a listing goes by pages. */
struct mud_paging {
    const char *query;              /* post_list or offer_list */
    size_t at, post, content, last; /* columns of the key */
    /* Write the records of one page, until giving has none left. */
    bool (*write)(struct mud_giving *giving, const struct mud_rows *page,
                  const struct mud_rows *sources, bool newest,
                  struct mud_error *err);
};

/* All pages of a listing. That the record function has had enough (false with
 * err unset) is no failure. */
MUD_MUST bool mud_list_pages(const struct mud_paging *paging, struct mud_pg *pg,
                             const struct mud_listing *listing,
                             mud_record_fn *record, void *payload,
                             struct mud_error *err);

/* "text", "title"... for enum mud_field as a column has it; "" for none. */
const char *mud_field_name(int64_t field);

/* Text or null, number or null, time or null. */
void mud_json_text(struct mud_json *json, const char *key, struct mud_str s);
void mud_json_amount(struct mud_json *json, const char *key,
                     const struct mud_rows *rows, size_t row, size_t column);
void mud_json_timed(struct mud_json *json, const char *key,
                    const struct mud_rows *rows, size_t row, size_t column);

/* Write the post records of a page of post_list or post_show. */
MUD_MUST bool mud_posts_write(struct mud_giving *giving,
                              const struct mud_rows *page,
                              const struct mud_rows *sources, bool newest,
                              struct mud_error *err);

/* Records of nodes, given rows of contact_list or entity_show. source: only
 * those with evidence from it, or 0. */
MUD_MUST bool mud_nodes_write(struct mud_giving *giving,
                              const struct mud_rows *page, int32_t source,
                              struct mud_error *err);

#endif
