/*
 * The terms of a source as they are checked and kept: what run/source.c (what
 * is stored) and run/source_change.c (who sets it) share. Inside run only.
 */
#ifndef MUD_RUN_SOURCE_TERMS_H
#define MUD_RUN_SOURCE_TERMS_H

#include "run/source.h"

#define MUD_ERROR_SHARE 50 /* percent of requests */
#define MUD_ERROR_HOURS 24
#define MUD_ERROR_LEAST 20 /* requests, before the share says anything */

/* Fill in what follows from the rest (the host of its url is in scope), then
 * all that add and change ask for: MUD_EUSAGE names what is missing or
 * malformed. */
MUD_MUST bool mud_source_check(struct mud_source *source,
                               struct mud_arena *arena, struct mud_error *err);

/* The columns scope and options. */
void mud_source_scope_json(struct mud_buf *out,
                           const struct mud_source *source);
void mud_source_options_json(struct mud_buf *out,
                             const struct mud_source *source);
MUD_MUST bool mud_source_read_json(struct mud_source *out, struct mud_str scope,
                                   struct mud_str options,
                                   struct mud_arena *arena,
                                   struct mud_error *err);

/* Most pages of a UTC day, where the source says nothing; 0: it has none. */
int64_t mud_source_day_pages(struct mud_str kind);

#endif
