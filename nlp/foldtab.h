/*
 * The table of folds by character as a block of bytes: made by nlp/tool/mkfold
 * at build time out of ICU's NFKC_Casefold and the tables of nlp/lexicon/, read
 * by fold.c. Two stages: a code point's block, then its action; action 0 is
 * "keep it". ASCII is not in it.
 */
#ifndef MUD_NLP_FOLDTAB_H
#define MUD_NLP_FOLDTAB_H

#include "base/str.h"

enum mud_fold_what {
    MUD_FOLD_KEEP = 0,
    MUD_FOLD_REPLACE,
    MUD_FOLD_DROP,    /* invisible */
    MUD_FOLD_COMBINE, /* belongs to the character before */
    MUD_FOLD_REGION   /* regional indicator: a letter, or half a flag */
};

enum { /* flags of an action: what to look for once the text is through */
    MUD_FOLD_LOOKALIKE = 1, /* a letter that looks like one of another script */
    MUD_FOLD_PART = 2,      /* the rarer part of a split character */
    MUD_FOLD_ONE = 4,       /* one character for one, of the same length */
    MUD_FOLD_TONE = 8,      /* a letter of pinyin with its tone */
    MUD_FOLD_HANS = 16,     /* Simplified only: what HANT leads to, no Big5 */
    MUD_FOLD_FACE = 32,     /* shows a number: foldnum.h */
    MUD_FOLD_GARBLED = 64   /* text read in the wrong charset has such */
};

struct mud_fold_action {
    uint32_t pool; /* where its text begins */
    uint8_t len;   /* bytes of it */
    uint8_t what, layer, flags;
};

#define MUD_FOLD_BLOCK 128u
#define MUD_FOLD_STAGE (0x110000u / MUD_FOLD_BLOCK)

struct mud_fold_head {
    char magic[8];
    uint32_t n_blocks, n_actions, n_pool, spare;
};

struct mud_fold_table {
    const uint16_t *stage; /* [MUD_FOLD_STAGE] number of block */
    const uint16_t *block; /* [n_blocks][MUD_FOLD_BLOCK] number of action */
    const struct mud_fold_action *actions;
    const char *pool;
    uint32_t n_actions;
};

#define MUD_FOLD_MAGIC "mudfold1"

/* Fails with MUD_ECORRUPT. Checks every number in it. */
MUD_MUST bool mud_fold_table_open(struct mud_fold_table *out,
                                  struct mud_str image, struct mud_error *err);

static inline const struct mud_fold_action *mud_fold_action(
    const struct mud_fold_table *t, uint32_t c)
{
    size_t block = t->stage[c / MUD_FOLD_BLOCK];

    return t->actions + t->block[block * MUD_FOLD_BLOCK + c % MUD_FOLD_BLOCK];
}

/* A mark that covers a letter and is no part of any spelling. */
static inline bool mud_fold_junk_mark(uint32_t c)
{
    return (c >= 0x300 && c <= 0x36f) || (c >= 0x1ab0 && c <= 0x1aff) ||
           (c >= 0x1dc0 && c <= 0x1dff) || (c >= 0x20d0 && c <= 0x20ff) ||
           (c >= 0xfe20 && c <= 0xfe2f);
}

#endif
