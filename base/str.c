#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    WORD_MOST = 32 /* bytes of a word that is looked for without tables */
};

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static bool same_folded(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

int mud_str_cmp(struct mud_str a, struct mud_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.s, b.s, n) : 0;

    return order ? order : (a.n > b.n) - (a.n < b.n);
}

bool mud_str_ieq(struct mud_str a, struct mud_str b)
{
    return a.n == b.n && same_folded(a.s, b.s, a.n);
}

/* Length of word when s starts with it, else 0. */
static size_t starts(struct mud_str s, const char *word)
{
    size_t i = 0;

    while (word[i] && i < s.n && word[i] == s.s[i])
        i++;
    return word[i] ? 0 : i;
}

bool mud_str_among(struct mud_str s, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n && s.n; i++) {
        if (words[i][0] == s.s[0] && starts(s, words[i]) == s.n)
            return true;
    }
    return false;
}

size_t mud_str_starts_among(struct mud_str s, const char *const *words,
                            size_t n)
{
    for (size_t i = 0; i < n && s.n; i++) {
        size_t length = words[i][0] == s.s[0] ? starts(s, words[i]) : 0;

        if (length)
            return length;
    }
    return 0;
}

bool mud_str_istarts(struct mud_str s, struct mud_str prefix)
{
    return s.n >= prefix.n && same_folded(s.s, prefix.s, prefix.n);
}

bool mud_str_ends(struct mud_str s, struct mud_str suffix)
{
    return s.n >= suffix.n &&
           mud_str_eq(mud_str_sub(s, s.n - suffix.n, s.n), suffix);
}

/* Words are short, and memmem makes tables. The last byte tells more than the
 * first: of Han it is the one that differs. */
static size_t find_word(struct mud_str s, struct mud_str what)
{
    size_t head = what.n - 1;
    const char *end = s.s + s.n, *at = s.s + head;

    while ((at = memchr(at, what.s[head], (size_t)(end - at))) != NULL) {
        if (memcmp(at - head, what.s, head) == 0)
            return (size_t)(at - head - s.s);
        at++;
    }
    return MUD_NPOS;
}

size_t mud_str_find(struct mud_str s, struct mud_str what)
{
    const char *at;

    if (!what.n)
        return 0;
    if (s.n < what.n)
        return MUD_NPOS;
    if (what.n <= WORD_MOST)
        return find_word(s, what);
    at = memmem(s.s, s.n, what.s, what.n);
    return at ? (size_t)(at - s.s) : MUD_NPOS;
}

size_t mud_str_ifind(struct mud_str s, struct mud_str what)
{
    if (!what.n)
        return 0;
    for (size_t i = 0; i + what.n <= s.n; i++)
        if (lower(s.s[i]) == lower(what.s[0]) &&
            same_folded(s.s + i, what.s, what.n))
            return i;
    return MUD_NPOS;
}

size_t mud_str_chr(struct mud_str s, char c)
{
    const char *at = s.n ? memchr(s.s, c, s.n) : NULL;

    return at ? (size_t)(at - s.s) : MUD_NPOS;
}

size_t mud_str_rchr(struct mud_str s, char c)
{
    const char *at = s.n ? memrchr(s.s, c, s.n) : NULL;

    return at ? (size_t)(at - s.s) : MUD_NPOS;
}

static bool space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct mud_str mud_str_trim(struct mud_str s)
{
    while (s.n && space(s.s[s.n - 1]))
        s.n--;
    while (s.n && space(s.s[0])) {
        s.s++;
        s.n--;
    }
    return s;
}

bool mud_str_cut(struct mud_str *rest, char sep, struct mud_str *part)
{
    size_t at;

    if (!rest->s)
        return false;
    at = mud_str_chr(*rest, sep);
    if (at == MUD_NPOS) {
        *part = *rest;
        *rest = (struct mud_str){0};
    } else {
        *part = mud_str_of(rest->s, at);
        *rest = mud_str_of(rest->s + at + 1, rest->n - at - 1);
    }
    return true;
}

bool mud_str_line(struct mud_str *rest, struct mud_str *line)
{
    if (!rest->n || !mud_str_cut(rest, '\n', line))
        return false;
    if (rest->s && line->n && line->s[line->n - 1] == '\r')
        line->n--;
    return true;
}

bool mud_str_u64(struct mud_str s, uint64_t *out)
{
    uint64_t value = 0;

    if (!s.n)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.s[i] < '0' || s.s[i] > '9' ||
            __builtin_mul_overflow(value, (uint64_t)10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(s.s[i] - '0'), &value))
            return false;
    }
    *out = value;
    return true;
}

bool mud_str_i64(struct mud_str s, int64_t *out)
{
    bool minus = s.n && s.s[0] == '-';
    uint64_t value;

    if (!mud_str_u64(minus ? mud_str_sub(s, 1, s.n) : s, &value) ||
        value > (uint64_t)INT64_MAX + minus)
        return false;
    *out = minus ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}

struct mud_str mud_str_dup(struct mud_str s, struct mud_arena *arena)
{
    return mud_str_of(mud_arena_dup(arena, s.s, s.n), s.n);
}

char *mud_str_cstr(struct mud_str s, struct mud_arena *arena)
{
    return mud_arena_dup(arena, s.s, s.n);
}

struct mud_str mud_str_printf(struct mud_arena *arena, const char *fmt, ...)
{
    char small[256];
    char *text;
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(small, sizeof(small), fmt, ap);
    va_end(ap);
    if (n < 0)
        return (struct mud_str){0};
    if ((size_t)n < sizeof(small))
        return mud_str_of(mud_arena_dup(arena, small, (size_t)n), (size_t)n);
    text = mud_arena_alloc(arena, (size_t)n + 1);
    va_start(ap, fmt);
    vsnprintf(text, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return mud_str_of(text, (size_t)n);
}

struct mud_str mud_str_lower(struct mud_str s, struct mud_arena *arena)
{
    char *copy = mud_arena_dup(arena, s.s, s.n);

    for (size_t i = 0; i < s.n; i++)
        copy[i] = (char)lower(copy[i]);
    return mud_str_of(copy, s.n);
}

void *mud_grow(void *items, size_t *cap, size_t need, size_t size)
{
    size_t more = *cap ? *cap : 8;
    size_t n;

    if (need < *cap)
        return items;
    while (more <= need)
        if (__builtin_mul_overflow(more, 2, &more))
            mud_out_of_memory();
    if (__builtin_mul_overflow(more, size, &n) || n > SIZE_MAX / 2)
        mud_out_of_memory();
    *cap = more;
    return mud_realloc(items, n);
}
