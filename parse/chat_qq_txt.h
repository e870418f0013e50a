/* QQ's message manager: an export as text, of one chat or of all. */
#ifndef MUD_PARSE_CHAT_QQ_TXT_H
#define MUD_PARSE_CHAT_QQ_TXT_H

#include "base/time.h"
#include "parse/chat.h"

extern const struct mud_chat_format mud_chat_qq_txt;

/* "18:15:05" or "8:43:38 PM" off the beginning of s. */
bool mud_chat_qq_clock(struct mud_str *s, struct mud_civil *time);

/*
 * Who "【管理员】NICK(8310000001)" is, after the body is known. True when it is
 * the network itself: then the post has no author but a service.
 */
bool mud_chat_qq_author(struct mud_post *post, struct mud_str head,
                        struct mud_arena *arena);

#endif
