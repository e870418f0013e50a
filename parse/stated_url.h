/*
 * The address that a page without one names itself: the mark of a browser's
 * "save page" ("<!-- saved from url=(0030)https://a.example/ -->"), its
 * canonical link, og:url.
 */
#ifndef MUD_PARSE_STATED_URL_H
#define MUD_PARSE_STATED_URL_H

#include "base/arena.h"
#include "parse/page.h"

/* Put an absolute http(s) address, in arena, into an empty *url, or one of a
 * file that was handed over ("file:name"). False when it stays as it is. html:
 * the page as it was read. */
bool mud_stated_url(struct mud_str *url, const struct mud_page *page,
                    struct mud_str html, struct mud_arena *arena);

#endif
