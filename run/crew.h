/*
 * Processes that work side by side, so that none waits for another: each part of
 * the watch is a child of its own. One that dies is started again, later each time
 * (1 s to a minute; from the beginning when it lived for five); what it held is
 * given back by whoever comes next. Told to stop, all are told, waited for, and
 * after half a minute killed.
 */
#ifndef MUD_RUN_CREW_H
#define MUD_RUN_CREW_H

#include "base/error.h"

#include <signal.h>

#define MUD_CREW_MAX 64 /* parts at once */

struct mud_crew_part {
    char name[96]; /* "forums", "listen irc-net": tells parts apart */
    /* Runs in the child, until it is told to stop; its exit code. */
    int (*run)(const struct mud_crew_part *part, void *payload);
};

struct mud_crew {
    /* Those that are there from the start to the end. */
    const struct mud_crew_part *parts;
    size_t n_parts;
    /*
     * Called now and then: which other parts there are to be, at most max. On the
     * way in parts has the n that live. One that is not named any more is told to
     * stop; one that ended and is named again is started again. False: leave them
     * as they are. No connection may stay open: children are forked from here. May
     * be NULL.
     */
    bool (*more)(struct mud_crew_part *parts, size_t *n, size_t max,
                 void *payload);
    unsigned more_seconds;
    void *payload;
    const volatile sig_atomic_t *stop; /* set by a signal handler */
};

/* Until told to stop. MUD_EIO when no child can be made. */
MUD_MUST bool mud_crew_run(const struct mud_crew *crew, struct mud_error *err);

#endif
