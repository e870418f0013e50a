#include "graph/why.h"

#include "base/utf8.h"
#include "graph/image_show.h"
#include "graph/pages.h"
#include "graph/path.h"

#include <stdio.h>
#include <stdlib.h>

#define EVIDENCE_MAX "3"
#define AROUND       90 /* bytes of a quote on either side of its mark */

/* ---- what a person means ---- */

struct called { /* the nodes that somebody means */
    struct mud_id *ids;
    size_t n;
};

/* By a query of one or two arguments; replaces what was there. */
static bool ids_of(struct called *out, struct mud_pg *pg, const char *query,
                   struct mud_str first, const struct mud_str *second,
                   struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    struct mud_str args[2] = {first, second ? *second : MUD_SQL_NULL};

    if (!mud_pg_query(&rows, pg, mud_sql(query), args, second ? 2 : 1, err))
        return false;
    free(out->ids);
    out->n = mud_rows_count(rows);
    out->ids = mud_calloc(out->n + 1, sizeof(*out->ids));
    for (size_t i = 0; i < out->n; i++)
        out->ids[i] = mud_rows_id(rows, i, 0);
    mud_rows_free(rows);
    return true;
}

static bool find_id(struct called *out, struct mud_pg *pg, struct mud_id id,
                    struct mud_error *err)
{
    char text[MUD_ID_TEXT];

    mud_id_text(text, id);
    if (!ids_of(out, pg, "seller_members", mud_str_z(text), NULL, err))
        return false;
    if (out->n)
        return true;
    out->ids[0] = id; /* room for one is there */
    out->n = 1;
    return true;
}

static bool find_value(struct called *out, struct mud_pg *pg,
                       struct mud_str text, struct mud_error *err)
{
    struct mud_str any = MUD_SQL_NULL;
    size_t colon = mud_str_chr(text, ':');

    if (colon != MUD_NPOS) {
        struct mud_str type = mud_str_sub(text, 0, colon);

        if (!ids_of(out,
                    pg,
                    "entity_find",
                    mud_str_sub(text, colon + 1, text.n),
                    &type,
                    err))
            return false;
    }
    if (!out->n && !ids_of(out, pg, "entity_find", text, &any, err))
        return false;
    if (!out->n && text.n && text.s[0] == '@' &&
        !ids_of(
            out, pg, "entity_find", mud_str_sub(text, 1, text.n), &any, err))
        return false;
    return out->n || ids_of(out, pg, "entity_named", text, NULL, err);
}

bool mud_node_find(struct mud_id **ids, size_t *n, struct mud_pg *pg,
                   struct mud_str text, struct mud_error *err)
{
    struct called found = {0};
    struct mud_id id = {0};
    bool done = false;

    text = mud_str_trim(text);
    done = mud_id_parse(text, &id) ? find_id(&found, pg, id, err)
                                   : find_value(&found, pg, text, err);
    if (done && !found.n)
        done = mud_fail(err,
                        MUD_EMISSING,
                        "no node is called %.*s",
                        (int)mud_utf8_cut(text, 200),
                        text.n ? text.s : "");
    if (!done) {
        free(found.ids);
        found = (struct called){0};
    }
    *ids = found.ids;
    *n = found.n;
    return done;
}

/* ---- evidence ---- */

enum { /* columns of why_evidence */
    E_CONTENT,
    E_POST,
    E_CAPTURE,
    E_SEEN,
    E_FIELD,
    E_INDEX,
    E_START,
    E_END,
    E_SURE,
    E_CATEGORY,
    E_READER,
    E_RULE,
    E_COUNT
};

struct steps {
    struct mud_pg *pg;
    mud_record_fn *record;
    void *payload;
    struct mud_keyed nodes;
    struct mud_buf line;
};

/* The string of links or buttons in the post's extra that the span is in. */
static struct mud_str listed(const json_t *extra, int64_t field, int64_t index)
{
    const json_t *list =
        json_object_get(extra, field == MUD_IN_LINK ? "links" : "buttons");
    const json_t *item = json_array_get(list, (size_t)index);

    return json_is_string(item)
               ? mud_str_of(json_string_value(item), json_string_length(item))
               : MUD_STR("");
}

/* Part of text with the span in it, and where in it the span is. */
static void write_quote(struct mud_json *json, struct mud_str text,
                        size_t start, size_t end)
{
    size_t from = start > AROUND ? mud_utf8_cut(text, start - AROUND) : 0;
    size_t to =
        end + AROUND < text.n ? mud_utf8_cut(text, end + AROUND) : text.n;
    struct mud_utf8_pos pos = {.text = mud_str_sub(text, from, to)};

    if (end > text.n || start > end)
        start = end = from = to = 0;
    mud_json_kstr(json, "quote", mud_str_sub(text, from, to));
    pos.text = mud_str_sub(text, from, to);
    mud_json_key(json, "mark");
    mud_json_array(json);
    mud_json_int(json, (int64_t)mud_utf8_point(&pos, start - from));
    mud_json_int(json, (int64_t)mud_utf8_point(&pos, end - from));
    mud_json_array_end(json);
}

