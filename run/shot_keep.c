#include "run/shot.h"

#include "base/conf.h"
#include "base/json.h"
#include "base/time.h"
#include "evidence/ledger.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static bool write_to(int fd, struct mud_str bytes, const char *path,
                     struct mud_error *err)
{
    bool good = mud_write_all(fd, bytes) && fsync(fd) == 0;

    if (!good)
        mud_fail_errno(err, MUD_EIO, "write %s", path);
    return close(fd) == 0 && good;
}

static bool sync_folder(const char *path, struct mud_error *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return good || mud_fail_errno(err, MUD_EIO, "%s", path);
}

/* shots/YYYY-MM/CAPTURE-DIGEST.png, complete under its name or not there. */
static bool keep_file(struct mud_shot *shot, const char *home,
                      struct mud_arena *arena, struct mud_error *err)
{
    char id[MUD_ID_TEXT], hex[MUD_HEX256], at[MUD_TIME_TEXT];

    mud_time_text(at, shot->at, false);
    mud_hex(hex, shot->sha256, MUD_SHA256);
    struct mud_str folder = mud_str_printf(arena, "%s/shots/%.7s", home, at);
    struct mud_str path = mud_str_printf(arena,
                                         "%s/%s-%.16s.png",
                                         folder.s,
                                         mud_id_text(id, shot->capture.id),
                                         hex);
    struct mud_str part = mud_str_printf(arena, "%s.%d", path.s, (int)getpid());
    int fd;

    if (!mud_mkdirs(folder.s, err))
        return false;
    fd = open(
        part.s, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return mud_fail_errno(err, MUD_EIO, "%s", part.s);
    if (!write_to(fd, shot->png, part.s, err) ||
        (rename(part.s, path.s) != 0 &&
         !mud_fail_errno(err, MUD_EIO, "%s", path.s)) ||
        !sync_folder(folder.s, err)) {
        unlink(part.s);
        return false;
    }
    shot->path = mud_str_sub(path, strlen(home) + 1, path.n);
    return true;
}

/* What it was made of and how: in the row and in the ledger. */
static void put_detail(struct mud_buf *out, const struct mud_shot *shot,
                       const struct mud_shot_ask *ask)
{
    struct mud_json json = {.buf = out};
    char id[MUD_ID_TEXT];

    mud_json_object(&json);
    mud_json_khex(&json, "sha256", shot->sha256, MUD_SHA256);
    mud_json_khex(&json, "capture_sha256", shot->capture.sha256, MUD_SHA256);
    mud_json_kstr(&json, "renderer", shot->renderer);
    mud_json_kz(&json, "tool", "mudlark " MUD_VERSION);
    mud_json_kstr(&json, "reader", shot->reader);
    mud_json_kint(&json, "width", shot->width);
    mud_json_kint(&json, "height", shot->height);
    mud_json_kint(&json, "page_height", shot->page_height);
    mud_json_kbool(&json, "cut", shot->cut);
    mud_json_kbool(&json, "loaded", shot->in_time);
    mud_json_kbool(&json, "masked", shot->masked);
    mud_json_kint(&json, "covered", (int64_t)shot->covered);
    mud_json_kint(&json, "withheld", shot->withheld);
    mud_json_kint(&json, "not_in_archive", shot->not_there);
    mud_json_kz(&json,
                "offline",
                shot->network_namespace ? "namespace and filter" : "filter");
    mud_json_kbool(&json, "sandbox", shot->sandbox);
    if (ask->unmasked)
        mud_json_kint(&json, "approval", ask->approval);
    if (ask->reason.n)
        mud_json_kstr(&json, "reason", mud_str_sub(ask->reason, 0, 2000));
    mud_json_key(&json, "parts");
    mud_json_array(&json);
    for (int i = 0; i < shot->used && i < 500; i++)
        mud_json_str(&json, mud_str_z(mud_id_text(id, shot->captures[i])));
    mud_json_array_end(&json);
    mud_json_object_end(&json);
}

static bool add_row(struct mud_shot *shot, struct mud_worker *worker,
                    struct mud_str detail, struct mud_error *err)
{
    char id[MUD_ID_TEXT], hex[MUD_HEX256], at[MUD_TIME_TEXT], seq[24];
    struct mud_ledger_entry entry = {
        .op = "shot",
        .object = mud_str_z(mud_id_text(id, shot->capture.id)),
        .actor = mud_str_z(worker->who),
        .detail = detail};
    struct mud_rows *rows;

    if (!mud_ledger_append(worker->pg, &entry, 1, err))
        return false;
    shot->ledger_seq = entry.seq;
    snprintf(seq, sizeof(seq), "%lld", (long long)entry.seq);
    const struct mud_str args[] = {
        entry.object,
        mud_str_z(mud_hex(hex, shot->sha256, MUD_SHA256)),
        mud_str_z(mud_time_text(at, shot->at, true)),
        entry.actor,
        mud_str_z(shot->masked ? "true" : "false"),
        shot->path,
        detail,
        mud_str_z(seq)};
    if (!mud_pg_query(&rows, worker->pg, mud_sql("shot_add"), args, 8, err))
        return false;
    mud_rows_free(rows);
    return true;
}

bool mud_shot_keep(struct mud_shot *shot, struct mud_worker *worker,
                   const struct mud_shot_ask *ask, struct mud_arena *arena,
                   struct mud_error *err)
{
    struct mud_buf detail = {0};

    if (shot->masked && !keep_file(shot, worker->home, arena, err))
        return false;
    put_detail(&detail, shot, ask);
    bool good = mud_pg_begin(worker->pg, err) &&
                add_row(shot, worker, mud_buf_view(&detail), err) &&
                mud_pg_commit(worker->pg, err);
    if (!good)
        mud_pg_rollback(worker->pg);
    mud_buf_free(&detail);
    return good && mud_ledger_mirror(worker->pg, worker->home, err);
}
