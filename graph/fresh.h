/*
 * Which rows of a batch are about texts that Postgres does not hold yet. These
 * can't conflict with rows that are there (their keys begin with the new
 * content), so they are copied straight into their tables; the others go
 * through staging. Inside graph only.
 */
#ifndef MUD_GRAPH_FRESH_H
#define MUD_GRAPH_FRESH_H

#include "graph/batch.h"
#include "store/pg.h"

struct mud_fresh_row {
    struct mud_id id;
    size_t row; /* of batch->contents */
};

struct mud_fresh { /* all zero is empty; keeps its memory between batches */
    bool *content; /* by row of batch->contents */
    bool *post;    /* by row of batch->posts: its content is new */
    struct mud_fresh_row *order; /* contents by id: two writers that insert the
                                    same wait in line, not for each other */
    size_t contents_cap, posts_cap, order_cap;
};

/* Ask for the batch's contents: new is what nobody has committed. */
MUD_MUST bool mud_fresh_ask(struct mud_fresh *fresh, struct mud_pg *pg,
                            const struct mud_batch *batch,
                            struct mud_error *err);
/* New are the contents in column 0. */
void mud_fresh_take(struct mud_fresh *fresh, const struct mud_batch *batch,
                    const struct mud_rows *rows);
/* Nothing is known to be new: for staging. */
void mud_fresh_none(struct mud_fresh *fresh, const struct mud_batch *batch);
/* The content is one of the batch's, and new. */
bool mud_fresh_has(const struct mud_fresh *fresh, const struct mud_batch *batch,
                   struct mud_id content);
/* Its row in batch->contents when it is new, else SIZE_MAX. */
size_t mud_fresh_row(const struct mud_fresh *fresh,
                     const struct mud_batch *batch, struct mud_id content);
void mud_fresh_free(struct mud_fresh *fresh);

#endif
