/*
 * One connection to Postgres. Statements are sent without blocking and waited
 * for with a deadline; past it the statement is cancelled. Values go in as $1.
 * Arguments and results are in text format ('\x..' for bytea); bulk data goes
 * in by binary COPY (store/copy.h). Not for use by two threads at once.
 *
 * Statement texts live in schema/query/NAME.sql and are found by mud_sql.
 */
#ifndef MUD_STORE_PG_H
#define MUD_STORE_PG_H

#include "base/hash.h"
#include "base/str.h"

struct mud_pg;
struct mud_rows; /* a result set; owns its memory */

/* dsn: libpq connection string or URI. MUD_EDB names host and reason, never
 * the password. Sets client_encoding UTF8, time zone UTC, search_path mud. */
MUD_MUST bool mud_pg_open(struct mud_pg **out, const char *dsn,
                          struct mud_error *err);
void mud_pg_close(struct mud_pg *pg); /* NULL is fine */

/* Who is logged in. Valid until the connection is closed. */
const char *mud_pg_user(const struct mud_pg *pg);

/* dsn with another user and without a password: a connection string in
 * out[size]. MUD_EUSAGE: it is none, or too long. */
MUD_MUST bool mud_pg_dsn_as(char *out, size_t size, const char *dsn,
                            const char *user, struct mud_error *err);

/* Milliseconds for each later statement; 0 is no limit. Default 60,000. Past
 * them: MUD_ELIMIT; in a transaction only rollback is possible then. */
void mud_pg_deadline(struct mud_pg *pg, int64_t ms);

/* The text of schema/query/NAME.sql; aborts when there is no such file. */
const char *mud_sql(const char *name);

/* A SQL NULL among arguments: a str whose s is NULL. */
#define MUD_SQL_NULL ((struct mud_str){0})

/*
 * Run one statement. out may be NULL when no rows are wanted; else free it
 * with mud_rows_free. MUD_EDB carries SQLSTATE and the server's message;
 * MUD_EAGAIN when the connection is gone (it was closed: open a new one) or on
 * serialization failure, deadlock and lock timeout. MUD_EINPUT: an argument
 * has a NUL byte, which Postgres cannot hold.
 */
MUD_MUST bool mud_pg_query(struct mud_rows **out, struct mud_pg *pg,
                           const char *sql, const struct mud_str *args,
                           size_t n_args, struct mud_error *err);

/* Several statements without arguments or results (migrations, begin...). */
MUD_MUST bool mud_pg_exec(struct mud_pg *pg, const char *sql,
                          struct mud_error *err);

MUD_MUST bool mud_pg_begin(struct mud_pg *pg, struct mud_error *err);
/* MUD_EAGAIN: the connection was lost meanwhile and nobody can say whether it
 * was committed; what is done again must find out or be idempotent. */
MUD_MUST bool mud_pg_commit(struct mud_pg *pg, struct mud_error *err);
void mud_pg_rollback(struct mud_pg *pg); /* best effort, never fails */

/* SQLSTATE of the last failed statement ("23505"), or "". */
const char *mud_pg_sqlstate(const struct mud_pg *pg);

size_t mud_rows_count(const struct mud_rows *rows);
/* A view into rows; empty (s NULL) for SQL NULL. */
struct mud_str mud_rows_get(const struct mud_rows *rows, size_t row,
                            size_t column);
bool mud_rows_null(const struct mud_rows *rows, size_t row, size_t column);
int64_t mud_rows_int(const struct mud_rows *rows, size_t row,
                     size_t column); /* 0 if NULL */
double mud_rows_double(const struct mud_rows *rows, size_t row, size_t column);
bool mud_rows_bool(const struct mud_rows *rows, size_t row, size_t column);
struct mud_id mud_rows_id(const struct mud_rows *rows, size_t row,
                          size_t column);
/* timestamptz as us since 1970 UTC; 0 if NULL or infinite. */
int64_t mud_rows_time(const struct mud_rows *rows, size_t row, size_t column);
/* bytea into out (exactly n bytes); false if NULL or another length. */
bool mud_rows_bytes(const struct mud_rows *rows, size_t row, size_t column,
                    uint8_t *out, size_t n);
/* Rows that the statement inserted, updated or deleted. */
int64_t mud_rows_changed(const struct mud_rows *rows);
void mud_rows_free(struct mud_rows *rows); /* NULL is fine */

/*
 * For large results: rows come one chunk at a time (single-row mode) and each
 * goes to `row` as a one-row result valid during the call; false stops, and
 * mud_pg_each then returns false with whatever row put into err (or nothing).
 * The deadline is for each wait on the server, not for the whole.
 */
MUD_MUST bool mud_pg_each(struct mud_pg *pg, const char *sql,
                          const struct mud_str *args, size_t n_args,
                          bool (*row)(const struct mud_rows *one, void *payload,
                                      struct mud_error *err),
                          void *payload, struct mud_error *err);

/* LISTEN and wait: true when a notification came or ms passed (*got says). */
MUD_MUST bool mud_pg_listen(struct mud_pg *pg, const char *channel,
                            struct mud_error *err);
MUD_MUST bool mud_pg_wait(struct mud_pg *pg, int64_t ms, bool *got,
                          struct mud_error *err);

#endif
