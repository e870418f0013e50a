/* Scores of candidates, and which of them are pieces of others. */
#include <math.h>
#include <stdlib.h>

#include "base/embed.h"
#include "nlp/suggest_parts.h"
#include "nlp/tables.h"

#define PIECE 1.2 /* a part in so many texts of the whole is a piece of it */

bool mud_suggest_common(struct mud_str word)
{
    static const struct mud_embedded *table;
    struct mud_str text;
    size_t lo = 0, hi;

    if (!table)
        table = mud_embedded_find(mud_nlp_tables, "common.tsv");
    if (!table)
        return false;
    text = mud_embedded_text(table);
    hi = text.n;
    while (lo < hi) { /* lines are in order of bytes */
        size_t at = lo + (hi - lo) / 2, end;
        struct mud_str line;

        while (at > lo && text.s[at - 1] != '\n')
            at--;
        end = at;
        while (end < text.n && text.s[end] != '\n')
            end++;
        line = mud_str_sub(text, at, end);
        int d = mud_str_cmp(word, line);
        if (!d)
            return true;
        if (d < 0)
            hi = at;
        else
            lo = end + 1;
    }
    return false;
}

static uint32_t authors_of(const struct mud_cand *c)
{
    unsigned set = 0;

    for (unsigned i = 0; i < MUD_SUGGEST_AUTHORS / 64; i++)
        set += (unsigned)__builtin_popcountll(c->authors[i]);
    if (set == MUD_SUGGEST_AUTHORS)
        set--;
    return (uint32_t)lround(-MUD_SUGGEST_AUTHORS *
                            log(1 - set / (double)MUD_SUGGEST_AUTHORS));
}

/* Cells of who: [*lo, *hi) of sorted pairs. */
static void cells_of(size_t *lo, size_t *hi, const struct mud_pairs *pairs,
                     uint32_t who)
{
    size_t a = 0, b = pairs->used;

    while (a < b) {
        size_t mid = (a + b) / 2;

        if (pairs->cells[mid].who < who + 1)
            a = mid + 1;
        else
            b = mid;
    }
    *lo = a;
    while (a < pairs->used && pairs->cells[a].who == who + 1)
        a++;
    *hi = a;
}

/* Entropy (nats) of one side; a place with nothing there is one of its own. */
static double entropy(const struct mud_pair_cell *cells, size_t n,
                      unsigned side, uint32_t free_places)
{
    double all = free_places, h = 0;

    for (size_t i = 0; i < n; i++)
        if ((cells[i].what & 1) == side)
            all += cells[i].count;
    if (all < 1)
        return 0;
    for (size_t i = 0; i < n; i++)
        if ((cells[i].what & 1) == side)
            h -= cells[i].count / all * log(cells[i].count / all);
    return h + free_places / all * log(all);
}

static uint32_t total_of(const struct mud_suggest *s, uint32_t what)
{
    size_t lo = 0, hi = s->totals.used;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (s->totals.cells[mid].what < what)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < s->totals.used && s->totals.cells[lo].what == what
               ? s->totals.cells[lo].count
               : 1;
}

struct vector { /* positive PMI by context, in order of contexts */
    size_t lo, hi;
    double norm;
};

static struct vector vector_of(double *ppmi, const struct mud_suggest *s,
                               double all, uint32_t who)
{
    struct vector v;
    double own = 0, square = 0;

    cells_of(&v.lo, &v.hi, &s->contexts, who);
    for (size_t i = v.lo; i < v.hi; i++)
        own += s->contexts.cells[i].count;
    for (size_t i = v.lo; i < v.hi; i++) {
        const struct mud_pair_cell *cell = &s->contexts.cells[i];
        double pmi = log(cell->count * all / (own * total_of(s, cell->what)));

        /* Chance meetings of rare contexts count less (Turney and Pantel). */
        pmi *= cell->count / (cell->count + 1.0);
        ppmi[i] = pmi > 0 ? pmi : 0;
        square += ppmi[i] * ppmi[i];
    }
    v.norm = sqrt(square);
    return v;
}

