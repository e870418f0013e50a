#include "nlp/number.h"

#include "nlp/step.h"

#define DIGITS_MAX 18
#define HAN_MAX    40 /* characters of a Chinese numeral */

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

/*
 * A bit for each numeral by its low ten bits, the others that share one aside:
 * few characters pass that are none.
 */
static const uint64_t numerals[16] = {
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

static inline bool maybe(uint32_t c)
{
    return c - 0x3007 <= 0x96F6 - 0x3007 && numerals[c / 64 % 16] >> c % 64 & 1;
}

int mud_number_digit(uint32_t c)
{
    if (!maybe(c))
        return -1;
    for (size_t i = 0; i < sizeof han_digits / sizeof han_digits[0]; i++) {
        if (han_digits[i].c == c)
            return han_digits[i].value;
    }
    return -1;
}

static double scale_of(uint32_t c)
{
    if (!maybe(c))
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
    return maybe(c) && (mud_number_digit(c) >= 0 || scale_of(c) > 0 ||
                        c == 0x5EFF || c == 0x5345 || c == HALF);
}

static bool is_digit(struct mud_str s, size_t at)
{
    return at < s.n && s.s[at] >= '0' && s.s[at] <= '9';
}

/* The code point at `at`, 0 at the end. */
static uint32_t peek(struct mud_str s, size_t at, size_t *next)
{
    *next = at;
    if (at >= s.n)
        return 0;
    return mud_step(s, next);
}

/* n digits from `at` and no digit behind them. */
static bool group(struct mud_str s, size_t at, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (!is_digit(s, at + i))
            return false;
    }
    return !is_digit(s, at + n);
}

/* "1,5k", "0,06 ₽", "2,50 €": a comma before one or two digits is a decimal
 * one where a scale or the money of those who write so follows. */
static bool decimal_comma(struct mud_str s, size_t at)
{
    static const char *const tails[] = {
        "k", "к", "тыс", "млн", "€", "eur", "₽", "р", "руб", "грн"};
    size_t i = at + 1;
    struct mud_str rest;

    while (is_digit(s, i) && i < at + 4)
        i++;
    if (s.s[at] != ',' || i == at + 1 || i == at + 4)
        return false;
    rest = mud_str_sub(s, i + (i < s.n && s.s[i] == ' '), i + 8);
    for (size_t k = 0; k < sizeof tails / sizeof tails[0]; k++) {
        if (mud_str_starts(rest, mud_str_z(tails[k])))
            return true;
    }
    return false;
}

/* Digits, with "," or " " between groups of three, and a fraction. */
static size_t arabic(struct mud_number *out, struct mud_str s, size_t at)
{
    double value = 0;
    size_t i = at;
    char parted = 0; /* by which groups are */

    for (; is_digit(s, i); i++) {
        if (out->digits < DIGITS_MAX)
            value = value * 10 + (s.s[i] - '0');
        out->digits++;
    }
    while (out->digits >= 1 && i + 3 < s.n &&
           (s.s[i] == ',' || s.s[i] == ' ') && group(s, i + 1, 3) &&
           (parted ? s.s[i] == parted : out->digits <= 3) &&
           out->digits <= 12 && s.s[at] != '0') {
        parted = s.s[i];
        if (s.s[i] == ' ')
            out->flags |= MUD_NUM_SPACED;
        for (i++; is_digit(s, i); i++) {
            value = value * 10 + (s.s[i] - '0');
            out->digits++;
        }
    }
    if (i + 1 < s.n && is_digit(s, i + 1) &&
        (s.s[i] == '.' || (s.s[i] == ',' && value == 0 && out->digits == 1) ||
         decimal_comma(s, i))) {
        double place = 1;
        double fraction = 0;
        size_t j = i + 1;

        for (; is_digit(s, j) && place < 1e12; j++) {
            fraction = fraction * 10 + (s.s[j] - '0');
            place *= 10;
        }
        /* "203.0.113" is no decimal number */
        if (!is_digit(s, j) &&
            !(j + 1 < s.n && s.s[j] == '.' && is_digit(s, j + 1))) {
            value = (value * place + fraction) / place;
            out->flags |= MUD_NUM_POINT;
            i = j;
        }
    }
    out->min = out->max = out->digits > DIGITS_MAX ? 0 : value;
    return i;
}

