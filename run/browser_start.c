#include "run/browser_inside.h"

#include "base/jail.h"
#include "base/lang.h"
#include "base/time.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534 /* the user and group of Debian that own nothing */

bool mud_browser_find(char *path, size_t size, struct mud_error *err)
{
    static const char *const names[] = {"chromium-headless-shell",
                                        "chromium",
                                        "chrome-headless-shell",
                                        "google-chrome",
                                        "chromium-browser"};
    static const char *const folders[] = {
        "/usr/bin", "/usr/local/bin", "/snap/bin"};
    const char *own = getenv("MUDLARK_CHROMIUM");

    if (own && *own) {
        snprintf(path, size, "%s", own);
        return access(own, X_OK) == 0 ||
               mud_fail_errno(err, MUD_EMISSING, "MUDLARK_CHROMIUM %s", own);
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        for (size_t k = 0; k < sizeof(folders) / sizeof(folders[0]); k++) {
            snprintf(path, size, "%s/%s", folders[k], names[i]);
            if (access(path, X_OK) == 0)
                return true;
        }
    return mud_fail(err,
                    MUD_EMISSING,
                    "%s",
                    mud_t("pictures of pages need Chromium: apt-get install "
                          "chromium-headless-shell fonts-noto-cjk (or set "
                          "MUDLARK_CHROMIUM to its path)",
                          "页面截图需要 Chromium：apt-get install "
                          "chromium-headless-shell fonts-noto-cjk（或以 "
                          "MUDLARK_CHROMIUM 指明其路径）"));
}

struct plan {
    const char *program, *home, *folder;
    uid_t uid;
    gid_t gid;
    bool change; /* from root to that user */
    bool sandbox;
    int in, out, log, say;
};

static bool write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool good =
        fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    if (fd >= 0)
        close(fd);
    return good;
}

/* As who we are, in a user namespace of our own. */
static bool own_users(const struct plan *plan)
{
    char map[64];

    if (unshare(CLONE_NEWUSER) != 0)
        return false;
    snprintf(
        map, sizeof(map), "%u %u 1", (unsigned)plan->uid, (unsigned)plan->uid);
    if (!write_file("/proc/self/setgroups", "deny") ||
        !write_file("/proc/self/uid_map", map))
        return false;
    snprintf(
        map, sizeof(map), "%u %u 1", (unsigned)plan->gid, (unsigned)plan->gid);
    return write_file("/proc/self/gid_map", map);
}

/* A network and mounts of its own: no interface is up, the home is an empty
 * folder, the profile lies in memory. True when at least the network is. */
