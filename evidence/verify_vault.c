#include "evidence/pieces.h"
#include "evidence/show.h"
#include "evidence/vault.h"
#include "evidence/verify.h"
#include "evidence/verify_row.h"
#include "evidence/verify_sealed.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROWS 500 /* captures fetched at once */

struct job {
    struct mud_verify *verify;
    struct mud_vault *vault;
    struct mud_pg *pg;
    struct mud_warc_sum *sum;
    struct mud_sha256 *sha, *plain;
    struct mud_locked locked; /* of this file */
    struct mud_arena *arena;  /* of one page of rows */
    struct mud_buf metadata;  /* block of the last metadata record */
    int64_t done, total;      /* bytes */
    char where[512];
};

static void bad(struct job *job, const char *what, const char *text)
{
    mud_found(job->verify, MUD_BAD, what, job->where, "%s", text);
}

static void at(struct job *job, struct mud_str name, int64_t offset)
{
    snprintf(job->where,
             sizeof(job->where),
             "vault/%.*s at byte %lld",
             MUD_FMT(name),
             (long long)offset);
}

/* Read a record and its end; its sums. Damage is a finding. */
static bool read_record(struct job *job, struct mud_warc *warc,
                        struct mud_warc_record *r, struct mud_warc_sums *sums)
{
    struct mud_error e = {0};
    char buf[16384];
    size_t n = 1;
    bool more, ok = mud_warc_next(r, &more, warc, &e);

    if (ok && !more) {
        bad(job, "record", "the file ends before it");
        return false;
    }
    mud_buf_clear(&job->metadata);
    if (ok)
        mud_warc_sum_begin(job->sum, r);
    while (ok && n > 0) {
        ok = mud_warc_read(warc, buf, sizeof(buf), &n, &e);
        if (ok)
            mud_warc_sum_add(job->sum, buf, n);
        if (ok && r->type == MUD_WARC_METADATA)
            mud_buf_put(&job->metadata, buf, n);
    }
    if (ok) {
        *sums = mud_warc_sum_end(job->sum);
        ok = mud_warc_end(r, warc, &e);
    }
    if (!ok) {
        mud_found(job->verify, MUD_BAD, "record", job->where, "%s", e.text);
        return false;
    }
    if (r->odd || sums->block != MUD_WARC_DIGEST_GOOD)
        bad(job, "record", "its form or block digest is wrong");
    if (sums->payload == MUD_WARC_DIGEST_BAD)
        bad(job, "record", "its payload digest is wrong");
    return true;
}

static void check_payload(struct job *job, const struct mud_facts *f,
                          const struct mud_warc_sums *sums)
{
    if (sums->size != f->c.size ||
        memcmp(sums->sha256, f->c.sha256, MUD_SHA256) != 0)
        bad(job, "payload", "its SHA-256 is not that of the capture");
}

/* Sealed bytes as they stand, which needs no key; and whether there is one. */
static bool check_sealed(struct job *job, const struct mud_facts *f)
{
    uint8_t digest[MUD_SHA256];
    char path[4300];

    if (!f->seal.sealed) {
        bad(job, "ledger line", "it does not say how the capture is sealed");
        return false;
    }
    if (!mud_vault_path(path, sizeof(path), job->vault, f->span_file, NULL) ||
        !mud_verify_raw(digest, path, f->span_offset, f->span_length) ||
        memcmp(digest, f->span_sha256, MUD_SHA256) != 0) {
        bad(job, "span", "its bytes are not those that the ledger names");
        return false;
    }
    return mud_verify_can(&job->locked, job->vault, f->seal.key, f->seal.salt);
}

static void check_unsealed(struct job *job, struct mud_warc *warc,
                           const struct mud_facts *f)
{
    uint8_t digest[MUD_SHA256];
    struct mud_frame frame;

    mud_sha256_end(job->plain, digest);
    if (memcmp(digest, f->seal.plain, MUD_SHA256) != 0)
        bad(job, "span", "unsealed, its bytes are not those of the ledger");
    if (!mud_warc_frame(&frame, warc) || !mud_id_eq(frame.key, f->seal.key) ||
        !mud_id_eq(frame.salt, f->seal.salt))
        bad(job, "seal", "its key or salt is not that of the ledger");
}

