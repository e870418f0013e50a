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

/* Start the private server if there is no DSN, connect, migrate, return. A
 * MUDLARK_DSN that names a role of the house cannot migrate: MUD_EDB when that is
 * needed. */
MUD_MUST bool mud_db_open(struct mud_pg **out, const char *home,
                          struct mud_error *err);

/* The connection string that mud_db_open uses, to open further connections.
 * Text in out[size]. */
MUD_MUST bool mud_db_dsn(char *out, size_t size, const char *home,
                         struct mud_error *err);

/*
 * A connection in a role of the house ("mud_worker", store/roles.h), and in
 * dsn[size] how to open more of them. owner: as mud_db_open gave it; stays open.
 * An outside server whose MUDLARK_DSN names a role lets in that one alone:
 * MUD_EDENIED for another. One whose MUDLARK_DSN names the owner, and that does
 * not let the role in without his password (~/.pgpass, pg_hba.conf), is used as
 * that owner: then only the program holds the rights, which is logged.
 */
MUD_MUST bool mud_db_as(struct mud_pg **out, char *dsn, size_t size,
                        struct mud_pg *owner, const char *home,
                        const char *role, struct mud_error *err);

/* The same without trying: for one who connects later. Of an outside server:
 * MUDLARK_DSN as it is. */
MUD_MUST bool mud_db_dsn_as(char *out, size_t size, const char *home,
                            const char *role, struct mud_error *err);

#endif
