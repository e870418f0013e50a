/*
 * A small part of CSS selectors, for engine descriptions:
 *     tag  *  #id  .class  [a]  [a=v]  [a^=v]  [a$=v]  [a*=v]  [a~=v]
 *     [a!=v] (it is there, and other)   :first-child   A B   A > B   A, B
 * Names and values compare byte for byte (tags and attribute names are lower
 * case already); a value may stand in double quotes. Matching goes from right
 * to left and tries only the nearest ancestors that fit, within a budget of
 * steps, so that no page and no selector makes it slow.
 */
#ifndef MUD_PARSE_SELECT_H
#define MUD_PARSE_SELECT_H

#include "parse/page.h"

struct mud_select; /* compiled; lives in the arena */

/* Fails with MUD_EINPUT on what is outside that part. At most 1 KiB. */
MUD_MUST bool mud_select_new(struct mud_select **out, struct mud_str text,
                             struct mud_arena *arena, struct mud_error *err);

/* Steps for one page: a compound tried, a node or 16 bytes of text read. At 0
 * nothing matches any more. */
#define MUD_SELECT_STEPS INT64_C(20000000)

/* Does node match? NULL as selector matches nothing. */
bool mud_select_match(const struct mud_select *select,
                      const struct mud_page *page, uint32_t node,
                      int64_t *steps);

/*
 * The first node in [from, end) that matches, or MUD_NO_NODE. Ancestors are
 * looked for in the whole page.
 */
uint32_t mud_select_first(const struct mud_select *select,
                          const struct mud_page *page, uint32_t from,
                          uint32_t end, int64_t *steps);

#endif
