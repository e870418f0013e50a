/* What is in the vault or the ledger and belongs to nothing. */
#include "evidence/verify_sealed.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

struct strays {
    struct mud_verify *verify;
    const struct mud_vault *vault;
    struct mud_pg *pg;
    char where[512];
};

static bool check_unmatched(struct strays *strays, struct mud_error *err)
{
    struct mud_str most = MUD_STR("1000");
    struct mud_rows *rows;

    if (!mud_pg_query(
            &rows, strays->pg, mud_sql("ledger_unmatched"), &most, 1, err))
        return false;
    for (size_t i = 0; i < mud_rows_count(rows); i++) {
        snprintf(strays->where,
                 sizeof(strays->where),
                 "ledger line %lld",
                 (long long)mud_rows_int(rows, i, 0));
        mud_found(strays->verify,
                  MUD_BAD,
                  "capture",
                  strays->where,
                  "capture %.*s has no row",
                  MUD_FMT(mud_rows_get(rows, i, 1)));
    }
    mud_rows_free(rows);
    return true;
}

static bool check_known(struct strays *strays, const char *name,
                        struct mud_error *err)
{
    struct mud_str arg = mud_str_z(name);
    struct mud_rows *rows;

    if (!mud_pg_query(
            &rows, strays->pg, mud_sql("capture_warc_known"), &arg, 1, err))
        return false;
    snprintf(strays->where, sizeof(strays->where), "vault/%s", name);
    if (mud_rows_int(rows, 0, 0) == 0)
        mud_found(strays->verify,
                  MUD_BAD,
                  "file",
                  strays->where,
                  "the database does not know it");
    mud_rows_free(rows);
    return true;
}

/* Files that nobody knows, and what was set aside. */
static bool check_folder(struct strays *strays, const char *folder,
                         struct mud_error *err)
{
    char path[4300], name[600];
    struct dirent *entry;
    bool lost = strcmp(folder, "lost+found") == 0, ok = true;
    int64_t n = 0;
    DIR *dir;

    snprintf(path, sizeof(path), "%s/%s", strays->vault->root, folder);
    dir = opendir(path);
    if (!dir)
        return true;
    while (ok && (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        n++;
        snprintf(name, sizeof(name), "%s/%s", folder, entry->d_name);
        if (!lost)
            ok = check_known(strays, name, err);
    }
    closedir(dir);
    if (lost && n)
        mud_found(strays->verify,
                  MUD_NOTE,
                  "lost+found",
                  "vault/lost+found",
                  "%lld remains of interrupted seals",
                  (long long)n);
    return ok;
}

static bool check_folders(struct strays *strays, struct mud_error *err)
{
    struct dirent *entry;
    bool ok = true;
    DIR *dir = opendir(strays->vault->root);

    if (!dir)
        return mud_fail_errno(err, MUD_EIO, "%s", strays->vault->root);
    while (ok && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.' && strcmp(entry->d_name, "keys") != 0)
            ok = check_folder(strays, entry->d_name, err);
    closedir(dir);
    return ok;
}

bool mud_verify_strays(struct mud_verify *verify, const struct mud_vault *vault,
                       struct mud_pg *pg, struct mud_error *err)
{
    struct strays strays = {.verify = verify, .vault = vault, .pg = pg};

    return check_unmatched(&strays, err) && check_folders(&strays, err);
}
