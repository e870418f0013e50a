#include "graph/history.h"

#include "graph/pages.h"

#include <stdio.h>
#include <stdlib.h>

enum { /* columns of history_post */
    POST,
    CONTENT,
    STATE,
    CAPTURE,
    AUTHOR,
    POSTED,
    EDITED,
    FIRST,
    LAST,
    CATEGORY,
    OFFER,
    BODY,
    POSITION
};

static const char *const states[] = {"shown",
                                     "blocked",
                                     "deleted",
                                     "login",
                                     "empty"};

struct then {
    struct mud_pg *pg;
    int64_t as_of;
    char at[MUD_TIME_TEXT];
    struct mud_rows *rows;
    struct mud_keyed gone;
    mud_record_fn *record;
    void *payload;
};

static bool load(struct then *then, struct mud_ids ids, struct mud_error *err)
{
    struct mud_str at = MUD_SQL_NULL;

    if (then->as_of)
        at = mud_str_z(mud_time_text(then->at, then->as_of, true));
    return mud_query_ids(&then->rows, then->pg, "history_post", ids, &at, err);
}

/* Posts that were no longer there then. */
static bool load_gone(struct then *then, struct mud_ids ids,
                      struct mud_error *err)
{
    struct mud_str at = mud_str_z(then->at);
    bool known = false;

    if (!then->as_of)
        return true;
    if (!mud_query_ids(
            &then->gone.rows, then->pg, "history_gone", ids, &at, err))
        return false;
    then->gone.index = mud_id_set_new();
    for (size_t i = 0; i < mud_rows_count(then->gone.rows); i++)
        mud_id_set_put(
            then->gone.index, mud_rows_id(then->gone.rows, i, 0), i, &known);
    return true;
}

/* Row i, revision n of its post; before: the row of the one before, or NPOS. */
static bool give(struct then *then, size_t i, size_t n, size_t before,
                 struct mud_error *err)
{
    const struct mud_rows *rows = then->rows;
    struct mud_arena *arena = mud_arena_new();
    struct mud_buf buf = {0};
    struct mud_json json = {.buf = &buf};
    size_t gone = mud_keyed_row(&then->gone, mud_rows_id(rows, i, POST));
    int64_t state = mud_rows_int(rows, i, STATE);
    bool go = false;

    mud_json_object(&json);
    mud_json_kz(&json, "type", "revision");
    mud_json_kint(&json, "schema", 1);
    mud_json_kstr(&json, "post", mud_rows_get(rows, i, POST));
    mud_json_kint(&json, "revision", (int64_t)n);
    mud_json_kstr(&json, "content", mud_rows_get(rows, i, CONTENT));
    mud_json_kz(
        &json, "state", state >= 0 && state < 5 ? states[state] : "shown");
    mud_json_text(&json, "author", mud_rows_get(rows, i, AUTHOR));
    mud_json_timed(&json, "posted_at", rows, i, POSTED);
    mud_json_timed(&json, "edited_at", rows, i, EDITED);
    mud_json_timed(&json, "first_seen", rows, i, FIRST);
    mud_json_timed(&json, "last_seen", rows, i, LAST);
    mud_json_kstr(&json, "capture", mud_rows_get(rows, i, CAPTURE));
    mud_json_kz(
        &json,
        "category",
        mud_category_name((enum mud_category)mud_rows_int(rows, i, CATEGORY)));
    mud_json_kbool(&json, "is_offer", mud_rows_bool(rows, i, OFFER));
    mud_json_kstr(&json, "text", mud_rows_get(rows, i, BODY));
    mud_json_key(&json, "diff");
    if (before == MUD_NPOS)
        mud_json_null(&json);
    else
        mud_diff_write(&json,
                       mud_rows_get(rows, before, BODY),
                       mud_rows_get(rows, i, BODY),
                       arena);
    if (gone != MUD_NPOS)
        mud_json_timed(&json, "gone_at", then->gone.rows, gone, 1);
    mud_json_object_end(&json);
    go = then->record(mud_buf_view(&buf), then->payload, err);
    mud_buf_free(&buf);
    mud_arena_free(arena);
    return go;
}

