/* What was posted like a text. */
#include "graph/bytes.h"
#include "graph/pages.h"
#include "graph/similar.h"
#include "nlp/sketch.h"

#include <stdio.h>

enum { /* columns of similar_posts */
    POST,
    CONTENT,
    SOURCE,
    THREAD,
    AUTHOR,
    AUTHOR_KEY,
    SELLER,
    POSTED,
    FIRST_SEEN,
    LAST_SEEN,
    CAPTURE = 11,
    SKETCH,
    BODY,
    AT
};

struct asked { /* the text that others are compared with */
    struct mud_giving giving;
    char content[MUD_ID_TEXT], template[MUD_ID_TEXT];
    bool alone; /* no template */
    struct mud_sketch sketch;
    struct mud_rows *values; /* of its content */
    struct mud_bytes bytes;
};

static bool sketch_of(struct mud_sketch *out, struct asked *asked,
                      struct mud_str hex)
{
    struct mud_str bytes;

    out->n = 0;
    return !hex.n || (mud_bytes_of(&asked->bytes, &bytes, hex) &&
                      mud_sketch_read(out, bytes));
}

static bool values_of(struct mud_rows **out, struct asked *asked,
                      const struct mud_id *ids, size_t n, struct mud_error *err)
{
    return mud_query_ids(out,
                         asked->giving.pg,
                         "similar_values",
                         (struct mud_ids){ids, n},
                         NULL,
                         err);
}

static bool find(struct asked *asked, struct mud_id id, struct mud_error *err)
{
    char text[MUD_ID_TEXT];
    struct mud_str arg = mud_str_z(mud_id_text(text, id));
    struct mud_rows *rows = NULL;
    struct mud_id content;
    bool good = false;

    if (!mud_pg_query(
            &rows, asked->giving.pg, mud_sql("similar_find"), &arg, 1, err))
        return false;
    if (mud_rows_count(rows)) {
        content = mud_rows_id(rows, 0, 0);
        mud_id_text(asked->content, content);
        asked->alone = mud_rows_null(rows, 0, 1);
        if (!asked->alone)
            mud_id_text(asked->template, mud_rows_id(rows, 0, 1));
        good = (sketch_of(&asked->sketch, asked, mud_rows_get(rows, 0, 2)) ||
                mud_fail(err,
                         MUD_ECORRUPT,
                         "the sketch of %s is broken",
                         asked->content)) &&
               values_of(&asked->values, asked, &content, 1, err);
    } else {
        mud_fail(err, MUD_EMISSING, "no text has the id %s", text);
    }
    mud_rows_free(rows);
    return good;
}

#define ARGS 6

/* $1 the content, $2 the template; more behind them from n_args on. */
static bool query(struct mud_rows **out, const struct asked *asked,
                  const char *name, struct mud_str args[ARGS], size_t n_args,
                  struct mud_error *err)
{
    args[0] = mud_str_z(asked->content);
    args[1] = asked->alone ? MUD_SQL_NULL : mud_str_z(asked->template);
    return mud_pg_query(
        out, asked->giving.pg, mud_sql(name), args, n_args, err);
}

/* ---- the sum ---- */

static void poster(struct mud_json *json, const struct mud_rows *rows, size_t i)
{
    mud_json_object(json);
    mud_json_kstr(json, "source", mud_rows_get(rows, i, 0));
    mud_json_text(json, "author", mud_rows_get(rows, i, 1));
    mud_json_text(json, "author_id", mud_rows_get(rows, i, 2));
    mud_json_kint(json, "posts", mud_rows_int(rows, i, 3));
    mud_json_kint(json, "contents", mud_rows_int(rows, i, 4));
    mud_json_timed(json, "first_seen", rows, i, 5);
    mud_json_timed(json, "last_seen", rows, i, 6);
    mud_json_object_end(json);
}

