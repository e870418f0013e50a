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

/* home/ledger/anchors; MUD_EUSAGE when that is too long. */
MUD_MUST bool mud_anchor_folder(char out[MUD_ANCHOR_PATH], const char *home,
                                struct mud_error *err);

#endif
