/*
 * Lines of a stream in bounded memory. A line longer than MUD_PIECE_MAX comes
 * in pieces cut between characters; `whole` tells the last piece of a line.
 */
#ifndef MUD_CLI_LINES_H
#define MUD_CLI_LINES_H

#include "base/str.h"

#include <stdio.h>

#define MUD_PIECE_MAX ((size_t)16 << 20)

struct mud_lines { /* {.file = stdin} is ready */
    FILE *file;
    char *room;      /* of MUD_PIECE_MAX bytes, made at the first call */
    size_t kept;     /* bytes at the start of room that the last cut left */
    uint64_t number; /* of the line that text belongs to, from 1 */
    uint64_t at;     /* byte offset of text in the stream */
    uint64_t next_at;
    struct mud_str text; /* without line end; valid until the next call */
    bool whole, inside;
};

/* False at the end (or on a read error: see ferror). */
bool mud_lines_next(struct mud_lines *lines);
void mud_lines_free(struct mud_lines *lines);

#endif
