#include "evidence/vault.h"

#include "base/conf.h"
#include "base/log.h"
#include "base/utf8.h"
#include "evidence/circumstances.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char *copy_text(struct mud_str s)
{
    char *out = mud_malloc(s.n + 1);

    if (s.n)
        memcpy(out, s.s, s.n);
    out[s.n] = '\0';
    return out;
}

static char *user_name(void)
{
    struct passwd *pw = getpwuid(geteuid());
    char text[32];

    if (pw && mud_utf8_valid(mud_str_z(pw->pw_name)) == strlen(pw->pw_name))
        return mud_strdup(pw->pw_name);
    snprintf(text, sizeof(text), "uid %ld", (long)geteuid());
    return mud_strdup(text);
}

#define SETTINGS_MAX 65536

/* [vault] seal = off in mudlark.conf: for disks that are encrypted as a whole,
 * and for who looks into the files by hand. */
static bool settings(struct mud_vault *vault, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str path = mud_str_printf(arena, "%s/mudlark.conf", vault->home);
    struct mud_str text, seal;
    struct mud_conf conf;
    bool ok = true;

    if (access(path.s, F_OK) == 0) {
        ok = mud_file_read(&text, path.s, SETTINGS_MAX, arena, err) &&
             mud_conf_parse(&conf, path.s, text, arena, err);
        seal = ok ? mud_conf_get(&conf, "vault", "seal") : MUD_STR("");
        vault->plain = mud_str_eqz(seal, "off");
        ok = ok && (!seal.n || vault->plain || mud_str_eqz(seal, "on") ||
                    mud_fail(err,
                             MUD_EINPUT,
                             "%s: [vault] seal is on or off, not %.*s",
                             path.s,
                             MUD_FMT(seal)));
    }
    mud_arena_free(arena);
    return ok;
}

bool mud_vault_open(struct mud_vault **out, const char *home,
                    struct mud_error *err)
{
    struct mud_vault *vault;
    char root[4096];
    int n = snprintf(root, sizeof(root), "%s/vault", home);

    if (n < 0 || (size_t)n >= sizeof(root) - MUD_VAULT_NAME)
        return mud_fail(err, MUD_EUSAGE, "%s: path too long", home);
    if (!mud_mkdirs(root, err))
        return false;
    vault = mud_calloc(1, sizeof(*vault));
    vault->home = mud_strdup(home);
    vault->root = mud_strdup(root);
    vault->actor = user_name();
    vault->access_mode = mud_strdup("public");
    vault->rotate = MUD_VAULT_ROTATE;
    vault->fd = -1;
    vault->buf.max = vault->member.max = (size_t)1 << 31;
    if (!mud_keys_open(&vault->keys, home, root, err) ||
        !settings(vault, err)) {
        mud_vault_close(vault);
        return false;
    }
    *out = vault;
    return true;
}

void mud_vault_close(struct mud_vault *vault)
{
    if (!vault)
        return;
    mud_vault_drop(vault);
    mud_warc_close(vault->cursor);
    free(vault->cursor_name);
    mud_warc_deflater_free(vault->deflater);
    mud_buf_free(&vault->buf);
    mud_buf_free(&vault->member);
    mud_keys_free(vault->keys);
    mud_sealer_free(vault->sealer);
    mud_sha256_free(vault->unsealed);
    free(vault->home);
    free(vault->root);
    free(vault->actor);
    free(vault->access_mode);
    free(vault);
}

void mud_vault_custody(struct mud_vault *vault,
                       const struct mud_custody *custody)
{
    if (custody->actor.n) {
        free(vault->actor);
        vault->actor = copy_text(custody->actor);
    }
    if (custody->access_mode.n) {
        free(vault->access_mode);
        vault->access_mode = copy_text(custody->access_mode);
    }
    vault->has_config = custody->config_sha256 != NULL;
    if (vault->has_config)
        memcpy(vault->config, custody->config_sha256, MUD_SHA256);
}

bool mud_vault_path(char *out, size_t size, const struct mud_vault *vault,
                    struct mud_str name, struct mud_error *err)
{
    int n;

    if (!name.n || name.s[0] == '/' ||
        mud_str_find(name, MUD_STR("..")) != MUD_NPOS ||
        memchr(name.s, '\0', name.n))
        return mud_fail(
            err, MUD_ECORRUPT, "not a file of the vault: %.*s", MUD_FMT(name));
    n = snprintf(out, size, "%s/%.*s", vault->root, MUD_FMT(name));
    if (n < 0 || (size_t)n >= size)
        return mud_fail(err, MUD_EINPUT, "path too long: %.*s", MUD_FMT(name));
    return true;
}

bool mud_folder_sync(const char *path, struct mud_error *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (!ok)
        mud_fail_errno(err, MUD_EIO, "sync %s", path);
    if (fd >= 0)
        close(fd);
    return ok;
}

