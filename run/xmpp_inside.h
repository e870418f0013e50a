/*
 * The collector of XMPP rooms in its parts: xmpp_prepare.c (name, password,
 * server), collect_xmpp.c (the round: connect, listen, begin again),
 * xmpp_archive.c (what rooms have kept), xmpp_room.c (who
 * comes in, what is heard) and xmpp_write.c (what is kept of it: spool, cursors,
 * time covered). Inside run only.
 */
#ifndef MUD_RUN_XMPP_INSIDE_H
#define MUD_RUN_XMPP_INSIDE_H

#include "fetch/xmpp.h"
#include "run/collect.h"
#include "run/outlast.h"
#include "run/secret.h"
#include "run/spool.h"
#include "run/xmpp_lines.h"

enum {
    MUD_XMPP_ROOM_MAX = 127, /* bytes of a room's address */
    MUD_XMPP_ID_MAX = 512    /* of an id in an archive */
};

struct mud_xmpp_room {
    struct mud_str jid;
    char nick[64]; /* ours in it */

    enum {
        MUD_ARCHIVE_UNKNOWN,
        MUD_ARCHIVE_OPEN,
        MUD_ARCHIVE_SHUT
    } archive;

    enum {
        MUD_ROOM_OUTSIDE,
        MUD_ROOM_ENTERING,
        MUD_ROOM_INSIDE,
        MUD_ROOM_LOST /* thrown out, refused: not tried again this session */
    } place;

    bool given_up;                    /* nothing more of it this round */
    char cursor[MUD_XMPP_ID_MAX + 1]; /* id of the last that is held */
    int64_t covered;    /* us: all up to then is held; 0: nothing yet */
    bool caught_up;     /* ids that come live are the archive's next */
    bool changed;       /* cursor or covered, since they were put */
    int64_t live;       /* us: heard live up to here */
    int64_t from, to;   /* heard and not yet said in the spool */
    int64_t lines;      /* in the spool's file at hand */
    struct mud_buf fin; /* the archive's last word, not yet in the spool */
    int64_t absent;     /* monotonic us: when it was not there; 0: it was */
    unsigned absences;  /* in a row */
    int tries;          /* nicks */
    bool settled;       /* inside, and told all that is told at first */
    const char *out;    /* why we were shown the door, not yet put; or NULL */
    struct mud_xmpp_lines memory;
};

struct mud_xmpp_asking {        /* the answer that is waited for */
    struct mud_xmpp_room *room; /* NULL: of the server */
    char id[32];
    bool keep; /* its results; else they are only learnt from */
    bool done, complete;
    unsigned n;
    char last[MUD_XMPP_ID_MAX + 1];
    int64_t first_at, last_at; /* us, of results */
    char error[48];            /* "item-not-found"; "" for none */
};

struct mud_xmpp_watch {
    struct mud_report *report;
    struct mud_worker *worker;
    const struct mud_source *source;
    const struct mud_crawl_options *options;
    struct mud_arena *arena; /* of the round */
    struct mud_spool *spool;
    struct mud_outlast db;
    struct mud_xmpp *xmpp; /* NULL: not connected */
    struct mud_policy policy;
    struct mud_xmpp_to to;
    struct mud_xmpp_room *rooms;
    size_t n_rooms;
    struct mud_xmpp_asking asking;
    struct mud_str nick;
    uint64_t asked;                /* numbers of what is asked */
    int64_t file;                  /* number of the spool's file at hand */
    int64_t pages;                 /* of archives */
    int64_t left_bytes;            /* of this day's budget */
    int64_t said, checked, pinged; /* us, when last */
    struct mud_error *err;
};

/* ---- xmpp_write.c ---- */

/* A stanza into the spool, under its time; word ("present") or "". */
MUD_MUST bool mud_xmpp_write(struct mud_xmpp_watch *w,
                             struct mud_xmpp_room *room, struct mud_str raw,
                             int64_t at, const char *word);
