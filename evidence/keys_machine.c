/* The machine key: made, rotated, taken elsewhere. */
#include "evidence/keys.h"

#include "base/conf.h"
#include "base/json.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Into a file that is not there yet: of two that begin at once one is first. */
static bool write_new(const char *path, const uint8_t key[MUD_FRAME_KEY],
                      struct mud_error *err)
{
    char part[4400], folder[4300], *text;
    const char *slash = strrchr(path, '/');
    bool ok;
    int fd;

    snprintf(part, sizeof(part), "%s.%ld.part", path, (long)getpid());
    snprintf(folder,
             sizeof(folder),
             "%.*s",
             slash ? (int)(slash - path) : 1,
             slash ? path : ".");
    if (access(folder, F_OK) != 0 && mkdir(folder, 0700) != 0 &&
        errno != EEXIST)
        return mud_fail_errno(err, MUD_EIO, "%s", folder);
    text = sodium_malloc(128);
    if (!text)
        mud_out_of_memory();
    snprintf(text, 128, "mudlark-machine-key 1\n");
    sodium_bin2hex(text + strlen(text), 65, key, MUD_FRAME_KEY);
    text[strlen(text) + 1] = '\0';
    text[strlen(text)] = '\n';
    unlink(part);
    fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    ok = fd >= 0 && mud_write_all(fd, mud_str_z(text)) && fsync(fd) == 0;
    sodium_free(text);
    if (fd >= 0)
        close(fd);
    ok = ok && (link(part, path) == 0 || errno == EEXIST);
    if (!ok)
        mud_fail_errno(err, MUD_EIO, "write machine key %s", path);
    unlink(part);
    return ok;
}

static bool make_at(const char *path, struct mud_error *err)
{
    uint8_t *key = sodium_malloc(MUD_FRAME_KEY);
    bool ok;

    if (!key)
        mud_out_of_memory();
    randombytes_buf(key, MUD_FRAME_KEY);
    ok = write_new(path, key, err);
    sodium_free(key);
    return ok;
}

bool mud_keys_make(struct mud_keys *keys, struct mud_error *err)
{
    keys->looked = false;
    return make_at(keys->path, err) && mud_keys_look(keys, err) &&
           (keys->machine->have ||
            mud_fail(err, MUD_EIO, "%s was made and is gone", keys->path));
}

/* One row of seal_key or seal_kept, closed again with the coming key. */
static bool wrap_again(struct mud_key_file *file, const struct mud_keys *keys,
                       struct mud_error *err)
{
    uint8_t *key = sodium_malloc(MUD_FRAME_KEY);
    bool ok;

    if (!key)
        mud_out_of_memory();
    ok = mud_key_unwrap(key, keys, file, err);
    if (ok)
        mud_key_wrap(file, keys->coming, key);
    sodium_free(key);
    return ok;
}

static bool row_of(struct mud_key_file *file, const struct mud_rows *rows,
                   size_t r, struct mud_error *err)
{
    return mud_key_file_of(file, rows, r) ||
           mud_fail(err, MUD_ECORRUPT, "a data key's row is damaged");
}

static bool rewrap_row(const struct mud_key_file *file, struct mud_pg *pg,
                       struct mud_error *err)
{
    char key[MUD_ID_TEXT], salt[MUD_ID_TEXT], machine[MUD_ID_TEXT],
        hex[2 * MUD_KEY_WRAPPED + 1];
    struct mud_str args[4];
    bool kept = !mud_id_zero(file->salt);

    args[0] = mud_str_z(kept ? mud_id_text(salt, file->salt)
                             : mud_id_text(key, file->key));
    args[1] = mud_str_z(mud_id_text(machine, file->machine));
    args[2] = mud_str_z(mud_hex(hex, file->wrapped, MUD_KEY_WRAPPED));
    return mud_pg_query(NULL,
                        pg,
                        kept ? mud_sql("seal_kept_wrap")
                             : mud_sql("seal_key_wrap"),
                        args,
                        3,
                        err);
}

