/*
 * Bonds: claims that no single post makes, found over all nodes, claims and
 * adverts when actors are computed. graph/weigh.h says what each sign weighs.
 *
 *  called        a node known by its name alone (origin of a forward, an old
 *                name that somebody tells) and an account that went by it;
 *                with the signs of whoever says he was it
 *  same_words    one advert, other contacts: copied, or a new account
 *  same_picture  one picture
 *  same_id       one id on two networks
 *  reposts       an account that passes on another's adverts (relay.c)
 *  imitates      looks like another: two or more of name, number and words
 *
 * A bond that holds joins its ends in one actor; the others are suggestions
 * and warnings. All depend on what is stored alone: equal graphs, equal bonds.
 * Inside graph.
 */
#ifndef MUD_GRAPH_BOND_H
#define MUD_GRAPH_BOND_H

#include "graph/actor_set.h"
#include "graph/weigh.h"

#define MUD_BOND_SELLERS 32 /* of one advert; past them its words say nothing */

/* bond_pair.c: what the finders of bond.c have in common. */
struct mud_bond_words { /* an advert of a seller, by seller and words */
    uint32_t seller;
    uint32_t advert;  /* his first with these words */
    uint32_t sellers; /* how many have them */
};

struct mud_bonds {
    struct mud_actor_set *set;
    struct mud_pg *pg;
    MUD_ROWS(mud_bond_words) words;
    struct mud_id_set *index; /* of bonds, by ends and kind */
};

/* The bond a -> b of kind, made if need be. It is valid until the next. */
struct mud_actor_bond *mud_bond_of(struct mud_bonds *bonds, uint32_t a,
                                   int kind, uint32_t b);
/* A sign of the bond; the bits are added. */
void mud_bond_sign(struct mud_actor_bond *bond, const char *what, uint32_t n,
                   double bits, struct mud_str a, struct mud_str b);
/* Evidence: at most MUD_PROOFS_MAX, later ones are left out. */
void mud_bond_text(struct mud_actor_bond *bond, const struct mud_actor_set *set,
                   uint32_t advert);
void mud_bond_name(struct mud_actor_bond *bond, const struct mud_actor_set *set,
                   uint32_t node, struct mud_str name);
void mud_bond_contact(struct mud_actor_bond *bond, uint32_t node,
                      uint32_t contact);

/* bond_store.c: [{"what","n","bits","a","b"}] */
struct mud_json;
void mud_bond_reasons(struct mud_json *json, const struct mud_actor_bond *bond);

void mud_bond_words_find(struct mud_bonds *bonds);
/* The rarest words that both sell by: the number of sellers; 0: none. */
uint32_t mud_bond_words_common(const struct mud_bonds *bonds, uint32_t a,
                               uint32_t b, uint32_t *advert_a,
                               uint32_t *advert_b);

/* bond_name.c: called, and unions of those who say who they were. */
MUD_MUST bool mud_bond_names(struct mud_bonds *bonds, struct mud_error *err);
/* bond_alike.c: same_words, reposts, imitates; after all unions. */
void mud_bond_alike(struct mud_bonds *bonds);
/* bond_id.c: same_id. */
void mud_bond_ids(struct mud_bonds *bonds);

#endif
