/*
 * The parts of up and work: each runs in a process of its own (run/crew.h), so that
 * a slow one, or one that listens for days, keeps none of the others waiting.
 */
#ifndef MUD_CLI_UP_H
#define MUD_CLI_UP_H

#include "cli/round.h"
#include "run/crew.h"

struct mud_up {
    const struct mud_args *args;
    int64_t every; /* s between the rounds of a source */
    bool summary;  /* of all that is held, once, when it is linked */
};

/* A round to work with, in the name of a part (NULL: of the command). */
MUD_MUST bool mud_up_open(struct mud_round *round, const struct mud_up *up,
                          const char *part, struct mud_error *err);

/* Forums that are due, all at once; once: a round of each, else until stopped. */
MUD_MUST bool mud_up_forums(struct mud_round *round, bool once,
                            struct mud_error *err);

/* Is it wrong with one source, and no reason to leave the others? */
bool mud_up_is_its_own(enum mud_code code);
/* A source that is out of its terms or cannot be fetched is said so. */
void mud_up_say(struct mud_round *round, const struct mud_error *error);

/* The payload is a struct mud_up. */
int mud_up_part_forums(const struct mud_crew_part *part, void *payload);
/* Sources that are read by short rounds, one after the other. */
int mud_up_part_rounds(const struct mud_crew_part *part, void *payload);
/* Sellers, reposts and the index, of what came in. */
int mud_up_part_links(const struct mud_crew_part *part, void *payload);
/* One source that is listened to: "listen NAME". */
int mud_up_part_listen(const struct mud_crew_part *part, void *payload);
/* For mud_crew.more: the sources to listen to. */
bool mud_up_more(struct mud_crew_part *parts, size_t *n, size_t max,
                 void *payload);

#endif
