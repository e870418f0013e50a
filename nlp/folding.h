/*
 * Between the parts of folding: fold.c goes through the text once, character
 * by character; what only its neighbours explain is changed then: foldnum.c
 * (enclosed digits and list markers), foldword.c (split characters, words of
 * mixed script, readings in brackets), foldguise.c (terms in disguise).
 * foldedit.c makes the changes.
 */
#ifndef MUD_NLP_FOLDING_H
#define MUD_NLP_FOLDING_H

#include "nlp/fold.h"
#include "nlp/foldguise.h"
#include "nlp/foldmend.h"
#include "nlp/foldtab.h"
#include "nlp/trie.h"

#define MUD_FOLD_HAN   0x4e00u /* the characters of plain */
#define MUD_FOLD_HAN_N 0x5200u

struct mud_folder {
    struct mud_fold_table table;
    const void *nfkc;       /* UNormalizer2 of ICU, not owned */
    struct mud_trie split;  /* parts; value: the code point they stand for */
    uint8_t *parts;         /* gate of both parts: foldguise.h */
    struct mud_trie looks;  /* foreign letter; value: the Latin one */
    uint32_t cyrillic[128]; /* Latin letter to the Cyrillic one, or 0 */
    uint32_t regions[26];   /* bit of the second letter: a country */
    uint8_t lower[128];
    uint8_t
        plain[MUD_FOLD_HAN_N]; /* 1: stays as it is; 2: so, and is Simplified */
    struct mud_guise guise;    /* terms in disguise */
    const struct mud_mend_table *mend;
    uint16_t *han; /* of the bytes of GBK, by row and place */
};

struct mud_fold_edit { /* folded bytes [start, end) become `with` */
    uint32_t start, end;
    struct mud_str with;
    uint8_t layer;
    uint16_t sure;
};

struct mud_fold_edits { /* to be applied together: in order and apart */
    struct mud_arena *arena;
    struct mud_fold_edit *v;
    size_t n, cap;
};

extern const uint16_t mud_fold_sure[MUD_FOLD_LAYERS];

struct mud_fold_runs { /* runs being written */
    struct mud_arena *arena;
    struct mud_fold_run *v;
    size_t n, cap;
};

/* Add raw [start, end) that became folded bytes from `at` on. */
void mud_fold_put_run(struct mud_fold_runs *runs, struct mud_fold_run run);

void mud_fold_edit_add(struct mud_fold_edits *edits, struct mud_fold_edit edit);

/* The same for one character that stands for folded [start, end). */
void mud_fold_edit_char(struct mud_fold_edits *edits, size_t start, size_t end,
                        uint32_t c, enum mud_fold_layer layer);

/* Those that would cut a run which is not even are left out. */
void mud_fold_edit_apply(struct mud_fold *fold,
                         const struct mud_fold_edits *edits);

/* Digits in circles, brackets and pictures: which are list markers. */
void mud_fold_numbers(struct mud_fold *fold, struct mud_arena *arena);

/* Raw text put right where it came damaged; false when it is not. */
bool mud_fold_mend(struct mud_fold *out, const struct mud_folder *folder,
                   struct mud_str raw, struct mud_arena *arena);

/* From a fold of mid->text to one of mid->raw. */
void mud_fold_through(struct mud_fold *fold, const struct mud_fold *mid,
                      struct mud_arena *arena);
MUD_MUST bool mud_mend_new(struct mud_folder *folder, struct mud_error *err);

/* Terms in disguise. */
void mud_fold_guises(struct mud_fold *fold, const struct mud_guise *guise,
                     struct mud_arena *arena);
MUD_MUST bool mud_guise_new(struct mud_guise *guise, struct mud_error *err);
void mud_guise_free(struct mud_guise *guise);

/* Apply what the flags seen in the text call for. */
void mud_fold_context(struct mud_fold *fold, const struct mud_folder *folder,
                      unsigned flags, struct mud_arena *arena);

/* The tables of the second half, out of the embedded files. */
MUD_MUST bool mud_fold_context_new(struct mud_folder *folder,
                                   struct mud_error *err);

#endif