/* The rows of one post from i on, until *end: all, or the last. */
static bool give_post(struct then *then, size_t i, size_t *end,
                      struct mud_error *err)
{
    struct mud_id post = mud_rows_id(then->rows, i, POST);
    size_t n = 0;
    bool go = true;

    for (*end = i; *end < mud_rows_count(then->rows) &&
                   mud_id_eq(mud_rows_id(then->rows, *end, POST), post);)
        ++*end;
    for (n = i; go && n < *end; n++)
        if (!then->as_of || n + 1 == *end)
            go = give(then, n, n - i, n > i ? n - 1 : MUD_NPOS, err);
    return go;
}

static void then_free(struct then *then)
{
    mud_rows_free(then->rows);
    mud_keyed_free(&then->gone);
}

bool mud_history(struct mud_pg *pg, struct mud_id post, int64_t as_of,
                 mud_record_fn *record, void *payload, struct mud_error *err)
{
    struct then then = {
        .pg = pg, .as_of = as_of, .record = record, .payload = payload};
    struct mud_ids ids = {&post, 1};
    char text[MUD_ID_TEXT];
    size_t end = 0;
    bool good = load(&then, ids, err) && load_gone(&then, ids, err);

    if (good && !mud_rows_count(then.rows))
        good = mud_fail(err,
                        MUD_EMISSING,
                        as_of ? "post %s was not seen until then"
                              : "there is no post %s",
                        mud_id_text(text, post));
    good =
        good && (give_post(&then, 0, &end, err) || !err || err->code == MUD_OK);
    then_free(&then);
    return good;
}

/* ---- pages ---- */

struct page {
    struct then then;
    struct mud_str url;
    int32_t source;
    char number[24];
    struct mud_str name; /* of the source */
    struct mud_rows *sources, *where, *captures, *threads, *posts;
};

static bool find_page(struct page *page, struct mud_error *err)
{
    char id[MUD_ID_TEXT];
    struct mud_buf list = {0};
    struct mud_str args[3] = {page->url, {0}, {0}};
    bool good = mud_sources_load(&page->sources, page->then.pg, err);

    for (size_t i = 0; i < mud_rows_count(page->sources); i++)
        mud_buf_printf(&list,
                       "%s%lld",
                       i ? "," : "{",
                       (long long)mud_rows_int(page->sources, i, 0));
    mud_buf_z(&list, list.n ? "}" : "{}");
    args[1] = mud_str_z(mud_id_text(id, mud_id_of("page", page->url)));
    args[2] = mud_buf_view(&list);
    good =
        good &&
        mud_pg_query(
            &page->where, page->then.pg, mud_sql("history_page"), args, 3, err);
    mud_buf_free(&list);
    if (good && !mud_rows_count(page->where))
        return mud_fail(err,
                        MUD_EMISSING,
                        "no source has fetched %.*s: give it as it is in "
                        "mudlark posts (page_url)",
                        (int)(page->url.n < 200 ? page->url.n : 200),
                        page->url.s);
    if (good) {
        page->source = (int32_t)mud_rows_int(page->where, 0, 0);
        page->name = mud_source_name(page->sources, page->source);
        snprintf(page->number, sizeof(page->number), "%d", page->source);
    }
    return good;
}

static bool find_capture(struct page *page, struct mud_error *err)
{
    struct mud_str args[3] = {mud_str_z(page->number), page->url, {0}};

    args[2] = mud_str_z(mud_time_text(page->then.at, page->then.as_of, true));
    if (!mud_pg_query(&page->captures,
                      page->then.pg,
                      mud_sql("history_capture"),
                      args,
                      3,
                      err))
        return false;
    if (mud_rows_count(page->captures) && mud_rows_bool(page->captures, 0, 2))
        return true;
    return mud_fail(err,
                    MUD_EMISSING,
                    "%.*s was not captured until then%s%.*s",
                    (int)(page->url.n < 200 ? page->url.n : 200),
                    page->url.s,
                    mud_rows_count(page->captures) ? ": first at " : "",
                    MUD_FMT(mud_rows_get(page->captures, 0, 1)));
}

