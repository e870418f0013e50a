/* Actors to the database: members and records that are others than before. */
#include "graph/actor.h"
#include "graph/actor_set.h"
#include "store/copy.h"

#include <stdio.h>
#include <stdlib.h>

struct was { /* where a node was */
    struct mud_id actor;
    uint32_t via;
    int via_kind;
    bool seen; /* is still a member */
};

struct before {
    const struct mud_actor_set *set;
    struct was *was;       /* by node */
    MUD_ROWS(mud_id) gone; /* members that are no nodes any more */
    struct mud_id_set *prints;
    MUD_ROWS(mud_id) actors, print; /* by number in prints */
    uint8_t *kept;                  /* actors that are there still */
};

static struct mud_id actor_id(const struct mud_actor_set *set, uint32_t root)
{
    char text[MUD_ID_TEXT];

    return mud_id_of("actor",
                     mud_str_z(mud_id_text(text, set->nodes.at[root].node.id)));
}

static void take_member(const struct mud_rows *one, size_t row, void *payload)
{
    struct before *before = payload;
    uint32_t node = mud_actor_index(before->set, mud_rows_id(one, row, 0));
    struct was *was = NULL;

    if (node == MUD_NOBODY) {
        *MUD_ADD(&before->gone) = mud_rows_id(one, row, 0);
        return;
    }
    was = &before->was[node];
    was->actor = mud_rows_id(one, row, 1);
    was->via = mud_rows_null(one, row, 2)
                   ? MUD_NOBODY
                   : mud_actor_index(before->set, mud_rows_id(one, row, 2));
    was->via_kind = (int)mud_rows_int(one, row, 3);
}

static void take_actor(const struct mud_rows *one, size_t row, void *payload)
{
    struct before *before = payload;
    bool known = false;

    mud_id_set_put(
        before->prints, mud_rows_id(one, row, 0), before->actors.n, &known);
    *MUD_ADD(&before->actors) = mud_rows_id(one, row, 0);
    *MUD_ADD(&before->print) = mud_rows_null(one, row, 1)
                                   ? (struct mud_id){0}
                                   : mud_rows_id(one, row, 1);
}

/* ---- members ---- */

static void put_via(struct mud_copy *copy, const struct mud_actor_set *set,
                    const struct mud_actor_node *node)
{
    if (node->via == MUD_NOBODY) {
        mud_copy_null(copy);
        mud_copy_null(copy);
        return;
    }
    mud_copy_id(copy, set->nodes.at[node->via].node.id);
    mud_copy_i16(copy, (int16_t)node->via_kind);
}

static void stage_gone(struct mud_copy *copy, struct mud_id node,
                       struct mud_id was)
{
    mud_copy_row(copy, 6);
    mud_copy_id(copy, node);
    mud_copy_null(copy);
    mud_copy_null(copy);
    mud_copy_null(copy);
    mud_copy_id(copy, was);
    mud_copy_bool(copy, false);
}

/* several: the actor has more accounts than one, so that it is told of new
 * nodes, too. */
static void stage_member(struct mud_copy *copy, struct before *before,
                         const struct mud_actor_member *member,
                         struct mud_id actor, bool several)
{
    const struct mud_actor_set *set = before->set;
    const struct mud_actor_node *node = &set->nodes.at[member->node];
    struct was *was = &before->was[member->node];
    bool moved = !mud_id_eq(was->actor, actor);

    was->seen = true;
    if (!moved && was->via == node->via &&
        (node->via == MUD_NOBODY || was->via_kind == node->via_kind))
        return;
    mud_copy_row(copy, 6);
    mud_copy_id(copy, node->node.id);
    mud_copy_id(copy, actor);
    put_via(copy, set, node);
    mud_copy_id(copy, was->actor);
    mud_copy_bool(copy, moved && (!mud_id_zero(was->actor) || several));
}

/* Has the actor whose members begin at i two accounts or more? */
static bool has_several(const struct mud_actor_set *set, size_t i)
{
    uint32_t actor = set->members.at[i].actor;
    size_t n = 0;

    for (; n < 2 && i < set->members.n && set->members.at[i].actor == actor;
         i++)
        n += set->nodes.at[set->members.at[i].node].node.kind ==
             MUD_NODE_PERSONA;
    return n > 1;
}

static bool stage_members(struct before *before, struct mud_pg *pg,
                          struct mud_error *err)
{
    const struct mud_actor_set *set = before->set;
    struct mud_copy *copy = NULL;
    struct mud_id actor = {0};
    bool several = false;

