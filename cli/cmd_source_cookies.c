#include "base/conf.h"
#include "base/json.h"
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "fetch/cookie_file.h"
#include "run/cookies.h"

#include <stdio.h>

static void put(struct mud_out *out, const struct mud_source *source,
                const struct mud_cookies_taken *taken)
{
    struct mud_buf json_text = {0}, text = {0};
    struct mud_json json = {.buf = &json_text};
    char until[MUD_LOCAL_TEXT];

    mud_json_object(&json);
    mud_json_kz(&json, "type", "source_cookies");
    mud_json_kint(&json, "schema", 1);
    mud_json_kstr(&json, "source", source->name);
    mud_json_kint(&json, "taken", (int64_t)taken->taken);
    mud_json_kint(&json, "outside_scope", (int64_t)taken->outside);
    mud_json_kint(&json, "expired", (int64_t)taken->expired);
    mud_json_ktime(&json, "until", taken->until);
    mud_json_kbool(&json, "resumed", taken->resumed);
    mud_json_object_end(&json);
    mud_buf_printf(
        &text,
        mud_t("%.*s: %zu cookies taken; left out: %zu of other "
              "hosts, %zu that are over\n",
              "%.*s：收下 %zu 个 cookie；未收：其他主机 %zu 个，已过期 "
              "%zu 个\n"),
        MUD_FMT(source->name),
        taken->taken,
        taken->outside,
        taken->expired);
    if (taken->until)
        mud_buf_printf(&text,
                       mud_t("the first of them ends at %.16s\n",
                             "最早到期时间 %.16s\n"),
                       mud_local_text(until, taken->until));
    if (taken->resumed)
        mud_buf_z(&text, mud_t("the source is active again\n", "来源已恢复\n"));
    mud_out_record(out, mud_buf_view(&json_text), mud_buf_view(&text));
    mud_buf_free(&json_text);
    mud_buf_free(&text);
}

int mud_cmd_source_cookies(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_source source;
    struct mud_cookies_taken taken;
    struct mud_cookies_given given = {
        .account = mud_str_z(mud_args_get(args, "account")),
        .user_agent = mud_str_z(mud_args_get(args, "user-agent")),
    };
    const char *path = mud_args_operand(args, 1);
    struct mud_out out;

    bool good = mud_out_begin(&out, args, err) &&
                mud_session_open(&session, args, err) &&
                mud_source_load(&source,
                                session.pg,
                                mud_str_z(mud_args_operand(args, 0)),
                                session.arena,
                                err) &&
                mud_file_read(&given.text,
                              strcmp(path, "-") == 0 ? "/dev/stdin" : path,
                              MUD_COOKIE_FILE_MAX,
                              session.arena,
                              err);
    if (good) {
        given.who = mud_str_z(session.who);
        good = mud_cookies_give(&taken,
                                &source,
                                session.home,
                                &given,
                                session.pg,
                                session.arena,
                                err) ||
               mud_fail_in(err, "%s", path);
    }
    if (good) {
        put(&out, &source, &taken);
        good = mud_out_end(&out, err);
    }
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
