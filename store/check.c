#include "store/check.h"

#include "base/embed.h"
#include "store/client.h"
#include "store/conn.h"
#include "store/db.h"
#include "store/migrate.h"
#include "store/roles.h"
#include "store/server_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define OFFLINE_MS INT64_C(86400000)

extern const struct mud_embedded mud_queries[];

struct check {
    struct mud_pg *pg;
    void (*found)(const struct mud_check_finding *finding, void *payload);
    void *payload;
    size_t bad;
};

static void say(struct check *check, enum mud_check_kind kind,
                struct mud_str what, const char *fmt, ...) MUD_PRINTF(4, 5);

static void say(struct check *check, enum mud_check_kind kind,
                struct mud_str what, const char *fmt, ...)
{
    char text[512];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    check->bad += kind == MUD_CHECK_BAD;
    check->found(&(struct mud_check_finding){kind, what, mud_str_z(text)},
                 check->payload);
}

/* The connection is there; else the check cannot go on. */
static bool goes_on(const struct check *check, struct mud_error *err)
{
    return check->pg->conn ||
           mud_fail(err, MUD_EAGAIN, "postgres went away during the check");
}

static void check_migrations(struct check *check)
{
    struct mud_error err = {0};
    bool current;

    if (!mud_migrate_check(check->pg, &current, &err))
        say(check, MUD_CHECK_BAD, MUD_STR("migrations"), "%s", err.text);
    else
        say(check,
            current ? MUD_CHECK_GOOD : MUD_CHECK_BAD,
            MUD_STR("migrations"),
            "%s",
            current ? "all applied, none changed"
                    : "some are missing: run mudlark db migrate");
}

/* Without them the program alone says who may do what: no breach, but said. */
static void check_roles(struct check *check)
{
    struct mud_error err = {0};
    bool applied = false;
    bool good = mud_roles_applied(&applied, check->pg, &err);

    say(check,
        applied ? MUD_CHECK_GOOD : MUD_CHECK_SKIPPED,
        MUD_STR("roles"),
        "%s",
        !good     ? err.text
        : applied ? "of Postgres are there, with the grants of this version"
                  : "of Postgres are not set up: mudlark db migrate --roles "
                    "prints what the server's administrator has to run");
}

/* A number, or text, that one statement gives for one object. */
static bool ask(struct check *check, const char *sql, struct mud_str arg,
                struct mud_rows **rows, struct mud_error *err)
{
    return mud_pg_query(rows, check->pg, sql, &arg, arg.s ? 1 : 0, err);
}

/* Each table: read to its last byte, so that checksums are looked at. */
static void check_table(struct check *check, struct mud_str name)
{
    struct mud_error err = {0};
    struct mud_rows *rows = NULL;
    struct mud_buf sql = {0};

    mud_buf_printf(&sql,
                   "SELECT count(*), sum(octet_length(t::text)) FROM "
                   "%.*s t",
                   MUD_FMT(name));
    if (ask(check, mud_buf_cstr(&sql), MUD_SQL_NULL, &rows, &err))
        say(check,
            MUD_CHECK_GOOD,
            name,
            "%lld rows",
            (long long)mud_rows_int(rows, 0, 0));
    else
        say(check, MUD_CHECK_BAD, name, "%s", err.text);
    mud_rows_free(rows);
    mud_buf_free(&sql);
}

/* One amcheck function on one object, kept apart by a savepoint. */
static void check_object(struct check *check, const char *sql,
                         struct mud_str name, struct mud_str oid)
{
    struct mud_error err = {0};
    struct mud_rows *rows = NULL;

    if (!mud_pg_exec(check->pg, "SAVEPOINT object", &err) ||
        !ask(check, sql, oid, &rows, &err))
        say(check, MUD_CHECK_BAD, name, "%s", err.text);
    else if (mud_rows_count(rows) && mud_rows_get(rows, 0, 0).n)
        say(check,
            MUD_CHECK_BAD,
            name,
            "%.*s",
            MUD_FMT(mud_rows_get(rows, 0, 0)));
    mud_rows_free(rows);
    if (check->pg->conn)
        (void)!mud_pg_exec(check->pg, "ROLLBACK TO object", NULL);
}

static bool check_all(struct check *check, const char *list, const char *sql,
                      const char *what, struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    size_t before = check->bad;

    if (!mud_pg_query(&rows, check->pg, mud_sql(list), NULL, 0, err))
        return false;
    for (size_t i = 0; check->pg->conn && i < mud_rows_count(rows); i++)
        check_object(
            check, sql, mud_rows_get(rows, i, 0), mud_rows_get(rows, i, 1));
    if (check->bad == before)
        say(check,
            MUD_CHECK_GOOD,
            mud_str_z(what),
            "%zu checked",
            mud_rows_count(rows));
    mud_rows_free(rows);
    return goes_on(check, err);
}

/* amcheck lives only as long as the transaction, which is rolled back. */
static bool check_structure(struct check *check, struct mud_error *err)
{
    struct mud_error why = {0};
    bool good = true;

    if (!mud_pg_begin(check->pg, err))
        return false;
    if (!mud_pg_exec(check->pg,
                     "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_extension "
                     "WHERE extname = 'amcheck') THEN CREATE EXTENSION amcheck "
                     "SCHEMA mud; END IF; "
                     "EXECUTE (SELECT format('SET LOCAL search_path = %s, "
                     "pg_catalog', extnamespace::regnamespace) FROM "
                     "pg_extension WHERE extname = 'amcheck'); END $$",
                     &why)) {
        mud_pg_rollback(check->pg);
        say(check, MUD_CHECK_SKIPPED, MUD_STR("structure"), "%s", why.text);
        return goes_on(check, err);
    }
    good = check_all(check,
                     "db_tables",
                     "SELECT format('block %s, item %s: %s', blkno, offnum, "
                     "msg) FROM verify_heapam($1::oid, on_error_stop => true) "
                     "LIMIT 1",
                     "heaps",
                     err) &&
           check_all(check,
                     "db_indexes",
                     "SELECT bt_index_check($1::oid, true)::text",
                     "indexes",
                     err);
    mud_pg_rollback(check->pg);
    return good;
}

