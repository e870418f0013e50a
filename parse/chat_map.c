#include "parse/chat_map.h"

#include <stdlib.h>

static struct mud_chat_map_slot *slot_of(const struct mud_chat_map *map,
                                         struct mud_id key)
{
    uint64_t hash;
    memcpy(&hash, key.b, sizeof(hash));
    size_t i = hash & (map->cap - 1);
    while (!mud_id_zero(map->slots[i].key) &&
           !mud_id_eq(map->slots[i].key, key))
        i = (i + 1) & (map->cap - 1);
    return &map->slots[i];
}

static struct mud_id key_of(const char *kind, struct mud_str a,
                            struct mud_str b)
{
    const struct mud_str parts[] = {a, b};
    return mud_id_of_parts(kind, parts, 2);
}

static void make_room(struct mud_chat_map *map)
{
    struct mud_chat_map_slot *old = map->slots;
    size_t cap = map->cap;
    map->cap = cap ? cap * 2 : 256;
    map->slots = mud_calloc(map->cap, sizeof(*map->slots));
    for (size_t i = 0; i < cap; i++)
        if (!mud_id_zero(old[i].key))
            *slot_of(map, old[i].key) = old[i];
    free(old);
}

void mud_chat_map_put(struct mud_chat_map *map, const char *kind,
                      struct mud_str a, struct mud_str b, struct mud_str value)
{
    struct mud_id key = key_of(kind, a, b);
    if (!map->arena)
        map->arena = mud_arena_new();
    if (map->n * 2 >= map->cap)
        make_room(map);
    struct mud_chat_map_slot *slot = slot_of(map, key);
    bool fresh = mud_id_zero(slot->key);
    if (!fresh && mud_str_eq(slot->value, value))
        return;
    if ((fresh && map->n >= MUD_CHAT_MAP_MAX) ||
        map->bytes + value.n > MUD_CHAT_MAP_BYTES) {
        map->full = true;
        return;
    }
    map->n += fresh;
    map->bytes += value.n;
    slot->key = key;
    slot->value = mud_str_dup(value, map->arena);
}

struct mud_str mud_chat_map_get(const struct mud_chat_map *map,
                                const char *kind, struct mud_str a,
                                struct mud_str b)
{
    if (!map->cap)
        return (struct mud_str){0};
    return slot_of(map, key_of(kind, a, b))->value;
}

void mud_chat_map_free(struct mud_chat_map *map)
{
    mud_arena_free(map->arena);
    free(map->slots);
}
