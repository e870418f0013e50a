#include "parse/chat_repair.h"

#include "base/utf8.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The value of \uXXXX at s, or -1. */
static int unit(struct mud_str s, size_t at)
{
    if (at + 6 > s.n || s.s[at] != '\\' || s.s[at + 1] != 'u')
        return -1;
    int value = 0;
    for (size_t i = at + 2; i < at + 6; i++) {
        int h = hex(s.s[i]);
        if (h < 0)
            return -1;
        value = value * 16 + h;
    }
    return value;
}

/* An escape at s.s[at]: writes what it should be, returns its length. */
static size_t escape(struct mud_buf *out, struct mud_str s, size_t at)
{
    char c = at + 1 < s.n ? s.s[at + 1] : 0;
    if (c == 'x' && at + 3 < s.n && hex(s.s[at + 2]) >= 0 &&
        hex(s.s[at + 3]) >= 0) {
        mud_buf_z(out, "\\u00");
        mud_buf_put(out, s.s + at + 2, 2);
        return 4;
    }
    int value = c == 'u' ? unit(s, at) : -1;
    if (value >= 0xd800 && value < 0xdc00) {
        int low = unit(s, at + 6);
        bool pair = low >= 0xdc00 && low < 0xe000;
        if (pair)
            mud_buf_put(out, s.s + at, 12);
        else
            mud_buf_z(out, "\\ufffd");
        return pair ? 12 : 6;
    }
    if (value >= 0xdc00 && value < 0xe000) {
        mud_buf_z(out, "\\ufffd");
        return 6;
    }
    if (value >= 0 || (c && strchr("\"\\/bfnrt", c))) {
        mud_buf_put(out, s.s + at, 2);
        return 2;
    }
    mud_buf_z(out, "\\\\"); /* a lone backslash */
    return 1;
}

static size_t string(struct mud_buf *out, struct mud_str s, size_t at)
{
    mud_buf_c(out, s.s[at++]);
    while (at < s.n) {
        unsigned char c = (unsigned char)s.s[at];
        if (c == '\\') {
            at += escape(out, s, at);
            continue;
        }
        if (c < 0x20)
            mud_buf_printf(out, "\\u%04x", c);
        else
            mud_buf_c(out, (char)c);
        at++;
        if (c == '"')
            break;
    }
    return at;
}

/* Is one of the words that may stand without quotes? */
static bool bare(struct mud_str s)
{
    return mud_str_starts(s, MUD_STR("true")) ||
           mud_str_starts(s, MUD_STR("false")) ||
           mud_str_starts(s, MUD_STR("null"));
}

void mud_chat_repair(struct mud_buf *out, struct mud_str text,
                     struct mud_arena *arena)
{
    struct mud_str s = mud_utf8_clean(text, arena, NULL);
    bool value = false; /* behind a colon */
    for (size_t at = 0; at < s.n;) {
        char c = s.s[at];
        bool letter = (c & 0x80) || (c >= 'a' && c <= 'z') ||
                      (c >= 'A' && c <= 'Z') || c == '/' || c == '.';
        if (c == '"') {
            at = string(out, s, at);
            value = false;
            continue;
        }
        if (value && letter && !bare(mud_str_sub(s, at, s.n))) {
            size_t to = at;
            while (to < s.n && s.s[to] != '\n' && s.s[to] != ',' &&
                   s.s[to] != '}' && s.s[to] != '"' && s.s[to] != '\\')
                to++;
            mud_buf_c(out, '"');
            mud_buf_put(out, s.s + at, to - at);
            mud_buf_c(out, '"');
            at = to;
            value = false;
            continue;
        }
        if (c == ':')
            value = true;
        else if (!strchr(" \t\r\n", c))
            value = false;
        mud_buf_c(out, c);
        at++;
    }
}

static size_t blanks(struct mud_str s, size_t at)
{
    while (at < s.n && (s.s[at] == ' ' || s.s[at] == '\t' || s.s[at] == '\r' ||
                        s.s[at] == '\n'))
        at++;
    return at;
}

size_t mud_chat_next_message(struct mud_str text, size_t from)
{
    for (size_t at = from; at < text.n; at++) {
        const char *comma = memchr(text.s + at, ',', text.n - at);
        if (!comma)
            break;
        at = (size_t)(comma - text.s);
        size_t open = blanks(text, at + 1);
        if (open >= text.n || text.s[open] != '{')
            continue;
        size_t key = blanks(text, open + 1);
        if (mud_str_starts(mud_str_sub(text, key, text.n), MUD_STR("\"id\"")))
            return open;
    }
    return MUD_NPOS;
}
