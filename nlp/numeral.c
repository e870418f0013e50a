#include "nlp/numeral.h"

#define HAN_MAX 40 /* characters of a Chinese numeral */

enum {
    HALF = 0x534A,
    SAN = 0x53C2 /* 参: three on cheques, else a word */
};

/* Chinese digits with the forms used on cheques; the folds may leave both. */
static const struct {
    uint32_t c;
    int value;
} han_digits[] = {
    {0x3007, 0}, {0x96F6, 0}, {0x4E00, 1}, {0x4E8C, 2}, {0x4E09, 3},
    {0x56DB, 4}, {0x4E94, 5}, {0x516D, 6}, {0x4E03, 7}, {0x516B, 8},
    {0x4E5D, 9}, {0x4E24, 2}, {0x5169, 2}, {0x58F9, 1}, {0x8D30, 2},
    {0x8CB3, 2}, {0x53C1, 3}, {0x8086, 4}, {0x4F0D, 5}, {0x9646, 6},
    {0x9678, 6}, {0x67D2, 7}, {0x634C, 8}, {0x7396, 9}, {0x5E7A, 1},
    {0x53C2, 3},
};

static const struct {
    uint32_t c;
    double value;
} han_scales[] = {
    {0x5341, 10},
    {0x62FE, 10},
    {0x767E, 100},
    {0x4F70, 100},
    {0x5343, 1000},
    {0x4EDF, 1000},
    {0x4E07, 10000},
    {0x842C, 10000},
    {0x4EBF, 1e8},
    {0x5104, 1e8},
};

/* The others that share a bit are told by the tables above. */
const uint64_t mud_numerals[16] = {
    UINT64_C(0x0000100000000080),
    UINT64_C(0x0000000000000000),
    UINT64_C(0x0008000000000040),
    UINT64_C(0x0200000000000000),
    UINT64_C(0x0001000000000010),
    UINT64_C(0x00002a0000000000),
    UINT64_C(0x0000000000000000),
    UINT64_C(0x0000000000000000),
    UINT64_C(0x0000001000000289),
    UINT64_C(0x4500000020000040),
    UINT64_C(0x8000000000101000),
    UINT64_C(0xc040000088000000),
    UINT64_C(0x0000000000002000),
    UINT64_C(0x000100000000142a),
    UINT64_C(0x0000000000400000),
    UINT64_C(0x0000000000040006),
};

int mud_number_digit(uint32_t c)
{
    if (!mud_numeral_maybe(c))
        return -1;
    for (size_t i = 0; i < sizeof han_digits / sizeof han_digits[0]; i++) {
        if (han_digits[i].c == c)
            return han_digits[i].value;
    }
    return -1;
}

double mud_numeral_scale(uint32_t c)
{
    if (!mud_numeral_maybe(c))
        return 0;
    for (size_t i = 0; i < sizeof han_scales / sizeof han_scales[0]; i++) {
        if (han_scales[i].c == c)
            return han_scales[i].value;
    }
    return 0;
}

bool mud_number_starts(uint32_t c)
{
    if (c < 0x80)
        return c >= '0' && c <= '9';
    return mud_numeral_maybe(c) &&
           (mud_number_digit(c) >= 0 || mud_numeral_scale(c) > 0 ||
            c == 0x5EFF || c == 0x5345 || c == HALF);
}

static bool is_digit(struct mud_str s, size_t at)
{
    return at < s.n && s.s[at] >= '0' && s.s[at] <= '9';
}

/* 余, 多 and 来 between number and scale or unit. */
size_t mud_numeral_vague_han(struct mud_number *out, struct mud_str s, size_t i)
{
    size_t next;
    uint32_t c = mud_numeral_peek(s, i, &next);

    if (c == 0x4F59 || c == 0x9918 || c == 0x591A || c == 0x51E0)
        out->flags |= MUD_NUM_MORE;
    else if (c == 0x6765)
        out->flags |= MUD_NUM_ABOUT;
    else
        return i;
    return next;
}

struct han {                         /* a Chinese numeral on its way */
    double big, total, section, low; /* low: end of a range such as 两三万 */
    double last;                     /* the last scale */
    int digit, before; /* the digit in hand and the one before it */
    unsigned n, scales, run;
    bool zero;
    uint8_t text[HAN_MAX];
};

static bool han_scale(struct han *h, double by)
{
    double digit = h->digit < 0 ? 1 : h->digit;

    if (h->run > 2 || (h->digit < 0 && by < 10000 && h->scales > 0 &&
                       !(h->zero || (by < 100 && h->last > 10))))
        return false;                    /* but 一千零十, 一百十一 */
    if (h->before >= 0 && h->digit >= 0) /* 两三百 */
        h->low = h->before;
    if (by >= 10000) {
        double whole = h->section + (h->digit < 0 ? 0 : digit);

        if (h->digit > 0 && !h->zero && h->last >= 100 && h->last < 10000 &&
            h->low == 0)
            whole += digit * h->last / 10 - digit; /* 百二万 */
        if (h->digit < 0 && h->section == 0 && h->total > 0 && by < 1e8) {
            whole = h->total; /* 四万万 */
            h->total = 0;
        }
        if (whole == 0)
            whole = 1;
        if (h->low > 0)
            h->low = (h->scales > 0 ? h->low : h->before) * by;
        if (by >= 1e8) {
            h->big +=
                (h->total + h->section +
                 (h->digit < 0 ? (h->total + h->section > 0 ? 0 : 1) : digit)) *
                by;
            h->total = 0;
        } else {
            h->total += whole * by;
        }
        h->section = 0;
    } else {
        if (h->last > 0 && h->last < 10000 && by >= h->last)
            return false;
        h->section += digit * by;
        if (h->low > 0)
            h->low *= by;
    }
    h->last = by;
    h->digit = h->before = -1;
    h->run = 0;
    h->zero = false;
    h->scales++;
    return true;
}

