/*
 * What a page of this kind says of itself where it is no content, or holds
 * none: walls, notices, pages that nothing describes, threads without posts.
 */
#ifndef MUD_PARSE_PAGE_NOTE_H
#define MUD_PARSE_PAGE_NOTE_H

#include "parse/forum.h"

/*
 * One note at most, by page->kind, engine and counts. own is what the rules
 * say of the page's address (NULL: nothing), status that of the HTTP answer.
 */
void mud_page_kind_note(struct mud_notes *notes, const struct mud_parsed *page,
                        const struct mud_rule_hit *own, int status);

#endif
