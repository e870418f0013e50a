#include "nlp/number.h"

#include "nlp/numeral.h"

#define DIGITS_MAX 18

static bool is_digit(struct mud_str s, size_t at)
{
    return at < s.n && s.s[at] >= '0' && s.s[at] <= '9';
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
    uint32_t c = mud_numeral_peek(s, at, &next);

    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (c >= 0x430 && c <= 0x451);
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

    if (rest.n == 0 ||
        !(rest.s[0] == 'm' || ((unsigned char)rest.s[0] & 0xFE) == 0xD0))
        return i;
    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
        if (mud_str_starts(rest, mud_str_z(words[k].word)) &&
            !letter(s, at + strlen(words[k].word))) {
            mud_numeral_times(out, words[k].by);
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

    if (i >= s.n || (unsigned char)s.s[i] != 0xE4 || /* as 个 does */
        mud_numeral_peek(s, i, &at) != 0x4E2A)
        return i;
    c = mud_numeral_peek(s, at, &next);
    by = c == 'w' ? 10000 : mud_numeral_scale(c);
    if (by < 10000 || letter(s, next) || is_digit(s, next))
        return i;
    /* 30个万能卡 counts no tens of thousands */
    c = mud_numeral_peek(s, next, &at);
    for (size_t k = 0; k < sizeof tails / sizeof tails[0]; k++) {
        if (c == tails[k])
            c = 0;
    }
    if (c >= 0x3400 && c <= 0x9FFF)
        return i;
    mud_numeral_times(out, by);
    return next;
}

/* k, w, m (Latin or Cyrillic) with nothing of a word behind: "1.2w", "1k5". */
static size_t latin_scale(struct mud_number *out, struct mud_str s, size_t i)
{
    size_t at = i, next;
    uint32_t c = mud_numeral_peek(s, at, &next);
    double by = 0;

    if (c == 'k' || c == 0x43A || c == 'K')
        by = 1000;
    else if (c == 'w' || c == 'W')
        by = 10000;
    else if (c == 'm' && out->max < 1000 && next < s.n &&
             (s.s[next] == ' ' || s.s[next] == ',' || s.s[next] == '+'))
        by = 1000000;
    if (by == 1000 && next < s.n && mud_numeral_peek(s, next, &at) == c) {
        by = 1e6; /* 2кк */
        next = at;
    }
    if (by == 0 || letter(s, next))
        return i;
    /* "1k5" is 1500 and "1w2" is 12000, when one digit stands alone. */
    if (by < 1e6 && is_digit(s, next) && !is_digit(s, next + 1) &&
        !letter(s, next + 1) && !(out->flags & MUD_NUM_POINT) &&
        !(next + 1 < s.n && s.s[next + 1] == '.')) {
        mud_numeral_times(out, by);
        out->min += (s.s[next] - '0') * by / 10;
        out->max = out->min;
        return next + 1;
    }
    mud_numeral_times(out, by);
    return next;
}

/* Does 千 begin a unit, as in 千克 and 千米? */
static bool weight(struct mud_str s, size_t i)
{
    size_t next;
    uint32_t c = mud_numeral_peek(s, i, &next);

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

        if (mud_numeral_peek(s, at, &next) == 0x96F6) {
            zero = true;
            at = next;
        }
        zero |= at < s.n && s.s[at] == '0';
        for (; is_digit(s, at) && digits < 9; at++, digits++)
            value = value * 10 + (s.s[at] - '0');
        if (digits == 0) {
            value = mud_number_digit(mud_numeral_peek(s, at, &next));
            at = next;
        }
        by = mud_numeral_scale(mud_numeral_peek(s, at, &next));
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
        unsigned flags = out->flags; /* all that a vague word changes */
        size_t at = mud_numeral_vague(out, s, i);
        uint32_t c = mud_numeral_peek(s, at, &next);
        double by = mud_numeral_scale(c);

        if (by < 100 || (last > 0 && by < last) ||
            (by < 1e4 && weight(s, next))) {
            out->flags = flags;
            break;
        }
        mud_numeral_times(out, by);
        last = by;
        i = next;
    }
    if (last > 0) {
        size_t next;
        uint32_t c = mud_numeral_peek(s, i, &next);
        int digit = c >= '1' && c <= '9' ? (int)(c - '0') : mud_number_digit(c);
        size_t after;
        uint32_t d = mud_numeral_peek(s, next, &after);

        /* 2万8 is 28,000 */
        if (digit > 0 && !is_digit(s, next) && d != '.' &&
            mud_numeral_scale(d) == 0 &&
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

/* What multiplies Arabic digits that end at i: where it ends, or i. */
static size_t scaled(struct mud_number *out, struct mud_str s, size_t i)
{
    unsigned char c = i < s.n ? (unsigned char)s.s[i] : '\0';
    size_t next = i;

    if (c < 0x80 && c != ' ' && (c | 0x20) != 'k' && (c | 0x20) != 'w' &&
        c != 'm')
        return i;
    if (c < 0xE0) /* of Latin and Cyrillic letters */
        next = latin_scale(out, s, i);
    if (next == i && c < 0xE0)
        next = word_scale(out, s, i);
    if (next == i && c >= 0x80)
        next = han_tail(out, s, i);
    if (next == i && c == 0xE4)
        next = counted_scale(out, s, i);
    return next;
}

static bool number_at(struct mud_number *out, struct mud_str text, size_t at)
{
    size_t i;

    if (at >= text.n)
        return false;
    if (!is_digit(text, at)) {
        if ((unsigned char)text.s[at] < 0xE0 ||
            !mud_numeral_read(out, text, at))
            return false;
        i = mud_numeral_point(out, text, out->end);
        if (out->max < 100)
            i = counted_scale(out, text, i);
    } else {
        i = arabic(out, text, at);
        if (out->digits > DIGITS_MAX) {
            out->end = i;
            return true;
        }
        i = scaled(out, text, i);
    }
    if (!(out->flags & (MUD_NUM_MORE | MUD_NUM_STRING)))
        i = mud_numeral_vague(out, text, i);
    out->end = i;
    return true;
}

bool mud_number_at(struct mud_number *out, struct mud_str text, size_t at)
{
    double by = 1;
    size_t i;

    *out = (struct mud_number){.start = at, .end = at, .scale = 1};
    if (at < text.n && (unsigned char)text.s[at] >= 0xE0) {
        if (mud_numeral_half(out, text, at))
            return true;
        i = mud_numeral_percent(text, at, &by);
        if (i != at && number_at(out, text, i)) {
            out->min *= by;
            out->max *= by;
            out->flags |= MUD_NUM_PERCENT;
            return true;
        }
    }
    return number_at(out, text, at);
}
