#include "graph/verdict.h"

#include "graph/pages.h"
#include "graph/why.h"

#include <stdlib.h>

static void write_node(struct mud_json *json, const char *key,
                       const struct mud_rows *rows, size_t row)
{
    mud_json_key(json, key);
    mud_json_object(json);
    mud_json_kid(json, "id", mud_rows_id(rows, row, 0));
    mud_json_kz(
        json, "kind", mud_node_kind_name((int)mud_rows_int(rows, row, 1)));
    mud_json_kstr(json, "type", mud_rows_get(rows, row, 2));
    mud_json_kstr(json, "value", mud_rows_get(rows, row, 3));
    mud_json_kstr(json, "name", mud_rows_get(rows, row, 4));
    mud_json_object_end(json);
}

/* The one node that text means, as a row of entity_show. */
static bool find_one(struct mud_rows **out, size_t *row, struct mud_pg *pg,
                     struct mud_str text, struct mud_error *err)
{
    struct mud_id *ids = NULL, id;
    struct mud_rows *rows = NULL;
    size_t n = 0, best = MUD_NPOS;
    bool actor = mud_id_parse(mud_str_trim(text), &id);

    if (!mud_node_find(&ids, &n, pg, text, err))
        return false;
    if (!mud_query_ids(
            &rows, pg, "entity_show", (struct mud_ids){ids, n}, NULL, err)) {
        free(ids);
        return false;
    }
    free(ids);
    for (size_t i = 0; i < mud_rows_count(rows); i++) {
        bool persona = mud_rows_int(rows, i, 1) == MUD_NODE_PERSONA;

        if (best == MUD_NPOS ||
            (persona && (mud_rows_int(rows, best, 1) != MUD_NODE_PERSONA ||
                         mud_str_cmp(mud_rows_get(rows, i, 0),
                                     mud_rows_get(rows, best, 0)) < 0)))
            best = i;
    }
    *out = rows;
    *row = best;
    if (best == MUD_NPOS)
        return mud_fail(
            err, MUD_EMISSING, "no node has the id %.*s", MUD_FMT(text));
    if (!actor && mud_rows_count(rows) > 1)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "%zu nodes are called %.*s: say which by TYPE:VALUE or "
                        "id (mudlark show)",
                        mud_rows_count(rows),
                        MUD_FMT(text));
    return true;
}

struct pair {
    struct mud_rows *rows[2];
    size_t row[2];
    struct mud_str ids[2]; /* the smaller first */
    bool turned;           /* b is the smaller */
};

static void pair_free(struct pair *pair)
{
    mud_rows_free(pair->rows[0]);
    mud_rows_free(pair->rows[1]);
}

static bool find_pair(struct pair *pair, struct mud_pg *pg,
                      const struct mud_verdict *verdict, struct mud_error *err)
{
    int by = 0;

    if (!find_one(&pair->rows[0], &pair->row[0], pg, verdict->a, err) ||
        !find_one(&pair->rows[1], &pair->row[1], pg, verdict->b, err))
        return false;
    pair->ids[0] = mud_rows_get(pair->rows[0], pair->row[0], 0);
    pair->ids[1] = mud_rows_get(pair->rows[1], pair->row[1], 0);
    by = mud_str_cmp(pair->ids[0], pair->ids[1]);
    if (!by)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "%.*s and %.*s are one node",
                        MUD_FMT(verdict->a),
                        MUD_FMT(verdict->b));
    pair->turned = by > 0;
    if (pair->turned) {
        struct mud_str first = pair->ids[0];

        pair->ids[0] = pair->ids[1];
        pair->ids[1] = first;
    }
    return true;
}

/* Does the last run hold both in one actor? */
static bool in_one(bool *out, struct mud_pg *pg, const struct pair *pair,
                   struct mud_error *err)
{
    struct mud_id ids[] = {mud_rows_id(pair->rows[0], pair->row[0], 0),
                           mud_rows_id(pair->rows[1], pair->row[1], 0)};
    struct mud_rows *rows = NULL;

    if (!mud_query_ids(
            &rows, pg, "seller_of", (struct mud_ids){ids, 2}, NULL, err))
        return false;
    *out = mud_rows_count(rows) == 2 &&
           mud_str_eq(mud_rows_get(rows, 0, 1), mud_rows_get(rows, 1, 1));
    mud_rows_free(rows);
    return true;
}

