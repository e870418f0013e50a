/* Inside fetch: what the files of the IRC connection share. */
#ifndef MUD_FETCH_IRC_INSIDE_H
#define MUD_FETCH_IRC_INSIDE_H

#include "fetch/irc.h"

enum mud_irc_cap { /* bits */
    MUD_CAP_SERVER_TIME = 1,
    MUD_CAP_TAGS = 2,
    MUD_CAP_BATCH = 4,
    MUD_CAP_HISTORY = 8,
    MUD_CAP_SASL = 16
};

enum mud_irc_place {
    MUD_PLACE_WAITS = 0, /* to be entered */
    MUD_PLACE_ASKED,
    MUD_PLACE_IN,
    MUD_PLACE_LATER, /* at `again` */
    MUD_PLACE_OVER   /* not any more, on this connection */
};

enum mud_irc_past {
    MUD_PAST_NONE = 0, /* none to be asked for, or done */
    MUD_PAST_WAITS,
    MUD_PAST_AFTER, /* what was said since `since` */
    MUD_PAST_BEFORE /* never heard before: backwards */
};

struct mud_irc_at { /* a room */
    const struct mud_irc_room *room;
    enum mud_irc_place place;
    enum mud_irc_past past;
    int64_t entered, again;
    unsigned rejoins;
};

struct mud_irc {
    struct mud_irc_options o;
    struct mud_irc_at at[MUD_IRC_ROOMS];
    char nick[MUD_IRC_NICK];
    size_t tried;     /* nicks */
    unsigned unasked; /* channels that we were put into */
    int64_t
        behind;    /* us: how far the server\'s clock is behind ours, at most */
    bool welcomed; /* 001 */
    bool ready;    /* the end of the message of the day */
    bool capping;  /* CAP END is still to be said */
    bool logged_in; /* by SASL */
    bool want_nick; /* ask for our own once more, at `quiet` */
    unsigned caps, cap_offered;
    int64_t began, heard, pinged; /* us; pinged 0: no answer is due */
    int64_t quiet;                /* nothing is to be asked before */
    long history_limit;

    struct { /* of one room at a time */
        struct mud_irc_at *at;
        bool reading; /* between BATCH + and - */
        char ref[64];
        int64_t asked, cursor, first, last;
        unsigned count, pages;
    } past;

    char last[200];            /* why the last room was closed to us */
    struct mud_arena *scratch; /* of one line */
};

/* By printf, without line end; secret (may be empty) is shown as "[withheld]". */
void mud_irc_say(struct mud_irc *irc, struct mud_str secret, const char *fmt,
                 ...) MUD_PRINTF(3, 4);
void mud_irc_tell(struct mud_irc *irc, enum mud_irc_happened what,
                  struct mud_str room, struct mud_str text);

void mud_irc_log_in(struct mud_irc *irc);
/* Of CAP, AUTHENTICATE, nicks and log-in. *taken: it was one of these. */
bool mud_irc_login_line(bool *taken, struct mud_irc *irc,
                        const struct mud_irc_message *m, struct mud_error *err);
/* Once welcomed: what NickServ is told. */
void mud_irc_identify(struct mud_irc *irc, int64_t now);

void mud_irc_past_line(struct mud_irc *irc, const struct mud_irc_message *m);
void mud_irc_past_tick(struct mud_irc *irc, int64_t now);
/* The room is no more ours to ask about. */
void mud_irc_past_drop(struct mud_irc *irc, const struct mud_irc_at *at);

#endif
