#include "parse/date_scan.h"

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t letter(struct mud_str s, size_t at)
{
    unsigned char c = (unsigned char)s.s[at];
    if ((c | 32) >= 'a' && (c | 32) <= 'z')
        return 1;
    bool two = (c >= 0xd0 && c <= 0xd2) || /* Cyrillic */
               (c >= 0xc3 && c <= 0xc5);   /* Latin: "März", "Şubat" */
    return two && at + 1 < s.n ? 2 : 0;
}

static size_t char_bytes(struct mud_str s, size_t at)
{
    unsigned char c = (unsigned char)s.s[at];
    size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    return n > s.n - at ? s.n - at : n;
}

static bool blank(struct mud_str s, size_t at, size_t n)
{
    if (n == 1)
        return s.s[at] <= ' ';
    struct mud_str c = mud_str_sub(s, at, at + n);
    return mud_str_eqz(c, "\u00a0") || mud_str_eqz(c, "\u3000") ||
           mud_str_eqz(c, "\u202f");
}

void mud_date_tokens(struct mud_date_scan *scan, struct mud_str s)
{
    bool gap = true;
    for (size_t at = 0; at < s.n && scan->n < MUD_DATE_TOKENS;) {
        struct mud_date_token t = {.gap = gap, .kind = MUD_DATE_MARK};
        size_t from = at;
        if (digit(s.s[at])) {
            t.kind = MUD_DATE_NUMBER;
            for (; at < s.n && digit(s.s[at]); at++)
                if (t.digits++ < 8)
                    t.value = t.value * 10 + (s.s[at] - '0');
        } else if (letter(s, at)) {
            t.kind = MUD_DATE_WORD;
            while (at < s.n && letter(s, at))
                at += letter(s, at);
        } else {
            size_t n = char_bytes(s, at);
            at += n;
            if (blank(s, from, n)) {
                gap = true;
                continue;
            }
        }
        t.text = mud_str_sub(s, from, at);
        scan->t[scan->n++] = t;
        gap = false;
    }
}

const struct mud_date_token *mud_date_token(const struct mud_date_scan *scan,
                                            size_t i)
{
    static const struct mud_date_token none = {.kind = MUD_DATE_MARK};
    return i < scan->n ? &scan->t[i] : &none;
}

bool mud_date_mark(const struct mud_date_scan *scan, size_t i, const char *text)
{
    return mud_str_eqz(mud_date_token(scan, i)->text, text);
}

/* The lower-case form of the letter at s[at], of 2 bytes, in out. */
static void lower2(const char *s, unsigned char out[2])
{
    unsigned char a = (unsigned char)s[0], b = (unsigned char)s[1];
    if (a == 0xd0 && b >= 0x90 && b <= 0x9f) {
        b += 0x20;
    } else if (a == 0xd0 && b >= 0xa0 && b <= 0xaf) {
        a = 0xd1;
        b -= 0x20;
    }
    if (a == 0xc3 && b >= 0x80 && b <= 0x9e)
        b += 0x20;
    out[0] = a;
    out[1] = b;
}

/* text is in lower case. */
bool mud_date_word(const struct mud_date_scan *scan, size_t i, const char *text)
{
    struct mud_str got = mud_date_token(scan, i)->text, want = mud_str_z(text);
    if (got.n != want.n)
        return false;
    for (size_t k = 0; k < got.n; k++) {
        unsigned char c[2] = {(unsigned char)got.s[k], 0};
        if (c[0] < 0xc3 || k + 1 >= got.n) {
            if (c[0] >= 'A' && c[0] <= 'Z')
                c[0] |= 32;
            if (c[0] != (unsigned char)want.s[k])
                return false;
            continue;
        }
        lower2(got.s + k, c);
        if (memcmp(c, want.s + k, 2) != 0)
            return false;
        k++;
    }
    return true;
}

/* A number of at most `digits` digits. */
bool mud_date_number(const struct mud_date_scan *scan, size_t i, int digits,
                     int *value)
{
    const struct mud_date_token *t = mud_date_token(scan, i);
    *value = t->value;
    return t->kind == MUD_DATE_NUMBER && t->digits <= digits;
}

/* Chinese words: the characters stand one after the other. Returns tokens. */
size_t mud_date_han(const struct mud_date_scan *scan, size_t i,
                    const char *text)
{
    struct mud_str rest = mud_str_z(text);
    size_t n = 0;
    while (rest.n) {
        struct mud_str c = mud_date_token(scan, i + n)->text;
        if (!c.n || !mud_str_starts(rest, c))
            return 0;
        rest = mud_str_sub(rest, c.n, rest.n);
        n++;
    }
    return n;
}
