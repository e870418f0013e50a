#include "nlp/segment.h"

#include <stdlib.h>
#include <unicode/ubrk.h>
#include <unicode/ustring.h>

#include "base/embed.h"
#include "base/utf8.h"
#include "nlp/scratch.h"
#include "nlp/script.h"
#include "nlp/tables.h"
#include "nlp/trie.h"

#define CHUNK   512   /* Han characters on one path */
#define MARGIN  96    /* of those, left to the next chunk: a longest word */
#define UNKNOWN 17900 /* cost of a character in no word: 1000 ln(sum) */
#define TERM    6500  /* cost of a term of the lexicon */
#define SHORT   4     /* Han characters of a product's name kept whole */
#define THAI    1024  /* UTF-16 units that ICU cuts at once */
#define GATE    65536 /* bits */
#define NOWHERE (UINT32_MAX - 1) /* a node that has no children */

/* What a character begins: the first step of every walk, from one table in which
 * frequent characters lie close together. */
struct first {
    uint32_t node, base; /* of the trie of words; NOWHERE: it begins none */
    int32_t value;       /* of the character as a word, or -UNKNOWN */
    uint32_t terms;      /* bits of the characters after it in terms */
};

struct mud_segmenter {
    struct mud_trie words;    /* 1000 ln(p), embedded */
    struct mud_trie terms;    /* minus their cost */
    struct first *first;      /* [65536] by code in the trie of words */
    uint64_t gate[GATE / 64]; /* the two characters that begin a term */
    UBreakIterator *thai;     /* only ever cloned */
};

struct cut { /* one text being cut */
    const struct mud_segmenter *segmenter;
    struct mud_str text;
    struct mud_arena *arena;
    struct mud_token *tokens;
    size_t n, cap;
    UBreakIterator *thai;
};

/* A way through one chunk. */
struct way {
    uint32_t at[CHUNK + 1];   /* byte of each character */
    uint16_t unit[CHUNK + 1]; /* 0: beyond the BMP, or the end */
    uint16_t code[CHUNK + 1]; /* of the unit in the trie of words */
    uint16_t to[CHUNK];       /* where the word from here ends */
    int32_t best[CHUNK + 1];  /* score of all words from here on */
    size_t n;
};

static bool is_pulled(const struct mud_lex_entry *entry)
{
    size_t at = 0, n = 0;

    if (mud_lex_flag(entry, "soft"))
        return false;
    while (at < entry->folded.n) {
        if (mud_char_class(mud_utf8_next(entry->folded, &at)) != MUD_CHAR_HAN)
            return false;
        n++;
    }
    switch ((enum mud_lex_kind)entry->kind) {
    case MUD_LEX_TERM:
    case MUD_LEX_NAME:
        return n > 1;
    case MUD_LEX_PRODUCT:
    case MUD_LEX_PLATFORM:
    case MUD_LEX_CURRENCY:
    case MUD_LEX_CUE:
        return n > 1 && n <= SHORT;
    case MUD_LEX_VERB:
    case MUD_LEX_UNIT:
    case MUD_LEX_NEGATION:
    case MUD_LEX_BENIGN:
    case MUD_LEX_REPORT:
    case MUD_LEX_ROLE:
    case MUD_LEX_VICTIM:
    case MUD_LEX_CATEGORY:
    case MUD_LEX_KINDS:
        break;
    }
    return false;
}

/* A bit for the second character of a term, by its code in the trie of words;
 * few texts have two characters in a row that begin a term. */
static inline uint32_t second_bit(uint16_t code)
{
    return UINT32_C(1) << code % 32;
}

/* A bit for both: many terms begin with the same character. */
static inline uint32_t gate_bit(uint16_t first, uint16_t second)
{
    return (first * 2654435761u ^ second * 40503u) >> 8 & (GATE - 1);
}

static inline bool begins_term(const struct mud_segmenter *segmenter,
                               uint16_t first, uint16_t second)
{
    uint32_t bit = gate_bit(first, second);

    return segmenter->first[first].terms & second_bit(second) &&
           segmenter->gate[bit / 64] >> bit % 64 & 1;
}