/* A line that was written before, unless it is in this file already. */
MUD_MUST bool mud_xmpp_write_again(struct mud_xmpp_watch *w,
                                   struct mud_xmpp_room *room,
                                   struct mud_xmpp_line *line);
/* "TIME word raw" in arena, as it stands in the spool. */
struct mud_str mud_xmpp_line_of(struct mud_str raw, int64_t at,
                                const char *word, struct mud_arena *arena);
/* All that was said in the room in that time is in the spool. */
MUD_MUST bool mud_xmpp_covered(struct mud_xmpp_watch *w,
                               struct mud_xmpp_room *room, int64_t from,
                               int64_t to);
/* Seal, read, and move the cursors; all: also what was but silence. */
MUD_MUST bool mud_xmpp_flush(struct mud_xmpp_watch *w, bool all);
MUD_MUST bool mud_xmpp_cursor_load(struct mud_xmpp_watch *w,
                                   struct mud_xmpp_room *room);
/* Remember at once where we were shown the door (room->out): without --rejoin it is
 * not entered any more (mud_xmpp_cursor_load sets its place). */
MUD_MUST bool mud_xmpp_stay_out(struct mud_xmpp_watch *w);

/* ---- xmpp_room.c ---- */

/* One that came: kept, learnt from, or passed over. */
MUD_MUST bool mud_xmpp_stanza(struct mud_xmpp_watch *w,
                              const struct mud_xmpp_in *in);
/* Go in, where that is asked for; a room that does not let us in is said. */
MUD_MUST bool mud_xmpp_go_in(struct mud_xmpp_watch *w,
                             struct mud_xmpp_room *room);
/* What a result of the archive holds; it is the one that was asked for. */
MUD_MUST bool mud_xmpp_keep(struct mud_xmpp_watch *w,
                            struct mud_xmpp_room *room,
                            const struct mud_xmpp_in *in,
                            const struct mud_xml *message, struct mud_str id,
                            bool write);
/* There is no such room (now): it is looked for again after a while. */
void mud_xmpp_room_absent(struct mud_xmpp_watch *w, struct mud_xmpp_room *room);
void mud_xmpp_room_skip(struct mud_xmpp_watch *w,
                        const struct mud_xmpp_room *room, const char *why);

/* ---- xmpp_archive.c ---- */

/* All rooms from their cursors on, until each is read up or may not be. */
MUD_MUST bool mud_xmpp_catch_up(struct mud_xmpp_watch *w);
/* What an iq, or a result of an archive, tells of the answer waited for. */
MUD_MUST bool mud_xmpp_answered(struct mud_xmpp_watch *w,
                                const struct mud_xmpp_in *in);
MUD_MUST bool mud_xmpp_result(struct mud_xmpp_watch *w,
                              struct mud_xmpp_room *room,
                              const struct mud_xmpp_in *in,
                              const struct mud_xml *result);
/* Is there such a room? Going into one that is not there would make it. */
MUD_MUST bool mud_xmpp_is_there(struct mud_xmpp_watch *w, bool *there,
                                struct mud_xmpp_room *room);

/* ---- xmpp_prepare.c ---- */

/* All that a connection takes: where to, with what name and password. *secret
 * and *way are to be freed after it. */
MUD_MUST bool mud_xmpp_prepare(struct mud_xmpp_watch *w,
                               struct mud_secret **secret,
                               struct mud_secret **way);

/* ---- collect_xmpp.c ---- */

/* Stanzas as they come, for that long or until the answer is there. MUD_ENET
 * ends the connection; the round goes on. */
MUD_MUST bool mud_xmpp_pump(struct mud_xmpp_watch *w, int64_t us, bool answer);
bool mud_xmpp_enough(const struct mud_xmpp_watch *w);
struct mud_xmpp_room *mud_xmpp_room_of(const struct mud_xmpp_watch *w,
                                       struct mud_str jid);

#endif
