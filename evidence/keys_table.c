/* Keys as rows: which one is sealed with now, and what becomes of it. */
#include "evidence/keys.h"

#include "base/conf.h"
#include "base/json.h"
#include "base/time.h"

#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CLASSES_FOR \
    (30 * MUD_SECOND) /* how long a source's class is believed */

static bool classes_load(struct mud_keys *keys, struct mud_pg *pg,
                         struct mud_error *err)
{
    struct mud_rows *rows;

    if (keys->classes_at && mud_monotonic() - keys->classes_at < CLASSES_FOR)
        return true;
    if (!mud_pg_query(&rows, pg, mud_sql("retention_classes"), NULL, 0, err))
        return false;
    keys->n_classes = 0;
    for (size_t r = 0; r < mud_rows_count(rows); r++) {
        keys->classes = mud_grow(keys->classes,
                                 &keys->cap_classes,
                                 keys->n_classes,
                                 sizeof(*keys->classes));
        keys->classes[keys->n_classes].source =
            (int32_t)mud_rows_int(rows, r, 0);
        snprintf(keys->classes[keys->n_classes].class,
                 MUD_KEY_CLASS,
                 "%.*s",
                 MUD_FMT(mud_rows_get(rows, r, 1)));
        keys->n_classes++;
    }
    mud_rows_free(rows);
    keys->classes_at = mud_monotonic();
    return true;
}

static const char *class_of(const struct mud_keys *keys, int32_t source)
{
    for (size_t i = 0; i < keys->n_classes; i++)
        if (keys->classes[i].source == source)
            return keys->classes[i].class;
    return "1y"; /* docs/evidence.md: what a source has that was told nothing */
}

static void month_now(char out[8])
{
    char now[MUD_TIME_TEXT];

    mud_time_text(now, mud_now(), false);
    memcpy(out, now, 7);
    out[7] = '\0';
}

static bool row_add(const struct mud_key_file *file, struct mud_pg *pg,
                    struct mud_error *err)
{
    char key[MUD_ID_TEXT], machine[MUD_ID_TEXT], now[MUD_TIME_TEXT],
        hex[2 * MUD_KEY_WRAPPED + 1];
    struct mud_str args[6];

    args[0] = mud_str_z(mud_id_text(key, file->key));
    args[1] = mud_str_z(file->month);
    args[2] = mud_str_z(file->class);
    args[3] = mud_str_z(mud_id_text(machine, file->machine));
    args[4] = mud_str_z(mud_hex(hex, file->wrapped, MUD_KEY_WRAPPED));
    args[5] = mud_str_z(mud_time_text(now, mud_now(), true));
    return mud_pg_query(NULL, pg, mud_sql("seal_key_add"), args, 6, err);
}

/* The living key of month and class; zero: none. */
static bool row_find(struct mud_id *key, const char *month, const char *class,
                     struct mud_pg *pg, struct mud_error *err)
{
    struct mud_str args[2] = {mud_str_z(month), mud_str_z(class)};
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, pg, mud_sql("seal_key_find"), args, 2, err))
        return false;
    *key = mud_rows_count(rows) ? mud_rows_id(rows, 0, 0) : (struct mud_id){0};
    mud_rows_free(rows);
    return true;
}

/*
 * A data key for month and class. The lock is that of rotation, too: a key is
 * never closed with a machine key that is about to go. The copy is on disk
 * before the row is committed, and nothing is sealed before that.
 */
static bool make(struct mud_id *key, const char *month, const char *class,
                 struct mud_keys *keys, struct mud_pg *pg,
                 struct mud_error *err)
{
    struct mud_key_file file = {0};
    uint8_t *fresh;
    bool ok;

