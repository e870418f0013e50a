#include "run/source_terms.h"

#include "run/hours.h"
#include "run/proxy.h"

#include <stdio.h>

static struct mud_str or_null(struct mud_str s)
{
    return s.n ? s : MUD_SQL_NULL;
}

struct mud_policy mud_source_policy(const struct mud_source *source,
                                    int64_t spent)
{
    struct mud_policy policy = mud_policy_defaults();

    policy.hosts = source->hosts;
    policy.n_hosts = source->n_hosts;
    policy.paths = source->paths;
    policy.n_paths = source->n_paths;
    policy.allow_private = source->allow_private;
    policy.proxy = source->proxy;
    mud_proxy_circuit(policy.circuit, source);
    policy.tls_unverified = source->any_certificate;
    policy.user_agent = source->user_agent;
    policy.headers = source->headers;
    policy.n_headers = source->n_headers;
    if (source->page_s)
        policy.page_seconds = (unsigned)source->page_s;
    policy.page_bytes = (size_t)source->page_bytes;
    policy.day_bytes = source->day_bytes;
    policy.day_spent = spent;
    policy.delay_ms = (unsigned)source->delay_ms;
    policy.jitter_ms = (unsigned)(source->delay_ms / 2);
    policy.per_host = (unsigned)source->parallel;
    policy.parallel = (unsigned)source->parallel;
    return policy;
}

static bool read_row(struct mud_source *out, const struct mud_rows *rows,
                     size_t row, struct mud_arena *arena, struct mud_error *err)
{
    struct mud_str *text[] = {NULL,
                              &out->name,
                              &out->kind,
                              &out->url,
                              &out->legal_basis,
                              &out->zone,
                              &out->state,
                              &out->state_note};

    *out = (struct mud_source){.id = (int32_t)mud_rows_int(rows, row, 0)};
    for (size_t i = 1; i < 8; i++)
        *text[i] = mud_str_dup(mud_rows_get(rows, row, i), arena);
    out->expires = mud_rows_time(rows, row, 8);
    out->created = mud_rows_time(rows, row, 9);
    out->created_by = mud_str_dup(mud_rows_get(rows, row, 10), arena);
    out->waits =
        mud_rows_null(rows, row, 13) ? 0 : mud_rows_time(rows, row, 13);
    if (!mud_source_read_json(out,
                              mud_rows_get(rows, row, 11),
                              mud_rows_get(rows, row, 12),
                              arena,
                              err))
        return mud_fail_in(err, "source %.*s", MUD_FMT(out->name));
    return true;
}

static bool select_rows(struct mud_source **out, size_t *n, struct mud_pg *pg,
                        struct mud_str name, struct mud_arena *arena,
                        struct mud_error *err)
{
    struct mud_rows *rows;
    bool good = true;

    if (!mud_pg_query(&rows, pg, mud_sql("source_list"), &name, 1, err))
        return false;
    *n = mud_rows_count(rows);
    *out = mud_arena_array(arena, *n, sizeof **out);
    for (size_t i = 0; i < *n && good; i++)
        good = read_row(&(*out)[i], rows, i, arena, err);
    mud_rows_free(rows);
    return good;
}

bool mud_source_load(struct mud_source *out, struct mud_pg *pg,
                     struct mud_str name, struct mud_arena *arena,
                     struct mud_error *err)
{
    struct mud_source *found;
    size_t n;

    if (!select_rows(&found, &n, pg, name, arena, err))
        return false;
    if (!n)
        return mud_fail(err,
                        MUD_EMISSING,
                        "no source %.*s (mudlark source list names them)",
                        MUD_FMT(name));
    *out = found[0];
    return true;
}

bool mud_source_list(struct mud_source **out, size_t *n, struct mud_pg *pg,
                     struct mud_arena *arena, struct mud_error *err)
{
    return select_rows(out, n, pg, MUD_SQL_NULL, arena, err);
}

