#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>

static size_t limit(const struct mud_buf *buf)
{
    return buf->max ? buf->max : MUD_BUF_MAX;
}

/* Memory for n bytes and a NUL; n is within the limit. */
static void reserve(struct mud_buf *buf, size_t n)
{
    size_t cap = buf->cap ? buf->cap : 64;

    if (n < buf->cap)
        return;
    while (cap <= n)
        cap *= 2;
    if (cap > limit(buf) + 1)
        cap = limit(buf) + 1;
    buf->s = mud_realloc(buf->s, cap);
    buf->cap = cap;
}

void mud_buf_put(struct mud_buf *buf, const void *s, size_t n)
{
    if (buf->over || !n)
        return;
    if (n > limit(buf) - buf->n) {
        n = limit(buf) - buf->n;
        buf->over = true;
    }
    reserve(buf, buf->n + n);
    memcpy(buf->s + buf->n, s, n);
    buf->n += n;
}

void mud_buf_str(struct mud_buf *buf, struct mud_str s)
{
    mud_buf_put(buf, s.s, s.n);
}

void mud_buf_z(struct mud_buf *buf, const char *s)
{
    mud_buf_put(buf, s, strlen(s));
}

void mud_buf_c(struct mud_buf *buf, char c)
{
    if (buf->n + 1 < buf->cap && buf->n < limit(buf) && !buf->over)
        buf->s[buf->n++] = c;
    else
        mud_buf_put(buf, &c, 1);
}

void mud_buf_printf(struct mud_buf *buf, const char *fmt, ...)
{
    size_t left = limit(buf) - buf->n;
    size_t room;
    va_list ap;
    int n;

    if (buf->over)
        return;
    reserve(buf, buf->n + (left < 64 ? left : 64));
    room = buf->cap - buf->n;
    va_start(ap, fmt);
    n = vsnprintf(buf->s + buf->n, room, fmt, ap);
    va_end(ap);
    if (n < 0)
        return;
    if ((size_t)n >= room) {
        buf->over = (size_t)n > left;
        reserve(buf, buf->n + (buf->over ? left : (size_t)n));
        room = buf->cap - buf->n;
        va_start(ap, fmt);
        vsnprintf(buf->s + buf->n, room, fmt, ap);
        va_end(ap);
    }
    buf->n += buf->over ? left : (size_t)n;
}

const char *mud_buf_cstr(struct mud_buf *buf)
{
    reserve(buf, buf->n);
    buf->s[buf->n] = '\0';
    return buf->s;
}

struct mud_str mud_buf_view(const struct mud_buf *buf)
{
    return mud_str_of(buf->s, buf->n);
}

char *mud_buf_room(struct mud_buf *buf, size_t n)
{
    if (buf->over || n > limit(buf) - buf->n) {
        buf->over = true;
        return NULL;
    }
    reserve(buf, buf->n + n);
    return buf->s + buf->n;
}

void mud_buf_clear(struct mud_buf *buf)
{
    buf->n = 0;
    buf->over = false;
}

void mud_buf_free(struct mud_buf *buf)
{
    free(buf->s);
    *buf = (struct mud_buf){.max = buf->max};
}
