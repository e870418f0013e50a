/*
 * Time stamps (RFC 3161): what an authority signs of a digest and its own clock.
 * Asked for through fetch/stamp.h; checked here, and by openssl ts -verify.
 */
#ifndef MUD_EVIDENCE_STAMP_H
#define MUD_EVIDENCE_STAMP_H

#include "base/str.h"

/* When the stamp was made, by its authority, us; and its serial, hex. */
struct mud_stamp {
    int64_t at;
    char serial[65];
};

/* A question, kept for the check of its answer. */
struct mud_stamp_ask;
/* For the SHA-256 of data, with a nonce, and with certificates in the answer. */
struct mud_stamp_ask *mud_stamp_ask_new(struct mud_str data);
void mud_stamp_ask_free(struct mud_stamp_ask *ask); /* NULL is fine */
/* DER. */
void mud_stamp_ask_write(struct mud_buf *out, const struct mud_stamp_ask *ask);

/*
 * Is reply (a TimeStampResp, DER) a stamp of data, by an authority whose
 * certificate leads to one of ca (a PEM file)? With ask: the answer to it, by
 * certificates that are valid now. Without: one that was kept; they must have
 * been valid when the stamp was made, as with openssl ts -verify -attime.
 * MUD_ECORRUPT says why not.
 */
MUD_MUST bool mud_stamp_check(struct mud_stamp *out, struct mud_str reply,
                              struct mud_str data,
                              const struct mud_stamp_ask *ask, const char *ca,
                              struct mud_error *err);

#endif
