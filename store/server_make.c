#include "base/conf.h"
#include "store/server_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MB           ((int64_t)1 << 20)
#define ROOM_MB      200 /* an empty cluster is 60 MB, its WAL grows at once */
#define INITDB_MS    300000
#define SMALL_SHM_MB 64 /* Docker's default, too small for parallel queries */

bool mud_server_major(int *major, const struct mud_place *place,
                      struct mud_error *err)
{
    char path[MUD_PATH + 16], text[16] = "";
    struct stat st;

    *major = 0;
    if (lstat(place->data, &st) != 0 && errno == ENOENT)
        return true;
    (void)snprintf(path, sizeof(path), "%s/PG_VERSION", place->data);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno != ENOENT)
        return mud_fail_errno(err, MUD_EIO, "open %s", path);
    ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
    if (fd >= 0)
        close(fd);
    uint64_t value = 0;
    if (n <= 0 ||
        !mud_str_u64(mud_str_trim(mud_str_of(text, (size_t)n)), &value) ||
        value < 1 || value > 999)
        return mud_fail(err,
                        MUD_ECORRUPT,
                        "%s is not a postgres data folder (no version in "
                        "PG_VERSION): move it away",
                        place->data);
    *major = (int)value;
    return true;
}

/* Memory this process may count on, in MB: the machine's, or the cgroup's. */
static int64_t memory_mb(void)
{
    static const char *const limits[] = {
        "/sys/fs/cgroup/memory.max",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes"};
    int64_t mb = sysconf(_SC_PHYS_PAGES) / (MB / sysconf(_SC_PAGESIZE));

    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        FILE *f = fopen(limits[i], "re");
        char text[32];
        uint64_t bytes;

        if (!f)
            continue;
        if (fgets(text, sizeof(text), f) &&
            mud_str_u64(mud_str_trim(mud_str_z(text)), &bytes) &&
            (int64_t)(bytes / (uint64_t)MB) < mb)
            mb = (int64_t)(bytes / (uint64_t)MB);
        (void)fclose(f);
    }
    return mb;
}

