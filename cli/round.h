/* What fetch, import, up and rebuild share: worker, progress, reports. */
#ifndef MUD_CLI_ROUND_H
#define MUD_CLI_ROUND_H

#include "cli/out.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "run/collect.h"
#include "run/health.h"

#define MUD_ROUND_EVERY 900 /* s between the rounds of a source */

struct mud_round {
    struct mud_session session; /* home, who, arena; no connection */
    struct mud_worker worker;
    struct mud_out out;
    struct mud_progress progress;
    const char *unit; /* of the progress: "pages" */
    const char *role; /* as a worker: name of the command */
    bool partly;      /* something was passed over: exit 3 */
    bool unfinished;  /* max_pages ended a round of some source early */
    bool live;        /* listen until told to stop, where a source can be */
    bool goes_on;     /* rounds without end: of a folder only news are told */
    int64_t every_s;  /* between the rounds of a source */
    int64_t beaten;   /* monotonic: when the worker was last said to live */
};

/* Set by SIGINT and SIGTERM once mud_round_catch was called: end soon. */
extern volatile sig_atomic_t mud_round_stop;
void mud_round_catch(void);

MUD_MUST bool mud_round_open(struct mud_round *round,
                             const struct mud_args *args, const char *what,
                             const char *unit, struct mud_error *err);
void mud_round_close(struct mud_round *round);

/* For the progress members of options in run/; payload is the round. */
void mud_round_progress(int64_t done, int64_t total, void *payload);

/* One report as a record; notes whether something was passed over. */
void mud_round_report(struct mud_round *round, const struct mud_report *report,
                      struct mud_str source);

/* Actors and search index after posts came in. */
MUD_MUST bool mud_round_link(struct mud_round *round, struct mud_error *err);

/* Anchor the ledger's days that are over; what fails goes to the log. */
void mud_round_anchor(struct mud_round *round);

/* Exit code of a round that went well: 0, or 3 when partly. */
int mud_round_end(struct mud_round *round, struct mud_error *err);

/* The worker lives: said every half minute, called as often as one likes. */
void mud_round_beat(struct mud_round *round);

/*
 * Fetch one source for one round and read what came. whole: every page of a
 * forum again. On MUD_EAGAIN (the
 * database went away) it is tried again with a new connection, three times. How it went and
 * when it is due again is kept (run/health.h).
 */
MUD_MUST bool mud_round_fetch(struct mud_round *round,
                              const struct mud_source *source,
                              int64_t max_pages, bool whole,
                              struct mud_error *err);

#endif
