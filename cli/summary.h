/* What a round ends with: what is held, the top sellers, and for one of them
 * the chain of evidence. */
#ifndef MUD_CLI_SUMMARY_H
#define MUD_CLI_SUMMARY_H

#include "cli/round.h"

MUD_MUST bool mud_summary(struct mud_round *round, struct mud_error *err);

/* The stats record and what was passed over, as records. */
MUD_MUST bool mud_summary_stats(struct mud_out *out, struct mud_pg *pg,
                                const struct mud_reader *reader,
                                struct mud_error *err);

#endif
