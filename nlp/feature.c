#include "nlp/feature.h"

#include "nlp/modelindex.h"
#include "nlp/product.h"

enum {
    HAN_BYTES = 3,
    WORD_MIN = 2,
    WORD_MAX = 40,
    MANY = 8, /* points of a category */
    SCORE_MAX = 16 - MUD_SCORE_LEAST,
    BENIGN_MAX = 10,
    STEM_BYTES = 10, /* five Cyrillic letters */
    PHRASES_MAX = 64,
    COUNTS_MAX = 64 /* features of counts and by the rules */
};

/* There is room, and for one more: mud_features_find made it. 0 is no feature,
 * and seen from the start. */
static inline void add(struct mud_features *f, uint32_t feature, uint32_t from,
                       uint32_t to)
{
    uint64_t seen = f->seen[feature / 64];

    if (f->places)
        f->places[f->n] = (struct mud_found){f->scan, {from, to}};
    f->found[f->n] = (uint16_t)feature;
    /* one that was seen leaves its place to the next */
    f->n += (uint32_t)(~seen >> feature % 64 & 1);
    f->seen[feature / 64] = seen | UINT64_C(1) << feature % 64;
}

static inline void put(struct mud_features *f, unsigned kind,
                       struct mud_str text, uint32_t from, uint32_t to)
{
    uint64_t key;

    if (f->collect) {
        f->collect(f->to, kind, text);
        return;
    }
    key = mud_model_key(kind, text.s, text.n);
    if (mud_model_may(f->model, key))
        add(f, mud_model_keyed(f->model, key, kind, text), from, to);
}

static void collect_counted(struct mud_features *f, enum mud_counted group,
                            unsigned value)
{
    char text[MUD_COUNTED_TEXT];
    unsigned kind = mud_counted_name(text, group, value);

    f->collect(f->to, kind, mud_str_z(text));
}

static inline void put_counted(struct mud_features *f, enum mud_counted group,
                               unsigned value)
{
    if (f->collect)
        collect_counted(f, group, value);
    else if (value < MUD_COUNTED_VALUES)
        add(f, f->model->counted[group][value], 0, 0);
}

/* What is put once for a message, before what has a place: it is new. */
static inline void put_once(struct mud_features *f, enum mud_counted group,
                            unsigned value)
{
    if (f->collect) {
        collect_counted(f, group, value);
    } else if (value < MUD_COUNTED_VALUES) {
        uint16_t feature = f->model->counted[group][value];

        f->found[f->n] = feature;
        f->n += feature > 0;
    }
}

/* Words and pairs. */

struct reader_of_words {
    struct mud_features *f;
    struct mud_str text;
    uint32_t han;            /* where the Han character before ended */
    uint32_t word, word_end; /* the word before */
};

static bool letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || c == '\'' || (c >= 0xC3 && c < 0xE0);
}

static void one_word(struct reader_of_words *r, uint32_t start, uint32_t end)
{
    struct mud_str word = mud_str_sub(r->text, start, end);
    bool cyrillic = (unsigned char)word.s[0] >= 0xD0;

    if (word.n > WORD_MAX)
        return;
    if (r->word_end > 0 && r->word_end + 1 == start &&
        r->text.s[r->word_end] == ' ' && end - r->word <= WORD_MAX)
        put(r->f,
            MUD_F_WORDS,
            mud_str_sub(r->text, r->word, end),
            r->word,
            end);
    r->word = start;
    r->word_end = end;
    if (word.n < WORD_MIN)
        return;
    if (cyrillic && word.n > STEM_BYTES)
        word.n = STEM_BYTES;
    put(r->f, MUD_F_WORD, word, start, end);
}

static void letters_of(struct reader_of_words *r, uint32_t *i, uint32_t end)
{
    uint32_t from = *i;

    while (*i < end && letter((unsigned char)r->text.s[*i]))
        *i += (unsigned char)r->text.s[*i] < 0x80 ? 1 : 2;
    if (*i > from)
        one_word(r, from, *i < end ? *i : end);
    else
        ++*i;
}

/* Pairs of the Han characters from i on; returns where they end. */
static inline uint32_t hans_of(struct reader_of_words *r, uint32_t i,
                               uint32_t end)
{
    uint32_t han = r->han;

    while (i + HAN_BYTES <= end && (unsigned char)(r->text.s[i] - 0xE3) < 7) {
        if (han == i)
            put(r->f,
                MUD_F_PAIR,
                mud_str_of(r->text.s + i - HAN_BYTES, MUD_MODEL_PAIR),
                i - HAN_BYTES,
                i + HAN_BYTES);
        i += HAN_BYTES;
        han = i;
    }
    r->han = han;
    return i;
}

static inline void words_of(struct reader_of_words *r, uint32_t start,
                            uint32_t end)
{
    for (uint32_t i = hans_of(r, start, end); i < end; i = hans_of(r, i, end))
        letters_of(r, &i, end);
}

static void collect_terms(struct mud_features *f, const struct mud_scan *s,
                          const struct mud_mark *m)
{
    for (uint32_t k = 0; k < m->n_hits; k++) {
        uint32_t entry = s->hits[m->hit + k].entry;
        struct mud_str text;

        if (mud_model_term(
                &text, mud_lexicon_entry(s->reader->lexicon, entry), f->arena))
            f->collect(f->to, MUD_F_TERM, text);
    }
}

static inline void terms_of(struct mud_features *f, const struct mud_scan *s,
                            const struct mud_mark *m)
{
    if (f->collect) {
        collect_terms(f, s, m);
        return;
    }
    for (uint32_t k = 0; k < m->n_hits; k++) {
        uint32_t entry = s->hits[m->hit + k].entry;

        add(f, f->model->entries[entry], m->start, m->end);
    }
}

