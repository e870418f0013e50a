#include "parse/folder.h"

#include "base/utf8.h"
#include "parse/chat_kit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct entry {
    struct mud_str path; /* below the folder */
    size_t depth;
    const char *fault; /* instead of a file */
};

struct listing {
    struct mud_arena *arena;

    struct entry *files, *folders; /* folders: still to be looked into */
    size_t n_files, cap_files, n_folders, cap_folders;
    bool full;
};

static size_t digits(struct mud_str s)
{
    size_t n = 0;
    while (n < s.n && s.s[n] >= '0' && s.s[n] <= '9')
        n++;
    return n;
}

/* Digits by their value, the rest by bytes. */
static int compare(const void *one, const void *two)
{
    struct mud_str a = ((const struct entry *)one)->path;
    struct mud_str b = ((const struct entry *)two)->path;
    size_t i = 0, k = 0;
    while (i < a.n && k < b.n) {
        struct mud_str ra = mud_str_sub(a, i, a.n), rb = mud_str_sub(b, k, b.n);
        size_t na = digits(ra), nb = digits(rb);
        if (!na || !nb) {
            if (a.s[i] != b.s[k])
                return (unsigned char)a.s[i] < (unsigned char)b.s[k] ? -1 : 1;
            i++;
            k++;
            continue;
        }
        i += na;
        k += nb;
        while (na && ra.s[0] == '0') {
            ra = mud_str_sub(ra, 1, ra.n);
            na--;
        }
        while (nb && rb.s[0] == '0') {
            rb = mud_str_sub(rb, 1, rb.n);
            nb--;
        }
        int order = na != nb ? (na < nb ? -1 : 1) : memcmp(ra.s, rb.s, na);
        if (order)
            return order;
    }
    if (a.n - i != b.n - k)
        return a.n - i < b.n - k ? -1 : 1;
    return mud_str_cmp(a, b); /* "01" and "1" */
}

static void add(struct listing *l, struct entry entry)
{
    if (l->n_files >= MUD_FOLDER_FILES) {
        l->full = true;
        return;
    }
    l->files =
        mud_grow(l->files, &l->cap_files, l->n_files + 1, sizeof(*l->files));
    l->files[l->n_files++] = entry;
}

static void look_at(struct listing *l, int fd, const struct entry *in,
                    const char *name)
{
    struct stat st;
    struct entry e = {.depth = in->depth + 1};
    e.path = in->path.n
                 ? mud_str_printf(l->arena, "%.*s/%s", MUD_FMT(in->path), name)
                 : mud_str_dup(mud_str_z(name), l->arena);
    if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return;
    if (S_ISREG(st.st_mode)) {
        add(l, e);
    } else if (S_ISDIR(st.st_mode) && e.depth <= MUD_FOLDER_DEPTH) {
        if (l->n_folders >= MUD_FOLDER_FILES) {
            l->full = true;
            return;
        }
        l->folders =
            mud_grow(l->folders, &l->cap_folders, l->n_folders + 1, sizeof(e));
        l->folders[l->n_folders++] = e;
    } else {
        e.fault = "archive-path";
        add(l, e);
    }
}

static bool look_into(struct listing *l, int root, const struct entry *in,
                      struct mud_error *err)
{
    char *path = mud_str_cstr(in->path.n ? in->path : MUD_STR("."), l->arena);
    int fd =
        openat(root, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    struct dirent *entry;
    if (!dir) {
        struct entry gone = *in;
        if (fd >= 0)
            (void)close(fd);
        if (!in->path.n)
            return mud_fail_errno(err, MUD_EIO, "folder");
        gone.fault = "unreadable";
        add(l, gone);
        return true;
    }
    while ((entry = readdir(dir)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            look_at(l, fd, in, entry->d_name);
    (void)closedir(dir);
    return true;
}

static bool one(struct listing *l, int root, const struct entry *e,
                const struct mud_archive_walk *walk, struct mud_error *err)
{
    struct mud_str path = mud_utf8_clean(e->path, l->arena, NULL);
    struct stat st;
    if (e->fault)
        return mud_archive_fault(walk, e->fault, path, err);
    int fd = openat(root,
                    mud_str_cstr(e->path, l->arena),
                    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    const struct mud_bytes_in bytes = mud_chat_fd(&fd);
    bool ok;
    if (fd < 0)
        return mud_archive_fault(walk, "unreadable", path, err);
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        ok = mud_archive_fault(walk, "archive-path", path, err);
    else
        ok = walk->file(path, &bytes, walk->payload, err);
    (void)close(fd);
    return ok;
}

static bool files(struct listing *l, int root,
                  const struct mud_archive_walk *walk, struct mud_error *err)
{
    const struct mud_str none = {0};
    struct entry in = {0};
    bool ok = look_into(l, root, &in, err);
    while (ok && l->n_folders) {
        in = l->folders[--l->n_folders];
        ok = look_into(l, root, &in, err);
    }
    if (ok && l->n_files)
        qsort(l->files, l->n_files, sizeof(*l->files), compare);
    for (size_t i = 0; ok && i < l->n_files; i++)
        ok = one(l, root, &l->files[i], walk, err);
    return ok &&
           (!l->full || mud_archive_fault(walk, "archive-limit", none, err));
}

bool mud_folder_each(const char *path, const struct mud_archive_walk *walk,
                     struct mud_error *err)
{
    struct listing l = {0};
    int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return mud_fail_errno(err, MUD_EIO, "%s", path);
    l.arena = mud_arena_new();
    bool ok = files(&l, root, walk, err);
    mud_arena_free(l.arena);
    free(l.files);
    free(l.folders);
    (void)close(root);
    return ok;
}
