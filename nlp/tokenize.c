/* Tokens of a raw text, and the same as terms for search. */
#include "base/utf8.h"
#include "nlp/reader.h"
#include "nlp/script.h"
#include "nlp/stem.h"

struct place { /* a token on its way back to the raw text */
    struct mud_span raw, folded;
    uint8_t class;
};

struct places {
    struct mud_fold fold;
    struct place *v;
    size_t n, cap;
    struct mud_arena *arena;
};

static void put(struct places *p, struct mud_span raw, struct mud_span folded,
                uint8_t class)
{
    p->v = mud_arena_grow(p->arena, p->v, &p->cap, p->n, sizeof *p->v);
    p->v[p->n++] = (struct place){raw, folded, class};
}

/*
 * Raw bytes between two tokens: white space, and what folding took out. The
 * latter goes to the token it touches, in front rather than behind; where it
 * touches none it is a token without folded text. Returns where the next token
 * begins.
 */
static uint32_t cover_gap(struct places *p, uint32_t start, uint32_t end)
{
    struct mud_str raw = p->fold.raw;
    uint32_t from = start;
    size_t at = start;

    while (at < end) {
        size_t next = at;
        bool space =
            mud_char_class(mud_utf8_next(raw, &next)) == MUD_CHAR_SPACE;

        if (space || next >= end) {
            uint32_t stop = space ? (uint32_t)at : end;

            if (stop > from && p->n && p->v[p->n - 1].raw.end == from)
                p->v[p->n - 1].raw.end = stop;
            else if (stop > from && stop < end)
                put(p,
                    (struct mud_span){from, stop},
                    (struct mud_span){0, 0},
                    MUD_TOKEN_SIGN);
            else if (stop > from)
                return from;
            from = (uint32_t)next;
        }
        at = next;
    }
    return end;
}

/* All tokens of the text with their raw places, which do not overlap. */
static void find_places(struct places *p, const struct mud_reader *reader,
                        struct mud_str text)
{
    struct mud_token *tokens = NULL;
    uint32_t done = 0;
    size_t n;

    mud_fold(&p->fold, reader->folder, text, p->arena);
    n = mud_segment(&tokens, reader->segmenter, p->fold.text, p->arena);
    for (size_t i = 0; i < n; i++) {
        struct mud_span raw = mud_fold_raw(&p->fold, tokens[i].at);

        /* Two tokens out of one raw character are one token. */
        if (raw.end <= done && p->n) {
            p->v[p->n - 1].folded.end = tokens[i].at.end;
            continue;
        }
        if (raw.start > done)
            raw.start = cover_gap(p, done, raw.start);
        else
            raw.start = done;
        put(p, raw, tokens[i].at, tokens[i].class);
        done = raw.end;
    }
    if (done < p->fold.raw.n) {
        uint32_t end = (uint32_t)p->fold.raw.n;
        uint32_t from = cover_gap(p, done, end);

        if (from < end)
            put(p,
                (struct mud_span){from, end},
                (struct mud_span){0, 0},
                MUD_TOKEN_SIGN);
    }
}

size_t mud_tokenize(struct mud_span **out, const struct mud_reader *reader,
                    struct mud_str text, struct mud_arena *arena)
{
    struct places p = {.arena = arena};

    find_places(&p, reader, text);
    *out = mud_arena_array(arena, p.n, sizeof **out);
    for (size_t i = 0; i < p.n; i++)
        (*out)[i] = p.v[i].raw;
    return p.n;
}

/* "12,000" and "12000" are one term. */
static struct mud_str without_commas(struct mud_str s, struct mud_arena *arena)
{
    char *out;
    size_t n = 0;

    if (mud_str_chr(s, ',') == MUD_NPOS)
        return s;
    out = mud_arena_alloc(arena, s.n);
    for (size_t i = 0; i < s.n; i++)
        if (s.s[i] != ',')
            out[n++] = s.s[i];
    return mud_str_of(out, n);
}

/* Is it a sign that says something, such as an emoji? */
static bool is_symbol(struct mud_str s)
{
    size_t at = 0;

    return s.n && mud_char_class(mud_utf8_next(s, &at)) == MUD_CHAR_SYMBOL;
}

size_t mud_terms(struct mud_str **text, struct mud_span **spans,
                 const struct mud_reader *reader, struct mud_str source,
                 struct mud_arena *arena)
{
    struct places p = {.arena = arena};
    struct mud_stemmer *stemmer = NULL;
    size_t n = 0;

    find_places(&p, reader, source);
    *text = mud_arena_array(arena, p.n, sizeof **text);
    *spans = mud_arena_array(arena, p.n, sizeof **spans);
    for (size_t i = 0; i < p.n; i++) {
        struct mud_str term =
            mud_str_sub(p.fold.text, p.v[i].folded.start, p.v[i].folded.end);

        if (p.v[i].class == MUD_TOKEN_SIGN && !is_symbol(term))
            continue;
        if (p.v[i].class == MUD_TOKEN_DIGIT)
            term = without_commas(term, arena);
        if (p.v[i].class == MUD_TOKEN_LATIN ||
            p.v[i].class == MUD_TOKEN_CYRILLIC) {
            if (!stemmer)
                stemmer = mud_stemmer_new();
            term = mud_stem(stemmer, term, arena);
        }
        if (!term.n)
            continue;
        (*text)[n] = term;
        (*spans)[n++] = p.v[i].raw;
    }
    mud_stemmer_free(stemmer);
    return n;
}