    if (!mud_copy_begin(&copy,
                        pg,
                        "COPY stage_member (entity_id, actor_id, via, "
                        "via_kind, was, told) FROM STDIN (FORMAT binary)",
                        err))
        return false;
    for (size_t i = 0; i < set->members.n; i++) {
        const struct mud_actor_member *member = &set->members.at[i];

        if (i == 0 || member->actor != set->members.at[i - 1].actor) {
            actor = actor_id(set, member->actor);
            several = has_several(set, i);
        }
        stage_member(copy, before, member, actor, several);
    }
    for (size_t i = 0; i < set->nodes.n; i++)
        if (!before->was[i].seen && !mud_id_zero(before->was[i].actor))
            stage_gone(copy, set->nodes.at[i].node.id, before->was[i].actor);
    for (size_t i = 0; i < before->gone.n; i++)
        stage_gone(copy, before->gone.at[i], (struct mud_id){0});
    return mud_copy_end(copy, NULL, err);
}

/* ---- records ---- */

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

static void stage_actor(struct mud_copy *copy, struct before *before,
                        struct mud_id id, int score, struct mud_str json)
{
    struct mud_id print = mud_id_of("summary", json);
    size_t at = 0;

    if (mud_id_set_get(before->prints, id, &at)) {
        before->kept[at] = 1;
        if (mud_id_eq(before->print.at[at], print))
            return;
    }
    mud_copy_row(copy, 4);
    mud_copy_id(copy, id);
    mud_copy_i32(copy, score);
    mud_copy_text(copy, json);
    mud_copy_id(copy, print);
}

static void stage_all(struct mud_copy *copy, struct before *before,
                      struct mud_actor_result *out)
{
    const struct mud_actor_set *set = before->set;
    struct mud_buf json = {0};
    size_t members = 0, edges = 0, posts = 0, prices = 0, places = 0;
    size_t bonds = 0;

    out->actors = 0;
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
        stage_actor(copy, before, rows.id, score, mud_buf_view(&json));
    }
    mud_buf_free(&json);
}

static bool stage_actors(struct mud_actor_result *out, struct before *before,
                         struct mud_pg *pg, struct mud_error *err)
{
    struct mud_copy *copy = NULL;

    if (!mud_copy_begin(&copy,
                        pg,
                        "COPY stage_actor (actor_id, score, summary, print) "
                        "FROM STDIN (FORMAT binary)",
                        err))
        return false;
    stage_all(copy, before, out);
    for (size_t i = 0; i < before->actors.n; i++) {
        if (before->kept[i])
            continue;
        mud_copy_row(copy, 4);
        mud_copy_id(copy, before->actors.at[i]);
        mud_copy_null(copy);
        mud_copy_null(copy);
        mud_copy_null(copy);
    }
    return mud_copy_end(copy, NULL, err);
}

/* ---- the run ---- */

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

static bool load(struct before *before, struct mud_pg *pg,
                 struct mud_error *err)
{
    if (!mud_actor_each(pg, "seller_before_member", take_member, before, err) ||
        !mud_actor_each(pg, "seller_before", take_actor, before, err))
        return false;
    before->kept = mud_calloc(before->actors.n + 1, 1);
    return true;
}

static bool merge(int32_t run, struct mud_pg *pg, struct mud_error *err)
{
    static const struct {
        const char *name;
        bool takes_run;
    } steps[] = {{"seller_drop_member", false},
                 {"seller_insert_member", true},
                 {"seller_drop_actor", false},
                 {"seller_insert", true},
                 {"actor_changed", false}};

    char number[24];
    struct mud_str arg = {0};

    snprintf(number, sizeof(number), "%d", run);
    arg = mud_str_z(number);
    /* Without figures the server takes these for small, and joins row by row. */
    if (!mud_pg_exec(pg, "ANALYZE stage_member; ANALYZE stage_actor", err))
        return false;
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
        if (!mud_pg_query(NULL,
                          pg,
                          mud_sql(steps[i].name),
                          &arg,
                          steps[i].takes_run ? 1 : 0,
                          err))
            return false;
    return true;
}

bool mud_actor_store(struct mud_actor_result *out,
                     const struct mud_actor_set *set, struct mud_pg *pg,
                     struct mud_error *err)
{
    struct before before = {.set = set,
                            .was = mud_calloc(set->nodes.n + 1,
                                              sizeof(struct was)),
                            .prints = mud_id_set_new()};
    bool done = load(&before, pg, err) && new_run(out, pg, err) &&
                mud_pg_query(NULL, pg, mud_sql("seller_stage"), NULL, 0, err) &&
                stage_members(&before, pg, err) &&
                stage_actors(out, &before, pg, err) && merge(out->run, pg, err);

    free(before.was);
    free(before.gone.at);
    free(before.actors.at);
    free(before.print.at);
    free(before.kept);
    mud_id_set_free(before.prints);
    return done;
}
