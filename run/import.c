#include "run/import.h"

#include "base/conf.h"
#include "parse/folder_pack.h"
#include "parse/input.h"
#include "run/handed.h"
#include "run/media.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define FILES_MAX 100000
#define INDEX_MAX ((size_t)256 << 20)
#define HEAD_MAX  ((size_t)1 << 20)

struct import {
    struct mud_report *report;
    struct mud_worker *worker;
    const struct mud_source *source;
    const struct mud_import_options *options;
    struct mud_handed_pages *handed;
    int64_t done, total;
    const char *path; /* of the file at hand */
    struct mud_error *err;
};

static bool found(void *payload, const struct mud_capture *capture,
                  const struct mud_parsed *parsed, struct mud_error *err)
{
    return mud_handed_page(payload, capture, parsed, err);
}

/* Read it unless today's parser and rules have done so. */
static bool read_unless_known(struct import *import,
                              const struct mud_capture *capture)
{
    struct mud_ingest_options options = mud_worker_options(import->worker);
    bool known;

    if (!mud_ingest_known(
            &known, import->worker->pg, capture->id, &options, import->err))
        return false;
    return known || mud_step_capture_seen(import->worker,
                                          import->source,
                                          capture,
                                          import->report,
                                          found,
                                          import->handed,
                                          import->err);
}

static bool take_record(const struct mud_capture *capture, bool known,
                        void *payload, struct mud_error *err)
{
    struct import *import = payload;

    (void)err;
    if (known)
        import->report->known++;
    else
        import->report->captures++;
    return read_unless_known(import, capture);
}

/* text names the vault's copy; a person knows the file by its own name. */
static void warc_note(const char *text, void *payload)
{
    struct import *import = payload;
    const char *copy = strstr(text, "/handed-");
    const char *place = copy ? strstr(copy, ": ") : NULL;
    char where[400];

    snprintf(
        where, sizeof where, "%s: %s", import->path, place ? place + 2 : text);
    mud_report_skip(import->report, "damaged-warc", mud_str_z(where));
}

static bool seal_record(const struct mud_capture *capture, bool known,
                        void *payload, struct mud_error *err)
{
    struct import *import = payload;

    (void)capture;
    (void)err;
    if (known)
        import->report->known++;
    else
        import->report->captures++;
    return true;
}

static bool read_record(const struct mud_capture *capture, bool known,
                        void *payload, struct mud_error *err)
{
    (void)known;
    (void)err;
    return read_unless_known(payload, capture);
}

static bool take_records(struct import *import, const struct mud_capture *file,
                         const struct mud_warc_take *how)
{
    struct mud_warc_take take = *how;

    take.payload = import;
    return mud_seal_warc_records(
        &take, import->worker->vault, import->worker->pg, file, import->err);
}

/* Pages are read when their images are sealed, which may stand behind them. */
static bool take_warc(struct import *import, const struct mud_capture *file)
{
    const struct mud_warc_take at_once = {.each = take_record,
                                          .note = warc_note};
    const struct mud_warc_take seal = {.each = seal_record};
    const struct mud_warc_take read = {.each = read_record, .note = warc_note};

    if (!import->source->media)
        return take_records(import, file, &at_once);
    return take_records(import, file, &seal) &&
           take_records(import, file, &read);
}

static bool take_file(struct import *import, const struct mud_handed *handed)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_capture capture;
    bool known = false;

    import->path = handed->path;
    bool good = mud_seal_file(&capture,
                              &known,
                              import->worker->vault,
                              import->worker->pg,
                              import->source->id,
                              handed,
                              arena,
                              import->err);

    if (good && known) {
        import->report->known++;
    } else if (good) {
        import->report->captures++;
        import->report->bytes += capture.size;
    }
    good = good && (capture.whole ? take_warc(import, &capture)
                                  : read_unless_known(import, &capture));
    mud_arena_free(arena);
    import->done++;
    if (import->options->progress)
        import->options->progress(
            import->done, import->total, import->options->payload);
    return good || mud_fail_in(import->err, "%s", handed->path);
}

static const char *content_type_of(const char *path)
{
    static const struct {
        const char *ending, *type;
    } types[] = {
        {".html", "text/html"},
        {".htm", "text/html"},
        {".xhtml", "text/html"},
        {".json", "application/json"},
        {".warc", "application/warc"},
        {".warc.gz", "application/warc"},
        {".xml", "application/xml"},
        {".txt", "text/plain"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".jpeg", "image/jpeg"},
        {".gif", "image/gif"},
        {".webp", "image/webp"},
    };
    struct mud_str name = mud_str_z(path);

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (mud_str_ends(name, mud_str_z(types[i].ending)))
            return types[i].type;
    }
    return "application/octet-stream";
}

static bool is_archive(struct mud_str path)
{
    static const char *const endings[] = {".zip", ".tar", ".tar.gz", ".tgz"};

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (mud_str_ends(path, mud_str_z(endings[i])))
            return true;
    return false;
}

