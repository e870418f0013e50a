/* What most commands begin with: home, database, and who acts. */
#ifndef MUD_CLI_SESSION_H
#define MUD_CLI_SESSION_H

#include "base/time.h"
#include "cli/command.h"
#include "store/pg.h"

struct mud_session {
    char home[4096];
    char who[128]; /* --as USER, or the system user's name */
    struct mud_pg *pg;
    struct mud_arena *arena;
};

/* Home and person only. */
MUD_MUST bool mud_session_home(struct mud_session *session,
                               const struct mud_args *args,
                               struct mud_error *err);
/* And the database: started if need be, migrated, connected. */
MUD_MUST bool mud_session_open(struct mud_session *session,
                               const struct mud_args *args,
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
