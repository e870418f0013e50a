/* Keys whose time is over are destroyed; what is held keeps its own. */
#include "evidence/retention.h"

#include "base/json.h"
#include "base/log.h"
#include "base/time.h"
#include "evidence/vault.h"

#include <stdio.h>

struct due {
    struct mud_id key;
    struct mud_str month, class;
    int64_t under, held;
};

/* Give what is held a key of its own; count the rest. A file that several
 * captures share stays when one of them is held. */
static bool keep_held(struct due *due, struct mud_purge *purge,
                      struct mud_vault *vault, struct mud_pg *pg,
                      struct mud_error *err)
{
    char id[MUD_ID_TEXT], now[MUD_TIME_TEXT];
    struct mud_str args[2];
    struct mud_rows *rows;
    bool ok = true;

    args[0] = mud_str_z(mud_id_text(id, due->key));
    args[1] = mud_str_z(mud_time_text(now, purge->now, true));
    if (!mud_pg_query(&rows, pg, mud_sql("retention_under"), args, 2, err))
        return false;
    due->under = due->held = 0;
    for (size_t r = 0; ok && r < mud_rows_count(rows); r++) {
        bool held = mud_rows_bool(rows, r, 3);

        due->under += !held;
        due->held += held;
        for (size_t column = 1; ok && held && !purge->dry && column <= 2;
             column++)
            ok = mud_rows_null(rows, r, column) ||
                 mud_keys_keep(vault->keys,
                               pg,
                               due->key,
                               mud_rows_id(rows, r, column),
                               err);
    }
    mud_rows_free(rows);
    return ok;
}

static void detail_of(struct mud_buf *out, const struct due *due,
                      int64_t captures, const struct mud_purge *purge)
{
    struct mud_json json = {.buf = out};

    mud_json_object(&json);
    mud_json_kint(&json, "captures", captures);
    mud_json_kstr(&json, "class", due->class);
    mud_json_kint(&json, "kept", due->held);
    mud_json_kstr(&json, "month", due->month);
    mud_json_kstr(&json, "reason", purge->reason);
    mud_json_object_end(&json);
}

/* Rows and the ledger's line in one transaction, the copy behind it: killed in
 * between, mud_keys_sync goes on from the row. */
static bool end_key(int64_t *captures, const struct due *due,
                    const struct mud_purge *purge, struct mud_pg *pg,
                    struct mud_error *err)
{
    char id[MUD_ID_TEXT], now[MUD_TIME_TEXT];
    struct mud_buf detail = {0};
    struct mud_ledger_entry entry = {.op = "purge", .actor = purge->who};
    struct mud_str args[4];
    struct mud_rows *rows = NULL;
    bool ok;

    args[0] = entry.object = mud_str_z(mud_id_text(id, due->key));
    args[1] = mud_str_z(mud_time_text(now, purge->now, true));
    args[2] = purge->who;
    args[3] = purge->reason;
    ok = mud_pg_begin(pg, err) &&
         mud_pg_query(NULL, pg, mud_sql("seal_lock"), NULL, 0, err) &&
         mud_pg_query(NULL, pg, mud_sql("seal_key_end"), args, 4, err) &&
         mud_pg_query(&rows, pg, mud_sql("seal_purged"), args, 2, err);
    *captures = ok ? mud_rows_changed(rows) : 0;
    mud_rows_free(rows);
    detail_of(&detail, due, *captures, purge);
    entry.detail = mud_buf_view(&detail);
    ok = ok && mud_ledger_append(pg, &entry, 1, err) && mud_pg_commit(pg, err);
    if (!ok)
        mud_pg_rollback(pg);
    mud_buf_free(&detail);
    return ok;
}

static bool purge_key(struct mud_purge *purge, struct due *due,
                      struct mud_vault *vault, struct mud_pg *pg,
                      struct mud_error *err)
{
    struct mud_key_end end = {.key = due->key,
                              .suffix = "key",
                              .actor = purge->who,
                              .reason = purge->reason,
                              .at = purge->now};
    int64_t captures = 0;

    if (!keep_held(due, purge, vault, pg, err))
        return false;
    if (purge->dry)
        captures = due->under;
    else if (!end_key(&captures, due, purge, pg, err) ||
             !mud_keys_destroy(vault->keys, &end, err))
        return false;
    purge->keys++;
    purge->captures += captures;
    purge->kept += due->held;
    return true;
}

