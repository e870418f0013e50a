/* Finding all terms of a lexicon in a text, in one pass. */
#include "base/utf8.h"
#include "nlp/lexicon.h"
#include "nlp/lexindex.h"
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

/* All terms that begin at `start`, longest first. */
static void walk(struct find *f, size_t start)
{
    uint32_t ends[LONGEST], values[LONGEST], node = 0;
    size_t at = start, n = 0;

    while (at < f->text.n && n < LONGEST) {
        if (!mud_trie_step(f->trie, &node, mud_utf8_next(f->text, &at)))
            break;
        if (mud_trie_value(f->trie, node) == MUD_TRIE_NONE)
            continue;
        ends[n] = (uint32_t)at;
        values[n++] = (uint32_t)mud_trie_value(f->trie, node);
    }
    while (n--)
        add_hits(f, values[n], start, ends[n]);
}

static bool ascii_letter(unsigned char c)
{
    return c >= 'a' && c <= 'z';
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
    const unsigned char *s = (const unsigned char *)folded.s;

    for (size_t at = 0; lexicon->sealed && at < folded.n;) {
        uint32_t node = 0;

        if (s[at] < 0x80) {
            /* Inside a word only the few terms that may begin there. */
            if ((at == 0 || !ascii_letter(s[at]) || !ascii_letter(s[at - 1]) ||
                 lexicon->inside[s[at]]) &&
                mud_trie_unit(f.trie, &node, s[at]))
                walk(&f, at);
            at++;
            continue;
        }
        if (s[at] >= 0xe0 && s[at] < 0xf0 && at + 2 < folded.n) {
            uint32_t c = (uint32_t)(s[at] & 15) << 12 |
                         (uint32_t)(s[at + 1] & 63) << 6 |
                         (uint32_t)(s[at + 2] & 63);

            if (mud_trie_unit(f.trie, &node, (uint16_t)c))
                walk(&f, at);
            at += 3;
            continue;
        }
        walk(&f, at);
        (void)mud_utf8_next(folded, &at);
    }
    *out = f.hits;
    return f.n;
}
