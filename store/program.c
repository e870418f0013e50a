#include "store/program.h"

#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

bool mud_program_user(struct mud_program_user *out, const char *data,
                      struct mud_error *err)
{
    const char *name = getenv("MUDLARK_USER");
    struct stat st;
    struct passwd *pw;
    bool there = data && stat(data, &st) == 0;

    *out = (struct mud_program_user){.uid = geteuid(), .gid = getegid()};
    out->change = out->uid == 0;
    if (out->change && there)
        pw = getpwuid(st.st_uid);
    else if (out->change)
        pw = getpwnam(name && *name ? name : "postgres");
    else
        pw = getpwuid(out->uid);

    if (out->change && (!pw || pw->pw_uid == 0))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "postgres must not run as root and there is no user "
                        "%s: set MUDLARK_USER to an unprivileged one",
                        there ? "that owns the data folder"
                              : (name && *name ? name : "postgres"));
    if (pw && strlen(pw->pw_name) >= sizeof(out->name))
        return mud_fail(
            err, MUD_EUSAGE, "user name %s is too long", pw->pw_name);
    if (!out->change && there && st.st_uid != out->uid)
        return mud_fail(err,
                        MUD_EDENIED,
                        "%s belongs to another user (uid %u): run as that "
                        "user or as root, or set MUDLARK_HOME",
                        data,
                        (unsigned)st.st_uid);
    if (pw) {
        out->uid = pw->pw_uid;
        out->gid = pw->pw_gid;
        out->n_groups = (int)(sizeof(out->groups) / sizeof(out->groups[0]));
        if (getgrouplist(pw->pw_name, pw->pw_gid, out->groups, &out->n_groups) <
            0)
            out->n_groups = 0; /* in more than it can need */
        (void)snprintf(out->name, sizeof(out->name), "%s", pw->pw_name);
    } else {
        (void)snprintf(out->name, sizeof(out->name), "%u", (unsigned)out->uid);
    }
    return true;
}

/* In the child, where only system calls are safe: become user for good. */
static bool become(const struct mud_program_user *user)
{
    if (!user->change)
        return true;
    return setgroups((size_t)user->n_groups, user->groups) == 0 &&
           setgid(user->gid) == 0 && setuid(user->uid) == 0 && setuid(0) != 0;
}

/* execve takes what it never changes without const. */
static char *const *bare(const char *const *list)
{
    char *const *out;

    memcpy(&out, &list, sizeof(out));
    return out;
}

/* In the child: the last step. Returns only on failure, with errno. */
static void become_program(const struct mud_program_user *user, const char *cwd,
                           int log, const char *const *argv)
{
    char home[MUD_PATH + 8], path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
    char lc[] = "LC_ALL=C.UTF-8", tz[] = "TZ=UTC";
    char *env[] = {home, path, lc, tz, NULL};
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    sigset_t none;

    (void)snprintf(home, sizeof(home), "HOME=%s", cwd);
    if (null < 0 || dup2(null, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0)
        return;
    (void)close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int s = 1; s < 32; s++)
        if (s != SIGKILL && s != SIGSTOP)
            (void)signal(s, SIG_DFL);
    umask(077);
    if (!become(user) || chdir(cwd) != 0)
        return;
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    execve(argv[0], bare(argv), user->env ? bare(user->env) : env);
}

static int open_log(const char *log, struct mud_error *err)
{
    int fd =
        open(log, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0)
        (void)mud_fail_errno(err, MUD_EIO, "open %s", log);
    return fd;
}

struct errand {
    const struct mud_program_user *user;
    const char *cwd, *log;
    const char *const *argv;
    bool background; /* forked twice, so that init inherits it */
};

/* What a child says through a pipe that a successful exec closes. */
struct word {
    pid_t pid;
    int no; /* errno of what failed */
};

_Noreturn static void child_of(const struct errand *errand, int log, int say)
{
    struct word word = {0};

    if (errand->background) {
        pid_t child = setsid() < 0 ? -1 : fork();

        if (child != 0)
            _exit(child < 0);
    }
    word.pid = getpid();
    if (write(say, &word, sizeof(word)) == sizeof(word)) {
        become_program(errand->user, errand->cwd, log, errand->argv);
        word.no = errno ? errno : EPERM;
        if (write(say, &word, sizeof(word)) < 0)
            _exit(126);
    }
    _exit(127);
}

static void reap(pid_t child, int *status)
{
    (void)TEMP_FAILURE_RETRY(waitpid(child, status, 0));
}

/* *pid: the child to wait for, or in the background the program itself. */
static bool launch(pid_t *pid, const struct errand *errand,
                   struct mud_error *err)
{
    struct word word = {0}, got;
    int fds[2], log = open_log(errand->log, err);

