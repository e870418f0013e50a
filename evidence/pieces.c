#include "evidence/pieces.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct mud_pieces {
    int fd;
    bool own; /* the descriptor */
    char *path;
    struct mud_keys *keys;
    bool sealed;
    enum mud_sealed_layout layout;
    uint8_t *room; /* the file's head and, behind it, the last frame */
    uint8_t *raw;  /* that frame */
    size_t raw_n;
    bool first;              /* it is the file's first: the head goes with it */
    uint8_t *plain, *second; /* layout 2: the frame at plain_at; the next */
    size_t plain_n;
    int64_t plain_at;
    int64_t clear_to; /* up to here frames may be clear */
    struct mud_frame frame;
    bool framed;
};

static bool read_at(const struct mud_pieces *p, void *out, size_t size,
                    int64_t at, size_t *n, struct mud_error *err)
{
    *n = 0;
    while (*n < size) {
        ssize_t got =
            pread(p->fd, (char *)out + *n, size - *n, at + (int64_t)*n);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return mud_fail_errno(
                err, MUD_EIO, "%s: read at byte %lld", p->path, (long long)at);
        if (got == 0)
            break;
        *n += (size_t)got;
    }
    return true;
}

bool mud_pieces_of(struct mud_pieces **out, int fd, const char *path,
                   struct mud_keys *keys, struct mud_error *err)
{
    struct mud_pieces *p = mud_calloc(1, sizeof(*p));
    uint8_t head[MUD_SEALED_HEAD];
    size_t n;

    p->fd = fd;
    p->path = mud_strdup(path);
    p->keys = keys;
    p->clear_to = MUD_SEALED_HEAD;
    p->plain_at = -1;
    if (!read_at(p, head, sizeof(head), 0, &n, err)) {
        mud_pieces_close(p);
        return false;
    }
    p->sealed = n == sizeof(head) && mud_sealed_head_read(&p->layout, head);
    if (p->sealed) {
        p->room = mud_malloc(sizeof(head) + MUD_FRAME_MOST);
        memcpy(p->room, head, sizeof(head));
        p->raw = p->room + sizeof(head);
        if (p->layout == MUD_SEALED_FILE)
            p->plain = mud_malloc(2 * MUD_PIECE);
        p->second = p->plain ? p->plain + MUD_PIECE : NULL;
    }
    *out = p;
    return true;
}

bool mud_pieces_open(struct mud_pieces **out, const char *path,
                     struct mud_keys *keys, struct mud_error *err)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0)
        return mud_fail_errno(
            err, errno == ENOENT ? MUD_EMISSING : MUD_EIO, "%s", path);
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return mud_fail(err, MUD_EINPUT, "%s: not a regular file", path);
    }
    if (!mud_pieces_of(out, fd, path, keys, err)) {
        close(fd);
        return false;
    }
    (*out)->own = true;
    return true;
}

void mud_pieces_close(struct mud_pieces *p)
{
    if (!p)
        return;
    if (p->own)
        close(p->fd);
    free(p->path);
    free(p->room);
    free(p->plain);
    free(p);
}

bool mud_pieces_sealed(const struct mud_pieces *p)
{
    return p->sealed;
}

bool mud_pieces_framed(const struct mud_pieces *p)
{
    return p->sealed && p->layout == MUD_SEALED_RECORDS;
}

static bool corrupt(const struct mud_pieces *p, int64_t at, const char *what,
                    struct mud_error *err)
{
    return mud_fail(err,
                    MUD_ECORRUPT,
                    "%s: frame at byte %lld %s",
                    p->path,
                    (long long)at,
                    what);
}

/* A clear frame is one of those that the file begins with: elsewhere it would
 * be a way to put in what nobody sealed. */
static bool clear_here(struct mud_pieces *p, int64_t at, size_t size)
{
    if (p->layout != MUD_SEALED_RECORDS || at > p->clear_to)
        return false;
    if (at == p->clear_to)
        p->clear_to = at + (int64_t)size;
    return true;
}

/* The frame at this byte of the file; *n is 0 at the end. */
static bool frame_at(struct mud_pieces *p, uint8_t *out, int64_t at, size_t *n,
                     struct mud_error *err)
{
    struct mud_frame frame;
    const uint8_t *key = NULL;
    size_t have, size;

