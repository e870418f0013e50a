/*
 * Tables over the nodes of a Citus cluster: schema/citus.sql, by the families
 * of schema/families.tsv. Where the extension is not in the database, nothing
 * is done.
 */
#ifndef MUD_STORE_SPREAD_H
#define MUD_STORE_SPREAD_H

#include "store/pg.h"

/* Spread what is not spread yet, all of it or nothing. Safe when several
 * processes do so at once. MUD_EDB names the line. */
MUD_MUST bool mud_spread(struct mud_pg *pg, struct mud_error *err);

#endif
