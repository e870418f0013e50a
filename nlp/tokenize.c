/* Tokens of a raw text, and the same as terms for search. */
#include "base/utf8.h"
#include "nlp/reader.h"
#include "nlp/script.h"
#include "nlp/stem.h"

#define PIECE ((size_t)4 << 20) /* bytes worked on at once */

struct place { /* a token on its way back to the raw text */
    struct mud_span raw;
    struct mud_str folded;
    uint8_t class;
};

struct places {
    struct mud_str text;  /* raw */
    struct mud_fold fold; /* of one piece of it */
    uint32_t piece;       /* where that begins */
    struct place *v;
    size_t n, cap;
    struct mud_arena *arena;
};

static void put(struct places *p, struct mud_span raw, struct mud_str folded,
                uint8_t class)
{
    if (p->n == p->cap)
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
    uint32_t from = start;
    size_t at = start;

    while (at < end) {
        size_t next = at;
        bool space =
            mud_char_class(mud_utf8_next(p->text, &next)) == MUD_CHAR_SPACE;

        if (space || next >= end) {
            uint32_t stop = space ? (uint32_t)at : end;

            if (stop > from && p->n && p->v[p->n - 1].raw.end == from)
                p->v[p->n - 1].raw.end = stop;
            else if (stop > from && stop < end)
                put(p,
                    (struct mud_span){from, stop},
                    MUD_STR(""),
                    MUD_TOKEN_SIGN);
            else if (stop > from)
                return from;
            from = (uint32_t)next;
        }
        at = next;
    }
    return end;
}

/* mud_fold_raw for spans in rising order; *run is where the last one was. */
static struct mud_span raw_of(const struct mud_fold *fold, struct mud_span at,
                              uint32_t *run)
{
    const struct mud_fold_run *runs = fold->runs;
    uint32_t i = *run, first;
    struct mud_span raw;

    while (i + 1 < fold->n_runs && runs[i + 1].at <= at.start)
        i++;
    first = i;
    raw.start =
        runs[i].even ? runs[i].start + (at.start - runs[i].at) : runs[i].start;
    while (i + 1 < fold->n_runs && runs[i + 1].at < at.end)
        i++;
    raw.end =
        runs[i].even ? runs[i].start + (at.end - runs[i].at) : runs[i].end;
    *run = i;
    if (raw.end > raw.start)
        return raw;
    /* text that was turned round: its runs go backwards */
    for (uint32_t k = first; k <= i; k++) {
        if (runs[k].start < raw.start)
            raw.start = runs[k].start;
        if (runs[k].end > raw.end)
            raw.end = runs[k].end;
    }
    return raw;
}

/* The tokens of one piece; text before `done` is covered. Returns the new. */
static uint32_t find_in_piece(struct places *p, const struct mud_reader *reader,
                              uint32_t done)
{
    const struct mud_fold *fold = &p->fold;
    struct mud_token *tokens = NULL;
    uint32_t run = 0;
    size_t n = mud_segment(&tokens, reader->segmenter, fold->text, p->arena);

    p->v = mud_arena_grow(p->arena, p->v, &p->cap, p->n + n, sizeof *p->v);
    for (size_t i = 0; i < n; i++) {
        struct mud_span at = tokens[i].at, raw = raw_of(fold, at, &run);

        raw.start += p->piece;
        raw.end += p->piece;
        /* Two tokens out of one raw character are one token. */
        if (raw.end <= done && p->n) {
            p->v[p->n - 1].folded.n += at.end - at.start;
            continue;
        }
        if (raw.start > done)
            raw.start = cover_gap(p, done, raw.start);
        else
            raw.start = done;
        put(p, raw, mud_str_sub(fold->text, at.start, at.end), tokens[i].class);
        done = raw.end;
    }
    return done;
}