static uint16_t code_of(const struct mud_segmenter *segmenter, uint32_t c)
{
    return c < 0x10000 ? segmenter->words.code[c] : 0;
}

static void note_start(struct mud_segmenter *segmenter, struct mud_str term)
{
    size_t at = 0;
    uint16_t first = code_of(segmenter, mud_utf8_next(term, &at));
    uint16_t second = code_of(segmenter, mud_utf8_next(term, &at));
    uint32_t bit = gate_bit(first, second);

    segmenter->first[first].terms |= second_bit(second);
    segmenter->gate[bit / 64] |= UINT64_C(1) << bit % 64;
}

static bool read_terms(struct mud_segmenter *segmenter,
                       const struct mud_lexicon *lexicon, struct mud_error *err)
{
    uint32_t count = lexicon ? mud_lexicon_count(lexicon) : 0;
    struct mud_trie_key *keys = mud_calloc(count + 1u, sizeof *keys);
    size_t n = 0;
    bool ok;

    for (uint32_t i = 1; i <= count; i++) {
        const struct mud_lex_entry *entry = mud_lexicon_entry(lexicon, i);

        if (!is_pulled(entry))
            continue;
        keys[n++] = (struct mud_trie_key){entry->folded, -TERM};
        note_start(segmenter, entry->folded);
    }
    ok = mud_trie_build(&segmenter->terms, keys, n, err);
    free(keys);
    return ok;
}

static void read_firsts(struct mud_segmenter *segmenter)
{
    const struct mud_trie *words = &segmenter->words;

    segmenter->first = mud_calloc(0x10000, sizeof *segmenter->first);
    segmenter->first[0] = (struct first){.node = NOWHERE, .value = -UNKNOWN};
    for (uint32_t unit = 0; unit < 0x10000; unit++) {
        struct first *first = &segmenter->first[words->code[unit]];
        uint32_t node = 0;

        if (!words->code[unit])
            continue;
        *first = segmenter->first[0];
        if (!mud_trie_unit(words, &node, (uint16_t)unit))
            continue;
        first->node = node;
        first->base = words->nodes[node].base;
        if (mud_trie_value(words, node) != MUD_TRIE_NONE)
            first->value = mud_trie_value(words, node);
    }
}

bool mud_segmenter_new(struct mud_segmenter **out,
                       const struct mud_lexicon *lexicon, struct mud_error *err)
{
    struct mud_segmenter *segmenter = mud_calloc(1, sizeof *segmenter);
    const struct mud_embedded *row =
        mud_embedded_find(mud_nlp_tables, "words.trie");
    UErrorCode status = U_ZERO_ERROR;

    segmenter->thai = ubrk_open(UBRK_WORD, "th", NULL, 0, &status);
    if (U_FAILURE(status))
        (void)mud_fail(
            err, MUD_EIO, "unicode word breaks: %s", u_errorName(status));
    else if (!row)
        (void)mud_fail(err, MUD_ECORRUPT, "words.trie: not in the program");
    else if (mud_trie_open(&segmenter->words, mud_embedded_text(row), err)) {
        read_firsts(segmenter);
        if (read_terms(segmenter, lexicon, err)) {
            *out = segmenter;
            return true;
        }
    }
    mud_segmenter_free(segmenter);
    return mud_fail_in(err, "segmenter");
}

void mud_segmenter_free(struct mud_segmenter *segmenter)
{
    if (!segmenter)
        return;
    mud_trie_free(&segmenter->words);
    mud_trie_free(&segmenter->terms);
    if (segmenter->thai)
        ubrk_close(segmenter->thai);
    free(segmenter->first);
    free(segmenter);
}

static void put(struct cut *c, size_t start, size_t end,
                enum mud_token_class class)
{
    if (c->n == c->cap)
        c->tokens = mud_arena_grow(
            c->arena, c->tokens, &c->cap, c->n, sizeof *c->tokens);
    c->tokens[c->n++] =
        (struct mud_token){{(uint32_t)start, (uint32_t)end}, (uint8_t) class};
}

