/* The settings of a source as they are given on the command line: what is not
 * given stays as it is in *source. */
#ifndef MUD_CLI_SOURCE_ARGS_H
#define MUD_CLI_SOURCE_ARGS_H

#include "base/json.h"
#include "cli/command.h"
#include "run/source.h"

/* An empty value clears a setting. Texts live as long as args, lists in arena.
 * MUD_EUSAGE names the option. */
MUD_MUST bool mud_source_args(struct mud_source *source,
                              const struct mud_args *args,
                              struct mud_arena *arena, struct mud_error *err);

/* What was changed of a source: an array, and a line each for people. */
void mud_source_changes_json(struct mud_json *json,
                             const struct mud_source_change *changes, size_t n);
void mud_source_changes_text(struct mud_buf *text,
                             const struct mud_source_change *changes, size_t n);

#endif
