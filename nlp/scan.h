/*
 * One field of a message on its way through the rules: folded, cut into marks
 * (terms of the lexicon, numbers, words, signs), with the entities found so
 * far. Spans in here are bytes of the FOLDED text; mud_scan_add turns them
 * into raw ones. Inside nlp only.
 */
#ifndef MUD_NLP_SCAN_H
#define MUD_NLP_SCAN_H

#include "nlp/meaning.h"
#include "nlp/number.h"
#include "nlp/reader.h"
#include "nlp/rules.h"
#include "nlp/step.h"
#include "nlp/words.h"

enum mud_mark_type {
    MUD_MARK_END = 0, /* before the first and behind the last mark */
    MUD_MARK_EOL,
    MUD_MARK_TERM,
    MUD_MARK_NUMBER,
    MUD_MARK_WORD, /* letters of an alphabet, unknown */
    MUD_MARK_HAN,  /* one Han character, unknown */
    MUD_MARK_SIGN
};

enum {
    MUD_USED_PRICE = 1,
    MUD_USED_COUNT
};

struct mud_mark {
    uint32_t start, end;
    uint32_t sign;  /* code point of a sign */
    uint32_t hit;   /* first of n_hits entries of a term; index of a number */
    uint16_t kinds; /* bits of enum mud_lex_kind, of a term */
    uint8_t type;   /* enum mud_mark_type */
    uint8_t n_hits;
    uint8_t space;     /* white space stands before it */
    uint8_t claimed;   /* inside a contact or a victim's record */
    uint8_t stops;     /* a clause ends behind it, as behind commas and lines */
    bool glued : 1;    /* a number that is part of a Latin word */
    bool circled : 1;  /* a digit written as ① or with a keycap */
    bool counts : 1;   /* a number that may be an amount or a count */
    unsigned used : 2; /* MUD_USED_...: part of a price or quantity already */
    uint32_t line;
    uint32_t entity; /* that claimed it, counted from 1 */
};

_Static_assert(MUD_HINTS <= 32, "scan->hinted has a bit for each");

/* Rules look at many: half a line of the cache each. */
_Static_assert(sizeof(struct mud_mark) == 32, "marks without gaps");

/* A product phrase, before it becomes an entity. */
struct mud_phrase {
    uint32_t start, end;   /* folded bytes */
    uint32_t first, last;  /* marks, last included */
    uint16_t canonical;    /* index */
    uint8_t weak, generic; /* needs other evidence; a bare head */
    uint8_t negated, dropped;
    uint8_t measure; /* unit of a count right before it */
    int32_t entity;  /* once it is one, else -1 */
};

struct mud_scan {
    const struct mud_reader *reader;
    struct mud_arena *arena;
    struct mud_fold fold;
    struct mud_str text;           /* fold.text */
    const struct mud_grams *grams; /* of the text */
    uint8_t field;
    uint16_t field_index;

    struct mud_lex_hit *hits;
    size_t n_hits;
    uint8_t hints[MUD_HINTS]; /* words that hint, by meaning->hint */
    uint32_t hinted;          /* bit of each that there is */
    /* marks[0] and marks[n_marks + 1] are MUD_MARK_END */
    struct mud_mark *marks;
    uint32_t n_marks;
    uint32_t kinds; /* of all marks: a rule whose kinds lack may go home */
    uint64_t early[MUD_LEX_KINDS]; /* bit of each of marks 1..63 of a kind */
    uint64_t early_ascii; /* of those that begin with a character of ASCII */
    uint64_t early_numbers;
    struct mud_number *numbers;
    uint32_t *number_marks; /* the mark of each */
    size_t n_numbers;

    struct mud_phrase *phrases;
    size_t n_phrases, cap_phrases;

    struct mud_phrase fallback; /* what the thread was about */
    bool has_fallback;

    struct mud_entity *entities;
    size_t n_entities, cap_entities;

    bool claims;     /* marks were claimed */
    uint32_t decoys; /* values looked at for what the text tells of them */

    struct mud_str lang;
    unsigned currency;  /* of bare numbers */
    bool offer;         /* an illicit one */
    bool market;        /* that, or harmless trade */
    bool job, tickets;  /* what a harmless text is about */
    unsigned topics;    /* MUD_TOPIC_... */
    bool hungry;        /* wants to buy */
    bool benign;        /* of that category */
    unsigned direction; /* enum mud_direction, of the message */
};

