/*
 * The private Postgres of a MUDLARK_HOME: cluster in HOME/pg, log in
 * HOME/pg.log, one Unix socket in HOME/run (or, where that path is too long, in
 * a short folder of /tmp), no TCP. Made when first needed and left running.
 * Started by root it runs as an unprivileged user (store/program.h). Whether it
 * is alive is asked of the server itself, never of its pid file alone. All
 * functions are safe when several processes call them at once (flock).
 */
#ifndef MUD_STORE_SERVER_H
#define MUD_STORE_SERVER_H

#include "store/program.h"

#define MUD_SOCKET 108 /* sun_path of unix(7), NUL included */

/* Where the parts of one private server are, and who runs it. */
struct mud_place {
    char home[MUD_PATH]; /* resolved */
    char data[MUD_PATH]; /* home/pg */
    char next[MUD_PATH]; /* home/pg.new: being made */
    char log[MUD_PATH];  /* home/pg.log */
    char lock[MUD_PATH]; /* home/pg.lock */
    char socket[MUD_SOCKET];
    struct mud_program_user user;
};

struct mud_server {
    struct mud_place place;
    bool made;        /* there is a cluster */
    bool running;     /* it takes connections */
    bool busy;        /* alive, but starting, recovering or stopping */
    pid_t pid;        /* 0 when not alive */
    int major;        /* of the cluster; 0 when not made */
    char version[32]; /* of the running server: "15.20" */
    int64_t size;     /* bytes of the cluster on disk */
};

/* home must exist or be creatable; MUD_EDENIED when it is another user's. */
MUD_MUST bool mud_server_place(struct mud_place *out, const char *home,
                               struct mud_error *err);

/* Make it if there is none, start it unless it runs, wait until it answers
 * (also through a crash recovery, up to ten minutes). out may be NULL. What
 * stands in the way, and what to do about it, is in err: MUD_EDENIED (the
 * server's user cannot enter home, a stranger's socket folder), MUD_EMISSING
 * (no server programs), MUD_EIO (no room...), MUD_EDB (too old), MUD_EAGAIN. */
MUD_MUST bool mud_server_start(struct mud_server *out, const char *home,
                               struct mud_error *err);

/* Ends sessions and stops; *was (may be NULL): it ran. MUD_EAGAIN: over a
 * minute. */
MUD_MUST bool mud_server_stop(const char *home, bool *was,
                              struct mud_error *err);

MUD_MUST bool mud_server_status(struct mud_server *out, const char *home,
                                struct mud_error *err);

/* The connection string of a database of it ("mudlark", "postgres"), for its
 * owner or as a role ("mud_worker"). */
MUD_MUST bool mud_server_dsn(char *out, size_t size,
                             const struct mud_place *place,
                             const char *database, struct mud_error *err);
MUD_MUST bool mud_server_dsn_as(char *out, size_t size,
                                const struct mud_place *place, const char *role,
                                struct mud_error *err);

#endif
