/*
 * What QQ and WeChat themselves say in a chat ("番茄加入了群聊"), told by its
 * words: joins, invitations, removals, recalls, roles, titles. Internal to
 * parse/.
 */
#ifndef MUD_PARSE_CHAT_NOTICE_H
#define MUD_PARSE_CHAT_NOTICE_H

#include "parse/chat_kit.h"

/*
 * Makes post a service message by its body: what happened ("system" when the
 * words are not known), to whom, and as author who did it, where the notice
 * says so; else nobody.
 */
void mud_chat_notice(struct mud_post *post, struct mud_arena *arena);

#endif
