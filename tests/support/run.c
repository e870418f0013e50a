#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"
#include "tests/support/memory.h"
#include "tests/support/mudtest.h"

#define OUTPUT_MAX ((size_t)64 << 20)

struct child {
    pid_t pid;
    struct pollfd at[3]; /* our ends of its 0, 1 and 2; -1 once closed */
    struct mud_str in;   /* what it has yet to be given */
    struct mud_buf got[3];
};

/* Does the list (NAME or NAME=value) speak about this NAME=value? */
static bool spoken_of(const char *const *env, const char *entry)
{
    size_t n = strcspn(entry, "=");

    for (; env && *env; env++)
        if (strncmp(*env, entry, n) == 0 &&
            ((*env)[n] == '=' || (*env)[n] == '\0'))
            return true;
    return false;
}

/* exec takes char *const [] for history's sake and writes nothing. */
static char *writable(const char *s)
{
    char *same;

    memcpy(&same, &s, sizeof(same));
    return same;
}

static char **environment(const char *const *env)
{
    char **all = NULL;
    size_t n = 0, cap = 0;

    for (char **old = environ; *old; old++) {
        if (spoken_of(env, *old))
            continue;
        all = mud_grow(all, &cap, n + 1, sizeof(*all));
        all[n++] = *old;
    }
    for (; env && *env; env++) {
        if (!strchr(*env, '='))
            continue;
        all = mud_grow(all, &cap, n + 1, sizeof(*all));
        all[n++] = writable(*env);
    }
    all = mud_grow(all, &cap, n + 1, sizeof(*all));
    all[n] = NULL;
    return all;
}

_Noreturn static void become(const char *const *argv, char **env,
                             int ends[3][2])
{
    char *const *words;

    setpgid(0, 0);
    for (int i = 0; i < 3; i++)
        if (dup2(ends[i][i ? 1 : 0], i) < 0)
            _exit(127);
    memcpy(&words, &argv, sizeof(words));
    execvpe(argv[0], words, env);
    dprintf(2, "%s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

static void start(struct child *child, const char *const *argv,
                  const char *const *env)
{
    char **all = environment(env);
    int ends[3][2];

    for (int i = 0; i < 3; i++) {
        if (pipe2(ends[i], O_CLOEXEC) < 0)
            fail_msg("pipe: %s", strerror(errno));
        child->got[i].max = OUTPUT_MAX;
    }
    fflush(NULL);
    child->pid = fork();
    if (child->pid < 0)
        fail_msg("fork: %s", strerror(errno));
    if (child->pid == 0)
        become(argv, all, ends);
    free(all);
    for (int i = 0; i < 3; i++) {
        int ours = ends[i][i ? 0 : 1];

        close(ends[i][i ? 1 : 0]);
        (void)fcntl(ours, F_SETFL, O_NONBLOCK);
        child->at[i] =
            (struct pollfd){.fd = ours, .events = i ? POLLIN : POLLOUT};
    }
}

static void drop(struct pollfd *at)
{
    close(at->fd);
    at->fd = -1;
}

static void feed(struct child *child)
{
    ssize_t n = 0;

    if (child->in.n)
        n = write(child->at[0].fd, child->in.s, child->in.n);
    if (n > 0)
        child->in = mud_str_sub(child->in, (size_t)n, child->in.n);
    if (!child->in.n || (n < 0 && errno != EAGAIN && errno != EINTR))
        drop(&child->at[0]);
}

static void drain(struct child *child, int i)
{
    char bytes[65536];
    ssize_t n = read(child->at[i].fd, bytes, sizeof(bytes));

    if (n > 0)
        mud_buf_put(&child->got[i], bytes, (size_t)n);
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        drop(&child->at[i]);
}

/* Until both streams end or the deadline; true when it was reached. */
static bool converse(struct child *child, int64_t deadline)
{
    while (child->at[1].fd >= 0 || child->at[2].fd >= 0) {
        int64_t left = deadline - mud_monotonic();

        if (left <= 0)
            return true;
        if (poll(child->at, 3, (int)(left / 1000) + 1) < 0)
            continue;
        if (child->at[0].fd >= 0 && child->at[0].revents)
            feed(child);
        for (int i = 1; i < 3; i++)
            if (child->at[i].fd >= 0 && child->at[i].revents)
                drain(child, i);
    }
    return false;
}

static int finish(struct child *child, int64_t deadline, bool *late)
{
    int status;
    pid_t done;

    while ((done = waitpid(child->pid, &status, WNOHANG)) == 0 && !*late) {
        *late = mud_monotonic() >= deadline;
        usleep(1000);
    }
    if (*late) {
        kill(-child->pid, SIGKILL);
        while (done == 0 && waitpid(child->pid, &status, 0) < 0)
            if (errno != EINTR)
                fail_msg("wait: %s", strerror(errno));
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

struct mudtest_run mudtest_run(const char *const *argv, struct mud_str in,
                               const char *const *env, unsigned seconds)
{
    int64_t deadline = mud_monotonic() + seconds * MUD_SECOND;
    struct sigaction ignore = {.sa_handler = SIG_IGN}, old;
    struct child child = {.in = in};
    struct mudtest_run run = {0};

    start(&child, argv, env);
    sigaction(SIGPIPE, &ignore, &old);
    run.late = converse(&child, deadline);
    sigaction(SIGPIPE, &old, NULL);
    for (int i = 0; i < 3; i++)
        if (child.at[i].fd >= 0)
            drop(&child.at[i]);
    run.code = finish(&child, deadline, &run.late);
    run.out = mud_str_dup(mud_buf_view(&child.got[1]), mudtest_arena_());
    run.err = mud_str_dup(mud_buf_view(&child.got[2]), mudtest_arena_());
    mud_buf_free(&child.got[1]);
    mud_buf_free(&child.got[2]);
    return run;
}

struct mudtest_run mudtest_sh(const char *fmt, ...)
{
    const char *argv[] = {"/bin/sh", "-c", NULL, NULL};
    char command[8192];
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(command, sizeof(command), fmt, ap);
    va_end(ap);
    assert_in_range(n, 0, sizeof(command) - 1);
    argv[2] = command;
    return mudtest_run(argv, (struct mud_str){0}, NULL, 60);
}
