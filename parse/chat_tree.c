#include "parse/chat_tree.h"

#include "parse/chat_kit.h"
#include "parse/chat_slack.h"
#include "parse/chat_zip.h"

#define NOTES_MAX 1000

struct reader {
    struct mud_chat_tree *tree;
    const struct mud_chat_in *in;
    const struct mud_chat_sink *sink;
    struct mud_slack slack;
    struct mud_arena *all;
    uint64_t notes, passed; /* files of no use here */
    bool lists;             /* the first walk: only users and channels */
};

static struct mud_str last_part(struct mud_str path)
{
    size_t slash = mud_str_rchr(path, '/');
    return mud_str_sub(path, slash == MUD_NPOS ? 0 : slash + 1, path.n);
}

/* Some programs call every chat the same: then the whole has the name. */
static bool says_nothing(struct mud_str name)
{
    return mud_str_eqz(name, "_chat.txt") ||
           (mud_str_starts(name, MUD_STR("c0")) &&
            mud_str_ends(name, MUD_STR(".jsonl")));
}

static bool on_fault(const char *code, struct mud_str path, void *payload,
                     struct mud_error *err)
{
    struct reader *r = payload;
    if (r->lists || r->notes++ >= NOTES_MAX)
        return true;
    struct mud_str text = mud_str_printf(
        r->all, "a file of the archive is passed over: %.*s", MUD_FMT(path));
    return mud_chat_note(r->sink, "warning", code, 0, text, err);
}

/* A file that some other format knows. */
static bool other(struct reader *r, struct mud_str path,
                  const struct mud_bytes_in *bytes, struct mud_error *err)
{
    struct mud_chat_in in = *r->in;
    struct mud_chat_head head = {0};
    const struct mud_chat_format *format = NULL;
    bool ok = mud_chat_head_read(&head, bytes, err);
    in.bytes = mud_chat_head_again(&head);
    in.name = last_part(path);
    if (ok)
        format = mud_chat_of(mud_str_of(head.text, head.n), in.name);
    if (says_nothing(in.name))
        in.name = r->in->name;
    bool archive = format == &mud_chat_zip || format == &mud_chat_tar;
    if (ok && archive && !r->tree->archives) {
        ok = on_fault("archive-nested", path, r, err);
    } else if (ok && format) {
        r->tree->files++;
        ok = format->read(&in, r->sink, err);
    } else {
        r->passed++;
    }
    mud_chat_head_free(&head);
    return ok;
}

static bool on_file(struct mud_str path, const struct mud_bytes_in *bytes,
                    void *payload, struct mud_error *err)
{
    struct reader *r = payload;
    bool ok;
    if (r->lists)
        return !mud_slack_is_list(path) ||
               mud_slack_list(&r->slack, path, bytes, err);
    if (mud_slack_is_list(path))
        return true;
    r->tree->file = path;
    if (mud_slack_is_day(path)) {
        r->tree->files++;
        ok = mud_slack_day(&r->slack, path, bytes, err);
    } else {
        ok = other(r, path, bytes, err);
    }
    r->tree->file = (struct mud_str){0};
    return ok;
}

static bool walk_twice(struct reader *r, struct mud_error *err)
{
    const struct mud_archive_walk walk = {on_file, on_fault, r};
    r->lists = true;
    if (!r->tree->each(r->tree->payload, &walk, err))
        return false;
    r->lists = false;
    if (!r->tree->each(r->tree->payload, &walk, err))
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

bool mud_chat_tree_read(struct mud_chat_tree *tree,
                        const struct mud_chat_in *in,
                        const struct mud_chat_sink *sink, struct mud_error *err)
{
    struct reader r = {.tree = tree, .in = in, .sink = sink};
    r.all = mud_arena_new();
    r.slack.sink = sink;
    r.slack.all = r.all;
    bool ok = walk_twice(&r, err);
    mud_chat_map_free(&r.slack.map);
    mud_arena_free(r.all);
    return ok;
}