struct touch { /* a context of known goods */
    uint32_t what, good;
    double share; /* of the unit vector of the goods */
};

struct goods { /* vectors of known goods, by context */
    struct touch *touches;
    size_t n;
    double *dot; /* of one candidate with each of the goods */
};

static int by_what(const void *a, const void *b)
{
    const struct touch *x = a, *y = b;

    if (x->what != y->what)
        return x->what < y->what ? -1 : 1;
    return (x->good > y->good) - (x->good < y->good);
}

static void read_goods(struct goods *out, const struct mud_suggest *s,
                       double *ppmi, double all)
{
    size_t kinds = s->reader->n_canonicals, cap = 0;

    *out = (struct goods){.dot = mud_calloc(kinds + 1, sizeof *out->dot)};
    for (size_t g = 0; g < kinds; g++) {
        struct vector v =
            vector_of(ppmi, s, all, (uint32_t)(s->options.candidates + g));

        for (size_t i = v.lo; i < v.hi; i++) {
            if (ppmi[i] <= 0)
                continue;
            out->touches =
                mud_grow(out->touches, &cap, out->n, sizeof *out->touches);
            out->touches[out->n++] = (struct touch){
                s->contexts.cells[i].what, (uint32_t)g, ppmi[i] / v.norm};
        }
    }
    if (out->n)
        qsort(out->touches, out->n, sizeof *out->touches, by_what);
}

/* Cosines of a candidate's vector with all goods, into goods->dot. */
static void meet_goods(struct goods *goods, const struct mud_suggest *s,
                       const double *ppmi, const struct vector *own)
{
    size_t k = 0;

    memset(goods->dot, 0, s->reader->n_canonicals * sizeof *goods->dot);
    for (size_t i = own->lo; i < own->hi && own->norm > 0; i++) {
        uint32_t what = s->contexts.cells[i].what;
        size_t hi = goods->n;

        while (k < hi) { /* both in order: the search goes on from k */
            size_t mid = k + (hi - k) / 2;

            if (goods->touches[mid].what < what)
                k = mid + 1;
            else
                hi = mid;
        }
        for (; k < goods->n && goods->touches[k].what == what; k++)
            goods->dot[goods->touches[k].good] +=
                ppmi[i] / own->norm * goods->touches[k].share;
    }
}

/* The nearest known goods, nearest first. */
static void liken(struct mud_suggestion *out, const struct mud_suggest *s,
                  const struct goods *goods)
{
    for (size_t g = 0; g < s->reader->n_canonicals; g++) {
        const struct mud_canonical *canon = &s->reader->canonicals[g];
        double cosine = goods->dot[g];
        size_t at = out->n_like;

        if (cosine <= 0.02 || canon->category == MUD_CAT_BENIGN)
            continue;
        while (at > 0 && out->like[at - 1].cosine < cosine) {
            if (at < MUD_SUGGEST_LIKE)
                out->like[at] = out->like[at - 1];
            at--;
        }
        if (at >= MUD_SUGGEST_LIKE)
            continue;
        out->like[at].sense = canon->id;
        out->like[at].category = canon->category;
        out->like[at].cosine = cosine;
        out->like[at].term =
            mud_lexicon_entry(s->reader->lexicon, s->goods[g].entry)->term;
        out->n_like += out->n_like < MUD_SUGGEST_LIKE;
    }
    out->likeness = out->n_like ? out->like[0].cosine : 0;
}

static double lesser(double a, double b)
{
    return a < b ? a : b;
}

