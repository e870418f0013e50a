/*
 * Names and numbers that pass for another's at a glance. Inside graph.
 */
#ifndef MUD_GRAPH_LOOKALIKE_H
#define MUD_GRAPH_LOOKALIKE_H

#include "base/str.h"

#define MUD_LOOK_MAX 64 /* bytes of a skeleton; the rest is cut */

/*
 * What is left of a name at a glance: letters and digits alone, small, full
 * width as ASCII, letters of other scripts and digits as the letter they look
 * like (0 o, 1 l i, rn m, vv w, Cyrillic). Equal skeletons look alike. Empty
 * when fewer than three characters are left.
 */
struct mud_str mud_look_of(struct mud_str name, char buf[MUD_LOOK_MAX]);

/* The names differ, but look alike: equal skeletons, or of five characters or
 * more all but one that was changed, added or left out. */
bool mud_look_near(struct mud_str a, struct mud_str b);

/* Two values of six characters or more that differ by one changed character,
 * by one too many or missing, or by two neighbours that changed places. */
bool mud_value_near(struct mud_str a, struct mud_str b);

#endif
