/*
 * The features of a message: what nlp/model.h has weights for. They come from
 * hits and counts that exist already, and from the words themselves, outside
 * of contacts and victims' rows. Only the first MUD_FEATURE_BYTES of a text
 * count. Inside nlp only.
 */
#ifndef MUD_NLP_FEATURE_H
#define MUD_NLP_FEATURE_H

#include "nlp/model.h"
#include "nlp/tally.h"

#define MUD_FEATURE_BYTES 16384u

struct mud_found {
    uint32_t scan;      /* which of the scans */
    struct mud_span at; /* folded bytes; empty for what has no place */
};

struct mud_features {
    uint16_t *found; /* features of the model, each once */
    uint32_t n;
    uint32_t scan;
    uint64_t *seen; /* bit of a feature */
    const struct mud_model *model;
    struct mud_arena *arena;

    /* Set: where each feature was found is kept too, at the same index. */
    bool explain;
    struct mud_found *places;

    /* Set: features go here instead, known to the model or not. */
    void (*collect)(void *to, unsigned kind, struct mud_str text);
    void *to;
};

void mud_features_find(struct mud_features *features,
                       const struct mud_tally *tally,
                       struct mud_scan *const *scans, size_t n);

#endif
