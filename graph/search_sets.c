#include "graph/search_sets.h"

#include "base/utf8.h"
#include "graph/bytes.h"
#include "graph/postings.h"

#include <stdlib.h>

#define FEW \
    4096 /* documents that are checked sooner than more lists are read */

struct reading {
    struct mud_search_sets *sets;
    struct mud_pg *pg;
    const struct mud_query *query;
    struct mud_arena *arena;
    struct mud_bytes bytes;
    uint64_t *into; /* bits are set here */
    bool facets;    /* this time facets are read, else texts */
};

struct set {
    uint64_t *bits; /* NULL: all */
};

static bool broken(int64_t segment, struct mud_error *err)
{
    return mud_fail(err,
                    MUD_ECORRUPT,
                    "search: segment %lld is broken: run mudlark rebuild",
                    (long long)segment);
}

static bool take_list(const struct mud_rows *one, void *payload,
                      struct mud_error *err)
{
    struct reading *reading = payload;
    int64_t number = mud_rows_int(one, 0, 1);
    const struct mud_segment *segment = reading->sets->segments;
    const struct mud_segment *end = segment + reading->sets->n;
    struct mud_str list = {0};
    uint32_t doc = UINT32_MAX;
    size_t at = 0;

    while (segment < end && segment->number != number)
        segment++;
    if (segment == end ||
        !mud_bytes_of(&reading->bytes, &list, mud_rows_get(one, 0, 2)))
        return broken(number, err);
    while (mud_postings_next(list, &at, &doc)) {
        size_t bit = segment->base + doc;

        if (doc >= segment->docs)
            return broken(number, err);
        reading->into[bit / 64] |= UINT64_C(1) << bit % 64;
    }
    return at == list.n || broken(number, err);
}

/* "term" of an array literal. */
static void quote(struct mud_buf *buf, struct mud_str term)
{
    mud_buf_z(buf, buf->n ? ",\"" : "{\"");
    for (size_t i = 0; i < term.n; i++) {
        if (term.s[i] == '"' || term.s[i] == '\\')
            mud_buf_c(buf, '\\');
        mud_buf_c(buf, term.s[i]);
    }
    mud_buf_c(buf, '"');
}

/* Documents of any of these terms; of all from the first to before the second
 * when range. */
static bool any_of(struct reading *reading, const struct mud_str *terms,
                   size_t n, bool range, struct mud_error *err)
{
    struct mud_buf list = {0};
    struct mud_str arg = {0};
    bool good = false;

    if (range)
        return mud_pg_each(reading->pg,
                           mud_sql("search_lists_from"),
                           terms,
                           2,
                           take_list,
                           reading,
                           err);
    if (!n)
        return true;
    for (size_t i = 0; i < n; i++)
        quote(&list, terms[i]);
    mud_buf_c(&list, '}');
    arg = mud_buf_view(&list);
    good = mud_pg_each(
        reading->pg, mud_sql("search_lists"), &arg, 1, take_list, reading, err);
    mud_buf_free(&list);
    return good;
}

static uint64_t *empty(const struct reading *reading)
{
    return mud_calloc(reading->sets->words + 1, sizeof(uint64_t));
}

static void narrow(const struct reading *reading, uint64_t *a,
                   const uint64_t *b)
{
    for (size_t i = 0; i < reading->sets->words; i++)
        a[i] &= b[i];
}

static int64_t count(const struct reading *reading, const uint64_t *bits)
{
    int64_t n = 0;

    for (size_t i = 0; i < reading->sets->words; i++)
        n += __builtin_popcountll(bits[i]);
    return n;
}

/* All terms from text on that begin so. */
static bool beginning(struct reading *reading, struct mud_str text,
                      struct mud_error *err)
{
    size_t last = 0, at = 0;
    struct mud_str terms[2] = {text, {0}};
    char next[4];
    uint32_t c = 0;

    while (at < text.n) {
        last = at;
        c = mud_utf8_next(text, &at);
    }
    /* Up to the text whose last character is one more; none is a surrogate. */
    c = c == 0xD7FF ? 0xE000 : c + 1;
    terms[1] = mud_str_printf(reading->arena,
                              "%.*s%.*s",
                              (int)last,
                              text.s,
                              (int)mud_utf8_put(c, next),
                              next);
    return any_of(reading, terms, 2, true, err);
}

static bool text_set(struct reading *reading, struct set *out, size_t which,
                     struct mud_error *err)
{
    struct mud_query_term *terms = NULL;
    size_t n = 0;
    bool good = true;

    mud_query_terms(&terms, &n, &reading->query->texts[which], reading->arena);
    for (size_t i = 0; good && i < n; i++) {
        reading->into = empty(reading);
        good = terms[i].prefix ? beginning(reading, terms[i].text, err)
                               : any_of(reading, &terms[i].text, 1, false, err);
        if (out->bits)
            narrow(reading, out->bits, reading->into);
        else
            out->bits = reading->into;
        if (out->bits != reading->into)
            free(reading->into);
    }
    if (good && out->bits)
        reading->sets->df[which] = count(reading, out->bits);
    return good;
}

