/*
 * Whose page is it: the engine description whose marks (`detect`, `hint`) are
 * there most.
 */
#ifndef MUD_PARSE_DETECT_H
#define MUD_PARSE_DETECT_H

#include "parse/sight.h"

/* A mark of its own weighs as much as three that others have too; those alone
 * are nothing. */
#define MUD_DETECT_MARK 3

/*
 * The description for the page of sight; the nameless one (pages in front of
 * any board) where no other has a mark, NULL when that has none either. With a
 * name, only its views, and one of them even without marks. data: the page is
 * JSON. marks gets the weight of what was found, 0 for nothing.
 */
const struct mud_engine *mud_detect(size_t *marks, struct mud_sight *sight,
                                    struct mud_str name, bool data);

#endif
