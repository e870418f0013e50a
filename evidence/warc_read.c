#include "evidence/pieces.h"
#include "evidence/warc.h"

#include <stdio.h>
#include <stdlib.h>
#define ZLIB_CONST /* next_in is not written through */
#include <zlib.h>

#define PIECE    MUD_PIECE
#define TRIES    10000 /* places that look like gzip, per resync */
#define NEWLINES 1024  /* stray line ends taken behind a record */

enum mode {
    AT_START, /* of a gzip member or a plain record */
    IN_GZIP,
    IN_PLAIN
};

enum more {
    MORE,
    MEMBER_END,
    FILE_END,
    BROKEN
};

struct mud_warc {
    struct mud_pieces *file;
    bool framed; /* records are sealed, each in frames of its own */
    char *path;
    int64_t until; /* treat this offset as the end; 0: none */
    uint8_t *in, *out;
    size_t in_pos, in_len, out_pos, out_len;
    int64_t in_at;   /* file offset of in[0] */
    int64_t in_next; /* and of what follows in */
    z_stream z;
    enum mode mode;
    bool member_end, plain_seen;
    bool sound;  /* the member unpacked without an error so far */
    bool pushed; /* "WARC/" was taken from the stream already */
    int64_t member_at, unpacked;
    struct mud_sha256 *tap, *plain_tap;
    struct mud_buf head;
    bool in_record;
    int64_t offset, inner, size, left;
    unsigned number, odd;
};

bool mud_warc_open(struct mud_warc **out, const char *path,
                   struct mud_keys *keys, struct mud_error *err)
{
    struct mud_warc *warc;
    struct mud_pieces *file;

    if (!mud_pieces_open(&file, path, keys, err))
        return false;
    warc = mud_calloc(1, sizeof(*warc));
    warc->file = file;
    warc->framed = mud_pieces_framed(file);
    warc->path = mud_strdup(path);
    warc->in = mud_malloc(PIECE);
    warc->out = mud_malloc(PIECE);
    warc->head.max = MUD_WARC_HEAD;
    if (inflateInit2(&warc->z, 15 + 16) != Z_OK)
        mud_out_of_memory();
    *out = warc;
    return true;
}

void mud_warc_close(struct mud_warc *warc)
{
    if (!warc)
        return;
    mud_pieces_close(warc->file);
    inflateEnd(&warc->z);
    mud_buf_free(&warc->head);
    free(warc->path);
    free(warc->in);
    free(warc->out);
    free(warc);
}

void mud_warc_until(struct mud_warc *warc, int64_t end)
{
    warc->until = end;
}

void mud_warc_tap(struct mud_warc *warc, struct mud_sha256 *sha)
{
    warc->tap = sha;
}

void mud_warc_tap_plain(struct mud_warc *warc, struct mud_sha256 *sha)
{
    warc->plain_tap = sha;
}

bool mud_warc_frame(struct mud_frame *out, const struct mud_warc *warc)
{
    return mud_pieces_frame(out, warc->file);
}

bool mud_warc_sealed(const struct mud_warc *warc)
{
    return mud_pieces_sealed(warc->file);
}

int64_t mud_warc_at(const struct mud_warc *warc)
{
    /* Records are sealed in frames of their own: between two of them the
     * frame is used up. */
    if (warc->framed && warc->in_len && warc->in_pos == warc->in_len)
        return warc->in_next;
    if (warc->framed)
        return warc->in_at;
    return warc->in_at + (int64_t)warc->in_pos;
}

static bool corrupt(const struct mud_warc *warc, struct mud_error *err,
                    const char *what)
{
    return mud_fail(err,
                    MUD_ECORRUPT,
                    "%s: record %u at byte %lld: %s",
                    warc->path,
                    warc->number,
                    (long long)warc->offset,
                    what);
}

/* Make sure that in holds a byte: false at the end of the file. */
static bool refill(struct mud_warc *warc, bool *end, struct mud_error *err)
{
    int64_t at = warc->in_len ? warc->in_next : warc->in_at;
    struct mud_piece piece = {.next = at};

    *end = false;
    if (warc->in_pos < warc->in_len)
        return true;
    if ((!warc->until || at < warc->until) &&
        !mud_pieces_read(&piece, warc->in, warc->file, at, err))
        return false;
    if (warc->until && piece.next > warc->until) {
        if (warc->framed)
            piece.n = 0; /* a frame that reaches beyond is none of ours */
        else
            piece.n -= (size_t)(piece.next - warc->until);
        piece.next = warc->until;
    }
    warc->in_at = at;
    warc->in_pos = 0;
    warc->in_len = piece.n;
    warc->in_next = piece.next;
    *end = piece.n == 0;
    if (warc->tap && warc->framed && piece.n) {
        struct mud_str raw = mud_pieces_raw(warc->file);

        mud_sha256_add(warc->tap, raw.s, raw.n);
    }
    return true;
}

