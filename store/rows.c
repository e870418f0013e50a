#include "base/time.h"
#include "store/conn.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>

struct mud_rows *mud_rows_of(PGresult *res)
{
    struct mud_rows *rows = mud_malloc(sizeof(*rows));

    rows->res = res;
    return rows;
}

void mud_rows_free(struct mud_rows *rows)
{
    if (!rows)
        return;
    PQclear(rows->res);
    free(rows);
}

size_t mud_rows_count(const struct mud_rows *rows)
{
    return (size_t)PQntuples(rows->res);
}

bool mud_rows_null(const struct mud_rows *rows, size_t row, size_t column)
{
    return PQgetisnull(rows->res, (int)row, (int)column);
}

struct mud_str mud_rows_get(const struct mud_rows *rows, size_t row,
                            size_t column)
{
    if (mud_rows_null(rows, row, column))
        return MUD_SQL_NULL;
    return mud_str_of(PQgetvalue(rows->res, (int)row, (int)column),
                      (size_t)PQgetlength(rows->res, (int)row, (int)column));
}

int64_t mud_rows_int(const struct mud_rows *rows, size_t row, size_t column)
{
    int64_t value = 0;

    return mud_str_i64(mud_rows_get(rows, row, column), &value) ? value : 0;
}

double mud_rows_double(const struct mud_rows *rows, size_t row, size_t column)
{
    struct mud_str text = mud_rows_get(rows, row, column);

    if (!text.s)
        return 0;
    /* The server writes a point, whatever LC_NUMERIC is here. */
    locale_t c = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    if (!c)
        mud_out_of_memory();
    double value = strtod_l(text.s, NULL, c);
    freelocale(c);
    return value;
}

bool mud_rows_bool(const struct mud_rows *rows, size_t row, size_t column)
{
    return mud_str_eqz(mud_rows_get(rows, row, column), "t");
}

struct mud_id mud_rows_id(const struct mud_rows *rows, size_t row,
                          size_t column)
{
    struct mud_id id = {0};

    if (!mud_id_parse(mud_rows_get(rows, row, column), &id))
        return (struct mud_id){0};
    return id;
}

/* One number of exactly n digits at *at, then the character `then` if any. */
static bool digits(struct mud_str s, size_t *at, size_t n, char then, int *out)
{
    if (*at + n > s.n)
        return false;
    for (*out = 0; n; n--, ++*at) {
        if (s.s[*at] < '0' || s.s[*at] > '9')
            return false;
        *out = *out * 10 + (s.s[*at] - '0');
    }
    if (!then)
        return true;
    return *at < s.n && s.s[(*at)++] == then;
}

/* "2026-11-24 05:31:38.25+00": DateStyle ISO, TimeZone UTC. */
int64_t mud_rows_time(const struct mud_rows *rows, size_t row, size_t column)
{
    struct mud_str s = mud_rows_get(rows, row, column);
    struct mud_civil c = {0};
    size_t at = 0;
    int64_t us = 0;

    if (!digits(s, &at, 4, '-', &c.year) || !digits(s, &at, 2, '-', &c.month) ||
        !digits(s, &at, 2, ' ', &c.day) || !digits(s, &at, 2, ':', &c.hour) ||
        !digits(s, &at, 2, ':', &c.minute) || !digits(s, &at, 2, 0, &c.second))
        return 0;
    if (at < s.n && s.s[at] == '.') {
        int64_t unit = MUD_SECOND / 10;

        for (at++; at < s.n && s.s[at] >= '0' && s.s[at] <= '9'; at++) {
            us += (s.s[at] - '0') * unit;
            unit /= 10;
        }
    }
    return mud_civil_to_unix(&c) * MUD_SECOND + us;
}

bool mud_rows_bytes(const struct mud_rows *rows, size_t row, size_t column,
                    uint8_t *out, size_t n)
{
    struct mud_str s = mud_rows_get(rows, row, column);

    if (!mud_str_starts(s, MUD_STR("\\x")) || s.n != 2 + 2 * n)
        return false;
    return mud_unhex(mud_str_sub(s, 2, s.n), out, n);
}

int64_t mud_rows_changed(const struct mud_rows *rows)
{
    int64_t n = 0;

    return mud_str_i64(mud_str_z(PQcmdTuples(rows->res)), &n) ? n : 0;
}
