#include "graph/alert.h"

#include "base/utf8.h"
#include "graph/pages.h"
#include "graph/search_query.h"

#include <stdio.h>
#include <stdlib.h>

#define PAGE     200
#define TEXT_MAX 4000

static bool understood(struct mud_pg *pg, const struct mud_reader *reader,
                       struct mud_str text, const char *zone,
                       struct mud_error *err)
{
    struct mud_query *query = mud_calloc(1, sizeof(*query));
    struct mud_arena *arena = mud_arena_new();
    struct mud_zone *days = NULL;
    bool good = mud_zone_new(&days, mud_str_z(zone), err) &&
                mud_query_read(query, reader, text, days, arena, err) &&
                mud_query_resolve(query, pg, arena, err) &&
                (!query->sorted ||
                 mud_fail(err,
                          MUD_EUSAGE,
                          "query: sort: has no meaning in a saved search"));

    mud_zone_free(days);
    mud_arena_free(arena);
    free(query);
    return good;
}

static bool room(struct mud_pg *pg, struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    struct mud_str any = MUD_SQL_NULL;
    bool good = mud_pg_query(&rows, pg, mud_sql("alert_list"), &any, 1, err);

    if (good && mud_rows_count(rows) >= MUD_ALERTS_MAX)
        good = mud_fail(
            err, MUD_ELIMIT, "more than %d saved searches", MUD_ALERTS_MAX);
    mud_rows_free(rows);
    return good;
}

bool mud_alert_add(struct mud_pg *pg, const struct mud_reader *reader,
                   struct mud_str name, struct mud_str query, const char *zone,
                   struct mud_str who, struct mud_error *err)
{
    char now[MUD_TIME_TEXT];
    struct mud_str args[] = {name,
                             query,
                             mud_str_z(zone),
                             mud_str_z(mud_time_text(now, mud_now(), true)),
                             who};
    struct mud_rows *rows = NULL;
    bool good = false;

    if (!name.n || mud_utf8_count(name) > 100)
        return mud_fail(err, MUD_EUSAGE, "a name has 1 to 100 characters");
    if (!understood(pg, reader, query, zone, err) || !room(pg, err) ||
        !mud_pg_query(&rows, pg, mud_sql("alert_add"), args, 5, err))
        return false;
    good = mud_rows_count(rows) == 1;
    mud_rows_free(rows);
    return good || mud_fail(err,
                            MUD_EUSAGE,
                            "there is a saved search %.*s: remove it first, "
                            "or take another name",
                            MUD_FMT(name));
}

static bool change(struct mud_pg *pg, const char *query,
                   const struct mud_str *args, size_t n, struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    bool good = mud_pg_query(&rows, pg, mud_sql(query), args, n, err);
    bool there = good && mud_rows_changed(rows) > 0;

    mud_rows_free(rows);
    return good && (there || mud_fail(err,
                                      MUD_EMISSING,
                                      "there is no saved search %.*s "
                                      "(mudlark alert list)",
                                      MUD_FMT(args[0])));
}

bool mud_alert_remove(struct mud_pg *pg, struct mud_str name,
                      struct mud_error *err)
{
    return change(pg, "alert_remove", &name, 1, err);
}

bool mud_alert_mute(struct mud_pg *pg, struct mud_str name, bool mute,
                    struct mud_error *err)
{
    char now[MUD_TIME_TEXT];
    struct mud_str args[] = {name,
                             mute ? MUD_STR("t") : MUD_STR("f"),
                             mud_str_z(mud_time_text(now, mud_now(), true))};

    return change(pg, "alert_mute", args, 3, err);
}

/* ---- lists ---- */

