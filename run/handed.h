/*
 * Pages of a forum that were handed in (a browser's WARC, saved pages) stand for
 * pages that were fetched: what they link to is found, and they are not asked
 * for again. So a site goes on that only a browser can enter.
 */
#ifndef MUD_RUN_HANDED_H
#define MUD_RUN_HANDED_H

#include "run/step.h"

struct mud_handed_pages; /* of one import */

void mud_handed_new(struct mud_handed_pages **out, struct mud_pg *pg,
                    const struct mud_source *source);
void mud_handed_free(struct mud_handed_pages *handed); /* NULL is fine */

/* A page was read: its links are found. What is not of the source's site, or
 * holds nothing, is passed over. */
MUD_MUST bool mud_handed_page(struct mud_handed_pages *handed,
                              const struct mud_capture *capture,
                              const struct mud_parsed *parsed,
                              struct mud_error *err);

/* All are read: they count as fetched, and wait in the queue no more. */
MUD_MUST bool mud_handed_end(struct mud_handed_pages *handed,
                             struct mud_error *err);

#endif
