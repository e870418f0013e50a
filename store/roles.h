/*
 * The roles of Postgres behind the house's, and what each may do: schema/roles.sql,
 * applied at the end of every migration and whenever that file changed. The
 * roles belong to the server, so a login that may make none of them (an outside
 * Postgres) leaves all as it is: mud_roles_applied tells, and what the server's
 * administrator has to run is schema/roles.sql itself.
 */
#ifndef MUD_STORE_ROLES_H
#define MUD_STORE_ROLES_H

#include "store/pg.h"

#define MUD_ROLE_PREFIX "mud_"
#define MUD_ROLE_WORKER "mud_worker"

/* Apply schema/roles.sql if it is not what was applied last and this login may.
 * Safe when several processes do so at once. MUD_EDB names the line. */
MUD_MUST bool mud_roles_apply(struct mud_pg *pg, struct mud_error *err);

/* *applied: the roles are there with the grants of this program. */
MUD_MUST bool mud_roles_applied(bool *applied, struct mud_pg *pg,
                                struct mud_error *err);

/* The text of schema/roles.sql. */
struct mud_str mud_roles_text(void);

#endif
