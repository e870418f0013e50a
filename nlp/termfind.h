/*
 * One term looked for in texts, exactly as an entry of the lexicon is matched:
 * folded, with its edges (nlp/lexicon.h), whatever segmentation does.
 */
#ifndef MUD_NLP_TERMFIND_H
#define MUD_NLP_TERMFIND_H

#include "nlp/reading.h"

struct mud_termfind;

/* flags as in a table ("inside"). reader outlives it. MUD_EINPUT when there is
 * nothing to see in the term. */
MUD_MUST bool mud_termfind_new(struct mud_termfind **out,
                               const struct mud_reader *reader,
                               struct mud_str term, struct mud_str flags,
                               struct mud_error *err);
void mud_termfind_free(struct mud_termfind *find); /* NULL is fine */

/* Where it stands: byte spans of the raw text, in arena. Returns how many. */
size_t mud_termfind_in(struct mud_span **out, const struct mud_termfind *find,
                       struct mud_str text, struct mud_arena *arena);

#endif
