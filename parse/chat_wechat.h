/* WeChat as handed over: CSV and JSON as several programs write it. */
#ifndef MUD_PARSE_CHAT_WECHAT_H
#define MUD_PARSE_CHAT_WECHAT_H

#include "parse/chat.h"

extern const struct mud_chat_format mud_chat_wechat_csv, mud_chat_wechat_json;

#endif
