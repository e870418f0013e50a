/* Post records out of the tables. */
#include "graph/pages.h"
#include "parse/record.h"

#include <stdio.h>
#include <stdlib.h>

enum { /* columns of post_list and post_show */
    CONTENT,
    POST,
    STATE,
    THREAD,
    AUTHOR_NODE,
    SELLER,
    CAPTURE,
    SOURCE,
    KEY,
    POSITION,
    AUTHOR,
    AUTHOR_KEY,
    POSTED,
    PRECISION,
    EDITED,
    SIGNATURE,
    CATEGORY,
    DIRECTION,
    IS_OFFER,
    SURE,
    EXTRA,
    FIRST_SEEN,
    LAST_SEEN,
    LANG,
    BODY,
    AT
};

enum { /* columns of gone_of */
    G_LAST_SEEN = 1,
    G_AT,
    G_CAPTURE,
    G_UNIT,
    G_BECAME
};

enum { /* columns of post_threads */
    T_ENGINE = 1,
    T_SITE,
    T_BOARD,
    T_KEY,
    T_TITLE
};

struct page {
    const struct mud_rows *rows, *sources;
    struct mud_rows *revisions;
    struct mud_keyed threads, signatures, gone;
    struct mud_arena *arena; /* of one record */
    struct mud_buf line;
};

static bool load(struct page *page, struct mud_pg *pg, struct mud_error *err)
{
    size_t n = mud_rows_count(page->rows);
    struct mud_id *posts = mud_column_ids(page->rows, POST);
    struct mud_id *threads = mud_column_ids(page->rows, THREAD);
    struct mud_id *signatures = mud_column_ids(page->rows, SIGNATURE);
    bool done =
        mud_query_ids(&page->revisions,
                      pg,
                      "post_revisions",
                      (struct mud_ids){posts, n},
                      NULL,
                      err) &&
        mud_keyed_run(&page->threads,
                      pg,
                      "post_threads",
                      (struct mud_ids){threads, n},
                      err) &&
        mud_keyed_run(&page->signatures,
                      pg,
                      "content_bodies",
                      (struct mud_ids){signatures, n},
                      err) &&
        mud_keyed_run(
            &page->gone, pg, "gone_of", (struct mud_ids){posts, n}, err);

    free(posts);
    free(threads);
    free(signatures);
    return done;
}

/* The row of post_revisions for row i of the page. */
static size_t revision_of(const struct page *page, size_t i)
{
    const struct mud_rows *rows = page->revisions;

    for (size_t j = 0; j < mud_rows_count(rows); j++)
        if (mud_str_eq(mud_rows_get(rows, j, 1),
                       mud_rows_get(page->rows, i, POST)) &&
            mud_str_eq(mud_rows_get(rows, j, 0),
                       mud_rows_get(page->rows, i, CONTENT)) &&
            mud_rows_int(rows, j, 2) == mud_rows_int(page->rows, i, STATE))
            return j;
    return MUD_NPOS;
}

/* extra holds members of the record; its head makes it one. */
static bool read_extra(struct mud_post *post, struct page *page, size_t i,
                       struct mud_error *err)
{
    struct mud_str extra = mud_rows_get(page->rows, i, EXTRA);
    bool done = false;

    *post = (struct mud_post){0};
    if (extra.n <= 2)
        return true;
    mud_buf_clear(&page->line);
    mud_buf_z(&page->line, "{\"type\":\"post\",");
    mud_buf_str(&page->line, mud_str_sub(extra, 1, extra.n));
    done =
        mud_record_read_post(post, mud_buf_view(&page->line), page->arena, err);
    return done;
}

static void fill(struct mud_post *post, const struct page *page, size_t i)
{
    const struct mud_rows *rows = page->rows;
    struct mud_id thread = mud_rows_id(rows, i, THREAD);
    struct mud_id signature = mud_rows_id(rows, i, SIGNATURE);

    post->engine = mud_keyed_get(&page->threads, thread, T_ENGINE);
    post->site = mud_keyed_get(&page->threads, thread, T_SITE);
    post->board = mud_keyed_get(&page->threads, thread, T_BOARD);
    post->thread = mud_keyed_get(&page->threads, thread, T_KEY);
    post->thread_title = mud_keyed_get(&page->threads, thread, T_TITLE);
    post->post = mud_rows_get(rows, i, KEY);
    post->position = (uint32_t)mud_rows_int(rows, i, POSITION);
    post->author = mud_rows_get(rows, i, AUTHOR);
    post->author_id = mud_rows_get(rows, i, AUTHOR_KEY);
    post->posted = mud_rows_time(rows, i, POSTED);
    post->posted_precision =
        (enum mud_precision)mud_rows_int(rows, i, PRECISION);
    post->edited = mud_rows_time(rows, i, EDITED);
    post->state = (enum mud_post_state)mud_rows_int(rows, i, STATE);
    post->body = mud_rows_get(rows, i, BODY);
    if (!mud_id_zero(signature))
        post->signature = mud_keyed_get(&page->signatures, signature, 1);
}

