/* What one person asked for and another one decides. */
#include "base/json.h"
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "desk/approval.h"

#include <stdio.h>

#define LIST_MAX 10000

static void put_json(struct mud_buf *out, const struct mud_approval *a)
{
    struct mud_json json = {.buf = out};

    mud_json_object(&json);
    mud_json_kz(&json, "type", "approval");
    mud_json_kint(&json, "schema", 1);
    mud_json_kint(&json, "id", a->id);
    mud_json_kstr(&json, "action", a->action);
    mud_json_kstr(&json, "kind", a->kind);
    mud_json_kstr(&json, "object", a->object);
    mud_json_kstr(&json, "sha256", a->digest);
    mud_json_key(&json, "detail");
    mud_json_raw(&json, a->detail);
    mud_json_kstr(&json, "reason", a->reason);
    mud_json_kstr(&json, "asked_by", a->asked_by);
    mud_json_ktime(&json, "asked_at", a->asked_at);
    mud_json_kstr(&json, "deciders", a->deciders);
    mud_json_kstr(&json, "state", a->state);
    if (a->decided_by.n)
        mud_json_kstr(&json, "decided_by", a->decided_by);
    else
        mud_json_knull(&json, "decided_by");
    mud_json_ktime(&json, "decided_at", a->decided_at);
    mud_json_kstr(&json, "note", a->note.s ? a->note : MUD_STR(""));
    mud_json_ktime(&json, "expires_at", a->expires_at);
    mud_json_ktime(&json, "used_at", a->used_at);
    mud_json_object_end(&json);
}

static void put_text(struct mud_buf *out, const struct mud_approval *a)
{
    char at[MUD_LOCAL_TEXT], end[MUD_LOCAL_TEXT];
    struct mud_str what = mud_lang_chinese() ? a->zh : a->en;

    mud_buf_printf(out,
                   mud_t("%lld  %.*s: %.*s %.*s\n"
                         "   asked by %.*s, %.19s: %.*s\n"
                         "   sha256 %.*s\n",
                         "%lld  %.*s：%.*s %.*s\n"
                         "   申请人 %.*s，%.19s：%.*s\n"
                         "   sha256 %.*s\n"),
                   (long long)a->id,
                   MUD_FMT(what),
                   MUD_FMT(a->kind),
                   MUD_FMT(a->object),
                   MUD_FMT(a->asked_by),
                   mud_local_text(at, a->asked_at),
                   MUD_FMT(a->reason),
                   MUD_FMT(a->digest));
    if (!a->decided_by.n) {
        mud_buf_printf(out,
                       mud_t("   waits for another person (%.*s): mudlark "
                             "approval approve %lld\n",
                             "   待他人审批（%.*s）：mudlark approval approve "
                             "%lld\n"),
                       MUD_FMT(a->deciders),
                       (long long)a->id);
        return;
    }
    mud_buf_printf(out,
                   mud_t("   %.*s by %.*s, %.19s%s%.*s\n",
                         "   %.*s，审批人 %.*s，%.19s%s%.*s\n"),
                   MUD_FMT(a->state),
                   MUD_FMT(a->decided_by),
                   mud_local_text(at, a->decided_at),
                   a->note.n ? ": " : "",
                   MUD_FMT(a->note));
    if (a->used_at)
        mud_buf_printf(out,
                       mud_t("   used %.19s\n", "   已使用 %.19s\n"),
                       mud_local_text(end, a->used_at));
    else if (a->expires_at)
        mud_buf_printf(out,
                       mud_t("   good until %.19s\n", "   有效期至 %.19s\n"),
                       mud_local_text(end, a->expires_at));
}

static bool put_all(struct mud_out *out, struct mud_pg *pg,
                    const struct mud_approval_query *query,
                    struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_approval_list(&rows, pg, query, err))
        return false;
    for (size_t i = 0; i < mud_rows_count(rows); i++) {
        struct mud_approval a = mud_approval_row(rows, i);
        struct mud_buf json = {0}, text = {0};
        put_json(&json, &a);
        put_text(&text, &a);
        mud_out_record(out, mud_buf_view(&json), mud_buf_view(&text));
        mud_buf_free(&json);
        mud_buf_free(&text);
    }
    bool none = query->id && !mud_rows_count(rows);
    mud_rows_free(rows);
    return !none || mud_fail(err,
                             MUD_EMISSING,
                             "no request %lld (mudlark approval list --state "
                             "all)",
                             (long long)query->id);
}

static bool id_of(int64_t *id, const struct mud_args *args,
                  struct mud_error *err)
{
    const char *word = mud_args_operand(args, 0);

    return (mud_str_i64(mud_str_z(word), id) && *id > 0) ||
           mud_fail(err,
                    MUD_EUSAGE,
                    "%s is no number of a request (mudlark approval list)",
                    word);
}

static bool query_of(struct mud_approval_query *query,
                     const struct mud_args *args, struct mud_error *err)
{
    const char *state, *by;

    *query = (struct mud_approval_query){.max = 1};
    if (mud_args_count(args))
        return id_of(&query->id, args, err);
    state = mud_args_get(args, "state");
    by = mud_args_get(args, "by");
    query->state = mud_str_z(state ? state : "asked");
    query->asked_by = mud_str_z(by ? by : "");
    if (mud_str_eqz(query->state, "all"))
        query->state = MUD_STR("");
    else if (!mud_str_eqz(query->state, "asked") &&
             !mud_str_eqz(query->state, "approved") &&
             !mud_str_eqz(query->state, "refused"))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "--state takes asked, approved, refused or all, not %s",
                        state);
    return mud_args_number(&query->max, args, "limit", 1, LIST_MAX, 100, err);
}

int mud_cmd_approval_list(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_approval_query query;
    struct mud_out out;
    bool good = mud_out_begin(&out, args, err) && query_of(&query, args, err) &&
                mud_session_open(&session, args, err) &&
                put_all(&out, session.pg, &query, err) &&
                mud_out_end(&out, err);

    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

static int decide(const struct mud_args *args, bool approve,
                  struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_approval_query query = {.max = 1};
    struct mud_out out;
    const char *reason = mud_args_get(args, "reason");
    bool good = mud_out_begin(&out, args, err) && id_of(&query.id, args, err) &&
                mud_session_open(&session, args, err) &&
                mud_approval_decide(session.pg,
                                    query.id,
                                    approve,
                                    mud_str_z(session.who),
                                    mud_str_z(reason ? reason : ""),
                                    err) &&
                put_all(&out, session.pg, &query, err) &&
                mud_out_end(&out, err);

    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

int mud_cmd_approval_approve(const struct mud_args *args, struct mud_error *err)
{
    return decide(args, true, err);
}

int mud_cmd_approval_refuse(const struct mud_args *args, struct mud_error *err)
{
    return decide(args, false, err);
}