static bool own_spaces(const struct plan *plan)
{
    char options[80];

    if (!plan->change && !own_users(plan))
        return false;
    if (unshare(CLONE_NEWNET | CLONE_NEWIPC) != 0)
        return false;
    if (unshare(CLONE_NEWNS) != 0 ||
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        return true;
    snprintf(options,
             sizeof(options),
             "size=256m,mode=700,uid=%u,gid=%u",
             (unsigned)plan->uid,
             (unsigned)plan->gid);
    (void)!mount(
        "profile", plan->folder, "tmpfs", MS_NODEV | MS_NOSUID, options);
    if (strncmp(plan->folder, plan->home, strlen(plan->home)) != 0)
        (void)!mount(
            "hidden", plan->home, "tmpfs", MS_RDONLY, "size=4k,mode=000");
    return true;
}

static void limit(int what, rlim_t most)
{
    struct rlimit now;

    if (getrlimit((__rlimit_resource_t)what, &now) == 0 &&
        (now.rlim_max == RLIM_INFINITY || now.rlim_max > most)) {
        now.rlim_cur = now.rlim_max = most;
        (void)!setrlimit((__rlimit_resource_t)what, &now);
    }
}

static bool become(const struct plan *plan)
{
    return !plan->change ||
           (setgroups(0, NULL) == 0 && setgid(plan->gid) == 0 &&
            setuid(plan->uid) == 0 && setuid(0) != 0);
}

static void execute(const struct plan *plan)
{
    char profile[128], home[128], tmp[128];
    const char *const argv[] = {plan->program,
                                "--headless",
                                "--remote-debugging-pipe",
                                profile,
                                "--blink-settings=scriptEnabled=false",
                                "--js-flags=--jitless",
                                "--host-resolver-rules=MAP * ~NOTFOUND",
                                "--proxy-server=http://127.0.0.1:9",
                                "--proxy-bypass-list=<-loopback>",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-default-apps",
                                "--disable-extensions",
                                "--disable-sync",
                                "--disable-breakpad",
                                "--disable-crash-reporter",
                                "--dns-prefetch-disable",
                                "--no-first-run",
                                "--no-pings",
                                "--mute-audio",
                                "--hide-scrollbars",
                                "--force-color-profile=srgb",
                                "--font-render-hinting=none",
                                plan->sandbox ? "about:blank" : "--no-sandbox",
                                plan->sandbox ? NULL : "about:blank",
                                NULL};
    const char *const env[] = {home,
                               tmp,
                               "PATH=/usr/local/bin:/usr/bin:/bin",
                               "LC_ALL=C.UTF-8",
                               "TZ=UTC",
                               NULL};
    char *const *words, *const *settings;
    const char *const *list = argv, *const *given = env;

    snprintf(profile, sizeof(profile), "--user-data-dir=%s/p", plan->folder);
    snprintf(home, sizeof(home), "HOME=%s", plan->folder);
    snprintf(tmp, sizeof(tmp), "TMPDIR=%s", plan->folder);
    memcpy(&words, &list, sizeof(words)); /* execve changes neither */
    memcpy(&settings, &given, sizeof(settings));
    execve(plan->program, words, settings);
}

/* In the child: what was reached ('n' own network, 'x' none could be made), then
 * the program; 'e' and errno when that fails. */
_Noreturn static void child_of(const struct plan *plan)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    bool spaces;
    sigset_t none;

    setsid();
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int s = 1; s < 32; s++)
        if (s != SIGKILL && s != SIGSTOP)
            (void)signal(s, SIG_DFL);
    umask(077);
    spaces = own_spaces(plan);
    if (!become(plan))
        _exit(1);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, 60);
    limit(RLIMIT_FSIZE, (rlim_t)256 << 20);
    limit(RLIMIT_NOFILE, 1024);
    limit(RLIMIT_DATA, (rlim_t)4 << 30);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    bool offline = mud_jail_offline();
    char word = spaces ? 'n' : offline ? 's' : 'x';
    if (write(plan->say, &word, 1) != 1 || word == 'x')
        _exit(1);
    /* 3 and 4 are what --remote-debugging-pipe speaks through; none of ours is
     * one of them. */
    if (chdir(plan->folder) != 0 || dup2(null, 0) < 0 ||
        dup2(plan->log, 1) < 0 || dup2(plan->log, 2) < 0 ||
        dup2(plan->in, 3) < 0 || dup2(plan->out, 4) < 0)
        _exit(1);
    (void)close_range(5, ~0U, CLOSE_RANGE_CLOEXEC);
    execute(plan);
    _exit(127);
}

