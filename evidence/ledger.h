/*
 * The ledger: append-only, each line holds the SHA-256 of the line before.
 * Table mud.ledger is the ledger; MUDLARK_HOME/ledger/ledger.jsonl is a copy
 * line by line, brought up after each commit, so that the chain can be checked
 * without Postgres and taken elsewhere. A line is canonical JSON (sorted keys,
 * no blanks):
 *
 *     {"actor":"alice","detail":{...},"object":"<id>","op":"capture",
 *      "prev":"<64 hex>","seq":12,"ts":"2026-11-24T05:31:38.123456Z"}
 *
 * seq counts from 0; line 0 has op "open" and 64 zeros as prev. ts never goes
 * back. Ops of this folder: open, file (a WARC file begun), capture, recover,
 * anchor (evidence/anchor.h).
 */
#ifndef MUD_EVIDENCE_LEDGER_H
#define MUD_EVIDENCE_LEDGER_H

#include "store/pg.h"

#define MUD_LEDGER_LINE 65536 /* longest line, with its line end */

struct mud_ledger_entry {
    const char *op;        /* "capture", "view", "export", "approve"... */
    struct mud_str object; /* id or name of what it is about */
    struct mud_str actor;  /* person, or process of a person */
    struct mud_str detail; /* a JSON object, or empty */
    int64_t seq;           /* filled */
};

/*
 * Append n entries in this order, inside the transaction that the caller has
 * begun on pg. Holds the ledger's lock till its end, so append last. After the
 * commit call mud_ledger_mirror. MUD_EINPUT: detail is no JSON object.
 */
MUD_MUST bool mud_ledger_append(struct mud_pg *pg,
                                struct mud_ledger_entry *entries, size_t n,
                                struct mud_error *err);

/* One entry in a transaction of its own, and the mirror. */
MUD_MUST bool mud_ledger_note(struct mud_pg *pg, const char *home,
                              struct mud_ledger_entry *entry,
                              struct mud_error *err);

/*
 * Add to home/ledger/ledger.jsonl what it lacks, under a lock; a torn last line
 * is cut off first. MUD_ECORRUPT when its last line is not in the database:
 * then this is not the database of this home, or an older copy of it.
 */
MUD_MUST bool mud_ledger_mirror(struct mud_pg *pg, const char *home,
                                struct mud_error *err);

/* What a line says of itself. */
struct mud_ledger_line {
    int64_t seq, at;
    uint8_t prev[MUD_SHA256], hash[MUD_SHA256];
};

/* MUD_ECORRUPT when it is not such a line. */
MUD_MUST bool mud_ledger_line_read(struct mud_ledger_line *out,
                                   struct mud_str line, struct mud_error *err);

#endif
