/* UTF-8: check, repair, step, count. RFC 3629: no surrogates, no overlongs. */
#ifndef MUD_BASE_UTF8_H
#define MUD_BASE_UTF8_H

#include "base/str.h"

/* Length of the longest valid prefix of s; s.n when all of it is valid. */
size_t mud_utf8_valid(struct mud_str s);

/*
 * s itself when it is valid and holds no NUL; else a copy in arena in which
 * each maximal bad sequence (Unicode 15, 3.9, U+FFFD best practice) and each
 * NUL is U+FFFD. *repaired (may be NULL) counts them.
 */
struct mud_str mud_utf8_clean(struct mud_str s, struct mud_arena *arena,
                              size_t *repaired);

/* The whole of mud_utf8_next; it takes the two common cases itself. */
uint32_t mud_utf8_next_any(struct mud_str s, size_t *at);

/*
 * The code point at s.s[*at] of valid UTF-8; moves *at behind it. *at must be
 * below s.n. On invalid bytes: U+FFFD and one byte on.
 */
static inline uint32_t mud_utf8_next(struct mud_str s, size_t *at)
{
    const unsigned char *p = (const unsigned char *)s.s + *at;

    if (p[0] < 0x80) {
        (*at)++;
        return p[0];
    }
    /* Most of what is not ASCII is U+1000..U+CFFF: E1..EC, no special ends. */
    if (p[0] - 0xE1U < 12 && s.n - *at >= 3 && (p[1] & 0xC0) == 0x80 &&
        (p[2] & 0xC0) == 0x80) {
        *at += 3;
        return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 |
               (p[2] & 0x3FU);
    }
    return mud_utf8_next_any(s, at);
}

/* Bytes of c in UTF-8 (1-4) written to out; 0 if c is no scalar value. */
size_t mud_utf8_put(uint32_t c, char out[4]);

/* Number of code points in valid UTF-8. */
size_t mud_utf8_count(struct mud_str s);

/* Largest n <= max at which s may be cut without splitting a character. */
size_t mud_utf8_cut(struct mud_str s, size_t max);

/* s.n without an unfinished character at the end: of text cut at a byte. */
size_t mud_utf8_whole(struct mud_str s);

/*
 * In place: fit for a terminal or one line of a log. Control characters and
 * bad bytes become "?", line ends and tabs a space. The length stays.
 */
void mud_utf8_plain(char *s, size_t n);

/*
 * Byte offsets to code point offsets of one text. Going forwards is amortised
 * O(1); going back restarts. Begin with {.text = s}.
 */
struct mud_utf8_pos {
    struct mud_str text;
    size_t byte, point;
};

size_t mud_utf8_point(struct mud_utf8_pos *pos, size_t byte);
/* The other way: the byte offset of code point number `point` (clamped). */
size_t mud_utf8_byte(struct mud_utf8_pos *pos, size_t point);

#endif
