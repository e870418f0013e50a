/* The workbench's port beside `up`: a process of its own, so that a crawl that
 * dies leaves it alone and the other way round. */
#ifndef MUD_CLI_SERVE_H
#define MUD_CLI_SERVE_H

#include "cli/command.h"

#include <sys/types.h>

/* Start it by --listen ("none": *out is 0). To be called before the program has
 * threads, connections or handlers of signals. That the port is taken is logged. */
MUD_MUST bool mud_serve_begin(pid_t *out, const struct mud_args *args,
                              struct mud_error *err);
void mud_serve_end(pid_t pid); /* 0 is fine */

#endif
