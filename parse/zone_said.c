#include "parse/zone_said.h"

#include <limits.h>

#define TEXT_MAX 200 /* bytes of a text node that can be such a line */

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t spaces(struct mud_str s)
{
    size_t n = 0;
    for (;;) {
        struct mud_str rest = mud_str_sub(s, n, s.n);
        if (mud_str_starts(rest, MUD_STR(" ")))
            n++;
        else if (mud_str_starts(rest, MUD_STR("\xC2\xA0")))
            n += 2;
        else
            return n;
    }
}

/* "+", "-", a minus sign or a dash; how many bytes it has, 0: none. */
static size_t sign_of(struct mud_str s, int *sign)
{
    static const struct {
        const char *text;
        int sign;
    } signs[] = {
        {"+", 1}, {"-", -1}, {"−", -1}, {"–", -1}, {"＋", 1}, {"－", -1}};

    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        if (mud_str_starts(s, mud_str_z(signs[i].text))) {
            *sign = signs[i].sign;
            return strlen(signs[i].text);
        }
    return 0;
}

/* One or two digits; *n of them. */
static int digits(struct mud_str s, size_t *n)
{
    int value = 0;
    for (*n = 0; *n < 2 && *n < s.n && s.s[*n] >= '0' && s.s[*n] <= '9'; ++*n)
        value = value * 10 + (s.s[*n] - '0');
    return value;
}

/* "+ 8", "+08:00", "-3.5", "+5:30" at the start of s. */
static bool offset_at(int *minutes, struct mud_str s)
{
    size_t at = spaces(s), n;
    int sign, m = 0;
    size_t mark = sign_of(mud_str_sub(s, at, s.n), &sign);
    if (!mark)
        return false;
    at += mark;
    at += spaces(mud_str_sub(s, at, s.n));
    int h = digits(mud_str_sub(s, at, s.n), &n);
    if (!n || h > 14)
        return false;
    at += n;
    if (at + 1 < s.n && s.s[at] == ':') {
        m = digits(mud_str_sub(s, at + 1, s.n), &n);
        if (n != 2)
            m = 0;
    } else if (mud_str_starts(mud_str_sub(s, at, s.n), MUD_STR(".5"))) {
        m = 30;
    }
    *minutes = sign * (h * 60 + m);
    return m < 60;
}

static bool summer(struct mud_str s)
{
    static const char *const words[] = {"[ DST ]",
                                        "[ Summer",
                                        "[ Heure d",
                                        "[ 夏令",
                                        "[ 日光",
                                        "[ Летнее",
                                        "[ Sommerzeit"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (mud_str_find(s, mud_str_z(words[i])) != MUD_NPOS)
            return true;
    return false;
}

bool mud_zone_of_text(int *minutes, struct mud_str text)
{
    static const char *const names[] = {"UTC", "GMT"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        size_t at = mud_str_find(text, mud_str_z(names[i]));
        if (at == MUD_NPOS || (at && letter(text.s[at - 1])))
            continue;
        struct mud_str rest = mud_str_sub(text, at + 3, text.n);
        if (!offset_at(minutes, rest))
            continue;
        *minutes += summer(rest) ? 60 : 0;
        return true;
    }
    return false;
}

static bool is_post(struct mud_sight *sight, uint32_t node)
{
    const struct mud_engine *e = sight->engine;
    if (!mud_select_match(e->post.node, sight->page, node, &sight->steps))
        return false;
    return !e->post.id.n ||
           mud_sight_pick(sight, &e->post.id, node, mud_sight_end(sight, node))
                   .n > 0;
}

/* Inside of a post, or one of many to choose from? */
static bool aside(struct mud_sight *sight, uint32_t i)
{
    const struct mud_page *page = sight->page;
    for (uint32_t up = page->nodes[i].parent; up != MUD_NO_NODE;
         up = page->nodes[up].parent)
        if (mud_str_eqz(page->nodes[up].tag, "option") || is_post(sight, up))
            return true;
    return false;
}

/* Of the zones that descriptions name, those without summer time. */
static int usual(struct mud_str zone)
{
    if (mud_str_eqz(zone, "UTC"))
        return 0;
    return mud_str_eqz(zone, "Asia/Shanghai") ? 480 : INT_MAX;
}

struct mud_str mud_zone_said(struct mud_sight *sight)
{
    const struct mud_page *page = sight->page;
    for (uint32_t i = page->n; i-- > 0;) {
        struct mud_str text = page->nodes[i].text;
        int minutes;
        if (text.n < 5 || text.n > TEXT_MAX ||
            !mud_zone_of_text(&minutes, text) || aside(sight, i))
            continue;
        if (minutes == usual(sight->engine->zone))
            break;
        int all = minutes < 0 ? -minutes : minutes;
        return mud_str_printf(sight->arena,
                              "%c%02d:%02d",
                              minutes < 0 ? '-' : '+',
                              all / 60,
                              all % 60);
    }
    return (struct mud_str){0};
}
