#include "evidence/pieces.h"
#include "evidence/vault.h"

#include "base/conf.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#define ZLIB_CONST /* next_in is not written through */
#include <zlib.h>

#define PIECE ((size_t)65536)

struct file { /* that is being sealed */
    const char *path;
    int fd;
    bool warc;
    struct mud_pieces *copy; /* instead: one that the vault has */
};

static bool read_piece(const struct file *file, void *buf, int64_t at,
                       size_t *n, struct mud_error *err)
{
    struct mud_piece piece;
    ssize_t got;

    if (file->copy) {
        *n = 0;
        if (!mud_pieces_read(&piece, buf, file->copy, at, err))
            return false;
        *n = piece.n;
        return true;
    }
    do
        got = pread(file->fd, buf, PIECE, at);
    while (got < 0 && errno == EINTR);
    *n = got < 0 ? 0 : (size_t)got;
    return got >= 0 || mud_fail_errno(err, MUD_EIO, "%s", file->path);
}

/* A WARC by its first bytes, plain or gzipped. */
static bool looks_like_warc(const uint8_t *first, size_t n)
{
    uint8_t out[5] = {0};
    z_stream z = {0};

    if (n >= 5 && memcmp(first, "WARC/", 5) == 0)
        return true;
    if (n < 18 || first[0] != 0x1f || first[1] != 0x8b ||
        inflateInit2(&z, 15 + 16) != Z_OK)
        return false;
    z.next_in = first;
    z.avail_in = (uInt)n;
    z.next_out = out;
    z.avail_out = sizeof(out);
    inflate(&z, Z_SYNC_FLUSH);
    inflateEnd(&z);
    return memcmp(out, "WARC/", 5) == 0;
}

/* First pass: digest, size, and whether it is a WARC. */
static bool measure(struct file *file, struct mud_facts *f,
                    struct mud_error *err)
{
    struct mud_sha256 *sha = mud_sha256_new(), *sm3 = mud_sm3_new();
    uint8_t *buf = mud_malloc(PIECE);
    size_t n = 1;
    bool ok = true;

    while (ok && n > 0) {
        ok = read_piece(file, buf, f->c.size, &n, err);
        if (f->c.size == 0)
            file->warc = looks_like_warc(buf, n);
        mud_sha256_add(sha, buf, n);
        mud_sha256_add(sm3, buf, n);
        f->c.size += (int64_t)n;
    }
    mud_sha256_end(sha, f->c.sha256);
    mud_sha256_end(sm3, f->sm3);
    f->has_sm3 = true;
    mud_sha256_free(sha);
    mud_sha256_free(sm3);
    free(buf);
    return ok;
}

static void facts_of(struct mud_facts *f, const struct mud_vault *vault,
                     int32_t source, const struct mud_handed *handed,
                     struct mud_arena *arena)
{
    char at[32], hex[MUD_HEX256], name[16];
    struct mud_str parts[4];

    f->c.kind = MUD_CAPTURE_FILE;
    f->c.source = source;
    f->c.url = mud_utf8_clean(handed->url, arena, NULL);
    f->c.content_type = mud_utf8_clean(handed->content_type, arena, NULL);
    f->c.supplier = mud_utf8_clean(handed->supplier, arena, NULL);
    f->referrer = mud_utf8_clean(handed->referrer, arena, NULL);
    f->c.status = handed->status;
    f->head = mud_utf8_clean(handed->head, arena, NULL);
    f->access_mode = handed->access_mode.n ? handed->access_mode
                                           : MUD_STR("export_supplied");
    mud_vault_stamp(f, vault, arena);
    f->c.at = handed->at ? handed->at : f->sealed;
    f->started = f->c.at;
    snprintf(at, sizeof(at), "%lld", (long long)f->c.at);
    parts[0] = f->c.url;
    parts[1] = mud_str_z(at);
    parts[2] = mud_str_z(mud_hex(hex, f->c.sha256, MUD_SHA256));
    snprintf(name, sizeof(name), "%d", source);
    parts[3] = mud_str_z(name);
    f->c.id = mud_id_of_parts("capture", parts, 4);
}

