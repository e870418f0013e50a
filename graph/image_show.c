#include "graph/image_show.h"

#include "base/utf8.h"
#include "graph/pages.h"
#include "graph/picture.h"

#include <stdio.h>
#include <stdlib.h>

#define ALL "10000"

enum { /* columns of image_like */
    IMAGE,
    SHA,
    POST,
    CAPTURE,
    NAME,
    CONTENT,
    DIFFER
};

enum { /* columns of post_show */
    P_SELLER = 5,
    P_SOURCE = 7,
    P_AUTHOR = 10,
    P_AUTHOR_KEY = 11,
    P_POSTED = 12,
    P_CATEGORY = 16,
    P_FIRST_SEEN = 21,
    P_BODY = 24
};

struct asked { /* the image that others are like */
    struct mud_str sha256, format, likeness, inside, codes;
    int64_t width, height;
};

struct showing {
    struct mud_pg *pg;
    mud_record_fn *record;
    void *payload;
    struct mud_rows *hits, *posts, *sources, *says;
    struct mud_buf line;
};

static bool load(struct showing *show, const struct asked *asked, size_t limit,
                 struct mud_error *err)
{
    char most[16], rows[24];
    struct mud_str args[6] = {asked->sha256,
                              asked->likeness.n ? asked->likeness
                                                : MUD_SQL_NULL,
                              asked->inside.n ? asked->inside : MUD_SQL_NULL,
                              asked->codes,
                              {0},
                              MUD_STR(ALL)};

    (void)snprintf(most, sizeof(most), "%u", MUD_LIKE);
    args[4] = mud_str_z(most);
    (void)snprintf(rows, sizeof(rows), "%zu", limit);
    if (limit)
        args[5] = mud_str_z(rows);
    if (!mud_pg_query(
            &show->hits, show->pg, mud_sql("image_like"), args, 6, err))
        return false;
    size_t n = mud_rows_count(show->hits);
    struct mud_id *posts = mud_column_ids(show->hits, POST);
    struct mud_id *contents = mud_column_ids(show->hits, CONTENT);
    bool good = mud_query_ids(&show->posts,
                              show->pg,
                              "post_show",
                              (struct mud_ids){posts, n},
                              NULL,
                              err) &&
                mud_query_ids(&show->says,
                              show->pg,
                              "content_bodies",
                              (struct mud_ids){contents, n},
                              NULL,
                              err) &&
                mud_sources_load(&show->sources, show->pg, err);

    free(posts);
    free(contents);
    return good;
}

/* The newest row of the post: rows are by post and time. */
static size_t post_row(const struct showing *show, struct mud_str id)
{
    size_t at = MUD_NPOS;

    for (size_t i = 0; i < mud_rows_count(show->posts); i++)
        if (mud_str_eq(mud_rows_get(show->posts, i, 1), id))
            at = i;
    return at;
}

static struct mud_str says(const struct showing *show, struct mud_str content)
{
    for (size_t i = 0; i < mud_rows_count(show->says); i++)
        if (mud_str_eq(mud_rows_get(show->says, i, 0), content))
            return mud_rows_get(show->says, i, 1);
    return MUD_STR("");
}

static void post_fields(struct mud_json *json, const struct showing *show,
                        size_t row)
{
    const struct mud_rows *posts = show->posts;
    struct mud_str body = mud_rows_get(posts, row, P_BODY);

    mud_json_text(json,
                  "source",
                  mud_source_name(show->sources,
                                  mud_rows_int(posts, row, P_SOURCE)));
    mud_json_text(json, "author", mud_rows_get(posts, row, P_AUTHOR));
    mud_json_text(json, "author_id", mud_rows_get(posts, row, P_AUTHOR_KEY));
    mud_json_text(json, "seller", mud_rows_get(posts, row, P_SELLER));
    mud_json_timed(json, "posted_at", posts, row, P_POSTED);
    mud_json_timed(json, "first_seen", posts, row, P_FIRST_SEEN);
    mud_json_kz(json,
                "category",
                mud_category_name(
                    (enum mud_category)mud_rows_int(posts, row, P_CATEGORY)));
    mud_json_kstr(json, "text", mud_str_sub(body, 0, mud_utf8_cut(body, 1200)));
}

static bool sighting(struct showing *show, size_t i, struct mud_error *err)
{
    struct mud_json json = {.buf = &show->line};
    const struct mud_rows *hits = show->hits;
    size_t row = post_row(show, mud_rows_get(hits, i, POST));
    int64_t differ = mud_rows_int(hits, i, DIFFER);

    mud_buf_clear(&show->line);
    mud_json_object(&json);
    mud_json_kz(&json, "type", "sighting");
    mud_json_kint(&json, "schema", 1);
    mud_json_kstr(&json, "id", mud_rows_get(hits, i, POST));
    if (row != MUD_NPOS)
        post_fields(&json, show, row);
    mud_json_kstr(&json, "name", mud_rows_get(hits, i, NAME));
    mud_json_kstr(&json, "sha256", mud_rows_get(hits, i, SHA));
    mud_json_kint(&json, "differ", differ);
    mud_json_kdouble(&json, "alike", 1 - (double)differ / 256);
    mud_json_text(&json, "says", says(show, mud_rows_get(hits, i, CONTENT)));
    mud_json_kstr(&json, "capture", mud_rows_get(hits, i, CAPTURE));
    mud_json_object_end(&json);
    return show->record(mud_buf_view(&show->line), show->payload, err);
}

