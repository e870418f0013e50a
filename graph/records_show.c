/* Whatever an id names. */
#include "graph/pages.h"

#include <stdio.h>
#include <stdlib.h>

struct showing {
    struct mud_giving giving;
    struct mud_id id;
    struct mud_str text; /* the id's */
    bool found;
};

static bool give(struct showing *show, struct mud_buf *line,
                 struct mud_error *err)
{
    show->found = true;
    return mud_give(&show->giving, mud_buf_view(line), err);
}

static bool members(struct showing *show, struct mud_error *err)
{
    struct mud_rows *rows = NULL, *nodes = NULL;
    MUD_ROWS(mud_id) ids = {0};
    bool go = mud_pg_query(
        &rows, show->giving.pg, mud_sql("seller_members"), &show->text, 1, err);

    for (size_t i = 0; go && i < mud_rows_count(rows) && ids.n < MUD_PAGE_ROWS;
         i++)
        *MUD_ADD(&ids) = mud_rows_id(rows, i, 0);
    go = go && mud_query_ids(&nodes,
                             show->giving.pg,
                             "entity_show",
                             (struct mud_ids){ids.at, ids.n},
                             NULL,
                             err);
    go = go && mud_nodes_write(&show->giving, nodes, 0, err);
    mud_rows_free(rows);
    mud_rows_free(nodes);
    free(ids.at);
    return go;
}

static bool actor(struct showing *show, struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    bool go = mud_pg_query(
        &rows, show->giving.pg, mud_sql("seller_show"), &show->text, 1, err);

    if (go && mud_rows_count(rows)) {
        show->found = true;
        go = mud_give(&show->giving, mud_rows_get(rows, 0, 2), err) &&
             members(show, err);
    }
    mud_rows_free(rows);
    return go;
}

static bool node(struct showing *show, struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    bool go = mud_query_ids(&rows,
                            show->giving.pg,
                            "entity_show",
                            (struct mud_ids){&show->id, 1},
                            NULL,
                            err);

    if (go && mud_rows_count(rows)) {
        show->found = true;
        go = mud_nodes_write(&show->giving, rows, 0, err);
    }
    mud_rows_free(rows);
    return go;
}

static void annotation(struct mud_json *json, const struct mud_rows *rows,
                       size_t i)
{
    mud_json_object(json);
    mud_json_kz(json, "type", "annotation");
    mud_json_kint(json, "schema", 1);
    mud_json_kz(
        json,
        "what",
        mud_entity_type_name((enum mud_entity_type)mud_rows_int(rows, i, 0)));
    mud_json_kz(json, "in", mud_field_name(mud_rows_int(rows, i, 1)));
    mud_json_kint(json, "in_index", mud_rows_int(rows, i, 2));
    mud_json_kint(json, "start_byte", mud_rows_int(rows, i, 3));
    mud_json_kint(json, "end_byte", mud_rows_int(rows, i, 4));
    mud_json_text(json, "kind", mud_rows_get(rows, i, 5));
    mud_json_text(json, "value", mud_rows_get(rows, i, 6));
    mud_json_text(json, "role", mud_rows_get(rows, i, 7));
    mud_json_amount(json, "min", rows, i, 8);
    mud_json_amount(json, "max", rows, i, 9);
    mud_json_text(json, "unit", mud_rows_get(rows, i, 10));
    mud_json_amount(json, "per_qty", rows, i, 11);
    mud_json_text(json, "currency", mud_rows_get(rows, i, 12));
    mud_json_kdouble(json, "sure", (double)mud_rows_int(rows, i, 13) / 1000);
    mud_json_text(json, "rule", mud_rows_get(rows, i, 14));
    mud_json_object_end(json);
}

static bool annotations(struct showing *show, struct mud_str content,
                        struct mud_str post, struct mud_error *err)
{
    struct mud_str args[2] = {content, post};
    struct mud_rows *rows = NULL;
    struct mud_buf line = {0};
    bool go = mud_pg_query(
        &rows, show->giving.pg, mud_sql("content_annotations"), args, 2, err);

