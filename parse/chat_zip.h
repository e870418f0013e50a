/*
 * A zip archive of exports: Slack's (channels.json, users.json, a folder a
 * channel, a file a day), WhatsApp's from iOS (_chat.txt with media), or any
 * file that another format knows. Archives within archives are not opened.
 */
#ifndef MUD_PARSE_CHAT_ZIP_H
#define MUD_PARSE_CHAT_ZIP_H

#include "parse/chat.h"

extern const struct mud_chat_format mud_chat_zip;

#endif
