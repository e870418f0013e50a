/*
 * Chinese numerals, for number.c alone: digits and scales by character, and
 * numbers written with them. Inside nlp only.
 */
#ifndef MUD_NLP_NUMERAL_H
#define MUD_NLP_NUMERAL_H

#include "nlp/number.h"
#include "nlp/step.h"

/* A bit for each numeral by its low ten bits. */
extern const uint64_t mud_numerals[16];

/* Few characters pass that are none. */
static inline bool mud_numeral_maybe(uint32_t c)
{
    return c - 0x3007 <= 0x96F6 - 0x3007 &&
           mud_numerals[c / 64 % 16] >> c % 64 & 1;
}

/* The code point at `at`, 0 at the end. */
static inline uint32_t mud_numeral_peek(struct mud_str s, size_t at,
                                        size_t *next)
{
    *next = at;
    if (at >= s.n)
        return 0;
    return mud_step(s, next);
}

/* 10, 100, 1000, 1e4 or 1e8 of 十, 百, 千, 万, 亿; 0 of anything else. */
double mud_numeral_scale(uint32_t c);

/* The number grows by a scale. */
static inline void mud_numeral_times(struct mud_number *out, double by)
{
    out->min *= by;
    out->max *= by;
    out->scale *= by;
    out->flags |= MUD_NUM_SCALED;
}

/* The same of a character of Han. */
size_t mud_numeral_vague_han(struct mud_number *out, struct mud_str s,
                             size_t i);

/* 余, 多 and 来 at i, which flag the number: where they end, or i. */
static inline size_t mud_numeral_vague(struct mud_number *out, struct mud_str s,
                                       size_t i)
{
    return i < s.n && (unsigned char)s.s[i] >= 0xE4
               ? mud_numeral_vague_han(out, s, i)
               : i;
}

/* A Chinese numeral at `at`: fills min, max, flags and end. */
bool mud_numeral_read(struct mud_number *out, struct mud_str s, size_t at);

/* "点五" at i behind a number: where it ends, or i. */
size_t mud_numeral_point(struct mud_number *out, struct mud_str s, size_t i);

/* "百分之五", "千分之2.4": the end of the words, and what 1 of it is in
 * percent; `at` when there are none. */
size_t mud_numeral_percent(struct mud_str s, size_t at, double *by);

/* Is it 半? Then what it is half of: "半万", "半个点", "半毛". */
bool mud_numeral_half(struct mud_number *out, struct mud_str s, size_t at);

#endif
