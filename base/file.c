#include "base/conf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* All of fd; one byte more than max is asked for, to tell "at" from "past". */
static bool read_all(struct mud_str *out, int fd, const char *path, size_t max,
                     struct mud_arena *arena, struct mud_error *err)
{
    struct stat st;
    size_t cap = 0;
    size_t n = 0;
    char *s;

    if (fstat(fd, &st) < 0)
        return mud_fail_errno(err, MUD_EIO, "%s", path);
    if (S_ISREG(st.st_mode) && (uintmax_t)st.st_size > max)
        return mud_fail(err, MUD_ELIMIT, "%s: more than %zu bytes", path, max);
    s = mud_arena_grow(arena,
                       NULL,
                       &cap,
                       S_ISREG(st.st_mode) ? (size_t)st.st_size + 1 : 4095,
                       1);
    for (;;) {
        ssize_t got = read(fd, s + n, cap - n - 1);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return mud_fail_errno(err, MUD_EIO, "%s", path);
        if (got == 0)
            break;
        n += (size_t)got;
        if (n > max)
            return mud_fail(
                err, MUD_ELIMIT, "%s: more than %zu bytes", path, max);
        s = mud_arena_grow(arena, s, &cap, n + 1, 1);
    }
    s[n] = '\0';
    *out = mud_str_of(s, n);
    return true;
}

bool mud_write_all(int fd, struct mud_str bytes)
{
    while (bytes.n) {
        ssize_t n = write(fd, bytes.s, bytes.n);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes = mud_str_sub(bytes, (size_t)n, bytes.n);
    }
    return true;
}

bool mud_file_read(struct mud_str *out, const char *path, size_t max,
                   struct mud_arena *arena, struct mud_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok;

    if (fd < 0)
        return mud_fail_errno(
            err, errno == ENOENT ? MUD_EMISSING : MUD_EIO, "%s", path);
    ok = read_all(out, fd, path, max, arena, err);
    close(fd);
    return ok;
}

static bool make_dir(const char *path, struct mud_error *err)
{
    struct stat st;

    if (mkdir(path, 0700) == 0)
        return true;
    if (errno != EEXIST)
        return mud_fail_errno(err, MUD_EIO, "make folder %s", path);
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return true;
    return mud_fail(err, MUD_EIO, "make folder %s: a file is in the way", path);
}

bool mud_mkdirs(const char *path, struct mud_error *err)
{
    char part[PATH_MAX];
    size_t n = strlen(path);

    if (!n || n >= sizeof(part))
        return mud_fail(err, MUD_EIO, "make folder: path of %zu bytes", n);
    memcpy(part, path, n + 1);
    for (size_t i = 1; i < n; i++) {
        struct stat st;

        if (part[i] != '/')
            continue;
        part[i] = '\0';
        /* A parent that is there may be one we may not write to. */
        if (!(stat(part, &st) == 0 && S_ISDIR(st.st_mode)) &&
            !make_dir(part, err))
            return false;
        part[i] = '/';
    }
    return make_dir(part, err);
}

static const char *env(const char *name)
{
    const char *value = getenv(name);

    return value && value[0] ? value : NULL;
}

bool mud_home(char *out, size_t size, struct mud_error *err)
{
    const char *home = env("MUDLARK_HOME");
    const char *data = env("XDG_DATA_HOME");
    char here[PATH_MAX];
    int n;

    if (home && home[0] == '/') {
        n = snprintf(out, size, "%s", home);
    } else if (home) {
        if (!getcwd(here, sizeof(here)))
            return mud_fail_errno(err, MUD_EIO, "current folder");
        n = snprintf(out, size, "%s/%s", here, home);
    } else if (data && data[0] == '/') { /* XDG: a relative one is ignored */
        n = snprintf(out, size, "%s/mudlark", data);
    } else if (geteuid() == 0) {
        /* Postgres runs as another user, which may not enter /root. */
        n = snprintf(out, size, "/var/lib/mudlark");
    } else {
        home = env("HOME");
        if (!home || home[0] != '/')
            return mud_fail(err,
                            MUD_EUSAGE,
                            "no MUDLARK_HOME and no HOME in the environment");
        n = snprintf(out, size, "%s/.local/share/mudlark", home);
    }
    if (n < 0 || (size_t)n >= size)
        return mud_fail(err, MUD_EUSAGE, "path of MUDLARK_HOME is too long");
    while (n > 1 && out[n - 1] == '/')
        out[--n] = '\0';
    return true;
}