static bool may(struct mud_pg *pg, const struct mud_verdict *verdict,
                const struct pair *pair, struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    bool one = false, said = false;

    if (!mud_str_trim(verdict->reason).n)
        return mud_fail(
            err, MUD_EUSAGE, "a verdict needs a reason: --reason \"...\"");
    if (!mud_pg_query(&rows, pg, mud_sql("verdict_of"), pair->ids, 2, err))
        return false;
    said = mud_rows_count(rows) &&
           !mud_str_eqz(mud_rows_get(rows, 0, 1), "withdraw");
    mud_rows_free(rows);
    if (!said && strcmp(verdict->what, "withdraw") == 0)
        return mud_fail(err, MUD_EUSAGE, "there is no verdict on these two");
    if (strcmp(verdict->what, "split") != 0)
        return true;
    if (!in_one(&one, pg, pair, err))
        return false;
    return one || mud_fail(err,
                           MUD_EUSAGE,
                           "no actor holds both now; to keep them apart for "
                           "good: mudlark actor forbid");
}

static void nodes_of(struct mud_json *json, const struct pair *pair)
{
    write_node(json, "a", pair->rows[0], pair->row[0]);
    write_node(json, "b", pair->rows[1], pair->row[1]);
}

static void head(struct mud_json *json, const char *type)
{
    mud_json_object(json);
    mud_json_kz(json, "type", type);
    mud_json_kint(json, "schema", 1);
}

static bool store(struct mud_pg *pg, const struct mud_verdict *verdict,
                  const struct pair *pair, mud_record_fn *record, void *payload,
                  struct mud_error *err)
{
    struct mud_buf nodes = {0}, line = {0};
    struct mud_json json = {.buf = &nodes};
    struct mud_rows *rows = NULL;
    struct mud_str args[6] = {pair->ids[0],
                              pair->ids[1],
                              mud_str_z(verdict->what),
                              verdict->by,
                              verdict->reason,
                              {0}};
    bool done = false;

    mud_json_object(&json);
    nodes_of(&json, pair);
    mud_json_object_end(&json);
    args[5] = mud_buf_view(&nodes);
    if (mud_pg_query(&rows, pg, mud_sql("verdict_put"), args, 6, err)) {
        json = (struct mud_json){.buf = &line};
        head(&json, "verdict");
        mud_json_kint(&json, "verdict", mud_rows_int(rows, 0, 0));
        mud_json_kz(&json, "what", verdict->what);
        nodes_of(&json, pair);
        mud_json_kstr(&json, "by", verdict->by);
        mud_json_ktime(&json, "at", mud_rows_time(rows, 0, 1));
        mud_json_kstr(&json, "reason", verdict->reason);
        mud_json_object_end(&json);
        done = record(mud_buf_view(&line), payload, err);
    }
    mud_rows_free(rows);
    mud_buf_free(&nodes);
    mud_buf_free(&line);
    return done;
}

bool mud_verdict_add(struct mud_pg *pg, const struct mud_verdict *verdict,
                     mud_record_fn *record, void *payload,
                     struct mud_error *err)
{
    struct pair pair = {0};
    bool done = find_pair(&pair, pg, verdict, err) &&
                may(pg, verdict, &pair, err) &&
                store(pg, verdict, &pair, record, payload, err);

    pair_free(&pair);
    return done;
}

/* ---- history ---- */

struct history {
    struct mud_rows *changes, *verdicts;
    struct mud_keyed nodes;
    struct mud_buf line;
};

static void write_verdict(struct history *history, size_t i)
{
    const struct mud_rows *rows = history->verdicts;
    struct mud_json json = {.buf = &history->line};
    struct mud_error odd = {0};
    json_t *nodes = mud_json_read(mud_rows_get(rows, i, 7), &odd);
    static const char *const ends[] = {"a", "b"};

    mud_buf_clear(&history->line);
    head(&json, "verdict");
    mud_json_kint(&json, "verdict", mud_rows_int(rows, i, 0));
    mud_json_kstr(&json, "what", mud_rows_get(rows, i, 3));
    for (size_t j = 0; j < 2; j++) {
        char *text = json_dumps(json_object_get(nodes, ends[j]), JSON_COMPACT);

        mud_json_key(&json, ends[j]);
        mud_json_raw(&json, mud_str_z(text ? text : "null"));
        free(text);
    }
    mud_json_kstr(&json, "by", mud_rows_get(rows, i, 4));
    mud_json_ktime(&json, "at", mud_rows_time(rows, i, 5));
    mud_json_kstr(&json, "reason", mud_rows_get(rows, i, 6));
    mud_json_object_end(&json);
    json_decref(nodes);
}

