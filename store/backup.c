#include "store/backup.h"

#include "base/conf.h"
#include "store/client.h"
#include "store/db.h"
#include "store/migrate.h"
#include "store/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define TOOL_MS INT64_C(86400000) /* a day: a large database on a slow disk */
#define ASIDE   "mud_before_restore"

static bool digest(struct mud_backup *out, const char *file,
                   struct mud_error *err)
{
    struct mud_sha256 *sha;
    char *block;
    ssize_t n;
    int fd = open(file, O_RDONLY | O_CLOEXEC);

    *out = (struct mud_backup){0};
    if (fd < 0)
        return mud_fail_errno(
            err, errno == ENOENT ? MUD_EMISSING : MUD_EIO, "open %s", file);
    sha = mud_sha256_new();
    block = mud_malloc(1 << 16);
    while ((n = read(fd, block, 1 << 16)) > 0) {
        mud_sha256_add(sha, block, (size_t)n);
        out->size += n;
    }
    if (n < 0)
        (void)mud_fail_errno(err, MUD_EIO, "read %s", file);
    mud_sha256_end(sha, out->sha256);
    mud_sha256_free(sha);
    free(block);
    close(fd);
    return n == 0;
}

/* Tables with data in the list that pg_restore wrote: "...; 0 16392 TABLE DATA
 * mud source mudlark". */
static int64_t count_tables(const char *log)
{
    FILE *f = fopen(log, "re");
    char line[512];
    int64_t n = 0;

    while (f && fgets(line, sizeof(line), f))
        n += strstr(line, " TABLE DATA mud ") != NULL;
    if (f)
        (void)fclose(f);
    return n;
}

bool mud_db_backup_verify(struct mud_backup *out, const char *file,
                          const char *log, struct mud_error *err)
{
    const char *list[] = {NULL, "--list", file, NULL};
    const char *all[] = {NULL, "--file=/dev/null", file, NULL};

    if (!digest(out, file, err))
        return false;
    (void)unlink(log);
    bool good = mud_client_run(NULL, "pg_restore", list, log, TOOL_MS, err);
    out->tables = good ? count_tables(log) : 0;
    /* The list is at the front; only reading all of it finds a cut. */
    good = good && mud_client_run(NULL, "pg_restore", all, log, TOOL_MS, err);
    (void)unlink(log);
    if (!good && err && err->code == MUD_EIO)
        err->code = MUD_ECORRUPT;
    if (!good)
        return mud_fail_in(err, "%s", file);
    return out->tables ||
           mud_fail(err, MUD_ECORRUPT, "%s: not a backup of mudlark", file);
}

/* Absolute, since programs are run elsewhere. */
static bool whole_path(char out[MUD_PATH], const char *file,
                       struct mud_error *err)
{
    char *here = file[0] == '/' ? mud_strdup("") : getcwd(NULL, 0);
    int n =
        here ? snprintf(out, MUD_PATH, "%s%s%s", here, *here ? "/" : "", file)
             : -1;

    free(here);
    return (n > 0 && n < MUD_PATH - 8) ||
           mud_fail(err, MUD_EUSAGE, "%s: path is too long", file);
}

static bool sync_parent(const char *path, struct mud_error *err)
{
    char folder[MUD_PATH];
    struct mud_str s = mud_str_z(path);
    size_t slash = mud_str_rchr(s, '/');

    (void)snprintf(folder, sizeof(folder), "%.*s/", (int)slash, path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (!good)
        (void)mud_fail_errno(err, MUD_EIO, "sync %s", folder);
    if (fd >= 0)
        close(fd);
    return good;
}

/* pg_dump into part, to the disk, and read it back. */
static bool dump(struct mud_backup *out, struct mud_pg *pg, const char *part,
                 const char *log, struct mud_error *err)
{
    char to[MUD_PATH + 16];
    const char *argv[] = {NULL,
                          "--format=custom",
                          "--schema=mud",
                          "--no-owner",
                          "--no-privileges",
                          "--no-password",
                          to,
                          NULL};
    int fd = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0)
        return mud_fail_errno(err, MUD_EIO, "make %s", part);
    (void)snprintf(to, sizeof(to), "--file=%s", part);
    bool good = mud_client_run(pg, "pg_dump", argv, log, TOOL_MS, err);
    if (good && fsync(fd) != 0)
        good = mud_fail_errno(err, MUD_EIO, "sync %s", part);
    close(fd);
    return good && mud_db_backup_verify(out, part, log, err);
}

bool mud_db_backup(struct mud_backup *out, const char *home, const char *file,
                   struct mud_error *err)
{
    char path[MUD_PATH], part[MUD_PATH + 8], log[MUD_PATH + 8];
    struct mud_pg *pg = NULL;
    struct stat st;

