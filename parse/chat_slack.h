/*
 * Slack's export: lists of users and channels, and files of a day's messages.
 * They come in a zip archive (parse/chat_zip.c). Internal to parse/. Verified
 * against an export of 2016 (hfaran/slack-export-viewer, MIT); newer members
 * (files, blocks, threads) as Slack's documentation has them.
 */
#ifndef MUD_PARSE_CHAT_SLACK_H
#define MUD_PARSE_CHAT_SLACK_H

#include "parse/chat.h"
#include "parse/chat_map.h"

struct mud_slack {
    const struct mud_chat_sink *sink;
    struct mud_chat_map map; /* names of users and channels, ids of channels */
    struct mud_str team;     /* in the arena of the map's owner */
    struct mud_arena *all;   /* borrowed */
};

/* "users.json", "channels.json", "groups.json"..., by the file's path: at the
 * top or in a folder around all. */
bool mud_slack_is_list(struct mud_str path);
/* "general/2016-01-14.json" */
bool mud_slack_is_day(struct mud_str path);

MUD_MUST bool mud_slack_list(struct mud_slack *slack, struct mud_str path,
                             const struct mud_bytes_in *bytes,
                             struct mud_error *err);
MUD_MUST bool mud_slack_day(struct mud_slack *slack, struct mud_str path,
                            const struct mud_bytes_in *bytes,
                            struct mud_error *err);

#endif