    *n = p->raw_n = 0;
    if (!read_at(p, p->raw, MUD_FRAME_HEAD, at, &have, err))
        return false;
    if (have == 0)
        return true;
    if (have < MUD_FRAME_HEAD)
        return corrupt(p, at, "is cut off", err);
    if (!mud_frame_read(&frame, p->raw))
        return corrupt(p, at, "is none", err);
    size = mud_frame_size(frame.cipher, frame.n);
    if (!read_at(p,
                 p->raw + MUD_FRAME_HEAD,
                 size - MUD_FRAME_HEAD,
                 at + MUD_FRAME_HEAD,
                 &have,
                 err))
        return false;
    if (have < size - MUD_FRAME_HEAD)
        return corrupt(p, at, "is cut off", err);
    if (frame.cipher == MUD_CIPHER_CLEAR && !clear_here(p, at, size))
        return corrupt(p, at, "is not sealed", err);
    if (frame.cipher != MUD_CIPHER_CLEAR) {
        if (!mud_keys_frame(&key, p->keys, &frame, err))
            return mud_fail_in(err, "%s", p->path);
        p->frame = frame;
        p->framed = true;
    }
    if (!mud_frame_open(out, &frame, p->raw, key))
        return corrupt(p, at, "is not what was sealed", err);
    p->raw_n = size;
    *n = frame.n;
    return true;
}

static bool read_records(struct mud_piece *piece, uint8_t *out,
                         struct mud_pieces *p, int64_t at,
                         struct mud_error *err)
{
    int64_t from = at ? at : MUD_SEALED_HEAD;

    if (!frame_at(p, out, from, &piece->n, err))
        return false;
    piece->next = from + (int64_t)p->raw_n;
    p->first = at == 0;
    return true;
}

/* What frame `at / MUD_PIECE` has from there on. */
static bool rest_of(size_t *n, uint8_t *out, struct mud_pieces *p, int64_t at,
                    struct mud_error *err)
{
    const int64_t full = (int64_t)mud_frame_size(MUD_CIPHER_AES, MUD_PIECE);
    int64_t number = at / (int64_t)MUD_PIECE;
    int64_t begin = number * (int64_t)MUD_PIECE;
    size_t skip = (size_t)(at - begin);

    *n = 0;
    if (p->plain_at != begin) {
        p->plain_at = -1;
        if (number > INT64_MAX / full - 1)
            return true;
        if (!frame_at(
                p, p->plain, MUD_SEALED_HEAD + number * full, &p->plain_n, err))
            return false;
        if (p->plain_n && p->frame.number != (uint32_t)number)
            return corrupt(p, begin, "has another's number", err);
        p->plain_at = begin;
    }
    if (skip < p->plain_n) {
        *n = p->plain_n - skip;
        memcpy(out, p->plain + skip, *n);
    }
    return true;
}

/* Up to a full piece, which may stand in two frames. */
static bool read_file(struct mud_piece *piece, uint8_t *out,
                      struct mud_pieces *p, int64_t at, struct mud_error *err)
{
    size_t more = 0;

    if (!rest_of(&piece->n, out, p, at, err))
        return false;
    if (piece->n && piece->n < MUD_PIECE && p->plain_n == MUD_PIECE) {
        if (!rest_of(&more, p->second, p, at + (int64_t)piece->n, err))
            return false;
        more = more < MUD_PIECE - piece->n ? more : MUD_PIECE - piece->n;
        memcpy(out + piece->n, p->second, more);
        piece->n += more;
    }
    piece->next = at + (int64_t)piece->n;
    return true;
}

bool mud_pieces_read(struct mud_piece *piece, uint8_t *out,
                     struct mud_pieces *p, int64_t at, struct mud_error *err)
{
    if (at < 0)
        return mud_fail(err, MUD_EINPUT, "%s: no such offset", p->path);
    if (p->sealed && p->layout == MUD_SEALED_RECORDS)
        return read_records(piece, out, p, at, err);
    if (p->sealed)
        return read_file(piece, out, p, at, err);
    if (!read_at(p, out, MUD_PIECE, at, &piece->n, err))
        return false;
    piece->next = at + (int64_t)piece->n;
    return true;
}

struct mud_str mud_pieces_raw(const struct mud_pieces *p)
{
    if (!mud_pieces_framed(p))
        return (struct mud_str){0};
    if (p->first)
        return mud_str_of((const char *)p->room, MUD_SEALED_HEAD + p->raw_n);
    return mud_str_of((const char *)p->raw, p->raw_n);
}

bool mud_pieces_frame(struct mud_frame *out, const struct mud_pieces *p)
{
    *out = p->frame;
    return p->framed;
}
