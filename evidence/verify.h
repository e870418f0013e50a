/*
 * Does what is stored still hold? Each check hands its findings to a callback;
 * whether a finding is bad enough is the caller's decision (mudlark verify:
 * any bad one is exit 1). Functions return false only when a check could not
 * run to its end at all. Damage is a finding, never an error.
 */
#ifndef MUD_EVIDENCE_VERIFY_H
#define MUD_EVIDENCE_VERIFY_H

#include "evidence/capture.h"

enum mud_verdict {
    MUD_GOOD,
    MUD_NOTE, /* worth knowing, but nothing is broken */
    MUD_BAD
};

struct mud_finding { /* texts hold during the callback */
    enum mud_verdict verdict;
    const char *what;  /* "payload digest", "ledger line"... */
    const char *where; /* file, byte offset, record or line */
    const char *text;  /* what was found */
};

struct mud_verify {
    void (*finding)(const struct mud_finding *finding, void *payload);
    /* Bytes (ledger: lines) done of total; may be NULL. */
    void (*progress)(int64_t done, int64_t total, void *payload);
    void *payload;
    int64_t good, notes, bad; /* counted */
    int64_t items;            /* records, captures or lines looked at */
};

/*
 * A WARC file of any tool: form of each record, its digests, references that
 * lead nowhere. Nothing is known of what should be in it; that is what
 * mud_verify_vault is for. Memory: one reader and 16 bytes a record.
 */
MUD_MUST bool mud_verify_warc(struct mud_verify *verify, const char *path,
                              struct mud_error *err);

/*
 * The whole vault: every capture's bytes hashed again at its place and compared
 * with its row and its ledger line, every byte of every file accounted for,
 * every ledger line's capture there, no file that nobody knows.
 */
MUD_MUST bool mud_verify_vault(struct mud_verify *verify,
                               struct mud_vault *vault, struct mud_pg *pg,
                               struct mud_error *err);

/* One capture: "verify now". MUD_EMISSING. */
MUD_MUST bool mud_verify_capture(struct mud_verify *verify,
                                 struct mud_vault *vault, struct mud_pg *pg,
                                 struct mud_id id, struct mud_error *err);

/* The chain in Postgres, and home/ledger/ledger.jsonl line by line with it. */
MUD_MUST bool mud_verify_ledger(struct mud_verify *verify, const char *home,
                                struct mud_pg *pg, struct mud_error *err);

/* A ledger.jsonl alone. The last finding has the head (digest of the last
 * line) in its text: compare it with one that was noted elsewhere, since a
 * chain does not show that its end was cut off. */
MUD_MUST bool mud_verify_ledger_file(struct mud_verify *verify,
                                     const char *path, struct mud_error *err);

/* A file by what it looks like: WARC or ledger. MUD_EINPUT: neither. */
MUD_MUST bool mud_verify_path(struct mud_verify *verify, const char *path,
                              struct mud_error *err);

/* Inside evidence/: the payload of one capture, hashed again. */
void mud_verify_payload(struct mud_verify *verify, struct mud_vault *vault,
                        const struct mud_capture *capture);

/* Inside evidence/: count and hand on one finding. */
void mud_found(struct mud_verify *verify, enum mud_verdict verdict,
               const char *what, const char *where, const char *fmt, ...)
    MUD_PRINTF(5, 6);

#endif
