#include "store/pg.h"

#include "base/log.h"
#include "base/time.h"
#include "store/conn.h"

#include <poll.h>
#include <stdlib.h>

#define CONNECT_MS  30000
#define DEADLINE_MS 60000
#define ARGS_MAX    1000 /* more than any statement of the house needs */

/* What every statement of ours may rely on, whatever the server's files say. */
static const char session[] =
    "SET search_path = mud, pg_catalog; SET timezone = 'UTC';"
    "SET datestyle = 'ISO'; SET bytea_output = 'hex';"
    "SET default_transaction_isolation = 'read committed';"
    "SET standard_conforming_strings = on; SET client_min_messages = warning;"
    "SET idle_in_transaction_session_timeout = '10min'";

/* A malformed dsn may hold a password at any place: nothing of it is shown. */
static bool check_dsn(const char *dsn, struct mud_error *err)
{
    char *said = NULL;
    PQconninfoOption *options = PQconninfoParse(dsn, &said);

    PQfreemem(said);
    if (!options)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "the connection string of postgres is malformed "
                        "(expected host=... dbname=... or postgresql://...)");
    PQconninfoFree(options);
    return true;
}

/* Drive the handshake to its end. */
static bool handshake(PGconn *conn, int64_t due)
{
    PostgresPollingStatusType want = PGRES_POLLING_WRITING;

    while (want != PGRES_POLLING_OK) {
        struct pollfd p = {.fd = PQsocket(conn)};
        int64_t left = (due - mud_monotonic() + 999) / 1000;

        if (want == PGRES_POLLING_FAILED || left <= 0 || p.fd < 0)
            return false;
        p.events = want == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        if (poll(&p, 1, (int)left) > 0)
            want = PQconnectPoll(conn);
    }
    return true;
}

/* libpq gives no SQLSTATE for a failed connect; only the words are there. */
static enum mud_code connect_code(const char *said)
{
    static const char *const again[] = {
        "is starting up",
        "is shutting down",
        "in recovery mode",
        "too many clients",
        "Connection refused",
        "No such file or directory",
        "server closed the",
        "remaining connection slots",
        "not yet accepting con",
    };

    for (size_t i = 0; i < sizeof(again) / sizeof(again[0]); i++)
        if (strstr(said, again[i]))
            return MUD_EAGAIN;
    return MUD_EDB;
}

static bool refuse(PGconn *conn, struct mud_error *err)
{
    char why[320];
    const char *said = PQerrorMessage(conn);
    size_t n = 0;

    for (; *said && n + 1 < sizeof(why); said++)
        if (*said != '\n' && *said != '\t')
            why[n++] = *said;
        else if (said[1] && n)
            why[n++] = ' ';
    why[n] = 0;
    if (!n)
        return mud_fail(err,
                        MUD_EAGAIN,
                        "postgres at %s did not answer in %d s",
                        PQhost(conn) ? PQhost(conn) : "?",
                        CONNECT_MS / 1000);
    return mud_fail(err, connect_code(why), "postgres: %s", why);
}

/* libpq would print the server's notices on stderr. */
static void notice(void *pg, const char *text)
{
    (void)pg;
    mud_log(MUD_LOG_INFO, "postgres", "%.*s", (int)strcspn(text, "\n"), text);
}

bool mud_pg_open(struct mud_pg **out, const char *dsn, struct mud_error *err)
{
    static const char *const keys[] = {"tcp_user_timeout",
                                       "keepalives_idle",
                                       "fallback_application_name",
                                       "dbname",
                                       "client_encoding",
                                       NULL};
    const char *const values[] = {"30000", "30", "mudlark", dsn, "UTF8", NULL};
    struct mud_pg *pg;

    *out = NULL;
    if (!check_dsn(dsn, err))
        return false;
    pg = mud_calloc(1, sizeof(*pg));
    pg->deadline_ms = DEADLINE_MS;
    pg->conn = PQconnectStartParams(keys, values, 1);
    if (!pg->conn)
        mud_out_of_memory();
    (void)PQsetNoticeProcessor(pg->conn, notice, NULL);
    if (!handshake(pg->conn, mud_monotonic() + INT64_C(1000) * CONNECT_MS)) {
        refuse(pg->conn, err);
        mud_pg_close(pg);
        return false;
    }
    if (PQsetnonblocking(pg->conn, 1) || !mud_pg_exec(pg, session, err)) {
        mud_pg_close(pg);
        return mud_fail(err, MUD_EDB, "postgres: cannot set up the session");
    }
    *out = pg;
    return true;
}

void mud_pg_close(struct mud_pg *pg)
{
    if (!pg)
        return;
    PQfinish(pg->conn);
    free(pg);
}

const char *mud_pg_user(const struct mud_pg *pg)
{
    const char *user = pg->conn ? PQuser(pg->conn) : NULL;

    return user ? user : "";
}

static void put_setting(struct mud_buf *out, const char *key, const char *value)
{
    mud_buf_printf(out, "%s%s='", out->n ? " " : "", key);
    for (; *value; value++) {
        if (*value == '\'' || *value == '\\')
            mud_buf_c(out, '\\');
        mud_buf_c(out, *value);
    }
    mud_buf_c(out, '\'');
}

bool mud_pg_dsn_as(char *out, size_t size, const char *dsn, const char *user,
                   struct mud_error *err)
{
    struct mud_buf text = {0};
    PQconninfoOption *options;