    if (!mud_pg_begin(pg, err))
        return false;
    ok = mud_pg_query(NULL, pg, mud_sql("seal_lock"), NULL, 0, err) &&
         row_find(key, month, class, pg, err);
    if (ok && mud_id_zero(*key)) {
        keys->looked = false;
        ok = mud_keys_look(keys, err) &&
             (keys->machine->have ||
              mud_fail(
                  err, MUD_EDENIED, "the machine key %s is gone", keys->path));
        mud_random(file.key.b, sizeof(file.key.b));
        snprintf(file.month, sizeof(file.month), "%s", month);
        snprintf(file.class, sizeof(file.class), "%s", class);
        fresh = sodium_malloc(MUD_FRAME_KEY);
        if (!fresh)
            mud_out_of_memory();
        randombytes_buf(fresh, MUD_FRAME_KEY);
        mud_key_wrap(
            &file, keys->coming->have ? keys->coming : keys->machine, fresh);
        sodium_free(fresh);
        *key = file.key;
        ok = ok && mud_key_file_write(keys, &file, "key", err) &&
             row_add(&file, pg, err);
    }
    ok = ok && mud_pg_commit(pg, err);
    if (!ok)
        mud_pg_rollback(pg);
    return ok;
}

bool mud_keys_now(struct mud_id *key, const uint8_t **data,
                  struct mud_keys *keys, struct mud_pg *pg, int32_t source,
                  struct mud_error *err)
{
    const struct mud_data_key *found = NULL;
    const char *class;
    char month[8];

    if (!classes_load(keys, pg, err))
        return false;
    class = class_of(keys, source);
    month_now(month);
    for (struct mud_data_key *k = keys->data; k && !found; k = k->next)
        if (strcmp(k->month, month) == 0 && strcmp(k->class, class) == 0)
            found = k;
    if (!found) {
        if (!row_find(key, month, class, pg, err) ||
            (mud_id_zero(*key) && !make(key, month, class, keys, pg, err)) ||
            !mud_keys_data(&found, keys, *key, err))
            return mud_fail_in(err, "data key of %s, %s", month, class);
    }
    *key = found->id;
    *data = found->key;
    return true;
}

bool mud_keys_decide(bool *seals, struct mud_keys *keys, struct mud_pg *pg,
                     struct mud_error *err)
{
    struct mud_rows *rows;
    int64_t known, files;

    *seals = true;
    if (!mud_keys_look(keys, err))
        return false;
    if (keys->machine->have)
        return true;
    if (!mud_pg_query(&rows, pg, mud_sql("seal_begun"), NULL, 0, err))
        return false;
    known = mud_rows_int(rows, 0, 0);
    files = mud_rows_int(rows, 0, 1);
    mud_rows_free(rows);
    if (known || access(keys->folder, F_OK) == 0)
        return mud_fail(err,
                        MUD_EDENIED,
                        "the vault is sealed and its machine key is not at "
                        "%s: put it there, name its place in MUDLARK_KEY, or "
                        "get it back with mudlark keys import",
                        keys->path);
    *seals = files == 0;
    return files > 0 || mud_keys_make(keys, err);
}

/* ------------------------------------------------------------ rows = copies */

bool mud_key_file_of(struct mud_key_file *file, const struct mud_rows *rows,
                     size_t r)
{
    memset(file, 0, sizeof(*file));
    file->key = mud_rows_id(rows, r, 0);
    if (!mud_rows_null(rows, r, 1))
        file->salt = mud_rows_id(rows, r, 1);
    file->machine = mud_rows_id(rows, r, 2);
    snprintf(file->month,
             sizeof(file->month),
             "%.*s",
             MUD_FMT(mud_rows_get(rows, r, 3)));
    snprintf(file->class,
             sizeof(file->class),
             "%.*s",
             MUD_FMT(mud_rows_get(rows, r, 4)));
    return mud_rows_bytes(rows, r, 5, file->wrapped, MUD_KEY_WRAPPED);
}

/* Copies that are missing are written; where a tombstone stands, the row is
 * from before it. */
static bool rows_to_copies(struct mud_keys *keys, struct mud_pg *pg,
                           struct mud_error *err)
{
    struct mud_key_file file, have;
    struct mud_rows *rows;
    bool ok = true;

