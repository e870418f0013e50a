#include "base/lang.h"
#include "base/log.h"
#include "cli/cmd.h"
#include "cli/serve.h"
#include "cli/session.h"
#include "store/db.h"
#include "store/roles.h"
#include "web/workbench.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void block_stop(sigset_t *stop)
{
    sigemptyset(stop);
    sigaddset(stop, SIGINT);
    sigaddset(stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, stop, NULL);
}

static const char *listen_of(const struct mud_args *args)
{
    const char *given = mud_args_get(args, "listen");

    return given ? given : MUD_WEB_LISTEN;
}

static bool begin(struct mud_workbench **out, const char *listen,
                  const char *home, struct mud_error *err)
{
    char dsn[4200];

    return mud_db_dsn_as(dsn, sizeof dsn, home, MUD_ROLE_WORKER, err) &&
           mud_workbench_start(out, listen, home, dsn, err);
}

int mud_cmd_serve(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_workbench *workbench = NULL;
    sigset_t stop;
    int got;

    /* Blocked before the server's threads begin, so that they inherit it. */
    block_stop(&stop);
    bool good = mud_session_open(&session, args, err) &&
                begin(&workbench, listen_of(args), session.home, err);
    mud_session_close(&session);
    if (!good)
        return mud_exit_of(err);
    fprintf(stderr,
            mud_t("serving at %s (metrics, healthz); Ctrl-C ends\n",
                  "服务地址 %s（metrics、healthz）；按 Ctrl-C 结束\n"),
            mud_workbench_url(workbench));
    sigwait(&stop, &got);
    mud_workbench_stop(workbench);
    return MUD_EXIT_DONE;
}

/* The process that serves beside `up`: until told to end, or its parent is gone. */
static void serve(const char *listen, const char *home, pid_t parent)
{
    struct mud_workbench *workbench = NULL;
    struct mud_error err = {0};
    sigset_t stop;
    int got;

    block_stop(&stop);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(0);
    if (!begin(&workbench, listen, home, &err)) {
        mud_log(MUD_LOG_WARN, "serve", "metrics are not served: %s", err.text);
        _exit(1);
    }
    mud_log(MUD_LOG_INFO, "serve", "at %s", mud_workbench_url(workbench));
    sigwait(&stop, &got);
    mud_workbench_stop(workbench);
    _exit(0);
}

bool mud_serve_begin(pid_t *out, const struct mud_args *args,
                     struct mud_error *err)
{
    const char *listen = listen_of(args);
    struct mud_session session = {0};
    pid_t parent = getpid();

    *out = 0;
    if (strcmp(listen, "none") == 0)
        return true;
    if (!mud_session_home(&session, args, err))
        return false;
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        serve(listen, session.home, parent);
    mud_session_close(&session);
    if (pid < 0)
        return mud_fail_errno(err, MUD_EIO, "start the web server");
    *out = pid;
    return true;
}

void mud_serve_end(pid_t pid)
{
    int status;

    if (pid <= 0)
        return;
    kill(pid, SIGTERM);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
}
