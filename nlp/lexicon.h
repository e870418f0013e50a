/*
 * The lexicon: terms with their kind, sense and category, from the tables in
 * nlp/lexicon/ and from an analyst's file; and the matcher that finds all of
 * them in a folded text at once. Terms are folded when they are loaded, so a
 * table may be written in either script and case.
 *
 * A table is TSV, UTF-8. Lines that begin with '#' and empty lines are passed
 * over, but for the first line, which names the columns, with or without "# ":
 *     term  kind  sense  category  weight  flags  since  source
 * in any order; only `term` must be there; others (more columns are allowed)
 * default to empty. kind may be left out when the loader gives it.
 * A later row takes the place of an earlier one of the same folded term, kind
 * and sense. Flags, parted by commas:
 *     off      not used, and switches off all earlier rows of its term and kind
 *              (of its sense only, where it names one)
 *     inside   a Latin or digit edge may stand inside a word
 *     soft     does not pull the segmentation
 *     any other word is kept for the reader of the table (mud_lex_flag)
 */
#ifndef MUD_NLP_LEXICON_H
#define MUD_NLP_LEXICON_H

#include "base/str.h"
#include "nlp/fold.h"

/* Kinds; their names are in lexicon.c. New ones go to the end. */
enum mud_lex_kind {
    MUD_LEX_TERM = 0, /* a word of the field, kept whole by segmentation */
    MUD_LEX_PRODUCT,  /* sense: canonical id */
    MUD_LEX_VERB,     /* sense: sell, buy, recruit */
    MUD_LEX_CUE,      /* before a contact; sense: contact type */
    MUD_LEX_UNIT,     /* sense: unit of quantities and prices */
    MUD_LEX_CURRENCY, /* sense: CNY, USD... */
    MUD_LEX_PLATFORM, /* sense: its id */
    MUD_LEX_NEGATION, /* turns what it stands by */
    MUD_LEX_BENIGN,   /* speaks for a harmless reading; sense: which */
    MUD_LEX_REPORT,   /* report, news, warning */
    MUD_LEX_ROLE,     /* of a price: deposit, commission, minimum order... */
    MUD_LEX_VICTIM,   /* field names of victims' records; sense: kind */
    MUD_LEX_NAME,     /* people, places, companies; kept whole */
    MUD_LEX_CATEGORY, /* speaks for a category */
    MUD_LEX_KINDS
};

const char *mud_lex_kind_name(enum mud_lex_kind kind);
MUD_MUST bool mud_lex_kind_of(struct mud_str name, enum mud_lex_kind *out);

struct mud_lex_entry {
    struct mud_str term;   /* as written */
    struct mud_str folded; /* as matched */
    struct mud_str sense, category, flags, since, source;
    struct mud_str row; /* the whole line */
    int32_t weight;     /* 0 when not given */
    uint32_t next;      /* another entry of the same folded term, or 0 */
    uint32_t line;      /* of its table */
    uint16_t table;     /* number of mud_lexicon_table_name */
    uint8_t kind;
    uint8_t edges; /* how the matcher checks word edges: lexindex.h */
};

struct mud_lexicon;

/* An empty lexicon that folds with folder, which outlives it. */
struct mud_lexicon *mud_lexicon_new(const struct mud_folder *folder);
void mud_lexicon_free(struct mud_lexicon *lexicon);

#define MUD_LEX_TERMS_MAX 500000u
#define MUD_LEX_TERM_MAX  256u /* bytes of one term */

/*
 * Add the rows of a table. name stands in messages; kind is for rows that name
 * none. Fails with MUD_EINPUT at the first bad row ("cues.tsv line 12: ..."),
 * with MUD_ELIMIT above the limits. The text is copied.
 */
MUD_MUST bool mud_lexicon_add(struct mud_lexicon *lexicon, const char *name,
                              struct mud_str tsv, enum mud_lex_kind kind,
                              struct mud_error *err);

/*
 * The same for a table that may be bad: each row that mud_lexicon_add would
 * stop at goes to `bad` with the reason and is left out. False (MUD_EINPUT) when
 * the table as a whole cannot be read: not UTF-8, or no column "term".
 */
MUD_MUST bool mud_lexicon_add_good(
    struct mud_lexicon *lexicon, const char *name, struct mud_str tsv,
    enum mud_lex_kind kind,
    void (*bad)(uint32_t line, const char *reason, void *payload),
    void *payload, struct mud_error *err);

/* Add a file; a missing file is MUD_EMISSING. */
MUD_MUST bool mud_lexicon_add_file(struct mud_lexicon *lexicon,
                                   const char *path, enum mud_lex_kind kind,
                                   struct mud_error *err);

/* After the last table: build the matcher. From here on it is const. */
MUD_MUST bool mud_lexicon_seal(struct mud_lexicon *lexicon,
                               struct mud_error *err);

/*
 * Entries are numbered from 1 to the count, in the order they were added; 0 is
 * no entry. Rows switched off or replaced keep their number, with a kind of
 * MUD_LEX_KINDS, and are never found.
 */
uint32_t mud_lexicon_count(const struct mud_lexicon *lexicon);
const struct mud_lex_entry *mud_lexicon_entry(const struct mud_lexicon *lexicon,
                                              uint32_t number);
const char *mud_lexicon_table_name(const struct mud_lexicon *lexicon,
                                   uint16_t table);

/* First entry of that folded term and kind, or 0. */
uint32_t mud_lexicon_get(const struct mud_lexicon *lexicon,
                         enum mud_lex_kind kind, struct mud_str folded);

/* Is `flag` among the entry's flags? */
bool mud_lex_flag(const struct mud_lex_entry *entry, const char *flag);

/* A column of the entry's row by name, empty when it has none. */
struct mud_str mud_lexicon_column(const struct mud_lexicon *lexicon,
                                  uint32_t number, const char *column);

/* SHA-256 over all tables in the order they were added. */
void mud_lexicon_digest(const struct mud_lexicon *lexicon, uint8_t out[32]);

struct mud_lex_hit {
    struct mud_span at; /* bytes of the folded text */
    uint32_t entry;     /* one hit for each entry of the term */
    uint8_t kind;
};

/*
 * Every occurrence of every term, overlapping ones too, by start and then by
 * length, longest first. A term that begins or ends with a letter (not Han or
 * kana) or digit does not match where the word or number goes on, unless it is
 * flagged `inside`; an English plural s may follow a term of four letters and
 * more and is part of the hit. kinds: bit set (1u << MUD_LEX_UNIT | ...), or 0
 * for all. Returns how many; the array is in arena.
 */
size_t mud_lexicon_find(struct mud_lex_hit **out,
                        const struct mud_lexicon *lexicon,
                        struct mud_str folded, uint32_t kinds,
                        struct mud_arena *arena);

#endif
