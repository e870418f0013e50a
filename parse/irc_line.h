/*
 * One line of an IRC log, whoever wrote it. Internal to parse/.
 *
 *     00:52:34 < seller> text                     irssi, with "--- Log opened"
 *     00:52:34 -!- seller [~u@host] has joined #c and "--- Day changed" lines
 *     2026-11-22 00:54:24<TAB>seller<TAB>text     weechat
 *     [00:54:24] <seller> text                    znc, a file a day
 *     2026-11-22T00:42:55Z CHANNEL from=seller!~u@host [#c] [text]
 *                                                 events of libircclient
 * Forms recorded from irssi 1.4.3, weechat 3.8, znc 1.8.2; kicks, modes and
 * changes of topic from their sources.
 */
#ifndef MUD_PARSE_IRC_LINE_H
#define MUD_PARSE_IRC_LINE_H

#include "base/str.h"
#include "base/time.h"

enum mud_irc_writer {
    MUD_IRC_NONE = 0,
    MUD_IRC_IRSSI,
    MUD_IRC_WEECHAT,
    MUD_IRC_ZNC,
    MUD_IRC_EVENTS
};

struct mud_irc_line {
    bool day;   /* only says from which day (and time) on lines are */
    bool dated; /* the line has its own day */
    bool seconds, utc;
    struct mud_civil time;
    struct mud_str nick; /* without sign of rank; empty: nobody */
    char rank;           /* '@', '%', '+', '&', '~'; 0 none */
    struct mud_str text;
    struct mud_str channel; /* that the line names, else empty */
    const char *service;    /* "join", "leave", "quit", "kick", "nick",
                               "topic", "mode", "system"; NULL: words */
    struct mud_str whom;    /* kicked; the new name */
};

/* False when that program writes no such line. */
bool mud_irc_line(struct mud_str line, enum mud_irc_writer writer,
                  struct mud_irc_line *out);

#endif
