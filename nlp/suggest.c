#include "nlp/suggest.h"

#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "nlp/lexcheck.h"
#include "nlp/suggest_parts.h"

#define SLOTS      ((size_t)8 << 20)
#define CANDIDATES 20000
#define LEAST      3
#define COHESION   0.12 /* least of a candidate's weakest joint */
#define ALONE      0.5  /* cohesion of a word that stands alone */
#define CONTRAST   0.4  /* least of a candidate */

struct mud_suggest *mud_suggest_new(const struct mud_reader *reader,
                                    const struct mud_suggest_options *options)
{
    struct mud_suggest *s = mud_calloc(1, sizeof *s);

    s->reader = reader;
    s->options = *options;
    if (!s->options.slots)
        s->options.slots = SLOTS;
    if (!s->options.candidates)
        s->options.candidates = CANDIDATES;
    if (!s->options.pairs)
        s->options.pairs = SLOTS;
    if (!s->options.least)
        s->options.least = LEAST;
    mud_tally_make(&s->counts, s->options.slots);
    mud_sieve_make(&s->sieve);
    s->arena = mud_arena_new();
    s->work = mud_arena_new();
    return s;
}

void mud_suggest_free(struct mud_suggest *s)
{
    if (!s)
        return;
    mud_tally_free(&s->counts);
    mud_sieve_free(&s->sieve);
    mud_pairs_free(&s->beside);
    mud_pairs_free(&s->contexts);
    mud_pairs_free(&s->totals);
    free(s->alike);
    free(s->cands);
    free(s->goods);
    mud_arena_free(s->arena);
    mud_arena_free(s->work);
    free(s);
}

static uint64_t key_add(uint64_t key, uint32_t id)
{
    return mud_mix64(key * 31 + id + 1);
}

uint64_t mud_suggest_key(const uint32_t *ids, size_t n)
{
    uint64_t key = 0;

    for (size_t i = 0; i < n; i++)
        key = key_add(key, ids[i]);
    return key;
}

/* Remember for the second pass that a text is nearly one before. */
static void mark_alike(struct mud_suggest *s)
{
    size_t word = s->text / 64, had = s->alike_cap;

    s->alike = mud_grow(s->alike, &s->alike_cap, word, sizeof *s->alike);
    memset(s->alike + had, 0, (s->alike_cap - had) * sizeof *s->alike);
    s->alike[word] |= UINT64_C(1) << s->text % 64;
    s->n_alike++;
}

static bool is_alike(const struct mud_suggest *s)
{
    return s->text / 64 < s->alike_cap &&
           s->alike[s->text / 64] >> s->text % 64 & 1;
}

void mud_suggest_count(struct mud_suggest *s,
                       const struct mud_suggest_text *text)
{
    struct mud_stext t;
    uint64_t *keys;
    size_t n_keys = 0;

    s->text++;
    s->counted = s->text;
    if (text->same && mud_sieve_seen(&s->sieve, text->same)) {
        mark_alike(s);
        return;
    }
    mud_stext_read(&t, s->reader, text, s->work);
    s->n_deal += t.deals;
    s->n_other += !t.deals;
    s->units += t.n;
    keys = mud_arena_array(s->work, t.n * MUD_SUGGEST_UNITS, sizeof *keys);
    for (size_t i = 0; i < t.n; i++) {
        size_t reach = mud_stext_reach(&t, i);
        uint64_t key = 0;

        for (size_t n = 1; n <= reach; n++) {
            key = key_add(key, t.units[i + n - 1].id);
            keys[n_keys++] = key;
        }
    }
    mud_tally_add(&s->counts, keys, n_keys, t.deals);
    mud_arena_reset(s->work);
}

/* Rate in texts of dealing against rate in all others, 0..1. */
double mud_suggest_contrast(const struct mud_suggest *s, uint32_t deals,
                            uint32_t others)
{
    double in = (deals + 0.5) / (s->n_deal + 1.0);
    double off = (others + 0.5) / (s->n_other + 1.0);

    return in / (in + off);
}

/* May an n-gram of these counts be a term? */
static bool may_be(const struct mud_suggest *s,
                   const struct mud_tally_cell *cell, uint32_t deals)
{
    return cell->key && cell->count >= s->least && cell->deals >= deals &&
           mud_suggest_contrast(s, cell->deals, cell->count - cell->deals) >=
               CONTRAST;
}

/* The fewest texts of dealing that leave no more n-grams than can be looked
 * at. */
static uint32_t least_deals(const struct mud_suggest *s)
{
    enum {
        TOP = 4096
    };

    size_t *cells = mud_calloc(TOP, sizeof *cells), sum = 0;
    size_t most = s->options.candidates * 4;
    uint32_t least = TOP - 1;

    for (size_t i = 0; i < s->counts.size; i++) {
        const struct mud_tally_cell *cell = &s->counts.cells[i];

        cells[cell->deals < TOP ? cell->deals : TOP - 1] += may_be(s, cell, 0);
    }
    while (least > 1 && sum + cells[least] <= most)
        sum += cells[least--];
    free(cells);
    return least;
}

