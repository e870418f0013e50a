#include "graph/batch.h"

#include <stdlib.h>

struct mud_batch *mud_batch_new(void)
{
    struct mud_batch *batch = mud_calloc(1, sizeof(*batch));

    batch->arena = mud_arena_new();
    batch->seen = mud_id_set_new();
    return batch;
}

void mud_batch_clear(struct mud_batch *batch)
{
    mud_arena_reset(batch->arena);
    mud_id_set_clear(batch->seen);
    memset(batch->rules, 0, sizeof(batch->rules));
    batch->contents.n = batch->posts.n = batch->annotations.n = 0;
    batch->offers.n = batch->prices.n = batch->parts.n = 0;
    batch->threads.n = batch->entities.n = 0;
    batch->claims.n = batch->evidence.n = 0;
    batch->names.n = batch->tallies.n = 0;
    batch->pictures.n = batch->done.n = 0;
    batch->read = 0;
}

void mud_batch_free(struct mud_batch *batch)
{
    if (!batch)
        return;
    free(batch->contents.at);
    free(batch->posts.at);
    free(batch->annotations.at);
    free(batch->offers.at);
    free(batch->prices.at);
    free(batch->parts.at);
    free(batch->threads.at);
    free(batch->entities.at);
    free(batch->claims.at);
    free(batch->evidence.at);
    free(batch->names.at);
    free(batch->tallies.at);
    free(batch->pictures.at);
    free(batch->done.at);
    mud_id_set_free(batch->seen);
    mud_arena_free(batch->arena);
    free(batch);
}
