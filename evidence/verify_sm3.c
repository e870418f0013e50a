#include "evidence/verify_row.h"

#include <stdlib.h>

#define PIECE ((size_t)64 << 10)

void mud_verify_sm3(struct mud_verify *verify, const char *where,
                    struct mud_vault *vault, const struct mud_facts *f)
{
    struct mud_capture_stream *stream;
    struct mud_error e = {0};
    struct mud_sha256 *sm3;
    uint8_t *buf, digest[MUD_SHA256];
    size_t n = 1;
    bool good = true;

    /* What cannot be read was found by who checks the SHA-256. */
    if (!f->has_sm3 || !mud_capture_stream_open(&stream, vault, &f->c, &e))
        return;
    sm3 = mud_sm3_new();
    buf = mud_malloc(PIECE);
    while (good && n > 0) {
        good = mud_capture_stream_read(stream, buf, PIECE, &n, &e);
        if (good)
            mud_sha256_add(sm3, buf, n);
    }
    mud_sha256_end(sm3, digest);
    if (good && memcmp(digest, f->sm3, MUD_SHA256) != 0)
        mud_found(verify,
                  MUD_BAD,
                  "payload",
                  where,
                  "its SM3 is not that of the capture");
    mud_sha256_free(sm3);
    free(buf);
    mud_capture_stream_close(stream);
}
