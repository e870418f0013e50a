#include "evidence/retention.h"

#include "base/json.h"
#include "base/log.h"
#include "base/time.h"
#include "evidence/vault.h"

#include <stdio.h>

#define NAMED 500 /* captures whose ids stand in the ledger's line */

static const char *const classes[] = {"1m", "3m", "1y", "3y", "10y"};

bool mud_retention_known(struct mud_str class)
{
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
        if (mud_str_eqz(class, classes[i]))
            return true;
    return false;
}

/* The last step of a transaction: its line, the commit, the copy. */
static bool finish(struct mud_pg *pg, const char *home,
                   struct mud_ledger_entry *entry, struct mud_error *err)
{
    struct mud_error late = {0};

    if (!mud_ledger_append(pg, entry, 1, err) || !mud_pg_commit(pg, err))
        return false;
    if (!mud_ledger_mirror(pg, home, &late))
        mud_log(MUD_LOG_ERROR, "ledger", "%s", late.text);
    return true;
}

bool mud_retention_set(struct mud_pg *pg, const char *home,
                       struct mud_str source, struct mud_str class,
                       struct mud_str who, struct mud_error *err)
{
    char now[MUD_TIME_TEXT];
    struct mud_buf detail = {0};
    struct mud_json json = {.buf = &detail};
    struct mud_ledger_entry entry = {
        .op = "retention", .object = source, .actor = who};
    struct mud_str args[4] = {source, class};
    struct mud_rows *rows = NULL;
    bool ok;

    if (!mud_retention_known(class))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "retention is 1m, 3m, 1y, 3y or 10y, not %.*s",
                        MUD_FMT(class));
    args[2] = mud_str_z(mud_time_text(now, mud_now(), true));
    args[3] = who;
    mud_json_object(&json);
    mud_json_kstr(&json, "class", class);
    mud_json_object_end(&json);
    entry.detail = mud_buf_view(&detail);
    ok = mud_pg_begin(pg, err) &&
         mud_pg_query(&rows, pg, mud_sql("retention_set"), args, 4, err) &&
         (mud_rows_changed(rows) == 1 ||
          mud_fail(
              err, MUD_EMISSING, "no source is named %.*s", MUD_FMT(source))) &&
         finish(pg, home, &entry, err);
    if (!ok)
        mud_pg_rollback(pg);
    mud_rows_free(rows);
    mud_buf_free(&detail);
    return ok;
}

/* ------------------------------------------------------------------ holds */

static void ids_text(struct mud_buf *out, const struct mud_id *ids, size_t n)
{
    mud_buf_c(out, '{');
    for (size_t i = 0; i < n; i++) {
        char id[MUD_ID_TEXT];

        mud_buf_printf(out, "%s%s", i ? "," : "", mud_id_text(id, ids[i]));
    }
    mud_buf_c(out, '}');
}

static bool hold_parts(struct mud_pg *pg, int64_t id,
                       const struct mud_hold *hold, struct mud_error *err)
{
    char number[32];
    struct mud_buf text = {0};
    struct mud_str args[2];
    struct mud_rows *rows = NULL;
    bool ok;

    snprintf(number, sizeof(number), "%lld", (long long)id);
    ids_text(&text, hold->captures, hold->n_captures);
    args[0] = mud_str_z(number);
    args[1] = mud_buf_view(&text);
    ok = mud_pg_query(&rows, pg, mud_sql("hold_capture_add"), args, 2, err) &&
         (mud_rows_changed(rows) >= (int64_t)hold->n_captures ||
          mud_fail(err, MUD_EMISSING, "one of these captures is not here"));
    mud_rows_free(rows);
    mud_buf_clear(&text);
    ids_text(&text, hold->nodes, hold->n_nodes);
    args[1] = mud_buf_view(&text);
    ok = ok && mud_pg_query(NULL, pg, mud_sql("hold_node_add"), args, 2, err);
    mud_buf_free(&text);
    return ok;
}

static void detail_of(struct mud_buf *out, const struct mud_hold *hold)
{
    struct mud_json json = {.buf = out};

    mud_json_object(&json);
    if (hold->n_captures > NAMED)
        mud_json_kint(&json, "captures", (int64_t)hold->n_captures);
    else if (hold->n_captures) {
        mud_json_key(&json, "captures");
        mud_json_array(&json);
        for (size_t i = 0; i < hold->n_captures; i++) {
            char id[MUD_ID_TEXT];

            mud_json_str(&json, mud_str_z(mud_id_text(id, hold->captures[i])));
        }
        mud_json_array_end(&json);
    }
    mud_json_kz(&json, "kind", hold->kind);
    mud_json_kstr(&json, "reason", hold->reason);
    mud_json_object_end(&json);
}

bool mud_hold_set(struct mud_pg *pg, const char *home,
                  const struct mud_hold *hold, struct mud_error *err)
{
    char now[MUD_TIME_TEXT];
    struct mud_buf detail = {0};
    struct mud_ledger_entry entry = {
        .op = "hold", .object = hold->object, .actor = hold->who};
    struct mud_str args[5] = {
        mud_str_z(hold->kind), hold->object, hold->reason, hold->who};
    struct mud_rows *rows = NULL;
    bool ok;

    if (!hold->reason.n)
        return mud_fail(err, MUD_EUSAGE, "a hold has a reason");
    args[4] = mud_str_z(mud_time_text(now, mud_now(), true));
    detail_of(&detail, hold);
    entry.detail = mud_buf_view(&detail);
    ok = mud_pg_begin(pg, err) &&
         mud_pg_query(&rows, pg, mud_sql("hold_add"), args, 5, err) &&
         (mud_rows_count(rows) == 1 || mud_fail(err,
                                                MUD_EUSAGE,
                                                "%s %.*s is held already",
                                                hold->kind,
                                                MUD_FMT(hold->object))) &&
         hold_parts(pg, mud_rows_int(rows, 0, 0), hold, err) &&
         finish(pg, home, &entry, err);
    if (!ok)
        mud_pg_rollback(pg);
    mud_rows_free(rows);
    mud_buf_free(&detail);
    return ok;
}

bool mud_hold_release(struct mud_pg *pg, const char *home,
                      const struct mud_hold *hold, struct mud_error *err)
{
    char now[MUD_TIME_TEXT];
    struct mud_buf detail = {0};
    struct mud_ledger_entry entry = {
        .op = "release", .object = hold->object, .actor = hold->who};
    struct mud_str args[5] = {mud_str_z(hold->kind), hold->object, hold->who};
    struct mud_rows *rows = NULL;
    bool ok;

    if (!hold->reason.n)
        return mud_fail(err, MUD_EUSAGE, "a release has a reason");
    args[3] = mud_str_z(mud_time_text(now, mud_now(), true));
    args[4] = hold->reason;
    detail_of(&detail, hold);
    entry.detail = mud_buf_view(&detail);
    ok = mud_pg_begin(pg, err) &&
         mud_pg_query(&rows, pg, mud_sql("hold_release"), args, 5, err) &&
         (mud_rows_changed(rows) == 1 || mud_fail(err,
                                                  MUD_EMISSING,
                                                  "%s %.*s is not held",
                                                  hold->kind,
                                                  MUD_FMT(hold->object))) &&
         finish(pg, home, &entry, err);
    if (!ok)
        mud_pg_rollback(pg);
    mud_rows_free(rows);
    mud_buf_free(&detail);
    return ok;
}
