#include "nlp/suggest_text.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "nlp/script.h"

#define TEXT_MAX ((size_t)64 << 10) /* bytes of a text that are looked at */
#define WORD_MAX 32                 /* bytes of a word; longer ones are keys */
#define AROUND   5                  /* tokens on each side */

static bool is_word(enum mud_char_class class)
{
    return class == MUD_CHAR_LATIN || class == MUD_CHAR_CYRILLIC ||
           class == MUD_CHAR_GREEK || class == MUD_CHAR_LETTER ||
           class == MUD_CHAR_MARK;
}

/* A letter, digit or sign that makes a name or an address of the word next to
 * it. */
static bool ties(struct mud_str text, size_t at, bool before)
{
    char c = at < text.n ? text.s[at] : ' ';

    if (c >= '0' && c <= '9')
        return true;
    if (c == '_' || c == '@' || c == '/' || c == '\\' || c == '=' || c == '&')
        return true;
    if (c != '.' && c != ':')
        return false;
    /* A full stop ties when it goes on without a blank. */
    return before ? at > 0 && text.s[at - 1] != ' '
                  : at + 1 < text.n && (unsigned char)text.s[at + 1] > ' ' &&
                        (unsigned char)text.s[at + 1] < 0x80;
}

static bool left_out(const struct mud_span *without, size_t n, size_t *k,
                     size_t start, size_t end)
{
    while (*k < n && without[*k].end <= start)
        ++*k;
    return *k < n && without[*k].start < end;
}

static void put_unit(struct mud_stext *t, size_t *cap, size_t start, size_t end,
                     uint32_t id, bool han, struct mud_arena *arena)
{
    struct mud_sunit unit = {
        .start = (uint32_t)start, .end = (uint32_t)end, .id = id, .han = han};

    if (t->n) {
        const struct mud_sunit *last = &t->units[t->n - 1];

        unit.joined = last->end == start ||
                      (!han && !last->han && last->end + 1 == start &&
                       t->folded.s[last->end] == ' ');
    }
    t->units = mud_arena_grow(arena, t->units, cap, t->n, sizeof unit);
    t->units[t->n++] = unit;
}

/* without: folded spans, by start. */
static void read_units(struct mud_stext *t, const struct mud_span *without,
                       size_t n_without, struct mud_arena *arena)
{
    size_t at = 0, cap = 0, k = 0;

    while (at < t->folded.n) {
        size_t start = at;
        uint32_t c = mud_utf8_next(t->folded, &at);
        enum mud_char_class class = mud_char_class(c);
        bool han = class == MUD_CHAR_HAN || class == MUD_CHAR_KANA;

        if (!han && !is_word(class))
            continue;
        while (!han && at < t->folded.n) {
            size_t next = at;

            if (!is_word(mud_char_class(mud_utf8_next(t->folded, &next))))
                break;
            at = next;
        }
        if (left_out(without, n_without, &k, start, at))
            continue;
        if (!han && (at - start > WORD_MAX || ties(t->folded, at, false) ||
                     (start && ties(t->folded, start - 1, true))))
            continue;
        put_unit(t,
                 &cap,
                 start,
                 at,
                 han ? c
                     : (uint32_t)mud_hash64(t->folded.s + start, at - start) |
                           0x80000000u,
                 han,
                 arena);
    }
}

/* Mark where an edge would tear a known word of two characters and more. */
static void mark_torn(struct mud_stext *t, struct mud_arena *arena)
{
    uint8_t *torn = mud_arena_alloc(arena, t->folded.n + 1);
    size_t from = 0; /* hits come by start: what is marked is not again */

    for (size_t i = 0; i < t->n_hits; i++) {
        struct mud_span at = t->hits[i].at;
        size_t b = at.start + 1 > from ? at.start + 1 : from;

        for (; b < at.end; b++)
            torn[b] = 1;
        from = b > from ? b : from;
    }
    t->torn = torn;
}

/* A contact, an offer, or a verb of dealing with what goes with it. */
static bool deals(const struct mud_stext *t,
                  const struct mud_suggest_text *text)
{
    const uint32_t with =
        1u << MUD_LEX_CUE | 1u << MUD_LEX_CURRENCY | 1u << MUD_LEX_PRODUCT;
    uint32_t kinds = 0;

    for (size_t i = 0; i < t->n_hits; i++)
        kinds |= 1u << t->hits[i].kind;
    return text->is_offer || text->n_without > 0 ||
           (kinds >> MUD_LEX_VERB & 1 && kinds & with);
}