static bool letter(struct mud_str s, size_t at)
{
    size_t next;
    uint32_t c = peek(s, at, &next);

    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (c >= 0x430 && c <= 0x451);
}

static void times(struct mud_number *out, double by)
{
    out->min *= by;
    out->max *= by;
    out->scale *= by;
    out->flags |= MUD_NUM_SCALED;
}

/* "2 млн", "15 тыс", "3 mln", with or without a space. */
static size_t word_scale(struct mud_number *out, struct mud_str s, size_t i)
{
    static const struct {
        const char *word;
        double by;
    } words[] = {{"млн", 1e6}, {"тыс", 1e3}, {"mln", 1e6}, {"million", 1e6}};

    size_t at = i + (i < s.n && s.s[i] == ' ');
    struct mud_str rest = mud_str_sub(s, at, at + 8);

    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
        if (mud_str_starts(rest, mud_str_z(words[k].word)) &&
            !letter(s, at + strlen(words[k].word))) {
            times(out, words[k].by);
            at += strlen(words[k].word);
            return at + 1 < s.n && s.s[at] == '.' && s.s[at + 1] == ' ' ? at + 1
                                                                        : at;
        }
    }
    return i;
}

/* "1个w", "一个W", "两个亿": a counted scale. Returns the end, or i. */
static size_t counted_scale(struct mud_number *out, struct mud_str s, size_t i)
{
    /* 元 块 条 起 左 以 多 的 */
    static const uint32_t tails[] = {
        0x5143, 0x5757, 0x6761, 0x8D77, 0x5DE6, 0x4EE5, 0x591A, 0x7684};
    size_t at, next;
    uint32_t c;
    double by;

    if (peek(s, i, &at) != 0x4E2A)
        return i;
    c = peek(s, at, &next);
    by = c == 'w' ? 10000 : scale_of(c);
    if (by < 10000 || letter(s, next) || is_digit(s, next))
        return i;
    /* 30个万能卡 counts no tens of thousands */
    c = peek(s, next, &at);
    for (size_t k = 0; k < sizeof tails / sizeof tails[0]; k++) {
        if (c == tails[k])
            c = 0;
    }
    if (c >= 0x3400 && c <= 0x9FFF)
        return i;
    times(out, by);
    return next;
}

/* k, w, m (Latin or Cyrillic) with nothing of a word behind: "1.2w", "1k5". */
static size_t latin_scale(struct mud_number *out, struct mud_str s, size_t i)
{
    size_t at = i, next;
    uint32_t c = peek(s, at, &next);
    double by = 0;

    if (c == 'k' || c == 0x43A || c == 'K')
        by = 1000;
    else if (c == 'w' || c == 'W')
        by = 10000;
    else if (c == 'm' && out->max < 1000 && next < s.n &&
             (s.s[next] == ' ' || s.s[next] == ',' || s.s[next] == '+'))
        by = 1000000;
    if (by == 1000 && next < s.n && peek(s, next, &at) == c) {
        by = 1e6; /* 2кк */
        next = at;
    }
    if (by == 0 || letter(s, next))
        return i;
    /* "1k5" is 1500 and "1w2" is 12000, when one digit stands alone. */
    if (by < 1e6 && is_digit(s, next) && !is_digit(s, next + 1) &&
        !letter(s, next + 1) && !(out->flags & MUD_NUM_POINT) &&
        !(next + 1 < s.n && s.s[next + 1] == '.')) {
        times(out, by);
        out->min += (s.s[next] - '0') * by / 10;
        out->max = out->min;
        return next + 1;
    }
    times(out, by);
    return next;
}

