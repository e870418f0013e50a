/*
 * Inside evidence/: the records behind what is sealed in one of our own files,
 * put together to captures again. A capture is whole when its metadata record
 * is there, which is written last, and its payload has the digest that stands
 * in it.
 */
#ifndef MUD_EVIDENCE_TAIL_H
#define MUD_EVIDENCE_TAIL_H

#include "evidence/vault.h"

struct mud_tail {
    const struct mud_vault *vault;
    struct mud_pg *pg;
    const char *name; /* of the file */
    int64_t from;     /* where to begin */
    int64_t end;      /* filled: where the last one ends, or from */
    struct mud_arena *arena;
};

/*
 * Up to max captures, in order. Stops without an error at the first thing that
 * is not whole. An id that is taken already gets a new one.
 */
MUD_MUST bool mud_tail_read(struct mud_facts *out, size_t *n, size_t max,
                            struct mud_tail *tail, struct mud_error *err);

#endif
