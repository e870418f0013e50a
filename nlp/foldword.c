/* Folds that need their neighbours: see folding.h. */
#include <stdlib.h>
#include <unicode/uloc.h>

#include "base/utf8.h"
#include "nlp/folding.h"
#include "nlp/script.h"
#include "nlp/step.h"
#include "nlp/tables.h"

/* Two characters that are parts of one become it. */
static void join_parts(struct mud_fold *fold, const struct mud_folder *folder,
                       struct mud_arena *arena)
{
    struct mud_fold_edits edits = {.arena = arena};
    size_t at = 0;

    while (at < fold->text.n) {
        size_t start, second;
        uint32_t node = 0, c;

        start = at = mud_guise_skip(folder->parts, fold->text, at);
        c = mud_step(fold->text, &at);

        if (c < 0x80 || !mud_trie_step(&folder->split, &node, c) ||
            at >= fold->text.n)
            continue;
        second = at;
        c = mud_step(fold->text, &second);
        if (!mud_trie_step(&folder->split, &node, c) ||
            mud_trie_value(&folder->split, node) == MUD_TRIE_NONE)
            continue;
        mud_fold_edit_char(&edits,
                           start,
                           second,
                           (uint32_t)mud_trie_value(&folder->split, node),
                           MUD_FOLD_SPLIT);
        at = second;
    }
    mud_fold_edit_apply(fold, &edits);
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
 * Length of "(reading)" or "[reading]" at the bracket, or 0. With a tone mark
 * it is one wherever it stands; without, before a Han character or in a row of
 * readings.
 */
static size_t gloss_at(const struct mud_folder *folder, struct mud_str text,
                       size_t open, bool row)
{
    char close = text.s[open] == '(' ? ')' : ']';
    size_t at = open + 1, next;
    bool tone = false;

    while (at < text.n && text.s[at] != close) {
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
    next = at + 1;
    if (!tone &&
        (at < open + 3 || !is_syllable(mud_str_sub(text, open + 1, at)) ||
         (!row && (next >= text.n || mud_char_class(mud_utf8_next(
                                         text, &next)) != MUD_CHAR_HAN))))
        return 0;
    return at + 1 - open;
}

/* Where the Han character right before `at` begins; at when there is none. */
static size_t han_before(struct mud_str text, size_t at)
{
    size_t start = at, next;

    while (start && at - start < 4) {
        start--;
        if ((text.s[start] & 0xc0) != 0x80)
            break;
    }
    next = start;
    return start < at &&
                   mud_char_class(mud_utf8_next(text, &next)) == MUD_CHAR_HAN
               ? start
               : at;
}

static void drop_glosses(struct mud_fold *fold, const struct mud_folder *folder,
                         struct mud_arena *arena)
{
    struct mud_fold_edits edits = {.arena = arena};
    struct mud_str text = fold->text;
    size_t last = 0; /* where the reading before ended */

    for (size_t at = 0; at < text.n; at++) {
        size_t han, n;

        if (text.s[at] != '(' && text.s[at] != '[')
            continue;
        han = han_before(text, at);
        n = han < at ? gloss_at(folder, text, at, last && han == last) : 0;
        if (!n)
            continue;
        mud_fold_edit_add(&edits,
                          (struct mud_fold_edit){.start = (uint32_t)at,
                                                 .end = (uint32_t)(at + n),
                                                 .layer = MUD_FOLD_GLOSS});
        last = at + n;
        at += n - 1;
    }
    mud_fold_edit_apply(fold, &edits);
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

static void rewrite(struct mud_fold_edits *edits,
                    const struct mud_folder *folder,
                    const struct mud_fold *fold, struct mud_span word,
                    bool to_latin)
{
    size_t at = word.start;

    while (at < word.end) {
        size_t start = at;
        uint32_t c = mud_utf8_next(fold->text, &at);
        enum mud_char_class class = mud_char_class(c);

        if (to_latin && is_foreign(class))
            mud_fold_edit_char(edits,
                               start,
                               at,
                               latin_of(folder, fold, start, at),
                               MUD_FOLD_HOMOGLYPH);
        else if (!to_latin && class == MUD_CHAR_LATIN)
            mud_fold_edit_char(
                edits, start, at, folder->cyrillic[c], MUD_FOLD_HOMOGLYPH);
    }
}

/* In a word of mixed script the letters that look alike go one way. */
static void unmix(struct mud_fold *fold, const struct mud_folder *folder,
                  struct mud_arena *arena)
{
    struct mud_fold_edits edits = {.arena = arena};
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
    mud_fold_edit_apply(fold, &edits);
}

void mud_fold_context(struct mud_fold *fold, const struct mud_folder *folder,
                      unsigned flags, struct mud_arena *arena)
{
    if (flags & MUD_FOLD_FACE)
        mud_fold_numbers(fold, arena);
    if (flags & MUD_FOLD_PART && folder->split.nodes)
        join_parts(fold, folder, arena);
    if (fold->text.n && (memchr(fold->text.s, '(', fold->text.n) ||
                         memchr(fold->text.s, '[', fold->text.n)))
        drop_glosses(fold, folder, arena);
    if (flags & MUD_FOLD_LOOKALIKE && folder->looks.nodes)
        unmix(fold, folder, arena);
    if (folder->guise.gate)
        mud_fold_guises(fold, &folder->guise, arena);
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
    folder->parts = mud_calloc(MUD_GUISE_GATE / 8, 1);
    for (size_t i = 0; i < split.n; i++) {
        size_t at = 0;
        uint32_t first = mud_guise_bytes(mud_utf8_next(split.keys[i].key, &at));
        uint32_t bit = mud_guise_bit(
            first, mud_guise_bytes(mud_utf8_next(split.keys[i].key, &at)));

        folder->parts[bit / 8] |= (uint8_t)(1u << bit % 8);
    }
    read_regions(folder);
    ok = mud_trie_build(&folder->split, split.keys, split.n, err) &&
         mud_trie_build(&folder->looks, looks.keys, looks.n, err);
    free(split.keys);
    free(looks.keys);
    mud_arena_free(arena);
    return ok;
}
