#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/text.h"
#include "cli/text_forms.h"
#include "graph/why.h"

static bool put(struct mud_str json, void *payload, struct mud_error *err)
{
    struct mud_out *out = payload;

    mud_text_put(out, json);
    return !out->failed ||
           mud_fail(err, MUD_EIO, "standard output could not be written");
}

int mud_cmd_why(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_why why = {0};
    struct mud_out out;

    bool good = mud_out_begin(&out, args, err) &&
                mud_session_open(&session, args, err) &&
                mud_why(&why,
                        session.pg,
                        mud_str_z(mud_args_operand(args, 0)),
                        mud_str_z(mud_args_operand(args, 1)),
                        put,
                        &out,
                        err);
    if (good && !why.hops)
        mud_out_text(&out,
                     "%s",
                     why.cut ? mud_t("no chain was found before the budget was "
                                     "used up\n",
                                     "在预算内未找到关联链\n")
                             : mud_t("no chain of claims links them\n",
                                     "两者之间没有断言链\n"));
    good = good && mud_out_end(&out, err);
    mud_session_close(&session);
    return !good      ? mud_exit_of(err)
           : why.hops ? MUD_EXIT_DONE
                      : MUD_EXIT_FAILED;
}
