/* Queries on texts: what they need of the index, and what they match. */
#include "graph/search_query.h"

#include <stdlib.h>

#define MARKS_MAX 1000

struct terms {
    struct mud_query_term *at;
    size_t n, cap;
    struct mud_arena *arena;
};

static void add_term(struct terms *terms, struct mud_str text, bool prefix)
{
    for (size_t i = 0; i < terms->n; i++)
        if (terms->at[i].prefix == prefix &&
            mud_str_eq(terms->at[i].text, text))
            return;
    terms->at = mud_arena_grow(
        terms->arena, terms->at, &terms->cap, terms->n, sizeof(*terms->at));
    terms->at[terms->n].text = mud_str_dup(text, terms->arena);
    terms->at[terms->n++].prefix = prefix;
}

/*
 * The last Han character of a phrase may be followed by another in the
 * document: then its term there is a pair, and is implied by the pair before
 * unless the phrase is that character alone.
 */
void mud_query_terms(struct mud_query_term **out, size_t *n,
                     const struct mud_query_text *text, struct mud_arena *arena)
{
    struct terms terms = {.arena = arena};
    const struct mud_units *units = &text->units;
    char buf[2 * MUD_UNIT_MAX];

    for (size_t i = 0; i < units->n; i++) {
        const struct mud_unit *unit = &units->at[i];
        bool last = i + 1 == units->n;
        bool pair = !last && units->at[i + 1].han;
        bool after = i > 0 && units->at[i - 1].han;

        if (unit->sign || (unit->han && last && after))
            continue;
        /* A beginning of its own is in the index; behind other words, these
         * are enough, and "1*" would be all numbers. */
        if (last && text->prefix && i)
            continue;
        if (last && (unit->han || text->prefix))
            add_term(&terms, unit->text, true);
        else if (!unit->han || pair || !last)
            add_term(&terms, mud_units_term(units, i, buf), false);
    }
    *out = terms.at;
    *n = terms.n;
}

static enum mud_truth both(enum mud_truth a, enum mud_truth b)
{
    if (a == MUD_FALSE || b == MUD_FALSE)
        return MUD_FALSE;
    return a == MUD_TRUE && b == MUD_TRUE ? MUD_TRUE : MUD_MAYBE;
}

static enum mud_truth not_so(enum mud_truth a)
{
    return a == MUD_MAYBE ? a : a == MUD_TRUE ? MUD_FALSE : MUD_TRUE;
}

enum mud_truth mud_query_run(const struct mud_query *query,
                             const uint8_t *texts, const uint8_t *facets)
{
    enum mud_truth stack[MUD_STEPS_MAX + 1] = {MUD_FALSE};

    size_t n = 0;

    for (size_t i = 0; i < query->n_steps; i++) {
        struct mud_step step = query->steps[i];

        switch ((enum mud_step_op)step.op) {
        case MUD_STEP_ALL:
            stack[n++] = MUD_TRUE;
            break;
        case MUD_STEP_TEXT:
            stack[n++] = (enum mud_truth)texts[step.at];
            break;
        case MUD_STEP_FACET:
            stack[n++] = (enum mud_truth)facets[step.at];
            break;
        case MUD_STEP_NOT:
            stack[n - 1] = not_so(stack[n - 1]);
            break;
        case MUD_STEP_AND:
            n--;
            stack[n - 1] = both(stack[n - 1], stack[n]);
            break;
        case MUD_STEP_OR:
            n--;
            stack[n - 1] = not_so(both(not_so(stack[n - 1]), not_so(stack[n])));
        }
    }
    return stack[0];
}

static bool stands(const struct mud_units *text, size_t at,
                   const struct mud_query_text *wanted)
{
    const struct mud_unit *a = text->at + at, *b = wanted->units.at;
    size_t n = wanted->units.n;

    for (size_t i = 0; i + 1 < n; i++)
        if (!mud_str_eq(a[i].text, b[i].text))
            return false;
    return wanted->prefix ? mud_str_starts(a[n - 1].text, b[n - 1].text)
                          : mud_str_eq(a[n - 1].text, b[n - 1].text);
}

/* The first place at or behind `from`; MUD_NPOS. */
static size_t find(const struct mud_units *text, size_t from,
                   const struct mud_query_text *wanted)
{
    for (size_t i = from; i + wanted->units.n <= text->n; i++)
        if (stands(text, i, wanted))
            return i;
    return MUD_NPOS;
}

void mud_query_count(const struct mud_query *query,
                     const struct mud_units *text, uint32_t tf[MUD_PARTS_MAX])
{
    for (size_t i = 0; i < query->n_texts; i++) {
        const struct mud_query_text *wanted = &query->texts[i];
        size_t at = find(text, 0, wanted);

        for (tf[i] = 0; at != MUD_NPOS && tf[i] < MARKS_MAX; tf[i]++)
            at = find(text, at + wanted->units.n, wanted);
    }
}

static int by_start(const void *a, const void *b)
{
    const struct mud_span *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->end < y->end ? 1 : x->end > y->end ? -1 : 0;
}

/* Marks in order, none inside or across another. */
static size_t tidy(struct mud_span *marks, size_t n)
{
    size_t kept = 0;

    qsort(marks, n, sizeof(*marks), by_start);
    for (size_t i = 0; i < n; i++) {
        if (kept && marks[i].start < marks[kept - 1].end) {
            if (marks[i].end > marks[kept - 1].end)
                marks[kept - 1].end = marks[i].end;
            continue;
        }
        marks[kept++] = marks[i];
    }
    return kept;
}

/* The texts that are looked for, and not only left out. */
static void wanted_texts(const struct mud_query *query,
                         bool wanted[MUD_PARTS_MAX])
{
    memset(wanted, 0, MUD_PARTS_MAX * sizeof(*wanted));
    for (size_t i = 0; i < query->n_steps; i++) {
        bool without =
            i + 1 < query->n_steps && query->steps[i + 1].op == MUD_STEP_NOT;

        if (query->steps[i].op == MUD_STEP_TEXT && !without)
            wanted[query->steps[i].at] = true;
    }
}

bool mud_query_match(const struct mud_query *query,
                     const struct mud_units *text, struct mud_span **marks,
                     size_t *n_marks, struct mud_arena *arena)
{
    struct mud_span *out = NULL;
    size_t n = 0, cap = 0;
    uint8_t texts[MUD_PARTS_MAX], facets[MUD_PARTS_MAX];
    bool wanted[MUD_PARTS_MAX];

    memset(facets, MUD_MAYBE, sizeof(facets));
    for (size_t i = 0; i < query->n_texts; i++)
        texts[i] = find(text, 0, &query->texts[i]) != MUD_NPOS;
    if (mud_query_run(query, texts, facets) == MUD_FALSE)
        return false;
    if (!marks)
        return true;
    wanted_texts(query, wanted);
    for (size_t i = 0; i < query->n_texts; i++) {
        const struct mud_query_text *part = &query->texts[i];
        size_t at = wanted[i] ? find(text, 0, part) : MUD_NPOS;

        while (at != MUD_NPOS && n < MARKS_MAX) {
            size_t last = at + part->units.n - 1;

            out = mud_arena_grow(arena, out, &cap, n, sizeof(*out));
            out[n++] =
                (struct mud_span){text->at[at].at.start, text->at[last].at.end};
            at = find(text, last + 1, part);
        }
    }
    *marks = out;
    *n_marks = n ? tidy(out, n) : 0;
    return true;
}
