/*
 * Ask a time stamp authority (RFC 3161 3.4: HTTP). With the log-in of a source
 * this is all that Mudlark ever sends: to an address that the operator set, of
 * nobody who is watched, and what is sent says nothing but a digest.
 */
#ifndef MUD_FETCH_STAMP_H
#define MUD_FETCH_STAMP_H

#include "base/str.h"

#define MUD_STAMP_ANSWER ((size_t)64 << 10) /* largest answer */

struct mud_stamp_way {
    struct mud_str url;   /* http or https, without a user name */
    struct mud_str proxy; /* as in fetch/policy.h; empty: directly */
    unsigned seconds;     /* for all of it; 0: 30 */
};

/* Can it be asked there at all? MUD_EINPUT, MUD_EDENIED. */
MUD_MUST bool mud_stamp_way_check(const struct mud_stamp_way *way,
                                  struct mud_error *err);

/*
 * Send a TimeStampReq and take the TimeStampResp, both DER; no redirect is
 * followed and nothing is asked twice. MUD_ENET: no answer, or one that is not
 * "200" with application/timestamp-reply; MUD_ELIMIT: above MUD_STAMP_ANSWER.
 */
MUD_MUST bool mud_stamp_post(struct mud_buf *answer,
                             const struct mud_stamp_way *way,
                             struct mud_str query, struct mud_error *err);

#endif
