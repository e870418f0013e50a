#include "graph/held.h"

#include "graph/why.h"

#include <stdio.h>
#include <stdlib.h>

static void text_of(struct mud_buf *out, const struct mud_id *ids, size_t n)
{
    mud_buf_clear(out);
    mud_buf_c(out, '{');
    for (size_t i = 0; i < n; i++) {
        char id[MUD_ID_TEXT];

        mud_buf_printf(out, "%s%s", i ? "," : "", mud_id_text(id, ids[i]));
    }
    mud_buf_c(out, '}');
}

/* The ids of a statement's first column behind those that are there. */
static bool gather(struct mud_id **ids, size_t *n, struct mud_pg *pg,
                   const char *name, struct mud_str arg, struct mud_error *err)
{
    struct mud_rows *rows;
    size_t more;

    if (!mud_pg_query(&rows, pg, mud_sql(name), &arg, 1, err))
        return false;
    more = mud_rows_count(rows);
    if (more) {
        *ids = mud_realloc(*ids, (*n + more) * sizeof(**ids));
        for (size_t r = 0; r < more; r++)
            (*ids)[(*n)++] = mud_rows_id(rows, r, 0);
    }
    mud_rows_free(rows);
    return true;
}

static bool captures_of(struct mud_held *held, struct mud_pg *pg,
                        struct mud_error *err)
{
    struct mud_buf text = {0};
    bool ok;

    text_of(&text, held->nodes, held->n_nodes);
    ok = gather(&held->captures,
                &held->n_captures,
                pg,
                "hold_claims",
                mud_buf_view(&text),
                err) &&
         gather(&held->captures,
                &held->n_captures,
                pg,
                "hold_posts",
                mud_buf_view(&text),
                err);
    mud_buf_free(&text);
    return ok;
}

/* All nodes of the actors that these nodes belong to. */
static bool with_actors(struct mud_held *held, struct mud_pg *pg,
                        struct mud_error *err)
{
    struct mud_buf text = {0};
    struct mud_str arg;
    struct mud_rows *rows;
    bool ok;

    text_of(&text, held->nodes, held->n_nodes);
    arg = mud_buf_view(&text);
    ok = mud_pg_query(&rows, pg, mud_sql("seller_of"), &arg, 1, err);
    mud_buf_free(&text);
    if (!ok)
        return false;
    for (size_t r = 0; ok && r < mud_rows_count(rows); r++)
        ok = gather(&held->nodes,
                    &held->n_nodes,
                    pg,
                    "seller_members",
                    mud_rows_get(rows, r, 1),
                    err);
    mud_rows_free(rows);
    return ok;
}

bool mud_held_find(struct mud_held *out, struct mud_pg *pg, struct mud_str name,
                   struct mud_error *err)
{
    char text[MUD_ID_TEXT];
    struct mud_id id;
    bool ok;

    *out = (struct mud_held){0};
    if (mud_id_parse(name, &id)) {
        ok = gather(&out->nodes,
                    &out->n_nodes,
                    pg,
                    "seller_members",
                    mud_str_z(mud_id_text(text, id)),
                    err);
        if (ok && !out->n_nodes) {
            out->nodes = mud_realloc(NULL, sizeof(id));
            out->nodes[out->n_nodes++] = id;
        }
    } else {
        ok = mud_node_find(&out->nodes, &out->n_nodes, pg, name, err);
    }
    ok = ok && with_actors(out, pg, err) && captures_of(out, pg, err);
    return ok && (out->n_captures || mud_fail(err,
                                              MUD_EMISSING,
                                              "nothing is known of %.*s",
                                              MUD_FMT(name)));
}

static bool refresh(int64_t *added, struct mud_held *held, int64_t hold,
                    struct mud_pg *pg, struct mud_error *err)
{
    char number[32];
    struct mud_buf text = {0};
    struct mud_str args[2];
    struct mud_rows *rows = NULL;
    bool ok = with_actors(held, pg, err) && captures_of(held, pg, err);

    snprintf(number, sizeof(number), "%lld", (long long)hold);
    text_of(&text, held->captures, held->n_captures);
    args[0] = mud_str_z(number);
    args[1] = mud_buf_view(&text);
    ok = ok &&
         mud_pg_query(&rows, pg, mud_sql("hold_capture_add"), args, 2, err);
    *added += ok ? mud_rows_changed(rows) : 0;
    mud_rows_free(rows);
    mud_buf_free(&text);
    return ok;
}

bool mud_held_refresh(int64_t *added, struct mud_pg *pg, struct mud_error *err)
{
    struct mud_rows *rows;
    size_t n, r = 0;
    bool ok = true;

    *added = 0;
    if (!mud_pg_query(&rows, pg, mud_sql("hold_nodes"), NULL, 0, err))
        return false;
    n = mud_rows_count(rows);
    while (ok && r < n) {
        int64_t hold = mud_rows_int(rows, r, 0);
        struct mud_held held = {0};

        for (; r < n && mud_rows_int(rows, r, 0) == hold; r++) {
            held.nodes = mud_realloc(held.nodes,
                                     (held.n_nodes + 1) * sizeof(*held.nodes));
            held.nodes[held.n_nodes++] = mud_rows_id(rows, r, 1);
        }
        ok = refresh(added, &held, hold, pg, err);
        free(held.nodes);
        free(held.captures);
    }
    mud_rows_free(rows);
    return ok;
}
