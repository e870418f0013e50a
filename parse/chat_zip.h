/*
 * Archives of exports, read as streams: what is in them, parse/chat_tree.h.
 * Archives within archives are not opened.
 */
#ifndef MUD_PARSE_CHAT_ZIP_H
#define MUD_PARSE_CHAT_ZIP_H

#include "parse/chat.h"

extern const struct mud_chat_format mud_chat_zip, mud_chat_tar;

#endif