    *out = (struct mud_backup){0};
    if (!whole_path(path, file, err))
        return false;
    if (lstat(path, &st) == 0)
        return mud_fail(err, MUD_EUSAGE, "%s is there already", file);
    (void)snprintf(part, sizeof(part), "%s.part", path);
    (void)snprintf(log, sizeof(log), "%s.log", path);
    (void)unlink(part); /* of an attempt that was cut off */
    (void)unlink(log);
    /* Not migrated first: a backup is what one makes before that. */
    if (!mud_db_connect(&pg, home, err))
        return false;
    bool good = dump(out, pg, part, log, err);
    mud_pg_close(pg);
    /* link, not rename: it does not replace what came there meanwhile */
    if (good && link(part, path) != 0 && rename(part, path) != 0)
        good = mud_fail_errno(err, MUD_EIO, "name %s", file);
    (void)unlink(part);
    (void)unlink(log);
    good = good && sync_parent(path, err);
    return good || mud_fail_in(err, "backup");
}

/* Is there a row in any table but those every migrated database has? */
static bool has_data(bool *out, struct mud_pg *pg, struct mud_error *err)
{
    struct mud_rows *rows = NULL, *one = NULL;
    bool good = mud_pg_query(&rows, pg, mud_sql("db_data"), NULL, 0, err);

    *out = false;
    for (size_t i = 0; good && !*out && i < mud_rows_count(rows); i++) {
        struct mud_buf sql = {0};

        mud_buf_printf(&sql,
                       "SELECT EXISTS (SELECT FROM %.*s)",
                       MUD_FMT(mud_rows_get(rows, i, 0)));
        good = mud_pg_query(&one, pg, mud_buf_cstr(&sql), NULL, 0, err);
        *out = good && mud_rows_bool(one, 0, 0);
        mud_rows_free(one);
        mud_buf_free(&sql);
    }
    mud_rows_free(rows);
    return good;
}

/* After a restore that was cut off: what was aside is the data. */
static bool put_back(struct mud_pg *pg, struct mud_error *err)
{
    return mud_pg_exec(pg,
                       "DO $$ BEGIN IF to_regnamespace('" ASIDE "') IS NOT "
                       "NULL THEN DROP SCHEMA IF EXISTS mud CASCADE; "
                       "ALTER SCHEMA " ASIDE " RENAME TO mud; END IF; END $$",
                       err);
}

static bool set_aside(struct mud_pg *pg, struct mud_error *err)
{
    return mud_pg_exec(pg,
                       "DO $$ BEGIN IF to_regnamespace('mud') IS NOT NULL THEN "
                       "ALTER SCHEMA mud RENAME TO " ASIDE "; END IF; END $$",
                       err);
}

static bool load(struct mud_pg *pg, const char *path, const char *log,
                 struct mud_error *err)
{
    char database[128];
    struct mud_rows *rows = NULL;
    const char *argv[] = {NULL,
                          "--single-transaction",
                          "--no-owner",
                          "--no-privileges",
                          "--no-password",
                          "--exit-on-error",
                          database,
                          path,
                          NULL};

    if (!mud_pg_query(&rows, pg, "SELECT current_database()", NULL, 0, err))
        return false;
    (void)snprintf(database,
                   sizeof(database),
                   "--dbname=%.*s",
                   MUD_FMT(mud_rows_get(rows, 0, 0)));
    mud_rows_free(rows);
    (void)unlink(log);
    bool good = mud_client_run(pg, "pg_restore", argv, log, TOOL_MS, err);
    (void)unlink(log);
    return good && mud_migrate(pg, NULL, err);
}

static bool replace(struct mud_pg *pg, const char *path, const char *log,
                    bool force, struct mud_error *err)
{
    bool full;

    if (!put_back(pg, err) || !has_data(&full, pg, err))
        return false;
    if (full && !force)
        return mud_fail(err,
                        MUD_EDENIED,
                        "the database already holds data: restore into a new "
                        "MUDLARK_HOME, or say --force to replace it");
    if (!set_aside(pg, err))
        return false;
    if (load(pg, path, log, err))
        return mud_pg_exec(pg, "DROP SCHEMA IF EXISTS " ASIDE " CASCADE", err);
    mud_pg_rollback(pg);
    struct mud_error again = {0};
    if (!put_back(pg, &again))
        return mud_fail_in(err, "%s; and before that", again.text);
    return false;
}

bool mud_db_restore(struct mud_backup *out, const char *home, const char *file,
                    bool force, struct mud_error *err)
{
    char path[MUD_PATH], log[MUD_PATH + 32];
    struct mud_pg *pg = NULL;

    *out = (struct mud_backup){0};
    (void)snprintf(log, sizeof(log), "%s/restore.log", home);
    if (!whole_path(path, file, err) || !mud_mkdirs(home, err) ||
        !mud_db_connect(&pg, home, err))
        return false;
    mud_pg_deadline(pg, 0);
    bool good = mud_db_backup_verify(out, path, log, err) &&
                replace(pg, path, log, force, err);
    mud_pg_close(pg);
    return good || mud_fail_in(err, "restore");
}