/* The post is not where it was: how that is known. */
static void add_gone(struct mud_json *json, const struct page *page, size_t i)
{
    const struct mud_rows *gone = page->gone.rows;
    size_t row = mud_keyed_row(&page->gone, mud_rows_id(page->rows, i, POST));

    if (row == MUD_NPOS)
        return;
    mud_json_key(json, "gone");
    mud_json_object(json);
    mud_json_kz(json, "state", "deleted");
    mud_json_kz(json, "how", "missing from a later reading of its place");
    mud_json_kstr(json, "known_by", mud_rows_get(gone, row, G_UNIT));
    mud_json_timed(json, "last_seen", gone, row, G_LAST_SEEN);
    mud_json_timed(json, "at", gone, row, G_AT);
    mud_json_kstr(json, "capture", mud_rows_get(gone, row, G_CAPTURE));
    mud_json_text(json, "became", mud_rows_get(gone, row, G_BECAME));
    mud_json_object_end(json);
}

static void add_ours(struct page *page, size_t i, size_t revision)
{
    const struct mud_rows *rows = page->rows;
    struct mud_json json = {.buf = &page->line, .depth = 1, .comma = 2};

    mud_json_kstr(&json, "id", mud_rows_get(rows, i, POST));
    mud_json_kstr(&json, "content", mud_rows_get(rows, i, CONTENT));
    mud_json_text(&json,
                  "source",
                  mud_source_name(page->sources,
                                  mud_rows_int(rows, i, SOURCE)));
    mud_json_kstr(&json, "lang", mud_rows_get(rows, i, LANG));
    mud_json_kz(
        &json,
        "category",
        mud_category_name((enum mud_category)mud_rows_int(rows, i, CATEGORY)));
    mud_json_kz(&json,
                "direction",
                mud_direction_name(
                    (enum mud_direction)mud_rows_int(rows, i, DIRECTION)));
    mud_json_kbool(&json, "is_offer", mud_rows_bool(rows, i, IS_OFFER));
    mud_json_text(&json, "seller", mud_rows_get(rows, i, SELLER));
    if (revision != MUD_NPOS) {
        mud_json_kint(
            &json, "revisions", mud_rows_int(page->revisions, revision, 4));
        mud_json_kbool(
            &json, "newest", mud_rows_bool(page->revisions, revision, 5));
    }
    mud_json_timed(&json, "first_seen", rows, i, FIRST_SEEN);
    mud_json_timed(&json, "last_seen", rows, i, LAST_SEEN);
    add_gone(&json, page, i);
}

static bool write_one(struct mud_giving *giving, struct page *page, size_t i,
                      bool newest, struct mud_error *err)
{
    struct mud_post post;
    size_t revision = revision_of(page, i);

    if (newest && revision != MUD_NPOS &&
        !mud_rows_bool(page->revisions, revision, 5))
        return true;
    mud_arena_reset(page->arena);
    if (!read_extra(&post, page, i, err))
        return false;
    fill(&post, page, i);
    if (revision != MUD_NPOS)
        post.revision = (uint32_t)mud_rows_int(page->revisions, revision, 3);
    mud_buf_clear(&page->line);
    mud_record_post(&page->line, &post, mud_rows_get(page->rows, i, CAPTURE));
    page->line.n -= 2; /* "}\n" */
    add_ours(page, i, revision);
    mud_buf_c(&page->line, '}');
    return mud_give(giving, mud_buf_view(&page->line), err);
}

bool mud_posts_write(struct mud_giving *giving, const struct mud_rows *rows,
                     const struct mud_rows *sources, bool newest,
                     struct mud_error *err)
{
    struct page page = {.rows = rows, .sources = sources};
    bool go = load(&page, giving->pg, err);

    page.arena = mud_arena_new();
    for (size_t i = 0; go && giving->left && i < mud_rows_count(rows); i++)
        go = write_one(giving, &page, i, newest, err);
    mud_rows_free(page.revisions);
    mud_keyed_free(&page.threads);
    mud_keyed_free(&page.signatures);
    mud_keyed_free(&page.gone);
    mud_buf_free(&page.line);
    mud_arena_free(page.arena);
    return go;
}

bool mud_list_posts(struct mud_pg *pg, const struct mud_listing *listing,
                    mud_record_fn *record, void *payload, struct mud_error *err)
{
    static const struct mud_paging paging = {
        "post_list", AT, POST, CONTENT, STATE, mud_posts_write};

    return mud_list_pages(&paging, pg, listing, record, payload, err);
}
