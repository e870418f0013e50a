#include "desk/audit.h"

#include "base/json.h"
#include "base/time.h"

#include <stdio.h>

#define DENIED "42501" /* insufficient_privilege */

static struct mud_str or_null(struct mud_str text)
{
    return text.n ? text : MUD_SQL_NULL;
}

static struct mud_str or_empty(struct mud_str text)
{
    return text.s ? text : MUD_STR("");
}

static bool add(int64_t *seq, struct mud_pg *pg, const struct mud_deed *deed,
                int64_t of, struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    char number[24];

    (void)snprintf(number, sizeof(number), "%lld", (long long)of);
    const struct mud_str args[] = {
        or_empty(deed->who),
        mud_str_z(deed->action),
        mud_str_z(deed->kind ? deed->kind : ""),
        or_empty(deed->object),
        deed->detail.n ? deed->detail : MUD_STR("{}"),
        or_null(deed->reason),
        of >= 0 ? mud_str_z(number) : MUD_SQL_NULL,
    };
    if (mud_pg_query(&rows, pg, mud_sql("audit_add"), args, 7, err)) {
        *seq = mud_rows_int(rows, 0, 0);
        mud_rows_free(rows);
        return true;
    }
    if (err && strcmp(mud_pg_sqlstate(pg), DENIED) == 0)
        err->code = MUD_EDENIED;
    return mud_fail_in(err, "audit");
}

bool mud_audit_begin(int64_t *seq, struct mud_pg *pg,
                     const struct mud_deed *deed, struct mud_error *err)
{
    return add(seq, pg, deed, -1, err);
}

bool mud_audit(struct mud_pg *pg, const struct mud_deed *deed,
               struct mud_error *err)
{
    int64_t seq;

    return add(&seq, pg, deed, -1, err);
}

bool mud_audit_end(struct mud_pg *pg, const struct mud_deed *deed, int64_t seq,
                   const struct mud_deed_end *end, struct mud_error *err)
{
    struct mud_deed line = {
        .who = deed->who, .action = deed->action, .kind = deed->kind};
    struct mud_buf text = {0};
    struct mud_json json = {.buf = &text};
    int64_t ignored;

    mud_json_object(&json);
    if (end->records >= 0)
        mud_json_kint(&json, "records", end->records);
    mud_json_kz(&json, "state", end->failed ? "failed" : "done");
    if (end->why)
        mud_json_kz(&json, "why", end->why);
    mud_json_object_end(&json);
    line.detail = mud_buf_view(&text);
    bool good = add(&ignored, pg, &line, seq, err);
    mud_buf_free(&text);
    return good;
}

struct listing {
    bool (*row)(const struct mud_audit_line *line, void *payload,
                struct mud_error *err);
    void *payload;
};

static bool give(const struct mud_rows *one, void *payload,
                 struct mud_error *err)
{
    const struct listing *listing = payload;
    const struct mud_audit_line line = {
        .seq = mud_rows_int(one, 0, 0),
        .at = mud_rows_time(one, 0, 1),
        .who = mud_rows_get(one, 0, 2),
        .login = mud_rows_get(one, 0, 3),
        .action = mud_rows_get(one, 0, 4),
        .kind = mud_rows_get(one, 0, 5),
        .object = mud_rows_get(one, 0, 6),
        .detail = mud_rows_get(one, 0, 7),
        .reason = mud_rows_get(one, 0, 8),
        .ended = mud_rows_time(one, 0, 9),
        .end = mud_rows_get(one, 0, 10),
    };

    return listing->row(&line, listing->payload, err);
}

static struct mud_str time_or_null(char out[MUD_TIME_TEXT], int64_t us)
{
    return us ? mud_str_z(mud_time_text(out, us, true)) : MUD_SQL_NULL;
}

bool mud_audit_list(struct mud_pg *pg, const struct mud_audit_query *query,
                    bool (*row)(const struct mud_audit_line *line,
                                void *payload, struct mud_error *err),
                    void *payload, struct mud_error *err)
{
    struct listing listing = {row, payload};
    char since[MUD_TIME_TEXT], until[MUD_TIME_TEXT], max[24];

    (void)snprintf(max, sizeof(max), "%lld", (long long)query->max);
    const struct mud_str args[] = {or_null(query->who),
                                   time_or_null(since, query->since),
                                   time_or_null(until, query->until),
                                   or_null(query->action),
                                   or_null(query->object),
                                   mud_str_z(max)};
    return mud_pg_each(pg, mud_sql("audit_list"), args, 6, give, &listing, err);
}

struct checking {
    struct mud_audit_check *out;
    int64_t at;
    bool (*line)(struct mud_str text, void *payload, struct mud_error *err);
    void *payload;
};

static void found(struct mud_audit_check *out, int64_t seq, const char *what)
{
    if (!out->bad++) {
        out->first_seq = seq;
        (void)snprintf(out->first,
                       sizeof(out->first),
                       "line %lld: %s",
                       (long long)seq,
                       what);
    }
}

/* What is wrong with one row, or NULL. */
static const char *fault(struct checking *c, const struct mud_rows *one,
                         struct mud_str text, const uint8_t hash[MUD_SHA256])
{
    uint8_t held[MUD_SHA256], prev[MUD_SHA256];
    int64_t at = 0, seq = mud_rows_int(one, 0, 0);
    json_t *json = mud_json_read(text, NULL);
    const char *what = NULL;

    if (seq != c->out->lines)
        what = "lines before it are missing";
    else if (!mud_rows_bytes(one, 0, 2, held, sizeof(held)) ||
             memcmp(held, hash, sizeof(held)) != 0)
        what = "its text was changed";
    else if (!json || mud_json_get_int(json, "seq", -1) != seq ||
             !mud_rows_bool(one, 0, 3))
        what = "its columns say something else than its text";
    else if (!mud_unhex(mud_json_get_str(json, "prev"), prev, sizeof(prev)) ||
             memcmp(prev, c->out->head, sizeof(prev)) != 0)
        what = "it does not continue the line before";
    else if (!mud_time_parse(mud_json_get_str(json, "ts"), &at) || at < c->at)
        what = "its time is before that of the line before";
    json_decref(json);
    if (at > c->at)
        c->at = at;
    return what;
}

static bool check_row(const struct mud_rows *one, void *payload,
                      struct mud_error *err)
{
    struct checking *c = payload;
    struct mud_str text = mud_rows_get(one, 0, 1);
    uint8_t hash[MUD_SHA256];

    mud_sha256_of(text, hash);
    const char *what = fault(c, one, text, hash);
    if (what)
        found(c->out, mud_rows_int(one, 0, 0), what);
    /* From here on as it stands: each break is told once. */
    c->out->lines = mud_rows_int(one, 0, 0) + 1;
    if (!mud_rows_bytes(one, 0, 2, c->out->head, sizeof(hash)))
        memcpy(c->out->head, hash, sizeof(hash));
    return !c->line || c->line(text, c->payload, err);
}

bool mud_audit_verify(struct mud_audit_check *out, struct mud_pg *pg,
                      bool (*line)(struct mud_str text, void *payload,
                                   struct mud_error *err),
                      void *payload, struct mud_error *err)
{
    struct checking c = {.out = out, .line = line, .payload = payload};
    const struct mud_str from = MUD_STR("0");

    *out = (struct mud_audit_check){0};
    return mud_pg_each(pg, mud_sql("audit_rows"), &from, 1, check_row, &c, err);
}
