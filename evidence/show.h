/* What a person is shown of one capture, and "verify now". */
#ifndef MUD_EVIDENCE_SHOW_H
#define MUD_EVIDENCE_SHOW_H

#include "evidence/facts.h"
#include "evidence/warc.h"

struct mud_capture_shown {
    struct mud_facts facts;
    struct mud_str request_head, response_head; /* empty for files */
    struct mud_str ledger_line;                 /* as in ledger.jsonl */
    struct mud_str ledger_hash; /* hex: what the next line has as "prev" */
    struct mud_error damage;    /* why the heads could not be read, if so */
};

/* All facts of a capture. MUD_EMISSING. */
MUD_MUST bool mud_facts_load(struct mud_facts *out, struct mud_pg *pg,
                             struct mud_id id, struct mud_arena *arena,
                             struct mud_error *err);

/* All facts, its ledger line, and its heads out of the vault. MUD_EMISSING. */
MUD_MUST bool mud_capture_show(struct mud_capture_shown *out,
                               struct mud_vault *vault, struct mud_pg *pg,
                               struct mud_id id, struct mud_arena *arena,
                               struct mud_error *err);

/* All records of a capture, unsealed, as a WARC: request, response, metadata.
 * Their SHA-256 is span.plain_sha256 of the ledger line. MUD_EMISSING: it has
 * none of its own. */
MUD_MUST bool mud_capture_records(struct mud_vault *vault,
                                  const struct mud_facts *facts,
                                  mud_warc_sink *write, void *payload,
                                  struct mud_error *err);

/* The heads of request and response as they were sent; empty where there are
 * none. The payload is not read. */
MUD_MUST bool mud_capture_heads(struct mud_str *request,
                                struct mud_str *response,
                                struct mud_vault *vault,
                                const struct mud_capture *capture,
                                struct mud_arena *arena, struct mud_error *err);

#endif
