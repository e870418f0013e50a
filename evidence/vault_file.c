#include "evidence/vault.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

bool mud_warc_row_add(struct mud_pg *pg, const struct mud_warc_row *row,
                      struct mud_error *err)
{
    char size[32], id[MUD_ID_TEXT], hex[MUD_HEX256], at[MUD_TIME_TEXT];
    struct mud_str args[6];

    snprintf(size, sizeof(size), "%lld", (long long)row->sealed_to);
    args[0] = mud_str_z(row->name);
    args[1] = mud_str_z(row->kind);
    args[2] = mud_str_z(size);
    args[3] = mud_id_zero(row->warcinfo)
                  ? MUD_SQL_NULL
                  : mud_str_z(mud_id_text(id, row->warcinfo));
    args[4] = row->vault && row->vault->has_binary
                  ? mud_str_z(mud_hex(hex, row->vault->binary, MUD_SHA256))
                  : MUD_SQL_NULL;
    args[5] = mud_str_z(mud_time_text(at, mud_now(), true));
    return mud_pg_query(NULL, pg, mud_sql("capture_warc_add"), args, 6, err);
}

bool mud_warc_row_sealed(int64_t *sealed_to, bool *found, struct mud_pg *pg,
                         const char *name, struct mud_error *err)
{
    struct mud_str arg = mud_str_z(name);
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, pg, mud_sql("capture_warc_sealed"), &arg, 1, err))
        return false;
    *found = mud_rows_count(rows) == 1;
    *sealed_to = *found ? mud_rows_int(rows, 0, 0) : 0;
    mud_rows_free(rows);
    return true;
}

/* What made the file is no secret: its first record stands in clear frames. */
static void in_clear(struct mud_vault *vault)
{
    uint8_t head[MUD_SEALED_HEAD];
    struct mud_str plain;

    mud_buf_clear(&vault->member);
    mud_buf_str(&vault->member, mud_buf_view(&vault->buf));
    plain = mud_buf_view(&vault->member);
    mud_sealed_head_write(head, MUD_SEALED_RECORDS);
    mud_buf_clear(&vault->buf);
    mud_buf_put(&vault->buf, head, sizeof(head));
    mud_sealer_clear(&vault->buf, plain);
}

/* A warcinfo says what made the file; its id is that of the file's name. */
static bool warcinfo(struct mud_vault *vault, struct mud_error *err)
{
    struct mud_buf block = {0};
    struct mud_warc_head head = {
        .type = MUD_WARC_WARCINFO,
        .id = vault->warcinfo,
        .at = mud_now(),
        .content_type = "application/warc-fields",
        .filename = mud_str_z(vault->name),
    };
    char hex[MUD_HEX256];
    bool ok;

    mud_buf_printf(&block,
                   "software: mudlark/%s\r\nformat: WARC File Format 1.1\r\n"
                   "conformsTo: https://iipc.github.io/warc-specifications/"
                   "specifications/warc-format/warc-1.1/\r\n",
                   MUD_VERSION);
    if (vault->has_binary)
        mud_buf_printf(&block,
                       "software-sha256: %s\r\n",
                       mud_hex(hex, vault->binary, MUD_SHA256));
    mud_buf_clear(&vault->buf);
    ok = mud_warc_member(&vault->buf,
                         vault->deflater,
                         &head,
                         mud_buf_view(&block),
                         (struct mud_str){0},
                         err);
    mud_buf_free(&block);
    if (ok && vault->seals)
        in_clear(vault);
    return ok;
}

static bool registered(struct mud_vault *vault, struct mud_pg *pg,
                       struct mud_error *err)
{
    struct mud_buf detail = {0};
    struct mud_json json = {.buf = &detail};
    struct mud_ledger_entry entry = {.op = "file",
                                     .object = mud_str_z(vault->name),
                                     .actor = mud_str_z(vault->actor)};
    struct mud_warc_row row = {
        vault->name, "own", (int64_t)vault->buf.n, vault->warcinfo, vault};
    uint8_t digest[MUD_SHA256];
    bool ok;

    mud_sha256_of(mud_buf_view(&vault->buf), digest);
    mud_json_object(&json);
    mud_json_kint(&json, "length", (int64_t)vault->buf.n);
    mud_json_khex(&json, "sha256", digest, MUD_SHA256);
    mud_json_object_end(&json);
    entry.detail = mud_buf_view(&detail);
    ok = mud_pg_begin(pg, err) && mud_warc_row_add(pg, &row, err) &&
         mud_ledger_append(pg, &entry, 1, err);
    if (!ok) {
        mud_pg_rollback(pg);
        mud_buf_free(&detail);
        return false;
    }
    mud_buf_free(&detail);
    return mud_pg_commit(pg, err);
}

int mud_vault_gate(const struct mud_vault *vault, struct mud_error *err)
{
    char path[4300];
    int fd;

    snprintf(path, sizeof(path), "%s/.lock", vault->root);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0) {
        while (flock(fd, LOCK_EX) != 0) {
            if (errno == EINTR)
                continue;
            close(fd);
            fd = -1;
            break;
        }
    }
    if (fd < 0)
        mud_fail_errno(err, MUD_EIO, "lock %s", path);
    return fd;
}

/* Make the file at path and lock it. */
static bool born(struct mud_vault *vault, const char *path,
                 struct mud_error *err)
{
    int gate = mud_vault_gate(vault, err);
    bool ok;

