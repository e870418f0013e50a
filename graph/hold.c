/* What holds an actor together: graph/actor.h says the rules. */
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

/* Where verdicts cut, the claim with least behind it is cut. */
static int by_evidence(const void *x, const void *y)
{
    const struct mud_actor_edge *a = *(struct mud_actor_edge *const *)x;
    const struct mud_actor_edge *b = *(struct mud_actor_edge *const *)y;

    if (a->evidence != b->evidence)
        return a->evidence > b->evidence ? -1 : 1;
    return by_claim(a, b);
}

static bool kept_apart(struct mud_actor_set *set, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < set->apart.n; i++) {
        uint32_t x = mud_actor_root(set, set->apart.at[i].a);
        uint32_t y = mud_actor_root(set, set->apart.at[i].b);

        if ((x == a && y == b) || (x == b && y == a))
            return true;
    }
    return false;
}

bool mud_hold_unite(struct mud_actor_set *set, uint32_t one, uint32_t other,
                    int kind)
{
    struct mud_actor_node *nodes = set->nodes.at;
    uint32_t a = mud_actor_root(set, one), b = mud_actor_root(set, other);

    if (a == b)
        return true;
    if (set->apart.n && kept_apart(set, a, b))
        return false;
    /* The root of a set is its smallest id, whatever the order of unions. */
    if (a < b)
        nodes[b].parent = a;
    else
        nodes[a].parent = b;
    /* The first claim that holds a node is its reason. */
    if (nodes[one].via == MUD_NOBODY) {
        nodes[one].via = other;
        nodes[one].via_kind = kind;
    }
    if (nodes[other].via == MUD_NOBODY) {
        nodes[other].via = one;
        nodes[other].via_kind = kind;
    }
    return true;
}

static bool is_bot(const struct mud_node *node)
{
    return mud_str_eqz(node->type, "telegram") && node->value.n > 3 &&
           mud_str_istarts(
               mud_str_sub(node->value, node->value.n - 3, node->value.n),
               MUD_STR("bot"));
}

static const char *why_not(const struct mud_actor_set *set,
                           const struct mud_actor_edge *edge)
{
    const struct mud_actor_node *owner = &set->nodes.at[edge->owner];
    const struct mud_actor_node *other = &set->nodes.at[edge->other_end];

    if (!mud_claim_strong(edge->kind))
        return "a place, not a person";
    if (other->market && !edge->market)
        return "belongs to a market service";
    if (other->degree > MUD_HUB_MAX)
        return "over-common";
    if (owner->degree > MUD_HUB_MAX)
        return "owner advertises too many";
    if (other->degree > 1 && is_bot(&other->node))
        return "bot";
    return NULL;
}

void mud_hold_begin(struct mud_actor_set *set)
{
    struct mud_actor_edge *edges = set->edges.at;
    struct mud_actor_node *nodes = set->nodes.at;

    for (size_t i = 0; i < set->edges.n; i++)
        nodes[edges[i].other_end].market |= mud_claim_strong(edges[i].kind) &&
                                            edges[i].market && !edges[i].other;
    for (size_t i = 0; i < set->edges.n; i++) {
        struct mud_actor_node *other = &nodes[edges[i].other_end];

        if (!mud_claim_strong(edges[i].kind))
            continue;
        nodes[edges[i].owner].degree++;
        /* However many name an escrow, his contacts are his. */
        other->degree += !other->market || edges[i].market;
    }
    if (set->edges.n)
        qsort(edges, set->edges.n, sizeof(*edges), by_claim);
    for (size_t i = 0; i < set->edges.n; i++)
        edges[i].why = why_not(set, &edges[i]);
    for (size_t i = 0; i < set->confirmed.n; i++)
        (void)mud_hold_unite(set,
                             set->confirmed.at[i].a,
                             set->confirmed.at[i].b,
                             MUD_CLAIM_CONFIRMED);
}

void mud_hold_edges(struct mud_actor_set *set, bool copied)
{
    struct mud_actor_edge **sorted = NULL;
    size_t n = 0;

    if (!set->edges.n)
        return;
    sorted = mud_calloc(set->edges.n, sizeof(void *));
    for (size_t i = 0; i < set->edges.n; i++)
        if (!set->edges.at[i].why && set->edges.at[i].copied == copied)
            sorted[n++] = &set->edges.at[i];
    if (set->apart.n && n)
        qsort(sorted, n, sizeof(void *), by_evidence);
    for (size_t i = 0; i < n; i++)
        if (!mud_hold_unite(
                set, sorted[i]->owner, sorted[i]->other_end, sorted[i]->kind))
            sorted[i]->why = "kept apart by a verdict";
    free(sorted);
}

struct mud_actor_edge *mud_hold_of(const struct mud_actor_set *set,
                                   uint32_t owner, size_t *n)
{
    size_t low = 0, high = set->edges.n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (set->edges.at[middle].owner < owner)
            low = middle + 1;
        else
            high = middle;
    }
    *n = 0;
    while (low + *n < set->edges.n && set->edges.at[low + *n].owner == owner)
        ++*n;
    return set->edges.at ? set->edges.at + low : NULL;
}

struct mud_actor_edge *mud_hold_find(const struct mud_actor_set *set,
                                     uint32_t owner, uint32_t other, int kind)
{
    struct mud_actor_edge key = {
        .owner = owner, .other_end = other, .kind = kind};

    return set->edges.n
               ? bsearch(
                     &key, set->edges.at, set->edges.n, sizeof(key), by_claim)
               : NULL;
}