static void use(struct mud_warc *warc, size_t n)
{
    if (warc->tap && !warc->framed)
        mud_sha256_add(warc->tap, warc->in + warc->in_pos, n);
    if (warc->plain_tap)
        mud_sha256_add(warc->plain_tap, warc->in + warc->in_pos, n);
    warc->in_pos += n;
}

static enum more more_gzip(struct mud_warc *warc, struct mud_error *err)
{
    bool end;
    int got = Z_OK;

    while (!warc->member_end && !warc->out_len) {
        if (!refill(warc, &end, err))
            return BROKEN;
        if (end) {
            warc->sound = false;
            corrupt(warc, err, "gzip member is cut off");
            return BROKEN;
        }
        warc->z.next_in = warc->in + warc->in_pos;
        warc->z.avail_in = (uInt)(warc->in_len - warc->in_pos);
        warc->z.next_out = warc->out;
        warc->z.avail_out = (uInt)PIECE;
        got = inflate(&warc->z, Z_NO_FLUSH);
        use(warc, warc->in_len - warc->in_pos - warc->z.avail_in);
        warc->out_len = PIECE - warc->z.avail_out;
        if (got == Z_STREAM_END)
            warc->member_end = true;
        else if (got != Z_OK) {
            warc->sound = false;
            corrupt(warc, err, "gzip member is damaged");
            return BROKEN;
        }
    }
    warc->unpacked += (int64_t)warc->out_len;
    return warc->out_len ? MORE : MEMBER_END;
}

/* Bring unpacked bytes into out when it is empty. */
static enum more more(struct mud_warc *warc, struct mud_error *err)
{
    bool end;

    if (warc->out_pos < warc->out_len)
        return MORE;
    warc->out_pos = warc->out_len = 0;
    if (warc->mode == IN_GZIP)
        return more_gzip(warc, err);
    if (!refill(warc, &end, err))
        return BROKEN;
    if (end)
        return FILE_END;
    warc->out_len = warc->in_len - warc->in_pos;
    memcpy(warc->out, warc->in + warc->in_pos, warc->out_len);
    use(warc, warc->out_len);
    return MORE;
}

/* Where the next byte of out stands: in the file, or in the gzip member. */
static void mark(struct mud_warc *warc)
{
    int64_t pending = (int64_t)(warc->out_len - warc->out_pos);

    if (warc->pushed)
        pending += 5;
    if (warc->mode == IN_GZIP) {
        warc->offset = warc->member_at;
        warc->inner = warc->unpacked - pending;
        return;
    }
    warc->offset = mud_warc_at(warc) - pending;
    warc->inner = 0;
}

/* Look at the first two bytes and choose how to read on. */
static bool start(struct mud_warc *warc, bool *end, struct mud_error *err)
{
    if (!refill(warc, end, err))
        return false;
    if (*end)
        return true;
    warc->out_pos = warc->out_len = 0;
    warc->member_at = warc->offset = mud_warc_at(warc);
    warc->unpacked = 0;
    warc->member_end = false;
    warc->sound = true;
    warc->mode = IN_PLAIN;
    if (warc->in[warc->in_pos] == 0x1f) {
        warc->mode = IN_GZIP;
        if (inflateReset2(&warc->z, 15 + 16) != Z_OK)
            mud_out_of_memory();
    } else {
        warc->plain_seen = true;
    }
    return true;
}

/* Unpack and drop up to skip bytes. */
static bool forward(struct mud_warc *warc, int64_t skip, struct mud_error *err)
{
    while (skip > 0) {
        enum more got = more(warc, err);
        size_t n = warc->out_len - warc->out_pos;

        if (got == BROKEN)
            return false;
        if (got != MORE)
            return corrupt(warc, err, "its gzip member ends before it");
        n = (int64_t)n > skip ? (size_t)skip : n;
        warc->out_pos += n;
        skip -= (int64_t)n;
    }
    return true;
}

static void go_to(struct mud_warc *warc, int64_t offset)
{
    if (!warc->framed && offset >= warc->in_at &&
        offset < warc->in_at + (int64_t)warc->in_len) {
        warc->in_pos = (size_t)(offset - warc->in_at);
    } else {
        warc->in_at = offset;
        warc->in_pos = warc->in_len = 0;
    }
    warc->out_pos = warc->out_len = 0;
    warc->mode = AT_START;
}

