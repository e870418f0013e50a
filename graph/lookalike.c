#include "graph/lookalike.h"

#include "base/utf8.h"

/* UTS #39 confusables that occur in nicknames: Cyrillic and Greek letters that
 * look like Latin ones. */
static const struct {
    uint32_t from;
    char to;
} twins[] = {{0x430, 'a'}, {0x410, 'a'}, {0x412, 'b'}, {0x435, 'e'},
             {0x415, 'e'}, {0x43a, 'k'}, {0x41a, 'k'}, {0x41c, 'm'},
             {0x41d, 'h'}, {0x43e, 'o'}, {0x41e, 'o'}, {0x440, 'p'},
             {0x420, 'p'}, {0x441, 'c'}, {0x421, 'c'}, {0x422, 't'},
             {0x443, 'y'}, {0x423, 'y'}, {0x445, 'x'}, {0x425, 'x'},
             {0x456, 'l'}, {0x406, 'l'}, {0x455, 's'}, {0x405, 's'},
             {0x458, 'j'}, {0x3b1, 'a'}, {0x391, 'a'}, {0x392, 'b'},
             {0x395, 'e'}, {0x3bf, 'o'}, {0x39f, 'o'}, {0x3c1, 'p'},
             {0x3a1, 'p'}, {0x3a4, 't'}, {0x3a7, 'x'}, {0x39a, 'k'}};

/* 0: no part of a name. */
static uint32_t look(uint32_t c)
{
    if (c >= 0xff01 && c <= 0xff5e)
        c -= 0xfee0;
    for (size_t i = 0; i < sizeof(twins) / sizeof(twins[0]); i++)
        if (twins[i].from == c)
            return (unsigned char)twins[i].to;
    if (c >= 'A' && c <= 'Z')
        c += 'a' - 'A';
    if (c == '0')
        return 'o';
    if (c == '1' || c == 'i' || c == '|')
        return 'l';
    if ((c >= 'a' && c <= 'z') || (c >= '2' && c <= '9'))
        return c;
    if (c < 0xc0 || (c >= 0x2000 && c <= 0x2e7f) ||
        (c >= 0x3000 && c <= 0x3020) || c >= 0x1f000 ||
        (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xff00 && c <= 0xffef))
        return 0; /* signs, blanks, emoji */
    return c;
}

/* rn looks like m, vv like w. */
static size_t pairs_to_one(char *s, size_t n)
{
    size_t out = 0;

    for (size_t i = 0; i < n; i++) {
        bool m = i + 1 < n && s[i] == 'r' && s[i + 1] == 'n';
        bool w = i + 1 < n && s[i] == 'v' && s[i + 1] == 'v';

        s[out++] = m ? 'm' : w ? 'w' : s[i];
        i += m || w;
    }
    return out;
}

struct mud_str mud_look_of(struct mud_str name, char buf[MUD_LOOK_MAX])
{
    size_t n = 0, at = 0;
    struct mud_str out;

    while (at < name.n && n + 4 <= MUD_LOOK_MAX) {
        uint32_t c = look(mud_utf8_next(name, &at));

        if (c)
            n += mud_utf8_put(c, buf + n);
    }
    out = mud_str_of(buf, pairs_to_one(buf, n));
    return mud_utf8_count(out) < 3 ? MUD_STR("") : out;
}

/* At most one character changed, added or left out; or, if turned, two
 * neighbours changed places. */
static bool one_off(struct mud_str a, struct mud_str b, bool turned)
{
    size_t head = 0, tail = 0, least = a.n < b.n ? a.n : b.n;

    while (head < least && a.s[head] == b.s[head])
        head++;
    while (tail < least - head && a.s[a.n - 1 - tail] == b.s[b.n - 1 - tail])
        tail++;
    /* A character of several bytes counts as one. */
    while (head && head < a.n && ((unsigned char)a.s[head] & 0xc0) == 0x80)
        head--;
    while (tail && ((unsigned char)a.s[a.n - tail] & 0xc0) == 0x80)
        tail--;
    a = mud_str_sub(a, head, a.n - tail);
    b = mud_str_sub(b, head, b.n - tail);
    if (turned && a.n == 2 && b.n == 2 && a.s[0] == b.s[1] && a.s[1] == b.s[0])
        return true;
    return mud_utf8_count(a) <= 1 && mud_utf8_count(b) <= 1;
}

bool mud_look_near(struct mud_str a, struct mud_str b)
{
    char one[MUD_LOOK_MAX], other[MUD_LOOK_MAX];
    struct mud_str x = mud_look_of(a, one), y = mud_look_of(b, other);

    if (!x.n || !y.n || mud_str_eq(a, b))
        return false;
    if (mud_str_eq(x, y))
        return true;
    return mud_utf8_count(x) + mud_utf8_count(y) >= 9 && one_off(x, y, false);
}

bool mud_value_near(struct mud_str a, struct mud_str b)
{
    return a.n >= 6 && b.n >= 6 && !mud_str_eq(a, b) && one_off(a, b, true);
}