/* 余, 多 and 来 between number and scale or unit. */
static size_t vague(struct mud_number *out, struct mud_str s, size_t i)
{
    size_t next;
    uint32_t c = peek(s, i, &next);

    if (c == 0x4F59 || c == 0x9918 || c == 0x591A || c == 0x51E0)
        out->flags |= MUD_NUM_MORE;
    else if (c == 0x6765)
        out->flags |= MUD_NUM_ABOUT;
    else
        return i;
    return next;
}

/* Does 千 begin a unit, as in 千克 and 千米? */
static bool weight(struct mud_str s, size_t i)
{
    size_t next;
    uint32_t c = peek(s, i, &next);

    return c == 0x514B || c == 0x7C73 || c == 0x74E6;
}

/* The rest of a mixed number behind a scale: "3万4000", "5万4千6百", "1百01",
 * "100万零三千". Returns its end, or i when what follows is no part of it. */
static size_t mixed_rest(struct mud_number *out, struct mud_str s, size_t i,
                         double last)
{
    while (last > 10) {
        size_t at = i, next, digits = 0;
        double value = 0, by;
        bool zero = false;

        if (peek(s, at, &next) == 0x96F6) {
            zero = true;
            at = next;
        }
        zero |= at < s.n && s.s[at] == '0';
        for (; is_digit(s, at) && digits < 9; at++, digits++)
            value = value * 10 + (s.s[at] - '0');
        if (digits == 0) {
            value = mud_number_digit(peek(s, at, &next));
            at = next;
        }
        by = scale_of(peek(s, at, &next));
        if (value <= 0 || by >= last || (at < s.n && s.s[at] == '.'))
            break;
        if (by >= 10)
            at = next;
        else
            by = 1;
        if (value * by >= last ||
            (by < 10 && !zero && (digits < 3 || value * 100 < last)))
            break;
        out->min += value * by;
        out->max = out->min;
        last = by;
        i = at;
    }
    return i;
}

/* Scales behind Arabic digits: 30万, 1.8万, 420余万, 2万8, 3百万. */
static size_t han_tail(struct mud_number *out, struct mud_str s, size_t i)
{
    double last = 0;

    for (unsigned n = 0; n < 3; n++) {
        size_t next;
        struct mud_number save = *out;
        size_t at = vague(out, s, i);
        uint32_t c = peek(s, at, &next);
        double by = scale_of(c);

        if (by < 100 || (last > 0 && by < last) ||
            (by < 1e4 && weight(s, next))) {
            *out = save;
            break;
        }
        times(out, by);
        last = by;
        i = next;
    }
    if (last > 0) {
        size_t next;
        uint32_t c = peek(s, i, &next);
        int digit = c >= '1' && c <= '9' ? (int)(c - '0') : mud_number_digit(c);
        size_t after;
        uint32_t d = peek(s, next, &after);

        /* 2万8 is 28,000 */
        if (digit > 0 && !is_digit(s, next) && d != '.' && scale_of(d) == 0 &&
            (mud_number_digit(d) < 0 || d == 0x4E00) && out->min == out->max &&
            !(out->flags & MUD_NUM_POINT) && !(out->flags & MUD_NUM_MORE)) {
            out->min += digit * last / 10;
            out->max = out->min;
            return next;
        }
        if (out->min == out->max &&
            !(out->flags & (MUD_NUM_POINT | MUD_NUM_MORE)))
            return mixed_rest(out, s, i, last);
    }
    return i;
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
    uint32_t c = peek(s, next, &after);

    return scale_of(c) > 0 ||
           (n > 0 && (c < 0x3400 || c == 0x5143 || c == 0x5706));
}

