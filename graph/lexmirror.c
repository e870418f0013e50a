#include "graph/lexmirror.h"

#include "base/conf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MIRROR_MAX ((size_t)64 << 20)
#define PATH       4200

size_t mud_lexmirror_active(const struct mud_lexrow *rows, size_t n)
{
    size_t active = 0;

    for (size_t i = 0; i < n; i++)
        active += rows[i].active;
    return active;
}

/* The mirror as it is; *there is false when there is none. */
static bool read_mirror(struct mud_str *out, bool *there, const char *home,
                        struct mud_arena *arena, struct mud_error *err)
{
    struct mud_error missing = {0};
    char path[PATH];

    (void)snprintf(path, sizeof path, "%s/" MUD_LEXMIRROR, home);
    *there = mud_file_read(out, path, MIRROR_MAX, arena, &missing);
    return *there || missing.code == MUD_EMISSING ||
           mud_fail(err, missing.code, "%s", missing.text);
}

/* digest of text as a bytea argument */
static struct mud_str digest_arg(char out[2 + MUD_HEX256], struct mud_str text)
{
    uint8_t sha[MUD_SHA256];

    mud_sha256_of(text, sha);
    memcpy(out, "\\x", 2);
    mud_hex(out + 2, sha, sizeof sha);
    return mud_str_z(out);
}

bool mud_lexmirror_judge(enum mud_lexbook_state *out, struct mud_pg *pg,
                         const char *home, struct mud_str wanted, bool empty,
                         struct mud_arena *arena, struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    struct mud_str text = {0};
    char hex[2 + MUD_HEX256];
    bool there = false;

    if (!read_mirror(&text, &there, home, arena, err))
        return false;
    *out = (there ? mud_str_eq(text, wanted) : empty) ? MUD_LEXBOOK_SAME
                                                      : MUD_LEXBOOK_OLD;
    if (!there || *out == MUD_LEXBOOK_SAME)
        return true;
    struct mud_str arg = digest_arg(hex, text);
    if (!mud_pg_query(&rows, pg, mud_sql("lexicon_mirror_known"), &arg, 1, err))
        return false;
    *out = mud_rows_bool(rows, 0, 0) ? MUD_LEXBOOK_OLD : MUD_LEXBOOK_HAND;
    mud_rows_free(rows);
    return true;
}

/* What the table says now. */
static bool render(struct mud_buf *out, size_t *active, struct mud_pg *pg,
                   struct mud_arena *arena, struct mud_error *err)
{
    struct mud_lexrow *rows = NULL;
    size_t n = 0;

    if (!mud_lexbook_rows(&rows, &n, pg, arena, err))
        return false;
    *active = mud_lexmirror_active(rows, n);
    mud_lexbook_tsv(out, rows, n);
    return !out->over ||
           mud_fail(err, MUD_ELIMIT, "more terms than a mirror holds");
}

bool mud_lexbook_mirror(enum mud_lexbook_state *out, struct mud_pg *pg,
                        const char *home, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_buf text = {0};
    size_t active = 0;
    bool good =
        render(&text, &active, pg, arena, err) &&
        mud_lexmirror_judge(
            out, pg, home, mud_buf_view(&text), active == 0, arena, err);

    mud_buf_free(&text);
    mud_arena_free(arena);
    return good;
}

static bool sync_folder(const char *home, struct mud_error *err)
{
    int fd = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;

    if (!good)
        mud_fail_errno(err, MUD_EIO, "sync %s", home);
    if (fd >= 0)
        close(fd);
    return good;
}

/* Whole or not at all: a reader that starts meanwhile sees one or the other. */
static bool write_mirror(const char *home, struct mud_str text, bool keep_old,
                         struct mud_error *err)
{
    char path[PATH], part[PATH], old[PATH];
    int fd;
    bool good;

    (void)snprintf(path, sizeof path, "%s/" MUD_LEXMIRROR, home);
    (void)snprintf(old, sizeof old, "%s/" MUD_LEXMIRROR ".old", home);
    (void)snprintf(part, sizeof part, "%s/." MUD_LEXMIRROR ".XXXXXX", home);
    if (!mud_mkdirs(home, err))
        return false;
    fd = mkstemp(part);
    if (fd < 0)
        return mud_fail_errno(err, MUD_EIO, "%s", part);
    good = mud_write_all(fd, text) && fsync(fd) == 0;
    good = close(fd) == 0 && good;
    good = good && (!keep_old || rename(path, old) == 0) &&
           rename(part, path) == 0;
    if (!good) {
        mud_fail_errno(err, MUD_EIO, "write %s", path);
        unlink(part);
        return false;
    }
    return sync_folder(home, err);
}

bool mud_lexmirror_remember(struct mud_pg *pg, struct mud_str text,
                            size_t entries, const char *who,
                            struct mud_error *err)
{
    char hex[2 + MUD_HEX256], count[24], now[MUD_TIME_TEXT];
    struct mud_str args[] = {
        digest_arg(hex, text), MUD_STR(""), MUD_STR(""), mud_str_z(who)};

    (void)snprintf(count, sizeof count, "%zu", entries);
    mud_time_text(now, mud_now(), true);
    args[1] = mud_str_z(count);
    args[2] = mud_str_z(now);
    return mud_pg_query(NULL, pg, mud_sql("lexicon_mirror_put"), args, 4, err);
}

bool mud_lexbook_sync(enum mud_lexbook_state *state, bool *written,
                      struct mud_pg *pg, const char *home, bool anyway,
                      struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_buf text = {0};
    size_t active = 0;
    bool wrote = false;
    bool good =
        mud_pg_begin(pg, err) && mud_pg_exec(pg, MUD_LEXMIRROR_LOCK, err) &&
        render(&text, &active, pg, arena, err) &&
        mud_lexmirror_judge(
            state, pg, home, mud_buf_view(&text), active == 0, arena, err);

    if (good &&
        (*state == MUD_LEXBOOK_OLD || (*state == MUD_LEXBOOK_HAND && anyway))) {
        wrote = good = write_mirror(
            home, mud_buf_view(&text), *state == MUD_LEXBOOK_HAND, err);
        /* A table that was filled by a restore: its text is ours too. */
        good = good && mud_lexmirror_remember(
                           pg, mud_buf_view(&text), active, "mirror", err);
    }
    good = good && mud_pg_commit(pg, err);
    if (!good)
        mud_pg_rollback(pg);
    else if (wrote)
        *state = MUD_LEXBOOK_SAME;
    if (written)
        *written = good && wrote;
    mud_buf_free(&text);
    mud_arena_free(arena);
    return good || mud_fail_in(err, "mirror the analysts' terms");
}
