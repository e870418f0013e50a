#include "store/server.h"

#include "base/log.h"
#include "base/time.h"
#include "store/pg.h"
#include "store/server_parts.h"

#include <fts.h>
#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define START_MS  600000 /* redo of a large WAL */
#define SILENT_MS 60000  /* alive, but does not answer at all */
#define STOP_MS   60000
#define TRIES     5
#define LOG_MAX   ((off_t)10 << 20)

static bool dsn_of(char *out, size_t size, const struct mud_place *place,
                   const char *user, const char *database,
                   struct mud_error *err)
{
    /* Paths have no quote or backslash (server_place.c). requirepeer: whoever
     * else might listen there is not believed. */
    int n = snprintf(out,
                     size,
                     "host='%s' port=5432 user=%s dbname=%s requirepeer='%s'",
                     place->socket,
                     user,
                     database,
                     place->user.name);

    if (n < 0 || (size_t)n >= size)
        return mud_fail(err, MUD_EUSAGE, "connection string is too long");
    return true;
}

bool mud_server_dsn(char *out, size_t size, const struct mud_place *place,
                    const char *database, struct mud_error *err)
{
    return dsn_of(out, size, place, "mudlark", database, err);
}

bool mud_server_dsn_as(char *out, size_t size, const struct mud_place *place,
                       const char *role, struct mud_error *err)
{
    return dsn_of(out, size, place, role, "mudlark", err);
}

static PGPing ping(const struct mud_place *place)
{
    const char *const keys[] = {
        "host", "port", "dbname", "user", "connect_timeout", NULL};
    const char *const values[] = {
        place->socket, "5432", "postgres", "mudlark", "3", NULL};

    return PQpingParams(keys, values, 0);
}

static bool launch(pid_t *pid, const struct mud_place *place, int major,
                   struct mud_error *err)
{
    char dir[MUD_PATH], program[MUD_PATH + 16], old[MUD_PATH + 8];
    const char *const argv[] = {program, "-D", place->data, NULL};
    struct stat st;
    int found;

    if (!mud_program_find(dir, &found, major, err))
        return mud_fail_in(err, "%s is of postgres %d", place->data, major);
    (void)snprintf(program, sizeof(program), "%s/postgres", dir);
    (void)snprintf(old, sizeof(old), "%s.1", place->log);
    if (stat(place->log, &st) == 0 && st.st_size > LOG_MAX)
        (void)rename(place->log, old);
    return mud_program_start(
        pid, &place->user, place->data, place->log, argv, err);
}

/* A while, longer the longer it took already: each try is a line in its log. */
static void pause_a_while(int64_t began, bool *told)
{
    int64_t ms = (mud_monotonic() - began) / 1000;

    if (ms > 3000 && !*told) {
        *told = true;
        mud_log(MUD_LOG_WARN,
                "postgres",
                "not ready yet, it may be recovering from a crash: waiting");
    }
    poll(NULL, 0, (int)(ms < 3800 ? 25 + ms / 8 : 500));
}

/* Watch one start. True when it answers; *again when another try may help. */
static bool watch(const struct mud_place *place, pid_t pid, off_t log_from,
                  int64_t due, bool *again, struct mud_error *err)
{
    int64_t began = mud_monotonic();
    bool told = false;
    char said[300];

    *again = false;
    for (;;) {
        if (ping(place) == PQPING_OK)
            return true;
        if (!mud_program_alive(pid))
            break;
        if (mud_monotonic() > due)
            return mud_fail(err,
                            MUD_EAGAIN,
                            "postgres is not ready after %d minutes (see %s)",
                            START_MS / 60000,
                            place->log);
        pause_a_while(began, &told);
    }
    mud_program_tail(said, sizeof(said), place->log, log_from);
    *again = strstr(said, "still in use") || strstr(said, "Is another post");
    if (!*again)
        (void)mud_fail(err,
                       MUD_EIO,
                       "postgres did not start: %s (see %s)",
                       said,
                       place->log);
    return false;
}

/* Under the lock: from whatever state to a server that answers. */
static bool wake(const struct mud_place *place, int major,
                 struct mud_error *err)
{
    int64_t began = mud_monotonic();
    int64_t due = began + INT64_C(1000) * START_MS;
    int64_t silent = 0;
    bool told = false;
    PGPing state;

    for (int tries = 0; tries < TRIES;) {
        state = ping(place);
        if (state == PQPING_OK)
            return true;
        int64_t now = mud_monotonic();
        if (state == PQPING_REJECT || mud_server_pid(place)) {
            /* Starting, recovering or going down: wait what becomes of it. */
            silent = state == PQPING_REJECT ? 0 : silent ? silent : now;
            if (now > due ||
                (silent && now - silent > INT64_C(1000) * SILENT_MS))
                return mud_fail(err,
                                MUD_EAGAIN,
                                "postgres (pid %d) is alive but does not "
                                "answer on %s (see %s)",
                                (int)mud_server_pid(place),
                                place->socket,
                                place->log);
            pause_a_while(began, &told);
            continue;
        }

        struct stat st;
        off_t from = stat(place->log, &st) == 0 ? st.st_size : 0;
        bool again;
        pid_t pid = 0;
        mud_server_clear(place);
        if (!launch(&pid, place, major, err))
            return false;
        if (from > LOG_MAX)
            from = 0;
        if (watch(place, pid, from, due, &again, err))
            return true;
        if (!again)
            return false;
        tries++;
        poll(NULL, 0, 500);
    }
    return mud_fail(err,
                    MUD_EAGAIN,
                    "postgres did not start in %d tries: remains of an old "
                    "server hold %s (see %s)",
                    TRIES,
                    place->data,
                    place->log);
}