static bool quote(struct mud_json *json, struct steps *steps,
                  const struct mud_rows *rows, size_t i,
                  const struct mud_rows *post, struct mud_error *err)
{
    int64_t field = mud_rows_int(rows, i, E_FIELD);
    struct mud_id content = mud_rows_id(rows, i, E_CONTENT);
    size_t start = (size_t)mud_rows_int(rows, i, E_START);
    size_t end = (size_t)mud_rows_int(rows, i, E_END);
    struct mud_rows *body = NULL;
    struct mud_error odd = {0};
    json_t *extra = NULL;

    if (field == MUD_IN_LINK || field == MUD_IN_BUTTON) {
        extra = mud_json_read(mud_rows_count(post) ? mud_rows_get(post, 0, 20)
                                                   : MUD_STR("{}"),
                              &odd);
        write_quote(json,
                    listed(extra, field, mud_rows_int(rows, i, E_INDEX)),
                    start,
                    end);
        json_decref(extra);
        return true;
    }
    if (field == MUD_IN_AUTHOR) {
        write_quote(json,
                    mud_rows_count(post) ? mud_rows_get(post, 0, 10)
                                         : MUD_STR(""),
                    start,
                    end);
        return true;
    }
    if (!mud_query_ids(&body,
                       steps->pg,
                       "content_bodies",
                       (struct mud_ids){&content, 1},
                       NULL,
                       err))
        return false;
    write_quote(json,
                mud_rows_count(body) ? mud_rows_get(body, 0, 1) : MUD_STR(""),
                start,
                end);
    mud_rows_free(body);
    return true;
}

static bool capture(struct mud_json *json, struct steps *steps,
                    struct mud_str id, struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, steps->pg, mud_sql("why_capture"), &id, 1, err))
        return false;
    mud_json_key(json, "capture");
    mud_json_object(json);
    mud_json_kstr(json, "id", id);
    if (mud_rows_count(rows)) {
        mud_json_text(json, "url", mud_rows_get(rows, 0, 0));
        mud_json_timed(json, "at", rows, 0, 1);
        mud_json_text(json, "sha256", mud_rows_get(rows, 0, 2));
        mud_json_kint(json, "size", mud_rows_int(rows, 0, 3));
        mud_json_text(json, "warc", mud_rows_get(rows, 0, 4));
        mud_json_kint(json, "offset", mud_rows_int(rows, 0, 5));
        mud_json_kint(json, "length", mud_rows_int(rows, 0, 6));
        mud_json_kint(json, "ledger_seq", mud_rows_int(rows, 0, 7));
        mud_json_text(json, "ledger_sha256", mud_rows_get(rows, 0, 8));
        mud_json_text(json, "source", mud_rows_get(rows, 0, 9));
    }
    mud_json_object_end(json);
    mud_rows_free(rows);
    return true;
}

static bool rule(struct mud_json *json, struct steps *steps,
                 const struct mud_rows *rows, size_t i, struct mud_error *err)
{
    struct mud_str args[2] = {mud_rows_get(rows, i, E_READER),
                              mud_rows_get(rows, i, E_RULE)};
    struct mud_rows *names = NULL;

    if (!mud_pg_query(&names, steps->pg, mud_sql("why_rule"), args, 2, err))
        return false;
    if (mud_rows_count(names)) {
        mud_json_text(json, "rule", mud_rows_get(names, 0, 0));
        mud_json_text(json, "reader", mud_rows_get(names, 0, 1));
    }
    mud_rows_free(names);
    return true;
}

static void post_fields(struct mud_json *json, const struct mud_rows *post)
{
    struct mud_error odd = {0};
    json_t *extra = NULL;

    if (!mud_rows_count(post))
        return;
    extra = mud_json_read(
        mud_rows_null(post, 0, 20) ? MUD_STR("{}") : mud_rows_get(post, 0, 20),
        &odd);
    mud_json_text(json, "post_key", mud_rows_get(post, 0, 8));
    mud_json_text(json, "author", mud_rows_get(post, 0, 10));
    mud_json_timed(json, "posted_at", post, 0, 12);
    mud_json_text(json, "url", mud_json_get_str(extra, "url"));
    json_decref(extra);
}

/* The picture that says it. */
static bool said(struct mud_json *json, struct steps *steps,
                 const struct mud_rows *rows, size_t i, struct mud_id post,
                 struct mud_error *err)
{
    struct mud_span at = {(uint32_t)mud_rows_int(rows, i, E_START),
                          (uint32_t)mud_rows_int(rows, i, E_END)};

