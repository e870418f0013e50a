#include "graph/search_check.h"

#include "graph/idlist.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { /* check->rows */
    BODIES,
    SEEN,
    PARTS,
    EDITED,
    GONE,
    CONTACTS,
    PRODUCTS,
    PRICES
};

enum { /* columns of search_seen; those of search_posts are three less */
    S_CONTENT,
    S_POST,
    S_AT,
    S_LAST,
    S_SOURCE,
    S_THREAD,
    S_AUTHOR,
    S_SELLER,
    S_CATEGORY,
    S_DIRECTION,
    S_OFFER,
    S_STATE,
    S_EDITED,
    S_NAME,
    S_KEY,
    S_READING,
    S_FORWARD,
    S_REPLY,
    S_IMAGE,
    S_LINK,
    S_FIRST
};

struct loading {
    struct mud_check *check;
    struct mud_pg *pg;
    struct mud_str ids; /* array literal */
    char lo[MUD_TIME_TEXT], hi[MUD_TIME_TEXT];
    char most[24]; /* the limit that args[3] says */
    struct mud_str args[4];
    MUD_ROWS(mud_seen) seen;
    struct mud_error *err;
};

static bool query(struct loading *loading, int which, const char *name)
{
    return mud_pg_query(&loading->check->rows[which],
                        loading->pg,
                        mud_sql(name),
                        &loading->ids,
                        1,
                        loading->err);
}

static struct mud_checked *checked_of(struct mud_check *check, struct mud_id id)
{
    for (size_t i = 0; i < check->n; i++)
        if (mud_id_eq(check->at[i].id, id))
            return &check->at[i];
    return NULL;
}

/* The columns from source_id on; less: how many come before them less. */
static void fill_seen(struct mud_seen *seen, const struct mud_rows *rows,
                      size_t i, size_t less)
{
    int64_t state = mud_rows_int(rows, i, S_STATE - less);

    seen->source = (int32_t)mud_rows_int(rows, i, S_SOURCE - less);
    seen->thread = mud_rows_id(rows, i, S_THREAD - less);
    seen->author = mud_rows_id(rows, i, S_AUTHOR - less);
    seen->seller = mud_rows_id(rows, i, S_SELLER - less);
    seen->category = (int)mud_rows_int(rows, i, S_CATEGORY - less);
    seen->direction = (int)mud_rows_int(rows, i, S_DIRECTION - less);
    seen->name = mud_rows_get(rows, i, S_NAME - less);
    seen->key = mud_rows_get(rows, i, S_KEY - less);
    seen->reading = mud_rows_id(rows, i, S_READING - less);
    seen->first = mud_rows_time(rows, i, S_FIRST - less);
    seen->flags =
        (mud_rows_bool(rows, i, S_OFFER - less) ? MUD_IS_OFFER : 0U) |
        (mud_rows_bool(rows, i, S_EDITED - less) ? MUD_IS_EDITED : 0U) |
        (mud_rows_bool(rows, i, S_FORWARD - less) ? MUD_IS_FORWARD : 0U) |
        (mud_rows_bool(rows, i, S_REPLY - less) ? MUD_IS_REPLY : 0U) |
        (mud_rows_bool(rows, i, S_IMAGE - less) ? MUD_HAS_IMAGE : 0U) |
        (mud_rows_bool(rows, i, S_LINK - less) ? MUD_HAS_LINK : 0U) |
        (state == 1 ? MUD_IS_BLOCKED : 0U) | (state == 2 ? MUD_IS_DELETED : 0U);
}

static bool load_bodies(struct loading *loading)
{
    const struct mud_rows *rows = NULL;

    if (!query(loading, BODIES, "search_bodies"))
        return false;
    rows = loading->check->rows[BODIES];
    for (size_t i = 0; i < mud_rows_count(rows); i++) {
        struct mud_checked *of =
            checked_of(loading->check, mud_rows_id(rows, i, 0));

        if (!of)
            continue;
        of->facts.field = (int)mud_rows_int(rows, i, 1);
        of->facts.lang = mud_rows_get(rows, i, 2);
        of->body = mud_rows_get(rows, i, 5);
        if (!of->body.s)
            of->body = MUD_STR("");
    }
    return true;
}

