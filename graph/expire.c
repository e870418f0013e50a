#include "graph/expire.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/time.h"

#include <stdio.h>

/* One batch: posts that may go, and what keeps some of them. */
struct expiring {
    struct mud_pg *pg;
    struct mud_rows *rows;
    struct mud_buf authors, contents, captures; /* "{...}" */
    struct mud_buf gone_contents, gone_posts;
    struct mud_id last_content, last_post;
    int64_t n, dropped;
};

static void list_add(struct mud_buf *list, struct mud_str id)
{
    if (!id.n)
        return;
    if (list->n > 1)
        mud_buf_c(list, ',');
    mud_buf_str(list, id);
}

static void lists_begin(struct expiring *e)
{
    struct mud_buf *const lists[] = {&e->authors,
                                     &e->contents,
                                     &e->captures,
                                     &e->gone_contents,
                                     &e->gone_posts};

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        mud_buf_clear(lists[i]);
        mud_buf_c(lists[i], '{');
    }
}

static void lists_free(struct expiring *e)
{
    mud_buf_free(&e->authors);
    mud_buf_free(&e->contents);
    mud_buf_free(&e->captures);
    mud_buf_free(&e->gone_contents);
    mud_buf_free(&e->gone_posts);
}

/* "{a,b}" without its braces. */
static struct mud_str inner(struct mud_str array)
{
    return array.n < 2 ? MUD_STR("") : mud_str_sub(array, 1, array.n - 1);
}

static bool candidates(struct expiring *e, int64_t before,
                       struct mud_error *err)
{
    char when[MUD_TIME_TEXT], content[MUD_ID_TEXT], post[MUD_ID_TEXT];
    struct mud_str args[3];

    args[0] = mud_str_z(mud_time_text(when, before, true));
    args[1] = mud_str_z(mud_id_text(content, e->last_content));
    args[2] = mud_str_z(mud_id_text(post, e->last_post));
    if (!mud_pg_query(&e->rows, e->pg, mud_sql("expire_posts"), args, 3, err))
        return false;
    e->n = (int64_t)mud_rows_count(e->rows);
    lists_begin(e);
    for (size_t r = 0; r < (size_t)e->n; r++) {
        e->last_content = mud_rows_id(e->rows, r, 0);
        e->last_post = mud_rows_id(e->rows, r, 1);
        list_add(&e->contents, mud_rows_get(e->rows, r, 0));
        list_add(&e->authors, mud_rows_get(e->rows, r, 2));
        list_add(&e->captures, inner(mud_rows_get(e->rows, r, 3)));
    }
    mud_buf_c(&e->contents, '}');
    mud_buf_c(&e->authors, '}');
    mud_buf_c(&e->captures, '}');
    return true;
}

/* The texts of a statement's column as a set of words. */
static bool words_of(json_t *set, struct expiring *e, const char *name,
                     const struct mud_buf *list, size_t columns,
                     struct mud_error *err)
{
    struct mud_str arg = mud_buf_view(list);
    struct mud_rows *rows;
    char key[2 * MUD_ID_TEXT + 2];

    if (!mud_pg_query(&rows, e->pg, mud_sql(name), &arg, 1, err))
        return false;
    for (size_t r = 0; r < mud_rows_count(rows); r++) {
        snprintf(key,
                 sizeof(key),
                 "%.*s %.*s",
                 MUD_FMT(mud_rows_get(rows, r, 0)),
                 MUD_FMT(columns > 1 ? mud_rows_get(rows, r, 1) : MUD_STR("")));
        json_object_set_new(set, key, json_true());
    }
    mud_rows_free(rows);
    return true;
}

static bool has(const json_t *set, struct mud_str a, struct mud_str b)
{
    char key[2 * MUD_ID_TEXT + 2];

    snprintf(key, sizeof(key), "%.*s %.*s", MUD_FMT(a), MUD_FMT(b));
    return json_object_get(set, key) != NULL;
}

static bool any_held(const json_t *held, struct mud_str captures)
{
    struct mud_str rest = inner(captures);

    while (rest.n) {
        size_t end = mud_str_chr(rest, ',');
        struct mud_str one = mud_str_sub(rest, 0, end);

        if (has(held, one, MUD_STR("")))
            return true;
        rest =
            end == MUD_NPOS ? MUD_STR("") : mud_str_sub(rest, end + 1, rest.n);
    }
    return false;
}

