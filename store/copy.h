/*
 * Binary COPY into a table: begin, then for each row mud_copy_row and its
 * fields in column order, then end. Rows are built by hand into one buffer and
 * sent in blocks. A failed copy leaves the connection usable after rollback.
 * The first failure (server, connection, deadline, wrong number of fields) is
 * kept, later rows are dropped, and mud_copy_end reports it. Copy in a
 * transaction or not, no row of a failed copy stays.
 * Format: PostgreSQL manual, COPY, "Binary Format".
 */
#ifndef MUD_STORE_COPY_H
#define MUD_STORE_COPY_H

#include "store/pg.h"

struct mud_copy;

/* sql: "COPY t (a, b) FROM STDIN (FORMAT binary)" */
MUD_MUST bool mud_copy_begin(struct mud_copy **out, struct mud_pg *pg,
                             const char *sql, struct mud_error *err);
void mud_copy_row(struct mud_copy *copy, unsigned fields);
void mud_copy_null(struct mud_copy *copy);
void mud_copy_bool(struct mud_copy *copy, bool value);
void mud_copy_i16(struct mud_copy *copy, int16_t value);
void mud_copy_i32(struct mud_copy *copy, int32_t value);
void mud_copy_i64(struct mud_copy *copy, int64_t value);
void mud_copy_f32(struct mud_copy *copy, float value);
void mud_copy_f64(struct mud_copy *copy, double value);
void mud_copy_text(
    struct mud_copy *copy,
    struct mud_str value); /* also bytea, json (not jsonb); never NULL */
void mud_copy_jsonb(struct mud_copy *copy, struct mud_str json);
void mud_copy_id(struct mud_copy *copy,
                 struct mud_id id); /* uuid; all zero: NULL */
void mud_copy_time(struct mud_copy *copy,
                   int64_t us); /* timestamptz; 0: NULL */
/* Sends the rest and ends; frees copy in every case. *rows may be NULL. */
MUD_MUST bool mud_copy_end(struct mud_copy *copy, int64_t *rows,
                           struct mud_error *err);
void mud_copy_abort(
    struct mud_copy *copy); /* gives up and frees; NULL is fine */

#endif
