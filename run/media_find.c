/* From what a post calls an image to the sealed image. */
#include "run/media.h"

#include "fetch/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static bool ends_with_one_of(struct mud_str name, const char *const *list)
{
    for (size_t i = 0; list[i]; i++) {
        struct mud_str ending = mud_str_z(list[i]);

        if (name.n > ending.n &&
            mud_str_ieq(mud_str_sub(name, name.n - ending.n, name.n), ending))
            return true;
    }
    return false;
}

bool mud_media_is_image(struct mud_str name)
{
    static const char *const endings[] = {
        ".jpg", ".jpeg", ".png", ".gif", ".webp", NULL};

    return ends_with_one_of(name, endings);
}

bool mud_media_is_file(struct mud_str name)
{
    static const char *const endings[] = {
        ".bmp",  ".heic", ".avif", ".tif", ".tiff", ".mp4", ".mov",
        ".webm", ".mkv",  ".avi",  ".3gp", ".mp3",  ".m4a", ".ogg",
        ".oga",  ".opus", ".wav",  ".amr", ".silk", ".tgs", NULL};

    return mud_media_is_image(name) || ends_with_one_of(name, endings);
}

/* A path below the folder, whatever the export says and links point to. */
static const char *below(const char *folder, struct mud_str name,
                         struct mud_arena *arena)
{
    char *root, *path;
    const char *out = NULL;
    struct stat st;

    if (!name.n || name.s[0] == '/' || mud_str_chr(name, '\0') != MUD_NPOS ||
        !mud_media_is_image(name))
        return NULL;
    root = realpath(folder, NULL);
    path = realpath(mud_str_printf(arena, "%s/%.*s", folder, MUD_FMT(name)).s,
                    NULL);
    if (root && path && mud_str_starts(mud_str_z(path), mud_str_z(root)) &&
        path[strlen(root)] == '/' && stat(path, &st) == 0 &&
        S_ISREG(st.st_mode))
        out = mud_str_cstr(mud_str_z(path), arena);
    free(root);
    free(path);
    return out;
}

static const char *type_of(struct mud_str name)
{
    static const char *const endings[] = {".png", ".gif", ".webp"};
    static const char *const types[] = {"image/png", "image/gif", "image/webp"};

    for (size_t i = 0; i < 3; i++)
        if (mud_str_ieq(mud_str_sub(name, name.n - strlen(endings[i]), name.n),
                        mud_str_z(endings[i])))
            return types[i];
    return "image/jpeg";
}

static bool seal(struct mud_capture *out, const char *path, struct mud_str url,
                 struct mud_str referrer, const struct mud_media_at *at,
                 struct mud_arena *arena, struct mud_error *err)
{
    struct mud_handed handed = {
        .path = path,
        .url = url,
        .content_type = mud_str_z(type_of(url)),
        .supplier = at->capture->supplier,
        .referrer = referrer,
    };
    bool known = false;

    if (!mud_seal_file(out,
                       &known,
                       at->worker->vault,
                       at->worker->pg,
                       at->source->id,
                       &handed,
                       arena,
                       err))
        return false;
    if (known) {
        at->report->known++;
    } else {
        at->report->captures++;
        at->report->bytes += out->size;
    }
    return true;
}

/* The address as the page means it. */
static struct mud_str address(struct mud_str name, const struct mud_capture *on,
                              struct mud_arena *arena)
{
    struct mud_url base, url;
    struct mud_error odd = {0};

    if (!mud_url_parse(&base, on->url, arena, &odd))
        return name;
    mud_error_clear(&odd);
    return mud_url_resolve(&url, &base, name, arena, &odd) ? url.text : name;
}

static bool held(struct mud_capture *out, bool *found, struct mud_str url,
                 struct mud_str referrer, const struct mud_media_at *at,
                 struct mud_arena *arena, struct mud_error *err)
{
    char source[16], when[MUD_TIME_TEXT];
    struct mud_rows *rows = NULL;
    struct mud_str args[4] = {url, {0}, referrer, {0}};

    (void)snprintf(source, sizeof(source), "%d", (int)at->source->id);
    args[1] = mud_str_z(source);
    args[3] = mud_str_z(mud_time_text(when, at->capture->at, true));
    if (!mud_pg_query(
            &rows, at->worker->pg, mud_sql("capture_image"), args, 4, err))
        return false;
    *found = mud_rows_count(rows) > 0;
    bool good = !*found ||
                mud_capture_load(
                    out, at->worker->pg, mud_rows_id(rows, 0, 0), arena, err);
    mud_rows_free(rows);
    return good;
}

bool mud_media_find(struct mud_capture *out, bool *found, const char *folder,
                    struct mud_str name, const struct mud_media_at *at,
                    struct mud_arena *arena, struct mud_error *err)
{
    char id[MUD_ID_TEXT];
    struct mud_str referrer =
        mud_str_printf(arena, "capture:%s", mud_id_text(id, at->capture->id));
    bool web = mud_str_find(name, MUD_STR("://")) != MUD_NPOS ||
               mud_str_istarts(at->capture->url, MUD_STR("http"));
    struct mud_str url =
        web ? address(name, at->capture, arena)
            : mud_str_printf(arena, "file:%.*s", MUD_FMT(name));
    const char *path = folder && !web ? below(folder, name, arena) : NULL;

    *found = path != NULL;
    if (path)
        return seal(out, path, url, referrer, at, arena, err);
    return held(out, found, url, referrer, at, arena, err);
}
