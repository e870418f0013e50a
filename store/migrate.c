#include "store/migrate.h"

#include "base/hash.h"
#include "store/conn.h"
#include "store/roles.h"
#include "store/split.h"
#include "store/spread.h"

#include <stdio.h>
#include <stdlib.h>

#define LOCK       MUD_MIGRATE_LOCK
#define LOCK_MS    600000 /* for the other process's steps */
#define NUMBER_MAX 9999

extern const struct mud_embedded mud_migrations[];

static const char table[] =
    "CREATE SCHEMA IF NOT EXISTS mud;"
    "CREATE TABLE IF NOT EXISTS mud.schema_migration ("
    "number int PRIMARY KEY, name text NOT NULL,"
    "sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),"
    "applied_at timestamptz NOT NULL DEFAULT now(), version text NOT NULL)";

/* 12 from "0012_name.sql"; 0 when the name is not of that form. */
static unsigned number(const char *name)
{
    uint64_t n = 0;
    struct mud_str s = mud_str_z(name);

    if (mud_str_chr(s, '_') != 4 || !mud_str_u64(mud_str_sub(s, 0, 4), &n))
        return 0;
    return (unsigned)n;
}

static bool check_files(const struct mud_embedded *files, struct mud_error *err)
{
    unsigned last = 0;

    for (; files->name; files++) {
        unsigned n = number(files->name);

        if (n <= last)
            return mud_fail(err,
                            MUD_EBUG,
                            "migration %s: expected a number above %04u",
                            files->name,
                            last);
        last = n;
    }
    return true;
}

/* Compare one applied row with our file of that number. */
static bool check_row(const struct mud_rows *rows, size_t row,
                      const struct mud_embedded *file, struct mud_error *err)
{
    struct mud_str name = mud_rows_get(rows, row, 1);
    struct mud_str held = mud_rows_get(rows, row, 2);
    uint8_t digest[MUD_SHA256];
    char hex[MUD_HEX256];

    if (!file->name)
        return mud_fail(err,
                        MUD_EDB,
                        "the database has migration %.*s of mudlark %.*s, "
                        "which this older program does not know: upgrade it",
                        MUD_FMT(name),
                        MUD_FMT(mud_rows_get(rows, row, 4)));
    if (mud_rows_int(rows, row, 0) != number(file->name))
        return mud_fail(err,
                        MUD_ECORRUPT,
                        "migration %.*s is applied in the place of %s: steps "
                        "only go forwards",
                        MUD_FMT(name),
                        file->name);
    mud_sha256_of(mud_embedded_text(file), digest);
    if (mud_str_eqz(held, mud_hex(hex, digest, sizeof(digest))))
        return true;
    return mud_fail(err,
                    MUD_ECORRUPT,
                    "migration %s was changed after it was applied: the "
                    "database has sha256 %.8s..., the program %.8s...; put "
                    "the change into a new migration",
                    file->name,
                    held.s,
                    hex);
}

/* A restore that was cut off has put the data aside: do not start afresh. */
static bool check_aside(struct mud_pg *pg, struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows,
                      pg,
                      "SELECT to_regnamespace('mud_before_restore') IS NOT "
                      "NULL",
                      NULL,
                      0,
                      err))
        return false;
    bool aside = mud_rows_bool(rows, 0, 0);
    mud_rows_free(rows);
    return !aside || mud_fail(err,
                              MUD_EDB,
                              "a restore was cut off and the data from before "
                              "it is in schema mud_before_restore: run mudlark "
                              "db restore again, which puts it back first");
}

/* How many of files are applied, all of them unchanged. */
static bool applied_so_far(size_t *n, struct mud_pg *pg,
                           const struct mud_embedded *files,
                           struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    bool good = true, there;

    *n = 0;
    if (!mud_pg_query(&rows,
                      pg,
                      "SELECT to_regclass('mud.schema_migration') IS NOT NULL",
                      NULL,
                      0,
                      err))
        return false;
    there = mud_rows_bool(rows, 0, 0);
    mud_rows_free(rows);
    if (!there)
        return check_aside(pg, err);
    if (!mud_pg_query(&rows, pg, mud_sql("migrate_list"), NULL, 0, err))
        return false;
    for (size_t i = 0; good && i < mud_rows_count(rows); i++) {
        good = check_row(rows, i, &files[i], err);
        *n = i + 1;
    }
    mud_rows_free(rows);
    return good;
}

