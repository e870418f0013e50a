#include "graph/fresh.h"

#include "graph/idlist.h"

#include <stdlib.h>

#define ASK 8192 /* ids of one question */

static size_t row_of(const struct mud_batch *batch, struct mud_id content)
{
    size_t i = 0;

    /* A content that was known to be stored has the place of another one. */
    if (mud_id_set_get(batch->seen, content, &i) && i < batch->contents.n &&
        mud_id_eq(batch->contents.at[i].id, content))
        return i;
    return SIZE_MAX;
}

size_t mud_fresh_row(const struct mud_fresh *fresh,
                     const struct mud_batch *batch, struct mud_id content)
{
    size_t i = row_of(batch, content);

    return i != SIZE_MAX && fresh->content[i] ? i : SIZE_MAX;
}

bool mud_fresh_has(const struct mud_fresh *fresh, const struct mud_batch *batch,
                   struct mud_id content)
{
    return mud_fresh_row(fresh, batch, content) != SIZE_MAX;
}

static int by_id(const void *a, const void *b)
{
    const struct mud_fresh_row *x = a, *y = b;

    return mud_id_cmp(x->id, y->id);
}

/* Room for the batch; all its contents are `value`. */
static void begin(struct mud_fresh *fresh, const struct mud_batch *batch,
                  bool value)
{
    size_t n = batch->contents.n;

    fresh->content =
        mud_grow(fresh->content, &fresh->contents_cap, n, sizeof(bool));
    fresh->post =
        mud_grow(fresh->post, &fresh->posts_cap, batch->posts.n, sizeof(bool));
    fresh->order =
        mud_grow(fresh->order, &fresh->order_cap, n, sizeof(*fresh->order));
    for (size_t i = 0; i < n; i++) {
        fresh->content[i] = value;
        fresh->order[i] = (struct mud_fresh_row){batch->contents.at[i].id, i};
    }
    qsort(fresh->order, n, sizeof(*fresh->order), by_id);
}

static void mark(struct mud_fresh *fresh, const struct mud_batch *batch,
                 const struct mud_rows *rows, bool value)
{
    for (size_t i = 0; i < mud_rows_count(rows); i++) {
        size_t row = row_of(batch, mud_rows_id(rows, i, 0));

        if (row != SIZE_MAX)
            fresh->content[row] = value;
    }
}

static void mark_posts(struct mud_fresh *fresh, const struct mud_batch *batch)
{
    for (size_t i = 0; i < batch->posts.n; i++)
        fresh->post[i] =
            mud_fresh_has(fresh, batch, batch->posts.at[i].content);
}

bool mud_fresh_ask(struct mud_fresh *fresh, struct mud_pg *pg,
                   const struct mud_batch *batch, struct mud_error *err)
{
    struct mud_id *ids = mud_calloc(ASK, sizeof(*ids));
    struct mud_buf list = {0};
    bool good = true;

    begin(fresh, batch, true);
    for (size_t i = 0; good && i < batch->contents.n;) {
        struct mud_rows *rows = NULL;
        struct mud_str arg;
        size_t n = 0;

        for (; n < ASK && i < batch->contents.n; n++)
            ids[n] = fresh->order[i++].id;
        mud_idlist(&list, ids, n);
        arg = mud_buf_view(&list);
        good = mud_pg_query(&rows, pg, mud_sql("content_stored"), &arg, 1, err);
        if (good) {
            mark(fresh, batch, rows, false);
            mud_rows_free(rows);
        }
    }
    mark_posts(fresh, batch);
    mud_buf_free(&list);
    free(ids);
    return good;
}

void mud_fresh_none(struct mud_fresh *fresh, const struct mud_batch *batch)
{
    begin(fresh, batch, false);
    mark_posts(fresh, batch);
}

void mud_fresh_take(struct mud_fresh *fresh, const struct mud_batch *batch,
                    const struct mud_rows *rows)
{
    mark(fresh, batch, rows, true);
    mark_posts(fresh, batch);
}

void mud_fresh_free(struct mud_fresh *fresh)
{
    free(fresh->content);
    free(fresh->post);
    free(fresh->order);
}