static void write_alert(struct mud_json *json, const struct mud_rows *rows,
                        size_t i)
{
    static const char *const states[] = {"new", "seen", "kept", "rejected"};

    mud_json_object(json);
    mud_json_kz(json, "type", "alert");
    mud_json_kint(json, "schema", 1);
    mud_json_kstr(json, "name", mud_rows_get(rows, i, 1));
    mud_json_kstr(json, "query", mud_rows_get(rows, i, 2));
    mud_json_kstr(json, "zone", mud_rows_get(rows, i, 3));
    mud_json_kstr(json, "made_by", mud_rows_get(rows, i, 4));
    mud_json_timed(json, "made_at", rows, i, 5);
    mud_json_kbool(json, "muted", mud_rows_bool(rows, i, 6));
    mud_json_text(json, "trouble", mud_rows_get(rows, i, 7));
    for (size_t k = 0; k < 4; k++)
        mud_json_kint(json, states[k], mud_rows_int(rows, i, 9 + k));
    mud_json_timed(json, "last_hit", rows, i, 13);
    mud_json_object_end(json);
}

bool mud_alert_list(struct mud_pg *pg, struct mud_str name,
                    mud_record_fn *record, void *payload, struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    struct mud_str arg = name.n ? name : MUD_SQL_NULL;
    bool go = mud_pg_query(&rows, pg, mud_sql("alert_list"), &arg, 1, err);

    if (go && name.n && !mud_rows_count(rows))
        go = mud_fail(err,
                      MUD_EMISSING,
                      "there is no saved search %.*s (mudlark alert list)",
                      MUD_FMT(name));
    for (size_t i = 0; go && i < mud_rows_count(rows); i++) {
        struct mud_buf buf = {0};
        struct mud_json json = {.buf = &buf};

        write_alert(&json, rows, i);
        go = record(mud_buf_view(&buf), payload, err);
        mud_buf_free(&buf);
    }
    mud_rows_free(rows);
    return go;
}

enum { /* columns of alert_hits */
    HIT,
    NAME,
    CONTENT,
    POST,
    AT,
    FOUND_AT,
    STATE,
    STATE_BY,
    STATE_AT,
    NOTE,
    FOUND,
    POSTS,
    LAST,
    ALERT
};

/* What was known when it was found, as it was. */
static void write_found(struct mud_json *json, struct mud_str text)
{
    static const char *const keys[] = {
        "author", "source", "category", "side", "is_offer", "lang", "field"};
    json_t *found = mud_json_read(text, NULL);

    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        const json_t *value = json_object_get(found, keys[i]);

        if (json_is_boolean(value))
            mud_json_kbool(json, keys[i], json_is_true(value));
        else
            mud_json_text(json, keys[i], mud_json_get_str(found, keys[i]));
    }
    json_decref(found);
}

static void write_hit(struct mud_json *json, const struct mud_rows *rows,
                      size_t i, const struct mud_keyed *bodies)
{
    size_t row = mud_keyed_row(bodies, mud_rows_id(rows, i, CONTENT));
    struct mud_str body =
        mud_keyed_get(bodies, mud_rows_id(rows, i, CONTENT), 5);

    mud_json_object(json);
    mud_json_kz(json, "type", "alert_hit");
    mud_json_kint(json, "schema", 1);
    mud_json_kint(json, "hit", mud_rows_int(rows, i, HIT));
    mud_json_kstr(json, "alert", mud_rows_get(rows, i, NAME));
    mud_json_kstr(json, "content", mud_rows_get(rows, i, CONTENT));
    mud_json_kstr(json, "post", mud_rows_get(rows, i, POST));
    mud_json_timed(json, "at", rows, i, AT);
    mud_json_timed(json, "found_at", rows, i, FOUND_AT);
    mud_json_kint(json, "posts", mud_rows_int(rows, i, POSTS));
    mud_json_timed(json, "last_at", rows, i, LAST);
    mud_json_kstr(json, "state", mud_rows_get(rows, i, STATE));
    mud_json_text(json, "state_by", mud_rows_get(rows, i, STATE_BY));
    mud_json_timed(json, "state_at", rows, i, STATE_AT);
    mud_json_kstr(json, "note", mud_rows_get(rows, i, NOTE));
    mud_json_key(json, "text");
    if (row == MUD_NPOS)
        mud_json_null(json);
    else
        mud_json_str(json, mud_str_sub(body, 0, mud_utf8_cut(body, TEXT_MAX)));
    write_found(json, mud_rows_get(rows, i, FOUND));
    mud_json_object_end(json);
}

