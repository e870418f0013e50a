#include "base/conf.h"
#include "base/hash.h"
#include "base/time.h"
#include "store/server_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SOCKET_NAME "/.s.PGSQL.5432"
#define LOCK_MS     60000

/* The file system of /tmp is not a matter of TMPDIR here: every process of
 * whatever environment must come to the same folder. */
#define SHORT_ROOT "/tmp"

static bool is_home_of_root(const char *path)
{
    const struct passwd *pw = getpwuid(0);

    return !strcmp(path, "/") || (pw && !strcmp(path, pw->pw_dir));
}

/* Let the server's group search our folder, if it is ours to open. */
static bool open_home(const struct mud_place *place)
{
    struct stat st;

    if (stat(place->home, &st) != 0 || st.st_uid != 0 ||
        is_home_of_root(place->home))
        return false;
    return chown(place->home, 0, place->user.gid) == 0 &&
           chmod(place->home, (st.st_mode & 07707) | 0010) == 0;
}

bool mud_server_reach(const struct mud_place *place, struct mud_error *err)
{
    char path[MUD_PATH];
    size_t n = strlen(place->home);

    if (!place->user.change || mud_program_reaches(&place->user, place->home))
        return true;
    memcpy(path, place->home, n + 1);
    for (size_t i = 1; i < n; i++) {
        if (path[i] != '/')
            continue;
        path[i] = 0;
        if (!mud_program_reaches(&place->user, path))
            return mud_fail(err,
                            MUD_EDENIED,
                            "user %s, who runs postgres, cannot enter %s: set "
                            "MUDLARK_HOME to a folder it can reach, such as "
                            "/var/lib/mudlark",
                            place->user.name,
                            path);
        path[i] = '/';
    }
    if (open_home(place) && mud_program_reaches(&place->user, place->home))
        return true;
    return mud_fail(err,
                    MUD_EDENIED,
                    "user %s, who runs postgres, cannot enter %s: allow it "
                    "(chmod o+x) or set MUDLARK_HOME to a folder of its own, "
                    "such as /var/lib/mudlark",
                    place->user.name,
                    place->home);
}

/* No character that initdb, which goes through a shell, would misread. */
static bool plain(const char *path)
{
    for (; *path; path++)
        if ((unsigned char)*path < 0x20 || *path == 0x7f ||
            strchr("\"$`\\'", *path))
            return false;
    return true;
}

/* What leads to a home that root has us make is made such that the server's
 * user can pass; the home itself is opened for it later. */
static bool make_home(const char *home, struct mud_error *err)
{
    char part[MUD_PATH];
    size_t n = strlen(home);

    if (geteuid() != 0 || n >= sizeof(part))
        return mud_mkdirs(home, err);
    memcpy(part, home, n + 1);
    for (size_t i = 1; i < n; i++) {
        if (part[i] != '/')
            continue;
        part[i] = 0;
        if (mkdir(part, 0711) == 0 && chmod(part, 0711) != 0)
            return mud_fail_errno(err, MUD_EIO, "chmod %s", part);
        part[i] = '/';
    }
    return mud_mkdirs(home, err); /* which says what is wrong */
}

bool mud_server_place(struct mud_place *out, const char *home,
                      struct mud_error *err)
{
    char run[MUD_PATH + 8], hex[MUD_HEX256];
    uint8_t digest[MUD_SHA256];

    *out = (struct mud_place){0};
    if (!make_home(home, err))
        return false;
    char *real = realpath(home, NULL);
    if (!real)
        return mud_fail_errno(err, MUD_EIO, "MUDLARK_HOME %s", home);
    size_t n = strlen(real);
    if (n + 16 >= MUD_PATH || !plain(real)) {
        (void)mud_fail(err,
                       MUD_EUSAGE,
                       "MUDLARK_HOME %s: too long, or with a quote, backslash, "
                       "dollar or control character, for a private postgres",
                       real);
        free(real);
        return false;
    }
    memcpy(out->home, real, n + 1);
    free(real);
    (void)snprintf(out->data, MUD_PATH, "%.*s/pg", (int)n, out->home);
    (void)snprintf(out->next, MUD_PATH, "%.*s/pg.new", (int)n, out->home);
    (void)snprintf(out->log, MUD_PATH, "%.*s/pg.log", (int)n, out->home);
    (void)snprintf(out->lock, MUD_PATH, "%.*s/pg.lock", (int)n, out->home);

    /* A comma would part the path into two hosts. */
    (void)snprintf(run, sizeof(run), "%s/run", out->home);
    if (strlen(run) + sizeof(SOCKET_NAME) <= MUD_SOCKET && !strchr(run, ',')) {
        memcpy(out->socket, run, strlen(run) + 1);
    } else {
        mud_sha256_of(mud_str_z(out->home), digest);
        (void)snprintf(out->socket,
                       MUD_SOCKET,
                       SHORT_ROOT "/mud-%.16s",
                       mud_hex(hex, digest, sizeof(digest)));
    }
    return mud_program_user(&out->user, out->data, err);
}

/* The open folder is ours alone; a link or a stranger's folder is refused. */
static bool own_folder(int fd, const struct mud_place *place,
                       struct mud_error *err)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return mud_fail_errno(err, MUD_EIO, "%s", place->socket);
    /* Made by us a moment ago, as root, and not handed over yet. */
    if (place->user.change && st.st_uid == 0 &&
        fchown(fd, place->user.uid, place->user.gid) == 0)
        st.st_uid = place->user.uid;
    if (st.st_uid != place->user.uid)
        return mud_fail(err,
                        MUD_EDENIED,
                        "%s belongs to a stranger (uid %u): someone may have "
                        "put it there; remove it or set a shorter MUDLARK_HOME",
                        place->socket,
                        (unsigned)st.st_uid);
    if ((st.st_mode & 0777) != 0700 && fchmod(fd, 0700) != 0)
        return mud_fail_errno(err, MUD_EIO, "chmod %s", place->socket);
    return true;
}

bool mud_server_socket(const struct mud_place *place, struct mud_error *err)
{
    if (mkdir(place->socket, 0700) != 0 && errno != EEXIST)
        return mud_fail_errno(err, MUD_EIO, "make %s", place->socket);
    int fd =
        open(place->socket, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && (errno == ELOOP || errno == ENOTDIR || errno == EACCES))
        return mud_fail(err,
                        MUD_EDENIED,
                        "%s is not a folder of ours: someone may have put it "
                        "there; remove it or set a shorter MUDLARK_HOME",
                        place->socket);
    if (fd < 0)
        return mud_fail_errno(err, MUD_EIO, "open %s", place->socket);
    bool good = own_folder(fd, place, err);
    close(fd);
    return good;
}

int mud_server_lock(const struct mud_place *place, struct mud_error *err)
{
    int64_t due = mud_monotonic() + INT64_C(1000) * LOCK_MS;
    int fd = open(place->lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0) {
        (void)mud_fail_errno(err, MUD_EIO, "open %s", place->lock);
        return -1;
    }
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (mud_monotonic() > due) {
            (void)mud_fail(err,
                           MUD_EAGAIN,
                           "%s is held: another process starts or stops "
                           "postgres for over a minute",
                           place->lock);
            close(fd);
            return -1;
        }
        poll(NULL, 0, 20);
    }
    return fd;
}