    if (gate < 0)
        return false;
    vault->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    ok = vault->fd >= 0 || mud_fail_errno(err, MUD_EIO, "%s", path);
    if (ok && flock(vault->fd, LOCK_EX | LOCK_NB) != 0) {
        ok = mud_fail_errno(err, MUD_EIO, "lock %s", path);
        unlink(path);
        mud_vault_drop(vault);
    }
    close(gate);
    return ok;
}

/*
 * Begin a file. Until its row is committed there is nothing in it but its
 * warcinfo, so one that was left without a row holds no capture.
 */
static bool begin(struct mud_vault *vault, struct mud_pg *pg,
                  struct mud_error *err)
{
    char folder[4200], path[4200], month[8], now[MUD_TIME_TEXT], hex[17];
    uint8_t salt[8];
    bool ok;

    if (!mud_vault_month(folder, sizeof(folder), month, vault, err))
        return false;
    mud_random(salt, sizeof(salt));
    mud_time_text(now, mud_now(), false);
    snprintf(vault->name,
             sizeof(vault->name),
             "%s/mudlark-%.4s%.2s%.2sT%.2s%.2s%.2sZ-%s.warc.gz%s",
             month,
             now,
             now + 5,
             now + 8,
             now + 11,
             now + 14,
             now + 17,
             mud_hex(hex, salt, sizeof(salt)),
             vault->seals ? MUD_SEALED_END : "");
    vault->warcinfo = mud_id_of("warcinfo", mud_str_z(vault->name));
    if (!warcinfo(vault, err) ||
        !mud_vault_path(path, sizeof(path), vault, mud_str_z(vault->name), err))
        return false;
    if (!born(vault, path, err))
        return false;
    vault->end = 0;
    ok = mud_vault_write(vault, 0, vault->buf.s, vault->buf.n, err) &&
         mud_vault_sync(vault, err) && mud_folder_sync(folder, err);
    if (!ok)
        unlink(path);
    /* Whatever becomes of the commit, the file and its row agree. */
    ok = ok && registered(vault, pg, err);
    vault->end = (int64_t)vault->buf.n;
    if (!ok)
        mud_vault_drop(vault);
    return ok;
}

/* Take up a file that another process left off, if it is one of ours. */
static bool take(struct mud_vault *vault, const struct mud_rows *rows,
                 size_t row, struct mud_pg *pg, struct mud_error *err)
{
    struct mud_str name = mud_rows_get(rows, row, 0);
    char path[4200], hex[MUD_HEX256];
    struct stat st;
    int64_t sealed;
    bool found;

    mud_hex(hex, vault->binary, MUD_SHA256);
    if (mud_str_ends(name, MUD_STR(MUD_SEALED_END)) != vault->seals ||
        !mud_str_eqz(mud_rows_get(rows, row, 3), hex) ||
        name.n >= MUD_VAULT_NAME || mud_rows_int(rows, row, 1) >= vault->rotate)
        return true;
    if (!mud_vault_path(path, sizeof(path), vault, name, err))
        return false;
    vault->fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (vault->fd < 0)
        return true;
    if (flock(vault->fd, LOCK_EX | LOCK_NB) != 0) {
        mud_vault_drop(vault);
        return true;
    }
    snprintf(vault->name, sizeof(vault->name), "%.*s", MUD_FMT(name));
    /* The lock is ours from here on: ask again what is sealed. */
    if (!mud_warc_row_sealed(&sealed, &found, pg, vault->name, err)) {
        mud_vault_drop(vault);
        return false;
    }
    if (!found || fstat(vault->fd, &st) != 0 || st.st_size != sealed) {
        mud_vault_drop(vault);
        return true;
    }
    vault->end = sealed;
    vault->warcinfo = mud_rows_id(rows, row, 2);
    return true;
}

static bool reuse(struct mud_vault *vault, const char *month, struct mud_pg *pg,
                  struct mud_error *err)
{
    struct mud_rows *rows;
    bool ok = true;

    if (!mud_pg_query(&rows, pg, mud_sql("capture_warc_open"), NULL, 0, err))
        return false;
    for (size_t i = 0; ok && vault->fd < 0 && i < mud_rows_count(rows); i++)
        if (mud_str_starts(mud_rows_get(rows, i, 0), mud_str_z(month)))
            ok = take(vault, rows, i, pg, err);
    mud_rows_free(rows);
    return ok;
}

bool mud_vault_file(struct mud_vault *vault, struct mud_pg *pg,
                    struct mud_error *err)
{
    char now[MUD_TIME_TEXT];
    struct mud_str arg = mud_str_z(vault->name);

    mud_time_text(now, mud_now(), false);
    now[7] = '\0';
    if (vault->fd >= 0 && vault->end < vault->rotate &&
        strncmp(now, vault->name, 7) == 0)
        return true;
    if (vault->fd >= 0) {
        if (!mud_pg_query(
                NULL, pg, mud_sql("capture_warc_close"), &arg, 1, err))
            return false;
        mud_vault_drop(vault);
    }
    if (!reuse(vault, now, pg, err))
        return mud_fail_in(err, "take up a file of the vault");
    return vault->fd >= 0 || begin(vault, pg, err) ||
           mud_fail_in(err, "begin a file of the vault");
}