void mud_suggest_turn(struct mud_suggest *s)
{
    uint32_t deals;

    s->least = s->options.least > s->counts.floor ? s->options.least
                                                  : s->counts.floor + 1;
    deals = least_deals(s);
    s->dropped = s->counts.floor > 0 || deals > s->options.least;
    for (size_t i = 0; i < s->counts.size; i++) { /* a candidate + 1, or NO */
        struct mud_tally_cell *cell = &s->counts.cells[i];

        cell->deals = may_be(s, cell, deals) ? 0 : MUD_SUGGEST_NO;
    }
    mud_sieve_free(&s->sieve);
    s->text = 0;
    s->cands = mud_calloc(s->options.candidates, sizeof *s->cands);
    s->goods = mud_calloc(s->reader->n_canonicals + 1, sizeof *s->goods);
    mud_pairs_make(&s->beside, s->options.pairs);
    mud_pairs_make(&s->contexts, s->options.pairs);
    mud_pairs_make(&s->totals, s->options.pairs / 4);
}

static double count_of(const struct mud_suggest *s, const uint32_t *ids,
                       size_t n, double least)
{
    const struct mud_tally_cell *cell =
        mud_tally_get(&s->counts, mud_suggest_key(ids, n));

    /* A part stands wherever the whole does, pruned or not. */
    return cell && cell->count > least ? cell->count : least;
}

/* Normalised PMI of the weakest joint. */
static double cohesion_of(const struct mud_suggest *s, const uint32_t *ids,
                          size_t n, double count)
{
    double all = (double)s->units + 1, worst = 1;

    for (size_t k = 1; k < n; k++) {
        double a = count_of(s, ids, k, count);
        double b = count_of(s, ids + k, n - k, count);
        double npmi = log(count * all / (a * b)) / -log(count / all);

        worst = npmi < worst ? npmi : worst;
    }
    return worst;
}

/* Particles and pronouns: a term does not begin or end with one. */
static bool is_particle(uint32_t c)
{
    static const char list[] =
        "的了是在我你您他她它们这那就也都吗呢吧啊呀哦嗯么很还没不有要会能可和与或但"
        "而被把给让跟对从到过着得地之其及等吧嘛啦哈个些什谁哪怎为因所以如果最更太再"
        "又只已将几多少每各某该里时候来去";
    struct mud_str s = mud_str_of(list, sizeof list - 1);
    size_t at = 0;

    while (at < s.n)
        if (mud_utf8_next(s, &at) == c)
            return true;
    return false;
}

static bool is_numeral(uint32_t c)
{
    static const char list[] = "一二三四五六七八九十百千万两零半";
    struct mud_str s = mud_str_of(list, sizeof list - 1);
    size_t at = 0;

    while (at < s.n)
        if (mud_utf8_next(s, &at) == c)
            return true;
    return false;
}

/* In the lexicon? */
static bool is_entry(const struct mud_reader *r, struct mud_str term)
{
    for (unsigned kind = 0; kind < MUD_LEX_KINDS; kind++)
        if (mud_lexicon_get(r->lexicon, (enum mud_lex_kind)kind, term))
            return true;
    return false;
}

static bool is_known(const struct mud_reader *r, struct mud_str term)
{
    return mud_segmenter_knows(r->segmenter, term) || is_entry(r, term);
}

/* Is it made of known words alone, of two characters and more each? */
static bool is_composed(const struct mud_reader *r, struct mud_str term)
{
    size_t from = 0;

    while (from < term.n) {
        size_t to = term.n;

        while (to > from && ((!from && to == term.n) ||
                             mud_utf8_count(mud_str_sub(term, from, to)) < 2 ||
                             !is_known(r, mud_str_sub(term, from, to))))
            to = mud_utf8_cut(term, to - 1);
        if (to == from)
            return false;
        from = to;
    }
    return true;
}

static bool has_kind(const struct mud_reader *r, struct mud_str s,
                     uint32_t kinds)
{
    for (unsigned kind = 0; kind < MUD_LEX_KINDS; kind++)
        if (kinds >> kind & 1 &&
            mud_lexicon_get(r->lexicon, (enum mud_lex_kind)kind, s))
            return true;
    return false;
}

