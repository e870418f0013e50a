/*
 * The extract record of the command line (design, section 4): one line of JSON
 * in, one out. Offsets in it are half open and count Unicode code points of
 * the field that an entity stands in.
 */
#ifndef MUD_NLP_RECORD_H
#define MUD_NLP_RECORD_H

#include "nlp/reading.h"

#define MUD_LINE_MAX ((size_t)16 << 20) /* bytes of one input line */

/*
 * Read one input object: `id` and `text`, or `post` and `body` as parse prints
 * them, with title, author, author_id, signature, links, buttons, attachments,
 * thread, reply_to, lang and posted_at if there. An attachment is its text, or
 * an object with "text"; a file's name or address says nothing, and in a post as
 * parse prints it strings are names. *skip is set for an object
 * whose `type` is not "post". Text is clean UTF-8 in arena. Fails with
 * MUD_EINPUT when the line is no JSON object or has neither text nor body, and
 * with MUD_ELIMIT above MUD_LINE_MAX.
 */
MUD_MUST bool mud_message_read(struct mud_message *out, bool *skip,
                               struct mud_str line, struct mud_arena *arena,
                               struct mud_error *err);

/*
 * Append the record of a reading to out, without a line end. Beside the fields
 * of the contract it holds "contact_by" where whoever trades names ways that
 * are no address: private_message username profile signature qr pinned comment
 * button. They lead through the post's author.
 */
void mud_record_write(struct mud_buf *out, const struct mud_reader *reader,
                      const struct mud_message *message,
                      const struct mud_reading *reading, bool explain,
                      struct mud_arena *arena);

/*
 * Both and mud_read between them: append one output line with its line end,
 * or nothing when the object is skipped.
 */
MUD_MUST bool mud_extract_line(struct mud_buf *out,
                               const struct mud_reader *reader,
                               struct mud_context *context, struct mud_str line,
                               bool explain, struct mud_arena *arena,
                               struct mud_error *err);

/* A marked stretch of the text, for terminals: by start, no overlap. */
struct mud_marked {
    struct mud_span at; /* raw bytes of the text */
    uint8_t type;       /* enum mud_entity_type */
    uint32_t entity;    /* index in the reading */
};

/* Marks of one field; of overlapping entities the longest is shown. */
size_t mud_marks_of(struct mud_marked **out, const struct mud_reading *reading,
                    enum mud_field field, uint16_t field_index,
                    struct mud_arena *arena);

#endif