/* May that user make namespaces? The browser's own sandbox stands on them. */
static bool sandbox_works(const struct plan *plan)
{
    int status = 1;
    pid_t child = fork();

    if (child == 0)
        _exit(!(become(plan) && unshare(CLONE_NEWUSER) == 0));
    return child > 0 &&
           TEMP_FAILURE_RETRY(waitpid(child, &status, 0)) == child &&
           WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* A copy with a number that is not taken by what the browser is given. */
static int lift(int fd)
{
    int up = fcntl(fd, F_DUPFD_CLOEXEC, 10);

    close(fd);
    return up;
}

static bool pipes(int in[2], int out[2], int say[2], struct mud_error *err)
{
    int *all[] = {in, out, say};

    for (int i = 0; i < 3; i++) {
        if (pipe2(all[i], O_CLOEXEC) != 0)
            return mud_fail_errno(err, MUD_EIO, "pipe");
        all[i][0] = lift(all[i][0]);
        all[i][1] = lift(all[i][1]);
        if (all[i][0] < 0 || all[i][1] < 0)
            return mud_fail_errno(err, MUD_EIO, "pipe");
    }
    return true;
}

static void close_all(const int *fds, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

static bool make_folder(struct mud_browser_process *out,
                        const struct plan *plan, struct mud_error *err)
{
    snprintf(out->folder, sizeof(out->folder), "/tmp/mudlark-shot-XXXXXX");
    if (!mkdtemp(out->folder)) {
        out->folder[0] = 0;
        return mud_fail_errno(err, MUD_EIO, "a folder in /tmp");
    }
    return !plan->change || lchown(out->folder, plan->uid, plan->gid) == 0 ||
           mud_fail_errno(err, MUD_EIO, "%s", out->folder);
}

static bool launch(struct mud_browser_process *out, struct plan *plan,
                   struct mud_error *err)
{
    int in[2] = {-1, -1}, to[2] = {-1, -1}, say[2] = {-1, -1};
    char word = 0;
    bool good = pipes(in, to, say, err);

    /* What the browser leaves behind is ours to end and to reap. */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    out->log = lift(memfd_create("browser", MFD_CLOEXEC));
    if (good && out->log < 0)
        good = mud_fail_errno(err, MUD_EIO, "memfd_create");
    plan->in = in[0];
    plan->out = to[1];
    plan->log = out->log;
    plan->say = say[1];
    if (good && (out->pid = fork()) == 0)
        child_of(plan);
    if (good && out->pid < 0)
        good = mud_fail_errno(err, MUD_EIO, "fork");
    close_all((const int[]){in[0], to[1], say[1]}, 3);
    if (good &&
        (TEMP_FAILURE_RETRY(read(say[0], &word, 1)) != 1 || word == 'x'))
        good =
            mud_fail(err,
                     word == 'x' ? MUD_EDENIED : MUD_EIO,
                     "%s",
                     word == 'x'
                         ? mud_t("the browser cannot be kept off the network "
                                 "here: neither namespaces nor seccomp",
                                 "此处无法使浏览器与网络隔离：既无命名空间"
                                 "也无 seccomp")
                         : "the browser could not be started");
    close_all(say, 1);
    out->network_namespace = word == 'n';
    out->to = in[1];
    out->from = to[0];
    return good && fcntl(out->to, F_SETFL, O_NONBLOCK) == 0 &&
           fcntl(out->from, F_SETFL, O_NONBLOCK) == 0;
}

bool mud_browser_start(struct mud_browser_process *out, const char *home,
                       struct mud_error *err)
{
    char program[PATH_MAX];
    struct plan plan = {.program = program,
                        .home = home,
                        .folder = out->folder,
                        .uid = geteuid(),
                        .gid = getegid(),
                        .change = geteuid() == 0};

    *out = (struct mud_browser_process){.to = -1, .from = -1, .log = -1};
    if (!mud_browser_find(program, sizeof(program), err))
        return false;
    if (plan.change) {
        plan.uid = NOBODY;
        plan.gid = NOBODY;
    }
    plan.sandbox = out->sandbox = sandbox_works(&plan);
    /* Without its sandbox a page that breaks the browser is that user: it must
     * be one that can read nothing of ours. */
    if (!plan.sandbox && !plan.change)
        return mud_fail(
            err,
            MUD_EDENIED,
            "%s",
            mud_t("the browser's sandbox needs user namespaces, "
                  "which this system does not allow: run as root "
                  "(it then draws as nobody)",
                  "浏览器沙箱需要用户命名空间，而本系统不允许：请以 "
                  "root 运行（届时以 nobody 身份渲染）"));
    if (make_folder(out, &plan, err) && launch(out, &plan, err))
        return true;
    mud_browser_stop(out);
    return false;
}

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    (void)!remove(path);
    return 0;
}

void mud_browser_stop(struct mud_browser_process *process)
{
    if (process->pid > 0) {
        kill(-process->pid, SIGKILL);
        kill(process->pid, SIGKILL);
        (void)TEMP_FAILURE_RETRY(waitpid(process->pid, NULL, 0));
        for (int i = 0; i < 200 && waitpid(-process->pid, NULL, WNOHANG) >= 0;
             i++)
            poll(NULL, 0, 10);
    }
    close_all((const int[]){process->to, process->from, process->log}, 3);
    if (process->folder[0])
        nftw(process->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    *process = (struct mud_browser_process){.to = -1, .from = -1, .log = -1};
}

/* "PID (name) STATE PPID PGRP ...": the group, and field 24, pages in memory. */
static int64_t memory_of(const char *pid, pid_t group)
{
    char path[64], text[1024];
    long pages = 0;
    int of = 0;

    snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
    if (fd >= 0)
        close(fd);
    if (n <= 0)
        return 0;
    text[n] = 0;
    char *field = strrchr(text, ')');
    for (int i = 2; field && i < 24; i++) {
        field = strchr(field + 1, ' ');
        if (field && i == 4)
            of = (int)strtol(field, NULL, 10);
        if (field && i == 23)
            pages = strtol(field, NULL, 10);
    }
    return of == group ? (int64_t)pages * sysconf(_SC_PAGESIZE) : 0;
}

int64_t mud_browser_memory(const struct mud_browser_process *process)
{
    DIR *proc = opendir("/proc");
    int64_t sum = 0;
    struct dirent *entry;

    while (proc && (entry = readdir(proc)))
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
            sum += memory_of(entry->d_name, process->pid);
    if (proc)
        closedir(proc);
    return sum;
}

const char *mud_browser_said(char *out, size_t size,
                             const struct mud_browser_process *process)
{
    off_t end = lseek(process->log, 0, SEEK_END);
    off_t from = end > (off_t)size - 1 ? end - (off_t)size + 1 : 0;
    ssize_t n = end > 0 ? pread(process->log, out, size - 1, from) : 0;

    out[n > 0 ? n : 0] = 0;
    for (char *s = out; *s; s++)
        if (*s == '\n')
            *s = ' ';
    return out;
}
