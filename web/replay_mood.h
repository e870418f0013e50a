/*
 * How a replayed site behaves: like real ones on bad days, so that a source's
 * settings can be tried on it. Each is off at 0.
 */
#ifndef MUD_WEB_REPLAY_MOOD_H
#define MUD_WEB_REPLAY_MOOD_H

#include "base/str.h"

#include <microhttpd.h>
#include <stdatomic.h>

struct mud_replay_mood {
    /* Bytes a second of each answer. */
    unsigned slow;
    /* Every so many requests one comes to nothing good, in turn: cut off before
     * its length, cut off between its chunks, half of a gzip stream, 503, a
     * connection closed without an answer. */
    unsigned broken;
    /* More requests than this within ten seconds are answered 429, with the
     * seconds to wait in Retry-After. */
    unsigned limit;
    /* One in so many addresses (always the same ones, never the first of the
     * index) leads round in a circle. */
    unsigned loop;
};

struct mud_replay_state { /* of one server */
    struct mud_replay_mood mood;
    struct mud_str first; /* of the index: path and query */
    atomic_uint requests, breaks;
    atomic_bool ending;  /* slow answers are given up */
    atomic_llong window; /* monotonic us: begin of the ten seconds */
    atomic_uint asked;   /* in them */
};

/* Does the mood answer this request in place of the page? Then *result is set. */
bool mud_replay_refuse(enum MHD_Result *result, struct mud_replay_state *state,
                       struct MHD_Connection *connection,
                       struct mud_str target);

/* The page, as the mood has it; body is copied. */
enum MHD_Result mud_replay_tell(struct mud_replay_state *state,
                                struct MHD_Connection *connection,
                                unsigned status, struct mud_str body,
                                const char *type, bool gzip);

#endif
