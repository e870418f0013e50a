/*
 * The programs of a Postgres server: where they are and how they are run.
 * postgres and initdb refuse to run as root, so as root they are run as the
 * unprivileged user of the data folder: groups, gid, uid set, no way back,
 * empty environment (a foreign HOME makes libpq look for keys it may not read).
 */
#ifndef MUD_STORE_PROGRAM_H
#define MUD_STORE_PROGRAM_H

#include "base/str.h"

#include <sys/types.h>

#define MUD_PG_OLDEST 15
#define MUD_PATH      4096

struct mud_program_user {
    uid_t uid;
    gid_t gid;
    gid_t groups[64]; /* all it is in */
    int n_groups;
    char name[64];
    bool change;            /* we are root and must become it */
    const char *const *env; /* the whole environment; NULL: next to nothing */
};

/*
 * The folder with postgres, initdb... of major version `major` (0: the newest
 * there is, at least MUD_PG_OLDEST): MUDLARK_PG_BINDIR, then Debian's versioned
 * folders, then PATH. MUD_EMISSING says what to install.
 */
MUD_MUST bool mud_program_find(char dir[MUD_PATH], int *found, int major,
                               struct mud_error *err);

/*
 * Who runs the server: we ourselves, or when root: the owner of data if it
 * exists, else MUDLARK_USER, else postgres.
 */
MUD_MUST bool mud_program_user(struct mud_program_user *out, const char *data,
                               struct mud_error *err);

/*
 * Run argv[0] (a path) to its end as user, in folder `cwd`, output appended to
 * file `log` (made as the caller, so the user need not reach it). False when it
 * cannot run, fails or takes more than ms: err has the last lines it said.
 */
MUD_MUST bool mud_program_run(const struct mud_program_user *user,
                              const char *cwd, const char *log,
                              const char *const *argv, int64_t ms,
                              struct mud_error *err);

/* Start argv in the background, in its own session, orphaned to init. */
MUD_MUST bool mud_program_start(pid_t *pid, const struct mud_program_user *user,
                                const char *cwd, const char *log,
                                const char *const *argv, struct mud_error *err);

/* Can user search (x) folder path? Asked in a child that is that user. */
bool mud_program_reaches(const struct mud_program_user *user, const char *path);

/* Alive and not a zombie. */
bool mud_program_alive(pid_t pid);

/* Why a program failed, from its log behind byte `from`: from the last FATAL,
 * PANIC or error on, else the end; lines joined by " | ". */
const char *mud_program_tail(char *out, size_t size, const char *path,
                             off_t from);

#endif
