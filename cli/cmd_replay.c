#include "base/lang.h"
#include "cli/cmd.h"
#include "web/replay.h"

#include <signal.h>
#include <stdio.h>

static bool read_mood(struct mud_replay_mood *mood, const struct mud_args *args,
                      struct mud_error *err)
{
    const struct {
        const char *option;
        unsigned *out;
    } all[] = {
        {"slow", &mood->slow},
        {"broken", &mood->broken},
        {"limit", &mood->limit},
        {"loop", &mood->loop},
    };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        int64_t n;
        if (!mud_args_number(&n, args, all[i].option, 1, 1000000000, 0, err))
            return false;
        *all[i].out = (unsigned)n;
    }
    return true;
}

int mud_cmd_replay(const struct mud_args *args, struct mud_error *err)
{
    struct mud_replay *replay = NULL;
    struct mud_replay_mood mood = {0};
    int64_t port;
    sigset_t stop;
    int got;

    if (!mud_args_number(&port, args, "port", 0, 65535, 0, err) ||
        !read_mood(&mood, args, err))
        return MUD_EXIT_USAGE;
    /* Blocked before the server's threads begin, so that they inherit it. */
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    if (!mud_replay_start_moody(
            &replay, mud_args_operand(args, 0), (uint16_t)port, &mood, err))
        return MUD_EXIT_FAILED;
    struct mud_str url = mud_replay_url(replay);
    printf(mud_t("serving %zu pages at %.*s\n", "正在提供 %zu 个页面：%.*s\n"),
           mud_replay_entries(replay),
           MUD_FMT(url));
    fflush(stdout);
    sigwait(&stop, &got);
    mud_replay_stop(replay);
    return MUD_EXIT_DONE;
}