/* Where the images are that a file's messages name: beside it, or within. */
static bool find_images(const char **folder, const char **unpacked,
                        const char *path, struct mud_arena *arena,
                        struct mud_error *err)
{
    size_t slash = mud_str_rchr(mud_str_z(path), '/');

    *unpacked = NULL;
    if (is_archive(mud_str_z(path))) {
        *folder = NULL;
        if (!mud_media_unpack(unpacked, path, arena, err))
            return false;
        *folder = *unpacked;
        return true;
    }
    *folder = slash == MUD_NPOS
                  ? "."
                  : mud_str_printf(arena, "%.*s", (int)slash, path).s;
    return true;
}

static bool take_named(struct import *import, const char *path,
                       const struct mud_handed *handed, struct mud_arena *arena)
{
    struct mud_media *media = import->worker->media;
    const char *folder = NULL, *unpacked = NULL;

    if (!import->source->media)
        return take_file(import, handed);
    if (!find_images(&folder, &unpacked, path, arena, import->err))
        return mud_fail_in(import->err, "%s", path);
    mud_media_folder(media, folder);
    bool good = take_file(import, handed);
    mud_media_folder(media, NULL);
    mud_media_forget(unpacked);
    return good;
}

static bool take_plain(struct import *import, const char *path,
                       struct mud_arena *arena)
{
    const char *slash = strrchr(path, '/');
    struct mud_handed handed = {
        .path = path,
        .url = import->options->url.n
                   ? import->options->url
                   : mud_str_printf(arena, "file:%s", slash ? slash + 1 : path),
        .content_type = mud_str_z(content_type_of(path)),
        .supplier = import->options->supplier,
    };

    if (mud_media_is_file(mud_str_z(path)) && !import->source->media) {
        mud_report_skip(import->report, "media-off", mud_str_z(path));
        return true;
    }
    return take_named(import, path, &handed, arena);
}

static bool take_entry(struct import *import, const char *folder,
                       const struct mud_capture_entry *entry,
                       struct mud_arena *arena)
{
    struct mud_handed handed = {
        .path =
            mud_str_printf(arena, "%s/%.*s", folder, MUD_FMT(entry->file)).s,
        .url = entry->url,
        .content_type = entry->content_type,
        .supplier = import->options->supplier,
        .at = entry->fetched_at,
        .status = entry->status,
    };

    if (entry->headers.n) {
        const char *path =
            mud_str_printf(arena, "%s/%.*s", folder, MUD_FMT(entry->headers)).s;
        if (!mud_file_read(&handed.head, path, HEAD_MAX, arena, import->err))
            return false;
    }
    return take_file(import, &handed);
}

enum pass { /* over an index */
    CHECK,  /* every line, before the first file is taken */
    IMAGES, /* which pages name: sealed before those are read */
    REST
};

static bool take_line(struct import *import, const char *folder,
                      const struct mud_capture_entry *entry, enum pass pass,
                      struct mud_arena *arena)
{
    bool image = mud_str_istarts(entry->content_type, MUD_STR("image/"));

    if (pass == CHECK)
        return true;
    if (pass == IMAGES && image && !import->source->media)
        mud_report_skip(import->report, "media-off", entry->url);
    else if (image == (pass == IMAGES))
        return take_entry(import, folder, entry, arena);
    return true;
}

static bool take_index(struct import *import, const char *folder,
                       struct mud_str text, struct mud_arena *arena,
                       enum pass pass)
{
    struct mud_str line;
    unsigned number = 0;
    bool good = true;

    while (good && mud_str_line(&text, &line)) {
        number++;
        if (!mud_str_trim(line).n)
            continue;
        struct mud_capture_entry entry;
        good = mud_capture_entry_read(&entry, line, arena, import->err) &&
               (entry.url.n ||
                mud_fail(import->err, MUD_EINPUT, "the url is missing")) &&
               take_line(import, folder, &entry, pass, arena);
        import->total += pass == CHECK;
        if (!good)
            mud_fail_in(import->err, "%s/index.jsonl:%u", folder, number);
    }
    return good;
}

