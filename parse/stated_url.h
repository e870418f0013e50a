/*
 * The address that a page without one names itself: the mark of a browser's
 * "save page" ("<!-- saved from url=(0030)https://a.example/ -->"), its
 * canonical link, og:url.
 */
#ifndef MUD_PARSE_STATED_URL_H
#define MUD_PARSE_STATED_URL_H

#include "base/arena.h"
#include "parse/page.h"

/* An absolute http(s) address in arena, or empty. html: as it was read. */
struct mud_str mud_stated_url(const struct mud_page *page, struct mud_str html,
                              struct mud_arena *arena);

#endif
