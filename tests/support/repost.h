/*
 * Reposts, made up and the same for the same seed: one advert as its author
 * posts it again, at graded levels, and adverts of one trade that are NOT the
 * same advert although they sell the same in the same stock phrases.
 *
 * Levels; each includes those before it:
 *   1 dress   other contacts, numbers, emoji, spacing and punctuation
 *   2 order   lines (or clauses, where there is one line) change places;
 *             Traditional for Simplified; one trick of writing (full-width,
 *             circled digits, zero-width, stand-in and split characters)
 *   3 frame   a header, a footer or both, which are not of the advert
 *   4 words   one word in ten is swapped for another or left out, at least one
 *   5 rewrite one word in four: beyond what is promised, for the figures
 */
#ifndef MUD_TESTS_SUPPORT_REPOST_H
#define MUD_TESTS_SUPPORT_REPOST_H

#include "base/str.h"

enum {
    MUD_REPOST_LEVELS = 5
};

struct mud_dice { /* splitmix64; the state is the seed */
    uint64_t state;
};

uint64_t mud_dice_next(struct mud_dice *dice);
/* 0..n - 1; 0 for n 0. */
size_t mud_dice_roll(struct mud_dice *dice, size_t n);

/* text as another post of the same advert, in arena. */
struct mud_str mud_repost(struct mud_dice *dice, struct mud_str text, int level,
                          struct mud_arena *arena);

/* What one seller writes of trade 0..MUD_TRADES - 1: sentences, or (list) a
 * price list of many lines. Another call is another seller's advert. */
enum {
    MUD_TRADES = 12
};
struct mud_str mud_advert(struct mud_dice *dice, size_t trade, bool list,
                          struct mud_arena *arena);

#endif
