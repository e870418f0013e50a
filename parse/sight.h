/*
 * One page seen through one description: asking for texts, picks and
 * conditions in a part of the page (a node and its subtree).
 */
#ifndef MUD_PARSE_SIGHT_H
#define MUD_PARSE_SIGHT_H

#include "parse/engine.h"

struct mud_sight {
    const struct mud_page *page;
    const struct mud_engine *engine;
    const struct mud_url *base; /* what relative addresses are relative to */
    struct mud_arena *arena;
    struct mud_date_rules dates;
    bool twice;    /* a legacy charset: numeric references are escaped twice */
    int64_t steps; /* left for selectors; 0: the page was too much */
    uint8_t *skip; /* a byte a node: MUD_SKIP bits */
    uint32_t piece, piece_end; /* a flat post: its node, and where it ends (0:
                                  there is none) */
};

enum {
    MUD_SKIP_DROP = 1,  /* no part of a text */
    MUD_SKIP_QUOTE = 2, /* a quotation: text of another author */
    MUD_SKIP_ALT = 4,   /* an image whose alt text is a character */
    MUD_SKIP_CODE = 8   /* keeps its white space */
};

/*
 * The text of a subtree as a reader sees it: white space collapsed (but not
 * in pre and code), line ends for br and blocks, nodes with a bit in `without`
 * left out (the first node itself is never left out).
 */
struct mud_str mud_sight_text(struct mud_sight *sight, uint32_t node,
                              unsigned without);

/* The same for nodes [from, to) at one level. */
struct mud_str mud_sight_range(struct mud_sight *sight, uint32_t from,
                               uint32_t to, unsigned without);

/* Set bits of all nodes of the subtree that match (and not their subtrees). */
void mud_sight_mark(struct mud_sight *sight, const struct mud_select *select,
                    uint32_t node, unsigned bits);

/* One behind the last node of the part that node stands for. */
uint32_t mud_sight_end(const struct mud_sight *sight, uint32_t node);

/* The first pick that gives a text in [node, end); {NULL, 0} when none. */
struct mud_str mud_sight_pick(struct mud_sight *sight,
                              const struct mud_picks *picks, uint32_t node,
                              uint32_t end);

/* The same as a date. */
bool mud_sight_date(struct mud_sight *sight, const struct mud_picks *picks,
                    uint32_t node, int64_t *us, enum mud_precision *precision);

/* The same as a number of at most 9 digits; 0 when there is none. */
uint32_t mud_sight_number(struct mud_sight *sight,
                          const struct mud_picks *picks, uint32_t node,
                          uint32_t end);

/* The first condition that holds in the subtree of node, or NULL. */
const struct mud_cond *mud_sight_cond(struct mud_sight *sight,
                                      const struct mud_conds *conds,
                                      uint32_t node);

/*
 * ref as an absolute http(s) address, or empty; text is what is written in
 * the page. hit (may be NULL) gets what the URL rules say of it.
 */
bool mud_sight_url(struct mud_sight *sight, struct mud_str ref,
                   struct mud_url *url);
bool mud_sight_rule(struct mud_sight *sight, const struct mud_url *url,
                    struct mud_rule_hit *hit);

#endif
