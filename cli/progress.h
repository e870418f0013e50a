/*
 * Progress on stderr of anything over a second: a bar on a terminal, else a
 * plain line every five seconds, when there is news. Silent before the first
 * second is over, and with --quiet.
 */
#ifndef MUD_CLI_PROGRESS_H
#define MUD_CLI_PROGRESS_H

#include "base/time.h"

struct mud_progress {
    const char *what; /* "fetch", shown in front */
    bool quiet, terminal, shown;
    bool shared; /* another process shows how it goes (cli/status.h) */
    int64_t begun, last, done; /* done: as it was shown last */
};

struct mud_progress mud_progress_begin(const char *what, bool quiet);
/* done of total (0: not known); unit as a word ("pages", "页"). */
void mud_progress_step(struct mud_progress *progress, int64_t done,
                       int64_t total, const char *unit);
void mud_progress_end(struct mud_progress *progress); /* takes the bar away */

#endif
