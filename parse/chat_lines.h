/*
 * An export of lines as a stream of clean UTF-8: the charset is told by the
 * first bytes (byte order mark, valid UTF-8, else a guess between those that
 * Chinese programs write), each line knows its bytes in the file. For exports
 * in UTF-8 and all charsets in which "\n" is a byte of its own; UTF-16 is
 * turned as well. Memory: one line and one chunk.
 */
#ifndef MUD_PARSE_CHAT_LINES_H
#define MUD_PARSE_CHAT_LINES_H

#include "parse/chat.h"

#define MUD_CHAT_LINE_MAX ((size_t)1 << 20) /* bytes; longer ones are cut */

struct mud_chat_line {
    struct mud_str text; /* without its end; until the next line is asked for */
    struct mud_range at; /* with its end */
    bool cut;
};

struct mud_chat_lines;
struct mud_chat_lines *mud_chat_lines_new(const struct mud_chat_in *in);
void mud_chat_lines_free(struct mud_chat_lines *lines);

/* *any false: no more. Fails when the stream does. */
MUD_MUST bool mud_chat_lines_next(struct mud_chat_lines *lines,
                                  struct mud_chat_line *line, bool *any,
                                  struct mud_error *err);

/* What the lines were read as, after the first: "utf-8", "gb18030"... */
const char *mud_chat_lines_charset(const struct mud_chat_lines *lines);

#endif
