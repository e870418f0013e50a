/*
 * From a post to rows: the post is read, victims' data in it is masked, and
 * what it says becomes contents, annotations, offers, nodes and evidence of
 * claims in a batch. No Postgres here. What comes out depends on the capture's
 * posts alone, in their order: so a rebuild, in whatever order of captures,
 * gives the same rows.
 */
#ifndef MUD_GRAPH_ANALYSE_H
#define MUD_GRAPH_ANALYSE_H

#include "evidence/capture.h"
#include "graph/batch.h"
#include "graph/picture.h"

#define MUD_BODY_MAX ((size_t)1 << 20) /* bytes read and kept of a text */

struct mud_analyst;

struct mud_analyst *mud_analyst_new(const struct mud_reader *reader);
void mud_analyst_free(struct mud_analyst *analyst);

/* Begin with a capture (copied): the context of posts starts anew. */
void mud_analyst_begin(struct mud_analyst *analyst,
                       const struct mud_capture *capture);

enum {                 /* what was odd with a post; for the capture's notes */
    MUD_ODD_CUT = 1,   /* a text was longer than MUD_BODY_MAX, or too many */
    MUD_ODD_UNREAD = 2 /* the reader gave up: its text is not kept */
};

/*
 * Read a post with its pictures (may be NULL) and add its rows to batch. *odd
 * says what was odd. Fails with
 * MUD_EBUG only.
 */
MUD_MUST bool mud_analyse(struct mud_batch *batch, int *odd,
                          struct mud_analyst *analyst,
                          const struct mud_post *post,
                          const struct mud_pictures *pictures,
                          struct mud_error *err);

#endif