static bool give_sum(struct asked *asked, struct mud_error *err)
{
    char most[24];
    struct mud_str args[ARGS];
    struct mud_rows *sum = NULL, *authors = NULL;
    struct mud_buf line = {0};
    struct mud_json json = {.buf = &line};
    bool good = false;

    snprintf(most, sizeof(most), "%d", MUD_SIMILAR_AUTHORS);
    args[2] = mud_str_z(most);
    good = query(&sum, asked, "similar_sum", args, 2, err) &&
           query(&authors, asked, "similar_authors", args, 3, err);

    if (good) {
        mud_json_object(&json);
        mud_json_kz(&json, "type", "similar");
        mud_json_kint(&json, "schema", 1);
        mud_json_kz(&json, "template", asked->alone ? NULL : asked->template);
        mud_json_kz(&json, "content", asked->content);
        mud_json_kint(&json, "posts", mud_rows_int(sum, 0, 0));
        mud_json_kint(&json, "contents", mud_rows_int(sum, 0, 1));
        mud_json_kint(&json, "authors", mud_rows_int(sum, 0, 2));
        mud_json_timed(&json, "first_seen", sum, 0, 3);
        mud_json_timed(&json, "last_seen", sum, 0, 4);
        mud_json_key(&json, "posters");
        mud_json_array(&json);
        for (size_t i = 0; i < mud_rows_count(authors); i++)
            poster(&json, authors, i);
        mud_json_array_end(&json);
        mud_json_object_end(&json);
        good = asked->giving.record(
            mud_buf_view(&line), asked->giving.payload, err);
    }
    mud_rows_free(sum);
    mud_rows_free(authors);
    mud_buf_free(&line);
    return good;
}

/* ---- the posts ---- */

static bool same_value(const struct mud_rows *a, size_t i,
                       const struct mud_rows *b, size_t j)
{
    for (size_t column = 1; column <= 7; column++)
        if (!mud_str_eq(mud_rows_get(a, i, column), mud_rows_get(b, j, column)))
            return false;
    return true;
}

static void value(struct mud_json *json, const struct mud_rows *rows, size_t i)
{
    int64_t type = mud_rows_int(rows, i, 1);

    mud_json_object(json);
    mud_json_kz(json, "what", mud_entity_type_name((enum mud_entity_type)type));
    if (type == MUD_ENT_CONTACT) {
        mud_json_text(json, "kind", mud_rows_get(rows, i, 2));
        mud_json_text(json, "value", mud_rows_get(rows, i, 3));
    } else {
        mud_json_amount(json, "min", rows, i, 4);
        mud_json_amount(json, "max", rows, i, 5);
        mud_json_text(json, "unit", mud_rows_get(rows, i, 6));
        mud_json_text(json, "currency", mud_rows_get(rows, i, 7));
    }
    mud_json_object_end(json);
}

struct part { /* rows first..end of values belong to one content */
    const struct mud_rows *rows;
    size_t first, end;
};

/* What a has and b has not. Lists are those of one message: short. */
static void differences(struct mud_json *json, const char *key, struct part a,
                        struct part b)
{
    mud_json_key(json, key);
    mud_json_array(json);
    for (size_t i = a.first; i < a.end; i++) {
        bool there = false;

        for (size_t j = b.first; j < b.end && !there; j++)
            there = same_value(a.rows, i, b.rows, j);
        if (!there)
            value(json, a.rows, i);
    }
    mud_json_array_end(json);
}

#define VALUES_MAX 256 /* of a content that are compared */

static struct part part_of(const struct mud_rows *rows, struct mud_str content)
{
    size_t n = mud_rows_count(rows), low = 0, high = n;
    struct part part = {.rows = rows};

