/* Folds that need their neighbours: see folding.h. */
#include <stdlib.h>
#include <unicode/uloc.h>

#include "base/utf8.h"
#include "nlp/folding.h"
#include "nlp/script.h"
#include "nlp/tables.h"

struct edits {
    struct mud_arena *arena;
    struct mud_fold_edit *v;
    size_t n, cap;
};

static void add_edit(struct edits *edits, struct mud_fold_edit edit)
{
    edits->v = mud_arena_grow(
        edits->arena, edits->v, &edits->cap, edits->n, sizeof *edits->v);
    edits->v[edits->n++] = edit;
}

static void add_char(struct edits *edits, size_t start, size_t end, uint32_t c,
                     enum mud_fold_layer layer)
{
    char utf8[4];
    size_t n = mud_utf8_put(c, utf8);

    add_edit(edits,
             (struct mud_fold_edit){
                 .start = (uint32_t)start,
                 .end = (uint32_t)end,
                 .with = mud_str_of(mud_arena_dup(edits->arena, utf8, n), n),
                 .layer = (uint8_t)layer});
}

/* Does a folded span begin and end where a run or a character does? */
static bool is_whole(const struct mud_fold *fold, uint32_t start, uint32_t end)
{
    const struct mud_fold_run *run = mud_fold_run_at(fold, start);
    const struct mud_fold_run *last = mud_fold_run_at(fold, end - 1);
    const struct mud_fold_run *stop = fold->runs + fold->n_runs;

    if (!run->even && run->at != start)
        return false;
    if (last->even)
        return true;
    return end == (last + 1 < stop ? last[1].at : fold->text.n);
}

struct copy { /* a fold being written anew */
    const struct mud_fold *from;
    struct mud_fold_runs runs;
    char *out;
    size_t n_out;
    uint32_t run; /* of from, the first not done */
};

static void copy_span(struct copy *c, uint32_t start, uint32_t end)
{
    const struct mud_fold *fold = c->from;

    while (c->run < fold->n_runs && start < end) {
        struct mud_fold_run run = fold->runs[c->run];
        uint32_t stop = c->run + 1 < fold->n_runs ? fold->runs[c->run + 1].at
                                                  : (uint32_t)fold->text.n;
        if (stop <= start) {
            c->run++;
            continue;
        }
        if (run.even) {
            run.start += start - run.at;
            run.end = run.start + ((stop < end ? stop : end) - start);
        }
        if (stop > end)
            stop = end;
        run.at = (uint32_t)c->n_out;
        mud_fold_put_run(&c->runs, run);
        memcpy(c->out + c->n_out, fold->text.s + start, stop - start);
        c->n_out += stop - start;
        start = stop;
    }
}

/* Edits are in order and apart; those that would cut a run are left out. */
static void apply(struct mud_fold *fold, const struct edits *edits)
{
    struct copy c = {.from = fold, .runs = {.arena = edits->arena}};
    size_t cap = fold->text.n;
    uint32_t at = 0;

    if (!edits->n)
        return;
    for (size_t i = 0; i < edits->n; i++)
        cap += edits->v[i].with.n;
    c.out = mud_arena_alloc(edits->arena, cap);
    for (size_t i = 0; i < edits->n; i++) {
        const struct mud_fold_edit *e = &edits->v[i];
        struct mud_span raw;

        if (!is_whole(fold, e->start, e->end))
            continue;
        copy_span(&c, at, e->start);
        at = e->end;
        if (!e->with.n)
            continue;
        raw = mud_fold_raw(fold, (struct mud_span){e->start, e->end});
        mud_fold_put_run(&c.runs,
                         (struct mud_fold_run){.at = (uint32_t)c.n_out,
                                               .start = raw.start,
                                               .end = raw.end,
                                               .layer = e->layer});
        memcpy(c.out + c.n_out, e->with.s, e->with.n);
        c.n_out += e->with.n;
    }
    copy_span(&c, at, (uint32_t)fold->text.n);
    fold->text = mud_str_of(c.out, c.n_out);
    fold->runs = c.runs.v;
    fold->n_runs = (uint32_t)c.runs.n;
}

/* Two characters that are parts of one become it. */
static void join_parts(struct mud_fold *fold, const struct mud_folder *folder,
                       struct mud_arena *arena)
{
    struct edits edits = {.arena = arena};
    size_t at = 0;

    while (at < fold->text.n) {
        size_t start = at, second;
        uint32_t node = 0, c = mud_utf8_next(fold->text, &at);

        if (c < 0x80 || !mud_trie_step(&folder->split, &node, c) ||
            at >= fold->text.n)
            continue;
        second = at;
        c = mud_utf8_next(fold->text, &second);
        if (!mud_trie_step(&folder->split, &node, c) ||
            mud_trie_value(&folder->split, node) == MUD_TRIE_NONE)
            continue;
        add_char(&edits,
                 start,
                 second,
                 (uint32_t)mud_trie_value(&folder->split, node),
                 MUD_FOLD_SPLIT);
        at = second;
    }
    apply(fold, &edits);
}

