/*
 * The redacted copy of a page as HTML: what the reader takes for victims' data is
 * covered, wherever in the mark-up its characters stand, and so is every telephone
 * number that no word calls a contact (what graph/protect.c does where it suspects,
 * is done everywhere here: a picture has no second look). The mark-up stays, so the
 * page looks as it was. Attributes and styles that can show text are read, too.
 */
#ifndef MUD_RUN_SHOT_MASK_H
#define MUD_RUN_SHOT_MASK_H

#include "nlp/reading.h"

#define MUD_SHOT_PAGE_MAX ((size_t)8 << 20)

/* html (or plain text, when not is_html) is valid UTF-8. *covered counts
 * characters. MUD_ELIMIT above MUD_SHOT_PAGE_MAX. */
MUD_MUST bool mud_shot_mask(struct mud_str *out, size_t *covered,
                            struct mud_str html, bool is_html,
                            const struct mud_reader *reader,
                            struct mud_arena *arena, struct mud_error *err);

#endif