static bool load_seen(struct loading *loading)
{
    const struct mud_rows *rows = NULL;

    snprintf(loading->most, sizeof(loading->most), "%d", MUD_SEEN_MAX);
    loading->args[3] = mud_str_z(loading->most);
    if (!mud_pg_query(&loading->check->rows[SEEN],
                      loading->pg,
                      mud_sql("search_seen"),
                      loading->args,
                      4,
                      loading->err))
        return false;
    rows = loading->check->rows[SEEN];
    for (size_t i = 0; i < mud_rows_count(rows); i++) {
        struct mud_seen *seen = MUD_ADD(&loading->seen);

        seen->content = mud_rows_id(rows, i, S_CONTENT);
        seen->post = mud_rows_id(rows, i, S_POST);
        seen->at = mud_rows_time(rows, i, S_AT);
        seen->last = mud_rows_time(rows, i, S_LAST);
        fill_seen(seen, rows, i, 0);
    }
    return true;
}

/* Titles and signatures: what is known of the posts beside them. */
static bool load_parts(struct loading *loading)
{
    struct mud_check *check = loading->check;
    const struct mud_rows *rows = NULL;
    struct mud_id *posts = NULL;
    bool any = false, good = false;

    for (size_t i = 0; i < check->n; i++)
        any = any || check->at[i].facts.field != MUD_IN_TEXT;
    if (!any)
        return true;
    snprintf(loading->most, sizeof(loading->most), "%d", MUD_UNDER_MAX);
    loading->args[3] = mud_str_z(loading->most);
    if (!mud_pg_query(&check->rows[PARTS],
                      loading->pg,
                      mud_sql("search_parts"),
                      loading->args,
                      4,
                      loading->err))
        return false;
    rows = check->rows[PARTS];
    posts = mud_column_ids(rows, 1);
    good = mud_keyed_run(&check->posts,
                         loading->pg,
                         "search_posts",
                         (struct mud_ids){posts, mud_rows_count(rows)},
                         loading->err);
    free(posts);
    for (size_t i = 0; good && i < mud_rows_count(rows); i++) {
        struct mud_id post = mud_rows_id(rows, i, 1);
        size_t row = mud_keyed_row(&check->posts, post);
        struct mud_seen *seen = NULL;

        if (row == MUD_NPOS)
            continue;
        seen = MUD_ADD(&loading->seen);
        fill_seen(seen, check->posts.rows, row, S_SOURCE - 1);
        seen->content = mud_rows_id(rows, i, 0);
        seen->post = post;
        seen->at = mud_rows_time(rows, i, 2);
        seen->last = mud_rows_time(rows, i, 3);
    }
    return good;
}

static struct mud_id *column_of(const struct loading *loading, size_t offset)
{
    size_t n = loading->seen.n;
    struct mud_id *ids = mud_calloc(n + 1, sizeof(*ids));

    for (size_t i = 0; i < n; i++)
        memcpy(
            &ids[i], (const char *)&loading->seen.at[i] + offset, sizeof(*ids));
    return ids;
}

static void mark(struct loading *loading, const struct mud_rows *rows,
                 bool gone)
{
    struct mud_id_set *set = mud_id_set_new();
    bool known = false;

    for (size_t i = 0; i < mud_rows_count(rows); i++)
        mud_id_set_put(set,
                       mud_rows_id(rows, i, 0),
                       gone && !mud_rows_bool(rows, i, 1) ? MUD_IS_DELETED
                                                          : MUD_IS_EDITED,
                       &known);
    for (size_t i = 0; i < loading->seen.n; i++) {
        size_t flag = 0;

        if (mud_id_set_get(set, loading->seen.at[i].post, &flag))
            loading->seen.at[i].flags |= (unsigned)flag;
    }
    mud_id_set_free(set);
}

