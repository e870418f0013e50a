/*
 * Pairs that share words, a picture or a look, after all unions: who copied
 * from whom, and who passes himself off as another. An actor's own members are
 * no such pairs.
 */
#include "graph/bond.h"
#include "graph/lookalike.h"

#include <stdlib.h>

#define LOOKS_MAX 16 /* of one skeleton; past them it is a common name */

static uint32_t root(const struct mud_bonds *bonds, uint32_t node)
{
    return mud_actor_root(bonds->set, node);
}

static bool later(const struct mud_bonds *bonds, uint32_t a, uint32_t b)
{
    const struct mud_actor_node *nodes = bonds->set->nodes.at;

    if (nodes[a].first != nodes[b].first)
        return nodes[a].first > nodes[b].first;
    return a > b;
}

/* A value that one of them shows and nearly the other's; false: there is none
 * or they share one. */
static bool near_value(struct mud_str *one, struct mud_str *other,
                       const struct mud_bonds *bonds, uint32_t a, uint32_t b)
{
    const struct mud_actor_set *set = bonds->set;
    size_t n = 0, m = 0;
    const struct mud_actor_edge *x = mud_hold_of(set, a, &n);
    const struct mud_actor_edge *y = mud_hold_of(set, b, &m);

    if (n > (size_t)4 * MUD_BOND_SELLERS || m > (size_t)4 * MUD_BOND_SELLERS)
        return false;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < m; j++) {
            const struct mud_node *left = &set->nodes.at[x[i].other_end].node;
            const struct mud_node *right = &set->nodes.at[y[j].other_end].node;

            if (x[i].why || y[j].why || !mud_str_eq(left->type, right->type) ||
                !mud_value_near(left->value, right->value))
                continue;
            *one = left->value;
            *other = right->value;
            return true;
        }
    return false;
}

/* a is the later one. words: how many sell by what both do, 0: none. False: it
 * does not look like b. */
static bool look(struct mud_bonds *bonds, uint32_t a, uint32_t b,
                 uint32_t words, const uint32_t adverts[2])
{
    const struct mud_actor_node *nodes = bonds->set->nodes.at;
    struct mud_str name_a = nodes[a].node.shown, name_b = nodes[b].node.shown;
    struct mud_str value_a = {0}, value_b = {0};
    bool name = mud_look_near(name_a, name_b) || mud_str_eq(name_a, name_b);
    bool value = near_value(&value_a, &value_b, bonds, a, b);
    double text = words ? mud_bits_rare(MUD_BITS_LIKE_WORDS, words) : 0;
    struct mud_actor_bond *bond = NULL;

    if ((name ? MUD_BITS_LIKE_NAME : 0) + (value ? MUD_BITS_LIKE_NUMBER : 0) +
            text <
        MUD_BITS_IMITATES)
        return false;
    bond = mud_bond_of(bonds, a, MUD_CLAIM_IMITATES, b);
    if (bond->n_reasons)
        return true;
    if (name)
        mud_bond_sign(
            bond, "nearly the name", 0, MUD_BITS_LIKE_NAME, name_a, name_b);
    if (value)
        mud_bond_sign(bond,
                      "nearly the number",
                      0,
                      MUD_BITS_LIKE_NUMBER,
                      value_a,
                      value_b);
    if (words) {
        mud_bond_sign(bond,
                      "the same advert with other contacts",
                      words,
                      text,
                      MUD_STR(""),
                      MUD_STR(""));
        mud_bond_text(bond, bonds->set, adverts[0]);
        mud_bond_text(bond, bonds->set, adverts[1]);
    }
    mud_bond_name(bond, bonds->set, a, MUD_STR(""));
    mud_bond_name(bond, bonds->set, b, MUD_STR(""));
    return true;
}

/* ---- by words ---- */

static void same_words(struct mud_bonds *bonds, uint32_t a, uint32_t b,
                       uint32_t n, const uint32_t adverts[2])
{
    struct mud_actor_bond *bond = mud_bond_of(bonds, a, MUD_CLAIM_WORDS, b);

    if (bond->n_reasons)
        return;
    mud_bond_sign(bond,
                  "the same advert with other contacts",
                  n,
                  mud_bits_rare(MUD_BITS_WORDS, n),
                  MUD_STR(""),
                  MUD_STR(""));
    /* A new account of one who moved looks like this, and so does a copy. */
    if (bonds->set->nodes.at[b].last < bonds->set->nodes.at[a].first)
        mud_bond_sign(bond,
                      "the other fell silent before",
                      0,
                      MUD_BITS_SILENT,
                      MUD_STR(""),
                      MUD_STR(""));
    mud_bond_text(bond, bonds->set, adverts[0]);
    mud_bond_text(bond, bonds->set, adverts[1]);
}

static int by_words(const void *x, const void *y)
{
    const struct mud_bond_words *a = x, *b = y;

    return a->advert < b->advert ? -1 : a->advert > b->advert;
}

