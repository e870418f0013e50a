/* Alarms as records. */
#include "graph/drift.h"

#include "base/json.h"
#include "graph/fill.h"
#include "parse/engine.h"

#include <stdio.h>

enum { /* columns of drift_list */
    SOURCE,
    ENGINE,
    KIND,
    WHAT,
    RISES,
    SINCE,
    FOUND,
    CHECKED,
    WAS,
    WAS_OF,
    NOW,
    NOW_OF,
    SCORE,
    EXAMPLE,
    URL,
    CLEARED
};

/* Where the description of an engine says how to find it. */
static struct mud_str selector(struct mud_str engine, struct mud_str what,
                               struct mud_arena *arena)
{
    static const struct {
        const char *what, *section, *key;
    } keys[] = {
        {"post", "post", "id"},
        {"author", "post", "author"},
        {"author_id", "post", "author_id"},
        {"time", "post", "time"},
        {"body", "post", "body"},
        {"position", "post", "position"},
        {"quotes", "quote", "node"},
        {"signature", "post", "signature"},
        {"links", "post", "body"},
        {"images", "post", "image"},
        {"attachments", "post", "attachment"},
        {"no-posts", "post", "node"},
    };

    if (mud_str_starts(what, MUD_STR("alike:")))
        what = mud_str_sub(what, 6, what.n);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (mud_str_eqz(what, keys[i].what))
            return mud_engine_says(engine, keys[i].section, keys[i].key, arena);
    return (struct mud_str){0};
}

static void text_or_null(struct mud_json *json, const char *key,
                         struct mud_str s)
{
    if (s.n)
        mud_json_kstr(json, key, s);
    else
        mud_json_knull(json, key);
}

static void write(struct mud_buf *out, const struct mud_rows *rows, size_t i,
                  struct mud_arena *arena)
{
    struct mud_json json = {.buf = out};

    mud_json_object(&json);
    mud_json_kz(&json, "type", "drift");
    mud_json_kint(&json, "schema", 1);
    mud_json_kstr(&json, "source", mud_rows_get(rows, i, SOURCE));
    mud_json_kstr(&json, "engine", mud_rows_get(rows, i, ENGINE));
    mud_json_kstr(&json, "kind", mud_rows_get(rows, i, KIND));
    mud_json_kstr(&json, "what", mud_rows_get(rows, i, WHAT));
    text_or_null(&json,
                 "selector",
                 selector(mud_rows_get(rows, i, ENGINE),
                          mud_rows_get(rows, i, WHAT),
                          arena));
    mud_json_kbool(&json, "rises", mud_rows_bool(rows, i, RISES));
    mud_json_ktime(&json, "since", mud_rows_time(rows, i, SINCE));
    mud_json_ktime(&json, "found", mud_rows_time(rows, i, FOUND));
    mud_json_ktime(&json, "checked", mud_rows_time(rows, i, CHECKED));
    mud_json_kdouble(&json, "was", mud_rows_double(rows, i, WAS));
    mud_json_kint(&json, "was_of", mud_rows_int(rows, i, WAS_OF));
    mud_json_kdouble(&json, "now", mud_rows_double(rows, i, NOW));
    mud_json_kint(&json, "now_of", mud_rows_int(rows, i, NOW_OF));
    mud_json_kdouble(&json, "score", mud_rows_double(rows, i, SCORE));
    mud_json_kstr(&json, "example", mud_rows_get(rows, i, EXAMPLE));
    text_or_null(&json, "example_url", mud_rows_get(rows, i, URL));
    if (mud_rows_null(rows, i, CLEARED))
        mud_json_knull(&json, "cleared");
    else
        mud_json_ktime(&json, "cleared", mud_rows_time(rows, i, CLEARED));
    mud_json_object_end(&json);
}

/* $1 of the queries: the source, or NULL for all. */
static struct mud_str source_arg(char text[16], int32_t source)
{
    snprintf(text, 16, "%d", (int)source);
    return source ? mud_str_z(text) : MUD_SQL_NULL;
}

bool mud_list_drift(struct mud_pg *pg, int32_t source, bool ended, size_t limit,
                    mud_record_fn *record, void *payload, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_buf line = {0};
    struct mud_rows *rows = NULL;
    char id[16], most[24];
    bool good;

    snprintf(most, sizeof(most), "%zu", limit && limit < 10000 ? limit : 10000);
    struct mud_str args[] = {source_arg(id, source),
                             ended ? MUD_STR("t") : MUD_STR("f"),
                             mud_str_z(most)};
    good = mud_pg_query(&rows, pg, mud_sql("drift_list"), args, 3, err);
    for (size_t i = 0; good && i < mud_rows_count(rows); i++) {
        mud_arena_reset(arena);
        mud_buf_clear(&line);
        write(&line, rows, i, arena);
        good = record(mud_buf_view(&line), payload, err);
    }
    mud_rows_free(rows);
    mud_buf_free(&line);
    mud_arena_free(arena);
    return good;
}

bool mud_drift_count(int64_t *open, struct mud_pg *pg, int32_t source,
                     struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    char id[16];
    struct mud_str arg = source_arg(id, source);

    if (!mud_pg_query(&rows, pg, mud_sql("drift_count"), &arg, 1, err))
        return false;
    *open = mud_rows_int(rows, 0, 0);
    mud_rows_free(rows);
    return true;
}
