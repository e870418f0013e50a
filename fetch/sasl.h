/*
 * Logging in by SASL: SCRAM-SHA-256 and SCRAM-SHA-1 (RFC 5802, RFC 7677; both
 * sides prove that they know the password), and PLAIN (RFC 4616). Texts in
 * Base64, as protocols carry them. What was derived of the password is wiped
 * when freed.
 */
#ifndef MUD_FETCH_SASL_H
#define MUD_FETCH_SASL_H

#include "base/str.h"

struct mud_sasl;

/*
 * The strongest of the mechanisms offered, PLAIN only where plain is true (the
 * connection is secret already). MUD_ENET when none of them is known here;
 * MUD_EUSAGE when user or password are empty or above 255 bytes.
 */
MUD_MUST bool mud_sasl_new(struct mud_sasl **out, const struct mud_str *offered,
                           size_t n, bool plain, struct mud_str user,
                           struct mud_str password, struct mud_error *err);
void mud_sasl_free(struct mud_sasl *sasl); /* NULL is fine */

const char *mud_sasl_name(const struct mud_sasl *sasl); /* "SCRAM-SHA-256" */

/* What we say first; wipe it after use. */
void mud_sasl_first(struct mud_buf *out, const struct mud_sasl *sasl);
/* Our answer to a challenge. MUD_ENET: it is none, or costs too much. */
MUD_MUST bool mud_sasl_answer(struct mud_buf *out, struct mud_sasl *sasl,
                              struct mud_str challenge, struct mud_error *err);
/* The server's last word. MUD_ENET: it does not know the password. */
MUD_MUST bool mud_sasl_end(const struct mud_sasl *sasl, struct mud_str success,
                           struct mud_error *err);

#endif
