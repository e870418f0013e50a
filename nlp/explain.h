/*
 * Why a value was read: a plain sentence for each rule and each layer of the
 * fold, in English and Chinese, and the folds that lie under a value.
 */
#ifndef MUD_NLP_EXPLAIN_H
#define MUD_NLP_EXPLAIN_H

#include "nlp/fold.h"
#include "nlp/reading.h"

enum {
    MUD_FOLDS_MAX = 32 /* of one value; more are left out */
};

/* What the rule saw, as a sentence; "" for a number that is no rule. */
const char *mud_rule_says(uint16_t rule, bool zh);

/* What the layer undoes: "full-width..."; "" for plain and for no layer. */
const char *mud_layer_says(enum mud_fold_layer layer, bool zh);

/* The same by the layer's name, as records have it. */
const char *mud_layer_named(struct mud_str name, bool zh);

struct mud_folded { /* characters as written and what they were read as */
    struct mud_str from, to;
    struct mud_span at; /* raw bytes of the field */
    uint16_t sure;      /* 0..1000 */
    uint8_t layer;      /* enum mud_fold_layer, never plain */
};

/*
 * The folds under raw bytes `at` of a field, in order, at most MUD_FOLDS_MAX.
 * `from` points into fold->raw, `to` into fold->text or the arena. What was
 * taken out between two characters (invisible ones, glosses) is none of them.
 */
size_t mud_folds_under(struct mud_folded **out, const struct mud_fold *fold,
                       struct mud_span at, struct mud_arena *arena);

#endif
