/*
 * Rooms of Matrix (client-server API 1.x: spec.matrix.org) in which an account of
 * ours is a member: it is told of none else, and never joins by itself. A round
 * asks /sync for what is new since the last; where that leaves a gap, and for the
 * past of a room, /messages goes back. The access token is the secret "token" of
 * the source's account.
 */
#ifndef MUD_RUN_COLLECT_MATRIX_H
#define MUD_RUN_COLLECT_MATRIX_H

#include "run/collect.h"

/* As mud_collect_round. Rooms are ids (!...) or aliases (#...:server). */
MUD_MUST bool mud_collect_matrix(struct mud_report *report,
                                 struct mud_worker *worker,
                                 const struct mud_source *source,
                                 const struct mud_crawl_options *options,
                                 struct mud_error *err);

#endif
