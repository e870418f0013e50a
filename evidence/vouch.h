/*
 * Who vouches for anchors (anchor.h). An anchor that somebody else keeps shows
 * what the ledger was; a signature shows who says so, and a time stamp since
 * when, so that nobody can make both anew later. Beside "2026-11-24.json" stand
 *
 *     2026-11-24.json.p7s       the signature of the statement (signer.h)
 *     2026-11-24.json.p7s.tsr   the time stamp of that signature (stamp.h), or
 *     2026-11-24.json.tsr       of the statement, when there was no key
 *
 * and the certificates that they are checked with: signer-HEX.pem,
 * stamp-ca-HEX.pem, by the first digits of their SHA-256. All of it is in
 * mud.anchor_voucher, in both folders, and a line of the ledger each. Without a
 * key, or while the authority does not answer, anchors are unsigned or
 * unstamped, and every look at the ledger says so.
 */
#ifndef MUD_EVIDENCE_VOUCH_H
#define MUD_EVIDENCE_VOUCH_H

#include "evidence/anchor.h"
#include "evidence/vouch_conf.h"

#define MUD_VOUCHER_NAME (MUD_ANCHOR_NAME + 12)

struct mud_vouched {
    int64_t signatures, stamps; /* made now */
    int64_t taken;              /* found in a folder and put back */
    /* Why the authority gave no stamp now, or all zero; it is asked again after a
     * minute, then two, four... up to six hours. */
    struct mud_error late;
};

/*
 * Sign what is not signed, have stamped what is not stamped (if now, whether or not
 * it is time for the next try; at most 50 a call), and copy what the folders
 * lack. For any number of processes: one asks the authority at a time. Fails
 * when the settings, key, database or a folder are at fault; what could be done is
 * done all the same.
 */
MUD_MUST bool mud_anchor_vouch(struct mud_vouched *out, struct mud_pg *pg,
                               const char *home, struct mud_str actor, bool now,
                               struct mud_error *err);

struct mud_vouch_state {
    int64_t anchors, signatures, stamps; /* of them signed, stamped */
    char unsigned_since[MUD_DAY_TEXT];   /* first day that is not, or "" */
    char unstamped_since[MUD_DAY_TEXT];
    bool has_key, has_authority; /* are they set */
    int64_t tries, next;         /* of the authority that failed; us */
    char reason[300];            /* of the last failure, or "" */
};

MUD_MUST bool mud_vouch_state(struct mud_vouch_state *out, struct mud_pg *pg,
                              const char *home, struct mud_error *err);

/* Inside evidence/: write what both folders lack of it. */
MUD_MUST bool mud_vouch_copy(struct mud_pg *pg, const char *home,
                             const struct mud_vouch_conf *conf,
                             struct mud_error *err);

/* Every signature and stamp against its anchor, its ledger line and its copies. */
MUD_MUST bool mud_verify_vouchers(struct mud_verify *verify, const char *home,
                                  struct mud_pg *pg, struct mud_error *err);

#endif
