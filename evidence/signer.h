/*
 * Signs anchors: a detached CMS signature (RFC 5652) with the attributes of
 * CAdES-BES (RFC 5126), which openssl cms -verify checks. The key stays in a
 * file that only its owner may read.
 */
#ifndef MUD_EVIDENCE_SIGNER_H
#define MUD_EVIDENCE_SIGNER_H

#include "evidence/vouch_conf.h"

struct mud_signer; /* key and certificates, in memory */

/*
 * *out is NULL when there is no key file. MUD_EDENIED: others may read it, it is a
 * link or another user's; MUD_EINPUT: not a key, no certificate, or one that
 * is not the key's.
 */
MUD_MUST bool mud_signer_open(struct mud_signer **out,
                              const struct mud_vouch_conf *conf,
                              struct mud_error *err);
void mud_signer_free(struct mud_signer *signer); /* NULL is fine */

/* The signature of text, DER, certificates included. */
MUD_MUST bool mud_signer_sign(struct mud_buf *out, struct mud_signer *signer,
                              struct mud_str text, struct mud_error *err);

/*
 * Does the signature hold for text, by a certificate that is believed or leads
 * to one: certificate, signers and was of conf? at: us, when the certificates
 * must have been valid; 0: when it says itself that it was made, which then is
 * in *at. who (may be NULL) gets the signer's name. MUD_ECORRUPT says why not.
 */
MUD_MUST bool mud_signature_check(struct mud_str signature, struct mud_str text,
                                  const struct mud_vouch_conf *conf,
                                  int64_t *at, struct mud_buf *who,
                                  struct mud_error *err);

/*
 * Make a key (P-256) and a certificate that it signs itself, for ten years, with
 * that name (1 to 64 bytes): keys/ledger.key (0600) and keys/ledger.pem. When
 * there is one: MUD_EUSAGE, or if replace, the certificate goes to
 * keys/ledger-was.pem, where it is still believed, and the old key is gone.
 */
MUD_MUST bool mud_signer_make(const char *home, struct mud_str name,
                              bool replace, struct mud_error *err);

#endif
