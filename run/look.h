/*
 * One page looked at before it is watched: fetched under the same limits as
 * in a round (scope, addresses that are not public, size, deadline, the bytes
 * of the day), and handed to the parser. Nothing is sealed or stored: what is
 * tried on here is the reading, for which there may be no basis to collect
 * yet. What is to be evidence is fetched by a round.
 */
#ifndef MUD_RUN_LOOK_H
#define MUD_RUN_LOOK_H

#include "fetch/exchange.h"
#include "parse/parse.h"
#include "run/source.h"

struct mud_look_options {
    struct mud_str url;
    /* NULL: the page's own host is the scope, with the usual limits. Else its
     * scope, proxy, pace and what is left of its day, and only while it may be
     * fetched. */
    const struct mud_source *source;
    const char *home;            /* with a source: where its secrets are */
    int64_t spent;               /* of the source, today */
    struct mud_str proxy;        /* without a source; may be empty */
    struct mud_str engine, zone; /* forced, or empty */
    bool allow_private;          /* without a source */
};

struct mud_look {
    struct mud_str url; /* of the answer, behind all redirects */
    size_t hops;        /* exchanges before it */
    int status;
    size_t bytes; /* of its body on the wire */
    struct mud_str peer_ip;
    const char *broken; /* why the body is not whole, or NULL */
    struct mud_parsed page;
};

/* Fails as mud_fetch_one does, with MUD_EDENIED when the source may not be
 * fetched, and when the body's coding is none that we know. */
MUD_MUST bool mud_look(struct mud_look *out,
                       const struct mud_look_options *options,
                       struct mud_arena *arena, struct mud_error *err);

#endif
