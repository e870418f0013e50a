/*
 * The rows of a CSV (RFC 4180, as spreadsheets and exporters write it), one at
 * a time; its first row names the columns. Line ends inside quotation marks
 * belong to their field. A quotation that does not end has not swallowed the
 * rows behind it: its lines are rows then, with a note. Internal to parse/.
 */
#ifndef MUD_PARSE_CSV_ROWS_H
#define MUD_PARSE_CSV_ROWS_H

#include "parse/chat.h"

#define MUD_CSV_FIELDS 64 /* of a row; more are left out */

struct mud_csv_row {
    struct mud_str fields[MUD_CSV_FIELDS]; /* clean text in the arena */
    size_t n;
    struct mud_range at;
    const struct mud_csv_row *names; /* the first row */
};

struct mud_csv {
    const struct mud_chat_sink *sink;
    struct mud_arena *arena; /* of one row: emptied before the next */
    bool (*row)(const struct mud_csv_row *row, void *payload,
                struct mud_error *err);
    void *payload;
};

/* Fails when the stream, `row` or the sink does. */
MUD_MUST bool mud_csv_read(const struct mud_csv *csv,
                           const struct mud_chat_in *in, struct mud_error *err);

/* By the column's name; empty when there is none. */
struct mud_str mud_csv_get(const struct mud_csv_row *row, const char *name);

/* Does the first line of head name these columns (NULL-ended)? */
bool mud_csv_names(struct mud_str head, const char *const *columns);

#endif
