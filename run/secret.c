#include "run/secret.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    ROOM = 16384, /* bytes of a file */
    NAME_MAX_BYTES = 64
};

struct mud_secret {
    char *room; /* [ROOM], pages of their own */
    size_t file;
    char name[NAME_MAX_BYTES + 1];
};

static bool read_file(struct mud_secret *secret, const char *path,
                      struct mud_error *err)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    struct stat st;
    ssize_t n = 0;

    if (fd < 0 && errno == ENOENT)
        return true;
    if (fd < 0)
        return mud_fail_errno(err, MUD_EIO, "%s", path);
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_mode & 0177 ||
        (st.st_uid != geteuid() && st.st_uid != 0)) {
        close(fd);
        return mud_fail(err,
                        MUD_EDENIED,
                        "%s: others may read it (chmod 600 %s)",
                        path,
                        path);
    }
    while (secret->file < ROOM &&
           (n = read(fd, secret->room + secret->file, ROOM - secret->file)) > 0)
        secret->file += (size_t)n;
    close(fd);
    if (n < 0)
        return mud_fail_errno(err, MUD_EIO, "%s", path);
    return secret->file < ROOM ||
           mud_fail(err, MUD_ELIMIT, "%s: larger than %d bytes", path, ROOM);
}

/* Lines are "key = value", blank, or begin with "#"; no line is quoted. */
static bool next_pair(struct mud_str *text, struct mud_str *key,
                      struct mud_str *value, unsigned *line, bool *good)
{
    struct mud_str row;

    while (mud_str_line(text, &row)) {
        ++*line;
        row = mud_str_trim(row);
        if (!row.n || row.s[0] == '#')
            continue;
        size_t at = mud_str_chr(row, '=');
        *good = at != MUD_NPOS && at > 0;
        if (*good) {
            *key = mud_str_trim(mud_str_sub(row, 0, at));
            *value = mud_str_trim(mud_str_sub(row, at + 1, row.n));
        }
        return true;
    }
    return false;
}

static bool check_file(const struct mud_secret *secret, const char *path,
                       struct mud_error *err)
{
    struct mud_str text = mud_str_of(secret->room, secret->file), key, value;
    unsigned line = 0;
    bool good = true;

    while (good && next_pair(&text, &key, &value, &line, &good)) {
        if (!good)
            return mud_fail(
                err, MUD_EINPUT, "%s:%u: no \"key = value\"", path, line);
    }
    return true;
}

bool mud_secret_open(struct mud_secret **out, const char *home,
                     struct mud_str account, struct mud_error *err)
{
    struct mud_secret *secret = mud_calloc(1, sizeof *secret);
    char path[1024];

    if (!account.n || account.n > NAME_MAX_BYTES || account.s[0] == '.' ||
        mud_str_chr(account, '/') != MUD_NPOS) {
        free(secret);
        return mud_fail(
            err, MUD_EUSAGE, "%.*s is no name of an account", MUD_FMT(account));
    }
    memcpy(secret->name, account.s, account.n);
    secret->room = mmap(
        NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (secret->room == MAP_FAILED)
        mud_out_of_memory();
    /* from here on a crash leaves no core, and the pages would not be in it */
    (void)prctl(PR_SET_DUMPABLE, 0);
    (void)madvise(secret->room, ROOM, MADV_DONTDUMP);
    (void)mlock(secret->room, ROOM);
    snprintf(path, sizeof path, "%s/secrets/%s", home, secret->name);
    if (!read_file(secret, path, err) || !check_file(secret, path, err)) {
        mud_secret_free(secret);
        return false;
    }
    *out = secret;
    return true;
}

void mud_secret_free(struct mud_secret *secret)
{
    if (!secret)
        return;
    explicit_bzero(secret->room, ROOM);
    munmap(secret->room, ROOM);
    free(secret);
}

static void variable_of(char *out, size_t size, const char *name,
                        const char *key)
{
    int n = snprintf(out, size, "MUDLARK_SECRET_%s_%s", name, key);

    for (int i = 0; i < n && (size_t)i < size - 1; i++)
        out[i] = (char)(isalnum((unsigned char)out[i])
                            ? toupper((unsigned char)out[i])
                            : '_');
}

struct mud_str mud_secret_get(const struct mud_secret *secret, const char *key)
{
    struct mud_str text = mud_str_of(secret->room, secret->file), at, value;
    struct mud_str found = MUD_STR("");
    char variable[256];
    unsigned line = 0;
    bool good = true;

    variable_of(variable, sizeof variable, secret->name, key);
    const char *set = getenv(variable);
    if (set)
        return mud_str_z(set);
    while (next_pair(&text, &at, &value, &line, &good)) {
        if (good && mud_str_eqz(at, key))
            found = value;
    }
    return found;
}

bool mud_secret_need(struct mud_str *value, const struct mud_secret *secret,
                     const char *key, struct mud_error *err)
{
    char variable[256];

    *value = mud_secret_get(secret, key);
    if (value->n)
        return true;
    variable_of(variable, sizeof variable, secret->name, key);
    return mud_fail(err,
                    MUD_EMISSING,
                    "no %s for %s: put \"%s = ...\" into the file secrets/%s "
                    "of MUDLARK_HOME (mode 600), or set %s",
                    key,
                    secret->name,
                    key,
                    secret->name,
                    variable);
}