/* All records of one capture in our own file: digest of the raw bytes, form of
 * each record, payload of the response. */
static void check_span(struct job *job, struct mud_warc *warc,
                       const struct mud_facts *f)
{
    int64_t end = f->span_offset + f->span_length;
    struct mud_warc_record r = {0};
    struct mud_warc_sums sums;
    uint8_t digest[MUD_SHA256];
    bool seen = f->c.whole, sealed = mud_warc_sealed(warc);

    if (sealed && !check_sealed(job, f))
        return;
    mud_sha256_end(job->sha, digest);
    mud_sha256_end(job->plain, digest);
    mud_warc_tap(warc, job->sha);
    mud_warc_tap_plain(warc, job->plain);
    if (!mud_warc_seek(warc, f->span_offset, 0, NULL))
        return;
    while (mud_warc_at(warc) < end) {
        if (!read_record(job, warc, &r, &sums))
            return;
        if (!f->c.whole && r.offset == f->c.offset && r.length == f->c.length) {
            check_payload(job, f, &sums);
            seen = true;
        }
        if (r.type == MUD_WARC_METADATA)
            mud_verify_metadata(
                job->verify, job->where, f, mud_buf_view(&job->metadata));
    }
    mud_sha256_end(job->sha, digest);
    if (!seen)
        bad(job, "place", "no record where the capture should be");
    if (mud_warc_at(warc) != end ||
        memcmp(digest, f->span_sha256, MUD_SHA256) != 0)
        bad(job, "span", "its bytes are not those that the ledger names");
    if (sealed)
        check_unsealed(job, warc, f);
}

/* What was sealed behind `to` came in since: the files' lengths were read at the
 * beginning, and workers go on. */
static bool rows_of(struct mud_rows **rows, struct job *job,
                    struct mud_str name, int64_t from, int64_t to,
                    struct mud_error *err)
{
    char offset[32], most[16], end[32];
    struct mud_str args[4] = {name};

    snprintf(offset, sizeof(offset), "%lld", (long long)from);
    snprintf(most, sizeof(most), "%d", ROWS);
    args[1] = mud_str_z(offset);
    args[2] = mud_str_z(most);
    snprintf(end, sizeof(end), "%lld", (long long)to);
    args[3] = mud_str_z(end);
    return mud_pg_query(rows, job->pg, mud_sql("capture_span"), args, 4, err);
}

/* The warcinfo at the head of a file, against the line of its beginning. */
static bool check_begin(int64_t *end, struct job *job, struct mud_warc *warc,
                        struct mud_str name, struct mud_error *err)
{
    struct mud_warc_record r = {0};
    struct mud_warc_sums sums;
    struct mud_rows *rows;
    uint8_t digest[MUD_SHA256];
    json_t *json;

    mud_sha256_end(job->sha, digest);
    mud_warc_tap(warc, job->sha);
    at(job, name, 0);
    *end = 0;
    if (!mud_warc_seek(warc, 0, 0, err))
        return false;
    if (read_record(job, warc, &r, &sums)) {
        if (r.type != MUD_WARC_WARCINFO)
            bad(job, "warcinfo", "the file does not begin with one");
        *end = r.length;
    }
    mud_sha256_end(job->sha, digest);
    if (!mud_pg_query(&rows, job->pg, mud_sql("ledger_file"), &name, 1, err))
        return false;
    json = mud_rows_count(rows) ? mud_json_read(mud_rows_get(rows, 0, 0), NULL)
                                : NULL;
    if (!mud_json_is_hex(json_object_get(json, "detail"), "sha256", digest))
        bad(job, "warcinfo", "its bytes are not those that the ledger names");
    else if (!*end)
        *end = mud_json_get_int(json_object_get(json, "detail"), "length", 0);
    json_decref(json);
    mud_rows_free(rows);
    return true;
}

static void tick(struct job *job, int64_t bytes)
{
    job->done += bytes;
    if (job->verify->progress)
        job->verify->progress(job->done, job->total, job->verify->payload);
}

