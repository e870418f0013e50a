/*
 * The way a source's traffic takes through its proxy. Each source and account
 * has a circuit of its own: a user name made of a digest, which Tor
 * (IsolateSOCKSAuth) and proxies like it keep apart, and which tells nobody
 * whose it is. A proxy that wants a log-in gets that instead: proxy_user and
 * proxy_password among the secrets (secret.h) of the source's account.
 */
#ifndef MUD_RUN_PROXY_H
#define MUD_RUN_PROXY_H

#include "run/secret.h"

/* The same for a source, account and proxy on every worker, and for no other. */
void mud_proxy_circuit(char out[MUD_CIRCUIT], const struct mud_source *source);

/*
 * Put the log-in of the source's proxy into policy, which then points into
 * *secret: free that after the fetcher. *secret is NULL without a proxy. Fails
 * as mud_secret_open.
 */
MUD_MUST bool mud_proxy_login(struct mud_policy *policy,
                              struct mud_secret **secret, const char *home,
                              const struct mud_source *source,
                              struct mud_error *err);

#endif