static int64_t clamp(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

static int64_t room_mb(const char *path)
{
    struct statvfs fs;

    return statvfs(path, &fs) == 0
               ? (int64_t)fs.f_bavail * (int64_t)fs.f_frsize / MB
               : INT64_MAX;
}

static void settings(struct mud_buf *out, const struct mud_place *place)
{
    int64_t mb = memory_mb();
    struct statvfs shm;
    bool small =
        statvfs("/dev/shm", &shm) != 0 ||
        (int64_t)shm.f_blocks * (int64_t)shm.f_frsize / MB <= SMALL_SHM_MB;

    mud_buf_printf(out,
                   "# Written by mudlark at each start; own changes go "
                   "into postgresql.conf, above the include.\n"
                   "listen_addresses = ''\n"
                   "port = 5432\n");
    mud_buf_printf(out, "unix_socket_directories = '%s'\n", place->socket);
    mud_buf_printf(out,
                   "unix_socket_permissions = 0700\n"
                   "max_connections = 60\n");
    mud_buf_printf(
        out, "shared_buffers = %lldMB\n", (long long)clamp(mb / 8, 32, 1024));
    mud_buf_printf(out,
                   "effective_cache_size = %lldMB\n",
                   (long long)clamp(mb / 2, 64, 1 << 20));
    mud_buf_printf(
        out, "work_mem = %lldMB\n", (long long)clamp(mb / 256, 4, 64));
    mud_buf_printf(out,
                   "maintenance_work_mem = %lldMB\n",
                   (long long)clamp(mb / 32, 32, 512));
    mud_buf_printf(out,
                   "max_wal_size = %lldMB\n",
                   (long long)clamp(room_mb(place->home) / 16, 64, 2048));
    mud_buf_printf(out,
                   "min_wal_size = 32MB\n"
                   "checkpoint_timeout = 15min\n"
                   "random_page_cost = 1.1\n"
                   "jit = off\n"
                   "autovacuum_naptime = 5s\n"
                   "password_encryption = scram-sha-256\n"
                   "timezone = 'UTC'\n"
                   "log_timezone = 'UTC'\n"
                   "log_checkpoints = off\n"
                   /* statements may hold what must not be logged */
                   "log_min_error_statement = panic\n"
                   "idle_in_transaction_session_timeout = 10min\n");
    if (small)
        mud_buf_printf(out, "dynamic_shared_memory_type = mmap\n");
}

/* Write a file of the cluster, whose folder is the server's, not ours: a fresh
 * file is put in place of whatever is there, links are not followed. */
static bool write_in(const char *folder, const char *name, struct mud_str text,
                     const struct mud_place *place, struct mud_error *err)
{
    char fresh[80];
    int dir = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (dir < 0)
        return mud_fail_errno(err, MUD_EIO, "open %s", folder);
    (void)snprintf(fresh, sizeof(fresh), "%s.mud", name);
    (void)unlinkat(dir, fresh, 0);
    int fd = openat(dir, fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write(fd, text.s, text.n) == (ssize_t)text.n &&
                (!place->user.change ||
                 fchown(fd, place->user.uid, place->user.gid) == 0) &&
                fsync(fd) == 0 && renameat(dir, fresh, dir, name) == 0;
    if (!good)
        (void)mud_fail_errno(err, MUD_EIO, "write %s/%s", folder, name);
    if (fd >= 0)
        close(fd);
    close(dir);
    return good;
}

/* Root and the server's own user, as the kernel tells who they are, may log in as
 * the owner and as each role of the house. */
static bool write_ident(const char *folder, const struct mud_place *place,
                        struct mud_error *err)
{
    static const char *const logins[] = {"mudlark",
                                         "mud_worker",
                                         "mud_analyst",
                                         "mud_officer",
                                         "mud_supervisor",
                                         "mud_auditor",
                                         "mud_partner"};
    struct mud_buf ident = {0};

    for (size_t i = 0; i < sizeof(logins) / sizeof(logins[0]); i++)
        mud_buf_printf(&ident,
                       "mud root %s\nmud \"%s\" %s\n",
                       logins[i],
                       place->user.name,
                       logins[i]);
    bool good =
        write_in(folder, "pg_ident.conf", mud_buf_view(&ident), place, err);
    mud_buf_free(&ident);
    return good;
}

bool mud_server_ident(const struct mud_place *place, struct mud_error *err)
{
    return write_ident(place->data, place, err);
}

bool mud_server_settings(const struct mud_place *place, struct mud_error *err)
{
    struct mud_buf text = {0};

    settings(&text, place);
    bool good =
        write_in(
            place->data, "mudlark.conf", mud_buf_view(&text), place, err) &&
        write_ident(place->data, place, err); /* a copied home: another user */
    mud_buf_free(&text);
    return good;
}

static bool write_access(const struct mud_place *place, struct mud_error *err)
{
    return write_in(place->next,
                    "pg_hba.conf",
                    MUD_STR("local all all peer map=mud\n"),
                    place,
                    err) &&
           write_ident(place->next, place, err);
}

/* Our settings come last, and win. */
static bool write_include(const struct mud_place *place, struct mud_error *err)
{
    char path[MUD_PATH + 24];
    struct mud_arena *arena = mud_arena_new();
    struct mud_buf text = {0};
    struct mud_str given;
    bool good = false;

    (void)snprintf(path, sizeof(path), "%s/postgresql.conf", place->next);
    if (mud_file_read(&given, path, (size_t)MB, arena, err)) {
        mud_buf_str(&text, given);
        mud_buf_z(&text, "\ninclude 'mudlark.conf'\n");
        good = write_in(
            place->next, "postgresql.conf", mud_buf_view(&text), place, err);
    }
    mud_buf_free(&text);
    mud_arena_free(arena);
    return good;
}

/* What an earlier attempt left. Emptied by its owner, not by root. */
static bool remove_next(const struct mud_place *place, struct mud_error *err)
{
    const char *const argv[] = {
        "/bin/sh", "-c", "rm -rf -- ./* ./.[!.]*", NULL};

    if (access(place->next, F_OK) != 0)
        return true;
    if (!mud_program_run(
            &place->user, place->next, place->log, argv, INITDB_MS, err))
        return false;
    return rmdir(place->next) == 0 ||
           mud_fail_errno(err, MUD_EIO, "remove %s", place->next);
}

static bool initdb(const struct mud_place *place, struct mud_error *err)
{
    char dir[MUD_PATH], program[MUD_PATH + 16];
    const char *const argv[] = {program,
                                "-D",
                                place->next,
                                "-U",
                                "mudlark",
                                "-E",
                                "UTF8",
                                "--locale=C.UTF-8",
                                "-k",
                                "--auth-local=peer",
                                "--auth-host=scram-sha-256",
                                "--no-sync", /* done below, all at once */
                                NULL};
    int version;

    if (!mud_program_find(dir, &version, 0, err))
        return false;
    (void)snprintf(program, sizeof(program), "%s/initdb", dir);
    if (mkdir(place->next, 0700) != 0 ||
        (place->user.change &&
         chown(place->next, place->user.uid, place->user.gid) != 0))
        return mud_fail_errno(err, MUD_EIO, "make %s", place->next);
    return mud_program_run(
        &place->user, place->next, place->log, argv, INITDB_MS, err);
}

static bool sync_all(const char *path, struct mud_error *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && syncfs(fd) == 0;

    if (!good)
        (void)mud_fail_errno(err, MUD_EIO, "sync %s", path);
    if (fd >= 0)
        close(fd);
    return good;
}

bool mud_server_make(const struct mud_place *place, struct mud_error *err)
{
    int64_t room = room_mb(place->home);

    if (!remove_next(place, err))
        return false;
    if (room < ROOM_MB)
        return mud_fail(err,
                        MUD_EIO,
                        "no room for a database in %s: %lld MB free, %d MB "
                        "needed",
                        place->home,
                        (long long)room,
                        ROOM_MB);
    /* The rename is what makes it complete. */
    if (initdb(place, err) && write_access(place, err) &&
        write_include(place, err) && sync_all(place->next, err)) {
        if (rename(place->next, place->data) == 0)
            return sync_all(place->home, err);
        (void)mud_fail_errno(err, MUD_EIO, "rename %s", place->next);
    }
    (void)remove_next(place, NULL);
    return mud_fail_in(err, "make the private postgres");
}
