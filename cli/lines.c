#include "cli/lines.h"

#include "base/utf8.h"

#include <stdlib.h>

/* Take room[0..n) as a piece; bytes of a split character are kept for later. */
static void take(struct mud_lines *lines, size_t n, bool whole)
{
    struct mud_str all = mud_str_of(lines->room, n);
    size_t cut = n;

    if (!whole) {
        cut = mud_utf8_cut(all, n - 4);
        if (cut < n - 8) /* not UTF-8: cut anywhere */
            cut = n;
    }
    if (!lines->inside)
        lines->number++;
    lines->text = mud_str_sub(all, 0, cut);
    lines->kept = n - cut;
    lines->whole = whole;
    lines->inside = !whole;
    lines->at = lines->next_at;
    lines->next_at += cut + (whole ? 1 : 0);
    if (whole && cut && all.s[cut - 1] == '\r')
        lines->text.n--;
}

bool mud_lines_next(struct mud_lines *lines)
{
    size_t n = lines->kept;
    int c;

    if (!lines->room)
        lines->room = mud_malloc(MUD_PIECE_MAX);
    if (n)
        memmove(lines->room, lines->text.s + lines->text.n, n);
    lines->kept = 0;
    while ((c = getc_unlocked(lines->file)) != EOF) {
        if (c == '\n') {
            take(lines, n, true);
            return true;
        }
        lines->room[n++] = (char)c;
        if (n == MUD_PIECE_MAX) {
            take(lines, n, false);
            return true;
        }
    }
    if (!n && !lines->inside)
        return false;
    take(lines, n, true);
    return true;
}

void mud_lines_free(struct mud_lines *lines)
{
    free(lines->room);
    lines->room = NULL;
}