static bool load_marks(struct loading *loading)
{
    struct mud_check *check = loading->check;
    struct mud_id *posts = column_of(loading, offsetof(struct mud_seen, post));
    struct mud_ids ids = {posts, loading->seen.n};
    bool good = mud_query_ids(&check->rows[EDITED],
                              loading->pg,
                              "search_edited",
                              ids,
                              NULL,
                              loading->err) &&
                mud_query_ids(&check->rows[GONE],
                              loading->pg,
                              "search_gone",
                              ids,
                              NULL,
                              loading->err);

    if (good) {
        mark(loading, check->rows[EDITED], false);
        mark(loading, check->rows[GONE], true);
    }
    free(posts);
    return good;
}

static bool load_boards(struct loading *loading)
{
    struct mud_check *check = loading->check;
    struct mud_id *threads =
        column_of(loading, offsetof(struct mud_seen, thread));
    bool good = mud_keyed_run(&check->threads,
                              loading->pg,
                              "post_threads",
                              (struct mud_ids){threads, loading->seen.n},
                              loading->err);

    free(threads);
    for (size_t i = 0; good && i < loading->seen.n; i++)
        loading->seen.at[i].board =
            mud_keyed_get(&check->threads, loading->seen.at[i].thread, 3);
    return good;
}

/* Rows in the order of their contents become facts, each content's together. */
static struct mud_fact *facts_of(const struct loading *loading, int which)
{
    const struct mud_rows *rows = loading->check->rows[which];
    size_t n = mud_rows_count(rows);
    struct mud_fact *facts =
        mud_arena_array(loading->check->arena, n + 1, sizeof(*facts));

    for (size_t i = 0; i < n; i++) {
        struct mud_fact *fact = &facts[i];

        fact->post = mud_rows_id(rows, i, 1);
        if (which == PRICES) {
            fact->currency = mud_rows_get(rows, i, 2);
            fact->low =
                mud_rows_double(rows, i, mud_rows_null(rows, i, 3) ? 4 : 3);
            fact->high =
                mud_rows_double(rows, i, mud_rows_null(rows, i, 4) ? 3 : 4);
            continue;
        }
        fact->kind = mud_rows_get(rows, i, 2);
        if (which == CONTACTS)
            fact->value = mud_rows_get(rows, i, 3);
    }
    return facts;
}

static bool load_facts(struct loading *loading, int which, const char *name)
{
    struct mud_check *check = loading->check;
    const struct mud_rows *rows = NULL;
    const struct mud_fact *facts = NULL;

    if (!query(loading, which, name))
        return false;
    rows = check->rows[which];
    facts = facts_of(loading, which);
    for (size_t i = 0, n = 0; i < mud_rows_count(rows); i += n) {
        struct mud_id id = mud_rows_id(rows, i, 0);
        struct mud_checked *of = checked_of(check, id);

        for (n = 1; i + n < mud_rows_count(rows) &&
                    mud_id_eq(mud_rows_id(rows, i + n, 0), id);)
            n++;
        if (!of)
            continue;
        if (which == CONTACTS) {
            of->facts.contacts = facts + i;
            of->facts.n_contacts = n;
        } else if (which == PRODUCTS) {
            of->facts.products = facts + i;
            of->facts.n_products = n;
        } else {
            of->facts.prices = facts + i;
            of->facts.n_prices = n;
        }
    }
    return true;
}

/* Each content's posts together: search_seen and search_parts are sorted. */
static void share_out(struct loading *loading)
{
    struct mud_check *check = loading->check;
    size_t n = loading->seen.n;
    struct mud_seen *all =
        mud_arena_array(check->arena, n + 1, sizeof(struct mud_seen));

    if (n)
        memcpy(all, loading->seen.at, n * sizeof(*all));
    for (size_t i = 0, k = 0; i < n; i += k) {
        struct mud_checked *of = checked_of(check, all[i].content);

        for (k = 1; i + k < n && mud_id_eq(all[i + k].content, all[i].content);)
            k++;
        if (!of || of->seen)
            continue;
        of->seen = all + i;
        of->n_seen = k;
        of->cut = k >= (of->facts.field == MUD_IN_TEXT ? MUD_SEEN_MAX
                                                       : MUD_UNDER_MAX);
    }
    /* One that is asked for twice, by two places of it in the index. */
    for (size_t i = 0; i < check->n; i++) {
        const struct mud_checked *of = checked_of(check, check->at[i].id);

        if (of)
            check->at[i] = *of;
    }
}

