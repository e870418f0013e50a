#include "evidence/anchor_copy.h"

#include "base/conf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

bool mud_anchor_folder(char out[MUD_ANCHOR_PATH], const char *home,
                       struct mud_error *err)
{
    int n = snprintf(out, MUD_ANCHOR_PATH, "%s/ledger/anchors", home);

    return (n > 0 && n < MUD_ANCHOR_PATH - 2 * MUD_ANCHOR_NAME) ||
           mud_fail(err, MUD_EUSAGE, "%s: path too long", home);
}

static bool read_copy(char out[MUD_ANCHOR_PATH], const char *path,
                      struct mud_arena *arena, struct mud_error *err)
{
    struct mud_error e = {0};
    struct mud_conf conf;
    struct mud_str text, copy;

    out[0] = '\0';
    if (!mud_file_read(&text, path, (size_t)1 << 20, arena, &e))
        return e.code == MUD_EMISSING || mud_fail(err, e.code, "%s", e.text);
    if (!mud_conf_parse(&conf, path, text, arena, err))
        return false;
    copy = mud_conf_get(&conf, "ledger", "copy");
    if (copy.n && (copy.s[0] != '/' ||
                   copy.n >= (size_t)(MUD_ANCHOR_PATH - 2 * MUD_ANCHOR_NAME)))
        return mud_fail(err,
                        MUD_EINPUT,
                        "%s: copy of [ledger] is no absolute path of a folder",
                        path);
    (void)snprintf(out, MUD_ANCHOR_PATH, "%.*s", (int)copy.n, copy.s);
    return true;
}

bool mud_anchor_copy_folder(char out[MUD_ANCHOR_PATH], const char *home,
                            struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    char path[MUD_ANCHOR_PATH + 32];
    bool good;

    (void)snprintf(path, sizeof(path), "%s/mudlark.conf", home);
    good = read_copy(out, path, arena, err);
    mud_arena_free(arena);
    return good;
}

bool mud_anchor_put(int dir, const char *folder, const char *name,
                    struct mud_str text, struct mud_error *err)
{
    char fresh[MUD_ANCHOR_NAME + 64];
    struct stat st;
    bool good;
    int fd;

    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        return true;
    (void)snprintf(fresh, sizeof(fresh), ".%s.%ld", name, (long)getpid());
    fd = openat(dir,
                fresh,
                O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                0644);
    good = fd >= 0 && mud_write_all(fd, text) && fsync(fd) == 0 &&
           renameat(dir, fresh, dir, name) == 0 && fsync(dir) == 0;
    if (!good)
        mud_fail_errno(err, MUD_EIO, "%s/%s", folder, name);
    if (fd >= 0) {
        close(fd);
        if (!good)
            (void)unlinkat(dir, fresh, 0);
    }
    return good;
}

static bool copy_to(const char *folder, const struct mud_rows *rows,
                    struct mud_error *err)
{
    int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = dir >= 0;

    if (!good)
        return mud_fail_errno(err,
                              errno == ENOENT ? MUD_EMISSING : MUD_EIO,
                              "folder for anchors: %s",
                              folder);
    for (size_t i = 0; good && i < mud_rows_count(rows); i++) {
        struct mud_str text = mud_rows_get(rows, i, 0);
        struct mud_anchor anchor;
        char name[MUD_ANCHOR_NAME];
        good = mud_anchor_read(&anchor, text, err) &&
               mud_anchor_put(
                   dir, folder, mud_anchor_name(name, &anchor), text, err);
    }
    close(dir);
    return good;
}

bool mud_anchor_copy(struct mud_pg *pg, const char *home, struct mud_error *err)
{
    char own[MUD_ANCHOR_PATH], second[MUD_ANCHOR_PATH];
    struct mud_rows *rows;
    bool good;

    if (!mud_anchor_folder(own, home, err) || !mud_mkdirs(own, err) ||
        !mud_anchor_copy_folder(second, home, err) ||
        !mud_pg_query(&rows, pg, mud_sql("anchor_all"), NULL, 0, err))
        return false;
    good = copy_to(own, rows, err) && (!*second || copy_to(second, rows, err));
    mud_rows_free(rows);
    return good;
}
