/* The ledger's anchors: made, signed, stamped, shown, and that a capture is in
 * one. */
#include "base/json.h"
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/text.h"
#include "evidence/signer.h"
#include "evidence/vouch.h"

#include <stdio.h>

static void put_vouched(struct mud_json *json, struct mud_buf *text,
                        const struct mud_vouched *v)
{
    mud_json_kint(json, "signed", v->signatures);
    mud_json_kint(json, "stamped", v->stamps);
    mud_json_kint(json, "taken_back", v->taken);
    mud_json_kz(json, "unstamped", v->late.code ? v->late.text : NULL);
    if (v->signatures || v->stamps)
        mud_buf_printf(text,
                       mud_t("  %lld signed, %lld stamped\n",
                             "  已签名 %lld 个，已加盖时间戳 %lld 个\n"),
                       (long long)v->signatures,
                       (long long)v->stamps);
}

static void put_made(struct mud_out *out, const struct mud_anchored *made,
                     const struct mud_vouched *vouched)
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
    put_vouched(&json, &text, vouched);
    mud_json_object_end(&json);
    mud_out_record(out, mud_buf_view(&json_text), mud_buf_view(&text));
    mud_buf_free(&json_text);
    mud_buf_free(&text);
}

/* A second folder that is not there must not keep anchors from being signed. */
static bool make(struct mud_anchored *made, struct mud_vouched *vouched,
                 const struct mud_session *session, bool now,
                 struct mud_error *err)
{
    struct mud_str who = mud_str_z(session->who);
    struct mud_error late = {0};
    bool good =
        mud_anchor_make(made, session->pg, session->home, who, now, err);

    if (mud_anchor_vouch(vouched, session->pg, session->home, who, true, &late))
        return good;
    return good ? mud_fail(err, late.code, "%s", late.text) : false;
}

int mud_cmd_ledger_anchor(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_anchored made = {.days = 0};
    struct mud_vouched vouched = {.stamps = 0};
    struct mud_out out;
    bool good = mud_out_begin(&out, args, err) &&
                mud_session_open(&session, args, err) &&
                make(&made, &vouched, &session, mud_args_has(args, "now"), err);

    if (good) {
        put_made(&out, &made, &vouched);
        good = mud_out_end(&out, err);
    }
    mud_session_close(&session);
    if (!good)
        return mud_exit_of(err);
    if (!vouched.late.code)
        return MUD_EXIT_DONE;
    fprintf(stderr,
            mud_t("unstamped: %s; it is tried again later\n",
                  "未加盖时间戳：%s；稍后重试\n"),
            vouched.late.text);
    return MUD_EXIT_PARTLY;
}

/* "signed    3 of 4, unsigned since 2026-11-24: why" */
static void put_count(struct mud_buf *text, const char *what, int64_t n,
                      const struct mud_vouch_state *v, const char *lack,
                      const char *since, const char *why)
{
    mud_buf_printf(text,
                   mud_t("%s%lld of %lld", "%s%lld / %lld"),
                   what,
                   (long long)n,
                   (long long)v->anchors);
    if (*since) {
        mud_buf_printf(
            text, mud_t(", %s since %s", "，%s，自 %s 起"), lack, since);
        mud_buf_z(text, *why ? mud_t(": ", "：") : "");
        mud_text_plain(text, mud_str_z(why), 300);
    }
    mud_buf_c(text, '\n');
}

static void put_vouch(struct mud_json *json, struct mud_buf *text,
                      const struct mud_vouch_state *v)
{
    char next[MUD_LOCAL_TEXT];

    mud_json_kint(json, "anchors", v->anchors);
    mud_json_kint(json, "signed", v->signatures);
    mud_json_kz(
        json, "unsigned_since", *v->unsigned_since ? v->unsigned_since : NULL);
    mud_json_kbool(json, "has_key", v->has_key);
    mud_json_kint(json, "stamped", v->stamps);
    mud_json_kz(json,
                "unstamped_since",
                *v->unstamped_since ? v->unstamped_since : NULL);
    mud_json_kbool(json, "has_authority", v->has_authority);
    mud_json_kint(json, "stamp_failures", v->tries);
    mud_json_kz(json, "stamp_reason", *v->reason ? v->reason : NULL);
    mud_json_ktime(json, "stamp_next_try", v->next);
    put_count(text,
              mud_t("signed    ", "已签名  "),
              v->signatures,
              v,
              mud_t("unsigned", "未签名"),
              v->unsigned_since,
              v->has_key ? ""
                         : mud_t("there is no key (mudlark ledger key new)",
                                 "没有密钥（mudlark ledger key new）"));
    put_count(text,
              mud_t("stamped   ", "时间戳  "),
              v->stamps,
              v,
              mud_t("unstamped", "未加盖"),
              v->unstamped_since,
              v->has_authority
                  ? v->reason
                  : mud_t("no authority is set (mudlark.conf: [ledger] stamp)",
                          "未设定时间戳机构（mudlark.conf：[ledger] stamp）"));
    if (v->tries)
        mud_buf_printf(
            text,
            mud_t("          %lld failures in a row, next try %.19s\n",
                  "        已连续失败 %lld 次，下次尝试 %.19s\n"),
            (long long)v->tries,
            mud_local_text(next, v->next));
}

static void put_state(struct mud_out *out, const struct mud_anchor_state *state,
                      const struct mud_vouch_state *vouch)
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
    put_vouch(&json, &text, vouch);
    mud_json_object_end(&json);
    mud_out_record(out, mud_buf_view(&json_text), mud_buf_view(&text));
    mud_buf_free(&json_text);
    mud_buf_free(&text);
}

int mud_cmd_ledger_status(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_anchor_state state = {.lines = 0};
    struct mud_vouch_state vouch = {.anchors = 0};
    struct mud_out out;
    bool good = mud_out_begin(&out, args, err) &&
                mud_session_open(&session, args, err) &&
                mud_anchor_state(&state, session.pg, err) &&
                mud_vouch_state(&vouch, session.pg, session.home, err);

    if (good) {
        put_state(&out, &state, &vouch);
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

int mud_cmd_ledger_key(const struct mud_args *args, struct mud_error *err)
{
    const char *name = mud_args_get(args, "name");
    struct mud_session session = {0};
    bool good = strcmp(mud_args_operand(args, 0), "new") == 0 ||
                mud_fail(err, MUD_EUSAGE, "mudlark ledger key new makes a key");

    good = good && mud_session_home(&session, args, err) &&
           mud_signer_make(session.home,
                           mud_str_z(name ? name : "Mudlark ledger"),
                           mud_args_has(args, "replace"),
                           err);
    if (good)
        printf(mud_t("key          %s/keys/ledger.key (keep it secret)\n"
                     "certificate  %s/keys/ledger.pem (hand it out)\n",
                     "密钥  %s/keys/ledger.key（请妥善保密）\n"
                     "证书  %s/keys/ledger.pem（可对外提供）\n"),
               session.home,
               session.home);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
