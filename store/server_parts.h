/* Inside of store only: the parts of store/server.c. */
#ifndef MUD_STORE_SERVER_PARTS_H
#define MUD_STORE_SERVER_PARTS_H

#include "store/server.h"

/* Exclusive lock on place->lock; the descriptor, or -1. MUD_EAGAIN in 60 s. */
int mud_server_lock(const struct mud_place *place, struct mud_error *err);

/* The server's user can walk down to the home; a home of root's that only
 * needs its group changed gets it. MUD_EDENIED says which folder stops it. */
MUD_MUST bool mud_server_reach(const struct mud_place *place,
                               struct mud_error *err);

/* The socket folder: made, mode 0700, of the right owner, no link. */
MUD_MUST bool mud_server_socket(const struct mud_place *place,
                                struct mud_error *err);

/* initdb into place->next, rename to place->data. Nothing half stays. */
MUD_MUST bool mud_server_make(const struct mud_place *place,
                              struct mud_error *err);

/* Major version in PG_VERSION; 0 when there is no cluster. */
MUD_MUST bool mud_server_major(int *major, const struct mud_place *place,
                               struct mud_error *err);

/* Write the settings of this machine, before each start. */
MUD_MUST bool mud_server_settings(const struct mud_place *place,
                                  struct mud_error *err);

/* Write who may log in as whom anew: a server that an older program started knows
 * no roles. It takes effect when the server reads its settings again. */
MUD_MUST bool mud_server_ident(const struct mud_place *place,
                               struct mud_error *err);

/* pid of a living postmaster of the cluster, by its pid file; else 0. */
pid_t mud_server_pid(const struct mud_place *place);

/* End what a dead postmaster left: backends that go on, a stale pid file. */
void mud_server_clear(const struct mud_place *place);

#endif