static bool facet_set(struct reading *reading, struct set *out, size_t which,
                      struct mud_error *err)
{
    const struct mud_str any = mud_facet_any();
    struct mud_str *terms = NULL;
    size_t n = 0;
    bool range = false;

    if (!mud_facet_terms(
            &terms, &n, &range, &reading->query->facets[which], reading->arena))
        return true;
    reading->into = out->bits = empty(reading);
    return any_of(reading, terms, n, range, err) &&
           any_of(reading, &any, 1, false, err);
}

static void both(const struct reading *reading, struct set *a, struct set *b)
{
    if (a->bits && b->bits)
        narrow(reading, a->bits, b->bits);
    if (a->bits)
        free(b->bits);
    else
        a->bits = b->bits;
}

static void either(const struct reading *reading, struct set *a, struct set *b)
{
    for (size_t i = 0; a->bits && b->bits && i < reading->sets->words; i++)
        a->bits[i] |= b->bits[i];
    if (!a->bits || !b->bits) {
        free(a->bits);
        a->bits = NULL;
    }
    free(b->bits);
}

/* What is not read, or left out, may be in any document. */
static bool run(struct reading *reading, struct set *out, struct mud_error *err)
{
    const struct mud_query *query = reading->query;
    struct set stack[MUD_STEPS_MAX + 1] = {{NULL}};
    size_t n = 0;
    bool good = true;

    for (size_t i = 0; good && i < query->n_steps; i++) {
        struct mud_step step = query->steps[i];

        switch ((enum mud_step_op)step.op) {
        case MUD_STEP_ALL:
            stack[n++].bits = NULL;
            break;
        case MUD_STEP_TEXT:
        case MUD_STEP_FACET:
            stack[n].bits = NULL;
            if (reading->facets == (step.op == MUD_STEP_FACET))
                good = (reading->facets ? facet_set : text_set)(
                    reading, &stack[n], step.at, err);
            n++;
            break;
        case MUD_STEP_NOT:
            free(stack[n - 1].bits);
            stack[n - 1].bits = NULL;
            break;
        case MUD_STEP_AND:
            n--;
            both(reading, &stack[n - 1], &stack[n]);
            break;
        case MUD_STEP_OR:
            n--;
            either(reading, &stack[n - 1], &stack[n]);
        }
    }
    while (n > 1)
        free(stack[--n].bits);
    *out = stack[0];
    return good;
}

static bool load_segments(struct mud_search_sets *out, struct mud_pg *pg,
                          struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    size_t base = 0;

    if (!mud_pg_query(&rows, pg, mud_sql("search_segments"), NULL, 0, err))
        return false;
    out->n = mud_rows_count(rows);
    out->segments = mud_calloc(out->n + 1, sizeof(*out->segments));
    for (size_t i = 0; i < out->n; i++) {
        struct mud_segment *segment = &out->segments[i];

        segment->number = (int32_t)mud_rows_int(rows, i, 0);
        segment->docs = (uint32_t)mud_rows_int(rows, i, 1);
        segment->base = base;
        base += ((size_t)segment->docs + 63) / 64 * 64;
        out->docs += segment->docs;
    }
    out->words = base / 64;
    mud_rows_free(rows);
    return true;
}

static void all_docs(struct mud_search_sets *sets, uint64_t *bits)
{
    for (size_t i = 0; i < sets->n; i++) {
        const struct mud_segment *segment = &sets->segments[i];

        for (size_t doc = 0; doc < segment->docs; doc++) {
            size_t bit = segment->base + doc;

            bits[bit / 64] |= UINT64_C(1) << bit % 64;
        }
    }
}

bool mud_search_sets_open(struct mud_search_sets *out, struct mud_pg *pg,
                          const struct mud_query *query, struct mud_error *err)
{
    struct reading reading = {.sets = out, .pg = pg, .query = query};
    struct set found = {NULL}, more = {NULL};
    bool good = false;

    *out = (struct mud_search_sets){0};
    if (!load_segments(out, pg, err))
        return false;
    reading.arena = mud_arena_new();
    good = run(&reading, &found, err);
    if (good && query->n_facets &&
        (!found.bits || count(&reading, found.bits) > FEW)) {
        reading.facets = true;
        good = run(&reading, &more, err);
        both(&reading, &found, &more);
    }
    if (good && !found.bits) {
        found.bits = empty(&reading);
        all_docs(out, found.bits);
    }
    if (good)
        out->count = count(&reading, found.bits);
    out->bits = found.bits;
    mud_arena_free(reading.arena);
    mud_bytes_free(&reading.bytes);
    return good;
}

void mud_search_sets_close(struct mud_search_sets *sets)
{
    free(sets->segments);
    free(sets->bits);
    *sets = (struct mud_search_sets){0};
}
