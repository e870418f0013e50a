/*
 * What a reader of a chat remembers of earlier messages: names of accounts and
 * rooms, who wrote what. Text to text, with a budget: beyond it nothing new is
 * kept, and `full` says so. Internal to parse/.
 */
#ifndef MUD_PARSE_CHAT_MAP_H
#define MUD_PARSE_CHAT_MAP_H

#include "base/hash.h"

#define MUD_CHAT_MAP_MAX   ((size_t)1 << 20)   /* entries */
#define MUD_CHAT_MAP_BYTES ((size_t)128 << 20) /* of values */

struct mud_chat_map {
    struct mud_arena *arena; /* of the values; made at the first one */

    struct mud_chat_map_slot {
        struct mud_id key; /* zero: free */
        struct mud_str value;
    } * slots;

    size_t n, cap, bytes;
    bool full;
};

/* `kind` keeps keys of different meaning apart. A later value replaces. */
void mud_chat_map_put(struct mud_chat_map *map, const char *kind,
                      struct mud_str a, struct mud_str b, struct mud_str value);
/* Empty (s NULL) when there is none; valid until the map is freed. */
struct mud_str mud_chat_map_get(const struct mud_chat_map *map,
                                const char *kind, struct mud_str a,
                                struct mud_str b);
void mud_chat_map_free(struct mud_chat_map *map);

#endif