bool mud_vault_month(char *path, size_t size, char month[8],
                     const struct mud_vault *vault, struct mud_error *err)
{
    char now[MUD_TIME_TEXT];
    bool made;

    mud_time_text(now, mud_now(), false);
    memcpy(month, now, 7);
    month[7] = '\0';
    if (!mud_vault_path(path, size, vault, mud_str_z(month), err))
        return false;
    made = access(path, F_OK) != 0;
    if (!mud_mkdirs(path, err))
        return false;
    return !made || mud_folder_sync(vault->root, err);
}

bool mud_vault_write(struct mud_vault *vault, int64_t at, const void *bytes,
                     size_t n, struct mud_error *err)
{
    const char *from = bytes;

    while (n > 0) {
        ssize_t done = pwrite(vault->fd, from, n, at);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return mud_fail_errno(err,
                                  MUD_EIO,
                                  "vault/%s: write at byte %lld",
                                  vault->name,
                                  (long long)at);
        from += done;
        at += done;
        n -= (size_t)done;
    }
    return true;
}

bool mud_vault_sync(struct mud_vault *vault, struct mud_error *err)
{
    /* The length is metadata that reading back needs: fdatasync writes it. */
    if (fdatasync(vault->fd) == 0)
        return true;
    return mud_fail_errno(err, MUD_EIO, "vault/%s: sync", vault->name);
}

void mud_vault_drop(struct mud_vault *vault)
{
    if (vault->fd >= 0)
        close(vault->fd); /* and with it the lock */
    vault->fd = -1;
    vault->name[0] = '\0';
    vault->end = vault->unsure = 0;
}

void mud_vault_undo(struct mud_vault *vault)
{
    if (vault->fd < 0 || ftruncate(vault->fd, vault->end) == 0)
        return;
    mud_log(MUD_LOG_ERROR,
            vault->name,
            "cannot cut the file back to %lld bytes: %s; the next start will",
            (long long)vault->end,
            strerror(errno));
    mud_vault_drop(vault);
    vault->recovered = false;
}

/* The digest of the running program, read once. */
static void hash_self(struct mud_vault *vault)
{
    struct mud_sha256 *sha = mud_sha256_new();
    char buf[65536];
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    ssize_t n = -1;

    while (fd >= 0 && (n = read(fd, buf, sizeof(buf))) > 0)
        mud_sha256_add(sha, buf, (size_t)n);
    if (fd >= 0)
        close(fd);
    mud_sha256_end(sha, vault->binary);
    mud_sha256_free(sha);
    vault->has_binary = n == 0;
}

void mud_vault_stamp(struct mud_facts *facts, const struct mud_vault *vault,
                     struct mud_arena *arena)
{
    facts->sealed = mud_now();
    facts->clock = mud_clock_json(arena);
    facts->circumstances =
        mud_circumstances(vault->home, facts->local_ip, arena);
    facts->tool = MUD_STR("mudlark/" MUD_VERSION);
    facts->actor = mud_utf8_clean(mud_str_z(vault->actor), arena, NULL);
    if (!facts->access_mode.n)
        facts->access_mode = mud_str_z(vault->access_mode);
    facts->has_binary = vault->has_binary;
    memcpy(facts->binary, vault->binary, MUD_SHA256);
    facts->has_config = vault->has_config;
    memcpy(facts->config, vault->config, MUD_SHA256);
}

/* How did the commit end that was cut off? */
static bool resolve(struct mud_vault *vault, struct mud_pg *pg,
                    struct mud_error *err)
{
    int64_t sealed = 0;
    bool found = false, ok;

    if (!mud_pg_begin(pg, err))
        return false;
    ok = mud_warc_row_sealed(&sealed, &found, pg, vault->name, err) &&
         mud_pg_commit(pg, err);
    if (!ok) {
        mud_pg_rollback(pg);
        return false;
    }
    if (found && sealed == vault->unsure)
        vault->end = vault->unsure;
    else if (!found || sealed != vault->end)
        return mud_fail(err,
                        MUD_ECORRUPT,
                        "vault/%s: sealed to %lld in this database, not %lld",
                        vault->name,
                        (long long)sealed,
                        (long long)vault->end);
    vault->unsure = 0;
    mud_vault_undo(vault);
    return true;
}

bool mud_vault_ready(struct mud_vault *vault, struct mud_pg *pg,
                     struct mud_error *err)
{
    struct mud_recovered recovered;

    if (!vault->deflater) {
        vault->deflater = mud_warc_deflater_new();
        hash_self(vault);
    }
    if (vault->unsure && !resolve(vault, pg, err))
        return mud_fail_in(err, "find out how the last seal ended");
    if (!vault->recovered && !mud_vault_recover(&recovered, vault, pg, err))
        return false;
    if (vault->unlooked && !mud_vault_strays(vault, pg, err))
        return false;
    return mud_vault_file(vault, pg, err);
}
