#include "parse/archive.h"

#include "base/utf8.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>

#define CHUNK ((size_t)64 << 10)
#define FREE  (UINT64_C(64) << 20) /* bytes that no ratio is asked of */

struct mud_archive {
    FILE *file;
    uint64_t size;
};

struct walk {
    struct mud_archive *archive;
    const struct mud_archive_walk *to;
    struct archive *zip;
    struct mud_arena *arena;
    uint64_t out;     /* unpacked so far */
    const char *stop; /* a limit was reached */
    bool broken;      /* this file */
};

bool mud_archive_new(struct mud_archive **out, const struct mud_bytes_in *bytes,
                     struct mud_error *err)
{
    struct mud_archive *a = mud_calloc(1, sizeof(*a));
    char *chunk = mud_malloc(CHUNK);
    size_t n = 1;
    bool ok = (a->file = tmpfile()) != NULL ||
              mud_fail_errno(err, MUD_EIO, "temporary file");
    while (ok && n) {
        ok = bytes->read(bytes->payload, chunk, CHUNK, &n, err);
        if (!ok)
            break;
        a->size += n;
        if (a->size > MUD_ARCHIVE_SIZE)
            ok = mud_fail(err, MUD_ELIMIT, "an archive above 8 GiB");
        else if (n && fwrite(chunk, 1, n, a->file) != n)
            ok = mud_fail_errno(err, MUD_EIO, "temporary file");
    }
    ok = ok && (fflush(a->file) == 0 ||
                mud_fail_errno(err, MUD_EIO, "temporary file"));
    free(chunk);
    if (!ok) {
        mud_archive_free(a);
        return false;
    }
    *out = a;
    return true;
}

void mud_archive_free(struct mud_archive *archive)
{
    if (!archive)
        return;
    if (archive->file)
        (void)fclose(archive->file);
    free(archive);
}

static bool take(void *payload, void *out, size_t size, size_t *n,
                 struct mud_error *err)
{
    struct walk *w = payload;
    (void)err;
    *n = 0;
    if (w->stop || w->broken)
        return true;
    la_ssize_t got = archive_read_data(w->zip, out, size);
    if (got < 0) {
        w->broken = true;
        return true;
    }
    *n = (size_t)got;
    w->out += *n;
    if (w->out > MUD_ARCHIVE_OUT)
        w->stop = "archive-limit";
    else if (w->out > FREE &&
             w->out - FREE > w->archive->size * MUD_ARCHIVE_RATIO)
        w->stop = "archive-bomb";
    return true;
}

/* A relative path that does not lead upwards. Nothing is written by it, but a
 * file that would be is not an honest export's. */
static bool safe(struct mud_str path)
{
    struct mud_str part;
    if (!path.n || path.s[0] == '/' || mud_str_chr(path, '\\') != MUD_NPOS ||
        mud_str_chr(path, '\0') != MUD_NPOS || (path.n > 1 && path.s[1] == ':'))
        return false;
    while (mud_str_cut(&path, '/', &part))
        if (mud_str_eqz(part, ".."))
            return false;
    return true;
}

static struct mud_str path_of(struct walk *w, struct archive_entry *entry)
{
    const char *name = archive_entry_pathname_utf8(entry);
    if (!name)
        name = archive_entry_pathname(entry);
    if (!name)
        return (struct mud_str){0};
    return mud_utf8_clean(
        mud_str_dup(mud_str_z(name), w->arena), w->arena, NULL);
}

static bool one(struct walk *w, struct archive_entry *entry,
                struct mud_error *err)
{
    const struct mud_bytes_in bytes = {take, w};
    struct mud_str path = path_of(w, entry);
    w->broken = false;
    if (archive_entry_filetype(entry) == AE_IFDIR)
        return true;
    if (archive_entry_filetype(entry) != AE_IFREG || !safe(path))
        return w->to->fault("archive-path", path, w->to->payload, err);
    if (!w->to->file(path, &bytes, w->to->payload, err))
        return false;
    if (w->stop)
        return w->to->fault(w->stop, path, w->to->payload, err);
    return !w->broken ||
           w->to->fault("archive-broken", path, w->to->payload, err);
}

static bool all(struct walk *w, struct mud_error *err)
{
    struct archive_entry *entry;
    const struct mud_str none = {0};
    int got;
    for (uint32_t n = 0; !w->stop; n++) {
        mud_arena_reset(w->arena);
        got = archive_read_next_header(w->zip, &entry);
        if (got == ARCHIVE_EOF)
            return true;
        if (got < ARCHIVE_WARN)
            return w->to->fault("archive-broken", none, w->to->payload, err);
        if (n >= MUD_ARCHIVE_FILES)
            return w->to->fault("archive-limit", none, w->to->payload, err);
        if (!one(w, entry, err))
            return false;
    }
    return true;
}

bool mud_archive_each(struct mud_archive *archive,
                      const struct mud_archive_walk *walk,
                      struct mud_error *err)
{
    struct walk w = {.archive = archive, .to = walk};
    bool ok = true;
    rewind(archive->file);
    w.zip = archive_read_new();
    w.arena = mud_arena_new();
    if (!w.zip)
        abort(); /* out of memory */
    (void)archive_read_support_format_zip(w.zip);
    if (archive_read_open_FILE(w.zip, archive->file) < ARCHIVE_WARN)
        ok = walk->fault(
            "archive-broken", (struct mud_str){0}, walk->payload, err);
    else
        ok = all(&w, err);
    (void)archive_read_free(w.zip);
    mud_arena_free(w.arena);
    return ok;
}
