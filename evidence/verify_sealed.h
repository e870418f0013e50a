/*
 * Inside evidence/: sealed bytes checked without a key, and what a key would
 * show besides. What cannot be unsealed is counted, not called damage.
 */
#ifndef MUD_EVIDENCE_VERIFY_SEALED_H
#define MUD_EVIDENCE_VERIFY_SEALED_H

#include "evidence/vault.h"
#include "evidence/verify.h"

struct mud_locked { /* what of a file could not be unsealed */
    int64_t purged, keyless;
    char purged_why[480], keyless_why[480];
};

/* Can captures with this key and salt be unsealed? If not, it is counted. */
bool mud_verify_can(struct mud_locked *locked, const struct mud_vault *vault,
                    struct mud_id key, struct mud_id salt);
/* One note for each kind that was counted; then they are zero again. */
void mud_verify_locked(struct mud_verify *verify, struct mud_locked *locked,
                       const char *where);

/* SHA-256 of bytes [from, from + n) of a file as they stand; n < 0: to its
 * end. False: they are not all there. */
bool mud_verify_raw(uint8_t out[MUD_SHA256], const char *path, int64_t from,
                    int64_t n);

/* What the ledger line says of how a capture is sealed, into f->seal. */
void mud_verify_seal_of(struct mud_facts *f, struct mud_str line);

/* Lines without a row, files that nobody knows, what was set aside. */
MUD_MUST bool mud_verify_strays(struct mud_verify *verify,
                                const struct mud_vault *vault,
                                struct mud_pg *pg, struct mud_error *err);

/* A sealed file alone, without any key: its frames one behind the other. */
MUD_MUST bool mud_verify_frames(struct mud_verify *verify, const char *path,
                                struct mud_error *err);

#endif
