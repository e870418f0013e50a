#include "parse/chat_zip.h"

#include "parse/chat_tree.h"

static bool zip_is(struct mud_str head, struct mud_str name)
{
    static const char *const marks[] = {
        ".json", ".txt", ".log", ".html", ".csv"};
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

/* POSIX 1003.1: "ustar" stands at byte 257. Packed ones say it by their name. */
static bool tar_is(struct mud_str head, struct mud_str name)
{
    if (mud_str_starts(head, MUD_STR("\x1f\x8b")))
        return mud_str_ends(name, MUD_STR(".tar.gz")) ||
               mud_str_ends(name, MUD_STR(".tgz"));
    return mud_str_starts(mud_str_sub(head, 257, head.n), MUD_STR("ustar"));
}

static bool each(void *payload, const struct mud_archive_walk *walk,
                 struct mud_error *err)
{
    return mud_archive_each(payload, walk, err);
}

static bool read(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err)
{
    struct mud_archive *archive = NULL;
    struct mud_chat_tree tree = {.each = each};
    bool ok = mud_archive_new(&archive, &in->bytes, err);
    tree.payload = archive;
    ok = ok && mud_chat_tree_read(&tree, in, sink, err);
    mud_archive_free(archive);
    return ok;
}

const struct mud_chat_format mud_chat_zip = {"zip", zip_is, read};
const struct mud_chat_format mud_chat_tar = {"tar", tar_is, read};
