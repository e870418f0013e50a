/*
 * The JSON form of what parsing gives: one object a line, "schema":1, as
 * `mudlark parse` prints it and other tools read it; also what a parse worker
 * sends back. Types: page, thread, post, note. What is not known is null,
 * times are RFC 3339 in UTC.
 */
#ifndef MUD_PARSE_RECORD_H
#define MUD_PARSE_RECORD_H

#include "parse/post.h"

/* One line with its "\n". capture names the evidence, or is empty. */
void mud_record_post(struct mud_buf *out, const struct mud_post *post,
                     struct mud_str capture);

/* where: url or file that the note is about; may be empty. */
void mud_record_note(struct mud_buf *out, const struct mud_note *note,
                     struct mud_str where);

/* A page line, then its threads, posts and notes. */
void mud_record_parsed(struct mud_buf *out, const struct mud_parsed *parsed,
                       struct mud_str capture);

/* The type of a line, or empty when it is no record. */
struct mud_str mud_record_type(struct mud_str line, struct mud_arena *arena);

/* Back again. MUD_EINPUT names the line's fault. Unknown fields pass. */
MUD_MUST bool mud_record_read_post(struct mud_post *out, struct mud_str line,
                                   struct mud_arena *arena,
                                   struct mud_error *err);
MUD_MUST bool mud_record_read_parsed(struct mud_parsed *out,
                                     struct mud_str lines,
                                     struct mud_arena *arena,
                                     struct mud_error *err);

#endif
