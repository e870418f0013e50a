/* Short words of the program in the language of the session: reasons, states,
 * kinds of places; and advice with the source's name in it. */
#ifndef MUD_CLI_TEXT_REASON_H
#define MUD_CLI_TEXT_REASON_H

#include "base/str.h"

/* What the code of a reason means (run/reason.h); unknown ones as they are. */
void mud_text_reason(struct mud_buf *out, struct mud_str code);

/* Advice of run/reason.h for the source of that name. */
void mud_text_named(struct mud_buf *out, const char *advice,
                    struct mud_str name);

/* "active", "stopped"... and "thread", "group"..., as people say. */
void mud_text_state(struct mud_buf *out, struct mud_str state);
void mud_text_place(struct mud_buf *out, struct mud_str kind);

#endif