/* Every schema/query/check_*.sql. */
static bool check_rules(struct check *check, struct mud_error *err)
{
    for (const struct mud_embedded *q = mud_queries; q->name; q++) {
        struct mud_rows *rows = NULL;
        struct mud_error why = {0};
        struct mud_str name = mud_str_z(q->name);

        if (!mud_str_starts(name, MUD_STR("check_")))
            continue;
        name = mud_str_sub(name, 6, name.n - 4);
        if (!mud_pg_query(
                &rows, check->pg, (const char *)q->data, NULL, 0, &why)) {
            say(check, MUD_CHECK_BAD, name, "%s", why.text);
            if (!goes_on(check, err))
                return false;
            continue;
        }
        for (size_t i = 0; i < mud_rows_count(rows); i++)
            say(check,
                MUD_CHECK_BAD,
                name,
                "%.*s",
                MUD_FMT(mud_rows_get(rows, i, 0)));
        if (!mud_rows_count(rows))
            say(check, MUD_CHECK_GOOD, name, "holds");
        mud_rows_free(rows);
    }
    return true;
}

static bool check_checksums(struct check *check, struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows,
                      check->pg,
                      "SELECT current_setting('data_checksums') = 'on', "
                      "coalesce(sum(checksum_failures), 0) "
                      "FROM pg_stat_database",
                      NULL,
                      0,
                      err))
        return false;
    int64_t bad = mud_rows_int(rows, 0, 1);
    if (!mud_rows_bool(rows, 0, 0))
        say(check,
            MUD_CHECK_SKIPPED,
            MUD_STR("checksums"),
            "the server was made without");
    else
        say(check,
            bad ? MUD_CHECK_BAD : MUD_CHECK_GOOD,
            MUD_STR("checksums"),
            "%lld failures",
            (long long)bad);
    mud_rows_free(rows);
    return true;
}

bool mud_db_check(size_t *bad, struct mud_pg *pg,
                  void (*found)(const struct mud_check_finding *finding,
                                void *payload),
                  void *payload, struct mud_error *err)
{
    struct check check = {pg, found, payload, 0};
    int64_t deadline = pg->deadline_ms;
    struct mud_rows *tables = NULL;
    bool good;

    mud_pg_deadline(pg, 0);
    check_migrations(&check);
    check_roles(&check);
    good = goes_on(&check, err) &&
           mud_pg_query(&tables, pg, mud_sql("db_tables"), NULL, 0, err);
    for (size_t i = 0; good && pg->conn && i < mud_rows_count(tables); i++)
        check_table(&check, mud_rows_get(tables, i, 0));
    mud_rows_free(tables);
    good = good && goes_on(&check, err) && check_structure(&check, err) &&
           check_rules(&check, err) && check_checksums(&check, err);
    mud_pg_deadline(pg, deadline);
    *bad = check.bad;
    return good;
}

/* "Bad checksums:  0" and "Blocks scanned:  955" of pg_checksums. */
static int64_t number_behind(struct mud_str text, const char *words)
{
    size_t at = mud_str_find(text, mud_str_z(words));

    if (at == MUD_NPOS)
        return -1;
    return strtoll(text.s + at + strlen(words), NULL, 10);
}

static bool run_checksums(int64_t *bad, int64_t *pages,
                          const struct mud_place *place, int major,
                          struct mud_error *err)
{
    char dir[MUD_PATH], program[MUD_PATH + 16], log[MUD_PATH + 16];
    char text[4096] = "";
    const char *const argv[] = {program, "--check", "-D", place->data, NULL};
    int found;

    if (!mud_program_find(dir, &found, major, err))
        return false;
    (void)snprintf(program, sizeof(program), "%s/pg_checksums", dir);
    (void)snprintf(log, sizeof(log), "%s.check", place->log);
    (void)unlink(log);
    struct mud_error why = {0};
    bool good =
        mud_program_run(&place->user, place->data, log, argv, OFFLINE_MS, &why);
    FILE *f = fopen(log, "re");
    size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
    if (f)
        (void)fclose(f);
    text[n] = 0;
    (void)unlink(log);
    *bad = number_behind(mud_str_z(text), "Bad checksums:");
    *pages = number_behind(mud_str_z(text), "Blocks scanned:");
    /* Bad pages are a finding, anything else a failure. */
    return good || *bad > 0 || mud_fail(err, why.code, "%s", why.text);
}

bool mud_db_checksums(int64_t *bad, int64_t *pages, const char *home,
                      struct mud_error *err)
{
    struct mud_place place;
    int major;
    bool was, good;

    *bad = *pages = 0;
    if (!mud_db_private())
        return mud_fail(err,
                        MUD_EUSAGE,
                        "the server of MUDLARK_DSN is not ours to stop: run "
                        "pg_checksums there");
    if (!mud_server_stop(home, &was, err) ||
        !mud_server_place(&place, home, err) ||
        !mud_server_major(&major, &place, err))
        return false;
    if (!major)
        return mud_fail(err, MUD_EMISSING, "there is no database in %s", home);
    good = run_checksums(bad, pages, &place, major, err);
    return (!was || mud_server_start(NULL, home, err)) && good;
}
