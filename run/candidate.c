#include "run/candidate.h"

#include "base/json.h"
#include "base/time.h"

#include <stdio.h>

static struct mud_str or_null(struct mud_str s)
{
    return s.n ? s : MUD_SQL_NULL;
}

static void row_json(struct mud_buf *out, const struct mud_rows *rows, size_t i)
{
    struct mud_json json = {.buf = out};
    int64_t posts = mud_rows_int(rows, i, 2), offers = mud_rows_int(rows, i, 3);

    mud_json_object(&json);
    mud_json_kz(&json, "type", "candidate");
    mud_json_kint(&json, "schema", 1);
    mud_json_kstr(&json, "kind", mud_rows_get(rows, i, 0));
    mud_json_kstr(&json, "value", mud_rows_get(rows, i, 1));
    mud_json_kint(&json, "posts", posts);
    mud_json_kint(&json, "offers", offers);
    mud_json_kdouble(
        &json, "share", posts ? (double)offers / (double)posts : 0);
    mud_json_kint(&json, "sellers", mud_rows_int(rows, i, 4));
    mud_json_kint(&json, "sources", mud_rows_int(rows, i, 5));
    mud_json_ktime(&json, "first_seen", mud_rows_time(rows, i, 6));
    mud_json_ktime(&json, "last_seen", mud_rows_time(rows, i, 7));
    mud_json_kstr(&json, "post", mud_rows_get(rows, i, 8));
    if (!mud_rows_null(rows, i, 9)) {
        mud_json_kstr(&json, "verdict", mud_rows_get(rows, i, 9));
        mud_json_kstr(&json, "by", mud_rows_get(rows, i, 10));
        mud_json_ktime(&json, "decided", mud_rows_time(rows, i, 11));
        if (mud_rows_get(rows, i, 12).n)
            mud_json_kstr(&json, "note", mud_rows_get(rows, i, 12));
    }
    mud_json_object_end(&json);
}

bool mud_candidate_list(const struct mud_candidates *ask, struct mud_pg *pg,
                        struct mud_error *err)
{
    char min[24], limit[24];
    struct mud_rows *rows;
    bool good = true;

    snprintf(min, sizeof min, "%lld", (long long)ask->min_posts);
    snprintf(limit, sizeof limit, "%lld", (long long)ask->limit);
    struct mud_str args[] = {mud_str_z(min),
                             mud_str_z(ask->decided ? "true" : "false"),
                             mud_str_z(limit),
                             or_null(ask->kind),
                             or_null(ask->value)};
    if (!mud_pg_query(&rows, pg, mud_sql("candidate_list"), args, 5, err))
        return false;
    for (size_t i = 0; good && i < mud_rows_count(rows); i++) {
        struct mud_buf json = {0};
        row_json(&json, rows, i);
        good = ask->each(mud_buf_view(&json), ask->payload, err);
        mud_buf_free(&json);
    }
    mud_rows_free(rows);
    return good;
}

static bool count(struct mud_str json, void *payload, struct mud_error *err)
{
    (void)json;
    (void)err;
    ++*(int *)payload;
    return true;
}

bool mud_candidate_judge(struct mud_pg *pg, struct mud_str kind,
                         struct mud_str value, const char *verdict,
                         const char *who, struct mud_str note,
                         struct mud_error *err)
{
    char now[MUD_TIME_TEXT];
    int n = 0;
    struct mud_candidates ask = {.min_posts = 1,
                                 .limit = 1,
                                 .decided = true,
                                 .kind = kind,
                                 .value = value,
                                 .each = count,
                                 .payload = &n};

    if (!mud_candidate_list(&ask, pg, err))
        return false;
    if (!n)
        return mud_fail(err,
                        MUD_EMISSING,
                        "no stored post names %.*s %.*s, or a source reads it "
                        "already (mudlark source suggest)",
                        MUD_FMT(kind),
                        MUD_FMT(value));
    struct mud_str args[] = {kind,
                             value,
                             mud_str_z(verdict),
                             mud_str_z(who),
                             mud_str_z(mud_time_text(now, mud_now(), true)),
                             or_null(note)};
    return mud_pg_query(NULL, pg, mud_sql("candidate_put"), args, 6, err);
}
