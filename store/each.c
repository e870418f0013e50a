#include "base/time.h"
#include "store/conn.h"

#include <stdio.h>
#include <stdlib.h>

/* Hand over one row. The callback may fail or stop; both end the statement. */
static bool hand(struct mud_pg *pg, PGresult *res,
                 bool (*row)(const struct mud_rows *one, void *payload,
                             struct mud_error *err),
                 void *payload, struct mud_error *err)
{
    struct mud_rows one = {res};
    bool go = row(&one, payload, err);

    PQclear(res);
    if (!go)
        mud_conn_cancel(pg);
    return go;
}

/* NOLINTNEXTLINE(readability-function-size): the contract of the header */
bool mud_pg_each(struct mud_pg *pg, const char *sql, const struct mud_str *args,
                 size_t n_args,
                 bool (*row)(const struct mud_rows *one, void *payload,
                             struct mud_error *err),
                 void *payload, struct mud_error *err)
{
    bool good = true;

    if (!mud_conn_send(pg, sql, args, n_args, err))
        return false;
    if (!PQsetSingleRowMode(pg->conn))
        return mud_conn_gone(pg, sql, err);
    for (;;) {
        /* The deadline is for the server's silence: rows reset it. */
        if (!mud_conn_wait(pg, mud_conn_due(pg), sql, good ? err : NULL))
            return false;
        PGresult *res = PQgetResult(pg->conn);
        if (!res)
            return good;
        ExecStatusType status = PQresultStatus(res);
        if (status == PGRES_SINGLE_TUPLE) {
            if (!hand(pg, res, row, payload, err))
                return false;
            continue;
        }
        if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
            if (good)
                (void)mud_conn_fail(pg, res, sql, err);
            good = false;
        }
        PQclear(res);
        if (!pg->conn)
            return false;
    }
}

bool mud_pg_listen(struct mud_pg *pg, const char *channel,
                   struct mud_error *err)
{
    char sql[160];

    if (!mud_conn_ready(pg, "LISTEN", err))
        return false;
    char *name = PQescapeIdentifier(pg->conn, channel, strlen(channel));
    if (!name)
        return mud_fail(err, MUD_EINPUT, "listen: bad channel name");
    int n = snprintf(sql, sizeof(sql), "LISTEN %s", name);
    PQfreemem(name);
    if (n < 0 || (size_t)n >= sizeof(sql))
        return mud_fail(err, MUD_EINPUT, "listen: channel name too long");
    return mud_pg_exec(pg, sql, err);
}

bool mud_pg_wait(struct mud_pg *pg, int64_t ms, bool *got,
                 struct mud_error *err)
{
    int64_t due = mud_monotonic() + ms * 1000;
    PGnotify *note;
    bool late;

    *got = false;
    if (!mud_conn_ready(pg, "wait", err))
        return false;
    for (;;) {
        while ((note = PQnotifies(pg->conn))) {
            PQfreemem(note);
            *got = true;
        }
        if (*got)
            return true;
        if (!mud_conn_poll(pg, false, due, &late))
            return late || mud_conn_gone(pg, "wait", err);
        /* An end of file is seen by a read that finds nothing more. */
        if (PQstatus(pg->conn) == CONNECTION_BAD)
            return mud_conn_gone(pg, "wait", err);
    }
}
