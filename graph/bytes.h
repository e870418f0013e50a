/* Bytes out of Postgres (bytea in text form), and numbers in them. */
#ifndef MUD_GRAPH_BYTES_H
#define MUD_GRAPH_BYTES_H

#include "base/str.h"

struct mud_bytes { /* a buffer used again and again; all zero is empty */
    uint8_t *at;
    size_t cap;
};

/* out: a view of the buffer, valid until the next call. False when hex is not
 * "\x" and pairs of hex digits. */
MUD_MUST bool mud_bytes_of(struct mud_bytes *bytes, struct mud_str *out,
                           struct mud_str hex);
void mud_bytes_free(struct mud_bytes *bytes);

/* Eight bytes, big-endian. */
int64_t mud_bytes_i64(const char *s);
void mud_bytes_put_i64(char *s, int64_t value);

#endif
