/* QQ's message manager: an export as text, of one chat or of all. */
#ifndef MUD_PARSE_CHAT_QQ_TXT_H
#define MUD_PARSE_CHAT_QQ_TXT_H

#include "parse/chat.h"

extern const struct mud_chat_format mud_chat_qq_txt;

/* A message of 系统消息: what it does ("recall", "join"...) and to whom. Also
 * for the other formats of the network. */
struct mud_str mud_chat_qq_service(struct mud_str body, struct mud_str *name);

#endif
