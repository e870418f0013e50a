/*
 * The model of a message's class: weights on features that have names, so
 * that a reason can be read ("benign:question speaks against an offer"). Four
 * heads, each a multinomial logistic regression over the same features: is it
 * an offer, of which category, on which side, and what way a harmless text
 * faces. nlp/tool/train.c makes nlp/lexicon/model.tsv from texts with known
 * classes; the README of nlp/training says how. Inside nlp only.
 *
 * Rows of the table: kind, text, and weights as "output=thousandths" parted by
 * spaces. Rows of kind "set" are settings: "strong", "given" and
 * "none" the probability, in thousandths, from which a text is accused by the
 * consent of the rules (enum mud_consent); "sure" and "which" steps of the
 * calibration: "raw=true" in thousandths.
 */
#ifndef MUD_NLP_MODEL_H
#define MUD_NLP_MODEL_H

#include "nlp/counted.h"
#include "nlp/lexicon.h"
#include "nlp/reading.h"

enum mud_feature_kind {
    MUD_F_BIAS = 0,
    MUD_F_PRODUCT,  /* canonical id of a product's own name */
    MUD_F_WEAK,     /* the same of a word that means other things too */
    MUD_F_CATEGORY, /* of products, with how many: "bots 2" */
    MUD_F_HINT,     /* words of nlp/lexicon/hints.tsv: "market 2" */
    MUD_F_TERM,     /* kind, sense and weight of a term: "verb sell 4" */
    MUD_F_NEAR,     /* direction of a verb that touches a product */
    MUD_F_EARLY,    /* direction of a verb in the first words */
    MUD_F_HAS,      /* "price 2", "contact 3", "victims", "question" */
    MUD_F_LANG,
    MUD_F_LENGTH, /* power of two of the bytes */
    MUD_F_SIGN,
    MUD_F_PAIR,  /* two Han characters side by side */
    MUD_F_WORD,  /* a word of letters; Cyrillic by its first five */
    MUD_F_WORDS, /* two words parted by a space */
    MUD_F_RULES, /* what the rules alone say; from here on */
    MUD_F_SCORE,
    MUD_F_KINDS
};

enum { /* outputs, head by head */
    MUD_O_STATE = 0,
    MUD_O_CATEGORY = 3, /* bots ... other */
    MUD_O_SIDE = 15,    /* sell, buy, recruit */
    MUD_O_TALK = 18,    /* none, sell, buy, recruit */
    MUD_OUTPUTS = 22
};

struct mud_model;

/* "none", "given", "strong" */
const char *mud_consent_name(unsigned consent);
const char *mud_feature_kind_name(unsigned kind);
/* "offer", "bots", "side.buy", "talk.none"... */
const char *mud_output_name(unsigned output);

/*
 * Read a table; entries of the lexicon are tied to their features. Lives in
 * arena. Fails with MUD_EINPUT at a row it does not understand.
 */
MUD_MUST bool mud_model_read(struct mud_model **out, struct mud_str tsv,
                             const struct mud_lexicon *lexicon,
                             struct mud_arena *arena, struct mud_error *err);

/* Number of features, 0 for a table without any; they count from 1. */
uint32_t mud_model_size(const struct mud_model *model);
/* The feature of that kind and text, or 0. */
uint32_t mud_model_find(const struct mud_model *model, unsigned kind,
                        struct mud_str text);
/* The feature of a term of the lexicon, or 0. */
uint32_t mud_model_entry(const struct mud_model *model, uint32_t entry);
/* The feature of a value of a closed list, or 0. */
uint32_t mud_model_counted(const struct mud_model *model,
                           enum mud_counted group, unsigned value);
/* Kind and text of the feature that a lexicon entry has; false for none. */
bool mud_model_term(struct mud_str *text, const struct mud_lex_entry *entry,
                    struct mud_arena *arena);

void mud_model_name(const struct mud_model *model, uint32_t feature,
                    unsigned *kind, struct mud_str *text);

/*
 * Weights in thousandths, by feature: the states and from MUD_FIRST_TALK on the
 * ways of talk, which every text needs; and categories and sides, which only
 * offers do. Rows are as wide as vectors, the last of each is zero.
 */
enum {
    MUD_FIRST_TALK = MUD_O_CATEGORY - MUD_O_STATE,
    MUD_FIRST = 8,
    MUD_REST_SIDE = MUD_O_SIDE - MUD_O_CATEGORY,
    MUD_REST = 16
};

const int32_t (*mud_model_first(const struct mud_model *model))[MUD_FIRST];
const int32_t (*mud_model_rest(const struct mud_model *model))[MUD_REST];

/* Probability from which a text is called an offer, by the rules' consent. */
double mud_model_threshold(const struct mud_model *model, unsigned consent);
/* Share of right verdicts at that probability, as cross-validation found:
 * of being an offer (or of not being one), and of its category. */
double mud_model_sure(const struct mud_model *model, double p);
double mud_model_which(const struct mud_model *model, double p);

/* Digest of the table, for the version of the reader. */
struct mud_str mud_model_text(const struct mud_model *model);

/* exp(x[i]) as shares of their sum, in place. */
void mud_softmax(double *x, size_t n);
/* The share of x[top] alone, which none of them exceeds. */
double mud_softmax_of(const double *x, size_t n, size_t top);

#endif
