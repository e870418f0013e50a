/* Telegram Desktop's export as JSON (result.json): one chat, or an account. */
#ifndef MUD_PARSE_CHAT_TELEGRAM_H
#define MUD_PARSE_CHAT_TELEGRAM_H

#include "parse/chat.h"

extern const struct mud_chat_format mud_chat_telegram;

#endif
