/* Who did what: shown, checked, and printed as it is chained. */
#include "base/json.h"
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "desk/audit.h"

#include <stdio.h>

#define LIST_MAX 1000000

static void put_json(struct mud_buf *out, const struct mud_audit_line *line)
{
    struct mud_json json = {.buf = out};

    mud_json_object(&json);
    mud_json_kz(&json, "type", "audit");
    mud_json_kint(&json, "schema", 1);
    mud_json_kint(&json, "seq", line->seq);
    mud_json_ktime(&json, "at", line->at);
    mud_json_kstr(&json, "who", line->who);
    mud_json_kstr(&json, "login", line->login);
    mud_json_kstr(&json, "action", line->action);
    mud_json_kstr(&json, "command", line->kind);
    mud_json_kstr(&json, "object", line->object);
    mud_json_key(&json, "detail");
    mud_json_raw(&json, line->detail);
    if (line->reason.s)
        mud_json_kstr(&json, "reason", line->reason);
    else
        mud_json_knull(&json, "reason");
    mud_json_ktime(&json, "ended_at", line->ended);
    mud_json_key(&json, "end");
    mud_json_raw(&json, line->end.n ? line->end : MUD_STR("null"));
    mud_json_object_end(&json);
}

/* Text of strangers may be in a query: made plain for a terminal. */
static void put_plain(struct mud_buf *out, struct mud_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.s[i];
        mud_buf_c(out, c < 0x20 || c == 0x7f ? ' ' : text.s[i]);
    }
}

static void put_text(struct mud_buf *out, const struct mud_audit_line *line)
{
    char at[MUD_LOCAL_TEXT];
    json_t *end = mud_json_read(line->end, NULL);
    int64_t records = mud_json_get_int(end, "records", -1);
    struct mud_str state = mud_json_get_str(end, "state");

    mud_buf_printf(out,
                   "%lld  %.19s  %.*s  %.*s  %.*s  ",
                   (long long)line->seq,
                   mud_local_text(at, line->at),
                   MUD_FMT(line->who),
                   MUD_FMT(line->action),
                   MUD_FMT(line->kind));
    put_plain(out, line->object);
    if (line->reason.n) {
        mud_buf_z(out, mud_t("  because: ", "  原因："));
        put_plain(out, line->reason);
    }
    if (records >= 0)
        mud_buf_printf(
            out, mud_t("  %lld records", "  %lld 条"), (long long)records);
    if (state.n && !mud_str_eqz(state, "done"))
        mud_buf_printf(out, "  %.*s", MUD_FMT(state));
    mud_buf_c(out, '\n');
    json_decref(end);
}

static bool put(const struct mud_audit_line *line, void *payload,
                struct mud_error *err)
{
    struct mud_out *out = payload;
    struct mud_buf json = {0}, text = {0};

    (void)err;
    put_json(&json, line);
    put_text(&text, line);
    mud_out_record(out, mud_buf_view(&json), mud_buf_view(&text));
    mud_buf_free(&json);
    mud_buf_free(&text);
    return true;
}

static struct mud_str option(const struct mud_args *args, const char *name)
{
    const char *value = mud_args_get(args, name);

    return mud_str_z(value ? value : "");
}

static bool query_of(struct mud_audit_query *query, const struct mud_args *args,
                     struct mud_error *err)
{
    const char *since = mud_args_get(args, "since");
    const char *until = mud_args_get(args, "until");

    *query = (struct mud_audit_query){.who = option(args, "by"),
                                      .action = option(args, "action"),
                                      .object = option(args, "object")};
    return (!since ||
            mud_time_option(&query->since, "--since", since, false, err)) &&
           (!until ||
            mud_time_option(&query->until, "--until", until, true, err)) &&
           mud_args_number(&query->max, args, "limit", 1, LIST_MAX, 100, err);
}

int mud_cmd_audit(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_audit_query query;
    struct mud_out out;
    bool good = mud_out_begin(&out, args, err) && query_of(&query, args, err) &&
                mud_session_open(&session, args, err) &&
                mud_audit_list(session.pg, &query, put, &out, err) &&
                mud_out_end(&out, err);

    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

static void put_check(struct mud_out *out, const struct mud_audit_check *check)
{
    struct mud_buf json_text = {0}, text = {0};
    struct mud_json json = {.buf = &json_text};
    char hex[MUD_HEX256];

    mud_hex(hex, check->head, MUD_SHA256);
    mud_json_object(&json);
    mud_json_kz(&json, "type", "audit_check");
    mud_json_kint(&json, "schema", 1);
    mud_json_kint(&json, "lines", check->lines);
    mud_json_kint(&json, "bad", check->bad);
    mud_json_kz(&json, "first", check->bad ? check->first : NULL);
    mud_json_kz(&json, "head", hex);
    mud_json_object_end(&json);
    if (check->bad)
        mud_buf_printf(&text,
                       mud_t("BAD   %lld lines do not hold; %s\n",
                             "不符  %lld 行；%s\n"),
                       (long long)check->bad,
                       check->first);
    mud_buf_printf(&text,
                   mud_t("%lld lines, head %s\n", "%lld 行，链头 %s\n"),
                   (long long)check->lines,
                   hex);
    mud_out_record(out, mud_buf_view(&json_text), mud_buf_view(&text));
    mud_buf_free(&json_text);
    mud_buf_free(&text);
}

int mud_cmd_audit_verify(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_audit_check check = {0};
    struct mud_out out;
    bool good = mud_out_begin(&out, args, err) &&
                mud_session_open(&session, args, err) &&
                mud_audit_verify(&check, session.pg, NULL, NULL, err);

    if (good) {
        put_check(&out, &check);
        good = mud_out_end(&out, err);
    }
    mud_session_close(&session);
    return !good       ? mud_exit_of(err)
           : check.bad ? MUD_EXIT_FAILED
                       : MUD_EXIT_DONE;
}

static bool put_line(struct mud_str text, void *payload, struct mud_error *err)
{
    (void)payload;
    if (fwrite(text.s, 1, text.n, stdout) == text.n && putchar('\n') != EOF)
        return true;
    return mud_fail(err, MUD_EIO, "standard output could not be written");
}

/* Always the same bytes, whatever --format says: others check them. */
int mud_cmd_audit_export(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_audit_check check = {0};
    bool good = mud_session_open(&session, args, err) &&
                mud_audit_verify(&check, session.pg, put_line, NULL, err);

    if (good && fflush(stdout) != 0)
        good = mud_fail(err, MUD_EIO, "standard output could not be written");
    if (good && check.bad)
        good = mud_fail(err, MUD_ECORRUPT, "audit: %s", check.first);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
