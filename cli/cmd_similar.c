#include "base/conf.h"
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/text.h"
#include "graph/image_show.h"
#include "graph/similar.h"

#include <sys/stat.h>

static bool put(struct mud_str json, void *payload, struct mud_error *err)
{
    struct mud_out *out = payload;

    mud_text_put(out, json);
    return !out->failed ||
           mud_fail(err, MUD_EIO, "standard output could not be written");
}

struct asked { /* what the operand names: one of these */
    struct mud_id id;
    uint8_t sha256[MUD_SHA256];
    const char *file;
    bool digest;
};

static bool is_file(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static bool understood(struct asked *out, const char *name,
                       struct mud_error *err)
{
    struct mud_str text = mud_str_z(name);

    *out = (struct asked){0};
    if (mud_id_parse(text, &out->id))
        return true;
    out->digest = text.n == 2 * (size_t)MUD_SHA256 &&
                  mud_unhex(text, out->sha256, MUD_SHA256);
    if (!out->digest && is_file(name))
        out->file = name;
    return out->digest || out->file ||
           mud_fail(err,
                    MUD_EUSAGE,
                    mud_t("%s is no id: give that of a post, a text or a "
                          "template (mudlark search, mudlark posts), the "
                          "SHA-256 of an image, or an image file",
                          "%s 不是编号：请给出帖子、文本或模板的编号（mudlark "
                          "search、mudlark posts）、图片的 SHA-256 或图片文件"),
                    name);
}

/* An image that need not be known here. */
static bool like_file(struct mud_pg *pg, const char *path, size_t limit,
                      struct mud_out *out, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_image_reader *reader = mud_image_reader_new();
    struct mud_image image;
    struct mud_str bytes;
    bool good = mud_file_read(&bytes, path, MUD_IMAGE_BYTES, arena, err) &&
                mud_image_read(&image, reader, bytes, arena, err) &&
                (image.format != MUD_IMAGE_UNKNOWN ||
                 mud_fail(err,
                          MUD_EUSAGE,
                          mud_t("%s is no PNG, JPEG, GIF or WebP",
                                "%s 不是 PNG、JPEG、GIF 或 WebP 图片"),
                          path)) &&
                mud_image_similar_to(pg, &image, limit, put, out, err);

    mud_image_reader_free(reader);
    mud_arena_free(arena);
    return good;
}

int mud_cmd_similar(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct asked asked;
    struct mud_out out;
    int64_t limit = 0;

    if (!understood(&asked, mud_args_operand(args, 0), err))
        return MUD_EXIT_USAGE;
    bool good =
        mud_out_begin(&out, args, err) &&
        mud_args_number(&limit, args, "limit", 1, INT64_C(1) << 40, 100, err) &&
        mud_session_open(&session, args, err);
    size_t most = (size_t)limit;
    if (good && asked.file)
        good = like_file(session.pg, asked.file, most, &out, err);
    else if (good && asked.digest)
        good =
            mud_image_similar(session.pg, asked.sha256, most, put, &out, err);
    else if (good)
        good = mud_similar(session.pg, asked.id, most, put, &out, err);
    good = good && mud_out_end(&out, err);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