/* The character at `at` and its class; *next is where the next begins. */
static inline enum mud_char_class look(const struct cut *c, size_t at,
                                       size_t *next, uint32_t *point)
{
    const unsigned char *s = (const unsigned char *)c->text.s + at;

    if (s[0] < 0x80) {
        *next = at + 1;
        *point = s[0];
        return mud_char_class(s[0]);
    }
    if (s[0] >= 0xe0 && s[0] < 0xf0 && at + 2 < c->text.n) {
        *next = at + 3;
        *point = (uint32_t)(s[0] & 15) << 12 | (uint32_t)(s[1] & 63) << 6 |
                 (uint32_t)(s[2] & 63);
        return mud_char_class(*point);
    }
    *next = at;
    *point = mud_utf8_next(c->text, next);
    return mud_char_class(*point);
}

/*
 * Take up to CHUNK Han characters from `at` on. All from U+4E00 to U+9FFF are
 * Han: three bytes of UTF-8, which a look at their sum tells from all others.
 * The places of the trie where a word of two characters would be are fetched
 * ahead: waiting for them would be most of the work.
 */
static size_t take_han(const struct cut *c, struct way *way, size_t at)
{
    const struct mud_trie_node *nodes = c->segmenter->words.nodes;
    const uint16_t *codes = c->segmenter->words.code;
    const struct first *first = c->segmenter->first;
    const unsigned char *s = (const unsigned char *)c->text.s;
    size_t n = 0, end = c->text.n;
    uint32_t base = 0;

    for (; at < end && n < CHUNK; n++) {
        size_t next = at + 3;
        uint32_t point = 0;

        if (next <= end)
            point = ((uint32_t)s[at] << 12) + ((uint32_t)s[at + 1] << 6) +
                    s[at + 2] - 0xe2080;
        if (point - 0x4e00 > 0x9fff - 0x4e00) {
            if (look(c, at, &next, &point) != MUD_CHAR_HAN)
                break;
            point = point < 0x10000 ? point : 0;
        }
        way->at[n] = (uint32_t)at;
        way->unit[n] = (uint16_t)point;
        way->code[n] = codes[point];
        __builtin_prefetch(&nodes[base + codes[point]]);
        base = first[codes[point]].base;
        at = next;
    }
    way->at[n] = (uint32_t)at;
    way->unit[n] = 0;
    way->code[n] = 0;
    way->n = n;
    return at;
}

/* A term of the lexicon from i on that does better than *score. */
static size_t better_term(const struct way *way, const struct mud_trie *terms,
                          size_t i, int32_t *score)
{
    uint32_t node = 0;
    size_t to = i, found = 0;

    while (to < way->n && mud_trie_unit(terms, &node, way->unit[to])) {
        int32_t value = mud_trie_value(terms, node);

        to++;
        if (value != MUD_TRIE_NONE && value + way->best[to] > *score) {
            *score = value + way->best[to];
            found = to;
        }
    }
    return found;
}

/*
 * The likeliest words of the chunk, from its end to its beginning: what follows
 * a word is known when the word is weighed. No node has a child at code 0, that
 * of the end and of characters in no word.
 */
static void find_way(const struct mud_segmenter *segmenter, struct way *way)
{
    const struct mud_trie_node *nodes = segmenter->words.nodes;

    way->best[way->n] = 0;
    for (size_t i = way->n; i-- > 0;) {
        const struct first *first = &segmenter->first[way->code[i]];
        int32_t score = first->value + way->best[i + 1];
        uint32_t node = first->node, next = first->base;
        size_t end = i + 1, at = end;

        while (at < way->n) {
            const struct mud_trie_node *here = &nodes[next + way->code[at]];

            if (here->check != node)
                break;
            node = next + way->code[at++];
            next = here->base;
            if (here->value != MUD_TRIE_NONE &&
                here->value + way->best[at] > score) {
                score = here->value + way->best[at];
                end = at;
            }
        }
        if (begins_term(segmenter, way->code[i], way->code[i + 1])) {
            size_t term = better_term(way, &segmenter->terms, i, &score);

            end = term ? term : end;
        }
        way->best[i] = score;
        way->to[i] = (uint16_t)end;
    }
}