static void begin(struct loading *loading, struct mud_ids ids, int64_t lo,
                  int64_t hi)
{
    struct mud_check *check = loading->check;

    check->arena = mud_arena_new();
    check->n = ids.n;
    check->at = mud_arena_array(check->arena, ids.n + 1, sizeof(*check->at));
    for (size_t i = 0; i < ids.n; i++)
        check->at[i].id = ids.at[i];
    loading->args[0] = loading->ids;
    if (lo != INT64_MIN)
        loading->args[1] = mud_str_z(mud_time_text(loading->lo, lo, true));
    if (hi != INT64_MAX)
        loading->args[2] = mud_str_z(mud_time_text(loading->hi, hi, true));
}

bool mud_check_load(struct mud_check *out, struct mud_pg *pg,
                    struct mud_ids ids, unsigned needs, int64_t lo, int64_t hi,
                    struct mud_error *err)
{
    struct loading loading = {.check = out, .pg = pg, .err = err};
    struct mud_buf list = {0};
    bool good = false;

    *out = (struct mud_check){0};
    mud_idlist(&list, ids.at, ids.n);
    loading.ids = mud_buf_view(&list);
    begin(&loading, ids, lo, hi);
    good = load_bodies(&loading) && load_seen(&loading) &&
           load_parts(&loading) &&
           (!(needs & MUD_NEED_MARKS) || load_marks(&loading)) &&
           (!(needs & MUD_NEED_BOARD) || load_boards(&loading)) &&
           (!(needs & MUD_NEED_CONTACT) ||
            load_facts(&loading, CONTACTS, "search_contacts")) &&
           (!(needs & MUD_NEED_PRODUCT) ||
            load_facts(&loading, PRODUCTS, "search_products")) &&
           (!(needs & MUD_NEED_PRICE) ||
            load_facts(&loading, PRICES, "search_prices"));
    if (good)
        share_out(&loading);
    free(loading.seen.at);
    mud_buf_free(&list);
    return good;
}

void mud_check_free(struct mud_check *check)
{
    for (size_t i = 0; i <= PRICES; i++)
        mud_rows_free(check->rows[i]);
    mud_keyed_free(&check->threads);
    mud_keyed_free(&check->posts);
    mud_arena_free(check->arena);
    *check = (struct mud_check){0};
}

bool mud_check_match(struct mud_match *out, const struct mud_checked *of,
                     const struct mud_query *query,
                     const struct mud_reader *reader, struct mud_arena *arena)
{
    uint8_t texts[MUD_PARTS_MAX], facets[MUD_PARTS_MAX];
    uint32_t tf[MUD_PARTS_MAX];

    *out = (struct mud_match){.of = of};
    if (!of->body.s || !of->n_seen)
        return false;
    if (query->n_texts) {
        if (of->units)
            out->units = *of->units;
        else
            mud_units_of(&out->units, reader, of->body, arena);
        mud_query_count(query, &out->units, tf);
    }
    for (size_t i = 0; i < query->n_texts; i++)
        texts[i] = tf[i] > 0;
    memset(facets, MUD_MAYBE, sizeof(facets));
    if (mud_query_run(query, texts, facets) == MUD_FALSE)
        return false;
    out->posts = mud_arena_array(arena, of->n_seen, sizeof(void *));
    for (size_t i = 0; i < of->n_seen; i++) {
        for (size_t k = 0; k < query->n_facets; k++)
            facets[k] =
                mud_facet_holds(&query->facets[k], &of->seen[i], &of->facts);
        if (mud_query_run(query, texts, facets) == MUD_TRUE)
            out->posts[out->n++] = &of->seen[i];
    }
    return out->n > 0;
}
