#include "evidence/vouch.h"

#include "base/conf.h"
#include "evidence/anchor_copy.h"
#include "evidence/openssl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* A file of certificates, under a name by its digest. */
static bool put_pem(int dir, const char *folder, const char *prefix,
                    const char *path, struct mud_arena *arena,
                    struct mud_error *err)
{
    uint8_t digest[MUD_SHA256];
    char hex[MUD_HEX256], name[MUD_VOUCHER_NAME];
    struct mud_str text;

    if (!*path || access(path, F_OK) != 0)
        return true;
    if (!mud_file_read(&text, path, MUD_PEM_MAX, arena, err))
        return false;
    mud_sha256_of(text, digest);
    (void)snprintf(name,
                   sizeof(name),
                   "%s-%.16s.pem",
                   prefix,
                   mud_hex(hex, digest, MUD_SHA256));
    return mud_anchor_put(dir, folder, name, text, err);
}

static bool put_all(const char *folder, const struct mud_rows *rows,
                    const struct mud_vouch_conf *conf, struct mud_arena *arena,
                    struct mud_error *err)
{
    int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = dir >= 0;

    if (!good)
        return mud_fail_errno(err,
                              errno == ENOENT ? MUD_EMISSING : MUD_EIO,
                              "folder for anchors: %s",
                              folder);
    for (size_t i = 0; good && i < mud_rows_count(rows); i++) {
        struct mud_str name = mud_rows_get(rows, i, 0);
        struct mud_str hex = mud_rows_get(rows, i, 2);
        uint8_t *bytes = mud_arena_alloc(arena, hex.n / 2 + 1);
        struct mud_str body = mud_str_of((const char *)bytes, hex.n / 2);

        good =
            mud_unhex(hex, bytes, hex.n / 2) &&
            mud_anchor_put(dir, folder, mud_str_cstr(name, arena), body, err);
    }
    good = good &&
           (!mud_rows_count(rows) ||
            (put_pem(dir, folder, "signer", conf->certificate, arena, err) &&
             put_pem(dir, folder, "signer", conf->signers, arena, err) &&
             put_pem(dir, folder, "signer", conf->was, arena, err) &&
             put_pem(dir, folder, "stamp-ca", conf->stamp_ca, arena, err)));
    close(dir);
    return good;
}

bool mud_vouch_copy(struct mud_pg *pg, const char *home,
                    const struct mud_vouch_conf *conf, struct mud_error *err)
{
    char own[MUD_ANCHOR_PATH], second[MUD_ANCHOR_PATH];
    struct mud_arena *arena;
    struct mud_rows *rows;
    bool good;

    if (!mud_anchor_folder(own, home, err) || !mud_mkdirs(own, err) ||
        !mud_anchor_copy_folder(second, home, err) ||
        !mud_pg_query(&rows, pg, mud_sql("voucher_all"), NULL, 0, err))
        return false;
    arena = mud_arena_new();
    good = put_all(own, rows, conf, arena, err) &&
           (!*second || put_all(second, rows, conf, arena, err));
    mud_arena_free(arena);
    mud_rows_free(rows);
    return good;
}

static void day_of(char out[MUD_DAY_TEXT], struct mud_str day)
{
    (void)snprintf(out, MUD_DAY_TEXT, "%.*s", MUD_FMT(day));
}

bool mud_vouch_state(struct mud_vouch_state *out, struct mud_pg *pg,
                     const char *home, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_vouch_conf conf;
    struct mud_rows *rows = NULL;
    bool good = mud_vouch_conf(&conf, home, arena, err) &&
                mud_pg_query(&rows, pg, mud_sql("voucher_state"), NULL, 0, err);

    *out = (struct mud_vouch_state){.anchors = 0};
    if (good) {
        out->has_key = access(conf.key, F_OK) == 0;
        out->has_authority = *conf.stamp != '\0';
        out->anchors = mud_rows_int(rows, 0, 0);
        out->signatures = mud_rows_int(rows, 0, 1);
        out->stamps = mud_rows_int(rows, 0, 2);
        day_of(out->unsigned_since, mud_rows_get(rows, 0, 3));
        day_of(out->unstamped_since, mud_rows_get(rows, 0, 4));
        out->tries = mud_rows_int(rows, 0, 5);
        out->next = out->tries ? mud_rows_time(rows, 0, 6) : 0;
        (void)snprintf(out->reason,
                       sizeof(out->reason),
                       "%.*s",
                       MUD_FMT(mud_rows_get(rows, 0, 7)));
    }
    mud_rows_free(rows);
    mud_arena_free(arena);
    return good;
}