static bool handed_out(struct mud_pg *pg, const struct mud_rows *rows,
                       struct mud_error *err)
{
    bool good = true;

    for (size_t i = 0; good && i < mud_rows_count(rows); i++) {
        struct mud_str args[] = {mud_rows_get(rows, i, ALERT),
                                 mud_rows_get(rows, i, HIT)};

        good = mud_pg_query(NULL, pg, mud_sql("alert_delivered"), args, 2, err);
    }
    return good;
}

static bool give_page(struct mud_pg *pg, const struct mud_rows *rows,
                      mud_record_fn *record, void *payload,
                      struct mud_error *err)
{
    struct mud_id *ids = mud_column_ids(rows, CONTENT);
    struct mud_keyed bodies = {0};
    bool go = mud_keyed_run(&bodies,
                            pg,
                            "search_bodies",
                            (struct mud_ids){ids, mud_rows_count(rows)},
                            err);

    for (size_t i = 0; go && i < mud_rows_count(rows); i++) {
        struct mud_buf buf = {0};
        struct mud_json json = {.buf = &buf};

        write_hit(&json, rows, i, &bodies);
        go = record(mud_buf_view(&buf), payload, err);
        mud_buf_free(&buf);
    }
    free(ids);
    mud_keyed_free(&bodies);
    return go;
}

bool mud_alert_hits(struct mud_pg *pg, const struct mud_alert_asked *asked,
                    mud_record_fn *record, void *payload, struct mud_error *err)
{
    char after[24], limit[24];
    size_t left = asked->limit ? asked->limit : SIZE_MAX, n = PAGE;
    struct mud_str args[4] = {asked->name.n ? asked->name : MUD_SQL_NULL,
                              MUD_SQL_NULL,
                              asked->state.n ? asked->state : MUD_SQL_NULL,
                              {0}};
    int64_t from = asked->after;
    bool go = true;

    while (go && left && n == PAGE) {
        struct mud_rows *rows = NULL;

        snprintf(after, sizeof(after), "%lld", (long long)from);
        snprintf(limit, sizeof(limit), "%zu", left < PAGE ? left : PAGE);
        args[1] = from < 0 ? MUD_SQL_NULL : mud_str_z(after);
        args[3] = mud_str_z(limit);
        go = mud_pg_query(&rows, pg, mud_sql("alert_hits"), args, 4, err);
        n = go ? mud_rows_count(rows) : 0;
        go = go && give_page(pg, rows, record, payload, err) &&
             (!asked->hand_out || handed_out(pg, rows, err));
        left -= n < left ? n : left;
        /* What was handed out is behind us: ask for what is behind that. */
        if (n && (from >= 0 || !asked->hand_out))
            from = mud_rows_int(rows, n - 1, HIT);
        mud_rows_free(rows);
    }
    return go;
}

bool mud_alert_mark(struct mud_pg *pg, int64_t hit, struct mud_str state,
                    struct mud_str who, const char *note, struct mud_error *err)
{
    static const char *const states[] = {"new", "seen", "kept", "rejected"};
    char number[24], now[MUD_TIME_TEXT];
    struct mud_str args[] = {{0},
                             state,
                             who,
                             mud_str_z(mud_time_text(now, mud_now(), true)),
                             note ? mud_str_z(note) : MUD_SQL_NULL};
    struct mud_rows *rows = NULL;
    bool there = false;

    if (!mud_str_among(state, states, 4))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "a hit is new, seen, kept or rejected, not %.*s",
                        (int)(state.n < 40 ? state.n : 40),
                        state.n ? state.s : "");
    snprintf(number, sizeof(number), "%lld", (long long)hit);
    args[0] = mud_str_z(number);
    if (!mud_pg_query(&rows, pg, mud_sql("alert_mark"), args, 5, err))
        return false;
    there = mud_rows_changed(rows) > 0;
    mud_rows_free(rows);
    return there || mud_fail(err, MUD_EMISSING, "there is no hit %s", number);
}
