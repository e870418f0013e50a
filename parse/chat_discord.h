/* DiscordChatExporter's JSON, one channel a file. */
#ifndef MUD_PARSE_CHAT_DISCORD_H
#define MUD_PARSE_CHAT_DISCORD_H

#include "parse/chat.h"

extern const struct mud_chat_format mud_chat_discord;

#endif