/* Is 参 three here, and not the word it begins? */
static bool cheque_three(struct mud_str s, size_t next, unsigned n)
{
    size_t after;
    uint32_t c = mud_numeral_peek(s, next, &after);

    return mud_numeral_scale(c) > 0 ||
           (n > 0 && (c < 0x3400 || c == 0x5143 || c == 0x5706));
}

static size_t han_walk(struct han *h, struct mud_str s, size_t i,
                       struct mud_number *out)
{
    while (i < s.n && h->n < HAN_MAX) {
        size_t next;
        uint32_t c = mud_numeral_peek(s, i, &next);
        int digit = c >= '0' && c <= '9' && h->scales > 0 &&
                            !is_digit(s, next) && h->digit < 0
                        ? (int)(c - '0')
                        : mud_number_digit(c);
        double by = mud_numeral_scale(c);

        if (c == 0x5EFF || c == 0x5345) { /* 廿, 卅 */
            if (h->n > 0 && h->last < 100)
                break;
            h->section += c == 0x5EFF ? 20 : 30;
            h->last = 10;
            h->scales++;
        } else if (digit >= 0) {
            if (c == SAN && !cheque_three(s, next, h->n))
                break;
            if (h->scales > 0 && h->digit > 0 && digit > 0)
                break; /* 四十五一个 is 45 for 一个 */
            h->text[h->run] = (uint8_t)digit;
            h->run++;
            if (digit == 0) {
                h->zero = true;
            } else {
                h->before = h->digit;
                h->digit = digit;
            }
        } else if (by > 0) {
            if (!han_scale(h, by))
                break;
        } else {
            unsigned flags = out->flags;
            size_t at = mud_numeral_vague(out, s, i), after;

            if (at == i || h->n == 0 ||
                mud_numeral_scale(mud_numeral_peek(s, at, &after)) < 1000) {
                out->flags = flags;
                break;
            }
            next = at;
        }
        h->n++;
        i = next;
    }
    return i;
}

bool mud_numeral_read(struct mud_number *out, struct mud_str s, size_t at)
{
    struct han h = {.digit = -1, .before = -1};
    size_t i = han_walk(&h, s, at, out);

    if (h.n == 0)
        return false;
    out->flags |= MUD_NUM_HAN;
    out->end = i;
    if (h.scales == 0) {
        for (unsigned k = 0; k < h.run; k++)
            out->max = out->max * 10 + h.text[k];
        out->min = out->max;
        if (h.run == 2 && h.text[1] == h.text[0] + 1 && h.text[0] > 0) {
            out->min = h.text[0]; /* 三四 as in 三四个 */
            out->max = h.text[1];
            out->flags |= MUD_NUM_PAIR;
        } else if (h.run > 1) {
            out->flags |= MUD_NUM_STRING;
        }
        return true;
    }
    out->max = h.big + h.total + h.section;
    if (h.digit >= 0 && h.run <= 2) /* 三千八 is 3800, 三千零八 is 3008 */
        out->max += h.zero || h.last < 100 ? h.digit : h.digit * h.last / 10;
    out->min = out->max;
    if (h.low > 0) {
        out->min = h.low;
        out->flags |= MUD_NUM_PAIR;
    }
    return true;
}

/* "三点五": a fraction said digit by digit. */
size_t mud_numeral_point(struct mud_number *out, struct mud_str s, size_t i)
{
    double place = 1, value = 0;
    size_t next, at;
    int digit;

    if (mud_numeral_peek(s, i, &at) != 0x70B9 || out->flags & MUD_NUM_PAIR)
        return i;
    for (; place < 1e15; at = next) {
        next = at + 1; /* behind an Arabic digit */
        digit = is_digit(s, at)
                    ? s.s[at] - '0'
                    : mud_number_digit(mud_numeral_peek(s, at, &next));
        if (digit < 0)
            break;
        value = value * 10 + digit;
        place *= 10;
    }
    if (place < 2)
        return i;
    out->max += value / place;
    out->min = out->max;
    out->flags |= MUD_NUM_POINT;
    return at;
}

/* "百分之五", "千分之2.4": the end of the words, and what 1 of it is. */
size_t mud_numeral_percent(struct mud_str s, size_t at, double *by)
{
    size_t next, i;
    uint32_t c = mud_numeral_peek(s, at, &next);
    double of = mud_numeral_scale(c);

    if (of < 100 || of > 10000 || mud_numeral_peek(s, next, &i) != 0x5206 ||
        mud_numeral_peek(s, i, &next) != 0x4E4B)
        return at;
    *by = 100 / of;
    return next;
}

/* "半万", "半个点", "半毛": half of what follows. */
bool mud_numeral_half(struct mud_number *out, struct mud_str s, size_t at)
{
    size_t next, after;
    uint32_t c;

    if (mud_numeral_peek(s, at, &next) != HALF)
        return false;
    c = mud_numeral_peek(s, next, &after);
    if (mud_numeral_scale(c) < 100 && c != 0x6298 && c != 0x6210 &&
        c != 0x6BDB && c != 0x5757 &&
        !(c == 0x4E2A && mud_numeral_peek(s, after, &next) == 0x70B9))
        return false;
    (void)mud_numeral_peek(s, at, &next);
    out->min = out->max = 0.5;
    out->flags |= MUD_NUM_HAN | MUD_NUM_POINT;
    out->end = next;
    if (mud_numeral_scale(c) >= 100) {
        mud_numeral_times(out, mud_numeral_scale(c));
        out->end = after;
    }
    return true;
}
