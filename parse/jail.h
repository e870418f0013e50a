/*
 * What a parse worker may not do: open files, talk to the network, start
 * programs or processes, look into others. A crafted page that takes a worker
 * over finds itself with a socket to its parent and nothing else.
 */
#ifndef MUD_PARSE_JAIL_H
#define MUD_PARSE_JAIL_H

#include <stdbool.h>

/* For the calling thread and what it makes later. False when the kernel (or
 * the machine) has no seccomp filters; then the other limits have to do. */
bool mud_jail_enter(void);

#endif