    while (low < high) { /* rows are by content */
        size_t middle = (low + high) / 2;

        if (mud_str_cmp(mud_rows_get(rows, middle, 0), content) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    part.first = part.end = low;
    while (part.end < n && part.end - part.first < VALUES_MAX &&
           mud_str_eq(mud_rows_get(rows, part.end, 0), content))
        part.end++;
    return part;
}

static void repost(struct mud_json *json, struct asked *asked,
                   const struct mud_rows *rows, size_t i,
                   const struct mud_rows *values)
{
    struct part mine = part_of(asked->values, mud_str_z(asked->content));
    struct part other = part_of(values, mud_rows_get(rows, i, CONTENT));
    struct mud_sketch sketch;
    int alike = 1000;

    if (!mud_str_eqz(mud_rows_get(rows, i, CONTENT), asked->content))
        alike = sketch_of(&sketch, asked, mud_rows_get(rows, i, SKETCH))
                    ? mud_sketch_alike(&asked->sketch, &sketch)
                    : 0;
    mud_json_object(json);
    mud_json_kz(json, "type", "repost");
    mud_json_kint(json, "schema", 1);
    mud_json_kstr(json, "id", mud_rows_get(rows, i, POST));
    mud_json_kstr(json, "content", mud_rows_get(rows, i, CONTENT));
    mud_json_kstr(json, "source", mud_rows_get(rows, i, SOURCE));
    mud_json_kstr(json, "thread", mud_rows_get(rows, i, THREAD));
    mud_json_text(json, "author", mud_rows_get(rows, i, AUTHOR));
    mud_json_text(json, "author_id", mud_rows_get(rows, i, AUTHOR_KEY));
    mud_json_text(json, "seller", mud_rows_get(rows, i, SELLER));
    mud_json_timed(json, "posted_at", rows, i, POSTED);
    mud_json_timed(json, "first_seen", rows, i, FIRST_SEEN);
    mud_json_timed(json, "last_seen", rows, i, LAST_SEEN);
    mud_json_kdouble(json, "alike", (double)alike / 1000);
    differences(json, "added", other, mine);
    differences(json, "gone", mine, other);
    mud_json_kstr(json, "text", mud_rows_get(rows, i, BODY));
    mud_json_kstr(json, "capture", mud_rows_get(rows, i, CAPTURE));
    mud_json_object_end(json);
}

static bool give_page(struct asked *asked, const struct mud_rows *rows,
                      struct mud_error *err)
{
    struct mud_id ids[MUD_PAGE_ROWS];
    size_t n = mud_rows_count(rows);
    struct mud_rows *values = NULL;
    struct mud_buf line = {0};
    bool good;

    for (size_t i = 0; i < n; i++)
        ids[i] = mud_rows_id(rows, i, CONTENT);
    good = values_of(&values, asked, ids, n, err);
    for (size_t i = 0; good && i < n; i++) {
        struct mud_json json = {.buf = &line};

        mud_buf_clear(&line);
        repost(&json, asked, rows, i, values);
        good = mud_give(&asked->giving, mud_buf_view(&line), err);
    }
    mud_rows_free(values);
    mud_buf_free(&line);
    return good;
}

/* All pages, or as much as is wanted. */
static bool give_posts(struct asked *asked, struct mud_error *err)
{
    struct mud_key key = {.at = "-infinity"};
    bool good = true, more = true;

    mud_id_text(key.post, (struct mud_id){0});
    mud_id_text(key.content, (struct mud_id){0});
    while (good && more && asked->giving.left) {
        size_t want = asked->giving.left < MUD_PAGE_ROWS ? asked->giving.left
                                                         : MUD_PAGE_ROWS;
        char limit[24];
        struct mud_str args[ARGS];
        struct mud_rows *rows = NULL;
        size_t n = 0;

        snprintf(limit, sizeof(limit), "%zu", want);
        args[2] = mud_str_z(limit);
        args[3] = mud_str_z(key.at);
        args[4] = mud_str_z(key.post);
        args[5] = mud_str_z(key.content);
        good = query(&rows, asked, "similar_posts", args, ARGS, err) &&
               give_page(asked, rows, err);
        if (good)
            n = mud_rows_count(rows);
        more = n == want;
        if (n) {
            mud_time_text(key.at, mud_rows_time(rows, n - 1, AT), true);
            mud_id_text(key.post, mud_rows_id(rows, n - 1, POST));
            mud_id_text(key.content, mud_rows_id(rows, n - 1, CONTENT));
        }
        mud_rows_free(rows);
    }
    return good;
}

bool mud_similar(struct mud_pg *pg, struct mud_id id, size_t limit,
                 mud_record_fn *record, void *payload, struct mud_error *err)
{
    struct asked asked = {.giving = {.pg = pg,
                                     .left = limit ? limit : MUD_NPOS,
                                     .record = record,
                                     .payload = payload}};
    struct mud_error why = {0};
    bool good = find(&asked, id, &why) && give_sum(&asked, &why) &&
                give_posts(&asked, &why);

    mud_rows_free(asked.values);
    mud_bytes_free(&asked.bytes);
    /* Without a reason it was the caller who had enough. */
    return good || why.code == MUD_OK ||
           mud_fail(err, why.code, "%s", why.text);
}