static void write_change(struct history *history, size_t i)
{
    const struct mud_rows *rows = history->changes;
    struct mud_json json = {.buf = &history->line};
    size_t row = mud_keyed_row(&history->nodes, mud_rows_id(rows, i, 0));

    mud_buf_clear(&history->line);
    head(&json, "actor_change");
    mud_json_ktime(&json, "at", mud_rows_time(rows, i, 1));
    if (row != MUD_NPOS) {
        write_node(&json, "node", history->nodes.rows, row);
    } else { /* it is there no more */
        mud_json_key(&json, "node");
        mud_json_object(&json);
        mud_json_kid(&json, "id", mud_rows_id(rows, i, 0));
        mud_json_object_end(&json);
    }
    mud_json_kstr(&json, "actor", mud_rows_get(rows, i, 2));
    mud_json_text(&json, "was", mud_rows_get(rows, i, 3));
    mud_json_text(&json, "via", mud_rows_get(rows, i, 4));
    mud_json_kz(
        &json, "claim", mud_claim_kind_name((int)mud_rows_int(rows, i, 5)));
    mud_json_object_end(&json);
}

/* Both lists are in the order of time. */
static bool give(struct history *history, mud_record_fn *record, void *payload,
                 struct mud_error *err)
{
    size_t c = 0, v = 0;
    size_t changes = mud_rows_count(history->changes);
    size_t verdicts = mud_rows_count(history->verdicts);

    while (c < changes || v < verdicts) {
        bool verdict =
            c == changes ||
            (v < verdicts && mud_rows_time(history->verdicts, v, 5) <
                                 mud_rows_time(history->changes, c, 1));

        if (verdict)
            write_verdict(history, v++);
        else
            write_change(history, c++);
        if (!record(mud_buf_view(&history->line), payload, err))
            return false;
    }
    return true;
}

static bool load(struct history *history, struct mud_pg *pg,
                 struct mud_ids members, struct mud_str actor,
                 struct mud_error *err)
{
    struct mud_id *ids = NULL;
    bool done =
        mud_query_ids(
            &history->changes, pg, "actor_history", members, &actor, err) &&
        mud_query_ids(
            &history->verdicts, pg, "verdict_list", members, NULL, err);

    if (!done)
        return false;
    ids = mud_column_ids(history->changes, 0);
    done =
        mud_keyed_run(&history->nodes,
                      pg,
                      "entity_show",
                      (struct mud_ids){ids, mud_rows_count(history->changes)},
                      err);
    free(ids);
    return done;
}

bool mud_actor_history(struct mud_pg *pg, struct mud_str text,
                       mud_record_fn *record, void *payload,
                       struct mud_error *err)
{
    struct history history = {0};
    struct mud_id *ids = NULL, *all = NULL, id;
    struct mud_rows *actors = NULL, *members = NULL;
    char actor[MUD_ID_TEXT] = "";
    struct mud_str arg = {0};
    size_t n = 0;
    bool done = false;

    if (!mud_node_find(&ids, &n, pg, text, err))
        return false;
    done = mud_query_ids(
        &actors, pg, "seller_of", (struct mud_ids){ids, n}, NULL, err);
    if (done && mud_rows_count(actors))
        mud_id_text(actor, mud_rows_id(actors, 0, 1));
    else if (mud_id_parse(mud_str_trim(text), &id))
        mud_id_text(actor, id); /* one that is no more */
    arg = actor[0] ? mud_str_z(actor) : MUD_SQL_NULL;
    done =
        done &&
        (!actor[0] ||
         mud_pg_query(&members, pg, mud_sql("seller_members"), &arg, 1, err));
    if (done && members && mud_rows_count(members)) {
        all = mud_column_ids(members, 0);
        done = load(&history,
                    pg,
                    (struct mud_ids){all, mud_rows_count(members)},
                    arg,
                    err);
    } else if (done) {
        done = load(&history, pg, (struct mud_ids){ids, n}, arg, err);
    }
    done = done && give(&history, record, payload, err);
    free(ids);
    free(all);
    mud_rows_free(actors);
    mud_rows_free(members);
    mud_rows_free(history.changes);
    mud_rows_free(history.verdicts);
    mud_keyed_free(&history.nodes);
    mud_buf_free(&history.line);
    return done;
}