static bool choose(struct expiring *e, struct mud_error *err)
{
    json_t *sellers = json_object(), *evidence = json_object(),
           *held = json_object();
    bool ok = words_of(sellers, e, "expire_sellers", &e->authors, 1, err) &&
              words_of(evidence, e, "expire_evidence", &e->contents, 2, err) &&
              words_of(held, e, "expire_held", &e->captures, 1, err);

    for (size_t r = 0; ok && r < (size_t)e->n; r++) {
        struct mud_str content = mud_rows_get(e->rows, r, 0),
                       post = mud_rows_get(e->rows, r, 1);

        if (has(sellers, mud_rows_get(e->rows, r, 2), MUD_STR("")) ||
            has(evidence, content, post) ||
            any_held(held, mud_rows_get(e->rows, r, 3)))
            continue;
        list_add(&e->gone_contents, content);
        list_add(&e->gone_posts, post);
        e->dropped++;
    }
    mud_buf_c(&e->gone_contents, '}');
    mud_buf_c(&e->gone_posts, '}');
    json_decref(sellers);
    json_decref(evidence);
    json_decref(held);
    return ok;
}

/* Texts of titles and signatures join those of the posts themselves. */
static bool drop(struct expiring *e, struct mud_error *err)
{
    struct mud_str args[2] = {mud_buf_view(&e->gone_contents),
                              mud_buf_view(&e->gone_posts)};
    struct mud_buf threads = {0}, texts = {0};
    struct mud_rows *rows = NULL, *parts = NULL;
    struct mud_str arg;
    bool ok;

    ok =
        mud_pg_query(&rows, e->pg, mud_sql("expire_drop_post"), args, 2, err) &&
        mud_pg_query(
            &parts, e->pg, mud_sql("expire_drop_part"), &args[1], 1, err) &&
        mud_pg_query(
            NULL, e->pg, mud_sql("expire_drop_picture"), &args[1], 1, err);
    mud_buf_c(&threads, '{');
    for (size_t r = 0; ok && r < mud_rows_count(rows); r++)
        list_add(&threads, mud_rows_get(rows, r, 0));
    mud_buf_c(&threads, '}');
    mud_buf_str(&texts, mud_str_sub(args[0], 0, args[0].n - 1));
    for (size_t r = 0; ok && r < mud_rows_count(parts); r++)
        list_add(&texts, mud_rows_get(parts, r, 0));
    mud_buf_c(&texts, '}');
    args[0] = mud_buf_view(&texts);
    arg = mud_buf_view(&threads);
    ok = ok &&
         mud_pg_query(NULL, e->pg, mud_sql("expire_drop_read"), args, 2, err) &&
         mud_pg_query(NULL, e->pg, mud_sql("expire_drop_title"), &arg, 1, err);
    /* Whoever has an ingest under way begins anew: it knows texts that are no
     * longer there. */
    ok = ok &&
         mud_pg_query(
             NULL, e->pg, mud_sql("content_generation_next"), NULL, 0, err);
    mud_rows_free(rows);
    mud_rows_free(parts);
    mud_buf_free(&threads);
    mud_buf_free(&texts);
    return ok;
}

/* Under the lock of rebuild: no ingest is under way meanwhile. */
static bool batch(struct expiring *e, int64_t before, struct mud_error *err)
{
    int64_t had = e->dropped;
    bool ok =
        mud_pg_begin(e->pg, err) &&
        mud_pg_query(NULL, e->pg, mud_sql("content_lock_all"), NULL, 0, err) &&
        candidates(e, before, err) && choose(e, err) &&
        (e->dropped == had || drop(e, err)) && mud_pg_commit(e->pg, err);

    if (!ok)
        mud_pg_rollback(e->pg);
    mud_rows_free(e->rows);
    e->rows = NULL;
    return ok;
}

int64_t mud_bystander_end(int64_t now)
{
    return now - MUD_BYSTANDER_DAYS * INT64_C(86400) * MUD_SECOND;
}

bool mud_expire_bystanders(int64_t *posts, struct mud_pg *pg, int64_t before,
                           struct mud_error *err)
{
    struct expiring e = {.pg = pg, .n = 1};
    bool ok = true;

    while (ok && e.n > 0)
        ok = batch(&e, before, err);
    *posts = e.dropped;
    lists_free(&e);
    return ok || mud_fail_in(err, "expire bystanders' posts");
}
