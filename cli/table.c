#include "cli/table.h"

#include "base/utf8.h"

#include <stdlib.h>

struct mud_table_cell {
    size_t at, n; /* in text */
    enum mud_ink ink;
};

/* Unicode 15, EastAsianWidth W and F in rows, and what takes no column. */
static size_t width_of(uint32_t c)
{
    static const struct {
        uint32_t from, to;
        size_t width;
    } rows[] = {
        {0x0300, 0x036f, 0},
        {0x1100, 0x115f, 2},
        {0x200b, 0x200f, 0},
        {0x2e80, 0x303e, 2},
        {0x3041, 0xa4cf, 2},
        {0xac00, 0xd7a3, 2},
        {0xf900, 0xfaff, 2},
        {0xfe00, 0xfe0f, 0},
        {0xfe30, 0xfe6f, 2},
        {0xff00, 0xff60, 2},
        {0xffe0, 0xffe6, 2},
        {0x1f300, 0x1f64f, 2},
        {0x1f900, 0x1f9ff, 2},
        {0x20000, 0x3fffd, 2},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (c >= rows[i].from && c <= rows[i].to)
            return rows[i].width;
    }
    return 1;
}

size_t mud_text_width(struct mud_str text)
{
    size_t width = 0;

    for (size_t at = 0; at < text.n;)
        width += width_of(mud_utf8_next(text, &at));
    return width;
}

void mud_table_cell(struct mud_table *table, struct mud_str text,
                    enum mud_ink ink)
{
    table->cells =
        mud_grow(table->cells, &table->cap, table->n, sizeof *table->cells);
    table->cells[table->n++] =
        (struct mud_table_cell){table->text.n, text.n, ink};
    mud_buf_str(&table->text, text);
}

void mud_table_line(struct mud_table *table)
{
    if (!table->columns)
        table->columns = table->n;
}

static struct mud_str text_of(const struct mud_table *table, size_t i)
{
    struct mud_str all = mud_buf_view(&table->text);

    return mud_str_sub(
        all, table->cells[i].at, table->cells[i].at + table->cells[i].n);
}

static void fill(struct mud_buf *out, size_t n)
{
    while (n--)
        mud_buf_c(out, ' ');
}

void mud_table_put(struct mud_buf *out, const struct mud_table *table,
                   unsigned right, bool colour)
{
    size_t wide[MUD_TABLE_COLUMNS] = {0}, columns = table->columns;

    for (size_t i = 0; columns && i < table->n; i++) {
        size_t width = mud_text_width(text_of(table, i));
        if (width > wide[i % columns])
            wide[i % columns] = width;
    }
    for (size_t i = 0; columns && i < table->n; i++) {
        size_t column = i % columns;
        struct mud_str text = text_of(table, i);
        size_t room = wide[column] - mud_text_width(text);
        bool last = column + 1 == columns;

        if (right >> column & 1)
            fill(out, room);
        if (text.n) {
            mud_buf_z(out, mud_ink(colour, table->cells[i].ink));
            mud_buf_str(out, text);
            if (table->cells[i].ink != MUD_INK_OFF)
                mud_buf_z(out, mud_ink(colour, MUD_INK_OFF));
        }
        if (!(right >> column & 1) && !last)
            fill(out, room);
        if (last)
            mud_buf_c(out, '\n');
        else
            mud_buf_z(out, "  ");
    }
}

void mud_table_free(struct mud_table *table)
{
    free(table->cells);
    mud_buf_free(&table->text);
    *table = (struct mud_table){0};
}
