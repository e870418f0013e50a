#include "graph/pages.h"

#include "graph/idlist.h"

#include <stdio.h>
#include <stdlib.h>

struct mud_id *mud_column_ids(const struct mud_rows *rows, size_t at)
{
    size_t n = mud_rows_count(rows);
    struct mud_id *ids = mud_calloc(n + 1, sizeof(*ids));

    for (size_t i = 0; i < n; i++)
        ids[i] = mud_rows_id(rows, i, at);
    return ids;
}

bool mud_query_ids(struct mud_rows **out, struct mud_pg *pg, const char *query,
                   struct mud_ids ids, const struct mud_str *second,
                   struct mud_error *err)
{
    struct mud_buf list = {0};
    struct mud_str args[2] = {{0}};
    bool done = false;

    mud_idlist(&list, ids.at, ids.n);
    args[0] = mud_buf_view(&list);
    if (second)
        args[1] = *second;
    done = mud_pg_query(out, pg, mud_sql(query), args, second ? 2 : 1, err);
    mud_buf_free(&list);
    return done;
}

bool mud_keyed_run(struct mud_keyed *out, struct mud_pg *pg, const char *query,
                   struct mud_ids ids, struct mud_error *err)
{
    struct mud_id *wanted = mud_calloc(ids.n + 1, sizeof(*wanted));
    struct mud_ids list = {wanted, 0};
    bool known = false, done = false;

    out->index = mud_id_set_new();
    for (size_t i = 0; i < ids.n; i++) {
        if (mud_id_zero(ids.at[i]))
            continue;
        mud_id_set_put(out->index, ids.at[i], MUD_NPOS, &known);
        if (!known)
            wanted[list.n++] = ids.at[i];
    }
    done = !list.n || mud_query_ids(&out->rows, pg, query, list, NULL, err);
    free(wanted);
    for (size_t i = 0; done && out->rows && i < mud_rows_count(out->rows); i++)
        mud_id_set_change(out->index, mud_rows_id(out->rows, i, 0), i);
    return done;
}

size_t mud_keyed_row(const struct mud_keyed *lookup, struct mud_id id)
{
    size_t row = MUD_NPOS;

    return lookup->index && mud_id_set_get(lookup->index, id, &row) ? row
                                                                    : MUD_NPOS;
}

struct mud_str mud_keyed_get(const struct mud_keyed *lookup, struct mud_id id,
                             size_t column)
{
    size_t row = mud_keyed_row(lookup, id);

    return row == MUD_NPOS ? MUD_STR("")
                           : mud_rows_get(lookup->rows, row, column);
}

void mud_keyed_free(struct mud_keyed *lookup)
{
    mud_rows_free(lookup->rows);
    mud_id_set_free(lookup->index);
    *lookup = (struct mud_keyed){0};
}

static void copy(char *to, size_t size, struct mud_str s)
{
    snprintf(to, size, "%.*s", MUD_FMT(s));
}

void mud_key_first(struct mud_key *key, const struct mud_listing *listing)
{
    static const char nil[] = "00000000-0000-0000-0000-000000000000";

    copy(key->at, sizeof(key->at), MUD_STR("-infinity"));
    if (listing->since)
        mud_time_text(key->at, listing->since, true);
    copy(key->post, sizeof(key->post), mud_str_z(nil));
    copy(key->content, sizeof(key->content), mud_str_z(nil));
    copy(key->last, sizeof(key->last), MUD_STR("-1"));
}

void mud_page_args(struct mud_page_args *out, const struct mud_key *key,
                   const struct mud_listing *listing)
{
    size_t rows = MUD_PAGE_ROWS;

    *out = (struct mud_page_args){0};
    if (listing->limit && listing->limit < rows && !listing->newest)
        rows = listing->limit;
    snprintf(out->source, sizeof(out->source), "%d", listing->source);
    snprintf(out->limit, sizeof(out->limit), "%zu", rows);
    out->args[0] = mud_str_z(key->at);
    out->args[1] = mud_str_z(key->post);
    out->args[2] = mud_str_z(key->content);
    out->args[3] = mud_str_z(key->last);
    if (listing->source)
        out->args[4] = mud_str_z(out->source);
    if (listing->until)
        out->args[5] =
            mud_str_z(mud_time_text(out->until, listing->until, true));
    out->args[6] = mud_str_z(out->limit);
}

bool mud_sources_load(struct mud_rows **out, struct mud_pg *pg,
                      struct mud_error *err)
{
    return mud_pg_query(out, pg, mud_sql("post_sources"), NULL, 0, err);
}

struct mud_str mud_source_name(const struct mud_rows *sources, int64_t source)
{
    for (size_t i = 0; i < mud_rows_count(sources); i++)
        if (mud_rows_int(sources, i, 0) == source)
            return mud_rows_get(sources, i, 1);
    return MUD_STR("");
}

void mud_json_text(struct mud_json *json, const char *key, struct mud_str s)
{
    if (s.n)
        mud_json_kstr(json, key, s);
    else
        mud_json_knull(json, key);
}

void mud_json_amount(struct mud_json *json, const char *key,
                     const struct mud_rows *rows, size_t row, size_t column)
{
    if (mud_rows_null(rows, row, column))
        mud_json_knull(json, key);
    else
        mud_json_kdouble(json, key, mud_rows_double(rows, row, column));
}

void mud_json_timed(struct mud_json *json, const char *key,
                    const struct mud_rows *rows, size_t row, size_t column)
{
    mud_json_ktime(json, key, mud_rows_time(rows, row, column));
}

static void key_of(struct mud_key *key, const struct mud_paging *paging,
                   const struct mud_rows *rows, size_t i)
{
    copy(key->at, sizeof(key->at), mud_rows_get(rows, i, paging->at));
    copy(key->post, sizeof(key->post), mud_rows_get(rows, i, paging->post));
    copy(key->content,
         sizeof(key->content),
         mud_rows_get(rows, i, paging->content));
    copy(key->last, sizeof(key->last), mud_rows_get(rows, i, paging->last));
}

bool mud_list_pages(const struct mud_paging *paging, struct mud_pg *pg,
                    const struct mud_listing *listing, mud_record_fn *record,
                    void *payload, struct mud_error *err)
{
    struct mud_rows *sources = NULL;
    struct mud_key key;
    struct mud_error why = {0};
    struct mud_giving giving = {
        pg, listing->limit ? listing->limit : MUD_NPOS, record, payload};
    bool go = mud_sources_load(&sources, pg, &why), more = true;

    mud_key_first(&key, listing);
    while (go && more && giving.left) {
        struct mud_page_args args;
        struct mud_rows *rows = NULL;

        mud_page_args(&args, &key, listing);
        go =
            mud_pg_query(&rows, pg, mud_sql(paging->query), args.args, 7, &why);
        if (!go)
            break;
        more = mud_rows_count(rows) > 0;
        if (more) {
            key_of(&key, paging, rows, mud_rows_count(rows) - 1);
            go = paging->write(&giving, rows, sources, listing->newest, &why);
        }
        mud_rows_free(rows);
    }
    mud_rows_free(sources);
    return go || why.code == MUD_OK || mud_fail(err, why.code, "%s", why.text);
}

const char *mud_field_name(int64_t field)
{
    static const char *const names[] = {"text",
                                        "title",
                                        "signature",
                                        "links",
                                        "buttons",
                                        "author",
                                        "attachments"};

    return field >= 0 && field < (int64_t)(sizeof names / sizeof *names)
               ? names[field]
               : "";
}
