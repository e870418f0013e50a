/* Parts of a message in Telegram Desktop's HTML. Internal to parse/. */
#ifndef MUD_PARSE_CHAT_TELEGRAM_HTML_PARTS_H
#define MUD_PARSE_CHAT_TELEGRAM_HTML_PARTS_H

#include "base/time.h"
#include "parse/page.h"
#include "parse/post.h"

/*
 * "04.03.2024 09:35:43 UTC+08:00" to us; without a zone: by `zone`. 0 when it
 * is no time, or has no zone and `zone` is NULL.
 */
int64_t mud_chat_telegram_time(struct mud_str text, const struct mud_zone *zone,
                               enum mud_precision *precision);

/* The message that a link leads to ("messages2.html#go_to_message23"). */
struct mud_str mud_chat_telegram_goto(const struct mud_node *link,
                                      struct mud_arena *arena);

/* Action, actor and members of "A invited B", named as in the JSON export. */
void mud_chat_telegram_service(struct mud_post *post, struct mud_str text,
                               struct mud_arena *arena);

/* All but id and time of a message; gives its author's name, if it is there. */
struct mud_str mud_chat_telegram_parts(struct mud_post *post,
                                       const struct mud_page *page,
                                       uint32_t message,
                                       const struct mud_zone *zone,
                                       struct mud_arena *arena);

#endif
