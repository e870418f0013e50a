#include "base/base64.h"

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void mud_base64_put(struct mud_buf *out, struct mud_str bytes)
{
    const uint8_t *b = (const uint8_t *)bytes.s;
    char *to = mud_buf_room(out, (bytes.n + 2) / 3 * 4);

    if (!to)
        return;
    for (size_t i = 0; i < bytes.n; i += 3) {
        size_t left = bytes.n - i;
        uint32_t v = (uint32_t)b[i] << 16;

        if (left > 1)
            v |= (uint32_t)b[i + 1] << 8;
        if (left > 2)
            v |= b[i + 2];
        *to++ = digits[v >> 18];
        *to++ = digits[v >> 12 & 63];
        *to++ = '=';
        *to++ = '=';
        if (left > 1)
            to[-2] = digits[v >> 6 & 63];
        if (left > 2)
            to[-1] = digits[v & 63];
    }
    out->n += (bytes.n + 2) / 3 * 4;
}

static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool mud_base64_read(struct mud_buf *out, struct mud_str text)
{
    size_t n = text.n;
    uint32_t v = 0;

    while (n && text.n - n < 2 && text.s[n - 1] == '=')
        n--;
    if (text.n % 4 || n % 4 == 1)
        return false;
    for (size_t i = 0; i < n; i++) {
        int one = value_of(text.s[i]);

        if (one < 0)
            return false;
        v = v << 6 | (uint32_t)one;
        if (i % 4)
            mud_buf_c(out, (char)(v >> (6 - 2 * (i % 4)) & 0xFF));
    }
    return !out->over;
}