/* Captures in order of place: each must begin where the one before ended. */
static bool check_own(struct job *job, struct mud_warc *warc,
                      struct mud_str name, int64_t sealed_to,
                      struct mud_error *err)
{
    int64_t next;
    size_t n = ROWS;
    bool ok = check_begin(&next, job, warc, name, err);

    while (ok && n == ROWS) {
        struct mud_rows *rows;

        ok = rows_of(&rows, job, name, next, sealed_to, err);
        n = ok ? mud_rows_count(rows) : 0;
        for (size_t i = 0; i < n; i++) {
            struct mud_facts f;

            mud_facts_of_row(&f, rows, i, job->arena);
            at(job, name, next);
            if (f.span_offset != next)
                mud_found(job->verify,
                          MUD_BAD,
                          "bytes",
                          job->where,
                          "the bytes up to %lld belong to no capture",
                          (long long)f.span_offset);
            at(job, name, f.span_offset);
            mud_verify_line(
                job->verify, job->where, &f, mud_rows_get(rows, i, 41));
            mud_verify_seal_of(&f, mud_rows_get(rows, i, 41));
            check_span(job, warc, &f);
            tick(job, f.span_length);
            next = f.span_offset + f.span_length;
            job->verify->items++;
        }
        if (ok)
            mud_rows_free(rows);
        mud_arena_reset(job->arena);
    }
    at(job, name, next);
    if (ok && next != sealed_to)
        mud_found(job->verify,
                  MUD_BAD,
                  "bytes",
                  job->where,
                  "the bytes up to %lld belong to no capture",
                  (long long)sealed_to);
    return ok;
}

/* A WARC that was handed over: the digest of the file, and every record that
 * was taken from it. Its own damage is part of it. */
/* False: the file that the payload is in is not what was sealed. */
static bool check_payload_of(struct job *job, struct mud_facts *f,
                             struct mud_str line, bool can)
{
    uint8_t digest[MUD_SHA256];
    char path[4300];

    mud_verify_line(job->verify, job->where, f, line);
    mud_verify_seal_of(f, line);
    if (f->seal.file &&
        (!mud_vault_path(path, sizeof(path), job->vault, f->c.warc, NULL) ||
         !mud_verify_raw(digest, path, 0, -1) ||
         memcmp(digest, f->seal.file_sha256, MUD_SHA256) != 0)) {
        bad(job, "file", "its bytes are not those that the ledger names");
        return false;
    }
    if (can)
        mud_verify_payload(job->verify, job->vault, &f->c);
    return true;
}

/* Can this file be read, or is it sealed and its key away? */
static bool can_read(struct job *job, const char *path)
{
    struct mud_pieces *file;
    struct mud_piece piece;
    struct mud_frame frame;
    uint8_t *buf, head[MUD_FRAME_HEAD];
    bool can = true;
    int fd;

    if (!mud_pieces_open(&file, path, job->vault->keys, NULL))
        return true; /* the check itself will say what is wrong */
    if (mud_pieces_sealed(file)) {
        buf = mud_malloc(MUD_PIECE);
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (!mud_pieces_read(&piece, buf, file, 0, NULL) && fd >= 0 &&
            pread(fd, head, sizeof(head), MUD_SEALED_HEAD) ==
                (ssize_t)sizeof(head) &&
            mud_frame_read(&frame, head))
            can =
                mud_verify_can(&job->locked, job->vault, frame.key, frame.salt);
        if (fd >= 0)
            close(fd);
        free(buf);
    }
    mud_pieces_close(file);
    return can;
}

static bool check_handed(struct job *job, const char *path, struct mud_str name,
                         struct mud_error *err)
{
    bool can = can_read(job, path);
    char offset[32] = "-1", inner[32] = "0", id[MUD_ID_TEXT];
    struct mud_str args[5] = {name};
    struct mud_facts f = {0};
    size_t n = ROWS;
    bool ok = true;

