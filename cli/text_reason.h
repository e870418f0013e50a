/* Short words of the program in the language of the session: reasons, states,
 * kinds of places. */
#ifndef MUD_CLI_TEXT_REASON_H
#define MUD_CLI_TEXT_REASON_H

#include "base/str.h"

/* What the code of a reason means (run/reason.h); unknown ones as they are. */
void mud_text_reason(struct mud_buf *out, struct mud_str code);

/* "active", "stopped"... and "thread", "group"..., as people say. */
void mud_text_state(struct mud_buf *out, struct mud_str state);
void mud_text_place(struct mud_buf *out, struct mud_str kind);

#endif
