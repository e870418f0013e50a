#include "store/copy.h"

#include "base/time.h"
#include "store/conn.h"

#include <stdlib.h>

#define BLOCK      ((size_t)64 << 10)
#define VALUE_MAX  ((size_t)1 << 30) /* PostgreSQL's own: a field under 1 GiB */
#define PG_EPOCH_S INT64_C(946684800) /* 2000-01-01 */

struct mud_copy {
    struct mud_pg *pg;
    struct mud_buf buf;
    struct mud_error err; /* the first failure; rows after it are dropped */
    unsigned left;        /* fields still owed to the row */
    char *sql;            /* for messages */
};

static void put_be(struct mud_copy *copy, uint64_t value, unsigned n)
{
    unsigned char bytes[8];

    for (unsigned i = 0; i < n; i++)
        bytes[i] = (unsigned char)(value >> (8 * (n - 1 - i)));
    mud_buf_put(&copy->buf, bytes, n);
}

/* Keep a failure of our own, with the statement's name. */
static bool spoil(struct mud_copy *copy, enum mud_code code, const char *why,
                  uint64_t n)
{
    char name[64];

    return mud_fail(&copy->err,
                    code,
                    "%s: %s (%llu)",
                    mud_sql_name(name, copy->sql),
                    why,
                    (unsigned long long)n);
}

/* Wait for room in the socket, taking in what the server says. */
static bool room(struct mud_copy *copy, int64_t due)
{
    bool late;

    if (mud_conn_poll(copy->pg, true, due, &late))
        return true;
    if (!late)
        return mud_conn_gone(copy->pg, copy->sql, &copy->err);
    mud_conn_cancel(copy->pg);
    return spoil(copy,
                 MUD_ELIMIT,
                 "not sent within its milliseconds",
                 (uint64_t)copy->pg->deadline_ms);
}

/* Give a block to libpq and see it off: its own buffer would grow without
 * end. False with err empty: the server ended the copy by itself. */
static bool give(struct mud_copy *copy, const char *bytes, size_t n,
                 int64_t due)
{
    struct mud_pg *pg = copy->pg;
    int done;

    while ((done = PQputCopyData(pg->conn, bytes, (int)n)) == 0)
        if (!room(copy, due))
            return false;
    if (done < 0)
        return false;
    while ((done = PQflush(pg->conn)) > 0)
        if (!room(copy, due))
            return false;
    return done == 0 || mud_conn_gone(pg, copy->sql, &copy->err);
}

/* The server ended the copy by itself: its reason is the next result. */
static bool ended(struct mud_copy *copy)
{
    struct mud_pg *pg = copy->pg;

    if (!mud_conn_wait(pg, mud_conn_due(pg), copy->sql, &copy->err))
        return false;
    PGresult *res = PQgetResult(pg->conn);
    if (res && PQresultStatus(res) == PGRES_FATAL_ERROR)
        (void)mud_conn_fail(pg, res, copy->sql, &copy->err);
    PQclear(res);
    if (!copy->err.code)
        return mud_conn_gone(pg, copy->sql, &copy->err);
    mud_conn_drain(pg, mud_conn_due(pg));
    return false;
}

/* Send what is buffered, in pieces. */
static bool flush(struct mud_copy *copy)
{
    struct mud_pg *pg = copy->pg;
    int64_t due = mud_conn_due(pg);
    size_t n;

    if (copy->err.code || !mud_conn_ready(pg, copy->sql, &copy->err))
        return false;
    for (size_t at = 0; at < copy->buf.n; at += n) {
        n = copy->buf.n - at < BLOCK ? copy->buf.n - at : BLOCK;
        if (!give(copy, copy->buf.s + at, n, due))
            return copy->err.code ? false : ended(copy);
    }
    mud_buf_clear(&copy->buf);
    return true;
}

bool mud_copy_begin(struct mud_copy **out, struct mud_pg *pg, const char *sql,
                    struct mud_error *err)
{
    static const char signature[11] = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', '\377', '\r', '\n', '\0'};

    *out = NULL;
    if (!mud_conn_ready(pg, sql, err))
        return false;
    if (!PQsendQuery(pg->conn, sql))
        return mud_conn_gone(pg, sql, err);
    if (!mud_conn_wait(pg, mud_conn_due(pg), sql, err))
        return false;
    PGresult *res = PQgetResult(pg->conn);
    bool ready = PQresultStatus(res) == PGRES_COPY_IN && PQbinaryTuples(res);
    if (!ready) {
        if (res && PQresultStatus(res) == PGRES_FATAL_ERROR)
            (void)mud_conn_fail(pg, res, sql, err);
        PQclear(res);
        if (pg->conn)
            mud_conn_cancel(pg);
        return mud_fail(
            err, MUD_EBUG, "%.60s...: not a binary COPY FROM STDIN", sql);
    }
    PQclear(res);

    struct mud_copy *copy = mud_calloc(1, sizeof(*copy));
    copy->pg = pg;
    copy->buf.max = VALUE_MAX + ((size_t)1 << 20);
    copy->sql = mud_strdup(sql);
    mud_buf_put(&copy->buf, signature, sizeof(signature));
    put_be(copy, 0, 4); /* flags: no oids */
    put_be(copy, 0, 4); /* no header extension */
    *out = copy;
    return true;
}

