/*
 * Names to addresses without blocking: each lookup is a thread of its own that
 * calls the system's resolver. libcurl could do it too, but would neither tell
 * the answers (they are evidence) nor let them be checked before it connects.
 */
#ifndef MUD_FETCH_RESOLVE_H
#define MUD_FETCH_RESOLVE_H

#include "base/str.h"

#include <netdb.h>

struct mud_lookup;

/*
 * Begin to look up host; when done, one is added to eventfd wake (dup'ed, so
 * it may be closed before). NULL when no thread can be had.
 */
struct mud_lookup *mud_lookup_start(struct mud_str host, int wake);
bool mud_lookup_done(const struct mud_lookup *lookup);
/* Once done: the answers, at most 64 are looked at, or NULL and *why. */
const struct addrinfo *mud_lookup_answers(const struct mud_lookup *lookup,
                                          const char **why);
/* May still be running: it then ends by itself. */
void mud_lookup_free(struct mud_lookup *lookup);

/* Numeric text of the address in answer, "[...]" around IPv6 if bracket. */
#define MUD_ADDRESS_TEXT 64
const char *mud_address_text(char out[MUD_ADDRESS_TEXT],
                             const struct sockaddr *address, bool bracket);

#endif