static bool find_posts(struct page *page, struct mud_error *err)
{
    struct mud_str args[3] = {
        mud_str_z(page->number), mud_rows_get(page->where, 0, 1), {0}};

    if (!args[1].n)
        args[1] = MUD_STR("");
    if (!mud_pg_query(&page->threads,
                      page->then.pg,
                      mud_sql("history_thread"),
                      args,
                      2,
                      err))
        return false;
    if (!mud_rows_count(page->threads))
        return true; /* a listing: it has no posts of its own */
    args[0] = mud_rows_get(page->threads, 0, 0);
    args[1] = page->url;
    args[2] = mud_str_z(page->then.at);
    return mud_pg_query(
        &page->posts, page->then.pg, mud_sql("history_posts"), args, 3, err);
}

static bool give_head(const struct page *page, struct mud_error *err)
{
    struct mud_buf buf = {0};
    struct mud_json json = {.buf = &buf};
    bool next = mud_rows_count(page->captures) > 1, go = false;

    mud_json_object(&json);
    mud_json_kz(&json, "type", "page_then");
    mud_json_kint(&json, "schema", 1);
    mud_json_kstr(&json, "url", page->url);
    mud_json_kstr(&json, "source", page->name);
    mud_json_ktime(&json, "as_of", page->then.as_of);
    mud_json_kstr(&json, "capture", mud_rows_get(page->captures, 0, 0));
    mud_json_timed(&json, "captured_at", page->captures, 0, 1);
    mud_json_key(&json, "next");
    if (next)
        mud_json_str(&json, mud_rows_get(page->captures, 1, 0));
    else
        mud_json_null(&json);
    mud_json_ktime(
        &json, "next_at", next ? mud_rows_time(page->captures, 1, 1) : 0);
    mud_json_kint(
        &json, "posts", page->posts ? (int64_t)mud_rows_count(page->posts) : 0);
    mud_json_object_end(&json);
    go = page->then.record(mud_buf_view(&buf), page->then.payload, err);
    mud_buf_free(&buf);
    return go;
}

struct place { /* of a post in then.rows, for the order of the page */
    int64_t position, posted;
    size_t row;
};

static int by_place(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    if (x->position != y->position)
        return x->position < y->position ? -1 : 1;
    return x->posted < y->posted ? -1 : x->posted > y->posted;
}

static bool give_posts(struct page *page, struct mud_error *err)
{
    struct then *then = &page->then;
    size_t n = page->posts ? mud_rows_count(page->posts) : 0, k = 0, end = 0;
    struct mud_id *ids = n ? mud_column_ids(page->posts, 0) : NULL;
    struct place *places = mud_calloc(n + 1, sizeof(*places));
    bool good = !n || (load(then, (struct mud_ids){ids, n}, err) &&
                       load_gone(then, (struct mud_ids){ids, n}, err));

    for (size_t i = 0; good && n && i < mud_rows_count(then->rows); i++)
        if (!i || !mud_id_eq(mud_rows_id(then->rows, i, POST),
                             mud_rows_id(then->rows, i - 1, POST)))
            places[k++] = (struct place){mud_rows_int(then->rows, i, POSITION),
                                         mud_rows_time(then->rows, i, POSTED),
                                         i};
    if (k)
        qsort(places, k, sizeof(*places), by_place);
    for (size_t i = 0; good && i < k; i++)
        good = give_post(then, places[i].row, &end, err);
    free(places);
    free(ids);
    return good;
}

bool mud_history_page(struct mud_pg *pg, struct mud_str url, int64_t as_of,
                      mud_record_fn *record, void *payload,
                      struct mud_error *err)
{
    struct page page = {.then = {.pg = pg,
                                 .as_of = as_of,
                                 .record = record,
                                 .payload = payload},
                        .url = url};
    bool good = find_page(&page, err) && find_capture(&page, err) &&
                find_posts(&page, err) &&
                ((give_head(&page, err) && give_posts(&page, err)) || !err ||
                 err->code == MUD_OK);

    then_free(&page.then);
    mud_rows_free(page.sources);
    mud_rows_free(page.where);
    mud_rows_free(page.captures);
    mud_rows_free(page.threads);
    mud_rows_free(page.posts);
    return good;
}
