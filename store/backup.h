/*
 * Backup of the database into one file, and back. The file is pg_dump's custom
 * format of schema mud, so pg_restore alone can read it too. The vault
 * (MUDLARK_HOME/vault, ledger) is not in it: those files only grow, copy them
 * with any tool, after the backup, so that no capture of it lacks its bytes.
 */
#ifndef MUD_STORE_BACKUP_H
#define MUD_STORE_BACKUP_H

#include "base/hash.h"
#include "store/pg.h"

struct mud_backup {
    int64_t size; /* of the file, bytes */
    uint8_t sha256[MUD_SHA256];
    int64_t tables; /* with data in it */
};

/*
 * Write file, which must not exist. It gets its name only after all of it was
 * read back; on failure nothing stays. home: as for mud_db_open. MUD_EIO names
 * the program and its reason (no room, ...).
 */
MUD_MUST bool mud_db_backup(struct mud_backup *out, const char *home,
                            const char *file, struct mud_error *err);

/* Read a backup to its end: MUD_ECORRUPT when it is cut or damaged or of
 * something else. log: a file for what pg_restore says; made and removed. */
MUD_MUST bool mud_db_backup_verify(struct mud_backup *out, const char *file,
                                   const char *log, struct mud_error *err);

/*
 * Put file into the database of home (whose private server is made if there is
 * none) and migrate it. A database with data is refused with MUD_EDENIED unless
 * force. All or nothing: until the restored data is complete and of a version
 * this program knows, the old data is kept, and comes back on failure.
 */
MUD_MUST bool mud_db_restore(struct mud_backup *out, const char *home,
                             const char *file, bool force,
                             struct mud_error *err);

#endif