/* Was it handed over before? Asked first, and again under a lock. */
struct same {
    const struct mud_facts *f;
    struct mud_arena *arena;
    struct mud_capture *out;
    bool known;
};

static bool find_same(struct mud_pg *pg, void *payload, struct mud_error *err)
{
    struct same *same = payload;
    char hex[MUD_HEX256], source[16];
    struct mud_str args[3];
    struct mud_facts found;
    struct mud_rows *rows;

    snprintf(source, sizeof(source), "%d", same->f->c.source);
    args[0] = mud_str_z(mud_hex(hex, same->f->c.sha256, MUD_SHA256));
    args[1] = mud_str_z(source);
    args[2] = same->f->c.url;
    if (!mud_pg_query(&rows, pg, mud_sql("capture_same"), args, 3, err))
        return false;
    same->known = mud_rows_count(rows) == 1;
    if (same->known) {
        mud_facts_of_row(&found, rows, 0, same->arena);
        *same->out = found.c;
    }
    mud_rows_free(rows);
    return true;
}

static bool still_new(struct mud_pg *pg, void *payload, struct mud_error *err)
{
    struct same *same = payload;
    char hex[MUD_HEX256];
    struct mud_str arg = mud_str_z(mud_hex(hex, same->f->c.sha256, MUD_SHA256));

    return mud_pg_query(NULL, pg, mud_sql("capture_lock"), &arg, 1, err) &&
           find_same(pg, same, err) &&
           (!same->known ||
            mud_fail(err, MUD_EAGAIN, "another process sealed it just now"));
}

/* Where a record goes piece by piece. The last piece is held back, since it is
 * marked as the end of its record. */
struct sink {
    struct mud_vault *vault;
    struct mud_sha256 *span;
    int64_t at;
};

/* What buf holds, as it stands, into the file. */
static bool sink_put(struct sink *sink, struct mud_error *err)
{
    struct mud_buf *buf = &sink->vault->buf;

    if (buf->over)
        return mud_fail(err, MUD_ELIMIT, "a WARC record is too long");
    mud_sha256_add(sink->span, buf->s, buf->n);
    if (!mud_vault_write(sink->vault, sink->at, buf->s, buf->n, err))
        return false;
    sink->at += (int64_t)buf->n;
    mud_buf_clear(buf);
    return true;
}

static bool sink_write(void *payload, const void *bytes, size_t n,
                       struct mud_error *err)
{
    struct sink *sink = payload;
    struct mud_buf *held = &sink->vault->member;
    struct mud_str full;

    mud_buf_put(held, bytes, n);
    if (held->n <= MUD_FRAME_PLAIN)
        return true;
    full = mud_str_of(held->s, MUD_FRAME_PLAIN);
    mud_span_add(sink->vault, &sink->vault->buf, full, false);
    held->n -= MUD_FRAME_PLAIN;
    memmove(held->s, held->s + MUD_FRAME_PLAIN, held->n);
    return sink_put(sink, err);
}

static bool sink_end(struct sink *sink, struct mud_error *err)
{
    mud_span_add(sink->vault,
                 &sink->vault->buf,
                 mud_buf_view(&sink->vault->member),
                 true);
    mud_buf_clear(&sink->vault->member);
    return sink_put(sink, err);
}

