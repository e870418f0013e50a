/* Updates of Telegram's Bot API: answers of getUpdates, or one a line. */
#ifndef MUD_PARSE_CHAT_BOTAPI_H
#define MUD_PARSE_CHAT_BOTAPI_H

#include "parse/chat.h"

extern const struct mud_chat_format mud_chat_botapi;

#endif
