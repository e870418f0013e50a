#include "parse/input.h"

#include "base/conf.h"
#include "base/json.h"
#include "parse/chat_kit.h"
#include "parse/chat_slack.h"
#include "parse/chat_tree.h"
#include "parse/folder.h"
#include "parse/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define PAGE_MAX  ((size_t)64 << 20)
#define INDEX_MAX ((size_t)256 << 20)
#define LOOK_MAX  500 /* files of a folder that are looked at */

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool in_folder(const char *folder, const char *name)
{
    char path[4096];
    int n = snprintf(path, sizeof(path), "%s/%s", folder, name);
    return n > 0 && (size_t)n < sizeof(path) && access(path, F_OK) == 0;
}

static bool head_of(struct mud_str *head, char *buf, size_t size,
                    const char *path, struct mud_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return mud_fail_errno(
            err, errno == ENOENT ? MUD_EMISSING : MUD_EIO, "%s", path);
    ssize_t n = read(fd, buf, size);
    (void)close(fd);
    if (n < 0)
        return mud_fail_errno(err, MUD_EIO, "%s", path);
    *head = mud_str_of(buf, (size_t)n);
    return true;
}

/* A page that a board offers as data. */
static bool is_json(struct mud_str head)
{
    head = mud_str_trim(head);
    return head.n && (head.s[0] == '{' || head.s[0] == '[');
}

/* The last part of a path. */
static struct mud_str name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return mud_str_z(slash && slash[1] ? slash + 1 : path);
}

struct look {
    size_t files;
    bool found;
};

static bool look_at(struct mud_str path, const struct mud_bytes_in *bytes,
                    void *payload, struct mud_error *err)
{
    static const char *const ends[] = {".json",
                                       ".jsonl",
                                       ".html",
                                       ".txt",
                                       ".csv",
                                       ".log",
                                       ".weechatlog",
                                       ".mht",
                                       ".zip",
                                       ".xml"};
    struct look *look = payload;
    struct mud_chat_head head = {0};
    size_t slash = mud_str_rchr(path, '/');
    struct mud_str name =
        mud_str_sub(path, slash == MUD_NPOS ? 0 : slash + 1, path.n);
    bool named = false;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        named = named || mud_str_ends(path, mud_str_z(ends[i]));
    if (look->found || !named || look->files++ >= LOOK_MAX)
        return true;
    bool ok = mud_chat_head_read(&head, bytes, err);
    look->found = ok && (mud_slack_is_day(path) ||
                         mud_chat_of(mud_str_of(head.text, head.n), name));
    mud_chat_head_free(&head);
    return ok;
}

/* Is some file in it an export? */
static bool holds_chats(enum mud_input *out, const char *path,
                        struct mud_error *err)
{
    struct look look = {0};
    const struct mud_archive_walk walk = {look_at, NULL, &look};
    if (!mud_folder_each(path, &walk, err))
        return false;
    if (look.found)
        *out = MUD_INPUT_CHAT;
    return true;
}

/* Named as they like: other tools pack records one by one, or all at once. */
static bool is_warc(struct mud_str head, bool packed)
{
    char word[5] = {0};
    z_stream z = {.next_in = (Bytef *)(uintptr_t)head.s,
                  .avail_in = (uInt)head.n,
                  .next_out = (Bytef *)word,
                  .avail_out = sizeof(word)};
    if (!packed)
        return mud_str_starts(head, MUD_STR("WARC/"));
    if (inflateInit2(&z, 15 + 16) != Z_OK)
        return false;
    (void)inflate(&z, Z_SYNC_FLUSH);
    (void)inflateEnd(&z);
    return memcmp(word, "WARC/", sizeof(word)) == 0;
}

bool mud_input_of(enum mud_input *out, const char *path, struct mud_error *err)
{
    char buf[MUD_CHAT_HEAD];
    struct mud_str head = {0}, name = name_of(path);
    *out = MUD_INPUT_OTHER;
    if (is_folder(path)) {
        if (in_folder(path, "index.jsonl"))
            *out = MUD_INPUT_CAPTURES;
        else if (in_folder(path, "result.json") ||
                 in_folder(path, "messages.html"))
            *out = MUD_INPUT_CHAT;
        else
            return holds_chats(out, path, err);
        return true;
    }
    if (!head_of(&head, buf, sizeof(buf), path, err))
        return false;
    bool packed = mud_str_starts(head, MUD_STR("\x1F\x8B"));
    if (mud_str_ends(name, MUD_STR(".warc.gz")) ||
        mud_str_ends(name, MUD_STR(".warc")) || is_warc(head, packed))
        *out = MUD_INPUT_WARC;
    else if (mud_chat_of(head, name))
        *out = MUD_INPUT_CHAT;
    else if (packed || mud_str_starts(head, MUD_STR("filedesc://")))
        return true; /* of something else; the form that WARC came after */
    else if (mud_str_chr(head, '<') != MUD_NPOS || is_json(head) ||
             mud_str_ends(name, MUD_STR(".html")) ||
             mud_str_ends(name, MUD_STR(".htm")))
        *out = MUD_INPUT_PAGE; /* also an empty one, which gives a note */
    return true;
}