/* Second pass: the file as the block of a resource record. */
static bool stream_in(struct sink *sink, const struct file *file,
                      const struct mud_facts *f, struct mud_arena *arena,
                      struct mud_error *err)
{
    /* "http" in the type would say that the block begins with an HTTP head. */
    const char *type =
        f->c.content_type.n == 0 ||
                mud_str_ifind(f->c.content_type, MUD_STR("http")) != MUD_NPOS
            ? "application/octet-stream"
            : mud_str_cstr(f->c.content_type, arena);
    struct mud_warc_head head = {
        .type = MUD_WARC_RESOURCE,
        .id = mud_seal_record_id(f),
        .at = f->started,
        .uri = f->c.url,
        .content_type = type,
        .warcinfo = sink->vault->warcinfo,
        .block_sha256 = f->c.sha256,
        .payload_sha256 = f->c.sha256,
        .size = f->c.size,
    };
    struct mud_warc_stream *stream;
    struct mud_sha256 *sha = mud_sha256_new();
    uint8_t *buf = mud_malloc(PIECE), digest[MUD_SHA256];
    int64_t at = 0;
    size_t n = 1;
    bool ok, begun;

    mud_buf_clear(&sink->vault->buf);
    mud_buf_clear(&sink->vault->member);
    ok = begun = mud_warc_stream_begin(&stream, &head, sink_write, sink, err);

    while (ok && n > 0) {
        ok = read_piece(file, buf, at, &n, err);
        mud_sha256_add(sha, buf, n);
        ok = ok && mud_warc_stream_add(stream, buf, n, err);
        at += (int64_t)n;
    }
    if (begun && ok)
        ok = mud_warc_stream_end(stream, err) && sink_end(sink, err);
    else if (begun)
        mud_warc_stream_abort(stream);
    mud_sha256_end(sha, digest);
    if (ok && memcmp(digest, f->c.sha256, MUD_SHA256) != 0)
        ok = mud_fail(err, MUD_EINPUT, "it changed while it was sealed");
    mud_sha256_free(sha);
    free(buf);
    return ok;
}

/* A piece of the copy, sealed or not; the last one is not full, or empty. */
static bool copy_piece(int fd, struct mud_facts *f, struct mud_vault *vault,
                       struct mud_sha256 *sealed, struct mud_str piece,
                       struct mud_error *err)
{
    struct mud_buf *buf = &vault->buf;

    if (vault->seals) {
        mud_sealer_add(vault->sealer, buf, piece, piece.n < MUD_FRAME_PLAIN);
        mud_sha256_add(sealed, buf->s, buf->n);
        piece = mud_buf_view(buf);
    }
    f->seal.file_size += (int64_t)piece.n;
    if (!mud_write_all(fd, piece))
        return mud_fail_errno(err, MUD_EIO, "write %.*s", MUD_FMT(f->c.warc));
    mud_buf_clear(buf);
    return true;
}

/* Copy the file to fd; false when its bytes are not those that were hashed. */
static bool copy_bytes(int fd, const char *to, const struct file *file,
                       struct mud_facts *f, struct mud_vault *vault,
                       struct mud_error *err)
{
    uint8_t *buf = mud_malloc(PIECE), digest[MUD_SHA256], head[MUD_SEALED_HEAD];
    struct mud_sha256 *sha = mud_sha256_new(), *sealed = mud_sha256_new();
    int64_t at = 0;
    size_t n = 1;
    bool ok = true;

    mud_buf_clear(&vault->buf);
    if (vault->seals) {
        mud_sealed_head_write(head, MUD_SEALED_FILE);
        mud_buf_put(&vault->buf, head, sizeof(head));
    }
    while (ok && n > 0) {
        ok = read_piece(file, buf, at, &n, err);
        mud_sha256_add(sha, buf, n);
        ok = ok &&
             copy_piece(
                 fd, f, vault, sealed, mud_str_of((const char *)buf, n), err);
        at += (int64_t)n;
    }
    mud_sha256_end(sha, digest);
    mud_sha256_free(sha);
    mud_sha256_end(sealed, f->seal.file_sha256);
    mud_sha256_free(sealed);
    free(buf);
    if (ok && memcmp(digest, f->c.sha256, MUD_SHA256) != 0)
        ok = mud_fail(err, MUD_EINPUT, "it changed while it was sealed");
    if (ok && fsync(fd) != 0)
        ok = mud_fail_errno(err, MUD_EIO, "sync %s", to);
    return ok;
}

