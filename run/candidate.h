/*
 * Places that might be watched: invite links and group numbers that stored posts
 * name, channels that messages were forwarded from, with how often, by how many
 * sellers, since when, and the share of offers. An analyst says which; nothing is
 * joined or fetched because of them.
 */
#ifndef MUD_RUN_CANDIDATE_H
#define MUD_RUN_CANDIDATE_H

#include "store/pg.h"

struct mud_candidates {
    int64_t min_posts, limit;
    bool decided;               /* those that were decided on too */
    struct mud_str kind, value; /* only this one; or empty */
    /* A record of the command line: {"type":"candidate",...}; false stops. */
    bool (*each)(struct mud_str json, void *payload, struct mud_error *err);
    void *payload;
};

/* The most offers first. Places that a source reads are left out. */
MUD_MUST bool mud_candidate_list(const struct mud_candidates *ask,
                                 struct mud_pg *pg, struct mud_error *err);

/*
 * verdict: "approved" or "refused", by whom; a later one counts. MUD_EMISSING
 * when no stored post names the place.
 */
MUD_MUST bool mud_candidate_judge(struct mud_pg *pg, struct mud_str kind,
                                  struct mud_str value, const char *verdict,
                                  const char *who, struct mud_str note,
                                  struct mud_error *err);

#endif
