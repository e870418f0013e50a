/*
 * Inside of store only: the connection itself and how it is waited for. All
 * libpq calls are non-blocking; these functions hold the poll loops.
 */
#ifndef MUD_STORE_CONN_H
#define MUD_STORE_CONN_H

#include "store/pg.h"

#include <libpq-fe.h>

struct mud_pg {
    PGconn *conn; /* NULL once the server went away */
    int64_t deadline_ms;
    char sqlstate[6];
    size_t
        position; /* of the last error in its text, characters from 1; or 0 */
};

struct mud_rows {
    PGresult *res;
};

/* us on the monotonic clock at which a statement begun now is late; 0: never */
int64_t mud_conn_due(const struct mud_pg *pg);

/* False with MUD_EAGAIN when the server went away earlier. */
MUD_MUST bool mud_conn_ready(struct mud_pg *pg, const char *sql,
                             struct mud_error *err);

/*
 * Send what is queued and read until a result can be taken without blocking.
 * At `due` the statement is cancelled and its rest drained, MUD_ELIMIT. When
 * the server is gone the connection is closed, MUD_EAGAIN.
 */
MUD_MUST bool mud_conn_wait(struct mud_pg *pg, int64_t due, const char *sql,
                            struct mud_error *err);

/* Wait once until the socket can be read (or written, if asked for), or due.
 * False on a broken connection or past due: see *late. */
MUD_MUST bool mud_conn_poll(struct mud_pg *pg, bool writing, int64_t due,
                            bool *late);

/* Stop the running statement and throw away what it sends. */
void mud_conn_cancel(struct mud_pg *pg);

/* Take and free all results up to the end of the statement. */
void mud_conn_drain(struct mud_pg *pg, int64_t due);

/* The connection broke: close it, MUD_EAGAIN with libpq's reason. */
bool mud_conn_gone(struct mud_pg *pg, const char *sql, struct mud_error *err);

/* A failed result as error, with SQLSTATE and the statement's name. */
bool mud_conn_fail(struct mud_pg *pg, const PGresult *res, const char *sql,
                   struct mud_error *err);

/* Send one statement with its arguments. */
MUD_MUST bool mud_conn_send(struct mud_pg *pg, const char *sql,
                            const struct mud_str *args, size_t n_args,
                            struct mud_error *err);

/* A result set that owns res. */
struct mud_rows *mud_rows_of(PGresult *res);

/* A short name of sql in out: its file's, or its first words. */
const char *mud_sql_name(char out[64], const char *sql);

#endif