    mud_json_kint(json, "in_index", mud_rows_int(rows, i, E_INDEX));
    return mud_image_said(
        json, steps->pg, post, mud_rows_id(rows, i, E_CONTENT), at, err);
}

static bool one_evidence(struct mud_json *json, struct steps *steps,
                         const struct mud_rows *rows, size_t i,
                         struct mud_error *err)
{
    int64_t field = mud_rows_int(rows, i, E_FIELD);
    struct mud_id id = mud_rows_id(rows, i, E_POST);
    struct mud_rows *post = NULL;
    bool done = false;

    if (!mud_query_ids(
            &post, steps->pg, "post_show", (struct mud_ids){&id, 1}, NULL, err))
        return false;
    mud_json_object(json);
    done = quote(json, steps, rows, i, post, err);
    mud_json_kz(json, "in", mud_field_name(field));
    mud_json_kdouble(
        json, "sure", (double)mud_rows_int(rows, i, E_SURE) / 1000);
    mud_json_kz(json,
                "category",
                mud_category_name(
                    (enum mud_category)mud_rows_int(rows, i, E_CATEGORY)));
    mud_json_timed(json, "seen_at", rows, i, E_SEEN);
    done = done && rule(json, steps, rows, i, err) &&
           (field != MUD_IN_ATTACHMENT || said(json, steps, rows, i, id, err));
    mud_json_kid(json, "post", id);
    post_fields(json, post);
    done = done && capture(json, steps, mud_rows_get(rows, i, E_CAPTURE), err);
    mud_json_object_end(json);
    mud_rows_free(post);
    return done;
}

static bool evidence(struct mud_json *json, struct steps *steps,
                     const struct mud_hop *hop, struct mud_error *err)
{
    char from[MUD_ID_TEXT], to[MUD_ID_TEXT], kind[16];
    struct mud_str args[4] = {mud_str_z(mud_id_text(from, hop->from)),
                              mud_str_z(mud_id_text(to, hop->to)),
                              {0},
                              MUD_STR(EVIDENCE_MAX)};
    struct mud_rows *rows = NULL;
    bool done = true;

    snprintf(kind, sizeof(kind), "%d", hop->kind);
    args[2] = mud_str_z(kind);
    if (!mud_pg_query(&rows, steps->pg, mud_sql("why_evidence"), args, 4, err))
        return false;
    mud_json_kint(json,
                  "evidence_count",
                  mud_rows_count(rows) ? mud_rows_int(rows, 0, E_COUNT) : 0);
    mud_json_key(json, "evidence");
    mud_json_array(json);
    for (size_t i = 0; done && i < mud_rows_count(rows); i++)
        done = one_evidence(json, steps, rows, i, err);
    mud_json_array_end(json);
    mud_rows_free(rows);
    return done;
}

static void node(struct mud_json *json, const char *key,
                 const struct steps *steps, struct mud_id id)
{
    size_t row = mud_keyed_row(&steps->nodes, id);
    const struct mud_rows *rows = steps->nodes.rows;

    mud_json_key(json, key);
    mud_json_object(json);
    mud_json_kid(json, "id", id);
    if (row != MUD_NPOS) {
        mud_json_kz(
            json, "kind", mud_node_kind_name((int)mud_rows_int(rows, row, 1)));
        mud_json_kstr(json, "type", mud_rows_get(rows, row, 2));
        mud_json_kstr(json, "value", mud_rows_get(rows, row, 3));
        mud_json_kstr(json, "name", mud_rows_get(rows, row, 4));
    }
    mud_json_object_end(json);
}

static bool forward(bool *out, struct steps *steps, const struct mud_hop *hop,
                    struct mud_error *err)
{
    char from[MUD_ID_TEXT], to[MUD_ID_TEXT], kind[16];
    struct mud_str args[3] = {mud_str_z(mud_id_text(from, hop->from)),
                              mud_str_z(mud_id_text(to, hop->to)),
                              {0}};
    struct mud_rows *rows = NULL;

    snprintf(kind, sizeof(kind), "%d", hop->kind);
    args[2] = mud_str_z(kind);
    if (!mud_pg_query(&rows, steps->pg, mud_sql("why_claim"), args, 3, err))
        return false;
    *out = mud_rows_count(rows) && mud_rows_bool(rows, 0, 0);
    mud_rows_free(rows);
    return true;
}

/* The signs of a bond and what they weigh. */
static bool bond(struct mud_json *json, struct steps *steps,
                 const struct mud_str args[3], struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, steps->pg, mud_sql("why_bond"), args, 3, err))
        return false;
    if (mud_rows_count(rows)) {
        mud_json_kdouble(json, "bits", mud_rows_double(rows, 0, 0));
        mud_json_key(json, "reasons");
        mud_json_raw(json, mud_rows_get(rows, 0, 2));
    }
    mud_rows_free(rows);
    return true;
}

