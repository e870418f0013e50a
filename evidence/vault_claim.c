/* Is this vault the one that the database speaks of, and can it be written to? */
#include "evidence/vault.h"

#include "base/conf.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK      "vault.id"
#define MARK_WORD "mudlark-vault "
#define PROBE     4096
#define SKEW_SAID (10 * MUD_SECOND)
#define SKEW_MOST (600 * MUD_SECOND)

static bool path_of(char *out, size_t size, const struct mud_vault *vault,
                    const char *name, struct mud_error *err)
{
    return mud_vault_path(out, size, vault, mud_str_z(name), err);
}

/* The mark's id, or a zero one when there is no mark. */
static bool mark_read(struct mud_id *id, const struct mud_vault *vault,
                      struct mud_error *err)
{
    char path[4300];
    struct mud_arena *arena = mud_arena_new();
    struct mud_error why = {0};
    struct mud_str text;
    bool good = true;

    *id = (struct mud_id){0};
    if (!path_of(path, sizeof path, vault, MARK, err)) {
        good = false;
    } else if (!mud_file_read(&text, path, 256, arena, &why)) {
        good =
            why.code == MUD_EMISSING || mud_fail(err, MUD_EIO, "%s", why.text);
    } else {
        text = mud_str_trim(text);
        if (!mud_str_starts(text, MUD_STR(MARK_WORD)) ||
            !mud_id_parse(mud_str_sub(text, strlen(MARK_WORD), text.n), id))
            good =
                mud_fail(err, MUD_ECORRUPT, "%s: is no mark of a vault", path);
    }
    mud_arena_free(arena);
    return good;
}

/* Under the gate: two processes that begin at once make one mark. */
static bool mark_write(const struct mud_vault *vault, struct mud_id id,
                       struct mud_error *err)
{
    char path[4300], text[MUD_ID_TEXT], line[128];
    int fd;
    bool good;

    if (!path_of(path, sizeof path, vault, MARK, err))
        return false;
    snprintf(line, sizeof line, MARK_WORD "%s\n", mud_id_text(text, id));
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    good = fd >= 0 && mud_write_all(fd, mud_str_z(line)) && fsync(fd) == 0;
    if (!good)
        mud_fail_errno(err, MUD_EIO, "write %s", path);
    if (fd >= 0)
        close(fd);
    if (fd >= 0 && !good)
        unlink(path);
    return good && mud_folder_sync(vault->root, err);
}

/* The database's id and how far its clock is from ours. */
static bool known(struct mud_id *id, int64_t *skew, struct mud_pg *pg,
                  struct mud_error *err)
{
    char now[MUD_TIME_TEXT];
    struct mud_str arg = mud_str_z(mud_time_text(now, mud_now(), true));
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, pg, mud_sql("vault_id"), &arg, 1, err))
        return false;
    if (!mud_id_parse(mud_rows_get(rows, 0, 0), id))
        *id = (struct mud_id){0};
    *skew = mud_rows_int(rows, 0, 1);
    mud_rows_free(rows);
    return true;
}

static bool known_put(struct mud_id *id, struct mud_pg *pg,
                      struct mud_error *err)
{
    char text[MUD_ID_TEXT];
    int64_t skew;
    struct mud_str arg = mud_str_z(mud_id_text(text, *id));

    return mud_pg_query(NULL, pg, mud_sql("vault_id_put"), &arg, 1, err) &&
           known(id, &skew, pg, err);
}

