/* Which terms a text must have one of to match: for saved searches. */
#include "graph/search_query.h"

struct cover {
    struct mud_str *terms;
    size_t n;
    bool all; /* no terms tell */
};

static struct cover of_text(const struct mud_query_text *text,
                            struct mud_arena *arena)
{
    struct cover cover = {.all = true};
    struct mud_query_term *terms = NULL;
    size_t n = 0;

    mud_query_terms(&terms, &n, text, arena);
    for (size_t i = 0; i < n; i++) {
        if (terms[i].prefix)
            continue;
        /* Long ones are rare. */
        if (cover.all || terms[i].text.n > cover.terms[0].n) {
            cover.terms = mud_arena_array(arena, 1, sizeof(*cover.terms));
            cover.terms[0] = terms[i].text;
            cover.n = 1;
            cover.all = false;
        }
    }
    return cover;
}

static struct cover of_facet(const struct mud_facet *facet,
                             struct mud_arena *arena)
{
    struct cover cover = {0};
    struct mud_str *terms = NULL;
    bool range = false;

    if (!mud_facet_terms(&terms, &cover.n, &range, facet, arena) || range)
        return (struct cover){.all = true};
    cover.terms = mud_arena_array(arena, cover.n + 1, sizeof(*terms));
    if (cover.n)
        memcpy(cover.terms, terms, cover.n * sizeof(*terms));
    cover.terms[cover.n++] = mud_facet_any();
    return cover;
}

static struct cover both(struct cover a, struct cover b)
{
    if (a.all || b.all)
        return a.all ? b : a;
    return a.n <= b.n ? a : b;
}

static struct cover either(struct cover a, struct cover b,
                           struct mud_arena *arena)
{
    struct cover out = {.all = a.all || b.all, .n = a.n + b.n};

    if (out.all)
        return out;
    out.terms = mud_arena_array(arena, out.n + 1, sizeof(*out.terms));
    for (size_t i = 0; i < out.n; i++)
        out.terms[i] = i < a.n ? a.terms[i] : b.terms[i - a.n];
    return out;
}

bool mud_query_cover(struct mud_str **terms, size_t *n,
                     const struct mud_query *query, struct mud_arena *arena)
{
    struct cover stack[MUD_STEPS_MAX + 1] = {{NULL, 0, false}};
    size_t depth = 0;

    for (size_t i = 0; i < query->n_steps; i++) {
        struct mud_step step = query->steps[i];

        switch ((enum mud_step_op)step.op) {
        case MUD_STEP_TEXT:
            stack[depth++] = of_text(&query->texts[step.at], arena);
            break;
        case MUD_STEP_FACET:
            stack[depth++] = of_facet(&query->facets[step.at], arena);
            break;
        case MUD_STEP_ALL:
            stack[depth++] = (struct cover){.all = true};
            break;
        case MUD_STEP_NOT:
            stack[depth - 1] = (struct cover){.all = true};
            break;
        case MUD_STEP_AND:
            depth--;
            stack[depth - 1] = both(stack[depth - 1], stack[depth]);
            break;
        case MUD_STEP_OR:
            depth--;
            stack[depth - 1] = either(stack[depth - 1], stack[depth], arena);
        }
    }
    *terms = stack[0].terms;
    *n = stack[0].n;
    return depth && !stack[0].all;
}