/* A capture's own key, which nothing holds any more. The tombstone stands
 * before the row goes, or a copy might bring it back. */
static bool let_go(struct mud_purge *purge, struct mud_id salt,
                   struct mud_str capture, struct mud_vault *vault,
                   struct mud_pg *pg, struct mud_error *err)
{
    char id[MUD_ID_TEXT], now[MUD_TIME_TEXT];
    struct mud_buf detail = {0};
    struct mud_json json = {.buf = &detail};
    struct mud_key_end end = {.key = salt,
                              .suffix = "kept",
                              .actor = purge->who,
                              .reason = purge->reason,
                              .at = purge->now};
    struct mud_ledger_entry entry = {
        .op = "purge", .object = capture, .actor = purge->who};
    struct mud_str args[2];
    bool ok;

    mud_json_object(&json);
    mud_json_kid(&json, "key", salt);
    mud_json_kstr(&json, "reason", purge->reason);
    mud_json_object_end(&json);
    entry.detail = mud_buf_view(&detail);
    args[0] = mud_str_z(mud_id_text(id, salt));
    args[1] = mud_str_z(mud_time_text(now, purge->now, true));
    ok = mud_pg_begin(pg, err) &&
         mud_pg_query(NULL, pg, mud_sql("seal_lock"), NULL, 0, err) &&
         mud_pg_query(NULL, pg, mud_sql("seal_kept_end"), args, 1, err) &&
         mud_pg_query(NULL, pg, mud_sql("seal_purged_own"), args, 2, err) &&
         mud_ledger_append(pg, &entry, 1, err) &&
         mud_keys_destroy(vault->keys, &end, err) && mud_pg_commit(pg, err);
    if (!ok)
        mud_pg_rollback(pg);
    mud_buf_free(&detail);
    return ok;
}

static bool let_all_go(struct mud_purge *purge, struct mud_vault *vault,
                       struct mud_pg *pg, struct mud_error *err)
{
    char now[MUD_TIME_TEXT];
    struct mud_str arg = mud_str_z(mud_time_text(now, purge->now, true));
    struct mud_rows *rows;
    bool ok = true;

    if (!mud_pg_query(&rows, pg, mud_sql("retention_kept"), &arg, 1, err))
        return false;
    for (size_t r = 0; ok && r < mud_rows_count(rows); r++) {
        ok = purge->dry || let_go(purge,
                                  mud_rows_id(rows, r, 0),
                                  mud_rows_get(rows, r, 1),
                                  vault,
                                  pg,
                                  err);
        purge->let_go += mud_rows_int(rows, r, 2);
    }
    mud_rows_free(rows);
    return ok;
}

static bool all_due(struct mud_purge *purge, struct mud_vault *vault,
                    struct mud_pg *pg, struct mud_error *err)
{
    char now[MUD_TIME_TEXT];
    struct mud_str arg = mud_str_z(mud_time_text(now, purge->now, true));
    struct mud_rows *rows;
    bool ok = true;

    if (!mud_pg_query(&rows, pg, mud_sql("retention_due"), &arg, 1, err))
        return false;
    for (size_t r = 0; ok && r < mud_rows_count(rows); r++) {
        struct due due = {.key = mud_rows_id(rows, r, 0),
                          .month = mud_rows_get(rows, r, 1),
                          .class = mud_rows_get(rows, r, 2)};

        ok = purge_key(purge, &due, vault, pg, err);
    }
    mud_rows_free(rows);
    return ok;
}

bool mud_purge(struct mud_purge *purge, struct mud_vault *vault,
               struct mud_pg *pg, struct mud_error *err)
{
    struct mud_recovered recovered;
    struct mud_error late = {0};
    bool ok;

    purge->keys = purge->captures = purge->kept = purge->let_go = 0;
    /* What a dead process left is sealed first: later nobody could read it. */
    if (!mud_vault_recover(&recovered, vault, pg, err))
        return false;
    ok = all_due(purge, vault, pg, err) && let_all_go(purge, vault, pg, err);
    if (!purge->dry && !mud_ledger_mirror(pg, vault->home, &late))
        mud_log(MUD_LOG_ERROR, "ledger", "%s", late.text);
    return ok || mud_fail_in(err, "purge");
}
