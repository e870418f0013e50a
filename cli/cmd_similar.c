#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/text.h"
#include "graph/similar.h"

static bool put(struct mud_str json, void *payload, struct mud_error *err)
{
    struct mud_out *out = payload;

    mud_text_put(out, json);
    return !out->failed ||
           mud_fail(err, MUD_EIO, "standard output could not be written");
}

int mud_cmd_similar(const struct mud_args *args, struct mud_error *err)
{
    const char *name = mud_args_operand(args, 0);
    struct mud_session session = {0};
    struct mud_out out;
    struct mud_id id;
    int64_t limit = 0;

    if (!mud_id_parse(mud_str_z(name), &id)) {
        mud_fail(err,
                 MUD_EUSAGE,
                 mud_t("%s is no id: give that of a post, a text or a "
                       "template (mudlark search, mudlark posts)",
                       "%s 不是编号：请给出帖子、文本或模板的编号（mudlark "
                       "search、mudlark posts）"),
                 name);
        return MUD_EXIT_USAGE;
    }
    bool good =
        mud_out_begin(&out, args, err) &&
        mud_args_number(&limit, args, "limit", 1, INT64_C(1) << 40, 100, err) &&
        mud_session_open(&session, args, err) &&
        mud_similar(session.pg, id, (size_t)limit, put, &out, err) &&
        mud_out_end(&out, err);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
