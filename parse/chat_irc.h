/* Logs of IRC channels as irssi, weechat and znc write them. */
#ifndef MUD_PARSE_CHAT_IRC_H
#define MUD_PARSE_CHAT_IRC_H

#include "parse/chat.h"

extern const struct mud_chat_format mud_chat_irc;

#endif