static bool verdict(struct mud_json *json, struct steps *steps,
                    const struct mud_str args[3], struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, steps->pg, mud_sql("verdict_of"), args, 2, err))
        return false;
    if (mud_rows_count(rows)) {
        mud_json_key(json, "verdict");
        mud_json_object(json);
        mud_json_kint(json, "verdict", mud_rows_int(rows, 0, 0));
        mud_json_kstr(json, "by", mud_rows_get(rows, 0, 2));
        mud_json_timed(json, "at", rows, 0, 3);
        mud_json_kstr(json, "reason", mud_rows_get(rows, 0, 4));
        mud_json_object_end(json);
    }
    mud_rows_free(rows);
    return true;
}

/* Why the claim joins nobody, if so. */
static bool loose(struct mud_json *json, struct steps *steps,
                  const struct mud_str args[3], struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, steps->pg, mud_sql("why_loose"), args, 3, err))
        return false;
    if (mud_rows_count(rows))
        mud_json_kstr(json, "why", mud_rows_get(rows, 0, 0));
    mud_rows_free(rows);
    return true;
}

static bool weight(struct mud_json *json, struct steps *steps,
                   const struct mud_hop *hop, struct mud_error *err)
{
    char from[MUD_ID_TEXT], to[MUD_ID_TEXT], kind[16];
    struct mud_str args[3] = {mud_str_z(mud_id_text(from, hop->from)),
                              mud_str_z(mud_id_text(to, hop->to)),
                              {0}};

    snprintf(kind, sizeof(kind), "%d", hop->kind);
    args[2] = mud_str_z(kind);
    if (hop->kind == MUD_CLAIM_CONFIRMED)
        return verdict(json, steps, args, err);
    return bond(json, steps, args, err) && loose(json, steps, args, err);
}

static bool step(struct steps *steps, size_t n, const struct mud_hop *hop,
                 struct mud_error *err)
{
    struct mud_json json = {.buf = &steps->line};
    bool said = false;

    if (!forward(&said, steps, hop, err))
        return false;
    mud_buf_clear(&steps->line);
    mud_json_object(&json);
    mud_json_kz(&json, "type", "step");
    mud_json_kint(&json, "schema", 1);
    mud_json_kint(&json, "n", (int64_t)n);
    node(&json, "from", steps, hop->from);
    mud_json_kz(&json, "claim", mud_claim_kind_name(hop->kind));
    mud_json_kbool(&json, "forward", said);
    node(&json, "to", steps, hop->to);
    if (!weight(&json, steps, hop, err) || !evidence(&json, steps, hop, err))
        return false;
    mud_json_object_end(&json);
    return steps->record(mud_buf_view(&steps->line), steps->payload, err);
}

static bool give_steps(struct mud_pg *pg, const struct mud_hop *hops, size_t n,
                       mud_record_fn *record, void *payload,
                       struct mud_error *err)
{
    struct steps steps = {.pg = pg, .record = record, .payload = payload};
    struct mud_id ids[MUD_WHY_HOPS + 1];
    bool go = true;

    for (size_t i = 0; i < n; i++)
        ids[i] = hops[i].from;
    if (n)
        ids[n] = hops[n - 1].to;
    go = mud_keyed_run(&steps.nodes,
                       pg,
                       "entity_show",
                       (struct mud_ids){ids, n ? n + 1 : 0},
                       err);
    for (size_t i = 0; go && i < n; i++)
        go = step(&steps, i + 1, &hops[i], err);
    mud_keyed_free(&steps.nodes);
    mud_buf_free(&steps.line);
    return go;
}

/* NOLINTNEXTLINE(readability-function-size): the contract of the header */
bool mud_why(struct mud_why *out, struct mud_pg *pg, struct mud_str a,
             struct mud_str b, mud_record_fn *record, void *payload,
             struct mud_error *err)
{
    struct mud_id *from = NULL, *to = NULL;
    struct mud_path path = {.holding = true};
    struct mud_error why = {0};
    bool go = false;

    *out = (struct mud_why){0};
    go = mud_node_find(&from, &path.n_from, pg, a, &why) &&
         mud_node_find(&to, &path.n_to, pg, b, &why);
    path.from = from;
    path.to = to;
    go = go && mud_path_find(&path, pg, &why);
    out->strong = path.n > 0;
    path.holding = false;
    if (go && !path.n)
        go = mud_path_find(&path, pg, &why);
    out->hops = path.n;
    out->cut = path.cut;
    go = go && give_steps(pg, path.hops, path.n, record, payload, &why);
    free(from);
    free(to);
    return go || why.code == MUD_OK || mud_fail(err, why.code, "%s", why.text);
}
