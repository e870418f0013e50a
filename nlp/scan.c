#include "nlp/scan.h"

#include "nlp/lang.h"
#include "nlp/mark.h"

#define KINDS                                                             \
    (1U << MUD_LEX_PRODUCT | 1U << MUD_LEX_PLATFORM | 1U << MUD_LEX_CUE | \
     1U << MUD_LEX_UNIT | 1U << MUD_LEX_CURRENCY | 1U << MUD_LEX_VERB |   \
     1U << MUD_LEX_ROLE | 1U << MUD_LEX_NEGATION | 1U << MUD_LEX_BENIGN | \
     1U << MUD_LEX_CATEGORY)

/* Words that only tell a topic leave the hits: they set a bit, or count. */
static void take_topics(struct mud_scan *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n_hits; i++) {
        const struct mud_meaning *m;

        if (s->hits[i].kind != MUD_LEX_CATEGORY) {
            s->hits[n++] = s->hits[i];
            continue;
        }
        m = &s->reader->meanings[s->hits[i].entry];
        s->topics |= m->code;
        if (m->hint == 0)
            continue;
        s->hinted |= 1U << m->hint;
        if (s->hints[m->hint] < UINT8_MAX)
            s->hints[m->hint]++;
    }
    s->n_hits = n;
}

static const struct mud_grams *grams_of(struct mud_str text,
                                        struct mud_arena *arena)
{
    struct mud_grams *grams = mud_arena_alloc(arena, sizeof *grams);

    mud_grams_add(grams, text);
    return grams;
}

void mud_scan_set(struct mud_scan *scan, const struct mud_reader *reader,
                  struct mud_str raw, struct mud_arena *arena)
{
    static struct mud_mark none[2];
    static const struct mud_grams nothing = {.known = MUD_WORDS_MOST};

    scan->reader = reader;
    scan->arena = arena;
    scan->marks = none;
    scan->grams = &nothing;
    scan->lang = MUD_STR("und");
    scan->fold.raw = raw;
}

static void fold(struct mud_scan *s)
{
    mud_fold(&s->fold, s->reader->folder, s->fold.raw, s->arena);
    s->text = s->fold.text;
    s->grams = grams_of(s->text, s->arena);
}

static void find_terms(struct mud_scan *s)
{
    s->n_hits = mud_lexicon_find(
        &s->hits, s->reader->lexicon, s->text, KINDS, s->arena);
    take_topics(s);
}

static void find_lang(struct mud_scan *s)
{
    s->lang = mud_lang_of(s->reader->folder, &s->fold);
}

void mud_scan_all(struct mud_scan *const *scans, size_t n)
{
    static void (*const steps[])(
        struct mud_scan *) = {fold, find_terms, mud_marks_make, find_lang};

    for (size_t step = 0; step < sizeof steps / sizeof *steps; step++) {
        for (size_t i = 0; i < n; i++) {
            if (scans[i]->fold.raw.n)
                steps[step](scans[i]);
        }
    }
}

void mud_scan_begin(struct mud_scan *scan, const struct mud_reader *reader,
                    struct mud_str raw, struct mud_arena *arena)
{
    mud_scan_set(scan, reader, raw, arena);
    mud_scan_all(&scan, 1);
}

uint32_t mud_scan_find(const struct mud_scan *scan, uint32_t at)
{
    uint32_t low = 1, high = scan->n_marks + 1;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (scan->marks[mid].end <= at)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

void mud_scan_claim(struct mud_scan *scan, uint32_t start, uint32_t end)
{
    scan->claims = true;
    for (uint32_t i = mud_scan_find(scan, start);
         i <= scan->n_marks && scan->marks[i].start < end;
         i++) {
        scan->marks[i].claimed = 1;
        scan->marks[i].entity = (uint32_t)scan->n_entities;
    }
}

struct mud_entity *mud_scan_add(struct mud_scan *scan, unsigned type,
                                uint32_t start, uint32_t end, unsigned rule,
                                unsigned sure)
{
    struct mud_span at = {start, end};
    struct mud_entity *e;

    scan->entities = mud_arena_grow(scan->arena,
                                    scan->entities,
                                    &scan->cap_entities,
                                    scan->n_entities,
                                    sizeof *scan->entities);
    e = &scan->entities[scan->n_entities++];
    *e = (struct mud_entity){
        .type = (uint8_t)type,
        .field = scan->field,
        .field_index = scan->field_index,
        .at = mud_fold_raw(&scan->fold, at),
        .of = -1,
        .per_qty = 1,
        .rule = (uint16_t)rule,
        .sure = (uint16_t)(sure * mud_fold_surely(&scan->fold, at) / 1000),
        .folded = mud_scan_text(scan, start, end)};
    return e;
}

struct mud_str mud_scan_cased(const struct mud_scan *scan, uint32_t start,
                              uint32_t end)
{
    struct mud_str folded = mud_scan_text(scan, start, end);
    char *out = mud_arena_dup(scan->arena, folded.s, folded.n);
    const struct mud_fold_run *run = NULL;
    const struct mud_fold_run *last = scan->fold.runs + scan->fold.n_runs;

    for (uint32_t i = start; i < end; i++) {
        if (!run || (run + 1 < last && run[1].at <= i))
            run = mud_fold_run_at(&scan->fold, i);
        if (run && run->even) {
            char raw = scan->fold.raw.s[run->start + (i - run->at)];

            if (raw >= 'A' && raw <= 'Z')
                out[i - start] = raw;
        }
    }
    return mud_str_of(out, folded.n);
}
