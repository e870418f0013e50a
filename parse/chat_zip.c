#include "parse/chat_zip.h"

#include "parse/archive.h"
#include "parse/chat_kit.h"
#include "parse/chat_slack.h"

#include <stdlib.h>

struct reader {
    const struct mud_chat_in *in;
    const struct mud_chat_sink *sink;
    struct mud_slack slack;
    struct mud_arena *all;
    uint64_t notes, passed; /* files of no use here */
    bool lists;             /* the first walk: only users and channels */
};

/* The beginning of a file, which has told the format, and then the rest. */
struct again {
    const struct mud_bytes_in *bytes;
    char *head;
    size_t from, to;
};

static bool take(void *payload, void *out, size_t size, size_t *n,
                 struct mud_error *err)
{
    struct again *a = payload;
    if (a->from == a->to)
        return a->bytes->read(a->bytes->payload, out, size, n, err);
    *n = a->to - a->from < size ? a->to - a->from : size;
    memcpy(out, a->head + a->from, *n);
    a->from += *n;
    return true;
}

static struct mud_str last_part(struct mud_str path)
{
    size_t slash = mud_str_rchr(path, '/');
    return mud_str_sub(path, slash == MUD_NPOS ? 0 : slash + 1, path.n);
}

/* A file that some other format knows. */
static bool other(struct reader *r, struct mud_str path,
                  const struct mud_bytes_in *bytes, struct mud_error *err)
{
    struct again a = {.bytes = bytes, .head = mud_malloc(MUD_CHAT_HEAD)};
    struct mud_chat_in in = *r->in;
    const struct mud_chat_format *format;
    size_t n = 1;
    bool ok = true;
    while (ok && n && a.to < MUD_CHAT_HEAD) {
        ok = bytes->read(
            bytes->payload, a.head + a.to, MUD_CHAT_HEAD - a.to, &n, err);
        a.to += ok ? n : 0;
    }
    in.bytes = (struct mud_bytes_in){take, &a};
    in.name = last_part(path);
    format = mud_chat_of(mud_str_of(a.head, a.to), in.name);
    /* WhatsApp calls every chat the same within its archive. */
    if (mud_str_eqz(in.name, "_chat.txt"))
        in.name = r->in->name;
    if (ok && format && format != &mud_chat_zip)
        ok = format->read(&in, r->sink, err);
    else
        r->passed++;
    free(a.head);
    return ok;
}

static bool on_file(struct mud_str path, const struct mud_bytes_in *bytes,
                    void *payload, struct mud_error *err)
{
    struct reader *r = payload;
    if (r->lists)
        return !mud_slack_is_list(path) ||
               mud_slack_list(&r->slack, path, bytes, err);
    if (mud_slack_is_list(path))
        return true;
    if (mud_slack_is_day(path))
        return mud_slack_day(&r->slack, path, bytes, err);
    return other(r, path, bytes, err);
}

static bool on_fault(const char *code, struct mud_str path, void *payload,
                     struct mud_error *err)
{
    struct reader *r = payload;
    if (r->lists || r->notes++ >= 1000)
        return true;
    struct mud_str text = mud_str_printf(
        r->all, "a file of the archive is passed over: %.*s", MUD_FMT(path));
    return mud_chat_note(r->sink, "warning", code, 0, text, err);
}

static bool is(struct mud_str head, struct mud_str name)
{
    static const char *const marks[] = {
        ".json", ".txt", ".log", ".html", ".csv"};
    (void)name;
    if (!mud_str_starts(head, MUD_STR("PK\x03\x04")) ||
        mud_str_find(mud_str_sub(head, 0, 100), MUD_STR("mimetype")) !=
            MUD_NPOS ||
        mud_str_find(head, MUD_STR("[Content_Types].xml")) != MUD_NPOS)
        return false;
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (mud_str_find(head, mud_str_z(marks[i])) != MUD_NPOS)
            return true;
    return mud_str_ends(name, MUD_STR(".zip"));
}

static bool walk_twice(struct reader *r, struct mud_archive *archive,
                       struct mud_error *err)
{
    const struct mud_archive_walk walk = {on_file, on_fault, r};
    r->lists = true;
    if (!mud_archive_each(archive, &walk, err))
        return false;
    r->lists = false;
    if (!mud_archive_each(archive, &walk, err))
        return false;
    if (!r->passed)
        return true;
    return mud_chat_note(r->sink,
                         "info",
                         "archive-rest",
                         0,
                         mud_str_printf(r->all,
                                        "%llu files are no chats",
                                        (unsigned long long)r->passed),
                         err);
}

static bool read(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err)
{
    struct reader r = {.in = in, .sink = sink};
    struct mud_archive *archive = NULL;
    r.all = mud_arena_new();
    r.slack.sink = sink;
    r.slack.all = r.all;
    bool ok = mud_archive_new(&archive, &in->bytes, err) &&
              walk_twice(&r, archive, err);
    mud_archive_free(archive);
    mud_chat_map_free(&r.slack.map);
    mud_arena_free(r.all);
    return ok;
}

const struct mud_chat_format mud_chat_zip = {"zip", is, read};