/* How many different strings: lists are those of one answer. */
static int64_t distinct(const struct mud_rows *rows, size_t at)
{
    struct mud_id_set *set = mud_id_set_new();
    bool known;

    for (size_t i = 0; i < mud_rows_count(rows); i++)
        (void)mud_id_set_put(
            set, mud_id_of("one", mud_rows_get(rows, i, at)), i, &known);
    int64_t n = (int64_t)mud_id_set_count(set);
    mud_id_set_free(set);
    return n;
}

static bool give(struct showing *show, const struct asked *asked,
                 struct mud_error *err)
{
    struct mud_json json = {.buf = &show->line};

    mud_json_object(&json);
    mud_json_kz(&json, "type", "picture");
    mud_json_kint(&json, "schema", 1);
    mud_json_kstr(&json, "sha256", asked->sha256);
    mud_json_text(&json, "format", asked->format);
    mud_json_kint(&json, "width", asked->width);
    mud_json_kint(&json, "height", asked->height);
    mud_json_kint(&json, "posts", distinct(show->hits, POST));
    mud_json_kint(&json, "images", distinct(show->hits, SHA));
    mud_json_kint(&json, "authors", distinct(show->posts, P_AUTHOR_KEY));
    mud_json_object_end(&json);
    if (!show->record(mud_buf_view(&show->line), show->payload, err))
        return false;
    for (size_t i = 0; i < mud_rows_count(show->hits); i++)
        if (!sighting(show, i, err))
            return false;
    return true;
}

static bool answer(struct mud_pg *pg, const struct asked *asked, size_t limit,
                   mud_record_fn *record, void *payload, struct mud_error *err)
{
    struct showing show = {.pg = pg, .record = record, .payload = payload};
    struct mud_error why = {0};
    bool good = load(&show, asked, limit, &why) && give(&show, asked, &why);
    mud_rows_free(show.hits);
    mud_rows_free(show.posts);
    mud_rows_free(show.sources);
    mud_rows_free(show.says);
    mud_buf_free(&show.line);
    /* whoever has had enough records says so without an error */
    return good || why.code == MUD_OK ||
           mud_fail(err, why.code, "%s", why.text);
}

bool mud_image_similar(struct mud_pg *pg, const uint8_t sha256[MUD_SHA256],
                       size_t limit, mud_record_fn *record, void *payload,
                       struct mud_error *err)
{
    char hex[MUD_HEX256];
    struct mud_str arg = mud_str_z(mud_hex(hex, sha256, MUD_SHA256));
    struct mud_rows *rows = NULL;
    bool good = mud_pg_query(&rows, pg, mud_sql("image_find"), &arg, 1, err);

    if (good && !mud_rows_count(rows))
        good = mud_fail(
            err, MUD_EMISSING, "no image was read whose SHA-256 is %s", hex);
    if (good) {
        struct asked asked = {.sha256 = arg,
                              .format = mud_rows_get(rows, 0, 1),
                              .width = mud_rows_int(rows, 0, 2),
                              .height = mud_rows_int(rows, 0, 3),
                              .likeness = mud_rows_get(rows, 0, 4),
                              .inside = mud_rows_get(rows, 0, 5),
                              .codes = mud_rows_get(rows, 0, 6)};
        good = answer(pg, &asked, limit, record, payload, err);
    }
    mud_rows_free(rows);
    return good;
}

bool mud_image_similar_to(struct mud_pg *pg, const struct mud_image *image,
                          size_t limit, mud_record_fn *record, void *payload,
                          struct mud_error *err)
{
    char hex[MUD_HEX256], bits[2][4 * MUD_LIKENESS];
    struct mud_buf codes = {0};
    struct asked asked = {
        .sha256 = mud_str_z(mud_hex(hex, image->sha256, MUD_SHA256)),
        .format = mud_str_z(mud_image_format_name(image->format)),
        .width = image->width,
        .height = image->height};

    if (image->has_likeness) {
        asked.likeness = mud_likeness_bits(bits[0], image->likeness);
        asked.inside =
            mud_likeness_bits(bits[1], image->likeness + MUD_LIKENESS / 2);
    }
    mud_image_codes(&codes, image);
    asked.codes = mud_buf_view(&codes);
    bool good = answer(pg, &asked, limit, record, payload, err);
    mud_buf_free(&codes);
    return good;
}