struct work {
    const struct mud_parse_options *options;
    struct mud_parser *parser;
    struct mud_parse_sink *sink;
    struct mud_arena *arena; /* of one page or message */
    struct mud_buf line;
    const char *path;
    const struct mud_chat_tree *tree; /* under way, or NULL */
};

static bool put(struct work *w, struct mud_error *err)
{
    bool ok = w->sink->line(mud_buf_view(&w->line), w->sink->payload, err);
    mud_buf_clear(&w->line);
    return ok;
}

static bool say(struct work *w, const char *code, struct mud_str text,
                uint64_t byte, struct mud_error *err)
{
    struct mud_note note = {"warning", code, text, byte};
    w->sink->notes++;
    mud_record_note(&w->line, &note, mud_str_z(w->path));
    return put(w, err);
}

static bool page(struct work *w, struct mud_page_in *in, struct mud_error *err)
{
    struct mud_parsed parsed;
    in->engine = w->options->engine;
    in->zone = w->options->zone;
    if (!mud_parser_page(w->parser, &parsed, in, w->arena, err))
        return false;
    w->sink->pages++;
    w->sink->posts += parsed.n_posts;
    w->sink->notes += parsed.n_notes;
    mud_record_parsed(&w->line, &parsed, (struct mud_str){0});
    return put(w, err);
}

static bool single(struct work *w, struct mud_error *err)
{
    struct mud_page_in in = {.url = w->options->url, .status = 200};
    struct stat st;
    if (!mud_file_read(&in.bytes, w->path, PAGE_MAX, w->arena, err))
        return false;
    /* The clock for "3 hours ago": when the file was saved. */
    if (stat(w->path, &st) == 0)
        in.fetched_at = (int64_t)st.st_mtime * MUD_SECOND;
    return page(w, &in, err);
}

bool mud_capture_entry_read(struct mud_capture_entry *out, struct mud_str line,
                            struct mud_arena *arena, struct mud_error *err)
{
    json_t *json = mud_json_read(line, err);
    *out = (struct mud_capture_entry){0};
    if (!json)
        return false;
    out->url = mud_str_dup(mud_json_get_str(json, "final_url"), arena);
    if (!out->url.n)
        out->url = mud_str_dup(mud_json_get_str(json, "url"), arena);
    out->file = mud_str_dup(mud_json_get_str(json, "file"), arena);
    out->headers = mud_str_dup(mud_json_get_str(json, "headers"), arena);
    out->content_type =
        mud_str_dup(mud_json_get_str(json, "content_type"), arena);
    out->status = (int)(mud_json_get_int(json, "status", 0) % 1000);
    struct mud_str at = mud_json_get_str(json, "fetched_at");
    bool timed = !at.n || mud_time_parse(at, &out->fetched_at);
    json_decref(json);
    if (!out->file.n || mud_str_chr(out->file, '/') != MUD_NPOS ||
        out->file.s[0] == '.')
        return mud_fail(err,
                        MUD_EINPUT,
                        "file \"%.*s\" is no name in the folder",
                        MUD_FMT(out->file));
    if (!timed)
        return mud_fail(err, MUD_EINPUT, "fetched_at is no time");
    return true;
}

/* One line of the index; what is wrong with it is a note. */
static bool capture(struct work *w, struct mud_str line, uint64_t byte,
                    struct mud_error *err)
{
    struct mud_capture_entry entry;
    struct mud_error bad = {0};
    struct mud_page_in in = {0};
    mud_arena_reset(w->arena);
    if (!mud_capture_entry_read(&entry, line, w->arena, &bad))
        return say(w,
                   "bad-index-line",
                   mud_str_printf(w->arena, "index.jsonl: %s", bad.text),
                   byte,
                   err);
    struct mud_str path =
        mud_str_printf(w->arena, "%s/%.*s", w->path, MUD_FMT(entry.file));
    if (!mud_file_read(&in.bytes, path.s, PAGE_MAX, w->arena, &bad))
        return say(w,
                   "unreadable",
                   mud_str_dup(mud_str_z(bad.text), w->arena),
                   byte,
                   err);
    in.url = entry.url;
    in.content_type = entry.content_type;
    in.status = entry.status;
    in.fetched_at = entry.fetched_at;
    return page(w, &in, err);
}

static bool captures(struct work *w, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str path = mud_str_printf(arena, "%s/index.jsonl", w->path);
    struct mud_str index = {0}, line;
    bool ok = mud_file_read(&index, path.s, INDEX_MAX, arena, err);
    const char *begin = index.s;
    while (ok && mud_str_line(&index, &line)) {
        line = mud_str_trim(line);
        if (line.n)
            ok = capture(w, line, (uint64_t)(line.s - begin), err);
    }
    mud_arena_free(arena);
    return ok;
}

