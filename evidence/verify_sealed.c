#include "evidence/verify_sealed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE 65536

bool mud_verify_can(struct mud_locked *locked, const struct mud_vault *vault,
                    struct mud_id key, struct mud_id salt)
{
    struct mud_frame frame = {.key = key, .salt = salt};
    struct mud_error e = {0};
    const uint8_t *unused;
    char why[480];

    if (mud_keys_frame(&unused, vault->keys, &frame, &e))
        return true;
    if (mud_keys_gone(why, sizeof(why), vault->keys, key, salt)) {
        locked->purged++;
        memcpy(locked->purged_why, why, sizeof(why));
    } else {
        locked->keyless++;
        snprintf(
            locked->keyless_why, sizeof(locked->keyless_why), "%s", e.text);
    }
    return false;
}

void mud_verify_locked(struct mud_verify *verify, struct mud_locked *locked,
                       const char *where)
{
    if (locked->purged)
        mud_found(verify,
                  MUD_NOTE,
                  "purged",
                  where,
                  "%lld captures: only their sealed bytes were checked. %s",
                  (long long)locked->purged,
                  locked->purged_why);
    if (locked->keyless)
        mud_found(verify,
                  MUD_NOTE,
                  "sealed",
                  where,
                  "%lld captures: only their sealed bytes were checked. %s",
                  (long long)locked->keyless,
                  locked->keyless_why);
    *locked = (struct mud_locked){0};
}

bool mud_verify_raw(uint8_t out[MUD_SHA256], const char *path, int64_t from,
                    int64_t n)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct mud_sha256 *sha = mud_sha256_new();
    uint8_t *buf = mud_malloc(PIECE);
    ssize_t got = fd < 0 ? -1 : 1;

    while (got > 0 && n != 0) {
        size_t want = n > 0 && n < PIECE ? (size_t)n : PIECE;

        got = pread(fd, buf, want, from);
        if (got < 0 && errno == EINTR) {
            got = 1;
            continue;
        }
        if (got <= 0)
            break;
        mud_sha256_add(sha, buf, (size_t)got);
        from += got;
        n -= n > 0 ? got : 0;
    }
    mud_sha256_end(sha, out);
    mud_sha256_free(sha);
    free(buf);
    if (fd >= 0)
        close(fd);
    return got >= 0 && n <= 0;
}

void mud_verify_seal_of(struct mud_facts *f, struct mud_str line)
{
    json_t *json = line.n ? mud_json_read(line, NULL) : NULL;
    const json_t *detail = json_object_get(json, "detail");
    const json_t *span = json_object_get(detail, "span");

    f->seal.sealed =
        mud_id_parse(mud_json_get_str(span, "key"), &f->seal.key) &&
        mud_id_parse(mud_json_get_str(span, "salt"), &f->seal.salt) &&
        mud_unhex(
            mud_json_get_str(span, "plain_sha256"), f->seal.plain, MUD_SHA256);
    if (!mud_facts_sealed_file(f, detail))
        f->seal.file = false;
    json_decref(json);
}

/* ------------------------------------------------------------- file alone */

struct walk {
    struct mud_verify *verify;
    const char *path;
    int fd;
    int64_t at, frames, records, size;
    struct mud_id key;
    int keys;
};

/* The next frame; false at the end or at what is none. */
static bool step(struct walk *w, struct mud_frame *frame)
{
    uint8_t head[MUD_FRAME_HEAD];
    ssize_t n = pread(w->fd, head, sizeof(head), w->at);
    int64_t size;
    char where[512];

    if (n == 0)
        return false;
    snprintf(where, sizeof(where), "%s: byte %lld", w->path, (long long)w->at);
    if (n != (ssize_t)sizeof(head) || !mud_frame_read(frame, head)) {
        mud_found(w->verify, MUD_BAD, "frame", where, "no frame begins here");
        return false;
    }
    size = (int64_t)mud_frame_size(frame->cipher, frame->n);
    if (size > w->size - w->at) {
        mud_found(w->verify, MUD_BAD, "frame", where, "it is cut off");
        return false;
    }
    w->at += size;
    return true;
}

static void walk(struct walk *w)
{
    struct mud_frame frame;

    while (step(w, &frame)) {
        w->frames++;
        w->records += frame.last;
        if (frame.cipher != MUD_CIPHER_CLEAR &&
            (!w->keys || !mud_id_eq(frame.key, w->key))) {
            w->key = frame.key;
            w->keys++;
        }
        if (w->verify->progress)
            w->verify->progress(w->at, w->size, w->verify->payload);
    }
    w->verify->items = w->records;
}

bool mud_verify_frames(struct mud_verify *verify, const char *path,
                       struct mud_error *err)
{
    struct walk w = {.verify = verify, .path = path, .at = MUD_SEALED_HEAD};
    uint8_t head[MUD_SEALED_HEAD], digest[MUD_SHA256];
    enum mud_sealed_layout layout;
    char hex[MUD_HEX256];
    struct stat st;

    w.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (w.fd < 0 || fstat(w.fd, &st) != 0 ||
        pread(w.fd, head, sizeof(head), 0) != (ssize_t)sizeof(head) ||
        !mud_sealed_head_read(&layout, head)) {
        mud_fail(err, MUD_EINPUT, "%s: is no sealed file", path);
        if (w.fd >= 0)
            close(w.fd);
        return false;
    }
    w.size = st.st_size;
    walk(&w);
    close(w.fd);
    if (!mud_verify_raw(digest, path, 0, -1))
        return mud_fail_errno(err, MUD_EIO, "%s", path);
    mud_found(verify,
              MUD_NOTE,
              "sealed",
              path,
              "%lld frames, %lld records, sha256 %s; it is sealed: its digest "
              "is what the ledger names, and its content is checked by "
              "mudlark verify with the vault's keys",
              (long long)w.frames,
              (long long)w.records,
              mud_hex(hex, digest, MUD_SHA256));
    return true;
}
