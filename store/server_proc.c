#include "base/log.h"
#include "store/server_parts.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Is pid a postgres that lives in the data folder? (It changes into it.) */
static bool is_ours(pid_t pid, const struct mud_place *place)
{
    char path[64], there[MUD_PATH];

    (void)snprintf(path, sizeof(path), "/proc/%d/cwd", (int)pid);
    ssize_t n = readlink(path, there, sizeof(there) - 1);
    if (n < 0)
        return false;
    there[n] = 0;
    if (strcmp(there, place->data) != 0)
        return false;
    (void)snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    n = fd < 0 ? 0 : read(fd, there, sizeof(there) - 1);
    if (fd >= 0)
        close(fd);
    return mud_str_eqz(mud_str_trim(mud_str_of(there, n > 0 ? (size_t)n : 0)),
                       "postgres");
}

/* What postmaster.pid says; 0 when there is none. */
static pid_t noted(const struct mud_place *place)
{
    char path[MUD_PATH + 24], text[24] = "";

    (void)snprintf(path, sizeof(path), "%s/postmaster.pid", place->data);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return 0;
    if (read(fd, text, sizeof(text) - 1) <= 0)
        text[0] = 0;
    close(fd);
    long pid = strtol(text, NULL, 10);
    return pid > 1 && pid < INT32_MAX ? (pid_t)pid : 0;
}

pid_t mud_server_pid(const struct mud_place *place)
{
    pid_t pid = noted(place);

    /* A number in a file may by now be another program's, or a zombie's. */
    return pid && mud_program_alive(pid) && is_ours(pid, place) ? pid : 0;
}

/* Send sig to every postgres of the data folder; how many there are. */
static int signal_all(const struct mud_place *place, int sig)
{
    DIR *proc = opendir("/proc");
    const struct dirent *e;
    int n = 0;

    while (proc && (e = readdir(proc))) {
        pid_t pid = (pid_t)strtol(e->d_name, NULL, 10);

        if (pid <= 1 || !mud_program_alive(pid) || !is_ours(pid, place))
            continue;
        n++;
        (void)kill(pid, sig);
    }
    if (proc)
        closedir(proc);
    return n;
}

void mud_server_clear(const struct mud_place *place)
{
    char path[MUD_PATH + 24];
    pid_t pid = noted(place);
    int left = signal_all(place, SIGQUIT);

    if (left)
        mud_log(MUD_LOG_WARN,
                "postgres",
                "ended %d server processes whose postmaster is dead",
                left);
    for (int i = 0; left && i < 100; i++) {
        poll(NULL, 0, 100);
        left = signal_all(place, 0);
    }
    if (left)
        (void)signal_all(place, SIGKILL);
    /* The number may have gone to another program (after a restart of the
     * machine, or in a container) or be a zombie's that init has not reaped:
     * postgres would take either for a server. */
    if (pid && kill(pid, 0) == 0 && !mud_server_pid(place)) {
        (void)snprintf(path, sizeof(path), "%s/postmaster.pid", place->data);
        (void)unlink(path);
    }
    (void)snprintf(path, sizeof(path), "%s/.s.PGSQL.5432.lock", place->socket);
    (void)unlink(path);
}