void mud_copy_row(struct mud_copy *copy, unsigned fields)
{
    if (copy->left)
        (void)spoil(copy, MUD_EBUG, "fields missing in a row", copy->left);
    if (copy->err.code) {
        mud_buf_clear(&copy->buf);
        return;
    }
    if (copy->buf.n >= BLOCK && !flush(copy))
        return;
    copy->left = fields;
    put_be(copy, fields, 2);
}

/* The length in front of each field, -1 for NULL; false when to be dropped. */
static bool field(struct mud_copy *copy, uint32_t length)
{
    if (!copy->left)
        (void)spoil(copy, MUD_EBUG, "too many fields in a row", length);
    if (copy->err.code)
        return false;
    copy->left--;
    put_be(copy, length, 4);
    return true;
}

static void number(struct mud_copy *copy, uint64_t value, unsigned n)
{
    if (field(copy, n))
        put_be(copy, value, n);
}

void mud_copy_null(struct mud_copy *copy)
{
    (void)field(copy, UINT32_MAX);
}

void mud_copy_bool(struct mud_copy *copy, bool value)
{
    number(copy, value, 1);
}

void mud_copy_i16(struct mud_copy *copy, int16_t value)
{
    number(copy, (uint16_t)value, 2);
}

void mud_copy_i32(struct mud_copy *copy, int32_t value)
{
    number(copy, (uint32_t)value, 4);
}

void mud_copy_i64(struct mud_copy *copy, int64_t value)
{
    number(copy, (uint64_t)value, 8);
}

void mud_copy_f32(struct mud_copy *copy, float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof(bits));
    number(copy, bits, 4);
}

void mud_copy_f64(struct mud_copy *copy, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof(bits));
    number(copy, bits, 8);
}

void mud_copy_text(struct mud_copy *copy, struct mud_str value)
{
    if (value.n >= VALUE_MAX) {
        (void)spoil(copy, MUD_ELIMIT, "a value is too large", value.n);
        return;
    }
    if (field(copy, (uint32_t)value.n))
        mud_buf_str(&copy->buf, value);
}

void mud_copy_jsonb(struct mud_copy *copy, struct mud_str json)
{
    if (json.n >= VALUE_MAX) {
        (void)spoil(copy, MUD_ELIMIT, "a value is too large", json.n);
        return;
    }
    if (!field(copy, (uint32_t)json.n + 1))
        return;
    put_be(copy, 1, 1); /* version of the format: text follows */
    mud_buf_str(&copy->buf, json);
}

void mud_copy_id(struct mud_copy *copy, struct mud_id id)
{
    if (mud_id_zero(id))
        mud_copy_null(copy);
    else if (field(copy, sizeof(id.b)))
        mud_buf_put(&copy->buf, id.b, sizeof(id.b));
}

void mud_copy_time(struct mud_copy *copy, int64_t us)
{
    if (!us)
        mud_copy_null(copy);
    else
        mud_copy_i64(copy, us - PG_EPOCH_S * MUD_SECOND);
}

void mud_copy_abort(struct mud_copy *copy)
{
    if (!copy)
        return;
    /* Still in copy mode: the server undoes the rows of this copy. */
    if (copy->pg->conn &&
        PQtransactionStatus(copy->pg->conn) == PQTRANS_ACTIVE) {
        (void)PQputCopyEnd(copy->pg->conn, "given up");
        mud_conn_drain(copy->pg, mud_monotonic() + 10 * MUD_SECOND);
    }
    mud_buf_free(&copy->buf);
    free(copy->sql);
    free(copy);
}

/* The result of the whole copy. */
static bool conclude(struct mud_copy *copy, int64_t *rows)
{
    struct mud_pg *pg = copy->pg;
    int64_t due = mud_conn_due(pg);

    while (PQputCopyEnd(pg->conn, NULL) == 0)
        if (!room(copy, due))
            return false;
    if (!mud_conn_wait(pg, due, copy->sql, &copy->err))
        return false;
    PGresult *res = PQgetResult(pg->conn);
    if (!res)
        return mud_conn_gone(pg, copy->sql, &copy->err);
    struct mud_rows done = {res};
    bool good = PQresultStatus(res) == PGRES_COMMAND_OK;
    if (good && rows)
        *rows = mud_rows_changed(&done);
    if (!good)
        (void)mud_conn_fail(pg, res, copy->sql, &copy->err);
    PQclear(res);
    if (pg->conn)
        mud_conn_drain(pg, due);
    return good;
}

bool mud_copy_end(struct mud_copy *copy, int64_t *rows, struct mud_error *err)
{
    bool good;

    if (rows)
        *rows = 0;
    if (copy->left)
        (void)spoil(copy, MUD_EBUG, "fields missing in a row", copy->left);
    if (copy->buf.over)
        (void)spoil(copy, MUD_ELIMIT, "a row is too large", copy->buf.n);
    put_be(copy, UINT16_MAX, 2); /* trailer: a row of -1 fields */
    good = !copy->err.code && flush(copy) && conclude(copy, rows);
    if (!good)
        (void)mud_fail(err,
                       copy->err.code ? copy->err.code : MUD_EDB,
                       "%s",
                       copy->err.text);
    mud_copy_abort(copy);
    return good;
}
