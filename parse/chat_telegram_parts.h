/* What a message of Telegram Desktop's JSON says. Internal to parse/. */
#ifndef MUD_PARSE_CHAT_TELEGRAM_PARTS_H
#define MUD_PARSE_CHAT_TELEGRAM_PARTS_H

#include "base/json.h"
#include "parse/post.h"

/* All but id, author, time and what it answers. Texts live in the arena. */
void mud_chat_telegram_message(struct mud_post *post, const json_t *message,
                               bool service, struct mud_arena *arena);

#endif
