/*
 * A real ngircd on loopback for tests, and a client of it that speaks. Everything
 * here aborts with a message when it fails. A server that is not stopped ends
 * with the test program.
 */
#ifndef MUD_TESTS_SUPPORT_IRCD_H
#define MUD_TESTS_SUPPORT_IRCD_H

#include "base/str.h"

struct mud_ircd;

/* Is ngircd here? Where it is not, its tests are to be left out loudly. */
bool mud_ircd_there(void);

/* On a free port; password: of the server, or NULL. */
struct mud_ircd *mud_ircd_start(const char *password);
unsigned mud_ircd_port(const struct mud_ircd *ircd);
/* At once, as if the machine had died; and up again on the same port. */
void mud_ircd_kill(struct mud_ircd *ircd);
void mud_ircd_restart(struct mud_ircd *ircd);
void mud_ircd_stop(struct mud_ircd *ircd);

struct mud_ircc; /* a client */

/* Registered under that nick. */
struct mud_ircc *mud_ircc_new(unsigned port, const char *nick,
                              const char *password);
void mud_ircc_free(struct mud_ircc *client); /* NULL is fine */
/* A line, by printf, without its end. */
void mud_ircc_say(struct mud_ircc *client, const char *fmt, ...)
    MUD_PRINTF(2, 3);
/* Wait up to ten seconds for a line that holds part; PINGs are answered. */
void mud_ircc_wait(struct mud_ircc *client, const char *part);
/* From here on only what comes now counts. */
void mud_ircc_forget(struct mud_ircc *client);
/* All that it heard so far. */
struct mud_str mud_ircc_heard(const struct mud_ircc *client);

#endif
