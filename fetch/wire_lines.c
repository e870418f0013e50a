#include "fetch/wire_lines.h"

/* A whole line of what is there; *over: it has no end within most bytes. */
static bool take(struct mud_wire_lines *lines, struct mud_str *line,
                 size_t most, bool *over)
{
    const char *from = lines->room + lines->from;
    size_t n = lines->to - lines->from;
    const char *end =
        n > lines->looked
            ? memchr(from + lines->looked, '\n', n - lines->looked)
            : NULL;
    size_t length = end ? (size_t)(end - from) : n;

    *over = length > most;
    lines->looked = end ? 0 : n;
    if (!end || *over)
        return false;
    lines->from += length + 1;
    if (length && from[length - 1] == '\r')
        length--;
    *line = mud_str_of(from, length);
    return true;
}

bool mud_wire_line(struct mud_str *line, bool *any,
                   struct mud_wire_lines *lines, size_t most, int wait_ms,
                   struct mud_error *err)
{
    int64_t until = mud_monotonic() + wait_ms * INT64_C(1000);

    *line = MUD_STR("");
    for (;;) {
        int64_t left = (until - mud_monotonic()) / 1000;
        size_t n;
        bool over;

        *any = take(lines, line, most, &over);
        if (*any)
            return true;
        if (over)
            return mud_fail(
                err, MUD_ELIMIT, "a line is longer than %zu bytes", most);
        if (lines->from) { /* what was given is not looked at any more */
            memmove(lines->room,
                    lines->room + lines->from,
                    lines->to - lines->from);
            lines->to -= lines->from;
            lines->from = 0;
        }
        if (!mud_wire_read(lines->wire,
                           lines->room + lines->to,
                           MUD_WIRE_LINES_ROOM - lines->to,
                           &n,
                           left > 0 ? (int)left : 0,
                           err))
            return false;
        if (!n)
            return true;
        lines->to += n;
    }
}