static bool create_database(const struct mud_place *place,
                            struct mud_error *err)
{
    char dsn[MUD_PATH];
    struct mud_pg *pg = NULL;
    struct mud_rows *rows = NULL;
    bool good = mud_server_dsn(dsn, sizeof(dsn), place, "postgres", err) &&
                mud_pg_open(&pg, dsn, err) &&
                mud_pg_query(&rows,
                             pg,
                             "SELECT 1 FROM pg_database WHERE datname = "
                             "'mudlark'",
                             NULL,
                             0,
                             err);

    if (good && !mud_rows_count(rows))
        good =
            mud_pg_exec(pg, "CREATE DATABASE mudlark TEMPLATE template0", err);
    mud_rows_free(rows);
    mud_pg_close(pg);
    return good;
}

/* A server whose session just crashed answers for a moment more, and then
 * recovers: it is woken again. */
static bool wake_and_enter(const struct mud_place *place, int major,
                           struct mud_error *err)
{
    for (int tries = 1; wake(place, major, err); tries++) {
        if (create_database(place, err))
            return true;
        if (err->code != MUD_EAGAIN || tries == TRIES)
            return false;
        mud_error_clear(err);
        poll(NULL, 0, 500);
    }
    return false;
}

static bool start_locked(const struct mud_place *place, struct mud_error *err)
{
    int major;

    if (!mud_server_major(&major, place, err) ||
        (!major && (!mud_server_make(place, err) ||
                    !mud_server_major(&major, place, err))))
        return false;
    if (major < MUD_PG_OLDEST)
        return mud_fail(err,
                        MUD_EDB,
                        "%s is of postgres %d, needed is %d or newer: bring "
                        "it over with pg_upgrade, or move it away and restore "
                        "a backup",
                        place->data,
                        major,
                        MUD_PG_OLDEST);
    return mud_server_socket(place, err) && mud_server_settings(place, err) &&
           wake_and_enter(place, major, err);
}

bool mud_server_start(struct mud_server *out, const char *home,
                      struct mud_error *err)
{
    struct mud_place place;

    if (!mud_server_place(&place, home, err))
        return false;
    int lock = mud_server_lock(&place, err);
    if (lock < 0)
        return false;
    /* The owner of a folder that another process made meanwhile counts. */
    bool good = mud_program_user(&place.user, place.data, err) &&
                mud_server_reach(&place, err) && start_locked(&place, err);
    close(lock);
    return good && (!out || mud_server_status(out, home, err));
}

bool mud_server_stop(const char *home, bool *was, struct mud_error *err)
{
    struct mud_place place;
    bool good = true;

    if (was)
        *was = false;
    if (!mud_server_place(&place, home, err))
        return false;
    int lock = mud_server_lock(&place, err);
    if (lock < 0)
        return false;
    pid_t pid = mud_server_pid(&place);
    if (pid && was)
        *was = true;
    if (pid && kill(pid, SIGINT) != 0)
        good = mud_fail_errno(
            err, MUD_EDENIED, "stop postgres (pid %d)", (int)pid);
    int64_t due = mud_monotonic() + INT64_C(1000) * STOP_MS;
    while (good && pid && mud_program_alive(pid)) {
        if (mud_monotonic() > due)
            good = mud_fail(err,
                            MUD_EAGAIN,
                            "postgres (pid %d) is still stopping after %d s",
                            (int)pid,
                            STOP_MS / 1000);
        poll(NULL, 0, 20);
    }
    close(lock);
    return good;
}

static int64_t disk_size(const char *path)
{
    char root[MUD_PATH];
    char *const paths[] = {root, NULL};

    (void)snprintf(root, sizeof(root), "%s", path);
    FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    const FTSENT *e;
    int64_t size = 0;

    if (!tree)
        return 0;
    while ((e = fts_read(tree)))
        if (e->fts_info == FTS_F)
            size += (int64_t)e->fts_statp->st_blocks * 512;
    fts_close(tree);
    return size;
}

/* "15.20" from the server itself. */
static void ask_version(struct mud_server *out)
{
    char dsn[MUD_PATH];
    struct mud_pg *pg = NULL;
    struct mud_rows *rows = NULL;

    if (mud_server_dsn(dsn, sizeof(dsn), &out->place, "postgres", NULL) &&
        mud_pg_open(&pg, dsn, NULL) &&
        mud_pg_query(&rows, pg, "SHOW server_version", NULL, 0, NULL)) {
        struct mud_str text = mud_rows_get(rows, 0, 0);
        size_t space = mud_str_chr(text, ' ');

        text = mud_str_sub(text, 0, space == MUD_NPOS ? text.n : space);
        (void)snprintf(
            out->version, sizeof(out->version), "%.*s", MUD_FMT(text));
    }
    mud_rows_free(rows);
    mud_pg_close(pg);
}

bool mud_server_status(struct mud_server *out, const char *home,
                       struct mud_error *err)
{
    *out = (struct mud_server){0};
    if (!mud_server_place(&out->place, home, err) ||
        !mud_server_major(&out->major, &out->place, err))
        return false;
    out->made = out->major != 0;
    if (!out->made)
        return true;
    PGPing state = ping(&out->place);
    out->pid = mud_server_pid(&out->place);
    out->running = state == PQPING_OK;
    out->busy = !out->running && (state == PQPING_REJECT || out->pid);
    out->size = disk_size(out->place.data);
    if (out->running)
        ask_version(out);
    return true;
}
