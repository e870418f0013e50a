/* `mudlark source suggest`, `approve`, `refuse`: places to watch. */
#include "base/json.h"
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/session.h"
#include "cli/text.h"
#include "run/candidate.h"

#include <stdio.h>

static void candidate_text(struct mud_buf *text, const json_t *c)
{
    struct mud_str verdict = mud_json_get_str(c, "verdict");

    mud_text_plain(text, mud_json_get_str(c, "kind"), 20);
    mud_buf_c(text, ' ');
    mud_text_plain(text, mud_json_get_str(c, "value"), 60);
    mud_buf_printf(
        text,
        mud_t("  %lld posts, %lld of them offers, %lld sellers; %.10s to %.10s",
              "  帖子 %lld，其中要约 %lld，卖家 %lld；%.10s 至 %.10s"),
        (long long)mud_json_get_int(c, "posts", 0),
        (long long)mud_json_get_int(c, "offers", 0),
        (long long)mud_json_get_int(c, "sellers", 0),
        mud_json_get_str(c, "first_seen").s,
        mud_json_get_str(c, "last_seen").s);
    if (verdict.n) {
        mud_buf_printf(text,
                       "  [%s, ",
                       mud_str_eqz(verdict, "approved")
                           ? mud_t("approved", "已批准")
                           : mud_t("refused", "已拒绝"));
        mud_text_plain(text, mud_json_get_str(c, "by"), 40);
        mud_buf_c(text, ']');
    }
    mud_buf_printf(text,
                   "\n    mudlark show %.*s\n",
                   MUD_FMT(mud_json_get_str(c, "post")));
}

static bool put(struct mud_str json, void *payload, struct mud_error *err)
{
    struct mud_out *out = payload;
    struct mud_buf text = {0};
    json_t *c = mud_json_read(json, err);

    if (!c)
        return false;
    candidate_text(&text, c);
    json_decref(c);
    mud_out_record(out, json, mud_buf_view(&text));
    mud_buf_free(&text);
    return !out->failed ||
           mud_fail(err, MUD_EIO, "standard output could not be written");
}

int mud_cmd_source_suggest(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_out out;
    struct mud_candidates ask = {
        .decided = mud_args_has(args, "all"), .each = put, .payload = &out};

    if (!mud_args_number(&ask.min_posts, args, "min", 1, 1000000, 2, err) ||
        !mud_args_number(&ask.limit, args, "limit", 1, 10000, 50, err))
        return MUD_EXIT_USAGE;
    bool good = mud_out_begin(&out, args, err) &&
                mud_session_open(&session, args, err) &&
                mud_candidate_list(&ask, session.pg, err);
    if (good && !out.records)
        mud_out_text(
            &out,
            "%s",
            mud_t("no place is named often enough (--min 1 shows all)\n",
                  "没有足够多帖子提到的新群组（--min 1 显示全部）\n"));
    good = good && mud_out_end(&out, err);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

static int judge(const struct mud_args *args, const char *verdict,
                 struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_str kind = mud_str_z(mud_args_operand(args, 0));
    struct mud_str value = mud_str_z(mud_args_operand(args, 1));
    bool good = mud_session_open(&session, args, err) &&
                mud_candidate_judge(session.pg,
                                    kind,
                                    value,
                                    verdict,
                                    session.who,
                                    mud_str_z(mud_args_get(args, "note")),
                                    err);

    if (good && !mud_args_has(args, "quiet"))
        fprintf(stderr,
                strcmp(verdict, "approved") == 0
                    ? mud_t("%.*s %.*s: approved by %s; mudlark source add "
                            "makes it a source\n",
                            "%.*s %.*s：已由 %s 批准；用 mudlark source add "
                            "添加为来源\n")
                    : mud_t("%.*s %.*s: refused by %s\n",
                            "%.*s %.*s：已由 %s 拒绝\n"),
                MUD_FMT(kind),
                MUD_FMT(value),
                session.who);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

int mud_cmd_source_approve(const struct mud_args *args, struct mud_error *err)
{
    return judge(args, "approved", err);
}

int mud_cmd_source_refuse(const struct mud_args *args, struct mud_error *err)
{
    return judge(args, "refused", err);
}
