/*
 * What training sees of a message: the counts of the rules and the features
 * of the model, as mud_read would find them without its thread. Inside nlp and
 * its tools only.
 */
#ifndef MUD_NLP_READ_H
#define MUD_NLP_READ_H

#include "nlp/feature.h"

/* features->collect is set by the caller. All results live in arena.
 * Returns what mud_classify_least says. */
double mud_read_features(struct mud_features *features, struct mud_tally *tally,
                         const struct mud_reader *reader,
                         const struct mud_message *message,
                         struct mud_arena *arena);

#endif
