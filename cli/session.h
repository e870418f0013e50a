/* What most commands begin with: home, database, and who acts. */
#ifndef MUD_CLI_SESSION_H
#define MUD_CLI_SESSION_H

#include "base/time.h"
#include "cli/command.h"
#include "store/pg.h"

struct mud_session {
    char home[4096];
    char who[128];     /* the person: --as USER, or whose account it is */
    char account[128]; /* of the system */
    struct mud_pg *pg;
    struct mud_arena *arena;
};

/* Home and account only; who is what was said, not looked up. */
MUD_MUST bool mud_session_home(struct mud_session *session,
                               const struct mud_args *args,
                               struct mud_error *err);

/*
 * And the database: started if need be, migrated, connected in the role of
 * Postgres that the command's action takes (cli/deed.h). Before that the person is
 * let in: known, active, with a role that may (MUD_EDENIED says what to do), and
 * the deed is written into the audit. Once a process: sessions after the first
 * one, and those of its children, belong to the same deed.
 */
MUD_MUST bool mud_session_open(struct mud_session *session,
                               const struct mud_args *args,
                               struct mud_error *err);
/* Let in and recorded, without a connection: for those who open their own. */
MUD_MUST bool mud_session_admit(struct mud_session *session,
                                const struct mud_args *args,
                                struct mud_error *err);
/* Admit, on a database that is not to be migrated first, or has no schema yet: then
 * there is nobody to let in. */
MUD_MUST bool mud_session_guard(struct mud_session *session,
                                const struct mud_args *args,
                                struct mud_error *err);
/* The database was replaced, and the line with it: write it into the new one. */
MUD_MUST bool mud_session_record_again(struct mud_session *session,
                                       const struct mud_args *args,
                                       struct mud_error *err);
/* Another connection of a session that was let in; starts no server. */
MUD_MUST bool mud_session_connect(struct mud_pg **out, struct mud_error *err);

/* A connection of the pipeline, for what follows from a person's act: actors after a
 * verdict. MUD_EDENIED where MUDLARK_DSN names another role. */
MUD_MUST bool mud_session_pipeline(struct mud_pg **out,
                                   const struct mud_session *session,
                                   struct mud_error *err);

/* At the end of main: how the deed ended. The exit code, which is another one when
 * a command that must be recorded was not: that is a bug. */
int mud_session_finish(const struct mud_args *args, int code,
                       struct mud_error *err);

void mud_session_close(struct mud_session *session);

/* MUDLARK_HOME/lexicon.tsv when there is one, else NULL: for the pure filters,
 * which read it without a database. Valid until the next call. */
const char *mud_lexicon_file(void);

/* The exit code for err: 1, 2 or 75. */
int mud_exit_of(const struct mud_error *err);

/*
 * The zone of times for people, from MUDLARK_HOME/mudlark.conf:
 *     [display]
 *     zone = Asia/Shanghai
 * Called once, before any command; MUD_EINPUT names what is wrong in the file.
 */
MUD_MUST bool mud_session_zone(struct mud_error *err);
void mud_session_zone_free(void);
const struct mud_zone *mud_session_shown_zone(void);
const char *mud_session_zone_name(void);

/*
 * A time that a person writes: RFC 3339, or a date YYYY-MM-DD (its begin in
 * that zone; end of that day if end). MUD_EUSAGE names the option.
 */
MUD_MUST bool mud_time_option(int64_t *us, const char *option,
                              const char *value, bool end,
                              struct mud_error *err);

/* "2026-11-24 13:31:38" in the zone of the settings, for people; "-" for 0. */
#define MUD_LOCAL_TEXT 32
const char *mud_local_text(char out[MUD_LOCAL_TEXT], int64_t us);

#endif
