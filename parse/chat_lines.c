#include "parse/chat_lines.h"

#include "base/charset.h"
#include "base/utf8.h"

#include <stdlib.h>

#define CHUNK ((size_t)64 << 10)

enum wide {
    NARROW = 0,
    WIDE_LITTLE,
    WIDE_BIG
};

struct mud_chat_lines {
    const struct mud_chat_in *in;
    struct mud_arena *arena; /* of one line */
    struct mud_buf line;
    char charset[24];
    enum wide wide; /* UTF-16: two bytes a unit */
    bool begun, ended;
    bool firm;   /* it is UTF-8: a bad byte is one, no other charset */
    uint64_t at; /* of the next byte in chunk */
    size_t from, to;
    char chunk[CHUNK];
};

struct mud_chat_lines *mud_chat_lines_new(const struct mud_chat_in *in)
{
    struct mud_chat_lines *lines = mud_calloc(1, sizeof(*lines));
    lines->in = in;
    lines->arena = mud_arena_new();
    lines->line.max = MUD_CHAT_LINE_MAX;
    return lines;
}

void mud_chat_lines_free(struct mud_chat_lines *lines)
{
    if (!lines)
        return;
    mud_arena_free(lines->arena);
    mud_buf_free(&lines->line);
    free(lines);
}

const char *mud_chat_lines_charset(const struct mud_chat_lines *lines)
{
    return lines->charset;
}

/* Fills the chunk behind what is in it. */
static bool fill(struct mud_chat_lines *lines, struct mud_error *err)
{
    if (lines->from == lines->to)
        lines->from = lines->to = 0;
    while (!lines->ended && lines->to < CHUNK) {
        size_t n = 0;
        const struct mud_bytes_in *bytes = &lines->in->bytes;
        if (!bytes->read(bytes->payload,
                         lines->chunk + lines->to,
                         CHUNK - lines->to,
                         &n,
                         err))
            return false;
        lines->to += n;
        lines->ended = n == 0;
    }
    return true;
}

/* The first chunk tells the charset; a character that it cuts is no fault. */
static bool begin(struct mud_chat_lines *lines, struct mud_error *err)
{
    struct mud_charset how;
    struct mud_str text;
    lines->begun = true;
    if (!fill(lines, err))
        return false;
    struct mud_str head = mud_str_of(lines->chunk, lines->to);
    size_t end = mud_str_rchr(head, '\n');
    if (end != MUD_NPOS && lines->to == CHUNK)
        head = mud_str_sub(head, 0, end);
    if (!mud_charset_text(
            &text, &how, head, (struct mud_str){0}, lines->arena, err))
        return false;
    memcpy(lines->charset, how.name, sizeof(lines->charset));
    mud_arena_reset(lines->arena);
    lines->firm = how.why == MUD_CHARSET_BOM;
    if (mud_str_starts(head, MUD_STR("\xef\xbb\xbf")))
        lines->from = 3;
    else if (mud_str_starts(head, MUD_STR("\xff\xfe")))
        lines->wide = WIDE_LITTLE;
    else if (mud_str_starts(head, MUD_STR("\xfe\xff")))
        lines->wide = WIDE_BIG;
    if (lines->wide)
        lines->from = 2;
    lines->at = lines->from;
    return true;
}

/* Bytes up to and with the line end in the chunk; all of it without one. */
static size_t upto(const struct mud_chat_lines *lines, bool *found)
{
    const char *from = lines->chunk + lines->from;
    size_t n = lines->to - lines->from;
    *found = false;
    if (!lines->wide) {
        const char *end = n ? memchr(from, '\n', n) : NULL;
        *found = end != NULL;
        return end ? (size_t)(end - from) + 1 : n;
    }
    size_t low = lines->wide == WIDE_LITTLE ? 0 : 1;
    for (size_t i = 0; i + 1 < n; i += 2) {
        if (from[i + low] == '\n' && from[i + 1 - low] == 0) {
            *found = true;
            return i + 2;
        }
    }
    /* An odd byte waits for its second half. */
    return lines->ended ? n : n & ~(size_t)1;
}

static bool is_ascii(struct mud_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.s[i] >= 0x80)
            return false;
    return true;
}

/*
 * A head of ASCII says nothing: the first line with more tells whether the
 * rest is UTF-8.
 */
static bool decoded(struct mud_chat_lines *lines, struct mud_str *text,
                    struct mud_error *err)
{
    struct mud_charset how;
    struct mud_str raw = mud_buf_view(&lines->line);
    const char *name = lines->wide == NARROW        ? lines->charset
                       : lines->wide == WIDE_LITTLE ? "utf-16le"
                                                    : "utf-16be";
    if (strcmp(name, "utf-8") == 0 && !lines->firm && !is_ascii(raw)) {
        lines->firm = true;
        if (!mud_charset_text(
                text, &how, raw, (struct mud_str){0}, lines->arena, err))
            return false;
        memcpy(lines->charset, how.name, sizeof(lines->charset));
        return true;
    }
    if (strcmp(name, "utf-8") == 0) {
        *text = mud_utf8_clean(raw, lines->arena, NULL);
        return true;
    }
    return mud_charset_text(
        text, &how, raw, mud_str_z(name), lines->arena, err);
}

bool mud_chat_lines_next(struct mud_chat_lines *lines,
                         struct mud_chat_line *line, bool *any,
                         struct mud_error *err)
{
    *line = (struct mud_chat_line){0};
    *any = false;
    if (!lines->begun && !begin(lines, err))
        return false;
    mud_arena_reset(lines->arena);
    mud_buf_clear(&lines->line);
    lines->line.over = false;
    line->at.start = lines->at;
    for (bool found = false; !found;) {
        if (lines->to - lines->from < 2 && !fill(lines, err))
            return false;
        if (lines->from == lines->to)
            break;
        size_t n = upto(lines, &found);
        mud_buf_put(&lines->line, lines->chunk + lines->from, n);
        lines->from += n;
        lines->at += n;
        *any = true;
    }
    line->at.end = lines->at;
    line->cut = lines->line.over;
    if (!*any)
        return true;
    if (!decoded(lines, &line->text, err))
        return false;
    while (line->text.n && (line->text.s[line->text.n - 1] == '\n' ||
                            line->text.s[line->text.n - 1] == '\r'))
        line->text.n--;
    return true;
}
