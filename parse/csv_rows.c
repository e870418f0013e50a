#include "parse/csv_rows.h"

#include "parse/chat_kit.h"
#include "parse/chat_lines.h"

#include <stdlib.h>

#define RECORD_MAX ((size_t)1 << 20)

struct reader {
    const struct mud_csv *csv;
    struct mud_csv_row names, row;
    struct mud_arena *columns; /* of names */
    bool named;
};

/* The fields of a record (RFC 4180), in the arena. */
static size_t fields_of(struct mud_str *out, struct mud_str record,
                        struct mud_arena *arena)
{
    size_t n = 0, i = 0;
    while (n < MUD_CSV_FIELDS) {
        struct mud_buf field = {.max = RECORD_MAX};
        bool quoted = i < record.n && record.s[i] == '"';
        for (i += quoted; i < record.n; i++) {
            char c = record.s[i];
            if (quoted && c == '"') {
                if (i + 1 >= record.n || record.s[i + 1] != '"') {
                    quoted = false;
                    continue;
                }
                i++;
            } else if (!quoted && c == ',') {
                break;
            }
            mud_buf_c(&field, c);
        }
        out[n++] = mud_str_dup(mud_buf_view(&field), arena);
        mud_buf_free(&field);
        if (i >= record.n)
            break;
        i++;
    }
    return n;
}

static bool record(struct reader *r, struct mud_str text, struct mud_range at,
                   struct mud_error *err)
{
    if (!r->named) {
        r->named = true;
        r->names.n = fields_of(r->names.fields, text, r->columns);
        return true;
    }
    mud_arena_reset(r->csv->arena);
    r->row.n = fields_of(r->row.fields, text, r->csv->arena);
    r->row.at = at;
    r->row.names = &r->names;
    return r->csv->row(&r->row, r->csv->payload, err);
}

/* A row under way, and the lines it is made of. */
struct row {
    struct mud_buf text;

    struct row_line {
        size_t end; /* in text */
        struct mud_range at;
    } * lines;

    size_t n, cap;
    bool open; /* inside a quotation */
};

/* Is a quotation open at the end of the line? open: at its beginning. A
 * quotation mark inside a bare field is text. */
static bool open_after(struct mud_str line, bool open)
{
    bool begins = !open; /* a field */
    for (size_t i = 0; i < line.n; i++) {
        char c = line.s[i];
        if (open && c == '"' && i + 1 < line.n && line.s[i + 1] == '"')
            i++;
        else if (c == '"' && (open || begins))
            open = !open;
        begins = !open && c == ',';
    }
    return open;
}

static void row_add(struct row *row, const struct mud_chat_line *line)
{
    if (row->n)
        mud_buf_c(&row->text, '\n');
    mud_buf_str(&row->text, line->text);
    row->lines =
        mud_grow(row->lines, &row->cap, row->n + 1, sizeof(*row->lines));
    row->lines[row->n++] = (struct row_line){row->text.n, line->at};
    row->open = open_after(line->text, row->open);
}

/* A quotation that does not end has not swallowed the rows behind it: each
 * line is a row then. */
static bool row_apart(struct reader *r, const struct row *row,
                      struct mud_error *err)
{
    struct mud_str text = mud_buf_view(&row->text);
    size_t from = 0;
    if (!mud_chat_note(r->csv->sink,
                       "warning",
                       "open-quotation",
                       row->lines[0].at.start,
                       MUD_STR("a row's quotation does not end: its lines are "
                               "read as rows"),
                       err))
        return false;
    for (size_t i = 0; i < row->n; i++) {
        struct mud_str line = mud_str_sub(text, from, row->lines[i].end);
        from = row->lines[i].end + 1;
        bool ok = open_after(line, false)
                      ? mud_chat_note(r->csv->sink,
                                      "warning",
                                      "broken-row",
                                      row->lines[i].at.start,
                                      MUD_STR("a row is set aside"),
                                      err)
                      : !line.n || record(r, line, row->lines[i].at, err);
        if (!ok)
            return false;
    }
    return true;
}

static bool row_end(struct reader *r, struct row *row, struct mud_error *err)
{
    bool ok = true;
    if (row->n && (row->open || row->text.over))
        ok = row_apart(r, row, err);
    else if (row->text.n)
        ok = record(r,
                    mud_buf_view(&row->text),
                    (struct mud_range){row->lines[0].at.start,
                                       row->lines[row->n - 1].at.end},
                    err);
    mud_buf_clear(&row->text);
    row->text.over = row->open = false;
    row->n = 0;
    return ok;
}

static bool csv_lines(struct reader *r, struct mud_chat_lines *lines,
                      struct row *row, struct mud_error *err)
{
    struct mud_chat_line line;
    bool any = true, ok = true;
    while (ok && any) {
        ok = mud_chat_lines_next(lines, &line, &any, err);
        if (!ok || !any)
            break;
        row_add(row, &line);
        if (!row->open || row->text.over)
            ok = row_end(r, row, err);
    }
    return ok && row_end(r, row, err);
}

bool mud_csv_read(const struct mud_csv *csv, const struct mud_chat_in *in,
                  struct mud_error *err)
{
    struct reader *r = mud_calloc(1, sizeof(*r));
    struct row row = {.text = {.max = RECORD_MAX}};
    struct mud_chat_lines *lines = mud_chat_lines_new(in);
    r->csv = csv;
    r->columns = mud_arena_new();
    bool ok = csv_lines(r, lines, &row, err);
    mud_chat_lines_free(lines);
    mud_buf_free(&row.text);
    free(row.lines);
    mud_arena_free(r->columns);
    free(r);
    return ok;
}

struct mud_str mud_csv_get(const struct mud_csv_row *row, const char *name)
{
    for (size_t i = 0; i < row->names->n && i < row->n; i++)
        if (mud_str_eqz(row->names->fields[i], name))
            return row->fields[i];
    return (struct mud_str){0};
}

static struct mud_str unquoted(struct mud_str s)
{
    s = mud_str_trim(s);
    return s.n > 1 && s.s[0] == '"' && s.s[s.n - 1] == '"'
               ? mud_str_sub(s, 1, s.n - 1)
               : s;
}

bool mud_csv_names(struct mud_str head, const char *const *columns)
{
    struct mud_str line = {0}, rest, one;
    if (mud_str_starts(head, MUD_STR("\xef\xbb\xbf")))
        head = mud_str_sub(head, 3, head.n);
    (void)mud_str_line(&head, &line);
    for (const char *const *column = columns; *column; column++) {
        bool found = false;
        rest = line;
        while (!found && mud_str_cut(&rest, ',', &one))
            found = mud_str_eqz(unquoted(one), *column);
        if (!found)
            return false;
    }
    return line.n > 0;
}