/* Whether the vault holds these very bytes already, from another source. */
static bool have_copy(int fd, const char *path, struct mud_facts *f,
                      const struct mud_vault *vault, struct mud_error *err)
{
    struct file copy = {.path = path, .fd = fd}, raw = copy;
    struct mud_facts found = {0}, bytes = {0};
    struct mud_frame frame;
    bool ok = mud_pieces_of(&copy.copy, fd, path, vault->keys, err) &&
              measure(&copy, &found, err);

    ok = ok && ((found.c.size == f->c.size &&
                 memcmp(found.c.sha256, f->c.sha256, MUD_SHA256) == 0) ||
                mud_fail(err, MUD_ECORRUPT, "%s: damaged", path));
    ok = ok && measure(&raw, &bytes, err);
    f->seal.file_size = bytes.c.size;
    if (ok && mud_pieces_sealed(copy.copy) &&
        mud_pieces_frame(&frame, copy.copy)) {
        f->seal.file = true;
        f->seal.file_key = frame.key;
        f->seal.file_salt = frame.salt;
        memcpy(f->seal.file_sha256, bytes.c.sha256, MUD_SHA256);
    }
    mud_pieces_close(copy.copy);
    return ok;
}

/* Lock a copy that is there. It may be set aside as a stray while the lock is
 * waited for: then there is none any more. */
static bool take_copy(int *lock, const char *path)
{
    struct stat mine, now;

    *lock = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (*lock < 0)
        return false;
    if (flock(*lock, LOCK_SH) == 0 && fstat(*lock, &mine) == 0 &&
        stat(path, &now) == 0 && mine.st_ino == now.st_ino &&
        mine.st_dev == now.st_dev)
        return true;
    close(*lock);
    *lock = -1;
    return false;
}

/*
 * A WARC is copied as it stands, named by its digest. The copy stays locked
 * (*lock) till it is registered: without lock and row it is a stray.
 */
static bool copy_in(int *lock, const struct mud_seal *seal,
                    const struct file *file, struct mud_facts *f,
                    struct mud_error *err)
{
    struct mud_vault *vault = seal->vault;
    struct mud_arena *arena = seal->arena;
    char folder[4200], month[8], hex[MUD_HEX256], *path, *part;
    int gate;
    bool ok;

    if (!mud_vault_month(folder, sizeof(folder), month, vault, err))
        return false;
    mud_hex(hex, f->c.sha256, MUD_SHA256);
    f->c.warc = mud_str_printf(arena,
                               "%s/handed-%s.warc%s",
                               month,
                               hex,
                               vault->seals ? MUD_SEALED_END : "");
    path = mud_str_cstr(
        mud_str_printf(arena, "%s/%.*s", vault->root, MUD_FMT(f->c.warc)),
        arena);
    if (take_copy(lock, path))
        return have_copy(*lock, path, f, vault, err);
    part = mud_str_cstr(
        mud_str_printf(arena, "%s.%ld.part", path, (long)getpid()), arena);
    if (!mud_span_begin(vault, seal->pg, f->c.source, err))
        return false;
    if (vault->seals) {
        f->seal.file = true;
        f->seal.file_key = vault->key;
        f->seal.file_salt = mud_sealer_salt(vault->sealer);
    }
    gate = mud_vault_gate(vault, err);
    if (gate < 0)
        return false;
    *lock = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    ok = *lock >= 0 || mud_fail_errno(err, MUD_EIO, "%s", part);
    ok = ok && (flock(*lock, LOCK_EX | LOCK_NB) == 0 ||
                mud_fail_errno(err, MUD_EIO, "lock %s", part));
    close(gate);
    if (*lock < 0)
        return false;
    ok = ok && copy_bytes(*lock, part, file, f, vault, err);
    if (ok && rename(part, path) != 0)
        ok = mud_fail_errno(err, MUD_EIO, "rename %s", part);
    if (!ok)
        unlink(part);
    return ok && mud_folder_sync(folder, err);
}