static void signs_of(struct mud_features *f, const struct mud_scan *s,
                     const struct mud_mark *m)
{
    struct mud_str sign = mud_scan_text(s, m->start, m->end);

    if (sign.n <= 4 && sign.s[0] != ',' && sign.s[0] != '.')
        put(f, MUD_F_SIGN, sign, m->start, m->end);
}

static void marks_of(struct mud_features *f, const struct mud_scan *s)
{
    const unsigned words =
        1U << MUD_MARK_TERM | 1U << MUD_MARK_WORD | 1U << MUD_MARK_HAN;
    struct reader_of_words r = {.f = f, .text = s->text, .han = UINT32_MAX};
    const struct mud_mark *end = &s->marks[s->n_marks + 1];

    for (const struct mud_mark *m = &s->marks[1];
         m < end && m->start < MUD_FEATURE_BYTES;
         m++) {
        if (m->claimed)
            continue;
        terms_of(f, s, m);
        if (words >> m->type & 1)
            words_of(&r, m->start, m->end);
        else if (m->type == MUD_MARK_SIGN)
            signs_of(f, s, m);
    }
}

static void phrases_of(struct mud_features *f, const struct mud_scan *s)
{
    for (size_t i = 0; i < s->n_phrases && i < PHRASES_MAX; i++) {
        const struct mud_phrase *p = &s->phrases[i];

        if (!p->generic)
            put(f,
                p->weak ? MUD_F_WEAK : MUD_F_PRODUCT,
                mud_phrase_canonical(s, p)->id,
                p->start,
                p->end);
    }
}

static unsigned cap(int value, int max)
{
    return (unsigned)(value < 0 ? 0 : value > max ? max : value);
}

static void counts_of(struct mud_features *f, const struct mud_tally *t,
                      const struct mud_scan *s)
{
    unsigned length = 63 - (unsigned)__builtin_clzll(s->text.n | 1);

    put_once(f, MUD_N_BIAS, 0);
    put(f, MUD_F_LANG, s->lang, 0, 0);
    put_once(f, MUD_N_LENGTH, length);
    put_once(f, MUD_N_PRICES, cap(t->price, 3));
    put_once(f, MUD_N_CONTACT, cap(t->contact, 3));
    put_once(f, MUD_N_PRODUCTS, cap(t->distinct, 3));
    put_once(f, MUD_N_VICTIMS, cap(t->victims, 2));
    for (unsigned rest = t->category_by_rules ? t->categories : 0; rest;
         rest &= rest - 1) {
        unsigned c = (unsigned)__builtin_ctz(rest);

        put_once(
            f, t->category[c] >= MANY ? MUD_N_CATEGORY2 : MUD_N_CATEGORY, c);
    }
    for (unsigned d = MUD_DIR_SELL;
         (t->near | t->early) && d <= MUD_DIR_RECRUIT;
         d++) {
        if (t->near >> d & 1)
            put_once(f, MUD_N_NEAR, d);
        if (t->early >> d & 1)
            put_once(f, MUD_N_EARLY, d);
    }
}

/* How many words hint at what, up to three. */
static void hints_of(struct mud_features *f, const struct mud_scan *s)
{
    static const enum mud_counted groups[] = {
        MUD_N_HINT, MUD_N_HINT2, MUD_N_HINT3};

    for (unsigned rest = s->hinted; rest; rest &= rest - 1) {
        unsigned h = (unsigned)__builtin_ctz(rest);

        put_counted(f, groups[cap(s->hints[h] - 1, 2)], h);
    }
}

static void rules_of(struct mud_features *f, const struct mud_tally *t)
{
    put_once(f, MUD_N_STATE, t->state);
    put_once(f, MUD_N_RULES_CATEGORY, t->category_by_rules);
    put_once(f, MUD_N_RULES_SIDE, t->side);
    put_once(f, MUD_N_RULES_TALK, t->talk);
    put_once(f, MUD_N_SCORE, cap(t->score - MUD_SCORE_LEAST, SCORE_MAX));
    put_once(f, MUD_N_BENIGN, cap(t->benign, BENIGN_MAX));
}

/* Room for all there can be, at most one for each byte: a word and the pair of
 * words that it ends take two. */
static void make_room(struct mud_features *f, struct mud_scan *const *scans,
                      size_t n)
{
    size_t most = COUNTS_MAX;

    for (size_t i = 0; i < n; i++)
        most += MUD_HINTS + PHRASES_MAX + scans[i]->n_hits + scans[i]->text.n;
    if (most > f->model->n)
        most = f->model->n;
    f->found = mud_arena_array(f->arena, most + 1, sizeof *f->found);
    f->seen = mud_arena_array(f->arena, f->model->n / 64 + 1, sizeof *f->seen);
    f->seen[0] = 1; /* that is none */
    if (f->explain)
        f->places = mud_arena_array(f->arena, most + 1, sizeof *f->places);
}

void mud_features_find(struct mud_features *f, const struct mud_tally *t,
                       struct mud_scan *const *scans, size_t n)
{
    if (!f->collect)
        make_room(f, scans, n);
    counts_of(f, t, scans[0]);
    rules_of(f, t);
    for (size_t i = 0; i < n; i++) {
        if (scans[i]->text.n == 0)
            continue;
        f->scan = (uint32_t)i;
        hints_of(f, scans[i]);
        phrases_of(f, scans[i]);
        marks_of(f, scans[i]);
    }
}
