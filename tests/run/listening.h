/* A collector that listens, in a process of its own that can be killed. */
#ifndef MUD_TESTS_RUN_LISTENING_H
#define MUD_TESTS_RUN_LISTENING_H

#include "tests/run/runtest.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t listening_stop;

static inline void listening_on_term(int signal)
{
    (void)signal;
    listening_stop = 1;
}

/* A source of kind irc on loopback, under a name of its own, whose account is
 * "reader". */
static inline void kit_irc(struct kit *kit, unsigned port,
                           const struct mud_str *rooms, size_t n_rooms,
                           bool rejoin)
{
    static int n;

    kit->source = (struct mud_source){
        .name = mud_str_z(mudtest_text("s%d", n++)),
        .kind = MUD_STR("irc"),
        .url = mud_str_z(mudtest_text("irc://127.0.0.1:%u", port)),
        .rooms = rooms,
        .n_rooms = n_rooms,
        .rejoin = rejoin,
        .account = MUD_STR("reader"),
        .legal_basis = MUD_STR("test"),
        .expires = mud_now() + 3600 * MUD_SECOND,
        .created_by = MUD_STR("tester"),
        .day_bytes = 1 << 30,
        .allow_private = true,
    };
    assert_ok(mud_source_add(&kit->source, kit->pg, kit->arena, &kit->err),
              &kit->err);
}

/* Listen until told to stop; ends with 0, or 1 when the collector fails. */
static inline pid_t listen_start(struct kit *kit)
{
    struct sigaction action = {.sa_handler = listening_on_term};
    struct mud_crawl_options options = {.live = true, .stop = &listening_stop};
    struct mud_report report = {0};
    struct mud_error err = {0};
    struct mud_worker worker;
    struct mud_source source;
    pid_t pid = fork();

    if (pid)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigaction(SIGTERM, &action, NULL);
    bool good = mud_worker_open(&worker, kit->home, "listener", &err) &&
                mud_source_load(
                    &source, worker.pg, kit->source.name, kit->arena, &err) &&
                mud_collect(&report, &worker, &source, &options, &err);
    if (!good)
        fprintf(stderr, "listener: %s\n", err.text);
    mud_worker_close(&worker);
    _exit(good ? 0 : 1);
}

/* Its exit code, or 128 and the signal that ended it; at most 30 seconds. */
static inline int listen_wait(pid_t listener)
{
    int status = 0;

    for (int i = 0; i < 1500; i++) {
        if (waitpid(listener, &status, WNOHANG) == listener)
            return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
                                       : WEXITSTATUS(status);
        poll(NULL, 0, 20);
    }
    kill(listener, SIGKILL);
    waitpid(listener, &status, 0);
    fail_msg("the listener did not end");
    return -1;
}

static inline int listen_kill(pid_t listener)
{
    kill(listener, SIGKILL);
    return listen_wait(listener);
}

static inline int listen_stop(pid_t listener)
{
    kill(listener, SIGTERM);
    return listen_wait(listener);
}

/* Until its spool holds this: it was received. */
static inline void listen_until(struct kit *kit, const char *part)
{
    for (int i = 0; i < 1000; i++) {
        struct mudtest_run run =
            mudtest_sh("grep -arF -- '%s' %s/spool", part, kit->home);
        if (run.code == 0)
            return;
        poll(NULL, 0, 20);
    }
    fail_msg("never received: %s", part);
}

#endif
