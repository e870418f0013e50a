/* QQ's message manager: an export as a web archive, with its pictures. */
#ifndef MUD_PARSE_CHAT_QQ_MHT_H
#define MUD_PARSE_CHAT_QQ_MHT_H

#include "parse/chat.h"

extern const struct mud_chat_format mud_chat_qq_mht;

#endif
