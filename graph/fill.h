/*
 * How well a capture is read: of its posts, how many have each field. One row
 * of mud.tally a page, or a run of MUD_FILL_RUN messages of an export, so that
 * shares of before and now can be compared (graph/drift.h). Inside graph only.
 */
#ifndef MUD_GRAPH_FILL_H
#define MUD_GRAPH_FILL_H

#include "base/arena.h"
#include "parse/post.h"

#define MUD_FILL_RUN 512

enum mud_fill_field { /* as in mud.code, from 1 there */
    MUD_FILL_POST,
    MUD_FILL_AUTHOR,
    MUD_FILL_AUTHOR_ID,
    MUD_FILL_TIME,
    MUD_FILL_BODY,
    MUD_FILL_POSITION,
    MUD_FILL_QUOTES,
    MUD_FILL_SIGNATURE,
    MUD_FILL_LINKS,
    MUD_FILL_IMAGES,
    MUD_FILL_ATTACHMENTS,
    MUD_FILL_FIELDS
};

const char *mud_fill_name(int field); /* "author"...; "" */

struct mud_fill {
    int32_t posts;   /* all */
    int32_t counted; /* of them, those that should have the fields */
    int32_t filled[MUD_FILL_FIELDS];
    uint64_t first[MUD_FILL_FIELDS]; /* hash of the first value */
    uint32_t other;                  /* bit i: field i had a second value */
};

/* Posts that show nothing by right (blocked, deleted, behind a login, service
 * messages) do not count. */
void mud_fill_post(struct mud_fill *fill, const struct mud_post *post);
/* Fields with one same value in all of three or more posts, as bits. */
uint32_t mud_fill_alike(const struct mud_fill *fill);

#endif
