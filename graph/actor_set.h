/*
 * The graph of strong claims in memory, for actor.c and seller.c. Inside graph
 * only. Numbers of nodes are in the order of their ids, so that what is sorted
 * by them is the same in every run; text lives in the arena.
 */
#ifndef MUD_GRAPH_ACTOR_SET_H
#define MUD_GRAPH_ACTOR_SET_H

#include "graph/batch.h"
#include "store/pg.h"

#define MUD_NOBODY UINT32_MAX

struct mud_actor_node {
    struct mud_node node;
    uint32_t degree; /* strong claims */
    uint32_t parent; /* union-find; of a root: itself */
    uint32_t via;    /* neighbour that holds it, or MUD_NOBODY */
    int via_kind;
    bool market; /* a market service advertises it as its own */
};

/* owner: the persona, group or first contact whose edge, post or price it is;
 * actor: the root of its set, once sets are final. Rows are sorted by it. */
struct mud_actor_edge {
    uint32_t actor, owner, other_end;
    int kind;
    int64_t evidence;
    bool market,
        other;       /* has evidence in adverts of such services, of others */
    const char *why; /* it does not hold; NULL: it does */
};

struct mud_actor_posts {
    uint32_t actor, owner;
    int category, direction;
    int64_t posts, first, last;
};

struct mud_actor_price {
    uint32_t actor, owner;
    struct mud_str product, currency, per;
    int direction;
    double per_qty, min, max; /* NAN: none */
    int64_t posts;
};

struct mud_actor_place { /* owner offers in group */
    uint32_t actor, owner, group;
};

struct mud_actor_member {
    uint32_t actor, node;
};

struct mud_actor_set {
    struct mud_arena *arena;
    struct mud_id_set *index; /* of nodes, by id */
    MUD_ROWS(mud_actor_node) nodes;
    MUD_ROWS(mud_actor_edge) edges;
    MUD_ROWS(mud_actor_posts) posts;
    MUD_ROWS(mud_actor_price) prices;
    MUD_ROWS(mud_actor_place) places;
    MUD_ROWS(mud_actor_member) members; /* of sets that are actors */
};

/* actor_load.c */
MUD_MUST bool mud_actor_load(struct mud_actor_set *set, struct mud_pg *pg,
                             struct mud_error *err);

/* One actor's rows: parts of the sorted arrays. */
struct mud_seller_rows {
    const struct mud_actor_set *set;
    struct mud_id id;
    const struct mud_actor_member *members;
    const struct mud_actor_edge *edges;
    const struct mud_actor_posts *posts;
    const struct mud_actor_price *prices;
    const struct mud_actor_place *places;
    size_t n_members, n_edges, n_posts, n_prices, n_places;
};

/* seller.c: the seller record into buf (cleared first), and its score. */
void mud_seller_write(struct mud_buf *buf, int *points,
                      const struct mud_seller_rows *rows);

#endif
