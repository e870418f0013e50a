/*
 * One line of IRC as it comes from a server (RFC 1459 2.3, RFC 2812 2.3, IRCv3
 * message tags): what it is made of, as views into the line. Bytes of strangers:
 * nothing here needs to be UTF-8.
 */
#ifndef MUD_FETCH_IRC_MESSAGE_H
#define MUD_FETCH_IRC_MESSAGE_H

#include "base/str.h"

/* 8191 bytes of tags and 512 of the rest (IRCv3), twice: some servers allow
 * more of the rest. */
#define MUD_IRC_LINE_MAX ((size_t)16 << 10)
#define MUD_IRC_PARAMS   15

struct mud_irc_message {
    struct mud_str tags;             /* "time=...;msgid=..."; or empty */
    struct mud_str source;           /* "nick!user@host", a server; or empty */
    struct mud_str nick, user, host; /* of it; user, host may be empty */
    struct mud_str command;          /* "PRIVMSG", "001" */
    struct mud_str params[MUD_IRC_PARAMS];
    size_t n;
};

/* False when it is no message. line is without its end. */
bool mud_irc_read(struct mud_irc_message *out, struct mud_str line);

/* params[i], or empty. */
struct mud_str mud_irc_param(const struct mud_irc_message *message, size_t i);
/* The last one: what is said, or why. */
struct mud_str mud_irc_last(const struct mud_irc_message *message);

/* Is it that command? ASCII case does not matter. */
bool mud_irc_is(const struct mud_irc_message *message, const char *command);

/* The value of a tag with its escapes undone, in arena; false: no such tag. */
bool mud_irc_tag(const struct mud_irc_message *message, const char *name,
                 struct mud_str *value, struct mud_arena *arena);

/* Are two names of channels or people the same (casemapping rfc1459, which
 * ascii differs from in four characters nobody uses)? */
bool mud_irc_same(struct mud_str a, struct mud_str b);

/* Does a channel's name begin so? */
bool mud_irc_is_channel(struct mud_str name);

/* May it stand as a parameter that is not the last: not empty, no space,
 * control character, and no ":" before it? */
bool mud_irc_word(struct mud_str s);

#endif
