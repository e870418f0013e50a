/* One `up` at a time on one MUDLARK_HOME. The lock is the process's own: when it
 * is killed, it is free. */
#ifndef MUD_CLI_UP_LOCK_H
#define MUD_CLI_UP_LOCK_H

#include "cli/command.h"

/* MUD_EDENIED when another one runs, which names it and what to do instead. */
MUD_MUST bool mud_up_lock(int *lock, const struct mud_args *args,
                          struct mud_error *err);
void mud_up_unlock(int lock); /* -1 is fine */

#endif
