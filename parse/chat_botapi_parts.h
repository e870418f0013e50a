/* Parts of a message of Telegram's Bot API. Internal to parse/. */
#ifndef MUD_PARSE_CHAT_BOTAPI_PARTS_H
#define MUD_PARSE_CHAT_BOTAPI_PARTS_H

#include "base/json.h"
#include "parse/post.h"

/* The id of a chat as exports have it: -1001899000417 is 1899000417. */
struct mud_str mud_chat_botapi_id(int64_t id, struct mud_arena *arena);

/* First and last name of a user, or the title of a chat. */
struct mud_str mud_chat_botapi_name(const json_t *who, struct mud_arena *arena);

/* Who: `from`, or the chat in whose name it was sent (may be NULL). */
void mud_chat_botapi_author(struct mud_post *post, const json_t *from,
                            const json_t *chat, struct mud_arena *arena);

/* All else of a message but its id, chat and times. */
void mud_chat_botapi_parts(struct mud_post *post, const json_t *message,
                           struct mud_arena *arena);

#endif
