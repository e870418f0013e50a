/*
 * How long originals are kept. Every source has a class (1m, 3m, 1y, 3y, 10y; a
 * year unless told), and what is sealed in a month under a class hangs on one
 * data key (evidence/keys.h). When month and class are over, purging destroys
 * that key. What is held meanwhile (a whole source, captures by name, a case,
 * what rests on an actor), and what belongs to a source that is kept for longer
 * now, keeps its own key beside. Rows, digests and ledger lines stay: they say
 * what was there, that it was purged, when, by whom and why.
 */
#ifndef MUD_EVIDENCE_RETENTION_H
#define MUD_EVIDENCE_RETENTION_H

#include "evidence/capture.h"

/* "1m", "3m", "1y", "3y", "10y"? */
bool mud_retention_known(struct mud_str class);

/* MUD_EUSAGE: no such class; MUD_EMISSING: no such source. What is sealed
 * already is kept at least as long as it was to be. Ledger op "retention". */
MUD_MUST bool mud_retention_set(struct mud_pg *pg, const char *home,
                                struct mud_str source, struct mud_str class,
                                struct mud_str who, struct mud_error *err);

struct mud_hold {
    const char *kind; /* "source", "capture", "case", "actor" */
    struct mud_str object, reason, who;
    const struct mud_id *captures; /* of a case; of a capture, itself */
    size_t n_captures;
    const struct mud_id *nodes; /* of an actor */
    size_t n_nodes;
};

/* Hold, ledger op "hold". MUD_EUSAGE: held already, no reason, no captures. */
MUD_MUST bool mud_hold_set(struct mud_pg *pg, const char *home,
                           const struct mud_hold *hold, struct mud_error *err);
/* Let go, ledger op "release". MUD_EMISSING: not held. */
MUD_MUST bool mud_hold_release(struct mud_pg *pg, const char *home,
                               const struct mud_hold *hold,
                               struct mud_error *err);

struct mud_purge {
    /* In. */
    struct mud_str who, reason;
    int64_t now; /* us */
    bool dry;    /* say what would go */
    /* Filled. */
    int64_t keys;     /* destroyed */
    int64_t captures; /* that cannot be read any more */
    int64_t kept;     /* that were held */
    int64_t let_go;   /* kept before, and held no longer */
};

/*
 * Destroy the keys whose time is over. Each is all or nothing: killed at any
 * point, what is held stays readable, and the next call, or the next seal, ends
 * what was begun. MUD_EDENIED without the machine key when something is held.
 */
MUD_MUST bool mud_purge(struct mud_purge *purge, struct mud_vault *vault,
                        struct mud_pg *pg, struct mud_error *err);

#endif
