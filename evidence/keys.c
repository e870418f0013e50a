#include "evidence/keys.h"

#include "base/conf.h"
#include "base/json.h"
#include "base/time.h"
#include "evidence/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define MACHINE "mudlark-machine-key 1\n"
#define MOST    4096 /* bytes of a key file */

static void *locked(size_t size)
{
    void *out = sodium_malloc(size);

    if (!out)
        mud_out_of_memory();
    memset(out, 0, size);
    return out;
}

bool mud_keys_open(struct mud_keys **out, const char *home, const char *root,
                   struct mud_error *err)
{
    struct mud_keys *keys;
    struct mud_buf path = {0}, folder = {0};
    const char *named = getenv("MUDLARK_KEY");

    if (sodium_init() < 0)
        return mud_fail(err, MUD_EBUG, "libsodium does not start");
    keys = mud_calloc(1, sizeof(*keys));
    if (named && *named)
        mud_buf_z(&path, named);
    else
        mud_buf_printf(&path, "%s/keys/machine.key", home);
    mud_buf_printf(&folder, "%s/keys", root);
    keys->path = mud_strdup(mud_buf_cstr(&path));
    keys->folder = mud_strdup(mud_buf_cstr(&folder));
    mud_buf_free(&path);
    mud_buf_free(&folder);
    keys->machine = locked(sizeof(*keys->machine));
    keys->coming = locked(sizeof(*keys->coming));
    keys->capture = locked(sizeof(*keys->capture));
    *out = keys;
    return true;
}

void mud_keys_free(struct mud_keys *keys)
{
    struct mud_data_key *next;

    if (!keys)
        return;
    for (struct mud_data_key *k = keys->data; k; k = next) {
        next = k->next;
        sodium_free(k);
    }
    sodium_free(keys->machine);
    sodium_free(keys->coming);
    sodium_free(keys->capture);
    free(keys->classes);
    free(keys->path);
    free(keys->folder);
    free(keys);
}

/* The id of a machine key tells which one it is, and nothing of it. */
static struct mud_id machine_id(const uint8_t key[MUD_FRAME_KEY])
{
    static const uint8_t text[] = "mudlark machine key";
    struct mud_id id;

    if (crypto_generichash(
            id.b, sizeof(id.b), text, sizeof(text) - 1, key, MUD_FRAME_KEY) !=
        0)
        mud_out_of_memory();
    return id;
}

static bool machine_parse(struct mud_machine *out, const char *text, size_t n)
{
    const size_t head = sizeof(MACHINE) - 1;
    size_t got = 0;

    out->have = n >= head + (size_t)2 * MUD_FRAME_KEY &&
                memcmp(text, MACHINE, head) == 0 &&
                sodium_hex2bin(out->key,
                               MUD_FRAME_KEY,
                               text + head,
                               (size_t)2 * MUD_FRAME_KEY,
                               NULL,
                               &got,
                               NULL) == 0 &&
                got == MUD_FRAME_KEY;
    if (out->have)
        out->id = machine_id(out->key);
    return out->have;
}

/* A file that others may read is none to trust a key to. */
static bool machine_read(struct mud_machine *out, const char *path,
                         struct mud_error *err)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    char *text;
    struct stat st;
    ssize_t n;
    bool ok;

    out->have = false;
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return true;
    if (fd < 0)
        return mud_fail_errno(err, MUD_EIO, "machine key %s", path);
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_mode & 0177) {
        close(fd);
        return mud_fail(err,
                        MUD_EDENIED,
                        "machine key %s: others may read it (chmod 600 %s)",
                        path,
                        path);
    }
    text = locked(256);
    n = read(fd, text, 256);
    close(fd);
    ok = n > 0 && machine_parse(out, text, (size_t)n);
    sodium_free(text);
    return ok || mud_fail(err, MUD_ECORRUPT, "%s: is no machine key", path);
}

static const char *coming_path(char *out, size_t size,
                               const struct mud_keys *keys)
{
    snprintf(out, size, "%s.new", keys->path);
    return out;
}

bool mud_keys_look(struct mud_keys *keys, struct mud_error *err)
{
    char path[4300];

    if (keys->looked)
        return true;
    if (!machine_read(keys->machine, keys->path, err) ||
        !machine_read(keys->coming, coming_path(path, sizeof(path), keys), err))
        return false;
    keys->looked = keys->machine->have;
    return true;
}

