/* Images of an archive, as files for a while. */
#include "run/media.h"

#include "base/conf.h"
#include "parse/archive.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX 20000U
#define BYTES_MAX (UINT64_C(4) << 30)

struct unpacking {
    const char *root;
    size_t files;
    uint64_t bytes;
    struct mud_arena *arena; /* of one file */
    char *piece;
};

/* Up to one byte more than an image may have: that it is too large is then
 * said of it, and not unpacked further. */
static bool copy(struct unpacking *u, int fd, const struct mud_bytes_in *bytes,
                 struct mud_error *err)
{
    size_t total = 0, n = 1;

    while (n && total <= MUD_IMAGE_BYTES && u->bytes <= BYTES_MAX) {
        if (!bytes->read(bytes->payload, u->piece, 65536, &n, err))
            return false;
        if (!mud_write_all(fd, mud_str_of(u->piece, n)))
            return mud_fail_errno(err, MUD_EIO, "%s", u->root);
        total += n;
        u->bytes += n;
    }
    return true;
}

static bool on_file(struct mud_str path, const struct mud_bytes_in *bytes,
                    void *payload, struct mud_error *err)
{
    struct unpacking *u = payload;
    size_t slash = mud_str_rchr(path, '/');

    if (!mud_media_is_image(path) || u->files >= FILES_MAX ||
        u->bytes > BYTES_MAX || path.n > 1000)
        return true;
    mud_arena_reset(u->arena);
    const char *to =
        mud_str_printf(u->arena, "%s/%.*s", u->root, MUD_FMT(path)).s;
    if (slash != MUD_NPOS &&
        !mud_mkdirs(
            mud_str_printf(u->arena, "%s/%.*s", u->root, (int)slash, path.s).s,
            err))
        return false;
    int fd =
        open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) /* a name twice, or one that no file may have */
        return true;
    u->files++;
    bool good = copy(u, fd, bytes, err);
    (void)close(fd);
    return good;
}

static bool unpack(struct unpacking *u, int fd, struct mud_error *err)
{
    const struct mud_bytes_in bytes = mud_chat_fd(&fd);
    /* What is wrong with it is said where its chats are read. */
    const struct mud_archive_walk walk = {on_file, NULL, u};
    struct mud_archive *archive = NULL;
    bool good = mud_archive_new(&archive, &bytes, err) &&
                mud_archive_each(archive, &walk, err);

    mud_archive_free(archive);
    return good;
}

/* An export in a folder of its own within the archive names its images from
 * there. */
static const char *inner(const char *root, struct mud_arena *arena)
{
    DIR *dir = opendir(root);
    const char *only = root;
    size_t n = 0;

    for (struct dirent *e = dir ? readdir(dir) : NULL; e; e = readdir(dir)) {
        if (e->d_name[0] == '.')
            continue;
        n++;
        only = mud_str_printf(arena, "%s/%s", root, e->d_name).s;
    }
    if (dir)
        (void)closedir(dir);
    size_t slash = mud_str_rchr(mud_str_z(only), '/');
    struct mud_str name = mud_str_sub(mud_str_z(only), slash + 1, MUD_NPOS);
    bool own = n == 1 && !mud_media_is_image(name) &&
               mud_str_istarts(name, MUD_STR("ChatExport"));
    return own ? only : root;
}

bool mud_media_unpack(const char **folder, const char *path,
                      struct mud_arena *arena, struct mud_error *err)
{
    const char *tmp = getenv("TMPDIR");
    char *root = mud_str_cstr(
        mud_str_printf(arena, "%s/mudlark-media-XXXXXX", tmp ? tmp : "/tmp"),
        arena);
    struct unpacking u = {.root = root};
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    *folder = NULL;
    if (fd < 0)
        return mud_fail_errno(err, MUD_EIO, "%s", path);
    if (!mkdtemp(root)) {
        (void)close(fd);
        return mud_fail_errno(err, MUD_EIO, "%s", root);
    }
    u.arena = mud_arena_new();
    u.piece = mud_malloc(65536);
    bool good = unpack(&u, fd, err);
    free(u.piece);
    mud_arena_free(u.arena);
    (void)close(fd);
    if (good && u.files)
        *folder = inner(root, arena);
    else
        mud_media_forget(root);
    return good;
}

void mud_media_forget(const char *folder)
{
    char *mark, *root;

    if (!folder)
        return;
    root = mud_strdup(folder);
    mark = strstr(root, "/mudlark-media-");
    if (mark) { /* the folder that was made, not one in it */
        char *slash = strchr(mark + 1, '/');
        if (slash)
            *slash = '\0';
        char *const roots[] = {root, NULL};
        FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
        for (FTSENT *e = tree ? fts_read(tree) : NULL; e; e = fts_read(tree)) {
            if (e->fts_info == FTS_DP)
                (void)rmdir(e->fts_accpath);
            else if (e->fts_info != FTS_D)
                (void)unlink(e->fts_accpath);
        }
        if (tree)
            (void)fts_close(tree);
    }
    free(root);
}
