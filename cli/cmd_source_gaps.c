/* `mudlark source gaps NAME`: what the source lacks, by its own counts. */
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/session.h"
#include "cli/text.h"
#include "graph/gaps.h"
#include "run/source.h"

static bool put(struct mud_str json, void *payload, struct mud_error *err)
{
    struct mud_out *out = payload;

    mud_text_put(out, json);
    return !out->failed ||
           mud_fail(err, MUD_EIO, "standard output could not be written");
}

int mud_cmd_source_gaps(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_source source;
    struct mud_out out;
    int64_t limit;

    if (!mud_args_number(&limit, args, "limit", 1, 10000, 100, err))
        return MUD_EXIT_USAGE;
    bool good =
        mud_out_begin(&out, args, err) &&
        mud_session_open(&session, args, err) &&
        mud_source_load(&source,
                        session.pg,
                        mud_str_z(mud_args_operand(args, 0)),
                        session.arena,
                        err) &&
        mud_list_gaps(session.pg, source.id, (size_t)limit, put, &out, err);
    if (good && !out.records)
        mud_out_text(&out,
                     "%s",
                     mud_t("nothing is known to be missing\n", "未发现缺失\n"));
    good = good && mud_out_end(&out, err);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
