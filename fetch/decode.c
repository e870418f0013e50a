#include "fetch/exchange.h"

#include <stdlib.h>

#define ZLIB_CONST
#include <zlib.h>

#ifdef MUD_HAVE_BROTLI
#    include <brotli/decode.h>
#endif

#define CODINGS_MAX 4
#define WINDOW      ((size_t)64 << 10)

/* One step: undo a coding of in into out; what is broken clears *whole. */
typedef void undo_fn(struct mud_buf *out, bool *whole, struct mud_str in);

const char *mud_cut_name(enum mud_cut cut)
{
    static const char *const names[] = {"", "bytes", "time", "disconnect"};
    return names[cut];
}

bool mud_head_value(struct mud_str head, const char *name, size_t *at,
                    struct mud_str *value)
{
    struct mud_str rest = mud_str_sub(head, *at, head.n), line;
    struct mud_str want = mud_str_z(name);

    while (rest.n && mud_str_line(&rest, &line)) {
        size_t colon = mud_str_chr(line, ':');
        *at = rest.s ? (size_t)(rest.s - head.s) : head.n;
        if (colon == MUD_NPOS ||
            !mud_str_ieq(mud_str_sub(line, 0, colon), want))
            continue;
        *value = mud_str_trim(mud_str_sub(line, colon + 1, line.n));
        return true;
    }
    *at = head.n;
    return false;
}

struct mud_str mud_exchange_header(const struct mud_exchange *exchange,
                                   const char *name)
{
    struct mud_str value = {0};
    size_t at = 0;
    if (mud_head_value(exchange->response_head, name, &at, &value))
        return value;
    return (struct mud_str){0};
}

/* A chunk's size line, RFC 9112 7.1; extensions are passed over. */
static bool chunk_size(struct mud_str line, uint64_t *size)
{
    size_t end = mud_str_chr(line, ';');
    struct mud_str hex =
        mud_str_trim(end == MUD_NPOS ? line : mud_str_sub(line, 0, end));

    *size = 0;
    if (!hex.n || hex.n > 15)
        return false;
    for (size_t i = 0; i < hex.n; i++) {
        char c = hex.s[i];
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                                : 16;
        if (digit > 15)
            return false;
        *size = *size << 4 | digit;
    }
    return true;
}

static void undo_chunked(struct mud_buf *out, bool *whole, struct mud_str in)
{
    struct mud_str rest = in, line;
    uint64_t size;
    bool first = true;

    for (; rest.n && mud_str_line(&rest, &line); first = false) {
        if (!chunk_size(line, &size)) {
            if (first) /* archived without its chunks */
                mud_buf_str(out, in);
            else
                *whole = false;
            return;
        }
        if (size == 0)
            return;
        if (size > rest.n) {
            mud_buf_str(out, rest);
            *whole = false;
            return;
        }
        mud_buf_put(out, rest.s, (size_t)size);
        rest = mud_str_sub(rest, (size_t)size, rest.n);
        if (!rest.n || !mud_str_line(&rest, &line) || line.n)
            break;
    }
    *whole = false;
}

/* Inflate one stream; returns the bytes used. Broken or cut: *whole false. */
static size_t inflate_one(struct mud_buf *out, bool *whole, struct mud_str in,
                          int bits)
{
    z_stream z = {0};
    unsigned char *window = mud_malloc(WINDOW);
    int rc = inflateInit2(&z, bits);

    if (rc == Z_MEM_ERROR)
        mud_out_of_memory();
    /* zlib counts in 32 bits; bodies are bounded far below that. */
    z.next_in = (const unsigned char *)in.s;
    z.avail_in = in.n > UINT32_MAX ? UINT32_MAX : (uInt)in.n;
    while (rc == Z_OK && !out->over) {
        z.next_out = window;
        z.avail_out = (uInt)WINDOW;
        rc = inflate(&z, Z_NO_FLUSH);
        mud_buf_put(out, window, WINDOW - z.avail_out);
        if (rc == Z_OK && !z.avail_in && z.avail_out)
            break; /* all read, and the end did not come */
    }
    if (rc != Z_STREAM_END)
        *whole = false;
    inflateEnd(&z);
    free(window);
    return in.n - z.avail_in;
}

static bool gzip_magic(struct mud_str in)
{
    return in.n >= 2 && memcmp(in.s, "\x1f\x8b", 2) == 0;
}

static void undo_gzip(struct mud_buf *out, bool *whole, struct mud_str in)
{
    bool good = in.n >= 2;

    if (good && !gzip_magic(in)) {
        mud_buf_str(out, in);
        return;
    }
    /* Members may follow each other; what is no member is passed over. */
    while (good && !out->over && gzip_magic(in)) {
        size_t used = inflate_one(out, &good, in, 15 + 16);
        in = mud_str_sub(in, used, in.n);
    }
    *whole = *whole && good;
}