/* Room for n tokens more. */
static struct mud_token *room(struct cut *c, size_t n)
{
    while (c->cap - c->n < n)
        c->tokens = mud_arena_grow(
            c->arena, c->tokens, &c->cap, c->cap, sizeof *c->tokens);
    return c->tokens + c->n;
}

static size_t cut_han(struct cut *c, size_t at)
{
    struct way way MUD_SCRATCH;

    for (;;) {
        size_t end = take_han(c, &way, at), start = 0;
        size_t last = way.n == CHUNK ? CHUNK - MARGIN : CHUNK;
        struct mud_token *token = room(c, way.n);

        if (!way.n)
            return end;
        find_way(c->segmenter, &way);
        do {
            size_t stop = way.to[start];

            if (stop > last && start)
                break;
            *token++ = (struct mud_token){{way.at[start], way.at[stop]},
                                          MUD_TOKEN_HAN};
            start = stop;
        } while (start < way.n);
        c->n = (size_t)(token - c->tokens);
        at = way.at[start];
        if (way.n < CHUNK)
            return at;
    }
}

/* ASCII of one class, which most words and numbers are all of. */
static inline size_t ascii_end(const struct cut *c, size_t at,
                               enum mud_char_class class)
{
    const unsigned char *s = (const unsigned char *)c->text.s;

    while (at < c->text.n && s[at] < 0x80 && mud_char_class(s[at]) == class)
        at++;
    return at;
}

/* Letters of one class with their marks, and an apostrophe between two. */
static size_t word_end(const struct cut *c, size_t at,
                       enum mud_char_class class)
{
    for (at = ascii_end(c, at, class); at < c->text.n;) {
        size_t next, after;
        uint32_t point;
        enum mud_char_class here = look(c, at, &next, &point);

        if (here != class && here != MUD_CHAR_MARK &&
            !((point == '\'' || point == 0x2019) && next < c->text.n &&
              class == MUD_CHAR_LATIN &&
              look(c, next, &after, &point) == class))
            break;
        at = next;
    }
    return at;
}

/* Digits, with a point or comma between two of them. */
static size_t number_end(const struct cut *c, size_t at)
{
    for (at = ascii_end(c, at, MUD_CHAR_DIGIT); at < c->text.n;) {
        size_t next, after;
        uint32_t point;
        enum mud_char_class here = look(c, at, &next, &point);

        if (here != MUD_CHAR_DIGIT && here != MUD_CHAR_MARK &&
            !((point == '.' || point == ',') && next < c->text.n &&
              look(c, next, &after, &point) == MUD_CHAR_DIGIT))
            break;
        at = next;
    }
    return at;
}

/* The same sign again and again, or the two halves of a flag. */
static size_t sign_end(const struct cut *c, size_t at)
{
    size_t next, start = at;
    uint32_t first, point;

    (void)look(c, at, &at, &first);
    while (at < c->text.n) {
        enum mud_char_class class = look(c, at, &next, &point);
        bool flag = first >= 0x1f1e6 && first <= 0x1f1ff && at == start + 4 &&
                    point >= 0x1f1e6 && point <= 0x1f1ff;

        if (point != first && class != MUD_CHAR_MARK && !flag)
            break;
        at = next;
        if (flag)
            break;
    }
    return at;
}

