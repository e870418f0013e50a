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

/* Whether a key holds this digest in hex. */
bool mud_json_is_hex(const json_t *json, const char *key, const uint8_t *want);

#endif
