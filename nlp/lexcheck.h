/*
 * Checks of an analyst's table (nlp/lexicon.h) before it is used: what no
 * reader would take, and what it would take but probably should not. Pure: rows
 * in, findings out, each with the line it is about.
 */
#ifndef MUD_NLP_LEXCHECK_H
#define MUD_NLP_LEXCHECK_H

#include "nlp/reading.h"

enum mud_lex_grade {
    MUD_LEX_NOTE = 0, /* good to know */
    MUD_LEX_WARN,     /* will be used, and may read too much */
    MUD_LEX_BAD       /* no reader takes a table with it */
};

struct mud_lex_finding {
    uint32_t line; /* from 1; 0: the table as a whole */
    uint8_t grade; /* enum mud_lex_grade */
    /* What was found, for programs: row sense category flag twice alike
     * ordinary short builtin off */
    const char *code;
    struct mud_str term;
    struct mud_str text; /* for people, in English */
};

/*
 * Check a table against the reader without analysts' terms. Findings by line,
 * in arena; returns how many (at most MUD_LEX_FINDINGS, then one of the whole
 * says that there are more).
 */
#define MUD_LEX_FINDINGS 10000u
size_t mud_lexicon_check(struct mud_lex_finding **out,
                         const struct mud_reader *builtin, const char *name,
                         struct mud_str tsv, struct mud_arena *arena);

/* One row of a table, as it can be read; texts are valid during the call. */
struct mud_lex_row {
    const char *kind;
    struct mud_str term, folded, sense, category, flags, since, source, note;
    int32_t weight;
    uint32_t line;
};

/* All rows of a table in order; fails at the first bad one as mud_lexicon_add
 * does. */
MUD_MUST bool mud_lexicon_each(const struct mud_reader *builtin,
                               const char *name, struct mud_str tsv,
                               void (*row)(const struct mud_lex_row *row,
                                           void *payload),
                               void *payload, struct mud_error *err);

const char *mud_lex_grade_name(enum mud_lex_grade grade);

/* Words rarer than this are no ordinary ones: about one in 300,000. */
#define MUD_LEX_ORDINARY 12600
/* Is the folded term an ordinary word of the dictionary? */
bool mud_lexicon_ordinary(const struct mud_reader *reader,
                          struct mud_str folded);

/* The folded form of a term, as the lexicon matches it. */
struct mud_str mud_lexicon_folded(const struct mud_reader *reader,
                                  struct mud_str term, struct mud_arena *arena);

/* What the reader's own tables and the analysts' say of a folded term: entries
 * in use, in arena. */
struct mud_lex_known {
    const char *kind;
    const char *table; /* "products.tsv" */
    uint32_t line;
    struct mud_str term, sense, category, flags, source;
    int32_t weight;
};

size_t mud_lexicon_known(struct mud_lex_known **out,
                         const struct mud_reader *reader, struct mud_str folded,
                         struct mud_arena *arena);

/* Entry number i (from 1) of the reader's lexicon; false past the last. Rows
 * that are switched off or replaced have kind "". */
bool mud_lexicon_at(struct mud_lex_known *out, const struct mud_reader *reader,
                    uint32_t i);

/* The senses that rules know of a kind, with the category each brings along
 * ("" when none); none for kinds whose sense is free text. */
struct mud_lex_sense {
    struct mud_str sense;
    const char *category;
};

size_t mud_lexicon_senses(struct mud_lex_sense **out,
                          const struct mud_reader *reader, const char *kind,
                          struct mud_arena *arena);

#endif
