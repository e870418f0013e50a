/*
 * What a terminal shows while `up` works: one line that the process at its head
 * writes every two seconds, of all sources and workers (other hosts' too), from
 * Postgres. The parts of `up` write what they have to say over it.
 */
#ifndef MUD_CLI_STATUS_H
#define MUD_CLI_STATUS_H

#include "cli/up.h"

#define MUD_STATUS_SECONDS 2

/* Whether such a line is wanted: standard error is a terminal, no --quiet. */
bool mud_status_wanted(const struct mud_args *args);
/* Write it; what goes wrong is left out. */
void mud_status_show(struct mud_pg *pg);
/* The line itself, at most `width` columns wide. */
MUD_MUST bool mud_status_line(struct mud_buf *out, struct mud_pg *pg,
                              size_t width, struct mud_error *err);

#endif
