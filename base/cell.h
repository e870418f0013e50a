/*
 * A process of our own for work on foreign bytes: forked, with nothing open
 * but a socket to its parent, no new privileges, bounded memory and CPU time,
 * and, once it asks for it, the filter of base/jail.h. A crafted input costs
 * this process, never its parent. What goes over the socket is up to the two.
 * A sanitizer maps terabytes and opens files to report: built with one, the
 * limits on memory and the filter stay away.
 */
#ifndef MUD_BASE_CELL_H
#define MUD_BASE_CELL_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct mud_cell { /* all zero: no process */
    pid_t pid;
    int fd; /* the parent's end of the socket */
};

struct mud_cell_terms {
    const char *name; /* of the process, at most 15 bytes */
    size_t memory;    /* bytes of address space beyond today's */
    size_t stack;     /* bytes of its thread's stack */
    void (*serve)(int fd, void *payload); /* in the child; its end ends it */
    void *payload;
};

/* MUD_EIO. The parent's open files but the socket are closed in the child. */
MUD_MUST bool mud_cell_start(struct mud_cell *cell,
                             const struct mud_cell_terms *terms,
                             struct mud_error *err);
/* Kills and reaps it; nothing when there is none. */
void mud_cell_stop(struct mud_cell *cell);

/* All n bytes, for either side. False when the other side is gone. */
MUD_MUST bool mud_cell_put(int fd, const void *data, size_t n);
MUD_MUST bool mud_cell_get(int fd, void *data, size_t n);
/* All n bytes before the deadline (mud_monotonic). */
MUD_MUST bool mud_cell_get_until(int fd, void *data, size_t n,
                                 int64_t deadline);

/* In the child: from here on the filter holds. */
void mud_cell_lock(void);
/* In the child: libraries that chatter on standard error do so no more. */
void mud_cell_quiet(void);
/* In the child: this many more seconds of CPU time from now on. */
void mud_cell_cpu(unsigned seconds);

#endif
