#include "base/cell.h"

#include "base/jail.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#    define SANITIZED 1
#elif defined(__has_feature)
#    if __has_feature(address_sanitizer)
#        define SANITIZED 1
#    endif
#endif
#ifndef SANITIZED
#    define SANITIZED 0
#endif

bool mud_cell_put(int fd, const void *data, size_t n)
{
    const char *s = data;
    while (n) {
        ssize_t done = send(fd, s, n, MSG_NOSIGNAL);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        s += done;
        n -= (size_t)done;
    }
    return true;
}

bool mud_cell_get(int fd, void *data, size_t n)
{
    char *s = data;
    while (n) {
        ssize_t done = read(fd, s, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        s += done;
        n -= (size_t)done;
    }
    return true;
}

bool mud_cell_get_until(int fd, void *data, size_t n, int64_t deadline)
{
    char *s = data;
    while (n) {
        int64_t left = (deadline - mud_monotonic() + 999) / 1000;
        struct pollfd p = {fd, POLLIN, 0};
        if (left <= 0)
            return false;
        int ready = poll(&p, 1, (int)left);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return false;
        ssize_t done = read(fd, s, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        s += done;
        n -= (size_t)done;
    }
    return true;
}

/* ---- in the child ---- */

void mud_cell_lock(void)
{
    if (!SANITIZED)
        (void)mud_jail_enter();
}

void mud_cell_quiet(void)
{
    if (!SANITIZED)
        (void)dup2(STDOUT_FILENO, STDERR_FILENO); /* /dev/null: work */
}

/* CPU time is counted for the process: each piece of work gets its share. */
void mud_cell_cpu(unsigned seconds)
{
    struct rusage used;
    struct rlimit limit;
    if (getrusage(RUSAGE_SELF, &used) || getrlimit(RLIMIT_CPU, &limit))
        return;
    rlim_t now = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec);
    limit.rlim_cur = now + (rlim_t)seconds * (SANITIZED ? 4 : 1);
    (void)setrlimit(RLIMIT_CPU, &limit);
}

static void limit_memory(size_t more)
{
    /* A sanitizer maps terabytes; there the watchdog alone has to do. */
    if (SANITIZED)
        return;
    FILE *f = fopen("/proc/self/statm", "re");
    unsigned long pages = 0;
    if (f) {
        if (fscanf(f, "%lu", &pages) != 1) /* NOLINT(cert-err34-c) */
            pages = 0;
        (void)fclose(f);
    }
    rlim_t now = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
    struct rlimit limit = {now + more, now + more};
    (void)setrlimit(RLIMIT_AS, &limit);
}

struct task {
    const struct mud_cell_terms *terms;
    int fd;
};

static void *serve(void *payload)
{
    const struct task *task = payload;
    task->terms->serve(task->fd, task->terms->payload);
    return NULL;
}

/* The child of the fork: nothing but its socket, bounded, never returns. */
_Noreturn static void work(const struct mud_cell_terms *terms, int fd,
                           pid_t parent)
{
    struct task task = {terms, fd};
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    (void)prctl(PR_SET_NAME, terms->name);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)prctl(PR_SET_DUMPABLE, 0);
    (void)signal(SIGINT, SIG_IGN); /* the parent decides */
    (void)signal(SIGTERM, SIG_DFL);
    (void)signal(SIGXCPU, SIG_DFL);
    if (fd != 3) {
        (void)dup2(fd, 3);
        task.fd = 3;
    }
    (void)close_range(4, ~0U, 0);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) {
        (void)dup2(null, STDIN_FILENO);
        (void)dup2(null, STDOUT_FILENO);
        (void)close(null);
    }
    limit_memory(terms->memory);
    struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)setrlimit(RLIMIT_FSIZE, &none);

    /* A thread, for its stack: parsers recurse with the depth of a page. */
    pthread_attr_t attr;
    pthread_t thread;
    if (!pthread_attr_init(&attr) &&
        !pthread_attr_setstacksize(&attr, terms->stack) &&
        !pthread_create(&thread, &attr, serve, &task))
        (void)pthread_join(thread, NULL);
    _exit(0);
}

/* ---- in the parent ---- */

void mud_cell_stop(struct mud_cell *cell)
{
    if (!cell->pid)
        return;
    (void)close(cell->fd);
    (void)kill(cell->pid, SIGKILL);
    while (waitpid(cell->pid, NULL, 0) < 0 && errno == EINTR) {
    }
    *cell = (struct mud_cell){0};
}

bool mud_cell_start(struct mud_cell *cell, const struct mud_cell_terms *terms,
                    struct mud_error *err)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
        return mud_fail_errno(err, MUD_EIO, "%s: socketpair", terms->name);
    pid_t self = getpid();
    pid_t pid = fork();
    if (pid < 0) {
        (void)mud_fail_errno(err, MUD_EIO, "%s: fork", terms->name);
        (void)close(ends[0]);
        (void)close(ends[1]);
        return false;
    }
    if (pid == 0)
        work(terms, ends[1], self);
    (void)close(ends[1]);
    *cell = (struct mud_cell){pid, ends[0]};
    return true;
}