/* Rows and copies; a copy that is written twice is no harm. */
static bool rotate_rows(int64_t *closed, struct mud_keys *keys,
                        struct mud_pg *pg, struct mud_error *err)
{
    struct mud_key_file file;
    struct mud_rows *rows;
    bool ok;

    /* Under the lock nobody closes a key with the old one any more. */
    ok = mud_pg_begin(pg, err) &&
         mud_pg_query(NULL, pg, mud_sql("seal_lock"), NULL, 0, err);
    if (!ok ||
        !mud_pg_query(&rows, pg, mud_sql("seal_key_closed"), NULL, 0, err)) {
        mud_pg_rollback(pg);
        return false;
    }
    for (size_t r = 0; ok && r < mud_rows_count(rows); r++)
        ok = row_of(&file, rows, r, err) &&
             (mud_id_eq(file.machine, keys->coming->id) ||
              (wrap_again(&file, keys, err) && rewrap_row(&file, pg, err)));
    ok = ok && mud_pg_commit(pg, err);
    if (!ok)
        mud_pg_rollback(pg);
    mud_rows_free(rows);
    if (!ok ||
        !mud_pg_query(&rows, pg, mud_sql("seal_key_closed"), NULL, 0, err))
        return false;
    *closed = (int64_t)mud_rows_count(rows);
    for (size_t r = 0; ok && r < mud_rows_count(rows); r++)
        ok = row_of(&file, rows, r, err) &&
             mud_key_file_write(
                 keys, &file, mud_id_zero(file.salt) ? "key" : "kept", err);
    mud_rows_free(rows);
    return ok;
}

/* The old key's bytes are overwritten before its name goes. */
static bool replace(struct mud_keys *keys, const char *coming,
                    struct mud_error *err)
{
    static const char zero[128];
    struct stat st;
    int fd = open(keys->path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    bool ok = fd >= 0 && fstat(fd, &st) == 0;
    int old = fd;

    if (!ok)
        return mud_fail_errno(err, MUD_EIO, "%s", keys->path);
    /* Renamed first: killed in between, the new one is in its place and the
     * old one only without a name. */
    ok = rename(coming, keys->path) == 0;
    if (ok)
        ok = mud_write_all(old,
                           mud_str_of(zero,
                                      st.st_size < (off_t)sizeof(zero)
                                          ? (size_t)st.st_size
                                          : sizeof(zero))) &&
             fsync(old) == 0;
    if (!ok)
        mud_fail_errno(err, MUD_EIO, "%s", keys->path);
    close(old);
    keys->looked = false;
    return ok && mud_keys_look(keys, err);
}

bool mud_keys_rotate(int64_t *closed, struct mud_keys *keys, struct mud_pg *pg,
                     struct mud_error *err)
{
    char coming[4300];

    *closed = 0;
    if (!mud_keys_look(keys, err))
        return false;
    if (!keys->machine->have)
        return mud_fail(err,
                        MUD_EMISSING,
                        "there is no machine key at %s: mudlark keys new",
                        keys->path);
    snprintf(coming, sizeof(coming), "%s.new", keys->path);
    if (!make_at(coming, err))
        return false;
    keys->looked = false;
    return mud_keys_look(keys, err) && mud_keys_sync(keys, pg, err) &&
           rotate_rows(closed, keys, pg, err) && replace(keys, coming, err);
}

/* ---------------------------------------------------------------- elsewhere */

#define SALT         crypto_pwhash_SALTBYTES
#define PHRASE_LEAST 12

/* argon2id, "moderate": 256 MiB and about a second. */
static bool stretch(uint8_t out[MUD_FRAME_KEY], struct mud_str phrase,
                    const uint8_t salt[SALT], struct mud_error *err)
{
    return crypto_pwhash(out,
                         MUD_FRAME_KEY,
                         phrase.s,
                         phrase.n,
                         salt,
                         crypto_pwhash_OPSLIMIT_MODERATE,
                         crypto_pwhash_MEMLIMIT_MODERATE,
                         crypto_pwhash_ALG_ARGON2ID13) == 0 ||
           mud_fail(err, MUD_ELIMIT, "argon2id needs 256 MiB of memory");
}

bool mud_keys_export(struct mud_buf *out, const struct mud_keys *keys,
                     struct mud_str phrase, struct mud_error *err)
{
    static const char aad[] = "mudlark machine key";
    uint8_t salt[SALT], *with = sodium_malloc(MUD_FRAME_KEY), hold[72];
    char hex[160];
    struct mud_json json = {.buf = out};
    bool ok;

