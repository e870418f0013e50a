/*
 * Features out of closed lists: counts, categories, directions. A group and a
 * value name one; the model keeps their numbers in a table, so that reading a
 * message writes no text. Inside nlp only.
 */
#ifndef MUD_NLP_COUNTED_H
#define MUD_NLP_COUNTED_H

#include "base/str.h"

enum mud_counted {
    MUD_N_BIAS = 0,
    MUD_N_LENGTH,    /* power of two of the bytes */
    MUD_N_PRICES,    /* 0..3 */
    MUD_N_CONTACT,   /* its weight, 0..3 */
    MUD_N_PRODUCTS,  /* different ones, 0..3 */
    MUD_N_VICTIMS,   /* 0..2 */
    MUD_N_CATEGORY,  /* of products: a category */
    MUD_N_CATEGORY2, /* the same, of a product's own name or many */
    MUD_N_HINT,      /* of one word: MUD_HINT_... */
    MUD_N_HINT2,
    MUD_N_HINT3,
    MUD_N_NEAR,  /* a direction */
    MUD_N_EARLY, /* a direction */
    MUD_N_STATE, /* by the rules alone, as below */
    MUD_N_RULES_CATEGORY,
    MUD_N_RULES_SIDE,
    MUD_N_RULES_TALK,
    MUD_N_SCORE, /* points, from -9 on */
    MUD_N_BENIGN,
    MUD_COUNTED
};

#define MUD_COUNTED_VALUES 32u
#define MUD_COUNTED_TEXT   48u
#define MUD_SCORE_LEAST    (-9)

/* Kind and text of a feature; text has room for MUD_COUNTED_TEXT bytes. */
unsigned mud_counted_name(char *text, enum mud_counted group, unsigned value);

#endif
