/*
 * A query of graph/search.h, taken apart (docs/search.md has the language): a
 * program of steps that leave their truths on a stack. Inside graph only.
 */
#ifndef MUD_GRAPH_SEARCH_QUERY_H
#define MUD_GRAPH_SEARCH_QUERY_H

#include "graph/facet.h"
#include "graph/units.h"
#include "store/pg.h"

#define MUD_PARTS_MAX 64   /* words, phrases and facets of a query */
#define MUD_STEPS_MAX 200  /* of its program */
#define MUD_DEPTH_MAX 16   /* brackets in brackets */
#define MUD_QUERY_MAX 4096 /* bytes of a query */

struct mud_query_text { /* words that must stand one behind another */
    struct mud_units units;
    bool prefix; /* the last word may go on */
    size_t column;
};

struct mud_query_term { /* what the index is asked for */
    struct mud_str text;
    bool prefix; /* any term that begins so */
};

enum mud_step_op {
    MUD_STEP_ALL,
    MUD_STEP_TEXT,
    MUD_STEP_FACET,
    MUD_STEP_NOT,
    MUD_STEP_AND,
    MUD_STEP_OR
};

struct mud_step {
    uint8_t op;  /* enum mud_step_op */
    uint16_t at; /* which text or facet */
};

enum mud_sort {
    MUD_SORT_NEWEST,
    MUD_SORT_OLDEST,
    MUD_SORT_BEST
};

struct mud_query {
    struct mud_query_text texts[MUD_PARTS_MAX];
    struct mud_facet facets[MUD_PARTS_MAX];
    struct mud_step steps[MUD_STEPS_MAX];
    size_t n_texts, n_facets, n_steps;
    enum mud_sort sort;
    bool sorted;    /* sort: was given */
    int64_t lo, hi; /* us: every post of a hit lies in it; hi not included */
    unsigned needs; /* enum mud_need */
};

/*
 * MUD_EUSAGE when there is nothing to search for or it cannot be understood,
 * with the column; MUD_ELIMIT when it is too much. zone (NULL: UTC) is that of
 * days. Texts are views of `text`.
 */
MUD_MUST bool mud_query_read(struct mud_query *out,
                             const struct mud_reader *reader,
                             struct mud_str text, const struct mud_zone *zone,
                             struct mud_arena *arena, struct mud_error *err);

/* One more facet that must hold. MUD_ELIMIT. */
MUD_MUST bool mud_query_and(struct mud_query *query,
                            const struct mud_facet *facet,
                            struct mud_error *err);

/* Look up what facets name: sources, sellers, actors. MUD_EUSAGE: there is no
 * such source. */
MUD_MUST bool mud_query_resolve(struct mud_query *query, struct mud_pg *pg,
                                struct mud_arena *arena, struct mud_error *err);

/* Terms that a text with this phrase has all of. */
void mud_query_terms(struct mud_query_term **out, size_t *n,
                     const struct mud_query_text *text,
                     struct mud_arena *arena);

/*
 * Terms of which a text that matches has one at least; false when no list of
 * them tells, so that every text must be looked at.
 */
bool mud_query_cover(struct mud_str **terms, size_t *n,
                     const struct mud_query *query, struct mud_arena *arena);

/* Truths of parts and results. */
enum mud_truth {
    MUD_FALSE,
    MUD_TRUE,
    MUD_MAYBE
};

/* What the program says when texts and facets are so true. */
enum mud_truth mud_query_run(const struct mud_query *query,
                             const uint8_t *texts, const uint8_t *facets);

/* Where each text stands; tf[i] times (at most 1,000). */
void mud_query_count(const struct mud_query *query,
                     const struct mud_units *text, uint32_t tf[MUD_PARTS_MAX]);

/*
 * True when the text matches, whatever facets say; marks (in arena, in order,
 * may be NULL) are the places of all texts that are looked for, at most 1,000.
 */
bool mud_query_match(const struct mud_query *query,
                     const struct mud_units *text, struct mud_span **marks,
                     size_t *n_marks, struct mud_arena *arena);

#endif