bool mud_warc_seek(struct mud_warc *warc, int64_t offset, int64_t inner,
                   struct mud_error *err)
{
    int64_t here = warc->unpacked - (int64_t)(warc->out_len - warc->out_pos);
    bool end = false, on;

    on = warc->mode == IN_GZIP && warc->sound && !warc->pushed && inner > 0 &&
         warc->member_at == offset && here <= inner;
    warc->in_record = warc->pushed = false;
    warc->number = 0;
    warc->offset = offset;
    if (offset < 0 || inner < 0)
        return mud_fail(err, MUD_EINPUT, "%s: no such offset", warc->path);
    if (on) /* what was unpacked up to here need not be unpacked again */
        return forward(warc, inner - here, err);
    go_to(warc, offset);
    if (inner == 0)
        return true;
    if (!start(warc, &end, err))
        return false;
    if (end)
        return corrupt(warc, err, "the file ends before it");
    return forward(warc, inner, err);
}

static bool head_done(const struct mud_buf *head)
{
    size_t n = head->n;

    return n >= 2 && head->s[n - 1] == '\n' &&
           (head->s[n - 2] == '\n' ||
            (n >= 3 && head->s[n - 2] == '\r' && head->s[n - 3] == '\n'));
}

static bool head_read(struct mud_warc *warc, struct mud_error *err)
{
    mud_buf_clear(&warc->head);
    warc->head.over = false;
    if (warc->pushed)
        mud_buf_z(&warc->head, "WARC/");
    warc->pushed = false;
    while (!head_done(&warc->head)) {
        enum more got = more(warc, err);
        const uint8_t *from = warc->out + warc->out_pos, *eol;
        size_t n = warc->out_len - warc->out_pos, have = warc->head.n;

        if (got == BROKEN)
            return false;
        if (got != MORE)
            return corrupt(warc, err, "header is cut off");
        eol = memchr(from, '\n', n);
        if (eol)
            n = (size_t)(eol - from) + 1;
        mud_buf_put(&warc->head, from, n);
        warc->out_pos += n;
        if (memcmp(warc->head.s,
                   "WARC/",
                   warc->head.n < 5 ? warc->head.n : 5) != 0)
            return corrupt(warc, err, "no WARC record begins here");
        if (warc->head.over || warc->head.n == have)
            return corrupt(warc, err, "header is longer than 64 KiB");
    }
    return true;
}

static bool start_next(struct mud_warc *warc, bool *end, struct mud_error *err)
{
    *end = false;
    for (;;) {
        enum more got;

        if (warc->mode == AT_START) {
            if (!start(warc, end, err))
                return false;
            if (*end)
                return true;
        }
        got = more(warc, err);
        if (got == BROKEN)
            return false;
        if (got == MORE || warc->pushed)
            return true;
        *end = got == FILE_END;
        if (*end)
            return true;
        warc->mode = AT_START;
    }
}

bool mud_warc_next(struct mud_warc_record *out, bool *more_records,
                   struct mud_warc *warc, struct mud_error *err)
{
    struct mud_warc_record last = {0};
    bool end = false;

    *more_records = false;
    if (warc->in_record && !mud_warc_end(&last, warc, err))
        return false;
    memset(out, 0, sizeof(*out));
    warc->number++;
    warc->offset = mud_warc_at(warc);
    if (!start_next(warc, &end, err))
        return false;
    if (end) {
        warc->number--;
        return true;
    }
    mark(warc);
    warc->odd = (warc->mode == IN_PLAIN ? MUD_WARC_PLAIN : 0) |
                (warc->inner ? MUD_WARC_SHARED : 0);
    out->number = warc->number;
    out->offset = warc->offset;
    out->inner = warc->inner;
    out->odd = warc->odd;
    if (!head_read(warc, err))
        return false;
    if (!mud_warc_head_parse(out, warc->head.s, warc->head.n))
        return corrupt(warc, err, "Content-Length is missing or no number");
    warc->odd = out->odd;
    warc->size = warc->left = out->size;
    warc->in_record = true;
    *more_records = true;
    return true;
}

bool mud_warc_read(struct mud_warc *warc, void *out, size_t size, size_t *n,
                   struct mud_error *err)
{
    char what[96];
    enum more got;

    *n = 0;
    if (!warc->in_record || warc->left == 0 || size == 0)
        return true;
    got = more(warc, err);
    if (got == BROKEN)
        return false;
    if (got != MORE) {
        snprintf(what,
                 sizeof(what),
                 "block ends after %lld of %lld bytes",
                 (long long)(warc->size - warc->left),
                 (long long)warc->size);
        return corrupt(warc, err, what);
    }
    *n = warc->out_len - warc->out_pos;
    *n = *n > size ? size : *n;
    *n = (int64_t)*n > warc->left ? (size_t)warc->left : *n;
    memcpy(out, warc->out + warc->out_pos, *n);
    warc->out_pos += *n;
    warc->left -= (int64_t)*n;
    return true;
}

