#include "evidence/pieces.h"
#include "evidence/show.h"
#include "evidence/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_MAX ((size_t)1 << 20) /* of request with body, or metadata */

/* The payload of a capture as a stream: out of a record, or a whole file. */
struct mud_capture_stream {
    struct mud_vault *vault;
    char *keep; /* name of the file whose reader goes back to the vault */
    struct mud_warc *warc;
    struct mud_pieces *file; /* whole files */
    uint8_t *piece;          /* [MUD_PIECE]: what of it was read */
    size_t piece_n, piece_at;
    int64_t next;
    struct mud_warc_record record;
    struct mud_buf head;
    struct mud_sha256 *sha;
    uint8_t want[MUD_SHA256];
    int64_t size, seen;
    char place[256];
    bool ended;
};

static bool corrupt(const struct mud_capture_stream *stream, const char *what,
                    struct mud_error *err)
{
    return mud_fail(err, MUD_ECORRUPT, "%s: %s", stream->place, what);
}

/* Go over the HTTP head: what stands before the payload. */
static bool skip_head(struct mud_capture_stream *stream, struct mud_error *err)
{
    int64_t left = stream->record.size - stream->size;
    size_t n = 1;

    if (left < 0 || left > (int64_t)HEAD_MAX)
        return corrupt(stream, "it is not as long as what was sealed", err);
    while (left > 0 && n > 0) {
        char buf[4096];
        size_t room = left < (int64_t)sizeof(buf) ? (size_t)left : sizeof(buf);

        if (!mud_warc_read(stream->warc, buf, room, &n, err))
            return false;
        mud_buf_put(&stream->head, buf, n);
        left -= (int64_t)n;
    }
    return true;
}

/* The reader that the vault keeps, if it stands in this file; else a new one. */
static bool take_reader(struct mud_capture_stream *stream, const char *path,
                        const struct mud_capture *c, struct mud_error *err)
{
    struct mud_vault *vault = stream->vault;

    if (c->inner == 0)
        return mud_warc_open(&stream->warc, path, vault->keys, err);
    if (vault->cursor && strcmp(vault->cursor_name, path) == 0) {
        stream->warc = vault->cursor;
        stream->keep = vault->cursor_name;
        vault->cursor = NULL;
        vault->cursor_name = NULL;
        return true;
    }
    stream->keep = mud_strdup(path);
    return mud_warc_open(&stream->warc, path, vault->keys, err);
}

static bool open_record(struct mud_capture_stream *stream, const char *path,
                        const struct mud_capture *c, struct mud_error *err)
{
    bool more;

    if (!take_reader(stream, path, c, err) ||
        !mud_warc_seek(stream->warc, c->offset, c->inner, err) ||
        !mud_warc_next(&stream->record, &more, stream->warc, err))
        return false;
    if (!more || (stream->record.type != MUD_WARC_RESPONSE &&
                  stream->record.type != MUD_WARC_RESOURCE))
        return corrupt(stream, "there is no response or resource", err);
    return !mud_warc_is_http(&stream->record) || skip_head(stream, err);
}

bool mud_capture_stream_open(struct mud_capture_stream **out,
                             struct mud_vault *vault,
                             const struct mud_capture *c, struct mud_error *err)
{
    struct mud_capture_stream *stream;
    char path[4200];
    bool ok;

    if (!mud_vault_path(path, sizeof(path), vault, c->warc, err))
        return false;
    stream = mud_calloc(1, sizeof(*stream));
    stream->vault = vault;
    stream->sha = mud_sha256_new();
    stream->size = c->size;
    memcpy(stream->want, c->sha256, MUD_SHA256);
    snprintf(stream->place,
             sizeof(stream->place),
             "vault/%.*s at byte %lld",
             MUD_FMT(c->warc),
             (long long)c->offset);
    if (c->whole) {
        ok = mud_pieces_open(&stream->file, path, vault->keys, err);
        stream->piece = mud_malloc(MUD_PIECE);
    } else {
        ok = open_record(stream, path, c, err);
    }
    if (!ok) {
        mud_capture_stream_close(stream);
        return false;
    }
    *out = stream;
    return true;
}