    if (!mud_pg_query(&rows, pg, mud_sql("seal_key_closed"), NULL, 0, err))
        return false;
    for (size_t r = 0; ok && r < mud_rows_count(rows); r++) {
        char why[400];
        bool kept;

        if (!mud_key_file_of(&file, rows, r))
            continue;
        kept = !mud_id_zero(file.salt);
        if (mud_key_file_read(&have,
                              keys,
                              kept ? file.salt : file.key,
                              kept ? "kept" : "key",
                              NULL))
            continue;
        if (!mud_keys_gone(why,
                           sizeof(why),
                           keys,
                           kept ? file.salt : file.key,
                           (struct mud_id){0}))
            ok = mud_key_file_write(keys, &file, kept ? "kept" : "key", err);
    }
    mud_rows_free(rows);
    return ok;
}

/* What stands on a tombstone goes into the row. */
static bool bury(const struct mud_keys *keys, struct mud_id id,
                 struct mud_pg *pg, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    char path[4300], key[MUD_ID_TEXT];
    struct mud_str text, args[4];
    json_t *json = NULL;
    bool ok;

    snprintf(
        path, sizeof(path), "%s/%s.gone", keys->folder, mud_id_text(key, id));
    ok = mud_file_read(&text, path, 4096, arena, err) &&
         (json = mud_json_read(text, err)) != NULL;
    args[0] = mud_str_z(key);
    args[1] = mud_json_get_str(json, "at");
    args[2] = mud_json_get_str(json, "actor");
    args[3] = mud_json_get_str(json, "reason");
    ok = ok && mud_pg_query(NULL, pg, mud_sql("seal_key_end"), args, 4, err) &&
         mud_pg_query(NULL, pg, mud_sql("seal_kept_end"), args, 1, err) &&
         mud_pg_query(NULL, pg, mud_sql("seal_purged"), args, 2, err) &&
         mud_pg_query(NULL, pg, mud_sql("seal_purged_own"), args, 2, err);
    json_decref(json);
    mud_arena_free(arena);
    return ok;
}

static bool kept_add(const struct mud_key_file *file, struct mud_pg *pg,
                     struct mud_error *err)
{
    char key[MUD_ID_TEXT], salt[MUD_ID_TEXT], machine[MUD_ID_TEXT],
        now[MUD_TIME_TEXT], hex[2 * MUD_KEY_WRAPPED + 1];
    struct mud_str args[5];

    args[0] = mud_str_z(mud_id_text(salt, file->salt));
    args[1] = mud_str_z(mud_id_text(key, file->key));
    args[2] = mud_str_z(mud_id_text(machine, file->machine));
    args[3] = mud_str_z(mud_hex(hex, file->wrapped, MUD_KEY_WRAPPED));
    args[4] = mud_str_z(mud_time_text(now, mud_now(), true));
    return mud_pg_query(NULL, pg, mud_sql("seal_kept_add"), args, 5, err);
}

static bool copy_to_row(const struct mud_keys *keys, const char *name,
                        struct mud_pg *pg, struct mud_error *err)
{
    struct mud_str file = mud_str_z(name);
    struct mud_key_file copy;
    struct mud_id id;
    size_t dot = mud_str_chr(file, '.');
    const char *suffix;

    if (dot == MUD_NPOS || !mud_id_parse(mud_str_sub(file, 0, dot), &id))
        return true;
    suffix = name + dot + 1;
    if (strcmp(suffix, "gone") == 0)
        return bury(keys, id, pg, err);
    if (strcmp(suffix, "key") == 0)
        return mud_key_file_read(&copy, keys, id, "key", err) &&
               row_add(&copy, pg, err);
    if (strcmp(suffix, "kept") == 0)
        return mud_key_file_read(&copy, keys, id, "kept", err) &&
               kept_add(&copy, pg, err);
    return true;
}

/* Killed between the row's end and the copy's: the row counts. */
static bool end_copies(struct mud_keys *keys, struct mud_pg *pg,
                       struct mud_error *err)
{
    struct mud_key_file file;
    struct mud_rows *rows;
    bool ok = true;

