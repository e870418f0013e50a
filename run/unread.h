/*
 * Captures that are sealed and not read whole by today's parser and rules:
 * what a killed worker left between seal and graph, and, after the graph was
 * cleared, all of them (rebuild).
 */
#ifndef MUD_RUN_UNREAD_H
#define MUD_RUN_UNREAD_H

#include "run/step.h"

struct mud_unread {
    const struct mud_source *source; /* NULL: of all sources */
    void (*progress)(int64_t done, int64_t total, void *payload); /* or NULL */
    void *payload;
};

/* Read them, in the order of their times, and wait until that is committed. */
MUD_MUST bool mud_read_unread(struct mud_report *report,
                              struct mud_worker *worker,
                              const struct mud_unread *unread,
                              struct mud_error *err);

#endif
