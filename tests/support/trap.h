/*
 * A network of its own for a test program, in which whatever does not go
 * through a proxy is caught: each query to the DNS (answered with an address
 * of the trap, so that what leaks goes on) and each connection made to that
 * address. Loopback works as ever.
 */
#ifndef MUD_TESTS_SUPPORT_TRAP_H
#define MUD_TESTS_SUPPORT_TRAP_H

#include <stdbool.h>

/* Where every name leads (RFC 5737). */
#define MUD_TRAP_ADDRESS "203.0.113.7"

/*
 * Enter it; to be called before there is any thread or server. False where the
 * kernel lets nobody do so (a container without CAP_SYS_ADMIN).
 */
bool mud_trap_enter(void);

/* So many were caught since it was last emptied; the name that was last asked
 * for, "" for none. */
unsigned mud_trap_queries(void);
unsigned mud_trap_connections(void);
const char *mud_trap_name(void);
void mud_trap_empty(void);

#endif
