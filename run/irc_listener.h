/* Inside run: what the files of the IRC collector share. */
#ifndef MUD_RUN_IRC_LISTENER_H
#define MUD_RUN_IRC_LISTENER_H

#include "fetch/wire_lines.h"
#include "run/crawl.h"
#include "run/irc_record.h"
#include "run/outlast.h"
#include "run/secret.h"

#define MUD_IRC_NICKS 8 /* for when ours is taken */

struct mud_irc_listener {
    struct mud_worker *worker;
    const struct mud_source *source;
    const struct mud_crawl_options *options;
    struct mud_report *report;
    struct mud_error *err;
    struct mud_arena *arena;
    struct mud_secret *secret, *way; /* of the account, of the proxy */
    struct mud_policy policy;
    struct mud_wire_to to;
    bool tls;
    struct mud_irc_options irc_options;
    struct mud_irc_room rooms[MUD_IRC_ROOMS];
    struct mud_str nicks[MUD_IRC_NICKS];
    struct mud_irc_record record;
    struct mud_spool *spool;
    struct mud_outlast db;
    /* of the connection at hand */
    struct mud_irc *irc;
    struct mud_wire_lines *lines;
    struct mud_error broken; /* what could not be sent */
    bool is_broken;
    int64_t told;   /* us: that we live, and what came in */
    int64_t looked; /* us: at the terms of the source */
    int64_t spent;  /* bytes of the day, by then */
};

/* What the source says: server, account, rooms and until when each was heard; then
 * its spool is open. l->err says what is missing. */
MUD_MUST bool mud_irc_prepare(struct mud_irc_listener *l);

/* The place whose cursor tells until when that room was heard. */
struct mud_str mud_irc_place(struct mud_irc_listener *l, size_t room);

#endif
