/*
 * One connection to an IRC network by somebody who only reads: what has to be
 * said to come in, log in, enter the rooms named and stay. A state machine
 * without a socket: lines go in, lines to be sent come out. RFC 1459, RFC 2812,
 * IRCv3 (capabilities, SASL PLAIN, server-time, batch, draft/chathistory).
 *
 * All that it ever says: CAP, AUTHENTICATE, PASS, NICK, USER, JOIN, PONG, PING,
 * CHATHISTORY, QUIT, PART from a channel that it was put into without approval,
 * and, with a password for it, to NickServ. Nothing to a channel or a person;
 * no CTCP is answered.
 */
#ifndef MUD_FETCH_IRC_H
#define MUD_FETCH_IRC_H

#include "base/time.h"
#include "fetch/irc_message.h"

#define MUD_IRC_ROOMS 256
#define MUD_IRC_NICK  64

struct mud_irc_room {
    struct mud_str name;
    struct mud_str key; /* secret; or empty */
    int64_t since;      /* us: all before was heard; 0: nothing was */
};

enum mud_irc_happened {
    MUD_IRC_READY,    /* welcomed; text: our nick */
    MUD_IRC_NICK_NOW, /* text: our nick from now on */
    MUD_IRC_NETWORK,  /* text: its name */
    MUD_IRC_IN,       /* room is heard from now on */
    MUD_IRC_OUT,      /* and no more; text: why */
    MUD_IRC_REFUSED,  /* room: it could not be entered; text: why */
    MUD_IRC_FILLED,   /* room: its history from..until (us) was read */
    MUD_IRC_UNASKED,  /* text: a channel that we were put into and left */
    MUD_IRC_ODD       /* text: something to be told, such as no history */
};

struct mud_irc_event {
    enum mud_irc_happened what;
    struct mud_str room, text; /* until the call returns */
    int64_t from, until;
};

/* Texts are borrowed and must outlive the connection. */
struct mud_irc_options {
    struct mud_str nick;          /* that is wanted */
    const struct mud_str *others; /* when it is in use */
    size_t n_others;
    struct mud_str user, real;      /* empty: as nick */
    struct mud_str server_password; /* PASS; or empty */
    struct mud_str sasl_user, sasl_password;
    struct mud_str nickserv_password;
    const struct mud_irc_room *rooms;
    size_t n_rooms;
    bool rejoin; /* after a kick, up to three times */
    /* line: with its end; shown: the same without secrets. */
    void (*say)(struct mud_str line, struct mud_str shown, void *payload);
    void (*event)(const struct mud_irc_event *event, void *payload);
    void *payload;
};

struct mud_irc;

/* MUD_EUSAGE: a nick or a room that is none. */
MUD_MUST bool mud_irc_new(struct mud_irc **out,
                          const struct mud_irc_options *options,
                          struct mud_error *err);
void mud_irc_free(struct mud_irc *irc); /* NULL is fine */

/* It is connected. now: us, as everywhere here. */
void mud_irc_begin(struct mud_irc *irc, int64_t now);

/*
 * A line came, or none did for a while (to be called every second or so). False
 * when this connection is at its end: MUD_ENET: another may go better;
 * MUD_EDENIED: it would not: banned, a password refused, no room left.
 */
MUD_MUST bool mud_irc_hear(struct mud_irc *irc, struct mud_str line,
                           int64_t now, struct mud_error *err);
MUD_MUST bool mud_irc_tick(struct mud_irc *irc, int64_t now,
                           struct mud_error *err);

/* Is every room entered or refused, and what history there is read? */
bool mud_irc_settled(const struct mud_irc *irc);

/* Is history of that room (from 0, as in the options) still to be read? */
bool mud_irc_waits(const struct mud_irc *irc, size_t room);

/* Say goodbye, without words. */
void mud_irc_quit(struct mud_irc *irc);

/* May the line be kept: is it of no channel, or of one of the rooms? */
bool mud_irc_approved(const struct mud_irc *irc, struct mud_str line);

#endif
