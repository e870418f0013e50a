/* Whether a text or a line can hold a victim's record at all: most cannot. */
#include "nlp/victim_field.h"

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool word(char c)
{
    return digit(c) || (c >= 'a' && c <= 'z') || (c & 0x80);
}

/* Of a cross, and of circles: C3 97, E2 97 8B. */
static bool is_cover_lead(char c)
{
    return (unsigned char)c == 0xC3 || (unsigned char)c == 0xE2;
}

/* Two digits and more, a space or dash, and more digits: "138 0000 0000". */
static bool grouped(struct mud_str s, size_t at, unsigned run)
{
    return run >= 3 && (s.s[at] == ' ' || s.s[at] == '-' || s.s[at] == ')') &&
           at + 1 < s.n &&
           (digit(s.s[at + 1]) || s.s[at + 1] == '*' || s.s[at + 1] == '#' ||
            (s.s[at] == ')' && s.s[at + 1] == ' '));
}

/* "+44 7700", "+(44)": a plus sign before a number. */
static bool plus(struct mud_str s, size_t at)
{
    while (++at < s.n && (s.s[at] == ' ' || s.s[at] == '('))
        ;
    return at < s.n && (digit(s.s[at]) || s.s[at] == '*');
}

static bool has_plus(struct mud_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        const char *at = memchr(s.s + i, '+', s.n - i);

        if (!at)
            return false;
        i = (size_t)(at - s.s);
        if (plus(s, i))
            return true;
    }
    return false;
}

/* Bytes at which a line may begin to look like a record. */
static const bool telling[256] = {['0'] = true,
                                  ['1'] = true,
                                  ['2'] = true,
                                  ['3'] = true,
                                  ['4'] = true,
                                  ['5'] = true,
                                  ['6'] = true,
                                  ['7'] = true,
                                  ['8'] = true,
                                  ['9'] = true,
                                  ['*'] = true,
                                  ['+'] = true,
                                  ['@'] = true,
                                  [' '] = true,
                                  ['-'] = true,
                                  [')'] = true,
                                  ['x'] = true,
                                  [0x97] = true,
                                  [0xE6] = true};

bool mud_victim_line(struct mud_str line)
{
    unsigned run = 0;
    bool zero = false, letter = false;

    for (size_t i = 0; i < line.n; i++) {
        unsigned char c = (unsigned char)line.s[i];

        if (!telling[c]) {
            run = 0;
            continue;
        }
        if (digit((char)c)) {
            zero = run ? zero : c == '0' && i + 1 < line.n;
            if (!run)
                letter = i > 0 && line.s[i - 1] >= 'a' && line.s[i - 1] <= 'z';
            if (++run >= 10 || ((zero || letter) && run >= 6))
                return true;
            continue;
        }
        if (c == '*' || (c == '+' && plus(line, i)) ||
            (c == 0x97 && i > 0 && is_cover_lead(line.s[i - 1])) ||
            (c == '@' && i > 0 && word(line.s[i - 1])) ||
            grouped(line, i, run) ||
            (c == 'x' && i + 2 < line.n && memcmp(line.s + i, "xxx", 3) == 0) ||
            (c == 0xE6 && i + 2 < line.n &&
             memcmp(line.s + i, "\xe6\x9f\x90", 3) == 0))
            return true;
        run = 0;
    }
    return false;
}

/* "name@host", "n***e@host": a mail address, not a mention. */
static bool has_mail(struct mud_str s)
{
    const char *end = s.s + s.n, *at = s.s;

    while ((at = memchr(at, '@', (size_t)(end - at))) != NULL) {
        if (at > s.s && (at[-1] == '*' || word(at[-1])))
            return true;
        at++;
    }
    return false;
}

static bool visible(const char *s, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (s[i] <= ' ' || s[i] & 0x80)
            return false;
    }
    return true;
}

/* "user:word": four visible characters of ASCII on both sides. */
static bool has_pair(struct mud_str s)
{
    const char *end = s.s + s.n, *at = s.s;

    while ((at = memchr(at, ':', (size_t)(end - at))) != NULL) {
        if (at - s.s >= 4 && end - at > 4 && visible(at - 4, 4) &&
            visible(at + 1, 4) && at[1] != '/')
            return true;
        at++;
    }
    return false;
}

/* A word for a password, and something that may be one. */
static bool has_secret(const struct mud_scan *s)
{
    const struct mud_grams *g = s->grams;

    return (mud_grams_may(g, "密码") || mud_grams_may(g, "pass") ||
            mud_grams_may(g, "pwd") || mud_grams_may(g, "пароль")) &&
           (s->n_numbers > 0 || mud_grams_char(g, ':'));
}

/* Digits enough for a telephone or a card, in one piece or in groups. */
static bool long_number(const struct mud_scan *s)
{
    for (size_t i = 0; i < s->n_numbers; i++) {
        const struct mud_number *n = &s->numbers[i];

        char before = n->start > 0 ? s->text.s[n->start - 1] : '\0';

        if (n->digits >= 11 ||
            (n->digits == 10 && (s->text.s[n->start] == '0' ||
                                 !mud_str_starts(s->lang, MUD_STR("zh")))) ||
            (n->digits >= 6 && before >= 'a' && before <= 'z') ||
            (n->end < s->text.n && grouped(s->text, n->end, n->digits)))
            return true;
    }
    return false;
}

/* A sign that covers what it stands for. */
static bool has_cover(const struct mud_grams *g)
{
    return mud_grams_may(g, "xxx") || mud_grams_may(g, "###") ||
           mud_grams_may(g, "---") || mud_grams_may(g, "\xe6\x9f\x90") ||
           mud_grams_may(g, "\xe2\x97\x8f") ||
           mud_grams_may(g, "\xe2\x96\xa0") ||
           mud_grams_may(g, "\xe2\x96\x88") ||
           mud_grams_may(g, "\xe2\x97\x8b") || mud_grams_may(g, "\xe3\x80\x87");
}

bool mud_victim_worth(const struct mud_scan *s)
{
    struct mud_str text = s->text;
    const struct mud_grams *g = s->grams;

    if (text.n == 0)
        return false;
    return mud_grams_char(g, '*') || long_number(s) || has_cover(g) ||
           (mud_grams_char(g, '+') && has_plus(text)) || has_secret(s) ||
           (mud_grams_char(g, '@') && has_mail(text)) ||
           (mud_grams_char(g, ':') && has_pair(text)) ||
           mud_grams_lead(g, 0xC3);
}