/* Toneless letters of a pinyin syllable: an initial, then a final. */
static bool is_syllable(struct mud_str s)
{
    static const char *const finals[] = {
        "a",   "o",   "e",   "ai", "ei",   "ao",   "ou",  "an",  "en",
        "ang", "eng", "ong", "er", "i",    "ia",   "ie",  "iao", "iu",
        "ian", "in",  "ing", "u",  "ua",   "uo",   "uai", "ui",  "uan",
        "un",  "ue",  "v",   "ve", "iang", "iong", "uang"};
    size_t i = 0;

    if (s.n > 1 && strchr("zcs", s.s[0]) && s.s[1] == 'h')
        i = 2;
    else if (s.n && strchr("bpmfdtnlgkhjqxrzcsyw", s.s[0]))
        i = 1;
    for (size_t k = 0; k < sizeof finals / sizeof *finals; k++)
        if (mud_str_eqz(mud_str_sub(s, i, s.n), finals[k]))
            return true;
    return false;
}

/*
 * Length of "(reading)" at the bracket, or 0. With a tone mark it is one
 * wherever it stands; without, only between two Han characters.
 */
static size_t gloss_at(const struct mud_folder *folder, struct mud_str text,
                       size_t open)
{
    size_t at = open + 1;
    bool tone = false;

    while (at < text.n && text.s[at] != ')') {
        uint32_t c = mud_utf8_next(text, &at);
        bool ascii = c >= 'a' && c <= 'z';

        if (!ascii && (c < 0x80 || !(mud_fold_action(&folder->table, c)->flags &
                                     MUD_FOLD_TONE)))
            return 0;
        tone |= !ascii;
        if (at - open > 10)
            return 0;
    }
    if (at >= text.n || at < open + 2)
        return 0;
    if (!tone) {
        size_t next = at + 1;

        if (!is_syllable(mud_str_sub(text, open + 1, at)) || next >= text.n ||
            mud_char_class(mud_utf8_next(text, &next)) != MUD_CHAR_HAN)
            return 0;
    }
    return at + 1 - open;
}

static bool han_before(struct mud_str text, size_t at)
{
    size_t start = at;

    while (start && at - start < 4) {
        start--;
        if ((text.s[start] & 0xc0) != 0x80)
            break;
    }
    return start < at &&
           mud_char_class(mud_utf8_next(text, &start)) == MUD_CHAR_HAN;
}

static void drop_glosses(struct mud_fold *fold, const struct mud_folder *folder,
                         struct mud_arena *arena)
{
    struct edits edits = {.arena = arena};
    size_t at = 0, n;

    while (at < fold->text.n) {
        const char *open = memchr(fold->text.s + at, '(', fold->text.n - at);

        if (!open)
            break;
        at = (size_t)(open - fold->text.s);
        n = han_before(fold->text, at) ? gloss_at(folder, fold->text, at) : 0;
        if (n)
            add_edit(&edits,
                     (struct mud_fold_edit){.start = (uint32_t)at,
                                            .end = (uint32_t)(at + n),
                                            .layer = MUD_FOLD_GLOSS});
        at += n ? n : 1;
    }
    apply(fold, &edits);
}

struct mixed { /* letters of one word */
    uint32_t latin, foreign;
    bool to_latin, to_foreign; /* can all of the other kind be changed? */
};

/* The Latin letter that c looks like, by its raw form first; or 0. */
static uint32_t latin_of(const struct mud_folder *folder,
                         const struct mud_fold *fold, size_t at, size_t end)
{
    struct mud_span raw =
        mud_fold_raw(fold, (struct mud_span){(uint32_t)at, (uint32_t)end});
    int32_t value = mud_trie_get(&folder->looks,
                                 mud_str_sub(fold->raw, raw.start, raw.end));

    if (value == MUD_TRIE_NONE)
        value = mud_trie_get(&folder->looks, mud_str_sub(fold->text, at, end));
    return value == MUD_TRIE_NONE ? 0 : (uint32_t)value;
}

static bool is_foreign(enum mud_char_class class)
{
    return class == MUD_CHAR_CYRILLIC || class == MUD_CHAR_GREEK ||
           class == MUD_CHAR_LETTER;
}

/* Look at the word from `at` on; where it ends. */
static size_t survey(struct mixed *mixed, const struct mud_folder *folder,
                     const struct mud_fold *fold, size_t at)
{
    *mixed = (struct mixed){.to_latin = true, .to_foreign = true};
    while (at < fold->text.n) {
        size_t next = at;
        uint32_t c = mud_utf8_next(fold->text, &next);
        enum mud_char_class class = mud_char_class(c);

        if (class == MUD_CHAR_LATIN) {
            mixed->latin++;
            mixed->to_foreign &= c < 128 && folder->cyrillic[c];
        } else if (is_foreign(class)) {
            mixed->foreign++;
            mixed->to_foreign &= class == MUD_CHAR_CYRILLIC;
            mixed->to_latin =
                mixed->to_latin && latin_of(folder, fold, at, next);

        } else if (class != MUD_CHAR_DIGIT && c != '_') {
            return at;
        }

        at = next;
    }
    return at;
}

