/* One character on in valid UTF-8, fast for ASCII and Han. Inside nlp only. */
#ifndef MUD_NLP_STEP_H
#define MUD_NLP_STEP_H

#include "base/utf8.h"

/* What *at is stays in a register where the others are stepped over. */
static inline uint32_t mud_step_far(struct mud_str s, size_t *at)
{
    size_t i = *at;
    uint32_t c = mud_utf8_next(s, &i);

    *at = i;
    return c;
}

/* The character at *at, below s.n, which moves behind it. */
static inline uint32_t mud_step(struct mud_str s, size_t *at)
{
    const unsigned char *p = (const unsigned char *)s.s + *at;

    if (p[0] < 0x80) {
        *at += 1;
        return p[0];
    }
    if ((p[0] & 0xF0) == 0xE0 && s.n - *at >= 3) {
        *at += 3;
        return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 |
               (p[2] & 0x3F);
    }
    return mud_step_far(s, at);
}

/* Are the eight bytes at p all parts of characters that are not ASCII? */
static inline bool mud_step_eight(const char *p)
{
    uint64_t eight;

    memcpy(&eight, p, sizeof eight);
    return (~eight & UINT64_C(0x8080808080808080)) == 0;
}

#endif