bool mud_keys_have(const struct mud_keys *keys)
{
    return keys->machine->have;
}

struct mud_id mud_keys_machine(const struct mud_keys *keys)
{
    return keys->machine->have ? keys->machine->id : (struct mud_id){0};
}

const char *mud_keys_path(const struct mud_keys *keys)
{
    return keys->path;
}

/* ---------------------------------------------------------- files of keys */

/* What a wrapped key is for: authenticated with it. */
static size_t label(char out[MUD_KEY_LABEL], const struct mud_key_file *f)
{
    char key[MUD_ID_TEXT], salt[MUD_ID_TEXT];
    int n = mud_id_zero(f->salt) ? snprintf(out,
                                            MUD_KEY_LABEL,
                                            "mudlark data key %s %s %s",
                                            mud_id_text(key, f->key),
                                            f->month,
                                            f->class)
                                 : snprintf(out,
                                            MUD_KEY_LABEL,
                                            "mudlark capture key %s %s",
                                            mud_id_text(key, f->key),
                                            mud_id_text(salt, f->salt));

    return n > 0 && n < MUD_KEY_LABEL ? (size_t)n : 0;
}

void mud_key_wrap(struct mud_key_file *file, const struct mud_machine *machine,
                  const uint8_t key[MUD_FRAME_KEY])
{
    char text[MUD_KEY_LABEL];
    size_t n = label(text, file);

    file->machine = machine->id;
    mud_random(file->wrapped, 24);
    crypto_aead_xchacha20poly1305_ietf_encrypt(file->wrapped + 24,
                                               NULL,
                                               key,
                                               MUD_FRAME_KEY,
                                               (const uint8_t *)text,
                                               n,
                                               NULL,
                                               file->wrapped,
                                               machine->key);
}

bool mud_key_unwrap(uint8_t key[MUD_FRAME_KEY], const struct mud_keys *keys,
                    const struct mud_key_file *file, struct mud_error *err)
{
    const struct mud_machine *with =
        keys->coming->have && mud_id_eq(keys->coming->id, file->machine)
            ? keys->coming
            : keys->machine;
    char text[MUD_KEY_LABEL], want[MUD_ID_TEXT], have[MUD_ID_TEXT];
    size_t n = label(text, file);

    if (!with->have)
        return mud_fail(err,
                        MUD_EDENIED,
                        "sealed with machine key %s, which is not here: put "
                        "it at %s, or name its place in MUDLARK_KEY, or get "
                        "it back with mudlark keys import",
                        mud_id_text(want, file->machine),
                        keys->path);
    if (!mud_id_eq(with->id, file->machine))
        return mud_fail(err,
                        MUD_EDENIED,
                        "sealed with machine key %s, and %s is %s: this is "
                        "another machine's key",
                        mud_id_text(want, file->machine),
                        keys->path,
                        mud_id_text(have, with->id));
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(key,
                                                   NULL,
                                                   NULL,
                                                   file->wrapped + 24,
                                                   MUD_KEY_WRAPPED - 24,
                                                   (const uint8_t *)text,
                                                   n,
                                                   file->wrapped,
                                                   with->key) == 0)
        return true;
    return mud_fail(err,
                    MUD_ECORRUPT,
                    "data key %s is damaged: the machine key is right and "
                    "does not open it",
                    mud_id_text(want, file->key));
}

static bool path_of(char *out, size_t size, const struct mud_keys *keys,
                    struct mud_id name, const char *suffix)
{
    char id[MUD_ID_TEXT];
    int n = snprintf(
        out, size, "%s/%s.%s", keys->folder, mud_id_text(id, name), suffix);

    return n > 0 && (size_t)n < size;
}

static void copy_to(char *out, size_t size, struct mud_str s)
{
    snprintf(out, size, "%.*s", MUD_FMT(s));
}

