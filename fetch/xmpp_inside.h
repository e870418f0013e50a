/* Shared by xmpp.c (the stream), xmpp_login.c and xmpp_ask.c. Inside fetch. */
#ifndef MUD_FETCH_XMPP_INSIDE_H
#define MUD_FETCH_XMPP_INSIDE_H

#include "fetch/xmpp.h"

struct mud_xmpp {
    struct mud_wire *wire;
    struct mud_stanza_scan *scan;
    struct mud_arena *arena; /* of the stanza at hand */
    struct mud_arena *life;
    struct mud_str jid, host, self;
    struct mud_buf raw; /* of the stanza at hand */
    struct mud_stanza stanza;
    bool ready, too_large; /* there is one */
    bool refused;          /* name and password */
    char bytes[16384];     /* read and not yet looked at: from..n */
    size_t from, n;
    uint64_t since; /* bytes since the last stanza */
    int64_t heard, counted;
};

/* Begin a stream anew: what was half read is forgotten. */
MUD_MUST bool mud_xmpp_stream(struct mud_xmpp *xmpp, struct mud_error *err);

/* The next stanza, or MUD_ENET when none comes in 30 s. */
MUD_MUST bool mud_xmpp_await(struct mud_xmpp_in *in, struct mud_xmpp *xmpp,
                             struct mud_error *err);

/* From the open connection to a bound resource. */
MUD_MUST bool mud_xmpp_log_in(struct mud_xmpp *xmpp,
                              const struct mud_xmpp_to *to,
                              struct mud_error *err);

#endif
