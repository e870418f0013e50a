#include "graph/actor.h"

#include "graph/actor_set.h"
#include "store/copy.h"

#include <stdio.h>
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

/* ---- to the database ---- */

static struct mud_id actor_id(const struct mud_actor_set *set, uint32_t root)
{
    char text[MUD_ID_TEXT];

    return mud_id_of("actor",
                     mud_str_z(mud_id_text(text, set->nodes.at[root].node.id)));
}

static bool store_members(const struct mud_actor_set *set, int32_t run,
                          struct mud_pg *pg, struct mud_error *err)
{
    struct mud_copy *copy = NULL;

    if (!mud_copy_begin(&copy,
                        pg,
                        "COPY actor_member (entity_id, run_id, actor_id, via, "
                        "via_kind) FROM STDIN (FORMAT binary)",
                        err))
        return false;
    for (size_t i = 0; i < set->members.n; i++) {
        const struct mud_actor_member *member = &set->members.at[i];
        const struct mud_actor_node *node = &set->nodes.at[member->node];

        mud_copy_row(copy, 5);
        mud_copy_id(copy, node->node.id);
        mud_copy_i32(copy, run);
        mud_copy_id(copy, actor_id(set, member->actor));
        if (node->via == MUD_NOBODY) {
            mud_copy_null(copy);
            mud_copy_null(copy);
            continue;
        }
        mud_copy_id(copy, set->nodes.at[node->via].node.id);
        mud_copy_i16(copy, (int16_t)node->via_kind);
    }
    return mud_copy_end(copy, NULL, err);
}

/* The rows of one actor, which begin at *cursor; it moves behind them. */
#define TAKE(out, count, rows, cursor, root)                                   \
    do {                                                                       \
        while (*(cursor) < (rows)->n && (rows)->at[*(cursor)].actor < (root))  \
            ++*(cursor);                                                       \
        (out) = (rows)->n ? (rows)->at + *(cursor) : NULL;                     \
        (count) = *(cursor);                                                   \
        while (*(cursor) < (rows)->n && (rows)->at[*(cursor)].actor == (root)) \
            ++*(cursor);                                                       \
        (count) = *(cursor) - (count);                                         \
    } while (0)

static bool store_sellers(struct mud_actor_result *out,
                          const struct mud_actor_set *set, struct mud_pg *pg,
                          struct mud_error *err)
{
    struct mud_copy *copy = NULL;
    struct mud_buf json = {0};
    size_t members = 0, edges = 0, posts = 0, prices = 0, places = 0;
    size_t bonds = 0;

    if (!mud_copy_begin(&copy,
                        pg,
                        "COPY stage_actor (actor_id, run_id, score, summary) "
                        "FROM STDIN (FORMAT binary)",
                        err))
        return false;
    while (members < set->members.n) {
        uint32_t root = set->members.at[members].actor;
        struct mud_seller_rows rows = {.set = set, .id = actor_id(set, root)};
        int score = 0;

        TAKE(rows.members, rows.n_members, &set->members, &members, root);
        TAKE(rows.edges, rows.n_edges, &set->edges, &edges, root);
        TAKE(rows.posts, rows.n_posts, &set->posts, &posts, root);
        TAKE(rows.prices, rows.n_prices, &set->prices, &prices, root);
        TAKE(rows.places, rows.n_places, &set->places, &places, root);
        TAKE(rows.bonds, rows.n_bonds, &set->own_bonds, &bonds, root);
        out->actors++;
        mud_seller_write(&json, &score, &rows);
        out->sellers += rows.n_posts > 0;
        mud_copy_row(copy, 4);
        mud_copy_id(copy, rows.id);
        mud_copy_i32(copy, out->run);
        mud_copy_i32(copy, score);
        mud_copy_text(copy, mud_buf_view(&json));
    }
    mud_buf_free(&json);
    return mud_copy_end(copy, NULL, err);
}

static bool new_run(struct mud_actor_result *out, struct mud_pg *pg,
                    struct mud_error *err)
{
    char numbers[3][24];
    struct mud_str args[3];
    struct mud_rows *rows = NULL;
    const int64_t values[3] = {out->entities, out->actors, out->edges};

    for (int i = 0; i < 3; i++) {
        snprintf(numbers[i], sizeof(numbers[i]), "%lld", (long long)values[i]);
        args[i] = mud_str_z(numbers[i]);
    }
    if (!mud_pg_query(&rows, pg, mud_sql("seller_run"), args, 3, err))
        return false;
    out->run = (int32_t)mud_rows_int(rows, 0, 0);
    mud_rows_free(rows);
    return true;
}

/* Beside the run that stays but until the next but one. */
static bool log_changes(int32_t run, struct mud_pg *pg, struct mud_error *err)
{
    char number[24];
    struct mud_str arg = {0};

    snprintf(number, sizeof(number), "%d", run);
    arg = mud_str_z(number);
    return mud_pg_query(NULL, pg, mud_sql("actor_changed"), &arg, 1, err);
}

static bool drop_old(int32_t run, struct mud_pg *pg, struct mud_error *err)
{
    char number[24];
    struct mud_str arg = {0};

    snprintf(number, sizeof(number), "%d", run);
    arg = mud_str_z(number);
    return mud_pg_query(
               NULL, pg, mud_sql("seller_drop_member"), &arg, 1, err) &&
           mud_pg_query(NULL, pg, mud_sql("seller_drop_actor"), &arg, 1, err);
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
    if (!new_run(out, pg, err))
        return false;
    out->actors = 0;
    return mud_pg_query(NULL, pg, mud_sql("seller_stage"), NULL, 0, err) &&
           store_members(set, out->run, pg, err) &&
           store_sellers(out, set, pg, err) &&
           mud_pg_query(NULL, pg, mud_sql("seller_insert"), NULL, 0, err) &&
           mud_bond_store(set, pg, err) && log_changes(out->run, pg, err) &&
           drop_old(out->run, pg, err);
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