static void rewrite(struct edits *edits, const struct mud_folder *folder,
                    const struct mud_fold *fold, struct mud_span word,
                    bool to_latin)
{
    size_t at = word.start;

    while (at < word.end) {
        size_t start = at;
        uint32_t c = mud_utf8_next(fold->text, &at);
        enum mud_char_class class = mud_char_class(c);

        if (to_latin && is_foreign(class))
            add_char(edits,
                     start,
                     at,
                     latin_of(folder, fold, start, at),
                     MUD_FOLD_HOMOGLYPH);
        else if (!to_latin && class == MUD_CHAR_LATIN)
            add_char(edits, start, at, folder->cyrillic[c], MUD_FOLD_HOMOGLYPH);
    }
}

/* In a word of mixed script the letters that look alike go one way. */
static void unmix(struct mud_fold *fold, const struct mud_folder *folder,
                  struct mud_arena *arena)
{
    struct edits edits = {.arena = arena};
    size_t at = 0;

    while (at < fold->text.n) {
        struct mixed mixed;
        size_t end = survey(&mixed, folder, fold, at);
        struct mud_span word = {(uint32_t)at, (uint32_t)end};

        if (mixed.latin && mixed.foreign) {
            if (mixed.to_latin &&
                (!mixed.to_foreign || mixed.latin >= mixed.foreign))
                rewrite(&edits, folder, fold, word, true);
            else if (mixed.to_foreign)
                rewrite(&edits, folder, fold, word, false);
        }
        at = end;
        if (at < fold->text.n)
            (void)mud_utf8_next(fold->text, &at);
    }
    apply(fold, &edits);
}

void mud_fold_context(struct mud_fold *fold, const struct mud_folder *folder,
                      unsigned flags, struct mud_arena *arena)
{
    if (flags & MUD_FOLD_PART && folder->split.nodes)
        join_parts(fold, folder, arena);
    if (fold->text.n && memchr(fold->text.s, '(', fold->text.n))
        drop_glosses(fold, folder, arena);
    if (flags & MUD_FOLD_LOOKALIKE && folder->looks.nodes)
        unmix(fold, folder, arena);
}

struct rows { /* of a table with two columns */
    struct mud_trie_key *keys;
    size_t n, cap;
};

static void read_rows(struct rows *rows, const struct mud_folder *folder,
                      const char *name, bool fold, struct mud_arena *arena)
{
    const struct mud_embedded *row = mud_embedded_find(mud_nlp_tables, name);
    struct mud_str text = row ? mud_embedded_text(row) : MUD_STR(""), line;

    while (mud_str_line(&text, &line)) {
        struct mud_str from;
        size_t at = 0;

        if (!line.n || line.s[0] == '#' || !mud_str_cut(&line, '\t', &from) ||
            !line.n)
            continue;
        rows->keys =
            mud_grow(rows->keys, &rows->cap, rows->n, sizeof *rows->keys);
        rows->keys[rows->n++] = (struct mud_trie_key){
            fold ? mud_fold_term(folder, from, arena) : from,
            (int32_t)mud_utf8_next(line, &at)};
    }
}

static void read_regions(struct mud_folder *folder)
{
    const char *const *country = uloc_getISOCountries();

    for (; *country; country++)
        if ((*country)[0] >= 'A' && (*country)[0] <= 'Z' &&
            (*country)[1] >= 'A' && (*country)[1] <= 'Z')
            folder->regions[(*country)[0] - 'A'] |= 1u << ((*country)[1] - 'A');
    folder->regions['E' - 'A'] |= 1u << ('U' - 'A');
    folder->regions['U' - 'A'] |= 1u << ('N' - 'A');
}

bool mud_fold_context_new(struct mud_folder *folder, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct rows split = {0}, looks = {0};
    bool ok;

    read_rows(&split, folder, "split.tsv", true, arena);
    read_rows(&looks, folder, "homoglyph.tsv", false, arena);
    for (size_t i = looks.n; i-- > 0;) {
        size_t at = 0;
        uint32_t c = mud_utf8_next(looks.keys[i].key, &at);

        if (mud_char_class(c) == MUD_CHAR_CYRILLIC && looks.keys[i].value < 128)
            folder->cyrillic[looks.keys[i].value] = c;
    }
    read_regions(folder);
    ok = mud_trie_build(&folder->split, split.keys, split.n, err) &&
         mud_trie_build(&folder->looks, looks.keys, looks.n, err);
    free(split.keys);
    free(looks.keys);
    mud_arena_free(arena);
    return ok;
}
