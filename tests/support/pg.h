/*
 * A real Postgres for tests: one throw-away cluster a test program, made at
 * first use, without fsync, reachable by a Unix socket only. A guardian process
 * stops and removes it when the program ends, however it ends (assert, abort,
 * kill -9). Everything here aborts with a message when it fails.
 */
#ifndef MUD_TESTS_SUPPORT_PG_H
#define MUD_TESTS_SUPPORT_PG_H

#include "store/pg.h"

#include <sys/types.h>

/* The DSN of a fresh, migrated, empty database. Lives until the end. */
const char *mud_test_pg(void);

/* The same, without any schema. */
const char *mud_test_pg_bare(void);

/* Open a connection, waiting out a recovery, or abort. */
struct mud_pg *mud_test_pg_open(const char *dsn);

/* Run a statement that must work; for several, separated by ";". */
void mud_test_pg_exec(struct mud_pg *pg, const char *sql);

/* One number that a statement without arguments gives. */
int64_t mud_test_pg_int(struct mud_pg *pg, const char *sql);

/* The backend of a connection, to be killed. */
pid_t mud_test_pg_backend(struct mud_pg *pg);

/* Send signal to the postmaster; start the cluster again after its end. */
void mud_test_pg_kill(int signal);
void mud_test_pg_restart(void);

/* A folder for this test program, removed at its end. Unprivileged users may
 * enter it. */
const char *mud_test_dir(void);

#endif
