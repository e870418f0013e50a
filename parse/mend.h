/*
 * A board in a style of its own: the description knows the engine, but not
 * where this style has the posts, or one field of them. What it misses in
 * every post of a page is taken from the structure of the page (generic.h).
 * Internal to parse/.
 */
#ifndef MUD_PARSE_MEND_H
#define MUD_PARSE_MEND_H

#include "parse/forum.h"

/*
 * Fill what is missing in the thread page out, with the note "reskinned" that
 * names it. Engine, board and thread stay those of the description.
 */
void mud_mend(struct mud_parsed *out, struct mud_sight *sight,
              const struct mud_url *url, struct mud_notes *notes);

#endif
