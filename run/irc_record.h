/*
 * What an IRC connection brings and what is known beside it, as lines in a spool
 * (the form: parse/chat_irc_wire.h). A new file of the spool begins with what
 * its reader has to know. Inside run only.
 */
#ifndef MUD_RUN_IRC_RECORD_H
#define MUD_RUN_IRC_RECORD_H

#include "fetch/irc.h"
#include "run/spool.h"

#define MUD_IRC_SECRETS (MUD_IRC_ROOMS + 3)

struct mud_irc_record {
    struct mud_spool *spool;
    struct mud_str server;  /* "irc.example:6697" */
    struct mud_str charset; /* of what is no UTF-8; empty: the reader's */
    struct mud_str secrets[MUD_IRC_SECRETS]; /* that stand nowhere in it */
    size_t n_secrets;
    char network[80], nick[MUD_IRC_NICK]; /* as far as known */
    int64_t last;  /* us: time of the last line; they only rise */
    int64_t heard; /* and of the last one of the server */

    struct mud_irc_room_heard {
        struct mud_str name;
        bool in;
        bool waits;    /* history from until on is still to be read */
        int64_t until; /* us: all before was heard; of those in: see heard */
    } rooms[MUD_IRC_ROOMS];

    size_t n_rooms;
    bool worth;  /* more came than PING and PONG since that was set back */
    bool failed; /* it could not be written; err says why */
    struct mud_error err;
};

/* A line that came ('<') or went ('>'); its time. */
int64_t mud_irc_record_line(struct mud_irc_record *record, char sign,
                            struct mud_str text);
/* What the listener knows: '='. */
void mud_irc_record_note(struct mud_irc_record *record, const char *fmt, ...)
    MUD_PRINTF(2, 3);

void mud_irc_record_in(struct mud_irc_record *record, struct mud_str room);
void mud_irc_record_out(struct mud_irc_record *record, struct mud_str room,
                        struct mud_str why);
void mud_irc_record_filled(struct mud_irc_record *record, struct mud_str room,
                           int64_t from, int64_t until);
/* The connection ended: nothing is heard any more. */
void mud_irc_record_gone(struct mud_irc_record *record, struct mud_str why);

/* Until when the room is heard so far, us; 0: never. */
int64_t mud_irc_record_until(const struct mud_irc_record *record, size_t room);

#endif
