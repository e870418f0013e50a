/*
 * Inside fetch: why no answer came, as one word for statistics and for whoever
 * must do something about it.
 */
#ifndef MUD_FETCH_FAULT_H
#define MUD_FETCH_FAULT_H

#include "fetch/transfer.h"

/*
 * "dns", "proxy", "timeout", "network" (no connection, or one that broke), or of
 * TLS: "tls-expired", "tls-not-yet-valid", "tls-wrong-host", "tls-self-signed",
 * "tls-unknown-ca", "tls-revoked", "tls-weak" (key or digest), "tls-old-protocol"
 * (below TLS 1.2), "tls-none" (what answers speaks none), "tls" for all else.
 */
const char *mud_fault_of(const struct mud_transfer *transfer, CURLcode rc);

/* Will asking again come to the same? */
bool mud_fault_lasts(const char *fault);

#endif
