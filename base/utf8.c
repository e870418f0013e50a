#include "base/utf8.h"

#define FFFD      0xFFFDu
#define HIGH_BITS UINT64_C(0x8080808080808080)

static bool trail(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

/* How many ASCII bytes p begins with, eight at a time. */
static size_t ascii_run(const unsigned char *p, size_t n)
{
    size_t i = 0;
    uint64_t word;

    for (; i + 8 <= n; i += 8) {
        memcpy(&word, p + i, 8);
        if (word & HIGH_BITS)
            break;
    }
    while (i < n && p[i] < 0x80)
        i++;
    return i;
}

/*
 * Length of the sequence at p (n > 0). When it is bad, *good is false and the
 * length is that of the maximal subpart: Unicode 15, table 3-7 and section 3.9.
 */
static size_t sequence(const unsigned char *p, size_t n, bool *good)
{
    unsigned char low = 0x80, high = 0xBF;
    size_t want, i;

    *good = true;
    if (p[0] < 0x80)
        return 1;
    if (p[0] >= 0xC2 && p[0] <= 0xDF) {
        want = 2;
    } else if (p[0] >= 0xE0 && p[0] <= 0xEF) {
        want = 3;
        low = p[0] == 0xE0 ? 0xA0 : 0x80;
        high = p[0] == 0xED ? 0x9F : 0xBF;
    } else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        want = 4;
        low = p[0] == 0xF0 ? 0x90 : 0x80;
        high = p[0] == 0xF4 ? 0x8F : 0xBF;
    } else {
        *good = false;
        return 1;
    }
    for (i = 1; i < want; i++) {
        if (i >= n || p[i] < low || p[i] > high) {
            *good = false;
            return i;
        }
        low = 0x80;
        high = 0xBF;
    }
    return want;
}

size_t mud_utf8_valid(struct mud_str s)
{
    const unsigned char *p = (const unsigned char *)s.s;
    size_t i = 0;
    bool good = true;

    while (i < s.n) {
        size_t n;

        if (p[i] < 0x80) {
            i += ascii_run(p + i, s.n - i);
            continue;
        }
        n = sequence(p + i, s.n - i, &good);
        if (!good)
            break;
        i += n;
    }
    return i;
}

/* One pass of the repair: writes when out is not NULL, counts always. */
static size_t repair(struct mud_str s, char *out, size_t *bad)
{
    const unsigned char *p = (const unsigned char *)s.s;
    size_t n = 0;

    *bad = 0;
    for (size_t i = 0; i < s.n;) {
        bool good;
        size_t len = sequence(p + i, s.n - i, &good);

        if (!good || !p[i]) {
            if (out)
                memcpy(out + n, "\xEF\xBF\xBD", 3);
            n += 3;
            (*bad)++;
        } else {
            if (out)
                memcpy(out + n, s.s + i, len);
            n += len;
        }
        i += len;
    }
    return n;
}

struct mud_str mud_utf8_clean(struct mud_str s, struct mud_arena *arena,
                              size_t *repaired)
{
    size_t bad = 0;
    size_t n;
    char *copy;

    if (mud_utf8_valid(s) < s.n || mud_str_chr(s, '\0') != MUD_NPOS) {
        n = repair(s, NULL, &bad);
        copy = mud_arena_alloc(arena, n + 1);
        repair(s, copy, &bad);
        s = mud_str_of(copy, n);
    }
    if (repaired)
        *repaired = bad;
    return s;
}

uint32_t mud_utf8_next_any(struct mud_str s, size_t *at)
{
    const unsigned char *p = (const unsigned char *)s.s + *at;
    bool good;
    size_t n;

    if (p[0] < 0x80) {
        (*at)++;
        return p[0];
    }
    n = sequence(p, s.n - *at, &good);
    if (!good) {
        (*at)++;
        return FFFD;
    }
    *at += n;
    if (n == 2)
        return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    if (n == 3)
        return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 |
               (p[2] & 0x3F);
    return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 |
           (uint32_t)(p[2] & 0x3F) << 6 | (p[3] & 0x3F);
}

size_t mud_utf8_put(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        if (c >= 0xD800 && c <= 0xDFFF)
            return 0;
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    if (c > 0x10FFFF)
        return 0;
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

size_t mud_utf8_count(struct mud_str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += !trail((unsigned char)s.s[i]);
    return n;
}

size_t mud_utf8_cut(struct mud_str s, size_t max)
{
    if (max >= s.n)
        return s.n;
    while (max && trail((unsigned char)s.s[max]))
        max--;
    return max;
}

size_t mud_utf8_whole(struct mud_str s)
{
    size_t start = s.n;
    bool good;

    while (start && s.n - start < 4) {
        start--;
        if (!trail((unsigned char)s.s[start])) {
            const unsigned char *p = (const unsigned char *)s.s + start;
            size_t n = sequence(p, s.n - start, &good);

            bool lead = p[0] >= 0xC2 && p[0] <= 0xF4;

            return !good && lead && start + n == s.n ? start : s.n;
        }
    }
    return s.n;
}

/* Signs that turn the direction of what follows: U+200E-F, 202A-E, 2066-9. */
static bool turns(const unsigned char *p, size_t len)
{
    if (len != 3 || p[0] != 0xE2)
        return false;
    return (p[1] == 0x80 && ((p[2] >= 0x8E && p[2] <= 0x8F) ||
                             (p[2] >= 0xAA && p[2] <= 0xAE))) ||
           (p[1] == 0x81 && p[2] >= 0xA6 && p[2] <= 0xA9);
}

void mud_utf8_plain(char *s, size_t n)
{
    unsigned char *p = (unsigned char *)s;

    for (size_t i = 0; i < n;) {
        bool good;
        size_t len = sequence(p + i, n - i, &good);
        bool control = p[i] < 0x20 || p[i] == 0x7F ||
                       (len == 2 && p[i] == 0xC2 && p[i + 1] < 0xA0) ||
                       turns(p + i, len);

        if (p[i] == '\n' || p[i] == '\r' || p[i] == '\t')
            p[i] = ' ';
        else if (!good || control)
            memset(p + i, '?', len);
        i += len;
    }
}

size_t mud_utf8_point(struct mud_utf8_pos *pos, size_t byte)
{
    if (byte > pos->text.n)
        byte = pos->text.n;
    if (byte < pos->byte)
        pos->byte = pos->point = 0;
    pos->point += mud_utf8_count(mud_str_sub(pos->text, pos->byte, byte));
    pos->byte = byte;
    return pos->point;
}

size_t mud_utf8_byte(struct mud_utf8_pos *pos, size_t point)
{
    const unsigned char *p = (const unsigned char *)pos->text.s;
    size_t n = pos->text.n;

    if (point < pos->point)
        pos->byte = pos->point = 0;
    while (pos->byte < n && trail(p[pos->byte]))
        pos->byte++;
    while (pos->point < point && pos->byte < n) {
        pos->byte++;
        while (pos->byte < n && trail(p[pos->byte]))
            pos->byte++;
        pos->point++;
    }
    return pos->byte;
}
