/* The mirror of the analysts' terms, for graph/lexbook.c alone. */
#ifndef MUD_GRAPH_LEXMIRROR_H
#define MUD_GRAPH_LEXMIRROR_H

#include "graph/lexbook.h"

#define MUD_LEXMIRROR "lexicon.tsv"

/* Writers wait for each other; readers of the table do not. */
#define MUD_LEXMIRROR_LOCK \
    "SELECT pg_advisory_xact_lock(hashtext('mud.lexicon'))"

/* How many of the rows are in use. */
size_t mud_lexmirror_active(const struct mud_lexrow *rows, size_t n);

/* How the mirror stands to `wanted`, the text of the table; empty: of no row. */
MUD_MUST bool mud_lexmirror_judge(enum mud_lexbook_state *out,
                                  struct mud_pg *pg, const char *home,
                                  struct mud_str wanted, bool empty,
                                  struct mud_arena *arena,
                                  struct mud_error *err);

/* Note a text of the mirror, before any file has it. */
MUD_MUST bool mud_lexmirror_remember(struct mud_pg *pg, struct mud_str text,
                                     size_t entries, const char *who,
                                     struct mud_error *err);

#endif