/* The line of the character at `position` (from 1) of a statement. */
static unsigned line_at(struct mud_str statement, size_t position)
{
    unsigned line = 0;

    for (size_t i = 0; i < statement.n && position > 1; i++) {
        line += statement.s[i] == '\n';
        position -= ((unsigned char)statement.s[i] & 0xc0) != 0x80;
    }
    return line;
}

bool mud_migrate_run(struct mud_pg *pg, const struct mud_embedded *file,
                     struct mud_error *err)
{
    struct mud_split split = {.text = mud_embedded_text(file), .line = 1};
    struct mud_str statement;
    unsigned line;
    bool good = true;

    while (good && mud_split_next(&split, &statement, &line)) {
        char *sql = mud_malloc(statement.n + 1);

        memcpy(sql, statement.s, statement.n);
        sql[statement.n] = 0;
        good = mud_pg_exec(pg, sql, err);
        if (!good)
            (void)mud_fail_in(err,
                              "migration %s:%u",
                              file->name,
                              line + line_at(statement, pg->position));
        free(sql);
    }
    return good;
}

static bool note_applied(struct mud_pg *pg, const struct mud_embedded *file,
                         struct mud_error *err)
{
    uint8_t digest[MUD_SHA256];
    char hex[MUD_HEX256], no[12];

    (void)snprintf(no, sizeof(no), "%u", number(file->name));
    mud_sha256_of(mud_embedded_text(file), digest);
    const struct mud_str args[] = {
        mud_str_z(no),
        mud_str_z(file->name),
        mud_str_z(mud_hex(hex, digest, sizeof(digest))),
        mud_str_z(MUD_VERSION)};
    return mud_pg_query(NULL,
                        pg,
                        "INSERT INTO mud.schema_migration "
                        "(number, name, sha256, version) VALUES "
                        "($1::int, $2::text, decode($3::text, 'hex'), "
                        "$4::text)",
                        args,
                        4,
                        err);
}

/* One step under the lock. *done when there was none left to make. */
static bool step(struct mud_pg *pg, const struct mud_embedded *files,
                 bool *done, struct mud_error *err)
{
    size_t n;

    *done = false;
    if (!mud_pg_begin(pg, err) ||
        !mud_pg_exec(pg, "SELECT pg_advisory_xact_lock(" LOCK ")", err) ||
        !mud_pg_exec(pg, table, err) || !applied_so_far(&n, pg, files, err))
        return false;
    *done = !files[n].name;
    if (!*done && (!mud_migrate_run(pg, &files[n], err) ||
                   !note_applied(pg, &files[n], err)))
        return false;
    return mud_pg_commit(pg, err);
}

bool mud_migrate_files(struct mud_pg *pg, const struct mud_embedded *files,
                       size_t *applied, struct mud_error *err)
{
    size_t n = 0, made = 0;
    bool done = false, good;

    if (applied)
        *applied = 0;
    if (!check_files(files, err) || !applied_so_far(&n, pg, files, err))
        return false;
    good = true;
    done = !files[n].name;
    int64_t deadline = pg->deadline_ms;
    mud_pg_deadline(pg, LOCK_MS);
    for (unsigned i = 0; good && !done && i <= NUMBER_MAX; i++) {
        good = step(pg, files, &done, err);
        made += good && !done;
    }
    if (!good) {
        bool denied = strcmp(mud_pg_sqlstate(pg), "42501") == 0;
        mud_pg_rollback(pg);
        if (denied)
            (void)mud_fail_in(err,
                              "make the tables (the role must own the "
                              "database, or have CREATE on it)");
    }
    mud_pg_deadline(pg, deadline);
    if (applied)
        *applied = made;
    return good;
}

bool mud_migrate(struct mud_pg *pg, size_t *applied, struct mud_error *err)
{
    return mud_migrate_files(pg, mud_migrations, applied, err) &&
           mud_spread(pg, err) && mud_roles_apply(pg, err);
}

bool mud_migrate_check(struct mud_pg *pg, bool *current, struct mud_error *err)
{
    size_t n;

    *current = false;
    if (!check_files(mud_migrations, err) ||
        !applied_so_far(&n, pg, mud_migrations, err))
        return false;
    *current = !mud_migrations[n].name;
    return true;
}
