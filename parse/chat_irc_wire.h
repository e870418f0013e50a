/*
 * IRC as it came over the wire, written down by run/collect_irc.c: a line each,
 *
 *     2026-11-24T15:00:00.123456Z < :seller!u@host PRIVMSG #c :text
 *
 * with the time it was received and "<" for what the server sent (its bytes as
 * they were, without line end), ">" for what we did (secrets withheld), "=" for
 * what the listener knows:
 *
 *     = irc 1 irc.example:6697      first line of a file: form and server
 *     = charset gb18030             of lines that are no UTF-8
 *     = network Example             as the server calls it
 *     = nick reader                 ours
 *     = in #c TIME                  heard from that time on (RFC 3339)
 *     = out #c WHY                  not any more
 *     = filled #c TIME TIME         its history between these was read
 *     = gone WHY                    the connection ended: out of all rooms
 *
 * A room is heard until the last "<" line before it is left: what came after
 * that one may have been lost.
 */
#ifndef MUD_PARSE_CHAT_IRC_WIRE_H
#define MUD_PARSE_CHAT_IRC_WIRE_H

#include "parse/chat.h"

#define MUD_IRC_WIRE "irc 1 " /* what the first "=" line begins with */

extern const struct mud_chat_format mud_chat_irc_wire;

#endif