void mud_capture_stream_close(struct mud_capture_stream *stream)
{
    if (!stream)
        return;
    if (stream->keep && stream->warc) {
        mud_warc_close(stream->vault->cursor);
        free(stream->vault->cursor_name);
        stream->vault->cursor = stream->warc;
        stream->vault->cursor_name = stream->keep;
    } else {
        mud_warc_close(stream->warc);
        free(stream->keep);
    }
    mud_pieces_close(stream->file);
    free(stream->piece);
    mud_buf_free(&stream->head);
    mud_sha256_free(stream->sha);
    free(stream);
}

static bool some(struct mud_capture_stream *stream, void *out, size_t size,
                 size_t *n, struct mud_error *err)
{
    struct mud_piece piece;

    if (stream->warc)
        return mud_warc_read(stream->warc, out, size, n, err);
    if (stream->piece_at == stream->piece_n) {
        if (!mud_pieces_read(
                &piece, stream->piece, stream->file, stream->next, err))
            return false;
        stream->next = piece.next;
        stream->piece_n = piece.n;
        stream->piece_at = 0;
    }
    *n = stream->piece_n - stream->piece_at;
    *n = *n > size ? size : *n;
    memcpy(out, stream->piece + stream->piece_at, *n);
    stream->piece_at += *n;
    return true;
}

bool mud_capture_stream_read(struct mud_capture_stream *stream, void *out,
                             size_t size, size_t *n, struct mud_error *err)
{
    uint8_t got[MUD_SHA256];

    *n = 0;
    if (stream->ended || size == 0)
        return true;
    if (!some(stream, out, size, n, err))
        return false;
    stream->seen += (int64_t)*n;
    if (stream->seen > stream->size)
        return corrupt(stream, "it is longer than what was sealed", err);
    mud_sha256_add(stream->sha, out, *n);
    if (*n)
        return true;
    stream->ended = true;
    mud_sha256_end(stream->sha, got);
    if (stream->seen != stream->size ||
        memcmp(got, stream->want, MUD_SHA256) != 0)
        return corrupt(
            stream, "its SHA-256 is not that of what was sealed", err);
    return true;
}

/* A whole block of at most max bytes. */
static bool block(struct mud_str *out, const struct mud_vault *vault,
                  struct mud_str name, int64_t offset, struct mud_arena *arena,
                  struct mud_error *err)
{
    struct mud_warc_record record;
    struct mud_warc *warc = NULL;
    char *to;
    size_t at = 0, n = 1;
    bool more = false;
    bool ok = mud_vault_warc(&warc, vault, name, err) &&
              mud_warc_seek(warc, offset, 0, err) &&
              mud_warc_next(&record, &more, warc, err);

    *out = (struct mud_str){0};
    if (ok && more && record.size > (int64_t)HEAD_MAX)
        ok = mud_fail(err,
                      MUD_ELIMIT,
                      "vault/%.*s: record at byte %lld above 1 MiB",
                      MUD_FMT(name),
                      (long long)offset);
    if (ok && more) {
        to = mud_arena_alloc(arena, (size_t)record.size);
        while (ok && n > 0) {
            ok =
                mud_warc_read(warc, to + at, (size_t)record.size - at, &n, err);
            at += n;
        }
        *out = mud_str_of(to, at);
    }
    mud_warc_close(warc);
    return ok;
}

bool mud_capture_heads(struct mud_str *request, struct mud_str *response,
                       struct mud_vault *vault,
                       const struct mud_capture *capture,
                       struct mud_arena *arena, struct mud_error *err)
{
    struct mud_capture_stream *stream;
    size_t end;
    bool ok = true;

    *request = *response = (struct mud_str){0};
    if (capture->whole)
        return true;
    if (capture->request_length)
        ok = block(
            request, vault, capture->warc, capture->request_offset, arena, err);
    end = mud_http_head_end(*request, 0);
    request->n = end ? end : request->n;
    if (!ok || !mud_capture_stream_open(&stream, vault, capture, err))
        return false;
    *response = mud_str_dup(mud_buf_view(&stream->head), arena);
    mud_capture_stream_close(stream);
    return true;
}

/* Lines of a head that speak of a coding or length that the file has not. */
static struct mud_str plain_head(struct mud_str head, struct mud_arena *arena)
{
    static const char *const drop[] = {
        "content-encoding:", "transfer-encoding:", "content-length:"};
    struct mud_buf out = {0};
    struct mud_str line, copy;

