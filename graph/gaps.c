#include "graph/gaps.h"

#include "base/json.h"

#include <stdio.h>

#define MOST 10000

struct listing {
    struct mud_pg *pg;
    struct mud_str args[2]; /* source, how many */
    mud_record_fn *record;
    void *payload;
    struct mud_error *err;
};

typedef void write_fn(struct mud_json *json, const struct mud_rows *rows,
                      size_t i);

static void head(struct mud_json *json, const char *type)
{
    mud_json_object(json);
    mud_json_kz(json, "type", type);
    mud_json_kint(json, "schema", 1);
}

static void count(struct mud_json *json, const char *key,
                  const struct mud_rows *rows, size_t i, size_t column)
{
    if (mud_rows_null(rows, i, column))
        mud_json_knull(json, key);
    else
        mud_json_kint(json, key, mud_rows_int(rows, i, column));
}

static void text(struct mud_json *json, const char *key,
                 const struct mud_rows *rows, size_t i, size_t column)
{
    if (mud_rows_null(rows, i, column))
        mud_json_knull(json, key);
    else
        mud_json_kstr(json, key, mud_rows_get(rows, i, column));
}

static void write_board(struct mud_json *json, const struct mud_rows *rows,
                        size_t i)
{
    head(json, "gap_board");
    text(json, "board", rows, i, 0);
    count(json, "threads", rows, i, 1);
    count(json, "shown", rows, i, 2);
    count(json, "held", rows, i, 3);
    count(json, "missing", rows, i, 4);
    count(json, "pages_unread", rows, i, 5);
    count(json, "failed", rows, i, 6);
    mud_json_object_end(json);
}

static void write_thread(struct mud_json *json, const struct mud_rows *rows,
                         size_t i)
{
    head(json, "gap");
    text(json, "thread", rows, i, 0);
    text(json, "board", rows, i, 1);
    text(json, "title", rows, i, 2);
    count(json, "shown", rows, i, 3);
    count(json, "held", rows, i, 4);
    count(json, "gone", rows, i, 5);
    count(json, "missing", rows, i, 6);
    count(json, "pages", rows, i, 7);
    if (!mud_rows_null(rows, i, 8)) {
        mud_json_key(json, "unread");
        mud_json_raw(json, mud_rows_get(rows, i, 8));
    }
    count(json, "pages_unread", rows, i, 9);
    count(json, "failed", rows, i, 10);
    text(json, "outcome", rows, i, 11);
    text(json, "url", rows, i, 12);
    mud_json_ktime(json, "since", mud_rows_time(rows, i, 13));
    mud_json_object_end(json);
}

static void write_stretch(struct mud_json *json, const struct mud_rows *rows,
                          size_t i)
{
    int64_t from = mud_rows_int(rows, i, 3), to = mud_rows_int(rows, i, 4);
    bool ids = mud_str_eqz(mud_rows_get(rows, i, 2), "id");

    head(json, "gap_stretch");
    text(json, "group", rows, i, 0);
    text(json, "title", rows, i, 1);
    text(json, "unit", rows, i, 2);
    if (ids) {
        mud_json_kint(json, "from", from);
        mud_json_kint(json, "to", to);
    } else {
        mud_json_ktime(json, "from", from);
        mud_json_ktime(json, "to", to);
    }
    if (ids && mud_rows_bool(rows, i, 5))
        mud_json_kint(json, "ids", to - from + 1);
    else
        mud_json_knull(json, "ids");
    mud_json_ktime(json, "since", mud_rows_time(rows, i, 6));
    mud_json_object_end(json);
}

static void write_replies(struct mud_json *json, const struct mud_rows *rows,
                          size_t i)
{
    head(json, "gap_replies");
    text(json, "group", rows, i, 0);
    text(json, "title", rows, i, 1);
    count(json, "messages", rows, i, 2);
    text(json, "example", rows, i, 3);
    mud_json_ktime(json, "since", mud_rows_time(rows, i, 4));
    mud_json_object_end(json);
}

static bool list(const struct listing *l, const char *query, write_fn *write)
{
    struct mud_rows *rows = NULL;
    struct mud_buf line = {0};
    bool good = mud_pg_query(&rows, l->pg, mud_sql(query), l->args, 2, l->err);

    for (size_t i = 0; good && i < mud_rows_count(rows); i++) {
        struct mud_json json = {.buf = &line};

        mud_buf_clear(&line);
        write(&json, rows, i);
        good = l->record(mud_buf_view(&line), l->payload, l->err);
    }
    mud_rows_free(rows);
    mud_buf_free(&line);
    return good;
}

bool mud_list_gaps(struct mud_pg *pg, int32_t source, size_t limit,
                   mud_record_fn *record, void *payload, struct mud_error *err)
{
    char id[16], most[24];
    struct listing l = {
        .pg = pg, .record = record, .payload = payload, .err = err};

    snprintf(id, sizeof(id), "%d", (int)source);
    snprintf(most, sizeof(most), "%zu", limit && limit < MOST ? limit : MOST);
    l.args[0] = mud_str_z(id);
    l.args[1] = mud_str_z(most);
    return list(&l, "gaps_boards", write_board) &&
           list(&l, "gaps_threads", write_thread) &&
           list(&l, "gaps_groups", write_stretch) &&
           list(&l, "gaps_replies", write_replies);
}

bool mud_gaps_sum(struct mud_gaps *out, struct mud_pg *pg, int32_t source,
                  struct mud_error *err)
{
    struct mud_rows *sum = NULL, *groups = NULL, *replies = NULL;
    char id[16];
    struct mud_str args[] = {{0}, MUD_STR("10000")};
    bool good;

    snprintf(id, sizeof(id), "%d", (int)source);
    args[0] = mud_str_z(id);
    good = mud_pg_query(&sum, pg, mud_sql("gaps_sum"), args, 1, err) &&
           mud_pg_query(&groups, pg, mud_sql("gaps_groups"), args, 2, err) &&
           mud_pg_query(&replies, pg, mud_sql("gaps_replies"), args, 2, err);
    if (good) {
        *out = (struct mud_gaps){
            .threads = mud_rows_int(sum, 0, 0),
            .posts = mud_rows_int(sum, 0, 1),
            .pages = mud_rows_int(sum, 0, 2),
            .failed = mud_rows_int(sum, 0, 3),
            .stretches = (int64_t)mud_rows_count(groups),
        };
        for (size_t i = 0; i < mud_rows_count(replies); i++)
            out->replies += mud_rows_int(replies, i, 2);
    }
    mud_rows_free(sum);
    mud_rows_free(groups);
    mud_rows_free(replies);
    return good;
}
