#include "store/program.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* The first number of what "postgres -V" says: "postgres (PostgreSQL) 15.2". */
static int version_of(const char *dir)
{
    char path[MUD_PATH + 16], text[128] = "";
    int fds[2], version = 0;

    (void)snprintf(path, sizeof(path), "%s/postgres", dir);
    if (access(path, X_OK) != 0 || pipe(fds) != 0)
        return 0;
    pid_t child = fork();
    if (child == 0) {
        (void)dup2(fds[1], 1);
        execl(path, path, "-V", (char *)NULL);
        _exit(127);
    }
    close(fds[1]);
    size_t n = 0;
    ssize_t got;
    while (n + 1 < sizeof(text) &&
           (got = read(fds[0], text + n, sizeof(text) - 1 - n)) > 0)
        n += (size_t)got;
    close(fds[0]);
    if (child > 0)
        (void)waitpid(child, NULL, 0);
    const char *at = strstr(text, ") ");
    if (at)
        version = (int)strtol(at + 2, NULL, 10);
    return version;
}

static bool accept(char dir[MUD_PATH], int *found, int major, const char *where)
{
    int version = version_of(where);

    if (!version || (major ? version != major : version < MUD_PG_OLDEST))
        return false;
    (void)snprintf(dir, MUD_PATH, "%s", where);
    *found = version;
    return true;
}

/* /usr/lib/postgresql/N/bin with the largest N that will do. */
static bool debian(char dir[MUD_PATH], int *found, int major)
{
    static const char root[] = "/usr/lib/postgresql";
    char where[MUD_PATH];
    long best = 0;
    DIR *d = opendir(root);
    struct dirent *e;

    while (d && (e = readdir(d))) {
        long n = strtol(e->d_name, NULL, 10);

        (void)snprintf(where, sizeof(where), "%s/%ld/bin/postgres", root, n);
        if (n > best && n < 1000 && (!major || n == major) &&
            access(where, X_OK) == 0)
            best = n;
    }
    if (d)
        closedir(d);
    (void)snprintf(where, sizeof(where), "%s/%ld/bin", root, best);
    return best && accept(dir, found, major, where);
}

bool mud_program_find(char dir[MUD_PATH], int *found, int major,
                      struct mud_error *err)
{
    const char *asked = getenv("MUDLARK_PG_BINDIR");
    struct mud_str rest = mud_str_z(getenv("PATH")), part;
    char where[MUD_PATH];

    if (asked && *asked) {
        if (accept(dir, found, major, asked))
            return true;
        int version = version_of(asked);
        if (!version)
            return mud_fail(err,
                            MUD_EMISSING,
                            "MUDLARK_PG_BINDIR: no postgres server in %s",
                            asked);
        return mud_fail(err,
                        MUD_EMISSING,
                        "MUDLARK_PG_BINDIR: %s is postgres %d, needed is %d%s",
                        asked,
                        version,
                        major ? major : MUD_PG_OLDEST,
                        major ? "" : " or newer");
    }
    if (debian(dir, found, major))
        return true;
    while (mud_str_cut(&rest, ':', &part)) {
        if (!part.n || part.n >= sizeof(where))
            continue;
        (void)snprintf(where, sizeof(where), "%.*s", MUD_FMT(part));
        if (accept(dir, found, major, where))
            return true;
    }
    return mud_fail(err,
                    MUD_EMISSING,
                    "no postgres %d%s server found: install it (apt-get "
                    "install postgresql-%d) or set MUDLARK_PG_BINDIR",
                    major ? major : MUD_PG_OLDEST,
                    major ? "" : " or newer",
                    major ? major : MUD_PG_OLDEST);
}
