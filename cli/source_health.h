/* How sources do, as records and for people: source list, source show, stats. */
#ifndef MUD_CLI_SOURCE_HEALTH_H
#define MUD_CLI_SOURCE_HEALTH_H

#include "base/json.h"
#include "cli/table.h"
#include "run/health.h"

/* In the language of the session. */
const char *mud_condition_words(enum mud_condition condition);

/* What source show tells beside its settings. */
struct mud_source_story {
    struct mud_health health;
    struct mud_outcome *outcomes;
    size_t n_outcomes;
    struct mud_covered *covered;
    size_t n_covered;
};

MUD_MUST bool mud_source_story_load(struct mud_source_story *out,
                                    struct mud_pg *pg,
                                    const struct mud_source *source,
                                    struct mud_arena *arena,
                                    struct mud_error *err);

/* {"condition","todo","next_round","last_success",...}; see docs/sources.md. */
void mud_source_health_json(struct mud_json *json,
                            const struct mud_source *source,
                            const struct mud_health *health);
/* Members "outcomes" and "coverage" of an object. */
void mud_source_story_json(struct mud_json *json,
                           const struct mud_source_story *story);
/* Its lines of source show. */
void mud_source_story_text(struct mud_buf *text,
                           const struct mud_source *source,
                           const struct mud_source_story *story, bool colour);

/* The heading and a line of source list. alarms: of drift; locked: accounts. */
#define MUD_SOURCE_RIGHT 0xf8u /* columns of numbers */
void mud_source_heading(struct mud_table *table);
void mud_source_line(struct mud_table *table, const struct mud_source *source,
                     const struct mud_health *health, int64_t alarms,
                     size_t locked);

/* Sources by condition, and the workers: what stats tells of the running. */
MUD_MUST bool mud_running_put(struct mud_out *out, struct mud_pg *pg,
                              struct mud_error *err);

#endif
