/* WhatsApp's "export chat": one text file a chat, in the phone's locale. */
#ifndef MUD_PARSE_CHAT_WHATSAPP_H
#define MUD_PARSE_CHAT_WHATSAPP_H

#include "parse/chat.h"

extern const struct mud_chat_format mud_chat_whatsapp;

#endif
