/* The ledger's anchors: made, shown, and that a capture is in one. */
#include "base/json.h"
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "evidence/anchor.h"

#include <stdio.h>

static void put_made(struct mud_out *out, const struct mud_anchored *made)
{
    struct mud_buf json_text = {0}, text = {0};
    struct mud_json json = {.buf = &json_text};
    char hex[MUD_HEX256], name[MUD_ANCHOR_NAME];
    bool any = made->days > 0 || made->part;

    mud_json_object(&json);
    mud_json_kz(&json, "type", "anchored");
    mud_json_kint(&json, "schema", 1);
    mud_json_kint(&json, "days", made->days);
    mud_json_kbool(&json, "part", made->part);
    if (any) {
        mud_json_kz(&json, "file", mud_anchor_name(name, &made->last));
        mud_json_key(&json, "last");
        struct mud_buf statement = {0};
        mud_anchor_write(&statement, &made->last);
        mud_json_raw(&json, mud_buf_view(&statement));
        mud_buf_free(&statement);
        mud_buf_printf(
            &text,
            mud_t("%lld days anchored%s; the last is %s, lines %lld to %lld\n"
                  "  root  %s\n",
                  "已锚定 %lld 天%s；最后为 %s，第 %lld 至 %lld 行\n"
                  "  根    %s\n"),
            (long long)made->days,
            made->part ? mud_t(" and today so far", "及今日截至此刻") : "",
            mud_anchor_name(name, &made->last),
            (long long)made->last.first,
            (long long)(made->last.first + made->last.lines - 1),
            mud_hex(hex, made->last.root, MUD_SHA256));
    } else {
        mud_buf_z(&text,
                  mud_t("no day is over that is not anchored (--now: today as "
                        "far as it is)\n",
                        "没有已结束而未锚定的日期（--now：今日截至此刻）\n"));
    }
    mud_json_object_end(&json);
    mud_out_record(out, mud_buf_view(&json_text), mud_buf_view(&text));
    mud_buf_free(&json_text);
    mud_buf_free(&text);
}

int mud_cmd_ledger_anchor(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_anchored made;
    struct mud_out out;
    bool good = mud_out_begin(&out, args, err) &&
                mud_session_open(&session, args, err) &&
                mud_anchor_make(&made,
                                session.pg,
                                session.home,
                                mud_str_z(session.who),
                                mud_args_has(args, "now"),
                                err);

    if (good) {
        put_made(&out, &made);
        good = mud_out_end(&out, err);
    }
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

static void put_state(struct mud_out *out, const struct mud_anchor_state *state)
{
    struct mud_buf json_text = {0}, text = {0};
    struct mud_json json = {.buf = &json_text};
    char hex[MUD_HEX256], since[MUD_LOCAL_TEXT];
    int64_t rest = state->lines - state->anchored;

    mud_json_object(&json);
    mud_json_kz(&json, "type", "ledger");
    mud_json_kint(&json, "schema", 1);
    mud_json_kint(&json, "lines", state->lines);
    if (state->lines)
        mud_json_khex(&json, "head", state->head, MUD_SHA256);
    else
        mud_json_knull(&json, "head");
    mud_json_kint(&json, "days_anchored", state->days);
    mud_json_kint(&json, "parts_anchored", state->parts);
    mud_json_kz(&json, "last_day", *state->last ? state->last : NULL);
    mud_json_kint(&json, "lines_not_anchored", rest);
    mud_json_ktime(&json, "not_anchored_since", state->since);
    mud_json_object_end(&json);
    mud_buf_printf(&text,
                   mud_t("lines     %lld\nhead      %s\n"
                         "anchored  %lld days, the last %s; %lld parts\n",
                         "行数    %lld\n账本头  %s\n"
                         "已锚定  %lld 天，最后为 %s；%lld 个部分\n"),
                   (long long)state->lines,
                   state->lines ? mud_hex(hex, state->head, MUD_SHA256) : "-",
                   (long long)state->days,
                   *state->last ? state->last : "-",
                   (long long)state->parts);
    if (rest > 0)
        mud_buf_printf(&text,
                       mud_t("not       %lld lines since %.19s\n",
                             "未锚定  %lld 行，自 %.19s 起\n"),
                       (long long)rest,
                       mud_local_text(since, state->since));
    else if (rest < 0)
        mud_buf_z(
            &text,
            mud_t("BAD       the anchors hold more lines than the ledger: "
                  "mudlark ledger verify\n",
                  "不符    锚点所含行数多于账本：mudlark ledger verify\n"));
    mud_out_record(out, mud_buf_view(&json_text), mud_buf_view(&text));
    mud_buf_free(&json_text);
    mud_buf_free(&text);
}

int mud_cmd_ledger_status(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_anchor_state state = {.lines = 0};
    struct mud_out out;
    bool good = mud_out_begin(&out, args, err) &&
                mud_session_open(&session, args, err) &&
                mud_anchor_state(&state, session.pg, err);

    if (good) {
        put_state(&out, &state);
        good = mud_out_end(&out, err);
    }
    mud_session_close(&session);
    return !good                          ? mud_exit_of(err)
           : state.anchored > state.lines ? MUD_EXIT_FAILED
                                          : MUD_EXIT_DONE;
}

/* Always the same bytes, whatever --format says: it is a file for others. */
int mud_cmd_ledger_proof(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_buf proof = {0};
    struct mud_str text = mud_str_z(mud_args_operand(args, 0));
    struct mud_id id;
    bool good = mud_id_parse(text, &id) ||
                mud_fail(err,
                         MUD_EUSAGE,
                         "%.*s is no id of a capture (mudlark show)",
                         MUD_FMT(text));

    good = good && mud_session_open(&session, args, err) &&
           mud_anchor_proof(&proof, session.pg, id, err);
    if (good) {
        text = mud_buf_view(&proof);
        if (fwrite(text.s, 1, text.n, stdout) != text.n ||
            putchar('\n') == EOF || fflush(stdout) != 0)
            good =
                mud_fail(err, MUD_EIO, "standard output could not be written");
    }
    mud_buf_free(&proof);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
