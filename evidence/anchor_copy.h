/* Inside evidence/: the folders that anchors are copied to. */
#ifndef MUD_EVIDENCE_ANCHOR_COPY_H
#define MUD_EVIDENCE_ANCHOR_COPY_H

#include "evidence/anchor.h"

/*
 * Write what MUDLARK_HOME/ledger/anchors and the second folder lack; what is
 * there is never touched. The second folder must exist (MUD_EMISSING): one that
 * is made by itself may be the empty place of a disk that is not mounted.
 */
MUD_MUST bool mud_anchor_copy(struct mud_pg *pg, const char *home,
                              struct mud_error *err);

/* Write a file of at most MUD_ANCHOR_NAME + 16 bytes of name unless it is there:
 * whole or not at all, also when the power goes. dir is folder, opened. */
MUD_MUST bool mud_anchor_put(int dir, const char *folder, const char *name,
                             struct mud_str text, struct mud_error *err);

/* home/ledger/anchors; MUD_EUSAGE when that is too long. */
MUD_MUST bool mud_anchor_folder(char out[MUD_ANCHOR_PATH], const char *home,
                                struct mud_error *err);

#endif
