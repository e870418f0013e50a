/*
 * Lines under each other in columns as wide as their widest cell, as a terminal
 * counts: Chinese characters take two columns, marks none.
 */
#ifndef MUD_CLI_TABLE_H
#define MUD_CLI_TABLE_H

#include "cli/out.h"

#define MUD_TABLE_COLUMNS 12

struct mud_table { /* all zero: empty */
    struct mud_table_cell *cells;
    size_t n, cap;
    size_t columns; /* of the first line; the others have as many */
    struct mud_buf text;
};

/* One more cell, in order, line by line; end the first line with _line. A text
 * of strangers is to be made plain before. */
void mud_table_cell(struct mud_table *table, struct mud_str text,
                    enum mud_ink ink);
void mud_table_line(struct mud_table *table);
/* All lines; the last cell of a line is not filled up. right: bit i is set when
 * column i is of numbers. */
void mud_table_put(struct mud_buf *out, const struct mud_table *table,
                   unsigned right, bool colour);
void mud_table_free(struct mud_table *table);

/* Columns of a terminal that text takes. */
size_t mud_text_width(struct mud_str text);

#endif
