/* One event of a Matrix room as a post. Internal to parse/. */
#ifndef MUD_PARSE_MATRIX_EVENT_H
#define MUD_PARSE_MATRIX_EVENT_H

#include "base/json.h"
#include "parse/chat_map.h"
#include "parse/post.h"

/* Learns names and who wrote what from an event, without making a post. */
void mud_matrix_learn(struct mud_chat_map *map, const json_t *event,
                      struct mud_str room, struct mud_arena *arena);

/*
 * *post in the arena. False when the event has no id, no type or no room, and
 * so is no part of a room's history; *note is then its code. A post that was
 * made may have a note as well ("foreign-edit", "encrypted"); else it is NULL.
 */
bool mud_matrix_post(struct mud_post *post, const char **note,
                     const json_t *event, struct mud_str room,
                     const struct mud_chat_map *map, struct mud_arena *arena);

#endif
