#include "store/split.h"

/* Behind the quote that closes what begins at `at`, or the end. */
static size_t quoted(struct mud_str s, size_t at, bool backslash)
{
    char quote = s.s[at++];

    for (; at < s.n; at++) {
        if (backslash && s.s[at] == '\\')
            at++;
        else if (s.s[at] == quote)
            return at + 1; /* '' opens again at once: the same to us */
    }
    return s.n;
}

static bool word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_' || (c & 0x80);
}

/* Behind $tag$...$tag$, or behind the dollar when it opens nothing. */
static size_t dollars(struct mud_str s, size_t at)
{
    size_t end = at + 1;

    if (at && word(s.s[at - 1]))
        return at + 1;
    while (end < s.n && word(s.s[end]))
        end++;
    if (end == s.n || s.s[end] != '$' ||
        (s.s[at + 1] >= '0' && s.s[at + 1] <= '9'))
        return at + 1;
    struct mud_str tag = mud_str_sub(s, at, end + 1);
    size_t close = mud_str_find(mud_str_sub(s, end + 1, s.n), tag);
    return close == MUD_NPOS ? s.n : end + 1 + close + tag.n;
}

/* Behind a comment that begins at `at`, or `at` when none does. */
static size_t comment(struct mud_str s, size_t at)
{
    struct mud_str rest = mud_str_sub(s, at, s.n);
    unsigned depth = 0;

    if (mud_str_starts(rest, MUD_STR("--"))) {
        size_t end = mud_str_chr(rest, '\n');
        return end == MUD_NPOS ? s.n : at + end;
    }
    if (!mud_str_starts(rest, MUD_STR("/*")))
        return at;
    while (at + 1 < s.n) {
        if (s.s[at] == '/' && s.s[at + 1] == '*') {
            depth++;
            at += 2;
        } else if (s.s[at] == '*' && s.s[at + 1] == '/') {
            at += 2;
            if (!--depth)
                return at;
        } else {
            at++;
        }
    }
    return s.n;
}

/* Behind one token, or one character, at `at`. */
static size_t token(struct mud_str s, size_t at)
{
    size_t end = comment(s, at);

    if (end > at)
        return end;
    switch (s.s[at]) {
    case '\'':
        return quoted(s,
                      at,
                      at && (s.s[at - 1] == 'E' || s.s[at - 1] == 'e') &&
                          !(at > 1 && word(s.s[at - 2])));
    case '"':
        return quoted(s, at, false);
    case '$':
        return dollars(s, at);
    default:
        return at + 1;
    }
}

static unsigned lines(struct mud_str s)
{
    unsigned n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += s.s[i] == '\n';
    return n;
}

/* Where the statement begins: behind space, comments and empty statements. */
static size_t lead(struct mud_str s)
{
    size_t at = 0;

    while (at < s.n) {
        size_t end = comment(s, at);

        if (end == at && !strchr(" \t\r\n;", s.s[at]))
            break;
        at = end > at ? end : at + 1;
    }
    return at;
}

bool mud_split_next(struct mud_split *split, struct mud_str *statement,
                    unsigned *line)
{
    size_t start = lead(split->text), end = start;
    struct mud_str s = split->text;

    if (start == s.n)
        return false;
    while (end < s.n && s.s[end] != ';')
        end = token(s, end);
    if (end > s.n)
        end = s.n;
    *statement = mud_str_trim(mud_str_sub(s, start, end));
    *line = split->line + lines(mud_str_sub(s, 0, start));
    split->line += lines(mud_str_sub(s, 0, end));
    split->text = mud_str_sub(s, end < s.n ? end + 1 : end, s.n);
    return true;
}
