/*
 * A connection that stays: what chats are read through. libcurl makes it (names,
 * SOCKS5h or HTTP proxy, the guard against addresses that are not public), then
 * bytes go to and fro, under TLS at once or from a later word on (STARTTLS). With
 * a proxy nothing is resolved or connected here. One thread; times are bounded.
 */
#ifndef MUD_FETCH_WIRE_H
#define MUD_FETCH_WIRE_H

#include "fetch/policy.h"

#include <signal.h>

struct mud_wire;

struct mud_wire_to {
    struct mud_str host; /* a name or a numeric address, without brackets */
    unsigned port;
    /* Hosts, proxy, private addresses, certificates count; borrowed, and must
     * outlive the wire. */
    const struct mud_policy *policy;
    const volatile sig_atomic_t *stop; /* gives up when set; may be NULL */
};

/*
 * Connect. MUD_EDENIED outside the policy; MUD_ENET when nobody answers within
 * 20 seconds or the proxy refuses; MUD_EAGAIN when told to stop.
 */
MUD_MUST bool mud_wire_open(struct mud_wire **out, const struct mud_wire_to *to,
                            struct mud_error *err);
void mud_wire_close(struct mud_wire *wire); /* NULL is fine */

/*
 * TLS 1.2 or later from now on. The certificate must be made for `name` and
 * lead to a trusted root, unless the policy takes any: MUD_ENET says what is
 * wrong with it.
 */
MUD_MUST bool mud_wire_secure(struct mud_wire *wire, struct mud_str name,
                              struct mud_error *err);

/*
 * What has come, waiting for it at most wait_ms; *n is 0 when nothing did.
 * MUD_ENET when the other side has closed, or was broken off.
 */
MUD_MUST bool mud_wire_read(struct mud_wire *wire, void *out, size_t size,
                            size_t *n, int wait_ms, struct mud_error *err);
/* All of it, within 20 seconds. MUD_ENET. */
MUD_MUST bool mud_wire_write(struct mud_wire *wire, struct mud_str bytes,
                             struct mud_error *err);

/* {"host","port","peer","proxy","tls"} as one line of JSON; proxy without its
 * log-in, tls as in mud_exchange. */
void mud_wire_describe(struct mud_buf *out, const struct mud_wire *wire);

/* Is the other end of it on this machine? False behind a proxy. */
bool mud_wire_is_local(const struct mud_wire *wire);

#endif
