#include "graph/write_facets.h"

#include <math.h>

struct gathering {
    const struct mud_batch *batch;
    const struct mud_fresh *fresh;
    struct mud_arena *arena;
    struct mud_checked *out;
    struct mud_id_set *posts, *threads; /* to rows of the batch */
};

static size_t row_of(const struct gathering *g, struct mud_id content)
{
    return mud_fresh_row(g->fresh, g->batch, content);
}

static bool has_key(struct mud_str extra, struct mud_str key)
{
    return mud_str_find(extra, key) != MUD_NPOS;
}

static struct mud_seen seen_of(const struct gathering *g,
                               const struct mud_row_post *row)
{
    size_t thread = 0;
    struct mud_seen seen = {
        .content = row->content,
        .post = row->post,
        .thread = row->thread,
        .author = row->author,
        .seller = row->seller,
        .reading = row->reading_of,
        .at = row->posted ? row->posted : row->first_seen,
        .source = row->source,
        .category = (int)row->category,
        .direction = (int)row->direction,
        .name = row->author_name,
        .key = row->author_key,
    };

    /* Quotes within JSON's texts are escaped: these can only be keys. */
    seen.flags =
        (row->is_offer ? MUD_IS_OFFER : 0U) |
        (has_key(row->extra, MUD_STR("\"forward\":")) ? MUD_IS_FORWARD : 0U) |
        (has_key(row->extra, MUD_STR("\"reply_to\":")) ? MUD_IS_REPLY : 0U) |
        (has_key(row->extra, MUD_STR("\"images\":")) ? MUD_HAS_IMAGE : 0U) |
        (has_key(row->extra, MUD_STR("\"links\":")) ? MUD_HAS_LINK : 0U);
    if (mud_id_set_get(g->threads, row->thread, &thread))
        seen.board = g->batch->threads.at[thread].board;
    return seen;
}

/* Room for as many of each kind as there are: counted first, filled then. */
struct counts {
    size_t seen, contacts, products, prices;
};

static void count_facts(const struct gathering *g, struct counts *counts)
{
    const struct mud_batch *batch = g->batch;
    size_t row = 0;

    for (size_t i = 0; i < batch->posts.n; i++)
        if ((row = row_of(g, batch->posts.at[i].content)) != SIZE_MAX)
            counts[row].seen++;
    for (size_t i = 0; i < batch->parts.n; i++)
        if ((row = row_of(g, batch->parts.at[i].content)) != SIZE_MAX)
            counts[row].seen++;
    for (size_t i = 0; i < batch->annotations.n; i++)
        if ((row = row_of(g, batch->annotations.at[i].content)) != SIZE_MAX)
            counts[row].contacts++;
    for (size_t i = 0; i < batch->offers.n; i++)
        if ((row = row_of(g, batch->offers.at[i].content)) != SIZE_MAX)
            counts[row].products++;
    for (size_t i = 0; i < batch->prices.n; i++)
        if ((row = row_of(g, batch->prices.at[i].content)) != SIZE_MAX)
            counts[row].prices++;
}

static void make_room(struct gathering *g, const struct counts *counts)
{
    for (size_t i = 0; i < g->batch->contents.n; i++) {
        struct mud_facts_of *facts = &g->out[i].facts;

        g->out[i].seen =
            mud_arena_array(g->arena, counts[i].seen, sizeof(struct mud_seen));
        facts->contacts = mud_arena_array(
            g->arena, counts[i].contacts, sizeof(struct mud_fact));
        facts->products = mud_arena_array(
            g->arena, counts[i].products, sizeof(struct mud_fact));
        facts->prices = mud_arena_array(
            g->arena, counts[i].prices, sizeof(struct mud_fact));
    }
}

static void add_seen(struct gathering *g, size_t row,
                     const struct mud_row_post *post, int64_t at)
{
    struct mud_checked *out = &g->out[row];
    /* The room was made here, the reader's view of it is const. */
    struct mud_seen *seen = (struct mud_seen *)(uintptr_t)out->seen;

    seen[out->n_seen] = seen_of(g, post);
    if (at)
        seen[out->n_seen].at = at;
    out->n_seen++;
}

