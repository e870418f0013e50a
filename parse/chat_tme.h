/* A channel as t.me/s/NAME shows it, and single messages (?embed=1). */
#ifndef MUD_PARSE_CHAT_TME_H
#define MUD_PARSE_CHAT_TME_H

#include "parse/chat.h"
#include "parse/forum.h"

extern const struct mud_chat_format mud_chat_tme;

/*
 * The same of a page that was fetched: posts, notes and the link to the page
 * before it. A page of another kind is left alone (out->kind is not
 * MUD_PAGE_CHAT then). Fails only with MUD_EBUG.
 */
MUD_MUST bool mud_chat_tme_page(struct mud_parsed *out, struct mud_str html,
                                struct mud_notes *notes, struct mud_error *err);

#endif
