/* DiscordChatExporter's exports: JSON, HTML, CSV. */
#ifndef MUD_PARSE_CHAT_DISCORD_H
#define MUD_PARSE_CHAT_DISCORD_H

#include "parse/chat.h"

extern const struct mud_chat_format mud_chat_discord, mud_chat_discord_html,
    mud_chat_discord_csv;

/* When an id (a snowflake) was given out; us, 0 when it is none. */
int64_t mud_chat_discord_time(struct mud_str id);

/* The channel's id in "GUILD - CHANNEL [ID].html"; empty when there is none. */
struct mud_str mud_chat_discord_channel(struct mud_str file);

#endif
