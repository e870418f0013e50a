#include "run/source_terms.h"

#include "base/json.h"

#include <stdio.h>
#include <stdlib.h>

static struct mud_str or_null(struct mud_str s)
{
    return s.n ? s : MUD_SQL_NULL;
}

static bool insert(struct mud_source *source, struct mud_pg *pg,
                   struct mud_error *err)
{
    struct mud_buf scope = {0}, options = {0};
    struct mud_rows *rows = NULL;
    char expires[MUD_TIME_TEXT];

    mud_source_scope_json(&scope, source);
    mud_source_options_json(&options, source);
    mud_time_text(expires, source->expires, false);
    struct mud_str args[] = {source->name,
                             source->kind,
                             or_null(source->url),
                             source->legal_basis,
                             mud_buf_view(&scope),
                             mud_str_z(expires),
                             or_null(source->zone),
                             mud_buf_view(&options),
                             source->created_by};
    bool good =
        mud_pg_begin(pg, err) &&
        mud_pg_exec(pg, "LOCK TABLE mud.source IN EXCLUSIVE MODE", err) &&
        mud_pg_query(&rows, pg, mud_sql("source_add"), args, 9, err);
    if (good) {
        source->id = (int32_t)mud_rows_int(rows, 0, 0);
        source->created = mud_rows_time(rows, 0, 1);
        good = mud_pg_commit(pg, err);
    }
    if (!good) {
        bool twice = strcmp(mud_pg_sqlstate(pg), "23505") == 0;
        mud_pg_rollback(pg);
        if (twice && err) {
            mud_error_clear(err);
            mud_fail(err,
                     MUD_EUSAGE,
                     "there is a source %.*s already",
                     MUD_FMT(source->name));
        }
    }
    mud_rows_free(rows);
    mud_buf_free(&scope);
    mud_buf_free(&options);
    return good;
}

bool mud_source_add(struct mud_source *source, struct mud_pg *pg,
                    struct mud_arena *arena, struct mud_error *err)
{
    if (!mud_source_check(source, arena, err))
        return false;
    source->state = MUD_STR("active");
    return insert(source, pg, err);
}

/* All that can be changed, flat: what is compared and recorded. */
static json_t *terms_of(const struct mud_source *s)
{
    struct mud_buf text = {0};
    struct mud_json json = {.buf = &text};
    struct mud_buf part = {0};
    char expires[MUD_TIME_TEXT];
    json_t *terms, *more;

    mud_json_object(&json);
    mud_json_kstr(&json, "url", s->url);
    mud_json_kstr(&json, "legal_basis", s->legal_basis);
    mud_json_kz(&json, "expires", mud_time_text(expires, s->expires, false));
    mud_json_kstr(&json, "zone", s->zone);
    mud_json_kstr(&json, "state", s->state);
    mud_json_object_end(&json);
    terms = mud_json_read(mud_buf_view(&text), NULL);
    for (int i = 0; terms && i < 2; i++) {
        mud_buf_clear(&part);
        if (i)
            mud_source_options_json(&part, s);
        else
            mud_source_scope_json(&part, s);
        more = mud_json_read(mud_buf_view(&part), NULL);
        json_object_update(terms, more);
        json_decref(more);
    }
    mud_buf_free(&text);
    mud_buf_free(&part);
    return terms;
}

/* A value as a person writes it: text bare, all else as JSON. */
static void put_value(struct mud_json *json, const char *key,
                      const json_t *value)
{
    char *dump;

    if (!value) {
        mud_json_kz(json, key, "");
    } else if (json_is_string(value)) {
        mud_json_kstr(json,
                      key,
                      mud_str_of(json_string_value(value),
                                 json_string_length(value)));
    } else {
        dump = json_dumps(value, JSON_ENCODE_ANY);
        mud_json_kz(json, key, dump ? dump : "");
        free(dump);
    }
}

static size_t put_one(struct mud_json *json, const char *field,
                      const json_t *was, const json_t *becomes)
{
    if (was && becomes && json_equal(was, becomes))
        return 0;
    mud_json_object(json);
    mud_json_kz(json, "field", field);
    put_value(json, "was", was);
    put_value(json, "becomes", becomes);
    mud_json_object_end(json);
    return 1;
}

