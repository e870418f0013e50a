/*
 * An export of many files, in an archive or in a folder: Slack's (channels.json,
 * users.json, a folder a channel, a file a day), Telegram Desktop's of a chat or
 * of an account, or any files that other formats know. Internal to parse/.
 */
#ifndef MUD_PARSE_CHAT_TREE_H
#define MUD_PARSE_CHAT_TREE_H

#include "parse/archive.h"

struct mud_chat_tree {
    /* All files, the same every time; they are walked twice. */
    bool (*each)(void *payload, const struct mud_archive_walk *walk,
                 struct mud_error *err);
    void *payload;
    bool archives; /* those in it are read as well, and none in them */

    uint64_t files;      /* filled: those that were read as chats */
    struct mud_str file; /* the one under the eye, while it is read */
};

/* in.bytes is not used; in.name is the archive's or the folder's. */
MUD_MUST bool mud_chat_tree_read(struct mud_chat_tree *tree,
                                 const struct mud_chat_in *in,
                                 const struct mud_chat_sink *sink,
                                 struct mud_error *err);

#endif