    while (mud_str_line(&head, &line) && line.n) {
        bool keep = true;

        for (size_t i = 0; i < sizeof(drop) / sizeof(drop[0]); i++)
            keep = keep && !mud_str_istarts(line, mud_str_z(drop[i]));
        if (!keep)
            continue;
        mud_buf_str(&out, line);
        mud_buf_z(&out, "\r\n");
    }
    if (out.n)
        mud_buf_z(&out, "\r\n");
    copy = mud_str_dup(mud_buf_view(&out), arena);
    mud_buf_free(&out);
    return copy;
}

/* The rest of what is known stands in the metadata record behind it. */
static bool from_metadata(struct mud_exchange *out, struct mud_vault *vault,
                          const struct mud_capture *c, struct mud_arena *arena,
                          struct mud_error *err)
{
    struct mud_facts f;
    struct mud_str json;
    size_t n;

    if (c->kind == MUD_CAPTURE_RECORD || c->whole)
        return true;
    if (!block(&json, vault, c->warc, c->offset + c->length, arena, err) ||
        !mud_facts_of_metadata(&f, json, arena, err))
        return mud_fail_in(err, "metadata of %.*s", MUD_FMT(c->url));
    if (!mud_id_eq(f.c.id, c->id) &&
        memcmp(f.c.sha256, c->sha256, MUD_SHA256) != 0)
        return mud_fail(err,
                        MUD_ECORRUPT,
                        "vault/%.*s at byte %lld: metadata "
                        "of another capture",
                        MUD_FMT(c->warc),
                        (long long)c->offset);
    out->started = f.started;
    out->location = f.location;
    out->referrer = f.referrer;
    out->peer_ip = f.peer_ip;
    out->proxy = f.proxy;
    out->dns = f.dns;
    out->tls = f.tls;
    n = f.http_version.n < 7 ? f.http_version.n : 7;
    if (n)
        memcpy(out->http_version, f.http_version.s, n);
    out->cut = mud_str_eqz(f.cut, "length")       ? MUD_CUT_BYTES
               : mud_str_eqz(f.cut, "time")       ? MUD_CUT_TIME
               : mud_str_eqz(f.cut, "disconnect") ? MUD_CUT_DISCONNECT
                                                  : MUD_CUT_NONE;
    if (!out->response_head.n)
        out->response_head = plain_head(f.head, arena);
    return true;
}

static bool payload(struct mud_exchange *out, struct mud_vault *vault,
                    const struct mud_capture *c, struct mud_arena *arena,
                    struct mud_error *err)
{
    struct mud_capture_stream *stream;
    char *to, spare;
    size_t at = 0, n = 1;
    bool ok = true;

    if (!mud_capture_stream_open(&stream, vault, c, err))
        return false;
    out->response_head = mud_str_dup(mud_buf_view(&stream->head), arena);
    to = mud_arena_alloc(arena, (size_t)c->size);
    while (ok && n > 0) {
        size_t room = (size_t)c->size - at;

        ok = mud_capture_stream_read(
            stream, room ? to + at : &spare, room ? room : 1, &n, err);
        at += n;
    }
    out->body = mud_str_of(to, (size_t)c->size);
    mud_capture_stream_close(stream);
    return ok;
}

bool mud_capture_exchange(struct mud_exchange *out, struct mud_vault *vault,
                          const struct mud_capture *c, size_t max,
                          struct mud_arena *arena, struct mud_error *err)
{
    struct mud_str request = {0};
    size_t end;

    memset(out, 0, sizeof(*out));
    if (c->size < 0 || (uint64_t)c->size > max)
        return mud_fail(err,
                        MUD_ELIMIT,
                        "%.*s: %lld bytes, above %zu",
                        MUD_FMT(c->url),
                        (long long)c->size,
                        max);
    out->url = c->url;
    out->status = c->status;
    out->ended = c->at;
    if (c->request_length &&
        !block(&request, vault, c->warc, c->request_offset, arena, err))
        return false;
    end = mud_http_head_end(request, 0);
    out->request_head = mud_str_sub(request, 0, end);
    out->request_body = mud_str_sub(request, end, request.n);
    out->method = mud_str_sub(request, 0, mud_str_chr(request, ' '));
    return payload(out, vault, c, arena, err) &&
           from_metadata(out, vault, c, arena, err);
}
