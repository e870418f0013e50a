/*
 * A client of XMPP that listens (RFC 6120, RFC 6121; XEP-0030, 0045, 0313).
 * It can log in, ask for archives and lists, enter a room and leave it: there
 * is no way here to send a message, a subscription or presence to anyone else.
 * It answers nothing but pings of its own server. Each stanza is given as it
 * came over the wire, with the time, and as a tree. What comes is hostile: a
 * stanza above a limit of stanza.h is passed over and said, one that never ends
 * ends the connection.
 */
#ifndef MUD_FETCH_XMPP_H
#define MUD_FETCH_XMPP_H

#include "fetch/stanza.h"
#include "fetch/wire.h"

enum mud_xmpp_tls {
    MUD_XMPP_STARTTLS, /* and nothing else will do */
    MUD_XMPP_DIRECT,   /* TLS from the first byte (XEP-0368) */
    MUD_XMPP_PLAIN     /* none; only to this very machine */
};

struct mud_xmpp_to { /* borrowed while opening; policy and stop: for good */
    struct mud_wire_to wire;
    enum mud_xmpp_tls tls;
    struct mud_str jid; /* "name@host", without a resource */
    struct mud_str password;
};

struct mud_xmpp;

/*
 * Connect and log in. MUD_EDENIED: the server refuses name and password
 * (*refused is true then), or the policy the address; MUD_ENET: all else on the
 * way; MUD_EAGAIN: told to stop.
 */
MUD_MUST bool mud_xmpp_open(struct mud_xmpp **out, const struct mud_xmpp_to *to,
                            bool *refused, struct mud_error *err);
/* Ends the stream, if it still can. NULL is fine. */
void mud_xmpp_close(struct mud_xmpp *xmpp);

struct mud_xmpp_in {
    struct mud_str raw;              /* empty: none came */
    int64_t at;                      /* us */
    const struct mud_stanza *stanza; /* NULL: broken or above a limit */
    const struct mud_xml *top;       /* of stanza */
    bool too_large;                  /* raw is not there either */
};

/*
 * The next stanza, waiting for it at most wait_ms; valid until the next call.
 * MUD_ENET when the stream has ended, with the server's reason if it gave one.
 */
MUD_MUST bool mud_xmpp_next(struct mud_xmpp_in *out, struct mud_xmpp *xmpp,
                            int wait_ms, struct mud_error *err);

/* When the last byte came, us; bytes that came since the last call of it. */
int64_t mud_xmpp_heard(const struct mud_xmpp *xmpp);
int64_t mud_xmpp_bytes(struct mud_xmpp *xmpp);

/* Ourselves: "name@host/resource", as the server says. */
struct mud_str mud_xmpp_self(const struct mud_xmpp *xmpp);
/* The connection, as mud_wire_describe. */
void mud_xmpp_describe(struct mud_buf *out, const struct mud_xmpp *xmpp);

/* ---- what may be asked; id is that of the answer ---- */

struct mud_xmpp_page {    /* of a room's archive; one of after, before, start */
    struct mud_str after; /* id of the last that is known */
    bool last;            /* those at its end, or before `before` */
    struct mud_str before; /* id */
    struct mud_str start;  /* RFC 3339 */
    unsigned max;
};

MUD_MUST bool mud_xmpp_ask_archive(struct mud_xmpp *xmpp, const char *id,
                                   struct mud_str room,
                                   const struct mud_xmpp_page *page,
                                   struct mud_error *err);
/* Others see who enters. history: how many messages of before, at most; since
 * (RFC 3339) may be empty. */
MUD_MUST bool mud_xmpp_enter(struct mud_xmpp *xmpp, struct mud_str room,
                             struct mud_str nick, unsigned history,
                             struct mud_str since, struct mud_error *err);
MUD_MUST bool mud_xmpp_leave(struct mud_xmpp *xmpp, struct mud_str room,
                             struct mud_str nick, struct mud_error *err);
/* disco#items or disco#info of a server, or of a room. after: of the page
 * before (XEP-0059), or empty. */
MUD_MUST bool mud_xmpp_ask_items(struct mud_xmpp *xmpp, const char *id,
                                 struct mud_str of, struct mud_str after,
                                 struct mud_error *err);
MUD_MUST bool mud_xmpp_ask_info(struct mud_xmpp *xmpp, const char *id,
                                struct mud_str of, struct mud_error *err);
/* To our own server (XEP-0199): is it still there? */
MUD_MUST bool mud_xmpp_ping(struct mud_xmpp *xmpp, const char *id,
                            struct mud_error *err);

/* Name, host and resource of an address; empty where there is none. */
struct mud_str mud_jid_bare(struct mud_str jid);
struct mud_str mud_jid_local(struct mud_str jid);
struct mud_str mud_jid_host(struct mud_str jid);
struct mud_str mud_jid_resource(struct mud_str jid);

#endif
