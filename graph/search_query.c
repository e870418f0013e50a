#include "graph/search_query.h"

#include <stdlib.h>

#define MARKS_MAX 1000

static bool add_part(struct mud_query *query, const struct mud_reader *reader,
                     struct mud_str text, bool without, struct mud_arena *arena,
                     struct mud_error *err)
{
    struct mud_query_part *part = &query->parts[query->n];
    bool words = false;

    if (query->n == MUD_PARTS_MAX)
        return mud_fail(
            err, MUD_ELIMIT, "query: more than %d parts", MUD_PARTS_MAX);
    mud_units_of(&part->units, reader, text, arena);
    part->without = without;
    for (size_t i = 0; i < part->units.n; i++)
        words = words || !part->units.at[i].sign;
    query->n += words; /* signs alone are in every text */
    return true;
}

/* The next part of *rest: "..." or up to a blank; false at the end. */
static bool next_part(struct mud_str *rest, struct mud_str *part, bool *without)
{
    size_t end = 0;
    bool quoted = false;

    *rest = mud_str_trim(*rest);
    *without = rest->n > 1 && rest->s[0] == '-';
    if (*without)
        *rest = mud_str_sub(*rest, 1, rest->n);
    if (!rest->n)
        return false;
    quoted = rest->s[0] == '"';
    if (quoted)
        *rest = mud_str_sub(*rest, 1, rest->n);
    /* A quote that is never closed goes to the end. */
    while (end < rest->n && !strchr(quoted ? "\"" : " \t\r\n\"", rest->s[end]))
        end++;
    *part = mud_str_sub(*rest, 0, end);
    *rest = mud_str_sub(*rest, end + quoted, rest->n);
    return true;
}

static void add_term(struct mud_query *query, size_t *cap, struct mud_str text,
                     bool prefix, struct mud_arena *arena)
{
    for (size_t i = 0; i < query->n_terms; i++)
        if (query->terms[i].prefix == prefix &&
            mud_str_eq(query->terms[i].text, text))
            return;
    query->terms = mud_arena_grow(
        arena, query->terms, cap, query->n_terms, sizeof(*query->terms));
    query->terms[query->n_terms].text = mud_str_dup(text, arena);
    query->terms[query->n_terms++].prefix = prefix;
}

/*
 * A document that holds the phrase holds all these terms. The last Han
 * character of a phrase may be followed by another in the document: then its
 * term there is a pair, and is implied by the pair before unless the phrase is
 * that character alone.
 */
static void part_terms(struct mud_query *query, size_t *cap,
                       const struct mud_units *units, struct mud_arena *arena)
{
    char buf[2 * MUD_UNIT_MAX];

    for (size_t i = 0; i < units->n; i++) {
        const struct mud_unit *unit = &units->at[i];
        bool last = i + 1 == units->n;
        bool pair = !last && units->at[i + 1].han;
        bool after = i > 0 && units->at[i - 1].han;

        if (unit->sign || (unit->han && last && after))
            continue;
        if (unit->han && last)
            add_term(query, cap, unit->text, true, arena);
        else if (!unit->han || pair || !last)
            add_term(query, cap, mud_units_term(units, i, buf), false, arena);
    }
}

bool mud_query_read(struct mud_query *out, const struct mud_reader *reader,
                    struct mud_str text, struct mud_arena *arena,
                    struct mud_error *err)
{
    struct mud_str rest = text, part = {0};
    bool without = false, wanted = false;
    size_t cap = 0;

    *out = (struct mud_query){0};
    if (text.n > MUD_QUERY_MAX)
        return mud_fail(err, MUD_ELIMIT, "query: over %d bytes", MUD_QUERY_MAX);
    while (next_part(&rest, &part, &without))
        if (!add_part(out, reader, part, without, arena, err))
            return false;
    for (size_t i = 0; i < out->n; i++) {
        wanted = wanted || !out->parts[i].without;
        if (!out->parts[i].without)
            part_terms(out, &cap, &out->parts[i].units, arena);
    }
    if (!wanted)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "query: nothing to search for in "
                        "\"%.*s\"",
                        (int)(text.n < 80 ? text.n : 80),
                        text.n ? text.s : "");
    return true;
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

bool mud_query_match(const struct mud_query *query,
                     const struct mud_units *text, struct mud_span **marks,
                     size_t *n_marks, struct mud_arena *arena)
{
    struct mud_span *out = NULL;
    size_t n = 0, cap = 0;

    for (size_t i = 0; i < query->n; i++) {
        const struct mud_query_part *part = &query->parts[i];
        size_t at = mud_units_find(text, 0, &part->units);

        if ((at == MUD_NPOS) != part->without)
            return false;
        while (marks && at != MUD_NPOS && n < MARKS_MAX) {
            size_t last = at + part->units.n - 1;

            out = mud_arena_grow(arena, out, &cap, n, sizeof(*out));
            out[n++] =
                (struct mud_span){text->at[at].at.start, text->at[last].at.end};
            at = mud_units_find(text, last + 1, &part->units);
        }
    }
    if (marks) {
        *marks = out;
        *n_marks = n ? tidy(out, n) : 0;
    }
    return true;
}
