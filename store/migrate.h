/*
 * The schema, in forward steps: schema/NNNN_name.sql, compiled in. Each runs
 * in one transaction under an advisory lock and leaves its number, name and
 * SHA-256 in mud.schema_migration. An applied file must never change: add the
 * next number. A program older than the database refuses to touch it.
 */
#ifndef MUD_STORE_MIGRATE_H
#define MUD_STORE_MIGRATE_H

#include "base/embed.h"
#include "store/pg.h"

#define MUD_MIGRATE_LOCK \
    "7311106934716653665" /* any number, the same everywhere */

/*
 * Apply what is missing, then the roles' grants (store/roles.h); *applied (may be NULL) counts it. Safe when several
 * processes do so at once. MUD_ECORRUPT: an applied file differs from ours;
 * MUD_EDB: names file, line and the server's reason, and that step is undone.
 */
MUD_MUST bool mud_migrate(struct mud_pg *pg, size_t *applied,
                          struct mud_error *err);

/* The same with another table of files (tests). At most 9999 files. */
MUD_MUST bool mud_migrate_files(struct mud_pg *pg,
                                const struct mud_embedded *files,
                                size_t *applied, struct mud_error *err);

/* Inside of store: the statements of one file, in the caller's transaction. */
MUD_MUST bool mud_migrate_run(struct mud_pg *pg,
                              const struct mud_embedded *file,
                              struct mud_error *err);

/* True in *current when nothing is missing; fails like mud_migrate on files
 * that changed or a newer database. Changes nothing. */
MUD_MUST bool mud_migrate_check(struct mud_pg *pg, bool *current,
                                struct mud_error *err);

#endif
