/*
 * Credentials of sources: never in Postgres, evidence, logs, arguments or core
 * dumps. They come from the environment (MUDLARK_SECRET_<NAME>_<KEY>, name and
 * key in capitals, other characters as "_") or from the file secrets/NAME below
 * MUDLARK_HOME, "key = value" a line, which only its owner may read (0600 or
 * 0400, and no link). NAME is the source's account, or the source's own name.
 */
#ifndef MUD_RUN_SECRET_H
#define MUD_RUN_SECRET_H

#include "run/source.h"

struct mud_secret; /* kept out of core dumps and swap, wiped when freed */

/*
 * All that is known for the account. MUD_EDENIED when others may read the file;
 * MUD_EINPUT names a line that is none. No file is no error: then the
 * environment alone counts.
 */
MUD_MUST bool mud_secret_open(struct mud_secret **out, const char *home,
                              struct mud_str account, struct mud_error *err);
void mud_secret_free(struct mud_secret *secret); /* NULL is fine */

/* The value of a key, or empty; lives as long as secret. */
struct mud_str mud_secret_get(const struct mud_secret *secret, const char *key);

/* The same, or MUD_EMISSING that tells where it would be looked for. */
MUD_MUST bool mud_secret_need(struct mud_str *value,
                              const struct mud_secret *secret, const char *key,
                              struct mud_error *err);

#endif
