/*
 * What a person proves himself with: a secret that is printed once when he is
 * made, and later the password that he sets by it in the workbench. Only the
 * argon2id of it is stored, with its salt and parameters in its text (libsodium,
 * crypto_pwhash_str, "interactive": 64 MiB). There is no default.
 */
#ifndef MUD_DESK_SECRET_H
#define MUD_DESK_SECRET_H

#include "store/pg.h"

#define MUD_SECRET_TEXT 25                       /* xxxx-xxxx-xxxx-xxxx-xxxx */
#define MUD_SECRET_GOOD (INT64_C(7) * 24 * 3600) /* s, for a one-time secret */

/* 99 random bits in letters and digits that are not mistaken for each other. */
MUD_MUST bool mud_secret_make(char out[MUD_SECRET_TEXT], struct mud_error *err);
/* Overwrite a secret that is not needed any more. */
void mud_secret_forget(char *secret, size_t n);

/* The secret of that person from now on, instead of any other: good until us
 * (one-time), or without end (0: a password). */
MUD_MUST bool mud_secret_put(struct mud_pg *pg, struct mud_str name,
                             struct mud_str secret, int64_t until,
                             struct mud_error *err);

/* *good: that is the secret of that active person, and it has not expired; *once:
 * it is the one-time secret, good for setting a password only. Takes as long for
 * a name that nobody has. */
MUD_MUST bool mud_secret_check(bool *good, bool *once, struct mud_pg *pg,
                               struct mud_str name, struct mud_str secret,
                               struct mud_error *err);

#endif
