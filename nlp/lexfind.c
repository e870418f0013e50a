/* Finding all terms of a lexicon in a text, in one pass. */
#include "base/utf8.h"
#include "nlp/lexicon.h"
#include "nlp/lexindex.h"
#include "nlp/scratch.h"
#include "nlp/script.h"
#include "nlp/step.h"

#define LONGEST 256 /* terms that end on one walk: one a byte at most */

struct place {          /* where terms may begin */
    size_t start, end;  /* of the first character */
    size_t after;       /* the end of the second one */
    uint32_t c, second; /* 0 at the end of the text */
    uint32_t before;    /* the character before, 0 at the start */
};

struct find {
    const struct mud_lexicon *lexicon;
    struct mud_str text;
    uint32_t kinds;
    struct mud_arena *arena;
    struct mud_lex_hit *hits;
    size_t n, cap;
};

struct span {
    size_t start, end;
    uint32_t before; /* the character before it, 0 at the start of the text */
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

/*
 * Do the edges hold? *end moves over a plural s that belongs to the term.
 * before: the character before it, 0 at the start of the text.
 */
static bool edges_hold(const struct find *f, unsigned edges, uint32_t before,
                       size_t *end)
{
    if (edges & (MUD_LEX_LETTER_FIRST | MUD_LEX_DIGIT_FIRST)) {
        enum mud_char_class class =
            before ? mud_char_class(before) : MUD_CHAR_SPACE;

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

static inline void add_hit(struct find *f, uint32_t entry, unsigned kind,
                           unsigned edges, struct span at)
{
    if (!(f->kinds >> kind & 1) ||
        (edges && !edges_hold(f, edges, at.before, &at.end)))
        return;
    if (f->n == f->cap)
        f->hits =
            mud_arena_grow(f->arena, f->hits, &f->cap, f->n, sizeof *f->hits);
    f->hits[f->n++] =
        (struct mud_lex_hit){.at = {(uint32_t)at.start, (uint32_t)at.end},
                             .entry = entry,
                             .kind = (uint8_t)kind};
}

/* Hits of the term that ends at a node. */
static inline void add_hits(struct find *f, const struct mud_lex_node *node,
                            struct span at)
{
    const struct mud_lex_found *found = f->lexicon->found;

    add_hit(f, node->entry, node->kind, node->edges, at);
    if (!node->more)
        return;
    for (uint32_t e = found[node->entry].next; e; e = found[e].next)
        add_hit(f, e, found[e].kind, found[e].edges, at);
}

/* Of what words and numbers of ASCII are made: one bit or the other. */
static inline unsigned piece_of(uint32_t c)
{
    return (c - 'a' < 26) | (unsigned)(c - '0' < 10) << 1;
}

/* The code point at `at` of valid UTF-8; 0 at the end. */
static inline uint32_t next_point(struct mud_str text, size_t *at)
{
    return *at < text.n ? mud_step(text, at) : 0;
}

/* All terms that begin there, longest first. */
static void walk(struct find *f, struct place p)
{
    uint32_t ends[LONGEST] MUD_SCRATCH;
    const struct mud_lex_node *nodes[LONGEST] MUD_SCRATCH;
    const struct mud_lexicon *lexicon = f->lexicon;
    uint32_t node = 0, c = p.second;
    size_t n = 0, at = p.end, after = p.after;

    if (!mud_lex_step(lexicon, &node, p.c))
        return;
    while (n < LONGEST) {
        if (lexicon->nodes[node].entry) {
            ends[n] = (uint32_t)at;
            nodes[n++] = &lexicon->nodes[node];
        }
        if (!c || !mud_lex_step(lexicon, &node, c))
            break;
        at = after;
        c = next_point(f->text, &after);
    }
    while (n--)
        add_hits(f, nodes[n], (struct span){p.start, ends[n], p.before});
}

/* The term that the character is by itself. */
static inline void alone(struct find *f, uint32_t c, struct span at)
{
    uint32_t node = 0;

    if (mud_lex_unit(f->lexicon, &node, c))
        add_hits(f, &f->lexicon->nodes[node], at);
}

/* May a longer term begin with these two characters; inside: of a word? */
static inline bool may_begin(const struct mud_lexicon *lexicon, bool inside,
                             uint32_t c, uint32_t second)
{
    uint32_t bit = mud_lex_gate_bit(c, second);

    return lexicon->gate[inside][bit / 64] >> bit % 64 & 1 || c >= 0x10000;
}

size_t mud_lexicon_find(struct mud_lex_hit **out,
                        const struct mud_lexicon *lexicon,
                        struct mud_str folded, uint32_t kinds,
                        struct mud_arena *arena)
{
    struct find f = {.lexicon = lexicon,
                     .text = folded,
                     .kinds = kinds ? kinds : UINT32_MAX,
                     .arena = arena};
    size_t start = 0, end = 0, after;
    uint32_t before = 0, c = next_point(folded, &end), second;
    unsigned piece, last = 0; /* of the character before */
    bool inside;

    if (!lexicon->sealed)
        return 0;
    for (; start < folded.n; start = end, end = after) {
        after = end;
        second = next_point(folded, &after);
        piece = piece_of(c);
        inside = piece & last;
        if (may_begin(lexicon, inside, c, second))
            walk(&f, (struct place){start, end, after, c, second, before});
        else if (lexicon->single[c / 64] >> c % 64 & 1 &&
                 (!inside || lexicon->inside[c]))
            alone(&f, c, (struct span){start, end, before});
        before = c;
        c = second;
        last = piece;
    }
    *out = f.hits;
    return f.n;
}
