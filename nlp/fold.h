/*
 * Folding: the plain text behind tricks of writing, with its alignment. The
 * folded text is what all rules read; every character of it knows the bytes of
 * the raw text that it came from, so that each value found goes back to the
 * characters as its author wrote them.
 *
 * Layers, each with its name and how sure it is (0..1000):
 *   plain     as written, or ASCII case folded
 *   nfkc      Unicode NFKC_Casefold (ICU): full-width, circled, mathematical...
 *   digit     digits that NFKC leaves: keycaps, negative circled, other scripts
 *   hant      Traditional to Simplified, by character (OpenCC)
 *   variant   Martian script and other stand-in characters
 *   homoglyph small capitals; Cyrillic and Greek letters in a Latin word, or
 *             the other way round; never digits
 *   split     characters written as their parts, a strict list
 *   gloss     a reading in brackets behind its character, taken out
 *   mark      combining marks that cover a letter without changing it, taken out
 *   list      a digit in a circle or brackets that numbers an item of a list:
 *             it becomes the sign U+2460.., and no digit
 *   junk      signs, blanks or a line end between the characters of a term
 *   leet      digits and signs for letters of a Latin term
 *   pinyin    a term by its syllables, or some of them
 *   sound     a character of a term changed for one that sounds alike
 *   shape     the same for one that looks alike
 *   emoji     an emoji for a character of a term
 *   mend      text that was read in the wrong charset
 *   reverse   text that U+202E turns round
 * Invisible characters are taken out in pass; no run covers them.
 *
 * Work is linear in the text. The raw text should be valid UTF-8; each byte
 * that is not becomes U+FFFD.
 */
#ifndef MUD_NLP_FOLD_H
#define MUD_NLP_FOLD_H

#include "base/str.h"

#define MUD_FOLD_MAX ((size_t)64 << 20) /* bytes of raw text; more is cut */

enum mud_fold_layer {
    MUD_FOLD_PLAIN = 0,
    MUD_FOLD_NFKC,
    MUD_FOLD_DIGIT,
    MUD_FOLD_HANT,
    MUD_FOLD_VARIANT,
    MUD_FOLD_HOMOGLYPH,
    MUD_FOLD_SPLIT,
    MUD_FOLD_GLOSS,
    MUD_FOLD_MARK,
    MUD_FOLD_LIST,
    MUD_FOLD_JUNK,
    MUD_FOLD_LEET,
    MUD_FOLD_PINYIN,
    MUD_FOLD_SOUND,
    MUD_FOLD_SHAPE,
    MUD_FOLD_EMOJI,
    MUD_FOLD_MEND,
    MUD_FOLD_REVERSE,
    MUD_FOLD_LAYERS
};

/*
 * A run of folded text that came from raw bytes [start, end). It reaches to
 * the `at` of the next run. Even: byte i of the run is byte i of the raw range
 * (same length, characters at the same places). Not even: the whole run came
 * from the whole range, as "1" from a keycap of three characters.
 */
struct mud_fold_run {
    uint32_t at;         /* first folded byte */
    uint32_t start, end; /* raw bytes */
    uint8_t layer;       /* enum mud_fold_layer */
    uint8_t even;
    uint16_t sure; /* 0..1000 */
};

/* Letters of the raw text, which lang.h tells languages by. */
struct mud_fold_letters {
    uint32_t han;        /* Han characters */
    uint32_t hans, hant; /* of those, Simplified or Traditional only */
    bool ascii;          /* there may be some of ASCII */
    bool other;          /* neither Han nor ASCII: accents, Cyrillic, kana... */
};

struct mud_fold {
    struct mud_str raw;              /* as handed in, cut at MUD_FOLD_MAX */
    struct mud_str text;             /* folded, valid UTF-8, in the arena */
    const struct mud_fold_run *runs; /* by at and by start; no overlap */
    uint32_t n_runs;
    struct mud_fold_letters letters;
};

/* The tables; made once, then const and shared by threads. */
struct mud_folder;
MUD_MUST bool mud_folder_new(struct mud_folder **out, struct mud_error *err);
void mud_folder_free(struct mud_folder *folder);

/* Fold raw. Cannot fail. raw is borrowed by out. */
void mud_fold(struct mud_fold *out, const struct mud_folder *folder,
              struct mud_str raw, struct mud_arena *arena);

/*
 * The raw bytes behind a span of folded text, from the first byte of its first
 * character to the last byte of its last one. An empty span gives an empty one.
 */
struct mud_span mud_fold_raw(const struct mud_fold *fold,
                             struct mud_span folded);

/*
 * The other way: where a raw byte went. A byte that was taken out gives the
 * place where it would stand; raw.n gives text.n.
 */
uint32_t mud_fold_at(const struct mud_fold *fold, uint32_t raw);

/* The run that holds a folded byte; NULL past the end. */
const struct mud_fold_run *mud_fold_run_at(const struct mud_fold *fold,
                                           uint32_t at);

#define MUD_FOLD_GUESS 750 /* a layer less sure than this guesses */

/* How sure the least sure run behind a folded span is; 1000 for an empty one. */
unsigned mud_fold_surely(const struct mud_fold *fold, struct mud_span folded);

/* "nfkc", "hant"... */
const char *mud_fold_layer_name(enum mud_fold_layer layer);

/* The folded form of a term of a lexicon, in the arena. */
struct mud_str mud_fold_term(const struct mud_folder *folder,
                             struct mud_str term, struct mud_arena *arena);

/* The Simplified form of a Traditional character that has one, else 0. */
uint32_t mud_fold_hant(const struct mud_folder *folder, uint32_t c);

/* Is it a Simplified character that Traditional writing does not have? */
bool mud_fold_is_hans(const struct mud_folder *folder, uint32_t c);

#endif
