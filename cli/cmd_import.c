#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/round.h"
#include "run/import.h"

int mud_cmd_import(const struct mud_args *args, struct mud_error *err)
{
    const char *name = mud_args_get(args, "source");
    struct mud_round round;
    struct mud_source source;
    struct mud_report report = {0};
    int code = MUD_EXIT_FAILED;

    if (!name) {
        mud_fail(err,
                 MUD_EUSAGE,
                 "--source is missing: which source do the files belong to "
                 "(mudlark source list)");
        return MUD_EXIT_USAGE;
    }
    if (!mud_round_open(&round,
                        args,
                        mud_t("import", "导入"),
                        mud_t("files", "个文件"),
                        err))
        return mud_exit_of(err);
    struct mud_import_options options = {
        .supplier = mud_str_z(mud_args_get(args, "supplier")),
        .url = mud_str_z(mud_args_get(args, "url")),
        .progress = mud_round_progress,
        .payload = &round,
    };
    bool good = mud_source_load(
        &source, round.worker.pg, mud_str_z(name), round.session.arena, err);
    for (size_t i = 0; good && i < mud_args_count(args); i++)
        good = mud_import(&report,
                          &round.worker,
                          &source,
                          mud_args_operand(args, i),
                          &options,
                          err);
    good = good && mud_round_link(&round, err);
    if (good || report.captures || report.known)
        mud_round_report(&round, &report, mud_str_z(name));
    code = good ? mud_round_end(&round, err) : mud_exit_of(err);
    mud_round_close(&round);
    return code;
}
