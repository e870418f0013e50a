/* QQ NT: the JSON of qq-chat-exporter 4 and 5. */
#ifndef MUD_PARSE_CHAT_QQ_NT_H
#define MUD_PARSE_CHAT_QQ_NT_H

#include "parse/chat.h"

extern const struct mud_chat_format mud_chat_qq_nt;

#endif
