/* What the one who dropped something reads beside it, in the language of the
 * process: why it was refused or what of it was not read, and what to do. */
#ifndef MUD_RUN_FOLDER_REASON_H
#define MUD_RUN_FOLDER_REASON_H

#include "run/report.h"

struct mud_folder_outcome {
    const char *name;      /* of the entry */
    struct mud_str source; /* its name, for the advice */
    bool refused;
    const struct mud_report *report; /* of its import alone */
    const struct mud_error *error;   /* that ended it; or NULL */
};

/* Was everything read that ought to be? Else there is something to say. */
bool mud_folder_is_fine(const struct mud_folder_outcome *outcome);
/* Does it end in the middle, as a copy does that is not whole yet? */
bool mud_folder_is_half(const struct mud_report *report);

void mud_folder_reason(struct mud_buf *out,
                       const struct mud_folder_outcome *outcome);

#endif