/* A run of Thai and its like, a piece at a time, cut by ICU. */
static size_t cut_unspaced(struct cut *c, size_t at)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar units[THAI + 2] MUD_SCRATCH;
    uint32_t byte[THAI + 3] MUD_SCRATCH;
    int32_t n = 0, from = 0;

    while (at < c->text.n && n < THAI) {
        size_t next;
        uint32_t point;
        enum mud_char_class class = look(c, at, &next, &point);

        if (class != MUD_CHAR_UNSPACED && class != MUD_CHAR_MARK)
            break;
        byte[n] = (uint32_t)at;
        if (point >= 0x10000)
            byte[n + 1] = (uint32_t)at;
        U16_APPEND_UNSAFE(units, n, point);
        at = next;
    }
    byte[n] = (uint32_t)at;
    if (!c->thai)
        c->thai = ubrk_clone(c->segmenter->thai, &status);
    ubrk_setText(c->thai, units, n, &status);
    if (U_FAILURE(status)) {
        put(c, byte[0], at, MUD_TOKEN_LETTER);
        return at;
    }
    for (int32_t to = ubrk_next(c->thai); to != UBRK_DONE;
         to = ubrk_next(c->thai)) {
        if (byte[to] > byte[from])
            put(c, byte[from], byte[to], MUD_TOKEN_LETTER);
        from = to;
    }
    return at;
}

static enum mud_token_class token_class(enum mud_char_class class)
{
    switch (class) {
    case MUD_CHAR_LATIN:
        return MUD_TOKEN_LATIN;
    case MUD_CHAR_CYRILLIC:
        return MUD_TOKEN_CYRILLIC;
    case MUD_CHAR_KANA:
        return MUD_TOKEN_KANA;
    case MUD_CHAR_HAN:
        return MUD_TOKEN_HAN;
    case MUD_CHAR_DIGIT:
        return MUD_TOKEN_DIGIT;
    case MUD_CHAR_GREEK:
    case MUD_CHAR_LETTER:
    case MUD_CHAR_UNSPACED:
        return MUD_TOKEN_LETTER;
    case MUD_CHAR_OTHER:
    case MUD_CHAR_SPACE:
    case MUD_CHAR_MARK:
    case MUD_CHAR_PUNCT:
    case MUD_CHAR_SYMBOL:
        break;
    }
    return MUD_TOKEN_SIGN;
}

/* Cut what begins at `at`, a character of that class that ends at next. */
static size_t cut_at(struct cut *c, size_t at, size_t next,
                     enum mud_char_class class)
{
    size_t end;

    switch (class) {
    case MUD_CHAR_SPACE:
        return next;
    case MUD_CHAR_HAN:
        return cut_han(c, at);
    case MUD_CHAR_UNSPACED:
        return cut_unspaced(c, at);
    case MUD_CHAR_LATIN:
    case MUD_CHAR_CYRILLIC:
    case MUD_CHAR_GREEK:
    case MUD_CHAR_KANA:
    case MUD_CHAR_LETTER:
        end = word_end(c, next, class);
        break;
    case MUD_CHAR_DIGIT:
        end = number_end(c, next);
        break;
    case MUD_CHAR_OTHER:
    case MUD_CHAR_MARK:
    case MUD_CHAR_PUNCT:
    case MUD_CHAR_SYMBOL:
    default:
        end = sign_end(c, at);
        break;
    }
    put(c, at, end, token_class(class));
    return end;
}

size_t mud_segment(struct mud_token **out,
                   const struct mud_segmenter *segmenter, struct mud_str folded,
                   struct mud_arena *arena)
{
    struct cut c = {.segmenter = segmenter, .text = folded, .arena = arena};
    size_t at = 0;

    c.cap = folded.n / 4 + 4; /* a token of Chinese has five bytes */
    c.tokens = mud_arena_array(arena, c.cap, sizeof *c.tokens);
    while (at < folded.n) {
        size_t next;
        uint32_t point;
        enum mud_char_class class = look(&c, at, &next, &point);

        at = cut_at(&c, at, next, class);
    }
    if (c.thai)
        ubrk_close(c.thai);
    *out = c.tokens;
    return c.n;
}

int32_t mud_segmenter_cost(const struct mud_segmenter *segmenter,
                           struct mud_str folded)
{
    int32_t value = mud_trie_get(&segmenter->words, folded);

    return value == MUD_TRIE_NONE ? 0 : -value;
}

bool mud_segmenter_knows(const struct mud_segmenter *segmenter,
                         struct mud_str folded)
{
    return mud_trie_get(&segmenter->words, folded) != MUD_TRIE_NONE ||
           mud_trie_get(&segmenter->terms, folded) != MUD_TRIE_NONE;
}
