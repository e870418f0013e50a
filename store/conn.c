#include "store/conn.h"

#include "base/time.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#define CANCEL_WAIT_MS 5000

int64_t mud_conn_due(const struct mud_pg *pg)
{
    return pg->deadline_ms ? mud_monotonic() + pg->deadline_ms * 1000 : 0;
}

/* libpq's message without its line ends, so that an error stays one line. */
static const char *one_line(char *out, size_t size, const char *text)
{
    size_t n = 0;

    for (; *text && n + 1 < size; text++) {
        if (*text != '\n' && *text != '\t')
            out[n++] = *text;
        else if (n && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    while (n && (out[n - 1] == ' ' || out[n - 1] == '.'))
        n--;
    out[n] = 0;
    return out;
}

bool mud_conn_ready(struct mud_pg *pg, const char *sql, struct mud_error *err)
{
    char name[64];

    pg->sqlstate[0] = 0;
    pg->position = 0;
    if (pg->conn)
        return true;
    return mud_fail(err,
                    MUD_EAGAIN,
                    "%s: the connection to postgres is closed",
                    mud_sql_name(name, sql));
}

bool mud_conn_gone(struct mud_pg *pg, const char *sql, struct mud_error *err)
{
    char name[64], why[256];

    one_line(why, sizeof(why), pg->conn ? PQerrorMessage(pg->conn) : "closed");
    PQfinish(pg->conn);
    pg->conn = NULL;
    return mud_fail(err,
                    MUD_EAGAIN,
                    "%s: postgres went away: %s",
                    mud_sql_name(name, sql),
                    why[0] ? why : "no answer");
}

/* Classes that pass by themselves: try the same again on a new transaction. */
static enum mud_code code_of(const char *state)
{
    static const char *const again[] = {
        "40001", /* serialization failure */
        "40P01", /* deadlock */
        "55P03", /* lock not available */
        "57P01", /* admin shutdown */
        "57P02", /* crash shutdown */
        "57P03", /* cannot connect now */
        "57P05", /* idle session timeout */
        "25P03", /* idle in transaction timeout */
        "53300", /* too many connections */
    };

    for (size_t i = 0; i < sizeof(again) / sizeof(again[0]); i++)
        if (!strcmp(state, again[i]))
            return MUD_EAGAIN;
    return MUD_EDB;
}

bool mud_conn_fail(struct mud_pg *pg, const PGresult *res, const char *sql,
                   struct mud_error *err)
{
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    const char *said = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = PQresultErrorField(res, PG_DIAG_MESSAGE_DETAIL);
    const char *at = PQresultErrorField(res, PG_DIAG_STATEMENT_POSITION);
    char name[64], text[256], more[160];

    if (!state && PQstatus(pg->conn) == CONNECTION_BAD)
        return mud_conn_gone(pg, sql, err);

    memcpy(pg->sqlstate, state && strlen(state) == 5 ? state : "XX000", 6);
    pg->position = at ? strtoul(at, NULL, 10) : 0;
    one_line(text, sizeof(text), said ? said : PQresultErrorMessage(res));
    one_line(more, sizeof(more), detail ? detail : "");
    return mud_fail(err,
                    code_of(pg->sqlstate),
                    "%s: %s (%s)%s%s",
                    mud_sql_name(name, sql),
                    text,
                    pg->sqlstate,
                    more[0] ? ": " : "",
                    more);
}

bool mud_conn_poll(struct mud_pg *pg, bool writing, int64_t due, bool *late)
{
    struct pollfd p = {.fd = PQsocket(pg->conn), .events = POLLIN};

    *late = false;
    if (writing)
        p.events |= POLLOUT;
    for (;;) {
        int64_t left = due ? (due - mud_monotonic() + 999) / 1000 : -1;

        if (due && left <= 0) {
            *late = true;
            return false;
        }
        if (left > INT32_MAX)
            left = INT32_MAX;
        int n = poll(&p, 1, (int)left);
        if (n > 0)
            break;
        if (n < 0 && errno != EINTR)
            return false;
    }
    /* Errors of the socket are found, and named, by the read. */
    return !(p.revents & (POLLIN | POLLERR | POLLHUP)) ||
           PQconsumeInput(pg->conn);
}

/* Until a result is there. False: late or broken. */
static bool settle(struct mud_pg *pg, int64_t due, bool *late)
{
    *late = false;
    for (;;) {
        int queued = PQflush(pg->conn);

        if (queued < 0)
            return false;
        if (!queued && !PQisBusy(pg->conn))
            return true;
        if (!mud_conn_poll(pg, queued > 0, due, late))
            return false;
    }
}

void mud_conn_drain(struct mud_pg *pg, int64_t due)
{
    bool late;

    while (pg->conn && settle(pg, due, &late)) {
        PGresult *res = PQgetResult(pg->conn);
        ExecStatusType status = PQresultStatus(res);

        PQclear(res);
        if (!res)
            return;
        if (status == PGRES_COPY_IN)
            (void)PQputCopyEnd(pg->conn, "given up");
        if (status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH)
            break;
    }
    /* It does not answer even a cancel: a new connection is the only way. */
    PQfinish(pg->conn);
    pg->conn = NULL;
}

void mud_conn_cancel(struct mud_pg *pg)
{
    char why[256];
    PGcancel *cancel = pg->conn ? PQgetCancel(pg->conn) : NULL;

    if (!cancel)
        return;
    (void)PQcancel(cancel, why, sizeof(why));
    PQfreeCancel(cancel);
    mud_conn_drain(pg, mud_monotonic() + INT64_C(1000) * CANCEL_WAIT_MS);
}

bool mud_conn_wait(struct mud_pg *pg, int64_t due, const char *sql,
                   struct mud_error *err)
{
    char name[64];
    bool late;

    if (settle(pg, due, &late))
        return true;
    if (!late)
        return mud_conn_gone(pg, sql, err);
    mud_conn_cancel(pg);
    return mud_fail(err,
                    MUD_ELIMIT,
                    "%s: not done within %lld ms: cancelled",
                    mud_sql_name(name, sql),
                    (long long)pg->deadline_ms);
}
