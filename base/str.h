/*
 * Text. `struct mud_str` is a borrowed view of bytes, not ended by NUL; where
 * it holds text it is valid UTF-8. Positions are byte offsets, half open.
 * `struct mud_buf` is a growing buffer with a stated maximum: what fits is kept,
 * from there on all is dropped and `over` is set, to be checked once at the end.
 */
#ifndef MUD_BASE_STR_H
#define MUD_BASE_STR_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct mud_str {
    const char *s; /* may be NULL when n is 0 */
    size_t n;
};

struct mud_span { /* half open byte range */
    uint32_t start, end;
};

#define MUD_NPOS ((size_t)-1)

/* For string literals only. */
#define MUD_STR(literal) ((struct mud_str){("" literal), sizeof(literal) - 1})
/* "%.*s" with MUD_FMT(str) */
#define MUD_FMT(str) (int)(str).n, (str).s ? (str).s : ""

static inline struct mud_str mud_str_of(const char *s, size_t n)
{
    return (struct mud_str){s, n};
}

/* Of a C string; NULL gives empty. Those inline cost nothing for literals. */
static inline struct mud_str mud_str_z(const char *s)
{
    return mud_str_of(s, s ? strlen(s) : 0);
}

static inline bool mud_str_eq(struct mud_str a, struct mud_str b)
{
    return a.n == b.n && (!a.n || memcmp(a.s, b.s, a.n) == 0);
}

static inline bool mud_str_eqz(struct mud_str a, const char *b)
{
    return mud_str_eq(a, mud_str_z(b));
}

/* The bytes [start, end), clamped. */
static inline struct mud_str mud_str_sub(struct mud_str s, size_t start,
                                         size_t end)
{
    if (end > s.n)
        end = s.n;
    if (start > end)
        start = end;
    if (end) /* s.s may be NULL otherwise */
        s.s += start;
    return mud_str_of(s.s, end - start);
}

int mud_str_cmp(struct mud_str a, struct mud_str b);  /* bytes, like memcmp */
bool mud_str_ieq(struct mud_str a, struct mud_str b); /* ASCII case folded */

static inline bool mud_str_starts(struct mud_str s, struct mud_str prefix)
{
    return s.n >= prefix.n && mud_str_eq(mud_str_of(s.s, prefix.n), prefix);
}

/* Is it one of n words? */
bool mud_str_among(struct mud_str s, const char *const *words, size_t n);
/* Length of the first of n words that it starts with; 0 for none. */
size_t mud_str_starts_among(struct mud_str s, const char *const *words,
                            size_t n);
bool mud_str_istarts(struct mud_str s, struct mud_str prefix);
bool mud_str_ends(struct mud_str s, struct mud_str suffix);
size_t mud_str_find(struct mud_str s, struct mud_str what); /* or MUD_NPOS */
size_t mud_str_ifind(struct mud_str s, struct mud_str what);
size_t mud_str_chr(struct mud_str s, char c);
size_t mud_str_rchr(struct mud_str s, char c);
struct mud_str mud_str_trim(
    struct mud_str s); /* ASCII white space off both ends */

/*
 * Take the part of *rest before `sep` into *part and move *rest behind it.
 * False when *rest was used up (s == NULL); an empty string is one empty part.
 */
bool mud_str_cut(struct mud_str *rest, char sep, struct mud_str *part);
/* The same by lines: "\n" or "\r\n"; no empty part after a last line end. */
bool mud_str_line(struct mud_str *rest, struct mud_str *line);

/* The whole of s is a decimal number that fits; no sign for u64. */
MUD_MUST bool mud_str_u64(struct mud_str s, uint64_t *out);
MUD_MUST bool mud_str_i64(struct mud_str s, int64_t *out);

struct mud_str mud_str_dup(struct mud_str s, struct mud_arena *arena);
char *mud_str_cstr(struct mud_str s,
                   struct mud_arena *arena); /* NUL-ended copy */
struct mud_str mud_str_printf(struct mud_arena *arena, const char *fmt, ...)
    MUD_PRINTF(2, 3);
struct mud_str mud_str_lower(struct mud_str s,
                             struct mud_arena *arena); /* ASCII */

struct mud_buf {
    char *s; /* malloc'd; not NUL-ended until mud_buf_cstr */
    size_t n, cap;
    size_t max; /* 0 means MUD_BUF_MAX */
    bool over;  /* something was dropped */
};

#define MUD_BUF_MAX ((size_t)256 << 20)

void mud_buf_put(struct mud_buf *buf, const void *s, size_t n);
void mud_buf_str(struct mud_buf *buf, struct mud_str s);
void mud_buf_z(struct mud_buf *buf, const char *s);
void mud_buf_c(struct mud_buf *buf, char c);
void mud_buf_printf(struct mud_buf *buf, const char *fmt, ...) MUD_PRINTF(2, 3);
const char *mud_buf_cstr(
    struct mud_buf *buf); /* NUL-ended, valid until the next put */
struct mud_str mud_buf_view(const struct mud_buf *buf);
/* Room for n bytes at the end to write into, or NULL past max; then add to buf->n. */
char *mud_buf_room(struct mud_buf *buf, size_t n);
void mud_buf_clear(struct mud_buf *buf); /* keeps memory */
void mud_buf_free(struct mud_buf *buf);

/* Growing malloc'd array: room for item number `need`; *cap counts items. */
void *mud_grow(void *items, size_t *cap, size_t need, size_t size) MUD_MUST;

#endif
