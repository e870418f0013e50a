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
    uint32_t degree;     /* strong claims, but for a service's own contacts only
                        those of services */
    int64_t first, last; /* us: its offers; 0: none */
    uint32_t parent;     /* union-find; of a root: itself */
    uint32_t via;        /* neighbour that holds it, or MUD_NOBODY */
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
    bool copied;     /* all its evidence is in adverts that others had before */
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

/* A text by one seller, of those that two or more sell by. Sorted by words,
 * contacts and time. */
struct mud_actor_advert {
    struct mud_id words; /* template, else content */
    struct mud_id content;
    uint32_t seller;
    uint32_t origin; /* who had the words with the contacts before */
    int64_t at;      /* us */
    struct mud_str contacts;
};

struct mud_actor_reason {
    const char *what;
    int64_t n; /* how many share it; 0: it does not matter */
    double bits;
    struct mud_str a, b; /* what is alike, of either; may be empty */
};

#define MUD_REASONS_MAX 6

/* Evidence: a text of the node, or its first offer under a name, or that it
 * shows a contact. */
struct mud_actor_proof {
    uint32_t node;
    struct mud_id content; /* zero: none */
    struct mud_str name;
    uint32_t shows; /* a contact; MUD_NOBODY */
};

#define MUD_PROOFS_MAX 4

struct mud_actor_bond { /* a says it of b */
    uint32_t a, b;
    int kind;
    bool holds;
    double bits;
    struct mud_actor_reason reasons[MUD_REASONS_MAX];
    size_t n_reasons;
    struct mud_actor_proof proofs[MUD_PROOFS_MAX];
    size_t n_proofs;
};

struct mud_actor_told { /* somebody says under which name he was known */
    uint32_t named, who;
    int64_t since; /* us */
    struct mud_id content;
    bool copied; /* in another's advert, passed on */
    bool holds;
};

struct mud_actor_own_bond { /* a bond, by the actor of one of its ends */
    uint32_t actor, bond;
};

struct mud_actor_apart { /* two nodes that a person keeps apart */
    uint32_t a, b;
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
    MUD_ROWS(mud_actor_advert) adverts;
    MUD_ROWS(mud_actor_bond) bonds;
    MUD_ROWS(mud_actor_own_bond) own_bonds;
    MUD_ROWS(mud_actor_told) told;
    MUD_ROWS(mud_actor_apart) apart;
    MUD_ROWS(mud_actor_apart) confirmed;
};

static inline uint32_t mud_actor_root(struct mud_actor_set *set, uint32_t node)
{
    struct mud_actor_node *nodes = set->nodes.at;

    while (nodes[node].parent != node) {
        nodes[node].parent = nodes[nodes[node].parent].parent;
        node = nodes[node].parent;
    }
    return node;
}

/* MUD_NOBODY when there is no such node. */
uint32_t mud_actor_index(const struct mud_actor_set *set, struct mud_id id);

/* hold.c: which claims hold, and the sets that they make. One after another;
 * relays (relay.c) and bonds (bond.c) between. */
void mud_hold_begin(struct mud_actor_set *set); /* sorts edges by owner */
void mud_hold_edges(struct mud_actor_set *set, bool copied);
/* False: a verdict keeps them apart. */
bool mud_hold_unite(struct mud_actor_set *set, uint32_t a, uint32_t b,
                    int kind);
/* The edge from owner to other; NULL. */
struct mud_actor_edge *mud_hold_find(const struct mud_actor_set *set,
                                     uint32_t owner, uint32_t other, int kind);
/* The first edge of owner: *n of them. */
struct mud_actor_edge *mud_hold_of(const struct mud_actor_set *set,
                                   uint32_t owner, size_t *n);

/* relay.c: find the edges whose evidence is copied; then, when all other edges
 * have made their sets, say which of them hold nobody. */
MUD_MUST bool mud_relay_find(struct mud_actor_set *set, struct mud_pg *pg,
                             struct mud_error *err);
void mud_relay_judge(struct mud_actor_set *set);

/* bond.c, bond_store.c */
MUD_MUST bool mud_bond_find(struct mud_actor_set *set, struct mud_pg *pg,
                            struct mud_error *err);
MUD_MUST bool mud_bond_store(const struct mud_actor_set *set, struct mud_pg *pg,
                             struct mud_error *err);

/* actor_load.c: all rows of a statement without arguments, in a transaction. */
typedef void mud_actor_take(const struct mud_rows *rows, size_t row,
                            void *payload);
MUD_MUST bool mud_actor_each(struct mud_pg *pg, const char *query,
                             mud_actor_take *take, void *payload,
                             struct mud_error *err);
MUD_MUST bool mud_actor_load(struct mud_actor_set *set, struct mud_pg *pg,
                             struct mud_error *err);

/* actor_store.c: a new run, and what it changes: out->run, actors, sellers. */
struct mud_actor_result;
MUD_MUST bool mud_actor_store(struct mud_actor_result *out,
                              const struct mud_actor_set *set,
                              struct mud_pg *pg, struct mud_error *err);

/* One actor's rows: parts of the sorted arrays. */
struct mud_seller_rows {
    const struct mud_actor_set *set;
    struct mud_id id;
    const struct mud_actor_member *members;
    const struct mud_actor_edge *edges;
    const struct mud_actor_posts *posts;
    const struct mud_actor_price *prices;
    const struct mud_actor_place *places;
    const struct mud_actor_own_bond *bonds;
    size_t n_members, n_edges, n_posts, n_prices, n_places, n_bonds;
};

/* seller.c: the seller record into buf (cleared first), and its score. */
void mud_seller_write(struct mud_buf *buf, int *points,
                      const struct mud_seller_rows *rows);

#endif
