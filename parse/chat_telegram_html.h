/* Telegram Desktop's export as HTML: messages.html, messages2.html... */
#ifndef MUD_PARSE_CHAT_TELEGRAM_HTML_H
#define MUD_PARSE_CHAT_TELEGRAM_HTML_H

#include "parse/chat.h"

extern const struct mud_chat_format mud_chat_telegram_html;

#endif
