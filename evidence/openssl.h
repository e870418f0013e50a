/* Inside evidence/: what signatures and time stamps share of OpenSSL. */
#ifndef MUD_EVIDENCE_OPENSSL_H
#define MUD_EVIDENCE_OPENSSL_H

#include "base/str.h"

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#define MUD_PEM_MAX ((size_t)1 << 20) /* a file of certificates */

/* Fail with the text and OpenSSL's last reason; its queue is empty after. */
bool mud_openssl_fail(struct mud_error *err, enum mud_code code,
                      const char *fmt, ...) MUD_PRINTF(3, 4);

/* All certificates of a PEM file, at least one. MUD_EMISSING, MUD_EINPUT. */
MUD_MUST bool mud_openssl_certificates(STACK_OF(X509) * *out, const char *path,
                                       struct mud_error *err);

/* An empty store in which any certificate that is believed ends a chain, be it a
 * CA's or the signer's own. */
X509_STORE *mud_openssl_store(void);
/* Believe the certificates of a PEM file. */
MUD_MUST bool mud_openssl_believe(X509_STORE *store, const char *path,
                                  struct mud_error *err);
/* Certificates must be valid then (us), not now; 0: now. */
void mud_openssl_at(X509_STORE *store, int64_t at);

/* us; 0 when it cannot be read. */
int64_t mud_openssl_time(const ASN1_TIME *time);

#endif
