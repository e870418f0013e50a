/*
 * Who vouches for anchors, from MUDLARK_HOME/mudlark.conf; all of it may be
 * missing:
 *
 *     [ledger]
 *     key = /etc/mudlark/ledger.key      (else keys/ledger.key)
 *     certificate = /etc/mudlark/l.pem   (else keys/ledger.pem; it, then its chain)
 *     signers = /etc/mudlark/signers.pem (who else is believed: a CA, old ones)
 *     stamp = http://tsa.example/tsr
 *     stamp_ca = /etc/mudlark/tsa-ca.pem (what the authority's tokens lead to)
 *     stamp_proxy = socks5h://127.0.0.1:9050
 */
#ifndef MUD_EVIDENCE_VOUCH_CONF_H
#define MUD_EVIDENCE_VOUCH_CONF_H

#include "base/str.h"

struct mud_vouch_conf { /* texts end with NUL; "" when not set */
    const char *key, *certificate;
    const char *signers; /* a file beside the certificate, or "" */
    const char *was; /* keys/ledger-was.pem: certificates that were replaced */
    const char *stamp, *stamp_ca, *stamp_proxy;
};

/* In arena. MUD_EINPUT names what is wrong in the file. */
MUD_MUST bool mud_vouch_conf(struct mud_vouch_conf *out, const char *home,
                             struct mud_arena *arena, struct mud_error *err);

#endif
