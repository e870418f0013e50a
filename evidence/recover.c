#include "evidence/tail.h"

#include "base/conf.h"
#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define BATCH 256 /* captures sealed late in one transaction */
#define PIECE ((size_t)65536)

/* A name in vault/lost+found that is not taken. */
static bool lost_path(char *out, size_t size, const struct mud_vault *vault,
                      const char *name, struct mud_error *err)
{
    const char *base = strrchr(name, '/');
    char now[MUD_TIME_TEXT];
    int n = snprintf(out, size, "%s/lost+found", vault->root);

    if (n < 0 || (size_t)n >= size)
        return mud_fail(err, MUD_EINPUT, "path too long");
    if (!mud_mkdirs(out, err))
        return false;
    mud_time_text(now, mud_now(), true);
    n = snprintf(out,
                 size,
                 "%s/lost+found/%s.%s",
                 vault->root,
                 base ? base + 1 : name,
                 now);
    return (n > 0 && (size_t)n < size) ||
           mud_fail(err, MUD_EINPUT, "path too long");
}

/* Copy [from, end of file) out, then cut the file there. */
static bool cut_tail(struct mud_recovered *out, struct mud_vault *vault, int fd,
                     const char *name, int64_t from, struct mud_error *err)
{
    char path[4300], *buf;
    int64_t at = from;
    ssize_t n = 1;
    int to;
    bool ok = true;

    if (!lost_path(path, sizeof(path), vault, name, err))
        return false;
    to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (to < 0)
        return mud_fail_errno(err, MUD_EIO, "%s", path);
    buf = mud_malloc(PIECE);
    while (ok && (n = pread(fd, buf, PIECE, at)) > 0) {
        ok = write(to, buf, (size_t)n) == n;
        at += n;
    }
    free(buf);
    ok = ok && n == 0 && fsync(to) == 0;
    close(to);
    ok = ok && ftruncate(fd, from) == 0 && fsync(fd) == 0;
    if (!ok)
        return mud_fail_errno(
            err, MUD_EIO, "vault/%s: move its tail to %s", name, path);
    mud_log(MUD_LOG_WARN,
            name,
            "%lld bytes behind byte %lld were left by a process that died; "
            "they hold no whole capture and are now %s",
            (long long)(at - from),
            (long long)from,
            path);
    out->tails++;
    out->cut_bytes += at - from;
    return true;
}

/* Seal late what a dead process had written and synced but not committed. */
static bool adopt(struct mud_recovered *out, struct mud_vault *vault, int fd,
                  struct mud_tail *tail, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_facts *facts = mud_arena_array(arena, BATCH, sizeof(*facts));
    struct mud_commit commit = {.op = "recover", .name = tail->name};
    struct stat st;
    size_t n = BATCH;
    bool ok = true, unsure;

    tail->arena = arena;
    while (ok && n == BATCH) {
        ok = mud_tail_read(facts, &n, BATCH, tail, err);
        if (!ok || n == 0)
            break;
        commit.from = tail->from;
        commit.to = tail->end;
        ok = mud_commit(facts, n, &unsure, &commit, tail->pg, err);
        if (ok) {
            tail->from = tail->end;
            out->captures += (int)n;
        }
    }
    mud_arena_free(arena);
    if (ok && fstat(fd, &st) == 0 && st.st_size > tail->from)
        ok = cut_tail(out, vault, fd, tail->name, tail->from, err);
    return ok;
}

/* One file that the database says is open. */
static bool recover_file(struct mud_recovered *out, struct mud_vault *vault,
                         struct mud_pg *pg, const char *name,
                         struct mud_error *err)
{
    char path[4300];
    struct stat st;
    struct mud_tail tail = {.vault = vault, .pg = pg, .name = name};
    int64_t sealed = 0;
    bool found = false, ok;
    int fd;

    if (!mud_vault_path(path, sizeof(path), vault, mud_str_z(name), err))
        return false;
    fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        mud_log(MUD_LOG_ERROR,
                name,
                "a file of the vault is gone: %s",
                strerror(errno));
        if (fd >= 0)
            close(fd);
        return true;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) { /* it is being written to */
        close(fd);
        return true;
    }
    /* Waits for a server process that is still at the dead client's commit. */
    ok = mud_pg_begin(pg, err) &&
         mud_warc_row_sealed(&sealed, &found, pg, name, err) &&
         mud_pg_commit(pg, err);
    if (!ok)
        mud_pg_rollback(pg);
    ok = ok && fstat(fd, &st) == 0;
    tail.from = sealed;
    if (ok && found && st.st_size > sealed)
        ok = adopt(out, vault, fd, &tail, err);
    else if (ok && found && st.st_size < sealed)
        mud_log(MUD_LOG_ERROR,
                name,
                "is %lld bytes long, but %lld bytes were sealed",
                (long long)st.st_size,
                (long long)sealed);
    close(fd);
    return ok || mud_fail_in(err, "recover vault/%s", name);
}

static bool registered(bool *yes, struct mud_pg *pg, const char *name,
                       struct mud_error *err)
{
    struct mud_str arg = mud_str_z(name);
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, pg, mud_sql("capture_warc_known"), &arg, 1, err))
        return false;
    *yes = mud_rows_int(rows, 0, 0) > 0;
    mud_rows_free(rows);
    return true;
}

/* An own file in which more than its warcinfo is whole. */
static bool holds_records(const struct mud_vault *vault, const char *path)
{
    struct mud_warc *warc = NULL;
    struct mud_warc_record record;
    struct mud_error err = {0};
    bool more = true;
    int whole = 0;

    if (!mud_warc_open(&warc, path, vault->keys, &err))
        return true;
    while (whole < 2 && mud_warc_next(&record, &more, warc, &err) && more &&
           mud_warc_end(&record, warc, &err))
        whole++;
    mud_warc_close(warc);
    /* What is sealed and cannot be read may well be whole. */
    return whole > 1 || err.code == MUD_EDENIED || err.code == MUD_EIO;
}

