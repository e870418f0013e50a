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
    uint64_t entries; /* that a zip's directory may have */
    char tail[3];     /* of the last chunk */
};

struct walk {
    struct mud_archive *archive;
    const struct mud_archive_walk *to;
    struct archive *zip;
    struct mud_arena *arena;
    uint64_t out;     /* unpacked so far */
    const char *stop; /* a limit was reached */
    bool broken;      /* this file */
    bool seeks;       /* files are passed over without being unpacked */
    char *chunk;      /* of the archive, where it is read from its beginning */
};

/* libarchive keeps the whole directory of a zip in memory, whatever its length:
 * so its entries are counted before, and one with too many is read from its
 * beginning, without the directory. */
static void count_entries(struct mud_archive *a, const char *chunk, size_t n)
{
    struct mud_str rest = mud_str_of(chunk, n);
    char seam[6];
    size_t at = 0;
    memcpy(seam, a->tail, 3);
    memcpy(seam + 3, chunk, n < 3 ? n : 3);
    if (n >= 3)
        a->entries += mud_str_find(mud_str_of(seam, 6),
                                   MUD_STR("PK\x01\x02")) != MUD_NPOS;
    while ((at = mud_str_find(rest, MUD_STR("PK\x01\x02"))) != MUD_NPOS) {
        a->entries++;
        rest = mud_str_sub(rest, at + 4, rest.n);
    }
    if (n >= 3)
        memcpy(a->tail, chunk + n - 3, 3);
}

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
        count_entries(a, chunk, n);
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

/* What libarchive would unpack to get to the next file counts as well. */
static bool drain(struct walk *w, struct mud_error *err)
{
    char *chunk;
    size_t n = 1;
    bool ok = true;
    if (w->seeks)
        return true;
    chunk = mud_malloc(CHUNK);
    while (ok && n)
        ok = take(w, chunk, CHUNK, &n, err);
    free(chunk);
    return ok;
}

static bool one(struct walk *w, struct archive_entry *entry,
                struct mud_error *err)
{
    const struct mud_bytes_in bytes = {take, w};
    struct mud_str path = path_of(w, entry);
    w->broken = false;
    if (archive_entry_filetype(entry) == AE_IFDIR)
        return true;
    if (archive_entry_filetype(entry) != AE_IFREG || !safe(path) ||
        archive_entry_hardlink(entry))
        return mud_archive_fault(w->to, "archive-path", path, err) &&
               drain(w, err);
    if (archive_entry_is_encrypted(entry))
        return mud_archive_fault(w->to, "archive-encrypted", path, err);
    if (!w->to->file(path, &bytes, w->to->payload, err) || !drain(w, err))
        return false;
    if (w->stop)
        return mud_archive_fault(w->to, w->stop, path, err);
    return !w->broken || mud_archive_fault(w->to, "archive-broken", path, err);
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
            return mud_archive_fault(w->to, "archive-broken", none, err);
        if (n >= MUD_ARCHIVE_FILES)
            return mud_archive_fault(w->to, "archive-limit", none, err);
        if (!one(w, entry, err))
            return false;
    }
    return true;
}

static la_ssize_t chunk_of(struct archive *zip, void *payload,
                           const void **chunk)
{
    struct walk *w = payload;
    size_t n = fread(w->chunk, 1, CHUNK, w->archive->file);
    (void)zip;
    *chunk = w->chunk;
    return ferror(w->archive->file) ? -1 : (la_ssize_t)n;
}

static int open_zip(struct walk *w)
{
    char magic[4] = {0};
    rewind(w->archive->file);
    bool zip = fread(magic, 1, 2, w->archive->file) == 2 &&
               memcmp(magic, "PK", 2) == 0;
    rewind(w->archive->file);
    if (zip) {
        (void)archive_read_support_format_zip(w->zip);
        w->seeks = w->archive->entries <= MUD_ARCHIVE_FILES;
        if (w->seeks) /* unlike ..._open_FILE, it reads a zip's directory */
            return archive_read_open_fd(
                w->zip, fileno(w->archive->file), CHUNK);
    } else {
        (void)archive_read_support_format_tar(w->zip);
        (void)archive_read_support_filter_gzip(w->zip);
    }
    w->chunk = mud_malloc(CHUNK);
    return archive_read_open(w->zip, w, NULL, chunk_of, NULL);
}

bool mud_archive_each(struct mud_archive *archive,
                      const struct mud_archive_walk *walk,
                      struct mud_error *err)
{
    struct walk w = {.archive = archive, .to = walk};
    bool ok = true;
    w.zip = archive_read_new();
    w.arena = mud_arena_new();
    if (!w.zip)
        abort(); /* out of memory */
    if (open_zip(&w) < ARCHIVE_WARN)
        ok =
            mud_archive_fault(walk, "archive-broken", (struct mud_str){0}, err);
    else
        ok = all(&w, err);
    (void)archive_read_free(w.zip);
    free(w.chunk);
    mud_arena_free(w.arena);
    return ok;
}