static void undo_deflate(struct mud_buf *out, bool *whole, struct mud_str in)
{
    const unsigned char *b = (const unsigned char *)in.s;
    bool zlib = in.n >= 2 && (b[0] & 15) == 8 && (b[0] << 8 | b[1]) % 31 == 0;
    bool good = true;

    if (zlib) {
        (void)inflate_one(out, &good, in, 15);
        if (good || out->n) {
            *whole = *whole && good;
            return;
        }
    }
    good = true;
    /* Servers send raw deflate under this name too. */
    (void)inflate_one(out, &good, in, -15);
    *whole = *whole && good;
}

#ifdef MUD_HAVE_BROTLI
static void undo_br(struct mud_buf *out, bool *whole, struct mud_str in)
{
    BrotliDecoderState *state = BrotliDecoderCreateInstance(NULL, NULL, NULL);
    BrotliDecoderResult rc = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
    uint8_t *window = mud_malloc(WINDOW);
    const uint8_t *next = (const uint8_t *)in.s;
    size_t left = in.n;

    if (!state)
        mud_out_of_memory();
    while (rc == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT && !out->over) {
        uint8_t *to = window;
        size_t room = WINDOW;
        rc = BrotliDecoderDecompressStream(
            state, &left, &next, &room, &to, NULL);
        mud_buf_put(out, window, WINDOW - room);
    }
    if (rc != BROTLI_DECODER_RESULT_SUCCESS)
        *whole = false;
    BrotliDecoderDestroyInstance(state);
    free(window);
}
#endif

static const struct coding {
    const char *name;
    undo_fn *undo;
} codings[] = {
    {"chunked", undo_chunked},
    {"gzip", undo_gzip},
    {"x-gzip", undo_gzip},
    {"deflate", undo_deflate},
#ifdef MUD_HAVE_BROTLI
    {"br", undo_br},
#endif
    {"identity", NULL},
    {"", NULL},
};

/* The row of a coding, or NULL; one without undo changes nothing. */
static const struct coding *find_coding(struct mud_str name)
{
    for (size_t i = 0; i < sizeof codings / sizeof *codings; i++)
        if (mud_str_ieq(name, mud_str_z(codings[i].name)))
            return &codings[i];
    return NULL;
}

/* Add what the headers of that name list, in the order applied. */
static bool list_codings(undo_fn **steps, size_t *n, struct mud_str head,
                         const char *name, struct mud_error *err)
{
    struct mud_str value, part;
    size_t at = 0;

    while (mud_head_value(head, name, &at, &value)) {
        while (mud_str_cut(&value, ',', &part)) {
            const struct coding *coding;
            part = mud_str_trim(part);
            coding = find_coding(part);
            if (!coding)
                return mud_fail(err,
                                MUD_EINPUT,
                                "unknown %s \"%.*s\"",
                                name,
                                (int)(part.n < 40 ? part.n : 40),
                                part.s);
            if (!coding->undo)
                continue;
            if (*n == CODINGS_MAX)
                return mud_fail(err,
                                MUD_ELIMIT,
                                "more than %d codings on one body",
                                CODINGS_MAX);
            steps[(*n)++] = coding->undo;
        }
    }
    return true;
}

bool mud_exchange_decode(struct mud_str *out, bool *whole,
                         const struct mud_exchange *exchange, size_t max,
                         struct mud_arena *arena, struct mud_error *err)
{
    struct mud_buf bufs[2] = {{.max = max + 1}, {.max = max + 1}};
    undo_fn *steps[CODINGS_MAX];
    struct mud_str now = exchange->body;
    size_t n = 0;

    *out = (struct mud_str){0};
    *whole = exchange->cut == MUD_CUT_NONE;
    if (!list_codings(
            steps, &n, exchange->response_head, "Content-Encoding", err))
        return false;
    /* HTTP/2 has frames instead; a Transfer-Encoding there means nothing. */
    if (exchange->http_version[0] != '2' &&
        !list_codings(
            steps, &n, exchange->response_head, "Transfer-Encoding", err))
        return false;
    /* An empty body (304, HEAD, cut early) carries no coding. */
    while (n && now.n && !bufs[0].over && !bufs[1].over) {
        struct mud_buf *to = &bufs[n & 1];
        mud_buf_clear(to);
        steps[--n](to, whole, now);
        now = mud_buf_view(to);
    }
    bool over = now.n > max || bufs[0].over || bufs[1].over;
    if (!over)
        *out = mud_str_dup(now, arena);
    mud_buf_free(&bufs[0]);
    mud_buf_free(&bufs[1]);
    if (over)
        return mud_fail(err, MUD_ELIMIT, "decoded body is over %zu bytes", max);
    return true;
}