/* Does it begin or end with a word that goes with goods: a verb, a unit? */
static bool is_affixed(const struct mud_reader *r, struct mud_str term)
{
    const uint32_t before = 1u << MUD_LEX_VERB | 1u << MUD_LEX_ROLE |
                            1u << MUD_LEX_NEGATION | 1u << MUD_LEX_UNIT |
                            1u << MUD_LEX_CURRENCY;
    const uint32_t behind = 1u << MUD_LEX_VERB | 1u << MUD_LEX_ROLE |
                            1u << MUD_LEX_UNIT | 1u << MUD_LEX_CUE;

    for (size_t at = 1; at < term.n; at++) {
        if (((unsigned char)term.s[at] & 0xc0) == 0x80)
            continue;
        if (has_kind(r, mud_str_sub(term, 0, at), before) ||
            has_kind(r, mud_str_sub(term, at, term.n), behind))
            return true;
    }
    return false;
}

static bool is_plain(const struct mud_stext *t, size_t i, size_t n,
                     struct mud_str term)
{
    size_t at = 0;

    if (t->units[i].han && is_particle(mud_utf8_next(term, &at)))
        return true;
    if (t->units[i + n - 1].han) {
        at = mud_utf8_cut(term, term.n - 1);
        if (is_particle(mud_utf8_next(term, &at)))
            return true;
    }
    for (size_t k = i; k < i + n; k++) {
        const struct mud_sunit *u = &t->units[k];
        struct mud_str word = mud_str_sub(t->folded, u->start, u->end);

        if (!u->han &&
            ((n == 1 && mud_utf8_count(word) < 3) ||
             ((k == i || k + 1 == i + n) && mud_suggest_common(word))))
            return true;
    }
    return false;
}