/* Where a piece from `at` on ends: after a blank near its end, if there is. */
static size_t piece_end(struct mud_str text, size_t at)
{
    size_t end, least = at + PIECE / 2;

    if (text.n - at <= PIECE)
        return text.n;
    end = at + PIECE;
    while (end > least && text.s[end - 1] != ' ' && text.s[end - 1] != '\n')
        end--;
    return end > least ? end : mud_utf8_cut(text, at + PIECE);
}

/*
 * All tokens of the text with their raw places, which do not overlap. Texts
 * past 4 GiB, the reach of a span, are read up to there.
 */
static void find_places(struct places *p, const struct mud_reader *reader,
                        struct mud_str text)
{
    uint32_t done = 0, end;
    size_t at = 0;

    if (text.n > UINT32_MAX)
        text.n = mud_utf8_cut(text, UINT32_MAX);
    p->text = text;
    while (at < text.n) {
        size_t stop = piece_end(text, at);

        p->piece = (uint32_t)at;
        mud_fold(
            &p->fold, reader->folder, mud_str_sub(text, at, stop), p->arena);
        done = find_in_piece(p, reader, done);
        at = stop;
    }
    end = (uint32_t)text.n;
    if (done < end) {
        uint32_t from = cover_gap(p, done, end);

        if (from < end)
            put(p, (struct mud_span){from, end}, MUD_STR(""), MUD_TOKEN_SIGN);
    }
}

/*
 * The parts of a raw token: folding may join what a line end inside a word
 * parts. Returns how many; out may be NULL.
 */
static size_t parts_of(struct mud_span *out, struct mud_str text,
                       struct mud_span raw)
{
    size_t n = 0, at = raw.start;
    uint32_t from = raw.start;

    while (at < raw.end) {
        size_t next = at;

        if (mud_char_class(mud_utf8_next(text, &next)) == MUD_CHAR_SPACE) {
            if (at > from && out)
                out[n] = (struct mud_span){from, (uint32_t)at};
            n += at > from;
            from = (uint32_t)next;
        }
        at = next;
    }
    if (raw.end > from && out)
        out[n] = (struct mud_span){from, raw.end};
    return n + (raw.end > from);
}

/* Without white space at its ends, which text turned round may bring along. */
static struct mud_span trimmed(struct mud_str text, struct mud_span raw)
{
    struct mud_span out = {raw.end, raw.start};

    for (size_t at = raw.start; at < raw.end;) {
        size_t start = at;

        if (mud_char_class(mud_utf8_next(text, &at)) == MUD_CHAR_SPACE)
            continue;
        if (start < out.start)
            out.start = (uint32_t)start;
        out.end = (uint32_t)at;
    }
    return out.end > out.start ? out : raw;
}

size_t mud_tokenize(struct mud_span **out, const struct mud_reader *reader,
                    struct mud_str text, struct mud_arena *arena)
{
    struct places p = {.arena = arena};
    size_t n = 0;

    find_places(&p, reader, text);
    for (size_t i = 0; i < p.n; i++)
        n += parts_of(NULL, p.text, p.v[i].raw);
    *out = mud_arena_array(arena, n, sizeof **out);
    n = 0;
    for (size_t i = 0; i < p.n; i++)
        n += parts_of(*out + n, p.text, p.v[i].raw);
    return n;
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
        struct mud_str term = p.v[i].folded;

        if (p.v[i].class == MUD_TOKEN_SIGN && !is_symbol(term))
            continue;
        if (p.v[i].class == MUD_TOKEN_DIGIT)
            term = without_commas(term, arena);
        if (p.v[i].class == MUD_TOKEN_LATIN ||
            p.v[i].class == MUD_TOKEN_CYRILLIC ||
            p.v[i].class == MUD_TOKEN_LETTER) {
            if (!stemmer)
                stemmer = mud_stemmer_new();
            term = mud_stem(stemmer, term, arena);
        }
        if (!term.n)
            continue;
        (*text)[n] = term;
        (*spans)[n++] = trimmed(source, p.v[i].raw);
    }
    mud_stemmer_free(stemmer);
    return n;
}
