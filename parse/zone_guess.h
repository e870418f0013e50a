/*
 * The zone of a site that says none, guessed from a page: best from a time
 * that stands there twice, once relative to the clock of the fetch and once
 * by the clock of the site; else from the language of the page.
 */
#ifndef MUD_PARSE_ZONE_GUESS_H
#define MUD_PARSE_ZONE_GUESS_H

#include "parse/sight.h"

struct mud_zone_guess {
    struct mud_str zone; /* "+08:00", "Asia/Shanghai" */
    const char *why;     /* English, for a note */
};

/* False when nothing in the page tells. charset: as the page was sent. */
bool mud_zone_guess(struct mud_zone_guess *out, struct mud_sight *sight,
                    struct mud_str charset);

#endif