void mud_stext_read(struct mud_stext *out, const struct mud_reader *reader,
                    const struct mud_suggest_text *text,
                    struct mud_arena *arena)
{
    struct mud_fold fold = {0};
    struct mud_span *without =
        mud_arena_array(arena, text->n_without, sizeof *without);
    struct mud_lex_hit *hits = NULL;
    struct mud_str raw = text->text;

    *out = (struct mud_stext){0};
    raw = mud_str_sub(
        raw, 0, raw.n > TEXT_MAX ? mud_utf8_cut(raw, TEXT_MAX) : raw.n);
    mud_fold(&fold, reader->folder, raw, arena);
    out->folded = fold.text;
    for (size_t i = 0; i < text->n_without; i++) {
        struct mud_span at = text->without[i];

        without[i].start =
            mud_fold_at(&fold, at.start < raw.n ? at.start : (uint32_t)raw.n);
        without[i].end =
            mud_fold_at(&fold, at.end < raw.n ? at.end : (uint32_t)raw.n);
    }
    read_units(out, without, text->n_without, arena);
    out->n_hits = mud_lexicon_find(&hits, reader->lexicon, fold.text, 0, arena);
    out->hits = hits;
    mark_torn(out, arena);
    out->deals = deals(out, text);
}

size_t mud_stext_reach(const struct mud_stext *text, size_t i)
{
    const struct mud_sunit *u = text->units;
    size_t n = 1;
    bool han = u[i].han;

    while (n < MUD_SUGGEST_UNITS && i + n < text->n && u[i + n].joined) {
        han |= u[i + n].han;
        n++;
    }
    if (!han && n > 3)
        n = 3;
    return n;
}

bool mud_stext_whole(const struct mud_stext *text, size_t i, size_t n)
{
    const struct mud_sunit *u = text->units;
    bool han = false, word = false;

    for (size_t k = i; k < i + n; k++) {
        han |= u[k].han;
        word |= !u[k].han;
    }
    /* Words of another script are terms alone; a character is none. */
    return (han ? n > 1 : n < 4 && word) && !text->torn[u[i].start] &&
           !text->torn[u[i + n - 1].end];
}

/* A known entry says what it is for, any other token which it is. */
static uint32_t feature(const struct mud_stext *t,
                        const struct mud_lexicon *lexicon,
                        const struct mud_token *token, uint32_t side)
{
    struct mud_str s = mud_str_sub(t->folded, token->at.start, token->at.end);
    size_t lo = 0, hi = t->n_hits;

    if (token->class == MUD_TOKEN_DIGIT)
        return 2 + side;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (t->hits[mid].at.start < token->at.start)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo < t->n_hits && t->hits[lo].at.start == token->at.start &&
        t->hits[lo].at.end >= token->at.end) {
        const struct mud_lex_entry *e =
            mud_lexicon_entry(lexicon, t->hits[lo].entry);
        uint32_t h = (uint32_t)mud_hash64(e->sense.s, e->sense.n);

        if (e->kind != MUD_LEX_TERM && e->kind != MUD_LEX_NAME)
            return (h ^ (uint32_t)e->kind << 24) * 4 + side;
    }
    return s.n < 2 ? 0 : (uint32_t)mud_hash64(s.s, s.n) * 4 + side;
}

size_t mud_stext_around(uint32_t *out, size_t most,
                        const struct mud_stext *text,
                        const struct mud_lexicon *lexicon,
                        const struct mud_token *tokens, size_t n_tokens,
                        struct mud_span at)
{
    size_t lo = 0, hi = n_tokens, n = 0;

    while (lo < hi) { /* the first token that reaches into the place */
        size_t mid = (lo + hi) / 2;

        if (tokens[mid].at.end <= at.start)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (size_t i = lo; i-- > 0 && lo - i <= AROUND && n < most;)
        if (tokens[i].class != MUD_TOKEN_SIGN)
            out[n++] = feature(text, lexicon, &tokens[i], lo - i == 1);
    for (size_t i = lo, k = 0; i < n_tokens && k < AROUND && n < most; i++) {
        if (tokens[i].at.start < at.end)
            continue;
        if (tokens[i].class != MUD_TOKEN_SIGN)
            out[n++] = feature(text, lexicon, &tokens[i], k == 0 ? 2 : 0);
        k++;
    }
    return n;
}