static bool on_post(const struct mud_post *post, void *payload,
                    struct mud_error *err)
{
    struct work *w = payload;
    w->sink->posts++;
    mud_record_post(&w->line, post, (struct mud_str){0});
    return put(w, err);
}

static bool on_note(const struct mud_note *note, void *payload,
                    struct mud_error *err)
{
    struct work *w = payload;
    struct mud_str path = mud_str_z(w->path);
    w->sink->notes++;
    if (w->tree && w->tree->file.n) {
        mud_arena_reset(w->arena);
        path = mud_str_printf(
            w->arena, "%s/%.*s", w->path, MUD_FMT(w->tree->file));
    }
    mud_record_note(&w->line, note, path);
    return put(w, err);
}

static bool read_chat(struct work *w, const char *path, int fd,
                      struct mud_error *err)
{
    char buf[MUD_CHAT_HEAD];
    struct mud_str head = {0};
    struct stat st;
    struct mud_chat_in in = {
        .bytes = mud_chat_fd(&fd),
        .name = name_of(path),
        .zone = w->options->zone,
    };
    const struct mud_chat_sink sink = {on_post, on_note, w, NULL};
    if (!head_of(&head, buf, sizeof(buf), path, err))
        return false;
    const struct mud_chat_format *format =
        w->options->engine.n ? mud_chat_find(w->options->engine)
                             : mud_chat_of(head, in.name);
    if (!format)
        return mud_fail(err, MUD_EINPUT, "no chat export that is known");
    if (fstat(fd, &st) == 0)
        in.at = (int64_t)st.st_mtime * MUD_SECOND;
    return format->read(&in, &sink, err);
}

/* One file of an export: a page, counted as such. */
static bool chat_file(struct work *w, const char *path, struct mud_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return mud_fail_errno(err, MUD_EIO, "%s", path);
    uint64_t before = w->sink->posts;
    bool ok = read_chat(w, path, fd, err);
    (void)close(fd);
    if (!ok)
        return mud_fail_in(err, "%s", path);
    w->sink->pages++;
    if (w->sink->posts == before)
        return say(
            w, "no-posts", MUD_STR("an export without messages"), 0, err);
    return true;
}

static bool each_file(void *payload, const struct mud_archive_walk *walk,
                      struct mud_error *err)
{
    const struct work *w = payload;
    return mud_folder_each(w->path, walk, err);
}

/* A folder of files: Telegram Desktop's HTML, Slack's days, any other. */
static bool chat_folder(struct work *w, struct mud_error *err)
{
    const struct mud_chat_sink sink = {on_post, on_note, w, NULL};
    struct mud_chat_tree tree = {each_file, w, .archives = true};
    struct mud_chat_in in = {.name = name_of(w->path),
                             .zone = w->options->zone};
    uint64_t before = w->sink->posts;
    w->tree = &tree;
    bool ok = mud_chat_tree_read(&tree, &in, &sink, err);
    w->tree = NULL;
    w->sink->pages += tree.files;
    if (!ok)
        return mud_fail_in(err, "%s", w->path);
    return w->sink->posts > before ||
           say(w, "no-posts", MUD_STR("an export without messages"), 0, err);
}

static bool chat(struct work *w, struct mud_error *err)
{
    char path[4096];
    if (!is_folder(w->path))
        return chat_file(w, w->path, err);
    if (!in_folder(w->path, "result.json"))
        return chat_folder(w, err);
    int n = snprintf(path, sizeof(path), "%s/result.json", w->path);
    if (n < 0 || (size_t)n >= sizeof(path))
        return mud_fail(err, MUD_EINPUT, "path is too long");
    return chat_file(w, path, err);
}

bool mud_parse_path(const char *path, const struct mud_parse_options *options,
                    struct mud_parser *parser, struct mud_parse_sink *sink,
                    struct mud_error *err)
{
    enum mud_input input;
    if (!mud_input_of(&input, path, err))
        return false;
    struct work w = {
        .options = options,
        .parser = parser,
        .sink = sink,
        .arena = mud_arena_new(),
        .path = path,
    };
    bool ok = false;
    switch (input) {
    case MUD_INPUT_PAGE:
        ok = single(&w, err);
        break;
    case MUD_INPUT_CAPTURES:
        ok = captures(&w, err);
        break;
    case MUD_INPUT_CHAT:
        ok = chat(&w, err);
        break;
    case MUD_INPUT_WARC:
        ok = mud_fail(err, MUD_EUSAGE, "%s: a WARC is not read here", path);
        break;
    case MUD_INPUT_OTHER:
        ok = mud_fail(err,
                      MUD_EUSAGE,
                      "%s: neither a page nor a chat export nor a folder of "
                      "captures",
                      path);
        break;
    }
    mud_buf_free(&w.line);
    mud_arena_free(w.arena);
    return ok;
}