    if (!mud_pg_query(&rows, pg, mud_sql("seal_key_ended"), NULL, 0, err))
        return false;
    for (size_t r = 0; ok && r < mud_rows_count(rows); r++) {
        struct mud_key_end end = {.key = mud_rows_id(rows, r, 0),
                                  .suffix = "key",
                                  .at = mud_rows_time(rows, r, 1),
                                  .actor = mud_rows_get(rows, r, 2),
                                  .reason = mud_rows_get(rows, r, 3)};

        if (mud_key_file_read(&file, keys, end.key, "key", NULL))
            ok = mud_keys_destroy(keys, &end, err);
    }
    mud_rows_free(rows);
    return ok;
}

bool mud_keys_sync(struct mud_keys *keys, struct mud_pg *pg,
                   struct mud_error *err)
{
    struct dirent *entry;
    DIR *dir;
    bool ok = end_copies(keys, pg, err) && rows_to_copies(keys, pg, err);

    if (!ok)
        return false;
    dir = opendir(keys->folder);
    if (!dir)
        return errno == ENOENT ||
               mud_fail_errno(err, MUD_EIO, "%s", keys->folder);
    while (ok && (entry = readdir(dir)) != NULL)
        ok = copy_to_row(keys, entry->d_name, pg, err);
    closedir(dir);
    return ok;
}

/* -------------------------------------------------------------- kept, ended */

bool mud_keys_check(struct mud_keys *keys, struct mud_pg *pg,
                    struct mud_error *err)
{
    const struct mud_data_key *data;
    struct mud_rows *rows;
    bool ok;

    if (!mud_keys_sync(keys, pg, err) ||
        !mud_pg_query(&rows, pg, mud_sql("seal_key_closed"), NULL, 0, err))
        return false;
    ok = true;
    for (size_t r = 0; ok && r < mud_rows_count(rows); r++)
        ok = !mud_rows_null(rows, r, 1) || /* a kept one, of one capture */
             mud_keys_data(&data, keys, mud_rows_id(rows, r, 0), err);
    mud_rows_free(rows);
    return ok;
}

bool mud_keys_keep(struct mud_keys *keys, struct mud_pg *pg, struct mud_id key,
                   struct mud_id salt, struct mud_error *err)
{
    struct mud_key_file file = {.key = key, .salt = salt};
    const struct mud_data_key *data;
    uint8_t *own;
    bool ok;

    if (mud_key_file_read(&file, keys, salt, "kept", NULL))
        return kept_add(&file, pg, err);
    file = (struct mud_key_file){.key = key, .salt = salt};
    if (!mud_keys_data(&data, keys, key, err))
        return false;
    own = sodium_malloc(MUD_FRAME_KEY);
    if (!own)
        mud_out_of_memory();
    mud_frame_key(own, data->key, key, salt);
    mud_key_wrap(&file, keys->coming->have ? keys->coming : keys->machine, own);
    sodium_free(own);
    ok = mud_key_file_write(keys, &file, "kept", err);
    return ok && kept_add(&file, pg, err);
}

bool mud_keys_destroy(struct mud_keys *keys, const struct mud_key_end *end,
                      struct mud_error *err)
{
    char path[4300], id[MUD_ID_TEXT], at[MUD_TIME_TEXT];
    struct mud_buf text = {0};
    struct mud_json json = {.buf = &text};
    bool ok;

    snprintf(path,
             sizeof(path),
             "%s/%s.gone",
             keys->folder,
             mud_id_text(id, end->key));
    mud_json_object(&json);
    mud_json_kstr(&json, "actor", end->actor);
    mud_json_kz(&json, "at", mud_time_text(at, end->at, false));
    mud_json_kid(&json, "key", end->key);
    mud_json_kstr(&json, "reason", end->reason);
    mud_json_kint(&json, "schema", 1);
    mud_json_object_end(&json);
    mud_buf_c(&text, '\n');
    ok = mud_key_file_put(path, mud_buf_view(&text), err) &&
         mud_key_file_wipe(keys, end->key, end->suffix, err);
    mud_buf_free(&text);
    keys->capture->have = false;
    for (struct mud_data_key **k = &keys->data; *k;) {
        struct mud_data_key *dead = *k;

        if (mud_id_eq(dead->id, end->key)) {
            *k = dead->next;
            sodium_free(dead);
        } else {
            k = &dead->next;
        }
    }
    return ok;
}
