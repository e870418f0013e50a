/*
 * The line with which a message of a WhatsApp export begins, in any locale of
 * the phone, and what WhatsApp itself says in one. Internal to parse/.
 *
 *     12/9/20, 11:55 PM - NAME: text          Android, en-US
 *     09.12.20, 23:55 - NAME: text            Android, de
 *     2020/12/9 下午11:55 - NAME: text        Android, zh-CN
 *     [2020/12/9 下午11:55:01] NAME: text     iOS, zh-CN
 *     [12/9/20, 11:55:01 PM] NAME: text       iOS, with U+202F before PM
 *     [23:55:01, 12/9/20] NAME: text          iOS, vi
 *     12/9/16, 11:55:01 PM: NAME: text        iOS, until 2016
 *     23:55, 9 Dec 2013 - NAME: text          Android of 2013
 *
 * Digits may be Arabic, Persian or Indian; years Buddhist or of Japanese eras.
 */
#ifndef MUD_PARSE_WHATSAPP_HEAD_H
#define MUD_PARSE_WHATSAPP_HEAD_H

#include "base/str.h"
#include "base/time.h"

enum mud_whatsapp_order {
    MUD_WHATSAPP_UNKNOWN = 0,
    MUD_WHATSAPP_DMY,
    MUD_WHATSAPP_MDY,
    MUD_WHATSAPP_YMD
};

struct mud_whatsapp_head {
    int date[3]; /* as written */
    char sign;   /* between them: '/', '.' or '-' */
    bool year_first, seconds, twelve;
    bool named,
        no_year; /* the month by name: day first; date[2] is a stand-in */
    /* All heads of a file are made alike; others are quotations, such as
     * WhatsApp Web puts them on the clipboard: "[6:48 AM, 5/3/2021] NAME: x" */
    int style;
    int hour, minute, second;
    struct mud_str name; /* empty: nobody, WhatsApp says something */
    struct mud_str text; /* the rest of the line, without marks of direction */
};

/* False when no message begins with this line. */
bool mud_whatsapp_head(struct mud_str line, struct mud_whatsapp_head *head);

/* False when there is no such day in that order. */
bool mud_whatsapp_date(const struct mud_whatsapp_head *head,
                       enum mud_whatsapp_order order, struct mud_civil *time);

/* What WhatsApp says: an action ("join", "add", "title"... "system"), who did
 * it and to whom; either may be empty. Views into text. */
struct mud_str mud_whatsapp_service(struct mud_str text, struct mud_str *who,
                                    struct mud_str *whom);

/* "This message was deleted" in the languages of the house. */
bool mud_whatsapp_deleted(struct mud_str text);

/* "image omitted", "图片已忽略": what stands for a file that was left out. */
bool mud_whatsapp_omitted(struct mud_str line);

/* The notice of encryption with which chats begin. */
bool mud_whatsapp_private(struct mud_str text);

/* Marks of direction off both ends. */
struct mud_str mud_whatsapp_bare(struct mud_str s);

#endif
