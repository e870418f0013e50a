/*
 * JSON as Telegram Desktop writes it to JSON that parses. Known faults: \xNN
 * for control characters, unquoted values ("document_id": video (2).webm),
 * lone surrogates, raw control characters. Also finds where a broken run of
 * messages may be taken apart.
 */
#ifndef MUD_PARSE_CHAT_REPAIR_H
#define MUD_PARSE_CHAT_REPAIR_H

#include "base/str.h"

/* The repaired text in out. text may hold bad UTF-8, which becomes U+FFFD. */
void mud_chat_repair(struct mud_buf *out, struct mud_str text,
                     struct mud_arena *arena);

/*
 * The next place at or after `from` where a message object seems to begin:
 * "," and then {"id": with white space as it may be. MUD_NPOS when none.
 */
size_t mud_chat_next_message(struct mud_str text, size_t from);

#endif
