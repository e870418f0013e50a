/*
 * Inside of a model, between model.c (reading it) and feature.c (looking its
 * features up, which most words of a text are not).
 */
#ifndef MUD_NLP_MODELINDEX_H
#define MUD_NLP_MODELINDEX_H

#include <string.h>

#include "base/hash.h"

#include "nlp/model.h"
#include "nlp/tally.h"

enum {
    MUD_MODEL_STEPS = 24,
    MUD_MODEL_GATE = 1 << 16, /* bits */
    MUD_MODEL_SURE =
        6,             /* a key holds that many bytes, kind and length, whole */
    MUD_MODEL_PAIR = 6 /* bytes of two Han characters */
};

struct mud_feature {
    struct mud_str text;
    uint64_t key;
    uint8_t kind;
};

struct mud_model_slot { /* open addressing */
    uint64_t key;
    uint32_t feature; /* 0: none */
};

struct mud_model_steps { /* a rising line by its corners */
    double raw[MUD_MODEL_STEPS], is[MUD_MODEL_STEPS];
    size_t n;
};

struct mud_model {
    struct mud_str table;
    struct mud_feature *features; /* [0] is none */
    int32_t (*first)[MUD_FIRST];
    int32_t (*rest)[MUD_REST];
    size_t n, cap_features, cap_first, cap_rest;
    struct mud_model_slot *slots;
    size_t mask;
    uint64_t gate[MUD_MODEL_GATE / 64]; /* of the keys */
    uint16_t *entries;
    uint16_t counted[MUD_COUNTED][MUD_COUNTED_VALUES];
    uint32_t n_entries;
    double threshold[MUD_CONSENTS];
    struct mud_model_steps sure, which;
};

/* The first n bytes, 1 to 8, as a number; of 7 and more it is a hash. */
static inline uint64_t mud_model_bytes(const char *s, size_t n)
{
    uint32_t four = 0, last = 0;
    uint16_t two = 0;

    if (n >= 7) {
        memcpy(&four, s, 4);
        memcpy(&last, s + n - 4, 4);
        return four | (uint64_t)last << 32;
    }
    if (n >= 4) {
        memcpy(&four, s, 4);
        if (n == 4)
            return four;
        if (n == 5)
            return four | (uint64_t)(unsigned char)s[4] << 32;
        memcpy(&two, s + 4, 2);
        return four | (uint64_t)two << 32;
    }
    if (n == 1)
        return (unsigned char)s[0];
    memcpy(&two, s, 2);
    return n == 2 ? two : two | (uint64_t)(unsigned char)s[2] << 16;
}

/* Short texts are their own hash; one multiplication spreads them. */
static inline uint64_t mud_model_key(unsigned kind, const char *s, size_t n)
{
    uint64_t x = n <= 8 ? mud_model_bytes(s, n) : mud_hash64(s, n);

    x ^= (uint64_t)kind << 58 ^ (uint64_t)n << 52;
    x *= UINT64_C(0x9E3779B97F4A7C15);
    return x ^ x >> 29;
}

static inline bool mud_model_may(const struct mud_model *m, uint64_t key)
{
    size_t bit = key >> 32 & (MUD_MODEL_GATE - 1);

    return m->gate[bit / 64] >> bit % 64 & 1;
}

/* What mud_model_keyed does when the first place is another's. */
uint32_t mud_model_search(const struct mud_model *model, uint64_t key,
                          unsigned kind, struct mud_str text);

/* The feature of a key that passed the gate, or 0. */
static inline uint32_t mud_model_keyed(const struct mud_model *m, uint64_t key,
                                       unsigned kind, struct mud_str text)
{
    const struct mud_model_slot *slot = &m->slots[key & m->mask];

    if (slot->key == key && text.n <= MUD_MODEL_SURE)
        return slot->feature;
    return slot->feature ? mud_model_search(m, key, kind, text) : 0;
}

#endif
