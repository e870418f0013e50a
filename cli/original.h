/* The bytes of a capture as they were received: for who asked with a reason, when
 * a second person approved it. Reads by services do not come here. */
#ifndef MUD_CLI_ORIGINAL_H
#define MUD_CLI_ORIGINAL_H

#include "cli/session.h"
#include "evidence/facts.h"
#include "evidence/vault.h"

struct mud_original {
    const struct mud_session *session;
    struct mud_vault *vault;
    const struct mud_facts *facts;
    struct mud_str reason;
    bool records; /* all of its records as a WARC, instead of the payload */
};

/* To standard output. Nothing is written before it is approved (desk/approval.h;
 * MUD_EDENIED says by which request) and stands in the ledger (op view). What is
 * purged or damaged from its beginning uses up no approval. */
MUD_MUST bool mud_original_put(const struct mud_original *original,
                               struct mud_error *err);

#endif
