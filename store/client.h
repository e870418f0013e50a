/*
 * Inside of store only: the client programs of Postgres (pg_dump, pg_restore),
 * run against the database of an open connection. How to reach it goes to them
 * by environment, not by argument, where any user could read a password.
 */
#ifndef MUD_STORE_CLIENT_H
#define MUD_STORE_CLIENT_H

#include "store/pg.h"

/*
 * Run program (its name) with argv[1...] (argv[0] is filled in), what it says
 * appended to log. pg: whose database, and whose version the program must have
 * at least; NULL: none is needed. MUD_EIO with its last words.
 */
MUD_MUST bool mud_client_run(struct mud_pg *pg, const char *program,
                             const char **argv, const char *log, int64_t ms,
                             struct mud_error *err);

#endif
