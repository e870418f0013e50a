/* What stands before a source, and what a person can do: for source show. */
#ifndef MUD_CLI_SOURCE_WALL_H
#define MUD_CLI_SOURCE_WALL_H

#include "base/json.h"
#include "run/wall.h"

/* Member "wall" of an object: null when nothing stands. */
void mud_source_wall_json(struct mud_json *json,
                          const struct mud_source *source,
                          const struct mud_wall_state *wall);
void mud_source_wall_text(struct mud_buf *text, const struct mud_source *source,
                          const struct mud_wall_state *wall, bool colour);

#endif
