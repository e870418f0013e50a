/*
 * A real XMPP server on loopback for tests: prosody with its own folder, host
 * chat.example, rooms at rooms.chat.example (with an archive) and at
 * bare.chat.example (without). It can be killed and started again: what it has
 * stored is there. Its log tells every stanza it received and sent.
 */
#ifndef MUD_TESTS_SUPPORT_PROSODY_H
#define MUD_TESTS_SUPPORT_PROSODY_H

#include "base/str.h"

struct mud_prosody;

/* NULL where prosody is not installed. Accounts: name and password of each. */
struct mud_prosody *mud_prosody_start(const char *const accounts[][2],
                                      size_t n);
void mud_prosody_stop(struct mud_prosody *prosody); /* NULL is fine */
/* Without a word to anybody, and again at the same port. */
void mud_prosody_kill(struct mud_prosody *prosody);
void mud_prosody_again(struct mud_prosody *prosody);

unsigned mud_prosody_port(const struct mud_prosody *prosody); /* STARTTLS */
unsigned mud_prosody_tls_port(const struct mud_prosody *prosody);
/* The certificate that it shows (for chat.example), as its own authority. */
const char *mud_prosody_ca(const struct mud_prosody *prosody);
/* All that it logged up to now. */
struct mud_str mud_prosody_log(const struct mud_prosody *prosody);
/* Is moderation (XEP-0425) there? */
bool mud_prosody_moderates(const struct mud_prosody *prosody);

#endif
