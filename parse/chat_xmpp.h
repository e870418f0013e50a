/* Stanzas of XMPP group chats, live or from the archive, in a log or stream. */
#ifndef MUD_PARSE_CHAT_XMPP_H
#define MUD_PARSE_CHAT_XMPP_H

#include "parse/chat.h"

/* The first line of what mudlark listened to itself. */
#define MUD_XMPP_LOG "# mudlark xmpp 1"

extern const struct mud_chat_format mud_chat_xmpp;

#endif
