/*
 * Anchors of the ledger. A chain does not show that its end was cut off or that
 * all of it was written anew, so what it was at the end of each day (UTC, by
 * the times of its lines) is put down in a statement of a few bytes, which is
 * copied to where others keep it:
 *
 *     {"day":"2026-11-24","first":0,"format":1,"head":"<64 hex>","lines":12,
 *      "root":"<64 hex>","whole":true}
 *
 * root is the Merkle root (evidence/merkle.h) over the lines first to first +
 * lines - 1, without their line ends; head the SHA-256 of the last one. Equal
 * ledgers give equal statements, byte for byte. They are kept in mud.anchor, as
 * a line of the ledger (op "anchor"), in MUDLARK_HOME/ledger/anchors and in a
 * second folder, that of mudlark.conf:
 *
 *     [ledger]
 *     copy = /media/safe/mudlark
 */
#ifndef MUD_EVIDENCE_ANCHOR_H
#define MUD_EVIDENCE_ANCHOR_H

#include "evidence/merkle.h"
#include "store/pg.h"

#define MUD_ANCHOR_TEXT 512 /* a statement is shorter */
#define MUD_ANCHOR_NAME 48
#define MUD_DAY_TEXT    11

struct mud_anchor {
    char day[MUD_DAY_TEXT];
    int64_t first, lines;
    bool whole; /* the day is over and these are all its lines */
    uint8_t root[MUD_SHA256], head[MUD_SHA256];
};

struct mud_anchored {
    int64_t days; /* anchors made of whole days */
    bool part;    /* and one of today, up to now */
    struct mud_anchor last;
};

/*
 * Take in what the ledger has and the table lacks (an older backup was
 * restored), anchor every day that is over and, if now, today as far as it is; then copy
 * what the folders lack. Safe to call from any number of processes, and again
 * after any of them was killed. A copy that cannot be written is the error, but
 * the anchors are kept; the next call tries again.
 */
MUD_MUST bool mud_anchor_make(struct mud_anchored *out, struct mud_pg *pg,
                              const char *home, struct mud_str actor, bool now,
                              struct mud_error *err);

/* The statement of an anchor, canonical. */
void mud_anchor_write(struct mud_buf *out, const struct mud_anchor *anchor);
/* MUD_ECORRUPT unless text is what mud_anchor_write writes. */
MUD_MUST bool mud_anchor_read(struct mud_anchor *out, struct mud_str text,
                              struct mud_error *err);
/* "2026-11-24.json"; of a part "2026-11-24-to-12.json", 12 being its lines. */
const char *mud_anchor_name(char out[MUD_ANCHOR_NAME],
                            const struct mud_anchor *anchor);

/*
 * Read lines of one day from line first on, at most `most`, into the tree and
 * the anchor; anchor->lines is 0 when there is none. *ended: a line of a later
 * day follows the last.
 */
MUD_MUST bool mud_anchor_walk(struct mud_anchor *anchor, bool *ended,
                              struct mud_merkle *tree, struct mud_pg *pg,
                              int64_t first, int64_t most,
                              struct mud_error *err);

/* How far the ledger is anchored. */
struct mud_anchor_state {
    int64_t lines, anchored;  /* of the ledger; of them in some anchor */
    int64_t days, parts;      /* anchors */
    char last[MUD_DAY_TEXT];  /* the last whole day, or "" */
    int64_t since;            /* us: of the first line in no anchor, or 0 */
    uint8_t head[MUD_SHA256]; /* of the ledger */
};

MUD_MUST bool mud_anchor_state(struct mud_anchor_state *out, struct mud_pg *pg,
                               struct mud_error *err);

/* The second folder, or "" when none is set. MUD_EINPUT names what is wrong. */
#define MUD_ANCHOR_PATH 4096
MUD_MUST bool mud_anchor_copy_folder(char out[MUD_ANCHOR_PATH],
                                     const char *home, struct mud_error *err);

/*
 * That a capture's ledger line is in an anchor, as one JSON object: the line,
 * its place, the path to the root, and the anchor's statement. Checked by
 * scripts/verify-anchor.py. MUD_EMISSING: no such capture, or not anchored yet.
 */
MUD_MUST bool mud_anchor_proof(struct mud_buf *out, struct mud_pg *pg,
                               struct mud_id capture, struct mud_error *err);

struct mud_verify;
/* Every anchor of table, folder and second folder against the ledger. */
MUD_MUST bool mud_verify_anchors(struct mud_verify *verify, const char *home,
                                 struct mud_pg *pg, struct mud_error *err);

#endif
