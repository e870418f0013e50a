#include "graph/actor.h"

#include "graph/actor_set.h"
#include <stdlib.h>

static int order(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

static int by_claim(const void *x, const void *y)
{
    const struct mud_actor_edge *a = x, *b = y;
    int by = order(a->owner, b->owner);

    by = by ? by : order(a->other_end, b->other_end);
    return by ? by : a->kind - b->kind;
}

/* ---- rows by actor ---- */

static int by_edge_actor(const void *x, const void *y)
{
    const struct mud_actor_edge *a = x, *b = y;
    int by = order(a->actor, b->actor);

    return by ? by : by_claim(a, b);
}

static int by_member(const void *x, const void *y)
{
    const struct mud_actor_member *a = x, *b = y;
    int by = order(a->actor, b->actor);

    return by ? by : order(a->node, b->node);
}

static int by_posts(const void *x, const void *y)
{
    const struct mud_actor_posts *a = x, *b = y;
    int by = order(a->actor, b->actor);

    by = by ? by : a->category - b->category;
    by = by ? by : a->direction - b->direction;
    return by ? by : order(a->owner, b->owner);
}

static int by_amount(double a, double b) /* NAN last */
{
    if (a != a || b != b)
        return (a != a) - (b != b);
    return a < b ? -1 : a > b;
}

static int by_price(const void *x, const void *y)
{
    const struct mud_actor_price *a = x, *b = y;
    int by = order(a->actor, b->actor);

    by = by ? by : mud_str_cmp(a->product, b->product);
    by = by ? by : a->direction - b->direction;
    by = by ? by : mud_str_cmp(a->currency, b->currency);
    by = by ? by : mud_str_cmp(a->per, b->per);
    by = by ? by : by_amount(a->per_qty, b->per_qty);
    return by ? by : order(a->owner, b->owner);
}

static int by_place(const void *x, const void *y)
{
    const struct mud_actor_place *a = x, *b = y;
    int by = order(a->actor, b->actor);

    by = by ? by : order(a->group, b->group);
    return by ? by : order(a->owner, b->owner);
}

static int by_bond(const void *x, const void *y)
{
    const struct mud_actor_own_bond *a = x, *b = y;
    int by = order(a->actor, b->actor);

    return by ? by : order(a->bond, b->bond);
}

#define SORT(rows, order)                                               \
    do {                                                                \
        if ((rows)->n)                                                  \
            qsort((rows)->at, (rows)->n, sizeof(*(rows)->at), (order)); \
    } while (0)

/* Sets that are actors: with an owner of claims, or with offers. */
static void find_members(struct mud_actor_set *set)
{
    uint8_t *is = mud_calloc(set->nodes.n + 1, 1);

    for (size_t i = 0; i < set->edges.n; i++)
        is[set->edges.at[i].actor] = 1;
    for (size_t i = 0; i < set->posts.n; i++)
        is[set->posts.at[i].actor] = 1;
    for (uint32_t i = 0; i < set->nodes.n; i++) {
        uint32_t root = mud_actor_root(set, i);
        struct mud_actor_member *member = NULL;

        if (!is[root])
            continue;
        member = MUD_ADD(&set->members);
        member->actor = root;
        member->node = i;
    }
    free(is);
}

static void group(struct mud_actor_set *set)
{
    for (size_t i = 0; i < set->edges.n; i++)
        set->edges.at[i].actor = mud_actor_root(set, set->edges.at[i].owner);
    for (size_t i = 0; i < set->posts.n; i++)
        set->posts.at[i].actor = mud_actor_root(set, set->posts.at[i].owner);
    for (size_t i = 0; i < set->prices.n; i++)
        set->prices.at[i].actor = mud_actor_root(set, set->prices.at[i].owner);
    for (size_t i = 0; i < set->places.n; i++)
        set->places.at[i].actor = mud_actor_root(set, set->places.at[i].owner);
    for (uint32_t i = 0; i < set->bonds.n; i++) {
        const uint32_t ends[] = {mud_actor_root(set, set->bonds.at[i].a),
                                 mud_actor_root(set, set->bonds.at[i].b)};

        for (size_t j = 0; j < (ends[0] == ends[1] ? 1 : 2); j++)
            *MUD_ADD(&set->own_bonds) = (struct mud_actor_own_bond){ends[j], i};
    }
    find_members(set);
    SORT(&set->own_bonds, by_bond);
    SORT(&set->edges, by_edge_actor);
    SORT(&set->posts, by_posts);
    SORT(&set->prices, by_price);
    SORT(&set->places, by_place);
    SORT(&set->members, by_member);
}

static size_t count_actors(const struct mud_actor_set *set)
{
    size_t n = 0;

    for (size_t i = 0; i < set->members.n; i++)
        n += i == 0 || set->members.at[i].actor != set->members.at[i - 1].actor;
    return n;
}

static bool compute(struct mud_actor_result *out, struct mud_actor_set *set,
                    struct mud_pg *pg, struct mud_error *err)
{
    if (!mud_actor_load(set, pg, err))
        return false;
    mud_hold_begin(set);
    if (!mud_relay_find(set, pg, err))
        return false;
    mud_hold_edges(set, false);
    mud_relay_judge(set);
    mud_hold_edges(set, true);
    if (!mud_bond_find(set, pg, err))
        return false;
    group(set);
    out->entities = (int64_t)set->nodes.n;
    out->edges = (int64_t)set->edges.n;
    out->actors = (int64_t)count_actors(set);
    return mud_actor_store(out, set, pg, err) && mud_bond_store(set, pg, err);
}

static void set_free(struct mud_actor_set *set)
{
    mud_arena_free(set->arena);
    mud_id_set_free(set->index);
    free(set->nodes.at);
    free(set->edges.at);
    free(set->posts.at);
    free(set->prices.at);
    free(set->places.at);
    free(set->members.at);
    free(set->adverts.at);
    free(set->bonds.at);
    free(set->own_bonds.at);
    free(set->told.at);
    free(set->apart.at);
    free(set->confirmed.at);
}

bool mud_actor_run(struct mud_actor_result *out, struct mud_pg *pg,
                   struct mud_error *err)
{
    struct mud_actor_result result = {0};
    struct mud_actor_set set = {.arena = mud_arena_new(),
                                .index = mud_id_set_new()};
    bool done = false;

    /* Held by the session: the snapshot must begin after the lock. */
    if (mud_pg_query(NULL, pg, mud_sql("seller_lock"), NULL, 0, err)) {
        struct mud_error late = {0};

        done = mud_pg_exec(pg, "BEGIN ISOLATION LEVEL REPEATABLE READ", err) &&
               compute(&result, &set, pg, err) && mud_pg_commit(pg, err);
        if (!done)
            mud_pg_rollback(pg);
        if (!mud_pg_query(NULL, pg, mud_sql("seller_unlock"), NULL, 0, &late))
            done = done && mud_fail(err, late.code, "%s", late.text);
    }
    set_free(&set);
    if (done && out)
        *out = result;
    return done;
}
