/*
 * Is the database sound? Version and migrations, checksums of its pages (by
 * reading them all), indexes and heaps by the amcheck extension where the
 * server has it, rows that break a rule of the house (each statement
 * schema/query/check_*.sql gives one row a breach), and what it holds.
 */
#ifndef MUD_STORE_CHECK_H
#define MUD_STORE_CHECK_H

#include "store/pg.h"

enum mud_check_kind {
    MUD_CHECK_GOOD,   /* checked, holds */
    MUD_CHECK_BAD,    /* broken */
    MUD_CHECK_SKIPPED /* could not be checked here; text says why */
};

struct mud_check_finding {
    enum mud_check_kind kind;
    struct mud_str what; /* "migrations", "index mud.job_next", ... */
    struct mud_str text; /* how many, or what is wrong */
};

/*
 * Calls found for each finding, in a fixed order, and counts the bad ones.
 * False only when the check itself cannot go on. Reads everything: minutes on
 * a large database; changes nothing.
 */
MUD_MUST bool mud_db_check(
    size_t *bad, struct mud_pg *pg,
    void (*found)(const struct mud_check_finding *finding, void *payload),
    void *payload, struct mud_error *err);

/*
 * The checksums of all pages of the private server by pg_checksums, which needs
 * it stopped: it is stopped, checked, and started again if it ran. MUD_EUSAGE
 * with MUDLARK_DSN. *bad counts damaged pages.
 */
MUD_MUST bool mud_db_checksums(int64_t *bad, int64_t *pages, const char *home,
                               struct mud_error *err);

#endif
