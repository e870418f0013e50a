#include "parse/folder_pack.h"

#include "parse/folder.h"

#include <string.h>
#include <sys/stat.h>

#define BLOCK     512
#define NAME_MAX_ 100 /* of a header; longer ones have a record of their own */

struct pack {
    FILE *out;
    const char *path;
    void (*passed)(const char *why, struct mud_str file, void *payload);
    void *payload;
    struct mud_buf file; /* the one at hand */
};

/* POSIX 1003.1, ustar. */
struct header {
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8];
    char type, link[100], magic[6], version[2], user[32], group[32];
    char major[8], minor[8], prefix[155], rest[12];
};

_Static_assert(sizeof(struct header) == BLOCK, "a header is a block");

static bool is_there(const char *folder, const char *name)
{
    char path[4400];
    struct stat st;

    return snprintf(path, sizeof path, "%s/%s", folder, name) <
               (int)sizeof path &&
           lstat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool mud_folder_is_export(const char *path)
{
    return is_there(path, "users.json") &&
           (is_there(path, "channels.json") || is_there(path, "groups.json") ||
            is_there(path, "dms.json") || is_there(path, "mpims.json"));
}

static bool put(struct pack *pack, const void *bytes, size_t n,
                struct mud_error *err)
{
    static const char nothing[BLOCK];
    size_t over = n % BLOCK ? BLOCK - n % BLOCK : 0;

    return (fwrite(bytes, 1, n, pack->out) == n &&
            fwrite(nothing, 1, over, pack->out) == over) ||
           mud_fail_errno(err, MUD_EIO, "pack %s", pack->path);
}

static bool put_header(struct pack *pack, struct mud_str name, char type,
                       size_t size, struct mud_error *err)
{
    struct header header = {.type = type};
    const unsigned char *bytes = (const unsigned char *)&header;
    unsigned sum = 0;

    memcpy(header.name, name.s, name.n < NAME_MAX_ ? name.n : NAME_MAX_);
    memcpy(header.mode, "0000644", 8);
    memcpy(header.uid, "0000000", 8);
    memcpy(header.gid, "0000000", 8);
    memcpy(header.mtime, "00000000000", 12);
    memcpy(header.magic, "ustar", 6);
    memcpy(header.version, "00", 2);
    snprintf(header.size, sizeof header.size, "%011zo", size);
    memset(header.sum, ' ', sizeof header.sum);
    for (size_t i = 0; i < sizeof header; i++)
        sum += bytes[i];
    snprintf(header.sum, sizeof header.sum, "%06o", sum);
    return put(pack, &header, sizeof header, err);
}

/* GNU's record of a name that a header has no room for. */
static bool put_long_name(struct pack *pack, struct mud_str name,
                          struct mud_error *err)
{
    return put_header(pack, MUD_STR("././@LongLink"), 'L', name.n, err) &&
           put(pack, name.s, name.n, err);
}

static bool read_whole(struct pack *pack, struct mud_str name,
                       const struct mud_bytes_in *bytes, struct mud_error *err)
{
    char chunk[16384];
    size_t n = 1;

    pack->file.n = 0;
    while (n) {
        if (!bytes->read(bytes->payload, chunk, sizeof chunk, &n, err))
            return mud_fail_in(err, "%.*s", MUD_FMT(name));
        if (pack->file.n + n > MUD_PACK_FILE)
            return mud_fail(err,
                            MUD_ELIMIT,
                            "%s/%.*s is larger than %zu MiB",
                            pack->path,
                            MUD_FMT(name),
                            MUD_PACK_FILE >> 20);
        mud_buf_put(&pack->file, chunk, n);
    }
    return true;
}

static bool is_hidden(struct mud_str path)
{
    return mud_str_starts(path, MUD_STR(".")) ||
           mud_str_find(path, MUD_STR("/.")) != MUD_NPOS;
}

static bool on_file(struct mud_str path, const struct mud_bytes_in *bytes,
                    void *payload, struct mud_error *err)
{
    struct pack *pack = payload;

    if (is_hidden(path)) {
        pack->passed("hidden", path, pack->payload);
        return true;
    }
    return read_whole(pack, path, bytes, err) &&
           (path.n <= NAME_MAX_ || put_long_name(pack, path, err)) &&
           put_header(pack, path, '0', pack->file.n, err) &&
           put(pack, pack->file.s ? pack->file.s : "", pack->file.n, err);
}

static bool on_fault(const char *code, struct mud_str path, void *payload,
                     struct mud_error *err)
{
    struct pack *pack = payload;

    (void)err;
    pack->passed(code, path, pack->payload);
    return true;
}

bool mud_folder_pack(FILE *out, const char *path,
                     void (*passed)(const char *why, struct mud_str file,
                                    void *payload),
                     void *payload, struct mud_error *err)
{
    static const char end[BLOCK];
    struct pack pack = {
        .out = out, .path = path, .passed = passed, .payload = payload};
    const struct mud_archive_walk walk = {
        .file = on_file, .fault = on_fault, .payload = &pack};
    bool good =
        mud_folder_each(path, &walk, err) && put(&pack, end, sizeof end, err) &&
        put(&pack, end, sizeof end, err) &&
        (fflush(out) == 0 || mud_fail_errno(err, MUD_EIO, "pack %s", path));

    mud_buf_free(&pack.file);
    return good;
}