/* Parts from 0 to 1, as nlp/suggest.h has them, and their weighed product. */
static void score(struct mud_suggestion *out, const struct mud_suggest *s,
                  const struct mud_cand *c)
{
    uint32_t number = (uint32_t)(c - s->cands);
    size_t lo, hi;
    double h;

    cells_of(&lo, &hi, &s->beside, number);
    h = lesser(entropy(s->beside.cells + lo, hi - lo, 0, c->free_left),
               entropy(s->beside.cells + lo, hi - lo, 1, c->free_right));
    out->term = c->term;
    out->texts = c->dealing + c->others;
    out->dealing = c->dealing;
    out->authors = authors_of(c);
    if (out->authors > out->texts)
        out->authors = out->texts; /* an estimate */
    out->cohesion = c->cohesion;
    out->freedom = h / (h + 1);
    out->spread = out->authors ? (out->authors - 0.8) / (out->authors + 1.0)
                               : 0.3; /* of a place that names nobody */
    out->contrast = mud_suggest_contrast(s, c->dealing, c->others);
    out->edges = c->places ? c->edges / (double)c->places : 0;
    out->score = pow(out->cohesion, 0.7) * out->freedom *
                 pow(out->spread, 0.7) * out->contrast * out->contrast *
                 (0.3 + 0.7 * out->edges) * (0.25 + 0.75 * out->likeness) *
                 (c->composed ? 0.4 : 1) * (c->affixed ? 0.5 : 1) *
                 (c->said ? 0.4 : 1) * (out->texts / (out->texts + 4.0));
    for (unsigned i = 0; i < c->n_examples; i++)
        out->examples[out->n_examples++] = c->examples[i];
}

/* The candidate of some of its units; NULL. */
static struct mud_cand *part_of(const struct mud_suggest *s,
                                const struct mud_cand *c, size_t from, size_t n)
{
    const struct mud_tally_cell *cell =
        mud_tally_get(&s->counts, mud_suggest_key(c->ids + from, n));

    return cell && cell->deals && cell->deals != MUD_SUGGEST_NO
               ? &s->cands[cell->deals - 1]
               : NULL;
}

/*
 * Of a whole and its part one stays: the whole, where the part hardly stands
 * without it; else the part, if what the whole adds is a known word or holds
 * less well.
 */
static void settle(struct mud_cand *whole, struct mud_cand *part)
{
    if (part->texts <= whole->texts * PIECE)
        part->dropped = true;
    else if (whole->affixed || whole->cohesion < part->cohesion)
        whole->dropped = true;
}

static void settle_parts(struct mud_suggest *s)
{
    for (size_t i = 0; i < s->n_cands; i++) {
        struct mud_cand *c = &s->cands[i];

        for (size_t n = c->n - 1u; n >= 1; n--)
            for (size_t from = 0; from + n <= c->n; from++) {
                struct mud_cand *part = part_of(s, c, from, n);

                if (part && (from == 0 || from + n == c->n))
                    settle(c, part);
                else if (part && part->texts <= c->texts * PIECE)
                    part->dropped = true;
            }
    }
}

static int by_score(const void *a, const void *b)
{
    const struct mud_suggestion *x = a, *y = b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return mud_str_cmp(x->term, y->term);
}

size_t mud_suggest_rank(struct mud_suggestion **out, struct mud_suggest *s,
                        size_t most, struct mud_arena *arena)
{
    struct goods goods;
    size_t n = 0;
    struct mud_suggestion *list =
        mud_arena_array(arena, s->n_cands, sizeof *list);
    double *ppmi, all = 0;

    mud_pairs_sort(&s->beside);
    mud_pairs_sort(&s->contexts);
    mud_pairs_sort(&s->totals);
    ppmi = mud_calloc(s->contexts.used + 1, sizeof *ppmi);
    for (size_t i = 0; i < s->totals.used; i++)
        all += s->totals.cells[i].count;
    read_goods(&goods, s, ppmi, all);
    settle_parts(s);
    for (size_t i = 0; i < s->n_cands; i++) {
        struct vector own;

        if (s->cands[i].dropped || !s->cands[i].edges ||
            s->cands[i].dealing + s->cands[i].others < s->options.least)
            continue;
        own = vector_of(ppmi, s, all, (uint32_t)i);
        list[n].n_like = 0;
        meet_goods(&goods, s, ppmi, &own);
        liken(&list[n], s, &goods);
        score(&list[n++], s, &s->cands[i]);
    }
    free(ppmi);
    free(goods.touches);
    free(goods.dot);
    if (n)
        qsort(list, n, sizeof *list, by_score);
    n = n < most ? n : most;
    for (size_t i = 0; i < n; i++)
        list[i].term = mud_str_dup(list[i].term, arena);
    *out = list;
    return n;
}
