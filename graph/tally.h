/*
 * How well a capture is read: of its posts, how many have each field. One row
 * of mud.tally a page, or a run of MUD_TALLY_RUN messages of an export, so that
 * shares of before and now can be compared (graph/drift.h). Inside graph only.
 */
#ifndef MUD_GRAPH_TALLY_H
#define MUD_GRAPH_TALLY_H

#include "base/arena.h"
#include "parse/post.h"

#define MUD_TALLY_RUN 512

enum mud_tally_field { /* as in mud.code, from 1 there */
    MUD_TALLY_POST,
    MUD_TALLY_AUTHOR,
    MUD_TALLY_AUTHOR_ID,
    MUD_TALLY_TIME,
    MUD_TALLY_BODY,
    MUD_TALLY_POSITION,
    MUD_TALLY_QUOTES,
    MUD_TALLY_SIGNATURE,
    MUD_TALLY_LINKS,
    MUD_TALLY_IMAGES,
    MUD_TALLY_ATTACHMENTS,
    MUD_TALLY_FIELDS
};

const char *mud_tally_name(int field); /* "author"...; "" */

struct mud_tally {
    int32_t posts;
    int32_t filled[MUD_TALLY_FIELDS];
    uint64_t first[MUD_TALLY_FIELDS]; /* hash of the first value */
    uint32_t other;                   /* bit i: field i had a second value */
};

/* Posts that show nothing by right (blocked, deleted, behind a login, service
 * messages) do not count. */
void mud_tally_add(struct mud_tally *tally, const struct mud_post *post);
/* Fields with one same value in all of three or more posts, as bits. */
uint32_t mud_tally_alike(const struct mud_tally *tally);

#endif
