/*
 * The database of this MUDLARK_HOME: an outside Postgres named by MUDLARK_DSN,
 * or the private server in MUDLARK_HOME/pg, which is made and started when
 * needed and left running (store/server.h).
 */
#ifndef MUD_STORE_DB_H
#define MUD_STORE_DB_H

#include "store/pg.h"

/* Whether there is no MUDLARK_DSN. */
bool mud_db_private(void);

/* Start the private server if there is no DSN and connect; no migration. An
 * outside server older than Postgres 15 or not in UTF8 is refused, MUD_EDB. */
MUD_MUST bool mud_db_connect(struct mud_pg **out, const char *home,
                             struct mud_error *err);

/* Start the private server if there is no DSN, connect, migrate, return. */
MUD_MUST bool mud_db_open(struct mud_pg **out, const char *home,
                          struct mud_error *err);

/* The connection string that mud_db_open uses, to open further connections.
 * Text in out[size]. */
MUD_MUST bool mud_db_dsn(char *out, size_t size, const char *home,
                         struct mud_error *err);

#endif