/* The line ends behind a block; sets got to what comes after them. */
static bool line_ends(struct mud_warc *warc, enum more *got,
                      struct mud_error *err)
{
    char seen[4] = {0};
    size_t n = 0;

    while ((*got = more(warc, err)) == MORE) {
        char c = (char)warc->out[warc->out_pos];

        if ((c != '\r' && c != '\n') || n == NEWLINES)
            break;
        if (n < sizeof(seen))
            seen[n] = c;
        n++;
        warc->out_pos++;
    }
    if (n != 4 || memcmp(seen, "\r\n\r\n", 4) != 0)
        warc->odd |= MUD_WARC_LOOSE_END;
    return *got != BROKEN;
}

bool mud_warc_end(struct mud_warc_record *record, struct mud_warc *warc,
                  struct mud_error *err)
{
    char drop[4096];
    size_t n = 1;
    enum more got;

    if (!warc->in_record)
        return true;
    while (n > 0)
        if (!mud_warc_read(warc, drop, sizeof(drop), &n, err))
            return false;
    if (!line_ends(warc, &got, err))
        return false;
    warc->in_record = false;
    record->length = 0;
    if (warc->mode == IN_PLAIN) {
        record->length = mud_warc_at(warc) -
                         (int64_t)(warc->out_len - warc->out_pos) -
                         warc->offset;
    } else if (got == MORE) {
        warc->odd |= MUD_WARC_SHARED;
    } else {
        warc->mode = AT_START;
        if (warc->inner == 0)
            record->length = mud_warc_at(warc) - warc->offset;
    }
    record->odd = warc->odd;
    return true;
}

/* Look for a line that begins with "WARC/" in what is still to be unpacked. */
static bool scan(struct mud_warc *warc)
{
    static const char want[] = "\nWARC/";
    size_t have = 0;

    while (more(warc, NULL) == MORE) {
        while (warc->out_pos < warc->out_len) {
            char c = (char)warc->out[warc->out_pos++];

            have = c == want[have] ? have + 1 : c == '\n';
            if (have == sizeof(want) - 1) {
                warc->pushed = true;
                return true;
            }
        }
    }
    return false;
}

/* Whether a gzip member that unpacks to "WARC/..." begins with these bytes. */
static bool opens(const uint8_t *in, size_t n)
{
    uint8_t out[8];
    z_stream z = {0};
    bool yes;

    if (n < 18 || inflateInit2(&z, 15 + 16) != Z_OK)
        return false;
    z.next_in = in;
    z.avail_in = (uInt)(n < 1024 ? n : 1024);
    z.next_out = out;
    z.avail_out = 5;
    inflate(&z, Z_SYNC_FLUSH);
    yes = z.avail_out == 0 && memcmp(out, "WARC/", 5) == 0;
    inflateEnd(&z);
    return yes;
}

/* The next gzip member that opens a record, from at on; *found. */
static bool look(struct mud_warc *warc, int64_t at, bool *found,
                 struct mud_error *err)
{
    static const uint8_t magic[] = {0x1f, 0x8b, 0x08};
    uint8_t *buf = mud_malloc(PIECE);
    struct mud_piece piece;
    const uint8_t *hit;
    int tries = 0;
    bool ok = true;

    while (!*found && (!warc->until || at < warc->until)) {
        ok = mud_pieces_read(&piece, buf, warc->file, at, err);
        if (!ok || piece.n < 18)
            break;
        hit = memmem(buf, piece.n, magic, sizeof(magic));
        if (!hit) {
            at += (int64_t)piece.n - 2;
            continue;
        }
        at += hit - buf;
        /* A member near the end of the piece is looked at from its begin. */
        if (piece.n - (size_t)(hit - buf) < 1024 && hit != buf)
            continue;
        if (++tries > TRIES)
            break;
        if (opens(hit, piece.n - (size_t)(hit - buf))) {
            unsigned number = warc->number;

            *found = ok = mud_warc_seek(warc, at, 0, err);
            warc->number = number;
        }
        at++;
    }
    free(buf);
    return ok;
}

bool mud_warc_resync(struct mud_warc *warc, bool *found, struct mud_error *err)
{
    int64_t at = warc->offset + 1;

    warc->in_record = warc->pushed = false;
    *found = warc->mode != AT_START && scan(warc);
    if (*found || warc->mode == IN_PLAIN || warc->framed)
        return true;
    at = warc->member_at > warc->offset ? warc->member_at + 1 : at;
    return look(warc, at, found, err);
}
