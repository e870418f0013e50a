/*
 * What a WeChat message is, whatever program exported it: its kind by number
 * or by its Chinese name, and what the network's XML says. Internal to parse/.
 */
#ifndef MUD_PARSE_WECHAT_MESSAGE_H
#define MUD_PARSE_WECHAT_MESSAGE_H

#include "parse/chat_kit.h"

enum mud_wechat_kind {
    MUD_WECHAT_WORDS = 0,
    MUD_WECHAT_PICTURE,
    MUD_WECHAT_VOICE,
    MUD_WECHAT_VIDEO,
    MUD_WECHAT_STICKER,
    MUD_WECHAT_FILE,
    MUD_WECHAT_CARD, /* somebody's name card */
    MUD_WECHAT_APP,  /* reply, link, forwarded record, payment */
    MUD_WECHAT_CALL,
    MUD_WECHAT_PLACE,
    MUD_WECHAT_SYSTEM
};

/* "3", "图片消息", "图片": other types are words. */
enum mud_wechat_kind mud_wechat_kind_of(struct mud_str type);

struct mud_wechat {
    struct mud_post post;
    enum mud_wechat_kind kind;
    struct mud_chat_list links, images, files;
    struct mud_str file; /* name or path of what is attached, or empty */
};

/* What every message of a reader has; body is as exported, may be XML. */
void mud_wechat_finish(struct mud_wechat *message, struct mud_arena *arena);

/* The message answers another; without a text there is no quotation, and "0"
 * is no id. */
void mud_wechat_quote(struct mud_post *post, struct mud_str author,
                      struct mud_str id, struct mud_str text,
                      struct mud_arena *arena);

/* What PyWxDump says of a message besides; body, site, author_id are set. */
void mud_wechat_pywxdump(struct mud_wechat *message, struct mud_str type,
                         struct mud_str src, bool sent,
                         struct mud_arena *arena);

#endif