static size_t han_walk(struct han *h, struct mud_str s, size_t i,
                       struct mud_number *out)
{
    while (i < s.n && h->n < HAN_MAX) {
        size_t next;
        uint32_t c = peek(s, i, &next);
        int digit = c >= '0' && c <= '9' && h->scales > 0 &&
                            !is_digit(s, next) && h->digit < 0
                        ? (int)(c - '0')
                        : mud_number_digit(c);
        double by = scale_of(c);

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
            size_t at = vague(out, s, i), after;

            if (at == i || h->n == 0 || scale_of(peek(s, at, &after)) < 1000) {
                out->flags &= ~(unsigned)(MUD_NUM_MORE | MUD_NUM_ABOUT);
                break;
            }
            next = at;
        }
        h->n++;
        i = next;
    }
    return i;
}

static bool han(struct mud_number *out, struct mud_str s, size_t at)
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
static size_t han_point(struct mud_number *out, struct mud_str s, size_t i)
{
    double place = 1, value = 0;
    size_t next, at;
    int digit;

    if (peek(s, i, &at) != 0x70B9 || out->flags & MUD_NUM_PAIR)
        return i;
    for (; place < 1e15; at = next) {
        digit = is_digit(s, at) ? s.s[at] - '0'
                                : mud_number_digit(peek(s, at, &next));
        if (digit < 0)
            break;
        if (is_digit(s, at))
            next = at + 1;
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
static size_t percent_words(struct mud_str s, size_t at, double *by)
{
    size_t next, i;
    uint32_t c = peek(s, at, &next);
    double of = scale_of(c);

    if (of < 100 || of > 10000 || peek(s, next, &i) != 0x5206 ||
        peek(s, i, &next) != 0x4E4B)
        return at;
    *by = 100 / of;
    return next;
}

/* "半万", "半个点", "半毛": half of what follows. */
static bool half(struct mud_number *out, struct mud_str s, size_t at)
{
    size_t next, after;
    uint32_t c;

    (void)peek(s, at, &next);
    c = peek(s, next, &after);
    out->min = out->max = 0.5;
    out->flags |= MUD_NUM_HAN | MUD_NUM_POINT;
    out->end = next;
    if (scale_of(c) >= 100) {
        times(out, scale_of(c));
        out->end = after;
        return true;
    }
    return c == 0x6298 || c == 0x6210 || c == 0x6BDB || c == 0x5757 ||
           (c == 0x4E2A && peek(s, after, &next) == 0x70B9);
}

static bool number_at(struct mud_number *out, struct mud_str text, size_t at)
{
    size_t i, next;

    if (at >= text.n)
        return false;
    if (!is_digit(text, at)) {
        if ((unsigned char)text.s[at] < 0xE0 || !han(out, text, at))
            return false;
        i = han_point(out, text, out->end);
        if (out->max < 100)
            i = counted_scale(out, text, i);
    } else {
        i = arabic(out, text, at);
        if (out->digits > DIGITS_MAX) {
            out->end = i;
            return true;
        }
        next = latin_scale(out, text, i);
        if (next == i)
            next = word_scale(out, text, i);
        if (next == i)
            next = han_tail(out, text, i);
        if (next == i)
            next = counted_scale(out, text, i);
        i = next;
    }
    if (!(out->flags & (MUD_NUM_MORE | MUD_NUM_STRING)))
        i = vague(out, text, i);
    out->end = i;
    return true;
}

bool mud_number_at(struct mud_number *out, struct mud_str text, size_t at)
{
    double by = 1;
    size_t i, next;

    *out = (struct mud_number){.start = at, .end = at, .scale = 1};
    if (at < text.n && (unsigned char)text.s[at] >= 0xE0) {
        if (peek(text, at, &next) == HALF)
            return half(out, text, at);
        i = percent_words(text, at, &by);
        if (i != at && number_at(out, text, i)) {
            out->min *= by;
            out->max *= by;
            out->flags |= MUD_NUM_PERCENT;
            return true;
        }
    }
    return number_at(out, text, at);
}