/* [{"field","was","becomes"}...] */
static size_t put_changes(struct mud_buf *out, const struct mud_source *was,
                          const struct mud_source *becomes)
{
    struct mud_json json = {.buf = out};
    json_t *a = terms_of(was), *b = terms_of(becomes), *value;
    const char *field;
    size_t n = 0;

    mud_json_array(&json);
    json_object_foreach(a, field, value) n +=
        put_one(&json, field, value, json_object_get(b, field));
    json_object_foreach(b, field, value)
    {
        if (!json_object_get(a, field))
            n += put_one(&json, field, NULL, value);
    }
    mud_json_array_end(&json);
    json_decref(a);
    json_decref(b);
    return n;
}

static bool update(const struct mud_source *source, struct mud_pg *pg,
                   struct mud_error *err)
{
    struct mud_buf scope = {0}, options = {0};
    char id[16], expires[MUD_TIME_TEXT];

    mud_source_scope_json(&scope, source);
    mud_source_options_json(&options, source);
    snprintf(id, sizeof id, "%d", (int)source->id);
    struct mud_str args[] = {
        mud_str_z(id),
        or_null(source->url),
        source->legal_basis,
        mud_buf_view(&scope),
        mud_str_z(mud_time_text(expires, source->expires, false)),
        or_null(source->zone),
        mud_buf_view(&options),
        source->state,
        or_null(source->state_note),
    };
    bool good = mud_pg_query(NULL, pg, mud_sql("source_set"), args, 9, err);
    mud_buf_free(&scope);
    mud_buf_free(&options);
    return good;
}

/* What differs from the row as it is now, and then the row. */
static bool change(size_t *n, const struct mud_source *source,
                   struct mud_str who, struct mud_str note, struct mud_pg *pg,
                   struct mud_arena *arena, struct mud_error *err)
{
    struct mud_buf changes = {0};
    struct mud_source was;
    char id[16], now[MUD_TIME_TEXT];

    snprintf(id, sizeof id, "%d", (int)source->id);
    struct mud_str key = mud_str_z(id);
    if (!mud_pg_query(NULL, pg, mud_sql("source_lock"), &key, 1, err) ||
        !mud_source_load(&was, pg, source->name, arena, err))
        return false;
    *n = put_changes(&changes, &was, source);
    struct mud_str args[] = {key,
                             mud_str_z(mud_time_text(now, mud_now(), true)),
                             who,
                             note.s ? note : MUD_STR(""),
                             mud_buf_view(&changes)};
    bool good = update(source, pg, err) &&
                mud_pg_query(NULL, pg, mud_sql("source_changed"), args, 5, err);
    mud_buf_free(&changes);
    return good;
}

bool mud_source_set(size_t *n, struct mud_source *source, struct mud_str who,
                    struct mud_str note, struct mud_pg *pg,
                    struct mud_arena *arena, struct mud_error *err)
{
    if (!mud_source_check(source, arena, err))
        return false;
    if (mud_pg_begin(pg, err) && change(n, source, who, note, pg, arena, err) &&
        mud_pg_commit(pg, err))
        return true;
    mud_pg_rollback(pg);
    return mud_fail_in(err, "source %.*s", MUD_FMT(source->name));
}

bool mud_source_changes(struct mud_source_change **out, size_t *n,
                        struct mud_pg *pg, const struct mud_source *source,
                        size_t most, struct mud_arena *arena,
                        struct mud_error *err)
{
    char id[16], limit[24];
    struct mud_rows *rows;

    snprintf(id, sizeof id, "%d", (int)source->id);
    snprintf(limit, sizeof limit, "%zu", most);
    struct mud_str args[] = {mud_str_z(id), mud_str_z(limit)};
    if (!mud_pg_query(&rows, pg, mud_sql("source_changes"), args, 2, err))
        return false;
    *n = mud_rows_count(rows);
    *out = mud_arena_array(arena, *n, sizeof **out);
    for (size_t i = 0; i < *n; i++)
        (*out)[i] = (struct mud_source_change){
            .at = mud_rows_time(rows, i, 0),
            .by = mud_str_dup(mud_rows_get(rows, i, 1), arena),
            .field = mud_str_dup(mud_rows_get(rows, i, 2), arena),
            .was = mud_str_dup(mud_rows_get(rows, i, 3), arena),
            .becomes = mud_str_dup(mud_rows_get(rows, i, 4), arena),
            .note = mud_str_dup(mud_rows_get(rows, i, 5), arena),
        };
    mud_rows_free(rows);
    return true;
}