    mud_id_text(id, f.c.id);
    while (ok && n == ROWS) {
        struct mud_rows *rows;

        args[1] = mud_str_z(offset);
        args[2] = mud_str_z(inner);
        args[3] = mud_str_z(id);
        args[4] = MUD_STR("500");
        ok =
            mud_pg_query(&rows, job->pg, mud_sql("capture_file"), args, 5, err);
        n = ok ? mud_rows_count(rows) : 0;
        for (size_t i = 0; i < n; i++) {
            mud_facts_of_row(&f, rows, i, job->arena);
            at(job, name, f.c.offset);
            can = check_payload_of(job, &f, mud_rows_get(rows, i, 41), can) &&
                  can;
            tick(job, f.c.whole ? f.c.size : 0);
            job->verify->items++;
        }
        snprintf(offset, sizeof(offset), "%lld", (long long)f.c.offset);
        snprintf(inner, sizeof(inner), "%lld", (long long)f.c.inner);
        mud_id_text(id, f.c.id);
        if (ok)
            mud_rows_free(rows);
        mud_arena_reset(job->arena);
    }
    return ok;
}

/* The length of a file against what is sealed in it. */
static bool check_length(struct job *job, const char *path, struct mud_str name,
                         int64_t sealed_to)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool ok = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);

    at(job, name, sealed_to);
    if (!ok)
        bad(job, "file", "it is missing");
    else if (st.st_size < sealed_to)
        mud_found(job->verify,
                  MUD_BAD,
                  "file",
                  job->where,
                  "it ends at byte %lld",
                  (long long)st.st_size);
    else if (st.st_size > sealed_to && flock(fd, LOCK_SH | LOCK_NB) == 0)
        mud_found(job->verify,
                  MUD_BAD,
                  "file",
                  job->where,
                  "%lld bytes more than are sealed, left by a process that "
                  "died; the next seal puts that right",
                  (long long)(st.st_size - sealed_to));
    else if (st.st_size > sealed_to)
        mud_found(job->verify,
                  MUD_NOTE,
                  "file",
                  job->where,
                  "it is being written to");
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool check_file(struct job *job, struct mud_str name, bool own,
                       int64_t sealed_to, struct mud_error *err)
{
    struct mud_warc *warc = NULL;
    struct mud_error e = {0};
    char path[4300];
    int64_t bad_before = job->verify->bad, items = job->verify->items;
    bool ok = true;

    if (!mud_vault_path(path, sizeof(path), job->vault, name, &e)) {
        mud_found(job->verify, MUD_BAD, "file", "vault", "%s", e.text);
        return true;
    }
    if (!check_length(job, path, name, sealed_to))
        return true;
    if (own) {
        ok = mud_vault_warc(&warc, job->vault, name, err);
        if (ok)
            mud_warc_until(warc, sealed_to);
        ok = ok && check_own(job, warc, name, sealed_to, err);
        mud_warc_close(warc);
    } else {
        ok = check_handed(job, path, name, err);
    }
    snprintf(job->where, sizeof(job->where), "vault/%.*s", MUD_FMT(name));
    mud_verify_locked(job->verify, &job->locked, job->where);
    if (ok && job->verify->bad == bad_before)
        mud_found(job->verify,
                  MUD_GOOD,
                  "file",
                  job->where,
                  "%lld captures, %lld bytes",
                  (long long)(job->verify->items - items),
                  (long long)sealed_to);
    return ok;
}

static void job_begin(struct job *job)
{
    job->sum = mud_warc_sum_new();
    job->sha = mud_sha256_new();
    job->plain = mud_sha256_new();
    job->arena = mud_arena_new();
    job->metadata.max = (size_t)1 << 20;
}

static void job_end(struct job *job)
{
    mud_warc_sum_free(job->sum);
    mud_sha256_free(job->sha);
    mud_sha256_free(job->plain);
    mud_arena_free(job->arena);
    mud_buf_free(&job->metadata);
}

bool mud_verify_vault(struct mud_verify *verify, struct mud_vault *vault,
                      struct mud_pg *pg, struct mud_error *err)
{
    struct job job = {.verify = verify, .vault = vault, .pg = pg};
    struct mud_rows *rows;
    bool ok = true;