/* A file without a row: begun, or copied, but never committed. */
static bool stray(struct mud_recovered *out, struct mud_vault *vault,
                  struct mud_pg *pg, const char *name, bool blind,
                  struct mud_error *err)
{
    char path[4300], lost[4400];
    struct stat st;
    bool copied = strstr(name, "/handed-") != NULL, known = true, ok;
    int fd;

    if (blind && copied)
        return true;
    if (!mud_vault_path(path, sizeof(path), vault, mud_str_z(name), err))
        return false;
    fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (fd >= 0)
            close(fd);
        return true;
    }
    ok = registered(&known, pg, name, err);
    if (ok && !known && fstat(fd, &st) == 0) {
        if (!copied && holds_records(vault, path)) {
            mud_log(MUD_LOG_ERROR,
                    name,
                    "is not known to this database and was left alone");
        } else {
            ok = lost_path(lost, sizeof(lost), vault, name, err) &&
                 (rename(path, lost) == 0 ||
                  mud_fail_errno(err, MUD_EIO, "rename %s", path));
            out->tails++;
            out->cut_bytes += st.st_size;
        }
    }
    close(fd);
    return ok;
}

static bool stray_in(struct mud_recovered *out, struct mud_vault *vault,
                     struct mud_pg *pg, const char *month, bool blind,
                     struct mud_error *err)
{
    char path[4300], name[300];
    struct dirent *entry;
    bool ok = true;
    DIR *dir;

    if (!mud_vault_path(path, sizeof(path), vault, mud_str_z(month), err))
        return false;
    dir = opendir(path);
    if (!dir)
        return mud_fail_errno(err, MUD_EIO, "%s", path);
    while (ok && (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof(name), "%s/%s", month, entry->d_name);
        ok = stray(out, vault, pg, name, blind, err);
    }
    closedir(dir);
    return ok;
}

/*
 * An empty database does not know what is stray: then only files that hold
 * nothing are set aside, and *looked is false.
 */
static bool strays(struct mud_recovered *out, bool *looked,
                   struct mud_vault *vault, struct mud_pg *pg,
                   struct mud_error *err)
{
    struct dirent *entry;
    struct mud_rows *rows;
    int64_t lines;
    bool ok = true;
    DIR *dir;

    if (!mud_pg_query(&rows, pg, mud_sql("ledger_count"), NULL, 0, err))
        return false;
    lines = mud_rows_int(rows, 0, 0);
    mud_rows_free(rows);
    *looked = lines > 0;
    dir = opendir(vault->root);
    if (!dir)
        return mud_fail_errno(err, MUD_EIO, "%s", vault->root);
    while (ok && (entry = readdir(dir)) != NULL)
        if (strlen(entry->d_name) == 7 && entry->d_name[4] == '-')
            ok = stray_in(out, vault, pg, entry->d_name, !*looked, err);
    closedir(dir);
    return ok;
}

static bool gated_strays(struct mud_recovered *out, bool *looked,
                         struct mud_vault *vault, struct mud_pg *pg,
                         struct mud_error *err)
{
    int gate = mud_vault_gate(vault, err);
    bool ok;

    if (gate < 0)
        return false;
    ok = strays(out, looked, vault, pg, err);
    close(gate);
    return ok;
}

/* Table and copy of the ledger agree, or the table is brought up to it. */
static bool whole_ledger(struct mud_vault *vault, struct mud_pg *pg,
                         struct mud_error *err)
{
    struct mud_error e = {0};

    if (mud_ledger_mirror(pg, vault->home, &e))
        return true;
    if (e.code != MUD_ECORRUPT)
        return mud_fail(err, e.code, "%s", e.text);
    return mud_vault_catch_up(vault, pg, err) &&
           mud_ledger_mirror(pg, vault->home, err);
}

bool mud_vault_strays(struct mud_vault *vault, struct mud_pg *pg,
                      struct mud_error *err)
{
    struct mud_recovered out = {0};
    bool looked = false;

    if (!gated_strays(&out, &looked, vault, pg, err))
        return false;
    vault->unlooked = !looked;
    return true;
}

bool mud_vault_recover(struct mud_recovered *out, struct mud_vault *vault,
                       struct mud_pg *pg, struct mud_error *err)
{
    struct mud_rows *rows;
    bool ok = true, looked = false;

    memset(out, 0, sizeof(*out));
    if (!mud_vault_seals(vault, pg, err))
        return false;
    if (!whole_ledger(vault, pg, err))
        return false;
    if (!mud_pg_query(&rows, pg, mud_sql("capture_warc_open"), NULL, 0, err))
        return false;
    for (size_t i = 0; ok && i < mud_rows_count(rows); i++) {
        char name[300];

        snprintf(name, sizeof(name), "%.*s", MUD_FMT(mud_rows_get(rows, i, 0)));
        if (strcmp(name, vault->name) != 0)
            ok = recover_file(out, vault, pg, name, err);
    }
    mud_rows_free(rows);
    ok = ok && gated_strays(out, &looked, vault, pg, err);
    ok = ok && (!out->captures || mud_ledger_mirror(pg, vault->home, err));
    if (out->captures)
        mud_log(
            MUD_LOG_WARN, "vault", "%d captures sealed late", out->captures);
    vault->recovered = ok;
    vault->unlooked = !looked;
    return ok;
}
