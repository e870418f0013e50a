#include "graph/write_search.h"

#include "graph/stage.h"
#include "graph/write_facets.h"

#include <pthread.h>
#include <stdlib.h>

struct mud_write_search {
    const struct mud_reader *reader;
    const struct mud_batch *batch;
    const struct mud_fresh *fresh;
    struct mud_search_text *docs;
    size_t n;
    struct mud_search_segment *segment; /* the thread's until it is joined */
    pthread_t thread;
    bool started;
};

static void *make(void *payload)
{
    struct mud_write_search *search = payload;
    struct mud_arena *arena = mud_arena_new();
    const struct mud_checked *facets =
        mud_write_facets(search->batch, search->fresh, arena);

    for (size_t i = 0; i < search->n; i++)
        search->docs[i].facets = &facets[search->docs[i].row];
    search->segment =
        mud_search_segment_new(search->reader, search->docs, search->n);
    mud_arena_free(arena);
    return NULL;
}

static void seen(int64_t *last, const struct mud_fresh *fresh,
                 const struct mud_batch *batch, struct mud_id content,
                 int64_t at)
{
    size_t i = mud_fresh_row(fresh, batch, content);

    if (i != SIZE_MAX && at > last[i])
        last[i] = at;
}

/* When each content of the batch was seen last, by what the batch knows. */
static int64_t *times(const struct mud_fresh *fresh,
                      const struct mud_batch *batch)
{
    int64_t *last = mud_calloc(batch->contents.n + 1, sizeof(*last));

    for (size_t i = 0; i < batch->posts.n; i++) {
        const struct mud_row_post *row = &batch->posts.at[i];

        if (!row->dead)
            seen(last,
                 fresh,
                 batch,
                 row->content,
                 row->posted ? row->posted : row->first_seen);
    }
    for (size_t i = 0; i < batch->parts.n; i++) {
        const struct mud_row_part *row = &batch->parts.at[i];

        seen(last,
             fresh,
             batch,
             row->content,
             row->posted ? row->posted : row->seen);
    }
    return last;
}

struct mud_write_search *mud_write_search_begin(const struct mud_reader *reader,
                                                const struct mud_batch *batch,
                                                const struct mud_fresh *fresh)
{
    struct mud_write_search *search = mud_calloc(1, sizeof(*search));
    int64_t *last = NULL;

    search->reader = reader;
    search->batch = batch;
    search->fresh = fresh;
    for (size_t i = 0; i < batch->contents.n; i++)
        search->n += fresh->content[i];
    if (search->n < MUD_SEARCH_STRAIGHT)
        return search;
    last = times(fresh, batch);
    search->docs = mud_calloc(search->n, sizeof(*search->docs));
    search->n = 0;
    for (size_t i = 0; i < batch->contents.n; i++)
        if (fresh->content[i])
            search->docs[search->n++] =
                (struct mud_search_text){.content = batch->contents.at[i].id,
                                         .at = last[i],
                                         .body = batch->contents.at[i].body,
                                         .row = i};
    free(last);
    search->started = pthread_create(&search->thread, NULL, make, search) == 0;
    return search;
}

static void join(struct mud_write_search *search)
{
    if (search->started)
        pthread_join(search->thread, NULL);
    search->started = false;
}

bool mud_write_search_store(struct mud_write_search *search, struct mud_pg *pg,
                            struct mud_error *err)
{
    bool stored = false;

    join(search);
    if (search->segment &&
        !mud_search_segment_store(&stored, pg, search->segment, err))
        return false;
    return stored || mud_stage_pending(pg, search->batch, search->fresh, err);
}

void mud_write_search_free(struct mud_write_search *search)
{
    if (!search)
        return;
    join(search);
    mud_search_segment_free(search->segment);
    free(search->docs);
    free(search);
}