    if (!with)
        mud_out_of_memory();
    ok = (keys->machine->have ||
          mud_fail(err, MUD_EMISSING, "there is no key at %s", keys->path)) &&
         (phrase.n >= PHRASE_LEAST ||
          mud_fail(err,
                   MUD_EUSAGE,
                   "a passphrase has at least %d bytes",
                   PHRASE_LEAST));
    mud_random(salt, sizeof(salt));
    mud_random(hold, 24);
    ok = ok && stretch(with, phrase, salt, err);
    if (ok) {
        crypto_aead_xchacha20poly1305_ietf_encrypt(hold + 24,
                                                   NULL,
                                                   keys->machine->key,
                                                   MUD_FRAME_KEY,
                                                   (const uint8_t *)aad,
                                                   sizeof(aad) - 1,
                                                   NULL,
                                                   hold,
                                                   with);
        mud_json_object(&json);
        mud_json_kz(&json, "kdf", "argon2id moderate");
        mud_json_kid(&json, "machine", keys->machine->id);
        mud_json_kz(&json, "salt", mud_hex(hex, salt, sizeof(salt)));
        mud_json_kint(&json, "schema", 1);
        mud_json_kz(&json, "type", "mudlark-machine-key");
        mud_json_kz(&json, "wrapped", mud_hex(hex, hold, sizeof(hold)));
        mud_json_object_end(&json);
        mud_buf_c(out, '\n');
    }
    sodium_free(with);
    return ok;
}

static bool open_export(uint8_t key[MUD_FRAME_KEY], struct mud_str text,
                        struct mud_str phrase, struct mud_error *err)
{
    static const char aad[] = "mudlark machine key";
    json_t *json = mud_json_read(text, NULL);
    uint8_t salt[SALT], hold[72], *with = sodium_malloc(MUD_FRAME_KEY);
    bool ok;

    if (!with)
        mud_out_of_memory();
    ok = (json &&
          mud_str_eqz(mud_json_get_str(json, "type"), "mudlark-machine-key") &&
          mud_unhex(mud_json_get_str(json, "salt"), salt, sizeof(salt)) &&
          mud_unhex(mud_json_get_str(json, "wrapped"), hold, sizeof(hold))) ||
         mud_fail(err, MUD_EINPUT, "is no machine key that was exported");
    json_decref(json);
    ok = ok && stretch(with, phrase, salt, err) &&
         (crypto_aead_xchacha20poly1305_ietf_decrypt(key,
                                                     NULL,
                                                     NULL,
                                                     hold + 24,
                                                     sizeof(hold) - 24,
                                                     (const uint8_t *)aad,
                                                     sizeof(aad) - 1,
                                                     hold,
                                                     with) == 0 ||
          mud_fail(err, MUD_EDENIED, "the passphrase does not open it"));
    sodium_free(with);
    return ok;
}

bool mud_keys_import(struct mud_keys *keys, struct mud_str text,
                     struct mud_str phrase, struct mud_error *err)
{
    uint8_t *key = sodium_malloc(MUD_FRAME_KEY);
    bool ok;

    if (!key)
        mud_out_of_memory();
    ok = open_export(key, text, phrase, err) &&
         (access(keys->path, F_OK) != 0 ||
          mud_fail(err,
                   MUD_EUSAGE,
                   "%s is there already: move it away first",
                   keys->path)) &&
         write_new(keys->path, key, err);
    sodium_free(key);
    keys->looked = false;
    return ok && mud_keys_look(keys, err);
}
