#include "evidence/warc.h"

#include <libdeflate.h>
#include <stdlib.h>
#define ZLIB_CONST /* next_in is not written through */
#include <zlib.h>

#define LEVEL      6
#define PIECE      ((size_t)65536)
#define MEMBER_MAX ((size_t)1 << 30)

struct mud_warc_deflater {
    struct libdeflate_compressor *codec;
    struct mud_buf plain;
};

struct mud_warc_deflater *mud_warc_deflater_new(void)
{
    struct mud_warc_deflater *deflater = mud_calloc(1, sizeof(*deflater));

    deflater->codec = libdeflate_alloc_compressor(LEVEL);
    if (!deflater->codec)
        mud_out_of_memory();
    deflater->plain.max = MEMBER_MAX + MUD_WARC_HEAD;
    return deflater;
}

void mud_warc_deflater_free(struct mud_warc_deflater *deflater)
{
    if (!deflater)
        return;
    libdeflate_free_compressor(deflater->codec);
    mud_buf_free(&deflater->plain);
    free(deflater);
}

bool mud_warc_member(struct mud_buf *out, struct mud_warc_deflater *deflater,
                     struct mud_warc_head *head, struct mud_str first,
                     struct mud_str second, struct mud_error *err)
{
    struct mud_buf *plain = &deflater->plain;
    struct mud_sha256 *sha;
    uint8_t digest[MUD_SHA256];
    size_t bound;
    char *room;

    if (first.n > MEMBER_MAX || second.n > MEMBER_MAX - first.n)
        return mud_fail(err, MUD_ELIMIT, "a WARC record above 1 GiB");
    sha = mud_sha256_new();
    mud_sha256_add(sha, first.s, first.n);
    mud_sha256_add(sha, second.s, second.n);
    mud_sha256_end(sha, digest);
    mud_sha256_free(sha);
    head->block_sha256 = digest;
    head->size = (int64_t)(first.n + second.n);
    mud_buf_clear(plain);
    mud_warc_head_write(plain, head);
    head->block_sha256 = NULL;
    mud_buf_str(plain, first);
    mud_buf_str(plain, second);
    mud_buf_z(plain, "\r\n\r\n");
    bound = libdeflate_gzip_compress_bound(deflater->codec, plain->n);
    room = plain->over ? NULL : mud_buf_room(out, bound);
    if (!room)
        return mud_fail(err, MUD_ELIMIT, "a WARC record is too long");
    out->n += libdeflate_gzip_compress(
        deflater->codec, plain->s, plain->n, room, bound);
    /* One page may be large; the next thousand are not. */
    if (plain->cap > (size_t)16 << 20)
        mud_buf_free(plain);
    plain->max = MEMBER_MAX + MUD_WARC_HEAD;
    return true;
}

struct mud_warc_stream {
    z_stream z;
    uint8_t *out;
    int64_t left;
    mud_warc_sink *write;
    void *payload;
};

static bool squeeze(struct mud_warc_stream *stream, const void *bytes, size_t n,
                    int flush, struct mud_error *err)
{
    int got = Z_OK;

    stream->z.next_in = bytes;
    stream->z.avail_in = (uInt)n;
    do {
        stream->z.next_out = stream->out;
        stream->z.avail_out = (uInt)PIECE;
        got = deflate(&stream->z, flush);
        if (got == Z_STREAM_ERROR)
            return mud_fail(err, MUD_EBUG, "deflate refused a call");
        if (stream->z.avail_out < PIECE &&
            !stream->write(
                stream->payload, stream->out, PIECE - stream->z.avail_out, err))
            return false;
    } while (stream->z.avail_out == 0 ||
             (flush == Z_FINISH && got != Z_STREAM_END));
    return true;
}

void mud_warc_stream_abort(struct mud_warc_stream *stream)
{
    if (!stream)
        return;
    deflateEnd(&stream->z);
    free(stream->out);
    free(stream);
}

bool mud_warc_stream_begin(struct mud_warc_stream **out,
                           const struct mud_warc_head *head,
                           mud_warc_sink *write, void *payload,
                           struct mud_error *err)
{
    struct mud_warc_stream *stream = mud_calloc(1, sizeof(*stream));
    struct mud_buf text = {0};
    bool ok;

    if (deflateInit2(
            &stream->z, LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        mud_out_of_memory();
    stream->out = mud_malloc(PIECE);
    stream->left = head->size;
    stream->write = write;
    stream->payload = payload;
    mud_warc_head_write(&text, head);
    ok = squeeze(stream, text.s, text.n, Z_NO_FLUSH, err);
    mud_buf_free(&text);
    if (!ok) {
        mud_warc_stream_abort(stream);
        return false;
    }
    *out = stream;
    return true;
}

bool mud_warc_stream_add(struct mud_warc_stream *stream, const void *bytes,
                         size_t n, struct mud_error *err)
{
    const uint8_t *from = bytes;

    if ((int64_t)n > stream->left)
        return mud_fail(err, MUD_EINPUT, "more bytes than announced");
    stream->left -= (int64_t)n;
    while (n > 0) {
        size_t step = n > PIECE ? PIECE : n;

        if (!squeeze(stream, from, step, Z_NO_FLUSH, err))
            return false;
        from += step;
        n -= step;
    }
    return true;
}

bool mud_warc_stream_end(struct mud_warc_stream *stream, struct mud_error *err)
{
    bool ok = stream->left == 0 ||
              mud_fail(err, MUD_EINPUT, "fewer bytes than announced");

    ok = ok && squeeze(stream, "\r\n\r\n", 4, Z_FINISH, err);
    mud_warc_stream_abort(stream);
    return ok;
}