/* Known goods of two characters and more, and something besides. */
static bool holds_goods(const struct mud_stext *t, struct mud_span at)
{
    size_t lo = 0, hi = t->n_hits;

    while (lo < hi) { /* hits come by start */
        size_t mid = (lo + hi) / 2;

        if (t->hits[mid].at.start < at.start)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (size_t i = lo; i < t->n_hits && t->hits[i].at.start < at.end; i++) {
        const struct mud_lex_hit *hit = &t->hits[i];

        if (hit->kind == MUD_LEX_PRODUCT && hit->at.end <= at.end &&
            hit->at.end - hit->at.start > 3)
            return true;
    }
    return false;
}

/* The n-gram for the first time: a candidate's number + 1, or SUGGEST_NO. */
static uint32_t judge(struct mud_suggest *s, const struct mud_stext *t,
                      size_t i, size_t n, uint32_t count)
{
    struct mud_cand cand = {.n = (uint8_t)n, .texts = count};
    struct mud_span at = {t->units[i].start, t->units[i + n - 1].end};

    cand.term = mud_str_sub(t->folded, at.start, at.end);
    for (size_t k = 0; k < n; k++) {
        cand.ids[k] = t->units[i + k].id;
        cand.han |= t->units[i + k].han;
    }
    if (is_plain(t, i, n, cand.term) || is_entry(s->reader, cand.term) ||
        mud_lexicon_ordinary(s->reader, cand.term))
        return MUD_SUGGEST_NO;
    /* A rare word of the dictionary may have a second meaning here. */
    cand.cohesion =
        n > 1 && !mud_segmenter_knows(s->reader->segmenter, cand.term)
            ? cohesion_of(s, cand.ids, n, count)
            : ALONE;
    if (cand.cohesion < COHESION)
        return MUD_SUGGEST_NO;
    cand.composed = is_composed(s->reader, cand.term) || holds_goods(t, at);
    cand.affixed = is_affixed(s->reader, cand.term) ||
                   is_numeral(cand.ids[0]) || is_numeral(cand.ids[n - 1]);
    /* "selling such goods" is no new word for them */
    if (cand.affixed && holds_goods(t, at))
        return MUD_SUGGEST_NO;
    for (size_t k = 1; k + 1 < n; k++)
        cand.said |= t->units[i + k].han && is_particle(cand.ids[k]);
    if (s->n_cands == s->options.candidates) {
        s->dropped = true;
        return MUD_SUGGEST_NO;
    }
    cand.term = mud_str_dup(cand.term, s->arena);
    s->cands[s->n_cands] = cand;
    return (uint32_t)++s->n_cands;
}

struct look { /* one text of the second pass */
    const struct mud_suggest_text *text;
    struct mud_stext t;
    struct mud_token *tokens; /* once a candidate or known goods are there */
    size_t n_tokens;
    bool cut;
};

static void cut_tokens(struct mud_suggest *s, struct look *look)
{
    if (look->cut)
        return;
    look->n_tokens = mud_segment(
        &look->tokens, s->reader->segmenter, look->t.folded, s->work);
    look->cut = true;
}

/* Does a token begin (or end) here? */
static bool is_edge(const struct look *look, uint32_t at)
{
    size_t lo = 0, hi = look->n_tokens;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (look->tokens[mid].at.end <= at)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo == look->n_tokens || look->tokens[lo].at.start >= at;
}

static void add_contexts(struct mud_suggest *s, const struct look *look,
                         uint32_t who, struct mud_span at)
{
    uint32_t around[16];
    size_t n = mud_stext_around(around,
                                16,
                                &look->t,
                                s->reader->lexicon,
                                look->tokens,
                                look->n_tokens,
                                at);

    for (size_t i = 0; i < n; i++) {
        if (!around[i])
            continue;
        mud_pairs_add(&s->contexts, who, around[i]);
        mud_pairs_add(&s->totals, 0, around[i]);
    }
}

static void add_author(struct mud_cand *c, const struct mud_suggest_text *text)
{
    uint64_t bit = mud_mix64(text->author) % MUD_SUGGEST_AUTHORS;
    bool fresh = true;

    if (text->author)
        c->authors[bit / 64] |= UINT64_C(1) << bit % 64;
    for (unsigned i = 0; i < c->n_examples; i++)
        fresh &= c->example_of[i] != text->author || !text->author;
    if (fresh && c->n_examples < MUD_SUGGEST_EXAMPLES) {
        c->example_of[c->n_examples] = text->author;
        c->examples[c->n_examples++] = text->id;
    }
}

/* One place of a candidate. */
static void meet(struct mud_suggest *s, struct look *look, uint32_t number,
                 size_t i)
{
    struct mud_cand *c = &s->cands[number];
    const struct mud_sunit *u = look->t.units;
    size_t end = i + c->n;
    struct mud_span at = {u[i].start, u[end - 1].end};

    cut_tokens(s, look);
    c->places++;
    c->edges += is_edge(look, at.start) && is_edge(look, at.end);
    if (u[i].joined)
        mud_pairs_add(&s->beside, number, u[i - 1].id * 2);
    else
        c->free_left++;
    if (end < look->t.n && u[end].joined)
        mud_pairs_add(&s->beside, number, u[end].id * 2 + 1);
    else
        c->free_right++;
    add_contexts(s, look, number, at);
    if (c->seen == s->text)
        return;
    c->seen = s->text;
    c->dealing += look->t.deals;
    c->others += !look->t.deals;
    add_author(c, look->text);
}

/* Products of the lexicon: what candidates are likened to. */
static void meet_goods(struct mud_suggest *s, struct look *look)
{
    for (size_t i = 0; i < look->t.n_hits; i++) {
        const struct mud_lex_hit *hit = &look->t.hits[i];
        uint32_t code = s->reader->meanings[hit->entry].code;
        struct mud_known_good *good;

        if (hit->kind != MUD_LEX_PRODUCT || code >= s->reader->n_canonicals)
            continue;
        /* Of hits that begin at one place the longest comes first. */
        if (i && look->t.hits[i - 1].at.start == hit->at.start &&
            look->t.hits[i - 1].kind == MUD_LEX_PRODUCT)
            continue;
        cut_tokens(s, look);
        good = &s->goods[code];
        good->places++;
        /* The majority vote of Boyer and Moore: the commonest term, if any is
         * common. */
        if (!good->entry_places)
            good->entry = hit->entry;
        good->entry_places += good->entry == hit->entry ? 1 : UINT32_MAX;
        add_contexts(s, look, (uint32_t)s->options.candidates + code, hit->at);
    }
}

void mud_suggest_look(struct mud_suggest *s,
                      const struct mud_suggest_text *text)
{
    struct look look = {.text = text};

    s->text++;
    if (s->text > s->counted || is_alike(s))
        return;
    mud_stext_read(&look.t, s->reader, text, s->work);
    for (size_t i = 0; i < look.t.n; i++) {
        size_t reach = mud_stext_reach(&look.t, i);
        uint64_t key = 0;

        for (size_t n = 1; n <= reach; n++) {
            struct mud_tally_cell *cell;

            key = key_add(key, look.t.units[i + n - 1].id);
            cell = mud_tally_get(&s->counts, key);
            if (!cell || cell->count < s->least)
                break; /* what is longer is rarer still */
            if (!mud_stext_whole(&look.t, i, n) ||
                cell->deals == MUD_SUGGEST_NO)
                continue;
            if (!cell->deals)
                cell->deals = judge(s, &look.t, i, n, cell->count);
            if (cell->deals != MUD_SUGGEST_NO)
                meet(s, &look, cell->deals - 1, i);
        }
    }
    if (look.t.n_hits)
        meet_goods(s, &look);
    mud_arena_reset(s->work);
}

struct mud_suggest_sum mud_suggest_sum(const struct mud_suggest *s)
{
    return (struct mud_suggest_sum){.texts = s->counted,
                                    .alike = s->n_alike,
                                    .candidates = s->n_cands,
                                    .dropped = s->dropped || s->beside.full ||
                                               s->contexts.full};
}
