#include "graph/batch.h"

#include <stdlib.h>

/* Open addressing over ids, which are digests: their first bytes are hash
 * enough. At most half full. An all-zero id is not kept by callers. */
struct slot {
    struct mud_id id;
    size_t value;
    bool used;
};

struct mud_id_set {
    struct slot *slots;
    size_t cap, n; /* cap is a power of two */
};

#define FIRST 1024

struct mud_id_set *mud_id_set_new(void)
{
    struct mud_id_set *set = mud_calloc(1, sizeof(*set));

    set->cap = FIRST;
    set->slots = mud_calloc(set->cap, sizeof(*set->slots));
    return set;
}

void mud_id_set_free(struct mud_id_set *set)
{
    if (!set)
        return;
    free(set->slots);
    free(set);
}

void mud_id_set_clear(struct mud_id_set *set)
{
    if (set->n)
        memset(set->slots, 0, set->cap * sizeof(*set->slots));
    set->n = 0;
}

size_t mud_id_set_count(const struct mud_id_set *set)
{
    return set->n;
}

static struct slot *find(const struct mud_id_set *set, struct mud_id id)
{
    uint64_t hash = 0;
    size_t i = 0;

    memcpy(&hash, id.b, sizeof(hash));
    i = (size_t)hash & (set->cap - 1);
    while (set->slots[i].used && !mud_id_eq(set->slots[i].id, id))
        i = (i + 1) & (set->cap - 1);
    return &set->slots[i];
}

static void widen(struct mud_id_set *set)
{
    struct mud_id_set wide = {.cap = set->cap * 2, .n = set->n};

    wide.slots = mud_calloc(wide.cap, sizeof(*wide.slots));
    for (size_t i = 0; i < set->cap; i++)
        if (set->slots[i].used)
            *find(&wide, set->slots[i].id) = set->slots[i];
    free(set->slots);
    *set = wide;
}

size_t mud_id_set_put(struct mud_id_set *set, struct mud_id id, size_t value,
                      bool *known)
{
    struct slot *slot = find(set, id);

    *known = slot->used;
    if (slot->used)
        return slot->value;
    if (2 * (set->n + 1) > set->cap) {
        widen(set);
        slot = find(set, id);
    }
    *slot = (struct slot){id, value, true};
    set->n++;
    return value;
}

bool mud_id_set_get(const struct mud_id_set *set, struct mud_id id,
                    size_t *value)
{
    const struct slot *slot = find(set, id);

    if (slot->used)
        *value = slot->value;
    return slot->used;
}

void mud_id_set_change(struct mud_id_set *set, struct mud_id id, size_t value)
{
    struct slot *slot = find(set, id);

    if (slot->used)
        slot->value = value;
}
