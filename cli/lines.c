#include "cli/lines.h"

#include "base/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    READ_MOST = 256 << 10 /* at a time: what comes is worked on soon */
};

/* Hand out room[from, from + n); bytes of a split character are left. */
static void take(struct mud_lines *lines, size_t n, bool whole)
{
    struct mud_str all = mud_str_of(lines->room + lines->from, n);
    size_t cut = n;

    if (!whole) {
        cut = mud_utf8_cut(all, n - 4);
        if (cut < n - 8) /* not UTF-8: cut anywhere */
            cut = n;
    }
    if (!lines->inside)
        lines->number++;
    lines->text = mud_str_sub(all, 0, cut);
    lines->from += cut;
    lines->looked = lines->from;
    lines->whole = whole;
    lines->inside = !whole;
    lines->at = lines->next_at;
    lines->next_at += cut;
    if (whole && cut && all.s && all.s[cut - 1] == '\r')
        lines->text.n--;
}

/* Where the next line ends in what was read, or NULL. */
static const char *line_end(struct mud_lines *lines)
{
    const char *end = NULL;

    if (lines->looked < lines->to)
        end = memchr(
            lines->room + lines->looked, '\n', lines->to - lines->looked);
    lines->looked = end ? (size_t)(end - lines->room) : lines->to;
    return end;
}

/* Read more behind what there is; false when there is no more. */
static bool fill(struct mud_lines *lines)
{
    size_t n;
    ssize_t got;

    if (!lines->room)
        lines->room = mud_malloc(MUD_PIECE_MAX);
    if (lines->from) {
        memmove(
            lines->room, lines->room + lines->from, lines->to - lines->from);
        lines->to -= lines->from;
        lines->looked -= lines->from;
        lines->from = 0;
    }
    n = MUD_PIECE_MAX - lines->to;
    do
        got = read(
            lines->fd, lines->room + lines->to, n < READ_MOST ? n : READ_MOST);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        lines->error = errno;
    lines->end = got <= 0;
    lines->to += got > 0 ? (size_t)got : 0;
    return got > 0;
}

bool mud_lines_next(struct mud_lines *lines)
{
    const char *end = NULL;
    size_t n;

    while (!lines->room || !(end = line_end(lines))) {
        if (lines->to - lines->from == MUD_PIECE_MAX) {
            take(lines, MUD_PIECE_MAX, false);
            return true;
        }
        if (lines->end || !fill(lines))
            break;
    }
    n = end ? (size_t)(end - lines->room) - lines->from
            : lines->to - lines->from;
    if (!end && !n && !lines->inside)
        return false;
    take(lines, n, true);
    if (end) { /* and over its end */
        lines->looked = ++lines->from;
        lines->next_at++;
    }
    return true;
}

bool mud_lines_ready(struct mud_lines *lines)
{
    return lines->room && line_end(lines);
}

bool mud_lines_fail(const struct mud_lines *lines, struct mud_error *err)
{
    errno = lines->error;
    return mud_fail_errno(err, MUD_EIO, "read standard input");
}

void mud_lines_free(struct mud_lines *lines)
{
    free(lines->room);
    lines->room = NULL;
}