    if (!check_dsn(dsn, err))
        return false;
    options = PQconninfoParse(dsn, NULL);
    if (!options)
        return mud_fail(err, MUD_EUSAGE, "not a connection string");
    for (const PQconninfoOption *o = options; o->keyword; o++)
        if (o->val && strcmp(o->keyword, "user") != 0 &&
            strcmp(o->keyword, "password") != 0)
            put_setting(&text, o->keyword, o->val);
    put_setting(&text, "user", user);
    PQconninfoFree(options);
    bool fits = text.n < size;
    if (fits)
        memcpy(out, mud_buf_cstr(&text), text.n + 1);
    mud_buf_free(&text);
    return fits || mud_fail(err, MUD_EUSAGE, "connection string is too long");
}

void mud_pg_deadline(struct mud_pg *pg, int64_t ms)
{
    pg->deadline_ms = ms;
}

const char *mud_pg_sqlstate(const struct mud_pg *pg)
{
    return pg->sqlstate;
}

/* Arguments as C strings in one block, which the caller frees. */
static bool texts(char ***out, const struct mud_str *args, size_t n,
                  const char *sql, struct mud_error *err)
{
    size_t size = (n + 1) * sizeof(char *);
    char name[64];

    *out = NULL;
    if (n > ARGS_MAX)
        return mud_fail(
            err, MUD_EBUG, "%s: %zu arguments", mud_sql_name(name, sql), n);
    for (size_t i = 0; i < n; i++) {
        if (args[i].s && args[i].n && memchr(args[i].s, 0, args[i].n))
            return mud_fail(err,
                            MUD_EINPUT,
                            "%s: argument %zu has a NUL byte",
                            mud_sql_name(name, sql),
                            i + 1);
        size += args[i].n + 1;
    }

    char **list = mud_malloc(size);
    char *at = (char *)(list + n + 1);
    for (size_t i = 0; i < n; i++) {
        size_t length = args[i].s ? args[i].n : 0;
        list[i] = args[i].s ? at : NULL;
        if (length)
            memcpy(at, args[i].s, length);
        at[length] = 0;
        at += length + 1;
    }
    *out = list;
    return true;
}

bool mud_conn_send(struct mud_pg *pg, const char *sql,
                   const struct mud_str *args, size_t n_args,
                   struct mud_error *err)
{
    char **list;

    if (!mud_conn_ready(pg, sql, err) || !texts(&list, args, n_args, sql, err))
        return false;
    int sent = PQsendQueryParams(pg->conn,
                                 sql,
                                 (int)n_args,
                                 NULL,
                                 (const char *const *)list,
                                 NULL,
                                 NULL,
                                 0);
    free(list);
    return sent || mud_conn_gone(pg, sql, err);
}

/* Take all results of what was sent; keep the last good one in *out. The first
 * failure is the error, and what follows it is still read. */
static bool collect(PGresult **out, struct mud_pg *pg, const char *sql,
                    struct mud_error *err)
{
    int64_t due = mud_conn_due(pg);
    PGresult *last = NULL;
    bool good = true;

    for (;;) {
        if (!mud_conn_wait(pg, due, sql, good ? err : NULL)) {
            good = false;
            break;
        }
        PGresult *res = PQgetResult(pg->conn);
        if (!res)
            break;
        ExecStatusType status = PQresultStatus(res);
        if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK ||
            status == PGRES_EMPTY_QUERY) {
            PQclear(last);
            last = res;
            continue;
        }
        if (status == PGRES_FATAL_ERROR) {
            if (good)
                (void)mud_conn_fail(pg, res, sql, err);
        } else {
            (void)mud_fail(err, MUD_EBUG, "COPY must go through store/copy.h");
            mud_conn_cancel(pg);
        }
        good = false;
        PQclear(res);
        if (!pg->conn)
            break;
    }
    if (good && out)
        *out = last;
    else
        PQclear(last);
    return good;
}

bool mud_pg_query(struct mud_rows **out, struct mud_pg *pg, const char *sql,
                  const struct mud_str *args, size_t n_args,
                  struct mud_error *err)
{
    PGresult *res = NULL;

    if (out)
        *out = NULL;
    if (!mud_conn_send(pg, sql, args, n_args, err) ||
        !collect(out ? &res : NULL, pg, sql, err))
        return false;
    if (out)
        *out = mud_rows_of(res);
    return true;
}

bool mud_pg_exec(struct mud_pg *pg, const char *sql, struct mud_error *err)
{
    if (!mud_conn_ready(pg, sql, err))
        return false;
    if (!PQsendQuery(pg->conn, sql))
        return mud_conn_gone(pg, sql, err);
    return collect(NULL, pg, sql, err);
}

bool mud_pg_begin(struct mud_pg *pg, struct mud_error *err)
{
    return mud_pg_exec(pg, "BEGIN", err);
}

bool mud_pg_commit(struct mud_pg *pg, struct mud_error *err)
{
    /* On a failed transaction COMMIT "succeeds" and rolls back. */
    if (pg->conn && PQtransactionStatus(pg->conn) == PQTRANS_INERROR) {
        mud_pg_rollback(pg);
        return mud_fail(
            err, MUD_EDB, "commit: a statement of the transaction failed");
    }
    return mud_pg_exec(pg, "COMMIT", err);
}

void mud_pg_rollback(struct mud_pg *pg)
{
    char state[6];

    if (!pg->conn || PQtransactionStatus(pg->conn) == PQTRANS_IDLE)
        return;
    memcpy(state, pg->sqlstate, sizeof(state));
    if (mud_pg_exec(pg, "ROLLBACK", NULL))
        memcpy(pg->sqlstate, state, sizeof(state));
}