static bool is_same(struct mud_id a, struct mud_id b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* First met: the vault gets its mark and the database its id. */
static bool pair(const struct mud_vault *vault, struct mud_pg *pg,
                 struct mud_error *err)
{
    struct mud_id mark, id;
    char here[MUD_ID_TEXT], there[MUD_ID_TEXT];
    int64_t skew;

    if (!mark_read(&mark, vault, err) || !known(&id, &skew, pg, err))
        return false;
    if (mud_id_zero(id)) {
        id = mark;
        if (mud_id_zero(id))
            mud_random(&id, sizeof id);
        struct mud_id made = id;
        if (!known_put(&id, pg, err))
            return false;
        if (mud_id_zero(mark) && is_same(made, id))
            return mark_write(vault, id, err);
    }
    if (mud_id_zero(mark))
        return mud_fail(
            err,
            MUD_EDENIED,
            "%s is not the vault of this database: it has no mark. "
            "Is the vault mounted there? If it is the right one all "
            "the same, write '" MARK_WORD "%s' into %s/" MARK,
            vault->root,
            mud_id_text(there, id),
            vault->root);
    if (!is_same(mark, id))
        return mud_fail(
            err,
            MUD_EDENIED,
            "%s is vault %s, and this database's is %s: mount that one there, or "
            "name the database of this one (MUDLARK_DSN)",
            vault->root,
            mud_id_text(here, mark),
            mud_id_text(there, id));
    return true;
}

/* Why a file cannot be made, and what to do about it. */
static bool say_unwritable(const struct mud_vault *vault, int code,
                           struct mud_error *err)
{
    const struct passwd *user = getpwuid(geteuid());
    struct stat st = {0};

    if (code == EROFS)
        return mud_fail(err,
                        MUD_EIO,
                        "%s is mounted read-only: mount it read-write",
                        vault->root);
    if (code == ENOSPC || code == EDQUOT)
        return mud_fail(
            err, MUD_EIO, "%s is full: make room there", vault->root);
    if ((code == EACCES || code == EPERM) && stat(vault->root, &st) == 0)
        return mud_fail(err,
                        MUD_EIO,
                        "%s cannot be written to by %s: it belongs to uid %ld; "
                        "run as that user, or chown -R it",
                        vault->root,
                        user ? user->pw_name : "this user",
                        (long)st.st_uid);
    errno = code;
    return mud_fail_errno(err, MUD_EIO, "%s cannot be written to", vault->root);
}

/* A file as a seal would make it: made, written, synced, gone. */
static bool probe(const struct mud_vault *vault, struct mud_error *err)
{
    static const char zeros[PROBE];
    char path[4300], name[64], hex[17];
    uint8_t salt[8];
    bool good;
    int fd;

    mud_random(salt, sizeof salt);
    snprintf(name, sizeof name, ".probe-%s", mud_hex(hex, salt, sizeof salt));
    if (!path_of(path, sizeof path, vault, name, err))
        return false;
    errno = 0;
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    good = fd >= 0 && mud_write_all(fd, mud_str_of(zeros, PROBE)) &&
           fsync(fd) == 0;
    int code = errno;
    if (fd >= 0) {
        close(fd);
        unlink(path);
    }
    return good || say_unwritable(vault, code ? code : EIO, err);
}

static bool check_clock(int64_t skew, struct mud_error *err)
{
    int64_t far = skew < 0 ? -skew : skew;

    if (far > SKEW_MOST)
        return mud_fail(err,
                        MUD_EDENIED,
                        "the clock of this host is %lld s %s the database's: "
                        "evidence would bear a wrong time; set it (NTP)",
                        (long long)(far / MUD_SECOND),
                        skew > 0 ? "behind" : "ahead of");
    if (far > SKEW_SAID)
        mud_log(MUD_LOG_WARN,
                NULL,
                "the clock of this host is %lld s %s the database's",
                (long long)(far / MUD_SECOND),
                skew > 0 ? "behind" : "ahead of");
    return true;
}

bool mud_vault_claim(struct mud_vault *vault, struct mud_pg *pg,
                     struct mud_error *err)
{
    struct mud_id mark, id;
    int64_t skew;
    int gate;
    bool good;

    if (!known(&id, &skew, pg, err) || !check_clock(skew, err) ||
        !probe(vault, err) || !mark_read(&mark, vault, err))
        return false;
    if (!mud_id_zero(mark) && is_same(mark, id))
        return true;
    gate = mud_vault_gate(vault, err);
    if (gate < 0)
        return false;
    good = pair(vault, pg, err);
    close(gate);
    return good;
}