bool mud_key_file_read(struct mud_key_file *out, const struct mud_keys *keys,
                       struct mud_id name, const char *suffix,
                       struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    char path[4300];
    struct mud_str text;
    json_t *json = NULL;
    bool ok = path_of(path, sizeof(path), keys, name, suffix) &&
              mud_file_read(&text, path, MOST, arena, err);

    memset(out, 0, sizeof(*out));
    if (ok) {
        json = mud_json_read(text, NULL);
        copy_to(
            out->month, sizeof(out->month), mud_json_get_str(json, "month"));
        copy_to(
            out->class, sizeof(out->class), mud_json_get_str(json, "class"));
        ok = json && mud_id_parse(mud_json_get_str(json, "key"), &out->key) &&
             mud_id_parse(mud_json_get_str(json, "machine"), &out->machine) &&
             mud_unhex(mud_json_get_str(json, "wrapped"),
                       out->wrapped,
                       MUD_KEY_WRAPPED);
        if (ok && mud_json_get_str(json, "salt").n)
            ok = mud_id_parse(mud_json_get_str(json, "salt"), &out->salt);
        ok = (ok &&
              mud_id_eq(mud_id_zero(out->salt) ? out->key : out->salt, name)) ||
             mud_fail(err, MUD_ECORRUPT, "%s: is no key of a vault", path);
    }
    json_decref(json);
    mud_arena_free(arena);
    return ok;
}

bool mud_key_file_put(const char *path, struct mud_str text,
                      struct mud_error *err)
{
    char part[4400], folder[4300];
    const char *slash = strrchr(path, '/');
    bool ok;
    int fd;

    snprintf(part, sizeof(part), "%s.%ld.part", path, (long)getpid());
    snprintf(folder,
             sizeof(folder),
             "%.*s",
             slash ? (int)(slash - path) : 1,
             slash ? path : ".");
    if (!mud_mkdirs(folder, err))
        return false;
    unlink(part);
    fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    ok = fd >= 0 && mud_write_all(fd, text) && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    ok = ok && rename(part, path) == 0;
    if (!ok) {
        mud_fail_errno(err, MUD_EIO, "write %s", path);
        unlink(part);
        return false;
    }
    return mud_folder_sync(folder, err);
}

bool mud_key_file_write(const struct mud_keys *keys,
                        const struct mud_key_file *file, const char *suffix,
                        struct mud_error *err)
{
    char path[4300], hex[2 * MUD_KEY_WRAPPED + 1];
    struct mud_buf text = {0};
    struct mud_json json = {.buf = &text};
    bool kept = !mud_id_zero(file->salt), ok;

    mud_json_object(&json);
    if (!kept)
        mud_json_kz(&json, "class", file->class);
    mud_json_kid(&json, "key", file->key);
    mud_json_kid(&json, "machine", file->machine);
    if (kept)
        mud_json_kid(&json, "salt", file->salt);
    else
        mud_json_kz(&json, "month", file->month);
    mud_json_kint(&json, "schema", 1);
    mud_json_kz(&json, "wrapped", mud_hex(hex, file->wrapped, MUD_KEY_WRAPPED));
    mud_json_object_end(&json);
    mud_buf_c(&text, '\n');
    ok =
        (path_of(
             path, sizeof(path), keys, kept ? file->salt : file->key, suffix) ||
         mud_fail(err, MUD_EINPUT, "path too long")) &&
        mud_key_file_put(path, mud_buf_view(&text), err);
    mud_buf_free(&text);
    return ok;
}

bool mud_key_file_wipe(const struct mud_keys *keys, struct mud_id name,
                       const char *suffix, struct mud_error *err)
{
    static const char zero[MOST];
    char path[4300];
    struct stat st;
    bool ok;
    int fd;

    if (!path_of(path, sizeof(path), keys, name, suffix))
        return mud_fail(err, MUD_EINPUT, "path too long");
    fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return true;
    ok = fd >= 0 && fstat(fd, &st) == 0 && st.st_size <= MOST &&
         mud_write_all(fd, mud_str_of(zero, (size_t)st.st_size)) &&
         fsync(fd) == 0 && unlink(path) == 0;
    if (!ok)
        mud_fail_errno(err, MUD_EIO, "destroy %s", path);
    if (fd >= 0)
        close(fd);
    return ok && mud_folder_sync(keys->folder, err);
}

/* ------------------------------------------------------------ frames' keys */

/* The machine key may have been rotated since it was read. */
static bool look_for(struct mud_keys *keys, struct mud_id machine,
                     struct mud_error *err)
{
    if ((keys->machine->have && mud_id_eq(keys->machine->id, machine)) ||
        (keys->coming->have && mud_id_eq(keys->coming->id, machine)))
        return true;
    keys->looked = false;
    return mud_keys_look(keys, err);
}