static void add_fact(const struct mud_fact *list, size_t *n,
                     struct mud_fact fact)
{
    ((struct mud_fact *)(uintptr_t)list)[(*n)++] = fact;
}

static void fill_seen(struct gathering *g)
{
    const struct mud_batch *batch = g->batch;

    for (size_t i = 0; i < batch->posts.n; i++) {
        size_t row = row_of(g, batch->posts.at[i].content);

        if (row != SIZE_MAX && !batch->posts.at[i].dead)
            add_seen(g, row, &batch->posts.at[i], 0);
    }
    for (size_t i = 0; i < batch->parts.n; i++) {
        const struct mud_row_part *part = &batch->parts.at[i];
        size_t row = row_of(g, part->content), post = 0;

        if (row != SIZE_MAX && mud_id_set_get(g->posts, part->post, &post))
            add_seen(g,
                     row,
                     &batch->posts.at[post],
                     part->posted ? part->posted : part->seen);
    }
}

static void fill_facts(struct gathering *g)
{
    const struct mud_batch *batch = g->batch;
    size_t row = 0;

    for (size_t i = 0; i < batch->annotations.n; i++) {
        const struct mud_row_annotation *a = &batch->annotations.at[i];

        if (a->entity.type != MUD_ENT_CONTACT || !a->entity.value.n ||
            (row = row_of(g, a->content)) == SIZE_MAX)
            continue;
        add_fact(g->out[row].facts.contacts,
                 &g->out[row].facts.n_contacts,
                 (struct mud_fact){.kind = a->entity.kind,
                                   .value = a->entity.value});
    }
    for (size_t i = 0; i < batch->offers.n; i++) {
        const struct mud_row_offer *o = &batch->offers.at[i];

        if (o->product.n && (row = row_of(g, o->content)) != SIZE_MAX)
            add_fact(g->out[row].facts.products,
                     &g->out[row].facts.n_products,
                     (struct mud_fact){.kind = o->product});
    }
    for (size_t i = 0; i < batch->prices.n; i++) {
        const struct mud_row_price *p = &batch->prices.at[i];
        struct mud_fact fact = {.currency = p->currency,
                                .low = isnan(p->low) ? p->high : p->low,
                                .high = isnan(p->high) ? p->low : p->high};

        if (!isnan(fact.low) && (row = row_of(g, p->content)) != SIZE_MAX)
            add_fact(
                g->out[row].facts.prices, &g->out[row].facts.n_prices, fact);
    }
}

struct mud_checked *mud_write_facets(const struct mud_batch *batch,
                                     const struct mud_fresh *fresh,
                                     struct mud_arena *arena)
{
    struct gathering g = {.batch = batch, .fresh = fresh, .arena = arena};
    size_t n = batch->contents.n;
    struct counts *counts = mud_arena_array(arena, n + 1, sizeof(*counts));
    bool known = false;

    g.out = mud_arena_array(arena, n + 1, sizeof(*g.out));
    g.posts = mud_id_set_new();
    g.threads = mud_id_set_new();
    for (size_t i = 0; i < batch->posts.n; i++)
        if (!batch->posts.at[i].dead)
            mud_id_set_put(g.posts, batch->posts.at[i].post, i, &known);
    for (size_t i = 0; i < batch->threads.n; i++)
        mud_id_set_put(g.threads, batch->threads.at[i].id, i, &known);
    count_facts(&g, counts);
    make_room(&g, counts);
    for (size_t i = 0; i < n; i++) {
        g.out[i].id = batch->contents.at[i].id;
        g.out[i].facts.lang = batch->contents.at[i].lang;
        g.out[i].facts.field = (int)batch->contents.at[i].field;
    }
    fill_seen(&g);
    fill_facts(&g);
    mud_id_set_free(g.posts);
    mud_id_set_free(g.threads);
    return g.out;
}