/* Records, then the transaction. */
static bool seal_new(struct mud_facts *f, struct same *same,
                     const struct file *file, const struct mud_seal *seal,
                     struct mud_error *err)
{
    struct mud_vault *vault = seal->vault;
    struct mud_arena *arena = seal->arena;
    struct sink sink = {vault, mud_sha256_new(), vault->end};
    struct mud_commit commit = {.check = still_new, .payload = same};
    struct mud_id record = mud_seal_record_id(f);
    char id[MUD_WARC_ID_TEXT];
    int lock = -1;
    bool ok;

    f->c.whole = file->warc;
    ok = !file->warc || copy_in(&lock, seal, file, f, err);
    ok = ok && mud_span_begin(vault, seal->pg, f->c.source, err) &&
         (file->warc || stream_in(&sink, file, f, arena, err));
    f->span_file = mud_str_dup(mud_str_z(vault->name), arena);
    f->span_offset = vault->end;
    if (file->warc) {
        f->c.length = f->c.size;
        commit.handed = mud_str_cstr(f->c.warc, arena);
        commit.handed_size = f->seal.file_size;
        memset(&record, 0, sizeof(record));
    } else {
        f->c.warc = f->span_file;
        f->c.offset = vault->end;
        f->c.length = sink.at - vault->end;
        f->record_id =
            mud_str_dup(mud_str_z(mud_warc_id_text(id, record)), arena);
    }
    mud_buf_clear(&vault->buf);
    ok = ok && mud_seal_metadata(vault, f, record, err) && sink_put(&sink, err);
    commit.to = sink.at;
    f->span_length = sink.at - vault->end;
    f->has_span = true;
    mud_sha256_end(sink.span, f->span_sha256);
    mud_sha256_free(sink.span);
    if (ok) /* else there may be no key, and nothing begun */
        mud_span_end(vault, f);
    if (ok)
        ok = mud_seal_finish(f, 1, vault, &commit, seal->pg, err);
    else
        mud_vault_undo(vault);
    if (lock >= 0)
        close(lock);
    return ok;
}

static bool seal_file(struct mud_capture *out, bool *known, struct mud_facts *f,
                      const struct file *file, const struct mud_seal *seal,
                      struct mud_error *err)
{
    struct same same = {f, seal->arena, out, false};
    struct mud_error own = {0};

    if (!find_same(seal->pg, &same, err))
        return false;
    *known = same.known;
    if (same.known)
        return true;
    if (seal_new(f, &same, file, seal, &own)) {
        *out = f->c;
        return true;
    }
    *known = same.known;
    return same.known || mud_fail(err, own.code, "%s", own.text);
}

/* NOLINTNEXTLINE(readability-function-size): the contract of the header */
bool mud_seal_file(struct mud_capture *out, bool *known,
                   struct mud_vault *vault, struct mud_pg *pg, int32_t source,
                   const struct mud_handed *handed, struct mud_arena *arena,
                   struct mud_error *err)
{
    struct mud_seal seal = {vault, pg, arena};
    struct file file = {.path = handed->path};
    struct mud_facts *f = mud_arena_alloc(arena, sizeof(*f));
    struct stat st;
    bool ok;

    *known = false;
    file.fd = open(handed->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (file.fd < 0)
        return mud_fail_errno(
            err, errno == ENOENT ? MUD_EMISSING : MUD_EIO, "%s", handed->path);
    ok = (fstat(file.fd, &st) == 0 && S_ISREG(st.st_mode)) ||
         mud_fail(err, MUD_EINPUT, "%s: not a regular file", handed->path);
    ok = ok && mud_vault_ready(vault, pg, err) && measure(&file, f, err);
    if (ok) {
        facts_of(f, vault, source, handed, arena);
        ok = seal_file(out, known, f, &file, &seal, err) ||
             mud_fail_in(err, "seal %s", handed->path);
    }
    close(file.fd);
    return ok;
}