    for (size_t i = 0; go && i < mud_rows_count(rows); i++) {
        struct mud_json json = {.buf = &line};

        mud_buf_clear(&line);
        annotation(&json, rows, i);
        go = give(show, &line, err);
    }
    mud_rows_free(rows);
    mud_buf_free(&line);
    return go;
}

#define NIL "00000000-0000-0000-0000-000000000000"

static bool post(struct showing *show, struct mud_error *err)
{
    struct mud_rows *rows = NULL, *sources = NULL;
    bool go = mud_query_ids(&rows,
                            show->giving.pg,
                            "post_show",
                            (struct mud_ids){&show->id, 1},
                            NULL,
                            err) &&
              mud_sources_load(&sources, show->giving.pg, err);

    if (go && mud_rows_count(rows)) {
        show->found = true;
        go = mud_posts_write(&show->giving, rows, sources, false, err);
    }
    for (size_t i = 0; go && i < mud_rows_count(rows); i++)
        go = annotations(show, mud_rows_get(rows, i, 0), MUD_STR(NIL), err) &&
             annotations(
                 show, mud_rows_get(rows, i, 0), mud_rows_get(rows, i, 1), err);
    mud_rows_free(rows);
    mud_rows_free(sources);
    return go;
}

static bool sightings(struct mud_json *json, struct showing *show,
                      struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows,
                      show->giving.pg,
                      mud_sql("content_sightings"),
                      &show->text,
                      1,
                      err))
        return false;
    mud_json_kint(
        json, "sightings", mud_rows_count(rows) ? mud_rows_int(rows, 0, 2) : 0);
    mud_json_key(json, "posts");
    mud_json_array(json);
    for (size_t i = 0; i < mud_rows_count(rows); i++)
        mud_json_str(json, mud_rows_get(rows, i, 0));
    mud_json_array_end(json);
    mud_rows_free(rows);
    return true;
}

static bool content(struct showing *show, struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    struct mud_buf line = {0};
    struct mud_json json = {.buf = &line};
    bool go = mud_pg_query(
        &rows, show->giving.pg, mud_sql("content_show"), &show->text, 1, err);

    if (go && mud_rows_count(rows)) {
        mud_json_object(&json);
        mud_json_kz(&json, "type", "content");
        mud_json_kint(&json, "schema", 1);
        mud_json_kstr(&json, "id", show->text);
        mud_json_kz(&json, "field", mud_field_name(mud_rows_int(rows, 0, 1)));
        mud_json_kstr(&json, "lang", mud_rows_get(rows, 0, 2));
        mud_json_kz(
            &json,
            "category",
            mud_category_name((enum mud_category)mud_rows_int(rows, 0, 4)));
        mud_json_kbool(&json, "is_offer", mud_rows_bool(rows, 0, 6));
        mud_json_kstr(&json, "text", mud_rows_get(rows, 0, 3));
        go = sightings(&json, show, err);
        mud_json_object_end(&json);
        go = go && give(show, &line, err) &&
             annotations(show, show->text, MUD_STR(NIL), err);
    }
    mud_rows_free(rows);
    mud_buf_free(&line);
    return go;
}

bool mud_show(struct mud_pg *pg, struct mud_id id, mud_record_fn *record,
              void *payload, struct mud_error *err)
{
    char text[MUD_ID_TEXT];
    struct showing show = {.giving = {pg, MUD_NPOS, record, payload}, .id = id};
    struct mud_error why = {0};
    bool go = false;

    show.text = mud_str_z(mud_id_text(text, id));
    go = actor(&show, &why) && node(&show, &why) && post(&show, &why) &&
         content(&show, &why);
    if (!go && why.code != MUD_OK)
        return mud_fail(err, why.code, "%s", why.text);
    return show.found ||
           mud_fail(err, MUD_EMISSING, "nothing has the id %s", text);
}