static bool take_capture_folder(struct import *import, const char *folder,
                                const char *index, struct mud_arena *arena)
{
    struct mud_str text;

    return mud_file_read(&text, index, INDEX_MAX, arena, import->err) &&
           take_index(import, folder, text, arena, CHECK) &&
           take_index(import, folder, text, arena, IMAGES) &&
           take_index(import, folder, text, arena, REST);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static void skip(struct import *import, const char *why, const FTSENT *entry)
{
    mud_report_skip(import->report, why, mud_str_z(entry->fts_path));
}

/* One file of a folder; what is no file is passed over, and said so. */
static bool take_member(struct import *import, FTSENT *entry,
                        struct mud_arena *arena)
{
    switch (entry->fts_info) {
    case FTS_F:
        /* Images are taken where a message names them. */
        return (import->source->media &&
                mud_media_is_image(mud_str_z(entry->fts_path))) ||
               take_plain(import, entry->fts_path, arena);
    case FTS_DNR:
    case FTS_ERR:
    case FTS_NS:
        return mud_fail(import->err,
                        MUD_EIO,
                        "%s: %s",
                        entry->fts_path,
                        strerror(entry->fts_errno));
    case FTS_SL:
    case FTS_SLNONE:
        skip(import, "link", entry);
        return true;
    case FTS_DEFAULT:
        skip(import, "special", entry);
        return true;
    default: /* folders */
        return true;
    }
}

static bool take_tree(struct import *import, const char *folder,
                      struct mud_arena *arena)
{
    char *roots[] = {mud_arena_dup(arena, folder, strlen(folder)), NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    bool good = true;
    FTSENT *entry;
    int64_t files = 0;

    if (!tree)
        return mud_fail_errno(import->err, MUD_EIO, "%s", folder);
    while (good && (entry = fts_read(tree))) {
        files += entry->fts_info == FTS_F;
        if (files > FILES_MAX) {
            good = mud_fail(import->err,
                            MUD_ELIMIT,
                            "%s holds more than %d files",
                            folder,
                            FILES_MAX);
        } else if (entry->fts_level > 0 && entry->fts_name[0] == '.') {
            if (entry->fts_info != FTS_DP)
                skip(import, "hidden", entry);
            fts_set(tree, entry, FTS_SKIP);
        } else {
            good = take_member(import, entry, arena);
        }
    }
    fts_close(tree);
    return good;
}

static void left_out(const char *why, struct mud_str file, void *payload)
{
    struct import *import = payload;

    mud_report_skip(import->report, why, file);
}

/* Its files are read together: sealed as one, under the folder's name. */
static bool take_packed(struct import *import, FILE *packed, const char *folder,
                        struct mud_arena *arena)
{
    char *name = mud_str_cstr(mud_str_z(folder), arena);
    size_t n = strlen(name);

    while (n > 1 && name[n - 1] == '/')
        name[--n] = 0;
    const char *slash = strrchr(name, '/');
    struct mud_handed handed = {
        .path = mud_str_printf(arena, "/proc/self/fd/%d", fileno(packed)).s,
        .url = mud_str_printf(arena, "file:%s.tar", slash ? slash + 1 : name),
        .content_type = MUD_STR("application/x-tar"),
        .supplier = import->options->supplier,
    };
    struct mud_media *media = import->worker->media;

    import->total = 1;
    if (import->source->media)
        mud_media_folder(media, folder);
    bool good =
        mud_folder_pack(packed, folder, left_out, import, import->err) &&
        take_file(import, &handed);
    if (import->source->media)
        mud_media_folder(media, NULL);
    return good;
}

static bool take_export(struct import *import, const char *folder,
                        struct mud_arena *arena)
{
    FILE *packed = tmpfile();

    if (!packed)
        return mud_fail_errno(import->err, MUD_EIO, "pack %s", folder);
    bool good = take_packed(import, packed, folder, arena);
    (void)fclose(packed);
    return good;
}

static bool take_folder(struct import *import, const char *path,
                        struct mud_arena *arena)
{
    const char *index = mud_str_printf(arena, "%s/index.jsonl", path).s;
    struct stat st;

    if (stat(index, &st) == 0)
        return take_capture_folder(import, path, index, arena);
    return mud_folder_is_export(path) ? take_export(import, path, arena)
                                      : take_tree(import, path, arena);
}

static bool take_path(struct import *import, const char *path,
                      struct mud_arena *arena)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return mud_fail_errno(
            import->err, errno == ENOENT ? MUD_EMISSING : MUD_EIO, "%s", path);
    if (S_ISDIR(st.st_mode))
        return take_folder(import, path, arena);
    if (!S_ISREG(st.st_mode))
        return mud_fail(
            import->err, MUD_EINPUT, "%s is neither file nor folder", path);
    import->total = 1;
    return take_plain(import, path, arena);
}

bool mud_import(struct mud_report *report, struct mud_worker *worker,
                const struct mud_source *source, const char *path,
                const struct mud_import_options *options, struct mud_error *err)
{
    /* What stops us from fetching is a reason to hand pages in. */
    struct mud_source open = *source;
    struct import import = {.report = report,
                            .worker = worker,
                            .source = &open,
                            .options = options,
                            .err = err};
    struct mud_arena *arena = mud_arena_new();

    if (mud_str_eqz(source->state, "stopped"))
        open.state = MUD_STR("active");
    mud_handed_new(&import.handed, worker->pg, source);
    bool good = mud_source_allowed(&open, mud_now(), err) &&
                take_path(&import, path, arena) &&
                mud_handed_end(import.handed, err);
    mud_handed_free(import.handed);
    mud_arena_free(arena);
    return good && mud_ingest_flush(worker->ingest, NULL, err);
}