static bool changed_one(struct mud_pg *pg, const char *sql,
                        const struct mud_str *args, size_t n,
                        struct mud_error *err)
{
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, pg, sql, args, n, err))
        return false;
    size_t count = mud_rows_count(rows);
    mud_rows_free(rows);
    if (!count)
        return mud_fail(err,
                        MUD_EMISSING,
                        "no source %.*s (mudlark source list names them)",
                        MUD_FMT(args[0]));
    return true;
}

bool mud_source_set_state(struct mud_pg *pg, struct mud_str name,
                          struct mud_str state, struct mud_str note,
                          struct mud_str who, struct mud_error *err)
{
    char now[MUD_TIME_TEXT];
    struct mud_str args[] = {name,
                             state,
                             or_null(note),
                             who,
                             mud_str_z(mud_time_text(now, mud_now(), true))};

    return (!mud_str_eqz(state, "active") ||
            mud_pg_query(NULL, pg, mud_sql("wall_gone"), &name, 1, err)) &&
           changed_one(pg, mud_sql("source_state"), args, 5, err);
}

bool mud_source_remove(struct mud_pg *pg, struct mud_str name,
                       struct mud_error *err)
{
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, pg, mud_sql("source_held"), &name, 1, err))
        return false;
    bool held = mud_rows_bool(rows, 0, 0);
    mud_rows_free(rows);
    if (held)
        return mud_fail(err,
                        MUD_EDENIED,
                        "source %.*s holds captures and stays: evidence keeps "
                        "its source (mudlark source pause %.*s)",
                        MUD_FMT(name),
                        MUD_FMT(name));
    return changed_one(pg, mud_sql("source_remove"), &name, 1, err);
}

bool mud_source_allowed(const struct mud_source *source, int64_t now,
                        struct mud_error *err)
{
    char expires[MUD_TIME_TEXT];

    if (!mud_str_eqz(source->state, "active"))
        return mud_fail(err,
                        MUD_EDENIED,
                        "source %.*s is %.*s%s%.*s",
                        MUD_FMT(source->name),
                        MUD_FMT(source->state),
                        source->state_note.n ? ": " : "",
                        MUD_FMT(source->state_note));
    if (!mud_str_trim(source->legal_basis).n)
        return mud_fail(err,
                        MUD_EDENIED,
                        "source %.*s has no legal basis",
                        MUD_FMT(source->name));
    if (source->expires <= now)
        return mud_fail(err,
                        MUD_EDENIED,
                        "source %.*s expired at %s: nothing is fetched",
                        MUD_FMT(source->name),
                        mud_time_text(expires, source->expires, false));
    return true;
}

int64_t mud_source_opens(const struct mud_source *source, int64_t now)
{
    struct mud_hours hours;

    if (source->waits > now)
        now = source->waits;
    /* Hours that nobody can read would be a source that is never fetched; they
     * were checked when they were set. */
    return mud_hours_parse(&hours, source->hours, NULL)
               ? mud_hours_next(&hours, source->zone, now)
               : now;
}

/* A number of source_spent.sql. */
static bool spent(int64_t *out, size_t column, struct mud_pg *pg,
                  const struct mud_source *source, struct mud_error *err)
{
    char id[16], now[MUD_TIME_TEXT];
    struct mud_rows *rows;

    snprintf(id, sizeof id, "%d", (int)source->id);
    struct mud_str args[] = {mud_str_z(id),
                             mud_str_z(mud_time_text(now, mud_now(), false))};
    if (!mud_pg_query(&rows, pg, mud_sql("source_spent"), args, 2, err))
        return false;
    *out = mud_rows_int(rows, 0, column);
    mud_rows_free(rows);
    return true;
}

bool mud_source_spent(int64_t *bytes, struct mud_pg *pg,
                      const struct mud_source *source, struct mud_error *err)
{
    return spent(bytes, 0, pg, source, err);
}

bool mud_source_spent_pages(int64_t *pages, struct mud_pg *pg,
                            const struct mud_source *source,
                            struct mud_error *err)
{
    return spent(pages, 1, pg, source, err);
}