bool mud_keys_data(const struct mud_data_key **out, struct mud_keys *keys,
                   struct mud_id id, struct mud_error *err)
{
    struct mud_key_file file;
    struct mud_data_key *fresh;

    for (struct mud_data_key *k = keys->data; k; k = k->next) {
        if (!mud_id_eq(k->id, id))
            continue;
        *out = k;
        return true;
    }
    if (!mud_key_file_read(&file, keys, id, "key", err) ||
        !look_for(keys, file.machine, err))
        return false;
    fresh = locked(sizeof(*fresh));
    if (!mud_key_unwrap(fresh->key, keys, &file, err)) {
        sodium_free(fresh);
        return false;
    }
    fresh->id = id;
    memcpy(fresh->month, file.month, sizeof(fresh->month));
    memcpy(fresh->class, file.class, sizeof(fresh->class));
    fresh->next = keys->data;
    keys->data = fresh;
    *out = fresh;
    return true;
}

bool mud_keys_gone(char *why, size_t size, struct mud_keys *keys,
                   struct mud_id key, struct mud_id salt)
{
    struct mud_arena *arena = mud_arena_new();
    char path[4300], id[MUD_ID_TEXT];
    struct mud_str text;
    json_t *json = NULL;
    bool gone;

    gone = path_of(path, sizeof(path), keys, salt, "kept") &&
           access(path, F_OK) != 0 &&
           /* Of a capture that was held for longer, its own tombstone. */
           ((path_of(path, sizeof(path), keys, salt, "gone") &&
             mud_file_read(&text, path, MOST, arena, NULL)) ||
            (path_of(path, sizeof(path), keys, key, "gone") &&
             mud_file_read(&text, path, MOST, arena, NULL)));
    if (gone) {
        json = mud_json_read(text, NULL);
        snprintf(why,
                 size,
                 "purged: data key %s was destroyed on %.*s by %.*s (%.*s)",
                 mud_id_text(id, key),
                 MUD_FMT(mud_json_get_str(json, "at")),
                 MUD_FMT(mud_json_get_str(json, "actor")),
                 MUD_FMT(mud_json_get_str(json, "reason")));
    }
    json_decref(json);
    mud_arena_free(arena);
    return gone;
}

/* From its data key; or its own, which was kept when that was destroyed. */
static bool capture_key(uint8_t out[MUD_FRAME_KEY], struct mud_keys *keys,
                        const struct mud_frame *frame, struct mud_error *err)
{
    const struct mud_data_key *data;
    struct mud_error why = {0};
    struct mud_key_file kept;
    char text[400], id[MUD_ID_TEXT];

    if (mud_keys_data(&data, keys, frame->key, &why)) {
        mud_frame_key(out, data->key, frame->key, frame->salt);
        return true;
    }
    if (why.code != MUD_EMISSING)
        return mud_fail(err, why.code, "%s", why.text);
    mud_error_clear(&why);
    if (mud_key_file_read(&kept, keys, frame->salt, "kept", &why))
        return look_for(keys, kept.machine, err) &&
               mud_key_unwrap(out, keys, &kept, err);
    if (why.code != MUD_EMISSING)
        return mud_fail(err, why.code, "%s", why.text);
    if (mud_keys_gone(text, sizeof(text), keys, frame->key, frame->salt))
        return mud_fail(err, MUD_EDENIED, "%s", text);
    /* A key is on disk and in the database before anything is sealed with it,
     * and mud_keys_sync brought both together. */
    return mud_fail(err,
                    MUD_ECORRUPT,
                    "sealed with data key %s, which is neither in %s nor known "
                    "to the database: damaged, or of another vault",
                    mud_id_text(id, frame->key),
                    keys->folder);
}

bool mud_keys_frame(const uint8_t **out, struct mud_keys *keys,
                    const struct mud_frame *frame, struct mud_error *err)
{
    if (!keys)
        return mud_fail(err,
                        MUD_EDENIED,
                        "it is sealed, and is read with the keys of its vault "
                        "only");
    if (!keys->capture->have || !mud_id_eq(keys->capture->salt, frame->salt) ||
        !mud_id_eq(keys->capture->id, frame->key)) {
        keys->capture->have = false;
        if (!capture_key(keys->capture->key, keys, frame, err))
            return false;
        keys->capture->id = frame->key;
        keys->capture->salt = frame->salt;
        keys->capture->have = true;
    }
    *out = keys->capture->key;
    return true;
}
