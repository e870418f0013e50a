/* How long originals are kept, what is held, and the purge. */
#include "base/json.h"
#include "base/lang.h"
#include "base/time.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/round.h"
#include "cli/session.h"
#include "evidence/retention.h"
#include "graph/expire.h"
#include "graph/held.h"
#include "graph/rebuild_diff.h"
#include "run/shot.h"
#include "run/source.h"
#include "run/unread.h"

#include <stdio.h>
#include <stdlib.h>

static struct mud_str operand(const struct mud_args *args, size_t i)
{
    return mud_str_z(mud_args_operand(args, i));
}

static void put_source(struct mud_out *out, const struct mud_rows *rows,
                       size_t r)
{
    struct mud_buf json_text = {0}, text = {0};
    struct mud_json json = {.buf = &json_text};
    bool held = mud_rows_int(rows, r, 4) > 0;

    mud_json_object(&json);
    mud_json_kz(&json, "type", "retention");
    mud_json_kint(&json, "schema", 1);
    mud_json_kstr(&json, "source", mud_rows_get(rows, r, 0));
    mud_json_kstr(&json, "class", mud_rows_get(rows, r, 1));
    mud_json_kint(&json, "captures", mud_rows_int(rows, r, 2));
    mud_json_kint(&json, "purged", mud_rows_int(rows, r, 3));
    mud_json_kbool(&json, "held", held);
    mud_json_object_end(&json);
    mud_buf_printf(&text,
                   mud_t("%-20.*s  %-3.*s  %lld captures, %lld purged%s\n",
                         "%-20.*s  %-3.*s  %lld 份存证，%lld 份已清除%s\n"),
                   MUD_FMT(mud_rows_get(rows, r, 0)),
                   MUD_FMT(mud_rows_get(rows, r, 1)),
                   (long long)mud_rows_int(rows, r, 2),
                   (long long)mud_rows_int(rows, r, 3),
                   held ? mud_t("; held", "；已冻结") : "");
    mud_out_record(out, mud_buf_view(&json_text), mud_buf_view(&text));
    mud_buf_free(&json_text);
    mud_buf_free(&text);
}

static void put_hold(struct mud_out *out, const struct mud_rows *rows, size_t r)
{
    struct mud_buf json_text = {0}, text = {0};
    struct mud_json json = {.buf = &json_text};
    char at[MUD_LOCAL_TEXT];

    mud_json_object(&json);
    mud_json_kz(&json, "type", "hold");
    mud_json_kint(&json, "schema", 1);
    mud_json_kstr(&json, "kind", mud_rows_get(rows, r, 0));
    mud_json_kstr(&json, "object", mud_rows_get(rows, r, 1));
    mud_json_kstr(&json, "reason", mud_rows_get(rows, r, 2));
    mud_json_kstr(&json, "by", mud_rows_get(rows, r, 3));
    mud_json_ktime(&json, "at", mud_rows_time(rows, r, 4));
    mud_json_kint(&json, "captures", mud_rows_int(rows, r, 5));
    mud_json_object_end(&json);
    mud_buf_printf(&text,
                   mud_t("held: %.*s %.*s since %.10s by %.*s: %.*s\n",
                         "冻结：%.*s %.*s，自 %.10s，%.*s：%.*s\n"),
                   MUD_FMT(mud_rows_get(rows, r, 0)),
                   MUD_FMT(mud_rows_get(rows, r, 1)),
                   mud_local_text(at, mud_rows_time(rows, r, 4)),
                   MUD_FMT(mud_rows_get(rows, r, 3)),
                   MUD_FMT(mud_rows_get(rows, r, 2)));
    mud_out_record(out, mud_buf_view(&json_text), mud_buf_view(&text));
    mud_buf_free(&json_text);
    mud_buf_free(&text);
}

