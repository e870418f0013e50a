#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/round.h"
#include "graph/rebuild.h"
#include "run/unread.h"

int mud_cmd_rebuild(const struct mud_args *args, struct mud_error *err)
{
    struct mud_round round;
    struct mud_report report = {0};

    if (!mud_round_open(&round,
                        args,
                        mud_t("rebuild", "重建"),
                        mud_t("captures", "份存证"),
                        err))
        return mud_exit_of(err);
    struct mud_unread unread = {.progress = mud_round_progress,
                                .payload = &round};
    /* Readers that began before the clear may not go on: a new ingest. */
    bool good = mud_graph_clear(round.worker.pg, err) &&
                mud_worker_reopen(&round.worker, err) &&
                mud_read_unread(&report, &round.worker, &unread, err) &&
                mud_round_link(&round, err);
    if (good)
        mud_round_report(&round, &report, mud_str_z(mud_t("rebuild", "重建")));
    round.partly = false; /* what is passed over is passed over each time */
    int code = good ? mud_round_end(&round, err) : mud_exit_of(err);
    mud_round_close(&round);
    return code;
}
