/*
 * What a command prints on stdout. The form is that of --format: text on a
 * terminal, ndjson otherwise. A record is given once, as JSON; for text the
 * command also gives the line or lines that a person reads.
 */
#ifndef MUD_CLI_OUT_H
#define MUD_CLI_OUT_H

#include "cli/command.h"

enum mud_format {
    MUD_FORMAT_TEXT,
    MUD_FORMAT_JSON,
    MUD_FORMAT_NDJSON
};

struct mud_out {
    enum mud_format format;
    bool colour; /* stdout is a terminal and NO_COLOR is not set */
    size_t records;
    bool failed; /* stdout could not be written (a closed pipe, a full disk) */
};

/* Reads --format; MUD_EUSAGE when it is none of text, json, ndjson. */
MUD_MUST bool mud_out_begin(struct mud_out *out, const struct mud_args *args,
                            struct mud_error *err);

/* One record: json for json and ndjson, text (with its line ends) for text. */
void mud_out_record(struct mud_out *out, struct mud_str json,
                    struct mud_str text);

/* Text that belongs to the text form only (headings, sums). */
void mud_out_text(struct mud_out *out, const char *fmt, ...) MUD_PRINTF(2, 3);

/* What was put so far goes out: whoever feeds us line by line sees it. MUD_EIO
 * when output was lost. */
MUD_MUST bool mud_out_flush(struct mud_out *out, struct mud_error *err);

/* Closes the JSON array; MUD_EIO when output was lost. */
MUD_MUST bool mud_out_end(struct mud_out *out, struct mud_error *err);

/* Records of this process, for the audit; -1 when nothing was begun. */
int64_t mud_out_total(void);

/* Escape sequences, empty without colour. */
enum mud_ink {
    MUD_INK_OFF,
    MUD_INK_BOLD,
    MUD_INK_DIM,
    MUD_INK_RED,
    MUD_INK_GREEN,
    MUD_INK_YELLOW,
    MUD_INK_BLUE,
    MUD_INK_MAGENTA,
    MUD_INK_CYAN
};

const char *mud_ink(bool colour, enum mud_ink ink);

/* A colour is wanted on stdout (1) or stderr (2). */
bool mud_wants_colour(int fd);

#endif
