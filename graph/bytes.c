#include "graph/bytes.h"

#include "base/hash.h"

#include <stdlib.h>

bool mud_bytes_of(struct mud_bytes *bytes, struct mud_str *out,
                  struct mud_str hex)
{
    size_t n = hex.n < 2 ? 0 : (hex.n - 2) / 2;

    if (hex.n < 2 || hex.n % 2)
        return false;
    if (n > bytes->cap) {
        bytes->cap = 2 * n;
        bytes->at = mud_realloc(bytes->at, bytes->cap);
    }
    *out = mud_str_of((const char *)bytes->at, n);
    return !n || mud_unhex(mud_str_sub(hex, 2, hex.n), bytes->at, n);
}

void mud_bytes_free(struct mud_bytes *bytes)
{
    free(bytes->at);
    *bytes = (struct mud_bytes){0};
}

int64_t mud_bytes_i64(const char *s)
{
    uint64_t value = 0;
    int64_t out = 0;

    for (size_t i = 0; i < 8; i++)
        value = value << 8 | (uint8_t)s[i];
    memcpy(&out, &value, sizeof(out));
    return out;
}

void mud_bytes_put_i64(char *s, int64_t value)
{
    uint64_t bits = 0;

    memcpy(&bits, &value, sizeof(bits));
    for (size_t i = 0; i < 8; i++)
        s[i] = (char)(uint8_t)(bits >> (56 - 8 * i));
}
