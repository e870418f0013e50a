/* Finding all terms of a lexicon in a text, in one pass. */
#include "base/utf8.h"
#include "nlp/lexicon.h"
#include "nlp/lexindex.h"
#include "nlp/scratch.h"
#include "nlp/script.h"

#define LONGEST 256 /* terms that end on one walk: one a byte at most */

struct find {
    const struct mud_lexicon *lexicon;
    const struct mud_trie *trie;
    struct mud_str text;
    uint32_t kinds;
    struct mud_arena *arena;
    struct mud_lex_hit *hits;
    size_t n, cap;
};

static bool is_letter(enum mud_char_class class)
{
    return class == MUD_CHAR_LATIN || class == MUD_CHAR_CYRILLIC ||
           class == MUD_CHAR_GREEK || class == MUD_CHAR_LETTER;
}

static enum mud_char_class class_at(struct mud_str text, size_t at)
{
    return at < text.n ? mud_char_class(mud_utf8_next(text, &at))
                       : MUD_CHAR_SPACE;
}

static enum mud_char_class class_before(struct mud_str text, size_t at)
{
    if (!at)
        return MUD_CHAR_SPACE;
    do {
        at--;
    } while (at && ((unsigned char)text.s[at] & 0xc0) == 0x80);
    return class_at(text, at);
}

/*
 * Do the edges hold? *end moves over a plural s that belongs to the term.
 */
static bool edges_hold(const struct find *f, unsigned edges, size_t start,
                       size_t *end)
{
    if (edges & (MUD_LEX_LETTER_FIRST | MUD_LEX_DIGIT_FIRST)) {
        enum mud_char_class class = class_before(f->text, start);

        if (edges & MUD_LEX_LETTER_FIRST ? is_letter(class)
                                         : class == MUD_CHAR_DIGIT)
            return false;
    }
    if (edges & (MUD_LEX_LETTER_LAST | MUD_LEX_DIGIT_LAST)) {
        enum mud_char_class class = class_at(f->text, *end);

        if (edges & MUD_LEX_PLURAL && *end < f->text.n &&
            f->text.s[*end] == 's' && !is_letter(class_at(f->text, *end + 1))) {
            (*end)++;
            return true;
        }
        if (edges & MUD_LEX_LETTER_LAST ? is_letter(class)
                                        : class == MUD_CHAR_DIGIT)
            return false;
    }
    return true;
}

static void add_hits(struct find *f, uint32_t number, size_t start, size_t end)
{
    for (; number; number = f->lexicon->entries[number].next) {
        const struct mud_lex_entry *entry = &f->lexicon->entries[number];
        size_t stop = end;

        if ((f->kinds && !(f->kinds & 1u << entry->kind)) ||
            !edges_hold(f, entry->edges, start, &stop))
            continue;
        f->hits =
            mud_arena_grow(f->arena, f->hits, &f->cap, f->n, sizeof *f->hits);
        f->hits[f->n++] =
            (struct mud_lex_hit){.at = {(uint32_t)start, (uint32_t)stop},
                                 .entry = number,
                                 .kind = entry->kind};
    }
}

static inline bool ascii_letter(uint32_t c)
{
    return c >= 'a' && c <= 'z';
}

/* The code point at `at` of valid UTF-8; 0 at the end. */
static inline uint32_t next_point(struct mud_str text, size_t *at)
{
    const unsigned char *s = (const unsigned char *)text.s + *at;

    if (*at >= text.n)
        return 0;
    if (s[0] < 0x80) {
        (*at)++;
        return s[0];
    }
    if (s[0] >= 0xe0 && s[0] < 0xf0 && *at + 2 < text.n) {
        *at += 3;
        return (uint32_t)(s[0] & 15) << 12 | (uint32_t)(s[1] & 63) << 6 |
               (uint32_t)(s[2] & 63);
    }
    return mud_utf8_next(text, at);
}

/*
 * All terms that begin at `start` with the character c, longest first. It ends
 * at `at`, and `second`, which follows it, before `after`.
 */
static void walk(struct find *f, size_t start, uint32_t c, size_t at,
                 uint32_t second, size_t after)
{
    uint32_t ends[LONGEST] MUD_SCRATCH, values[LONGEST] MUD_SCRATCH;
    uint32_t node = 0;
    size_t n = 0;

    if (!mud_trie_step(f->trie, &node, c))
        return;
    for (c = second; n < LONGEST; c = next_point(f->text, &after)) {
        int32_t value = mud_trie_value(f->trie, node);

        if (value != MUD_TRIE_NONE) {
            ends[n] = (uint32_t)at;
            values[n++] = (uint32_t)value;
        }
        if (!c || !mud_trie_step(f->trie, &node, c))
            break;
        at = after;
    }
    while (n--)
        add_hits(f, values[n], start, ends[n]);
}

/* May a term begin with these two characters? An astral one always may. */
static inline bool may_begin(const struct mud_lexicon *lexicon, uint32_t c,
                             uint32_t second)
{
    uint32_t bit = mud_lex_gate_bit(c, second);

    return lexicon->gate[bit / 64] >> bit % 64 & 1 || c >= 0x10000 ||
           lexicon->single[c / 64] >> c % 64 & 1;
}

size_t mud_lexicon_find(struct mud_lex_hit **out,
                        const struct mud_lexicon *lexicon,
                        struct mud_str folded, uint32_t kinds,
                        struct mud_arena *arena)
{
    struct find f = {.lexicon = lexicon,
                     .trie = &lexicon->trie,
                     .text = folded,
                     .kinds = kinds,
                     .arena = arena};
    size_t at = 0, next = 0;
    uint32_t before = 0, c = next_point(folded, &next);

    while (lexicon->sealed && at < folded.n) {
        size_t after = next;
        uint32_t second = next_point(folded, &after);

        /* Inside a Latin word only the few terms that may begin there. */
        if (may_begin(lexicon, c, second) &&
            (!ascii_letter(c) || !ascii_letter(before) || lexicon->inside[c]))
            walk(&f, at, c, next, second, after);
        before = c;
        c = second;
        at = next;
        next = after;
    }
    *out = f.hits;
    return f.n;
}