/* Fold and mark a field. Work is linear in the text. */
void mud_scan_begin(struct mud_scan *scan, const struct mud_reader *reader,
                    struct mud_str raw, struct mud_arena *arena);

/*
 * The same in two parts: set, then fold and mark, for many fields one step after
 * the other, so that what a step needs stays in the nearest cache.
 */
void mud_scan_set(struct mud_scan *scan, const struct mud_reader *reader,
                  struct mud_str raw, struct mud_arena *arena);
void mud_scan_all(struct mud_scan *const *scans, size_t n);

/* The meaning of a term of that kind, or NULL. */
static inline const struct mud_meaning *mud_scan_means(
    const struct mud_scan *scan, const struct mud_mark *mark,
    enum mud_lex_kind kind)
{
    const struct mud_lex_hit *hit;

    if (!(mark->kinds >> kind & 1)) /* only terms have kinds */
        return NULL;
    for (hit = &scan->hits[mark->hit]; hit->kind != kind; hit++)
        ;
    return &scan->reader->meanings[hit->entry];
}

static inline const struct mud_mark *mud_scan_mark(const struct mud_scan *scan,
                                                   uint32_t i)
{
    return &scan->marks[i > scan->n_marks ? scan->n_marks + 1 : i];
}

/* Code of a term of that kind, or -1. */
static inline int mud_scan_code(const struct mud_scan *scan, uint32_t mark,
                                enum mud_lex_kind kind)
{
    const struct mud_meaning *m =
        mud_scan_means(scan, mud_scan_mark(scan, mark), kind);

    return m ? m->code : -1;
}

static inline bool mud_scan_has(const struct mud_scan *scan,
                                enum mud_lex_kind kind)
{
    return scan->kinds >> kind & 1;
}

/* The first mark behind mark i that has that kind, or 0. */
static inline uint32_t mud_scan_next(const struct mud_scan *scan, uint32_t i,
                                     enum mud_lex_kind kind)
{
    uint64_t rest;

    if (!(scan->kinds >> kind & 1))
        return 0;
    rest = i < 63 ? scan->early[kind] >> (i + 1) : 0;
    if (rest)
        return i + 1 + (uint32_t)__builtin_ctzll(rest);
    for (i = i < 63 ? 64 : i + 1; i <= scan->n_marks; i++) {
        if (scan->marks[i].kinds >> kind & 1)
            return i;
    }
    return 0;
}

/* Is it a sign with this code point? */
static inline bool mud_scan_sign(const struct mud_scan *scan, uint32_t i,
                                 uint32_t c)
{
    const struct mud_mark *m = mud_scan_mark(scan, i);

    return m->type == MUD_MARK_SIGN && m->sign == c;
}

/* Does a clause end before mark i: line end, comma, full stop...? */
static inline bool mud_scan_break(const struct mud_scan *scan, uint32_t i)
{
    return i == 0 || i > scan->n_marks || scan->marks[i - 1].stops;
}

/* The mark that holds or follows folded byte `at`. */
uint32_t mud_scan_find(const struct mud_scan *scan, uint32_t at);

/* Take the marks of a folded span out of the play. */
void mud_scan_claim(struct mud_scan *scan, uint32_t start, uint32_t end);

/* Add an entity for a folded span; its fields are the caller's to fill. */
struct mud_entity *mud_scan_add(struct mud_scan *scan, unsigned type,
                                uint32_t start, uint32_t end, unsigned rule,
                                unsigned sure);

/* Raw bytes of a folded span with case as written, letters and digits folded
 * to ASCII where they were not. In arena. */
struct mud_str mud_scan_cased(const struct mud_scan *scan, uint32_t start,
                              uint32_t end);

static inline struct mud_str mud_scan_text(const struct mud_scan *scan,
                                           uint32_t start, uint32_t end)
{
    return mud_str_of(scan->text.s + start, end - start);
}

/* Where that word first stands in a folded span, counted from its start; or
 * MUD_NPOS. Costs next to nothing when the whole text does not hold it. */
static inline size_t mud_scan_word(const struct mud_scan *scan, uint32_t start,
                                   uint32_t end, const char *word)
{
    return mud_grams_may(scan->grams, word)
               ? mud_str_find(mud_scan_text(scan, start, end), mud_str_z(word))
               : MUD_NPOS;
}

static inline bool mud_scan_says(const struct mud_scan *scan, const char *word)
{
    return mud_scan_word(scan, 0, (uint32_t)scan->text.n, word) != MUD_NPOS;
}

#endif
