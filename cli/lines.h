/*
 * Lines of a stream in bounded memory. A line longer than MUD_PIECE_MAX comes
 * in pieces cut between characters; `whole` tells the last piece of a line.
 */
#ifndef MUD_CLI_LINES_H
#define MUD_CLI_LINES_H

#include "base/error.h"
#include "base/str.h"

#define MUD_PIECE_MAX ((size_t)16 << 20)

struct mud_lines { /* {.fd = STDIN_FILENO} is ready */
    int fd;
    int error;   /* errno of a read that failed, else 0 */
    char *room;  /* of MUD_PIECE_MAX bytes, made at the first call */
    size_t from; /* room[from, to) was read and not handed out */
    size_t to;
    size_t looked;   /* no line ends in room[from, looked) */
    bool end;        /* of the stream */
    uint64_t number; /* of the line that text belongs to, from 1 */
    uint64_t at;     /* byte offset of text in the stream */
    uint64_t next_at;
    struct mud_str text; /* without line end; valid until the next call */
    bool whole, inside;
};

/* False at the end, or when a read failed (error). */
bool mud_lines_next(struct mud_lines *lines);
/* False, with what error says. */
bool mud_lines_fail(const struct mud_lines *lines, struct mud_error *err);
/* Is there a next line that needs no waiting? */
bool mud_lines_ready(struct mud_lines *lines);
void mud_lines_free(struct mud_lines *lines);

#endif