int mud_cmd_retention_list(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_rows *rows = NULL, *holds = NULL;
    struct mud_out out;
    bool good =
        mud_out_begin(&out, args, err) &&
        mud_session_open(&session, args, err) &&
        mud_pg_query(
            &rows, session.pg, mud_sql("retention_list"), NULL, 0, err) &&
        mud_pg_query(&holds, session.pg, mud_sql("hold_list"), NULL, 0, err);

    for (size_t r = 0; good && r < mud_rows_count(rows); r++)
        put_source(&out, rows, r);
    for (size_t r = 0; good && r < mud_rows_count(holds); r++)
        put_hold(&out, holds, r);
    good = good && mud_out_end(&out, err);
    mud_rows_free(rows);
    mud_rows_free(holds);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

int mud_cmd_retention_set(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    bool good = mud_session_open(&session, args, err) &&
                mud_retention_set(session.pg,
                                  session.home,
                                  operand(args, 0),
                                  operand(args, 1),
                                  mud_str_z(session.who),
                                  err);

    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

/* ------------------------------------------------------------------ holds */

static bool kind_of(const char **kind, struct mud_str name,
                    struct mud_error *err)
{
    static const char *const kinds[] = {"source", "capture", "case", "actor"};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        *kind = kinds[i];
        if (mud_str_eqz(name, kinds[i]))
            return true;
    }
    return mud_fail(err,
                    MUD_EUSAGE,
                    "held is a source, capture, case or actor, not %.*s",
                    MUD_FMT(name));
}

/* The captures that --capture names. */
static bool named(struct mud_held *held, const struct mud_args *args,
                  struct mud_error *err)
{
    size_t n = 0;

    while (mud_args_at(args, "capture", n))
        n++;
    if (n == 0)
        return mud_fail(
            err, MUD_EUSAGE, "a case is held by its captures: --capture ID");
    held->captures = mud_calloc(n, sizeof *held->captures);
    for (size_t i = 0; i < n; i++) {
        const char *text = mud_args_at(args, "capture", i);

        if (!mud_id_parse(mud_str_z(text), &held->captures[i]))
            return mud_fail(
                err, MUD_EUSAGE, "--capture takes an id, not %s", text);
    }
    held->n_captures = n;
    return true;
}

static bool find(struct mud_held *held, const char *kind,
                 const struct mud_session *session, const struct mud_args *args,
                 struct mud_error *err)
{
    struct mud_str object = operand(args, 1);

    if (strcmp(kind, "actor") == 0)
        return mud_held_find(held, session->pg, object, err);
    if (strcmp(kind, "case") == 0)
        return named(held, args, err);
    if (strcmp(kind, "source") == 0) {
        struct mud_source source;

        return mud_source_load(
            &source, session->pg, object, session->arena, err);
    }
    held->captures = mud_calloc(1, sizeof *held->captures);
    held->n_captures = 1;
    return mud_id_parse(object, &held->captures[0]) ||
           mud_fail(err,
                    MUD_EUSAGE,
                    "a capture is held by its id, not %.*s",
                    MUD_FMT(object));
}

int mud_cmd_retention_hold(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_held held = {0};
    struct mud_hold hold = {.object = operand(args, 1),
                            .reason = mud_str_z(mud_args_get(args, "reason"))};
    bool good = kind_of(&hold.kind, operand(args, 0), err) &&
                mud_session_open(&session, args, err) &&
                find(&held, hold.kind, &session, args, err);

    hold.who = mud_str_z(session.who);
    hold.captures = held.captures;
    hold.n_captures = held.n_captures;
    hold.nodes = held.nodes;
    hold.n_nodes = held.n_nodes;
    good = good && mud_hold_set(session.pg, session.home, &hold, err);
    free(held.nodes);
    free(held.captures);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

int mud_cmd_retention_release(const struct mud_args *args,
                              struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_hold hold = {.object = operand(args, 1),
                            .reason = mud_str_z(mud_args_get(args, "reason"))};
    bool good = kind_of(&hold.kind, operand(args, 0), err) &&
                mud_session_open(&session, args, err);

    hold.who = mud_str_z(session.who);
    good = good && mud_hold_release(session.pg, session.home, &hold, err);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

/* -------------------------------------------------------------------- run */

static void put_run(struct mud_out *out, const struct mud_purge *purge,
                    int64_t expired, bool rebuilt)
{
    struct mud_buf json_text = {0}, text = {0};
    struct mud_json json = {.buf = &json_text};
    long long captures = purge->captures + purge->let_go;

    mud_json_object(&json);
    mud_json_kz(&json, "type", "purge");
    mud_json_kint(&json, "schema", 1);
    mud_json_kbool(&json, "dry_run", purge->dry);
    mud_json_kint(&json, "keys", purge->keys);
    mud_json_kint(&json, "captures", captures);
    mud_json_kint(&json, "kept", purge->kept);
    mud_json_kint(&json, "bystander_posts", expired);
    mud_json_kbool(&json, "rebuilt", rebuilt);
    mud_json_object_end(&json);
    mud_buf_printf(
        &text,
        mud_t(
            "%s%lld captures under %lld keys, %lld held and kept; %lld posts "
            "of bystanders dropped\n",
            "%s%lld 份存证（%lld 个密钥），%lld 份因冻结保留；删除旁观者帖子 %lld 条\n"),
        purge->dry ? mud_t("would purge ", "将清除 ")
                   : mud_t("purged ", "已清除 "),
        captures,
        (long long)purge->keys,
        (long long)purge->kept,
        (long long)expired);
    mud_out_record(out, mud_buf_view(&json_text), mud_buf_view(&text));
    mud_buf_free(&json_text);
    mud_buf_free(&text);
}

/* Posts whose captures are gone: then all that is derived is made anew of what
 * there is, so that nothing rests on what nobody can read any more. */
static bool stale(bool *is, struct mud_pg *pg, struct mud_error *err)
{
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, pg, mud_sql("retention_stale"), NULL, 0, err))
        return false;
    *is = mud_rows_int(rows, 0, 0) > 0;
    mud_rows_free(rows);
    return true;
}

static bool make_anew(struct mud_round *round, struct mud_error *err)
{
    struct mud_report report = {0};
    struct mud_unread unread = {.progress = mud_round_progress,
                                .payload = round};

    return mud_rebuild_begin(round->worker.pg, false, err) &&
           mud_worker_reopen(&round->worker, err) &&
           mud_read_unread(&report, &round->worker, &unread, err);
}

static bool run(struct mud_round *round, struct mud_purge *purge,
                struct mud_error *err)
{
    int64_t expired = 0, added, pictures = 0;
    bool is_stale = false;

    if (!mud_held_refresh(&added, round->worker.pg, err) ||
        !mud_purge(purge, round->worker.vault, round->worker.pg, err))
        return false;
    if (!purge->dry &&
        (!mud_shot_purge(
             &pictures, round->worker.pg, round->worker.home, err) ||
         !stale(&is_stale, round->worker.pg, err) ||
         (is_stale && !make_anew(round, err)) ||
         !mud_expire_bystanders(
             &expired, round->worker.pg, mud_bystander_end(purge->now), err) ||
         ((is_stale || expired) && !mud_round_link(round, err)) ||
         (is_stale &&
          !mud_rebuild_end(round->worker.pg, false, NULL, NULL, err))))
        return false;
    put_run(&round->out, purge, expired, is_stale);
    return true;
}

int mud_cmd_retention_run(const struct mud_args *args, struct mud_error *err)
{
    struct mud_round round;
    struct mud_purge purge = {.now = mud_now(),
                              .dry = mud_args_has(args, "dry-run"),
                              .reason = MUD_STR("retention")};
    bool good;

    if (!mud_round_open(&round,
                        args,
                        mud_t("retention", "保存期"),
                        mud_t("captures", "份存证"),
                        err))
        return mud_exit_of(err);
    purge.who = mud_str_z(round.session.who);
    if (mud_args_get(args, "reason"))
        purge.reason = mud_str_z(mud_args_get(args, "reason"));
    good = run(&round, &purge, err);
    round.partly = false;
    int code = good ? mud_round_end(&round, err) : mud_exit_of(err);
    mud_round_close(&round);
    return code;
}