/* Sellers of one text: each later one against the first. */
static void one_text(struct mud_bonds *bonds, const struct mud_bond_words *rows,
                     size_t n)
{
    const struct mud_actor_advert *adverts = bonds->set->adverts.at;
    size_t first = 0;

    if (n < 2 || n > MUD_BOND_SELLERS)
        return;
    for (size_t i = 1; i < n; i++)
        if (adverts[rows[i].advert].at < adverts[rows[first].advert].at)
            first = i;
    for (size_t i = 0; i < n; i++) {
        const uint32_t pair[] = {rows[i].advert, rows[first].advert};
        uint32_t a = rows[i].seller, b = rows[first].seller;

        if (i == first || root(bonds, a) == root(bonds, b))
            continue;
        /* With its contacts it is no copy but a repost: below. */
        if (adverts[pair[0]].origin != MUD_NOBODY)
            continue;
        /* One who looks like another has its words for a reason. */
        if (!look(bonds, a, b, (uint32_t)n, pair))
            same_words(bonds, a, b, (uint32_t)n, pair);
    }
}

static void all_texts(struct mud_bonds *bonds)
{
    const struct mud_actor_advert *adverts = bonds->set->adverts.at;
    size_t n = bonds->words.n;
    struct mud_bond_words *rows = mud_calloc(n + 1, sizeof(*rows));

    if (n) {
        memcpy(rows, bonds->words.at, n * sizeof(*rows));
        qsort(rows, n, sizeof(*rows), by_words);
    }
    for (size_t i = 0, end = 0; i < n; i = end) {
        for (end = i; end < n && mud_id_eq(adverts[rows[end].advert].words,
                                           adverts[rows[i].advert].words);
             end++)
            ;
        one_text(bonds, rows + i, end - i);
    }
    free(rows);
}

static void reposts(struct mud_bonds *bonds)
{
    const struct mud_actor_set *set = bonds->set;

    for (uint32_t i = 0; i < set->adverts.n; i++) {
        const struct mud_actor_advert *advert = &set->adverts.at[i];
        struct mud_actor_bond *bond = NULL;

        if (advert->origin == MUD_NOBODY ||
            root(bonds, advert->seller) == root(bonds, advert->origin))
            continue;
        bond = mud_bond_of(
            bonds, advert->seller, MUD_CLAIM_REPOSTS, advert->origin);
        if (!bond->n_reasons)
            mud_bond_sign(bond,
                          "its adverts, contacts and all",
                          0,
                          0,
                          MUD_STR(""),
                          MUD_STR(""));
        bond->reasons[0].n++;
        mud_bond_text(bond, set, i);
    }
}

/* ---- by look ---- */

struct looks {
    char skeleton[MUD_LOOK_MAX];
    uint32_t n; /* bytes of it */
    uint32_t node;
};

static int by_look(const void *x, const void *y)
{
    const struct looks *a = x, *b = y;
    int by = mud_str_cmp(mud_str_of(a->skeleton, a->n),
                         mud_str_of(b->skeleton, b->n));

    return by ? by : a->node < b->node ? -1 : a->node > b->node;
}

static void one_look(struct mud_bonds *bonds, const struct looks *rows,
                     size_t n)
{
    size_t first = 0;
    const uint32_t none[2] = {0};

    if (n < 2 || n > LOOKS_MAX)
        return;
    for (size_t i = 1; i < n; i++)
        if (later(bonds, rows[first].node, rows[i].node))
            first = i;
    for (size_t i = 0; i < n; i++)
        if (i != first &&
            root(bonds, rows[i].node) != root(bonds, rows[first].node))
            (void)look(bonds, rows[i].node, rows[first].node, 0, none);
}

static void all_looks(struct mud_bonds *bonds)
{
    const struct mud_actor_set *set = bonds->set;
    MUD_ROWS(looks) rows = {0};

    for (uint32_t i = 0; i < set->nodes.n; i++) {
        const struct mud_actor_node *node = &set->nodes.at[i];
        struct looks *row = NULL;
        char buf[MUD_LOOK_MAX];
        struct mud_str skeleton;

        if (node->node.kind != MUD_NODE_PERSONA || !node->first)
            continue;
        skeleton = mud_look_of(node->node.shown, buf);
        if (!skeleton.n)
            continue;
        row = MUD_ADD(&rows);
        memcpy(row->skeleton, skeleton.s, skeleton.n);
        row->n = (uint32_t)skeleton.n;
        row->node = i;
    }
    if (rows.n)
        qsort(rows.at, rows.n, sizeof(*rows.at), by_look);
    for (size_t i = 0, end = 0; i < rows.n; i = end) {
        for (end = i;
             end < rows.n && rows.at[end].n == rows.at[i].n &&
             memcmp(rows.at[end].skeleton, rows.at[i].skeleton, rows.at[i].n) ==
                 0;
             end++)
            ;
        one_look(bonds, rows.at + i, end - i);
    }
    free(rows.at);
}

void mud_bond_alike(struct mud_bonds *bonds)
{
    all_texts(bonds);
    reposts(bonds);
    all_looks(bonds);
}
