/*
 * Inside evidence/: a row of mud.capture against the two things that pin it, its
 * ledger line and the metadata record beside it in the WARC.
 */
#ifndef MUD_EVIDENCE_VERIFY_ROW_H
#define MUD_EVIDENCE_VERIFY_ROW_H

#include "evidence/facts.h"
#include "evidence/verify.h"

/* A finding when the ledger line says otherwise than the row. */
void mud_verify_line(struct mud_verify *verify, const char *where,
                     const struct mud_facts *f, struct mud_str line);

/* A finding when the metadata record says otherwise than the row. */
void mud_verify_metadata(struct mud_verify *verify, const char *where,
                         const struct mud_facts *f, struct mud_str json);

/* A finding when the payload's SM3 is not that of the row; where there is one. */
void mud_verify_sm3(struct mud_verify *verify, const char *where,
                    struct mud_vault *vault, const struct mud_facts *f);

/* Whether a key holds this digest in hex. */
bool mud_json_is_hex(const json_t *json, const char *key, const uint8_t *want);

#endif