    verify->items = 0;
    if (!mud_pg_query(&rows, pg, mud_sql("capture_warc_all"), NULL, 0, err))
        return false;
    job_begin(&job);
    for (size_t i = 0; i < mud_rows_count(rows); i++)
        job.total += mud_rows_int(rows, i, 3);
    for (size_t i = 0; ok && i < mud_rows_count(rows); i++)
        ok = check_file(&job,
                        mud_rows_get(rows, i, 0),
                        mud_str_eqz(mud_rows_get(rows, i, 1), "own"),
                        mud_rows_int(rows, i, 3),
                        err);
    mud_rows_free(rows);
    ok = ok && mud_verify_strays(verify, vault, pg, err);
    job_end(&job);
    return ok;
}

void mud_verify_payload(struct mud_verify *verify, struct mud_vault *vault,
                        const struct mud_capture *c)
{
    struct mud_capture_stream *stream;
    struct mud_error e = {0};
    char *buf = mud_malloc(65536), where[300];
    size_t n = 1;
    bool ok = mud_capture_stream_open(&stream, vault, c, &e);

    if (ok) {
        while (ok && n > 0)
            ok = mud_capture_stream_read(stream, buf, 65536, &n, &e);
        mud_capture_stream_close(stream);
    }
    free(buf);
    snprintf(where,
             sizeof(where),
             "vault/%.*s at byte %lld",
             MUD_FMT(c->warc),
             (long long)c->offset);
    if (!ok)
        mud_found(verify, MUD_BAD, "payload", where, "%s", e.text);
}

/* Records of our own have the key of their capture, copies that of the file. */
static bool can_read_capture(struct job *job, struct mud_facts *f,
                             const char *path)
{
    struct mud_locked again = {0};

    if (f->seal.sealed && !f->c.whole)
        return mud_verify_can(&again, job->vault, f->seal.key, f->seal.salt);
    return can_read(job, path);
}

bool mud_verify_capture(struct mud_verify *verify, struct mud_vault *vault,
                        struct mud_pg *pg, struct mud_id id,
                        struct mud_error *err)
{
    struct job job = {.verify = verify, .vault = vault, .pg = pg};
    struct mud_arena *arena = mud_arena_new();
    struct mud_capture_shown shown;
    struct mud_warc *warc = NULL;
    struct mud_error e = {0};
    char path[4300], hex[MUD_HEX256];
    int64_t bad_before = verify->bad;
    bool ok = mud_capture_show(&shown, vault, pg, id, arena, err);
    struct mud_facts *f = &shown.facts;

    if (!ok) {
        mud_arena_free(arena);
        return false;
    }
    verify->items = 1;
    job_begin(&job);
    at(&job, f->c.warc, f->c.offset);
    mud_verify_seal_of(f, shown.ledger_line);
    ok = mud_vault_path(path, sizeof(path), vault, f->c.warc, &e);
    ok = ok && can_read_capture(&job, f, path);
    if (check_payload_of(&job, f, shown.ledger_line, ok) && ok)
        mud_verify_sm3(verify, job.where, vault, f);
    mud_verify_locked(verify, &job.locked, job.where);
    if (f->has_span) {
        at(&job, f->span_file, f->span_offset);
        if (mud_vault_path(path, sizeof(path), vault, f->span_file, &e) &&
            mud_warc_open(&warc, path, vault->keys, &e))
            check_span(&job, warc, f);
        else
            mud_found(verify, MUD_BAD, "file", job.where, "%s", e.text);
        mud_warc_close(warc);
        mud_verify_locked(verify, &job.locked, job.where);
    }
    at(&job, f->c.warc, f->c.offset);
    if (verify->bad == bad_before)
        mud_found(verify,
                  MUD_GOOD,
                  "capture",
                  job.where,
                  "%lld bytes, sha256 %s, ledger line %lld",
                  (long long)f->c.size,
                  mud_hex(hex, f->c.sha256, MUD_SHA256),
                  (long long)f->c.ledger_seq);
    job_end(&job);
    mud_arena_free(arena);
    return true;
}
