/*
 * What a worker on foreign bytes may not do: open files, talk to the network,
 * start programs or processes, look into others. A crafted page or image that
 * takes a worker over finds itself with a socket to its parent and nothing
 * else.
 */
#ifndef MUD_BASE_JAIL_H
#define MUD_BASE_JAIL_H

#include <stdbool.h>

/* For all threads of the process that have no new privileges, and what they
 * make later. False when the kernel (or the machine) has no seccomp filters;
 * then the other limits have to do. */
bool mud_jail_enter(void);

/* The milder one, for a program of others that is about to be executed: it and all
 * that it starts have no sockets but those between processes of this machine
 * (AF_UNIX). False as above. */
bool mud_jail_offline(void);

#endif
