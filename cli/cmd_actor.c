#include "base/lang.h"
#include "base/log.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/text.h"
#include "graph/actor.h"
#include "graph/verdict.h"

static bool put(struct mud_str json, void *payload, struct mud_error *err)
{
    struct mud_out *out = payload;

    mud_text_put(out, json);
    return !out->failed ||
           mud_fail(err, MUD_EIO, "standard output could not be written");
}

static int verdict(const char *what, const struct mud_args *args,
                   struct mud_error *err)
{
    const char *reason = mud_args_get(args, "reason");
    struct mud_session session = {0};
    struct mud_error late = {0};
    struct mud_pg *pg = NULL;
    struct mud_out out;
    bool good = false;

    if (!reason || !*reason) {
        (void)mud_fail(
            err, MUD_EUSAGE, "a verdict needs a reason: --reason \"...\"");
        return MUD_EXIT_USAGE;
    }
    good = mud_out_begin(&out, args, err) &&
           mud_session_open(&session, args, err) &&
           mud_verdict_add(
               session.pg,
               &(struct mud_verdict){.what = what,
                                     .a = mud_str_z(mud_args_operand(args, 0)),
                                     .b = mud_str_z(mud_args_operand(args, 1)),
                                     .by = mud_str_z(session.who),
                                     .reason = mud_str_z(reason)},
               put,
               &out,
               err);
    /* A login that may not compute leaves it to the next round of work. */
    if (good && !(mud_session_pipeline(&pg, &session, &late) &&
                  mud_actor_run(NULL, pg, &late)))
        mud_log(MUD_LOG_WARN,
                NULL,
                mud_t("the verdict is stored; actors are computed anew by the "
                      "next round of work (%s)",
                      "认定已保存；下一轮处理时将重新计算行为者（%s）"),
                late.text);
    mud_pg_close(pg);
    good = good && mud_out_end(&out, err);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

int mud_cmd_actor_confirm(const struct mud_args *args, struct mud_error *err)
{
    return verdict("confirm", args, err);
}

int mud_cmd_actor_split(const struct mud_args *args, struct mud_error *err)
{
    return verdict("split", args, err);
}

int mud_cmd_actor_forbid(const struct mud_args *args, struct mud_error *err)
{
    return verdict("forbid", args, err);
}

int mud_cmd_actor_withdraw(const struct mud_args *args, struct mud_error *err)
{
    return verdict("withdraw", args, err);
}

int mud_cmd_actor_history(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_out out;
    bool good =
        mud_out_begin(&out, args, err) &&
        mud_session_open(&session, args, err) &&
        mud_actor_history(
            session.pg, mud_str_z(mud_args_operand(args, 0)), put, &out, err);

    if (good && !out.records)
        mud_out_text(&out, "%s", mud_t("nothing\n", "无\n"));
    good = good && mud_out_end(&out, err);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
