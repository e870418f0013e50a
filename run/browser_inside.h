/* Inside run/browser*: the process, and the pipe that it is spoken to through. */
#ifndef MUD_RUN_BROWSER_INSIDE_H
#define MUD_RUN_BROWSER_INSIDE_H

#include "run/browser.h"

#include <sys/types.h>

struct mud_browser_process {
    pid_t pid;       /* and of its group */
    int to, from;    /* not blocking */
    int log;         /* what it says, in memory */
    char folder[64]; /* profile */
    bool network_namespace, sandbox;
};

MUD_MUST bool mud_browser_start(struct mud_browser_process *out,
                                const char *home, struct mud_error *err);
/* Killed with all of its group; the profile is removed. */
void mud_browser_stop(struct mud_browser_process *process);

/* Bytes of memory that its processes hold together. */
int64_t mud_browser_memory(const struct mud_browser_process *process);

/* The end of what it said. */
const char *mud_browser_said(char *out, size_t size,
                             const struct mud_browser_process *process);

#endif