    if (log < 0)
        return false;
    if (pipe2(fds, O_CLOEXEC) != 0) {
        close(log);
        return mud_fail_errno(err, MUD_EIO, "pipe");
    }
    pid_t child = fork();
    if (child == 0)
        child_of(errand, log, fds[1]);
    close(fds[1]);
    close(log);
    while (child > 0 && TEMP_FAILURE_RETRY(read(fds[0], &got, sizeof(got))) ==
                            (ssize_t)sizeof(got))
        word = got;
    close(fds[0]);
    if (child < 0)
        return mud_fail_errno(err, MUD_EIO, "fork");
    if (errand->background || !word.pid || word.no)
        reap(child, NULL);
    *pid = errand->background ? word.pid : child;
    if (word.pid && !word.no)
        return true;
    errno = word.no ? word.no : ECHILD;
    return mud_fail_errno(
        err, MUD_EIO, "run %s as %s", errand->argv[0], errand->user->name);
}

bool mud_program_start(pid_t *pid, const struct mud_program_user *user,
                       const char *cwd, const char *log,
                       const char *const *argv, struct mud_error *err)
{
    return launch(pid, &(struct errand){user, cwd, log, argv, true}, err);
}

static off_t size_of(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? st.st_size : 0;
}

bool mud_program_run(const struct mud_program_user *user, const char *cwd,
                     const char *log, const char *const *argv, int64_t ms,
                     struct mud_error *err)
{
    int64_t due = mud_monotonic() + ms * 1000;
    off_t from = size_of(log);
    const char *base = strrchr(argv[0], '/');
    char said[300];
    int status = 0;
    pid_t pid = 0, got;

    if (!launch(&pid, &(struct errand){user, cwd, log, argv, false}, err))
        return false;
    base = base ? base + 1 : argv[0];
    while ((got = (pid_t)TEMP_FAILURE_RETRY(waitpid(pid, &status, WNOHANG))) ==
           0) {
        if (mud_monotonic() > due) {
            kill(pid, SIGKILL);
            reap(pid, &status);
            return mud_fail(err,
                            MUD_ELIMIT,
                            "%s: not done within %lld s",
                            base,
                            (long long)(ms / 1000));
        }
        poll(NULL, 0, 10);
    }
    if (got == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    mud_program_tail(said, sizeof(said), log, from);
    if (got == pid && WIFSIGNALED(status))
        return mud_fail(err,
                        MUD_EIO,
                        "%s ended by signal %d: %s",
                        base,
                        WTERMSIG(status),
                        said);
    return mud_fail(err,
                    MUD_EIO,
                    "%s failed (exit %d): %s",
                    base,
                    WEXITSTATUS(status),
                    said);
}

bool mud_program_reaches(const struct mud_program_user *user, const char *path)
{
    int status = 1;
    pid_t child = fork();

    if (child == 0)
        _exit(!(become(user) && access(path, X_OK) == 0));
    return child > 0 && waitpid(child, &status, 0) == child &&
           WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool mud_program_alive(pid_t pid)
{
    char path[64], text[512], *end;
    FILE *f;
    size_t n;

    if (pid <= 0 || (kill(pid, 0) != 0 && errno == ESRCH))
        return false;
    (void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    f = fopen(path, "re");
    if (!f)
        return errno != ENOENT;
    n = fread(text, 1, sizeof(text) - 1, f);
    (void)fclose(f);
    text[n] = 0;
    end = strrchr(text, ')'); /* "PID (name) STATE ..." */
    return !end || end[1] == 0 || (end[2] != 'Z' && end[2] != 'X');
}

/* The first "word" of text that is no answer to who asked too early, or the
 * last one. */
static size_t word_at(struct mud_str text, const char *word, bool first)
{
    static const char early[] = "  the database system is ";
    size_t best = MUD_NPOS, at = 0, hit;

    while ((hit = mud_str_find(mud_str_sub(text, at, text.n),
                               mud_str_z(word))) != MUD_NPOS) {
        hit += at;
        at = hit + strlen(word);
        if (mud_str_starts(mud_str_sub(text, at, text.n), mud_str_z(early)))
            continue;
        best = hit;
        if (first)
            break;
    }
    return best;
}

/* Where the reason begins. What follows a server's first FATAL or PANIC is its
 * wake; of the errors of other programs the last one counts. */
static size_t reason_at(struct mud_str text, size_t room)
{
    static const struct {
        const char *word;
        bool first;
    } words[] = {{"FATAL:", true},
                 {"PANIC:", true},
                 {"ERROR:", false},
                 {"error:", false}};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t at = word_at(text, words[i].word, words[i].first);

        if (at != MUD_NPOS)
            return at;
    }
    return text.n > room ? text.n - room : 0;
}

const char *mud_program_tail(char *out, size_t size, const char *path,
                             off_t from)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    char bytes[4096];
    off_t end = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
    off_t start = end - (off_t)sizeof(bytes);
    ssize_t n;
    size_t len = 0;

    if (start < from)
        start = from;
    n = fd < 0 ? 0 : pread(fd, bytes, sizeof(bytes), start);
    if (fd >= 0)
        close(fd);
    struct mud_str text =
        mud_str_trim(mud_str_of(bytes, n > 0 ? (size_t)n : 0));
    for (size_t i = reason_at(text, size / 2); i < text.n && len + 4 < size;
         i++) {
        if (text.s[i] != '\n')
            out[len++] = text.s[i];
        else
            len += (size_t)snprintf(out + len, size - len, " | ");
    }
    out[len] = 0;
    return out;
}
