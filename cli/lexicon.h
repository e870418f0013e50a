/* What the commands of `mudlark lexicon` share. */
#ifndef MUD_CLI_LEXICON_H
#define MUD_CLI_LEXICON_H

#include "cli/out.h"
#include "cli/session.h"
#include "graph/lexbook.h"
#include "nlp/lexcheck.h"

/*
 * The entry that --kind --sense --category --weak --flag --weight --note give
 * TERM. A kind is not needed with the sense of a product. MUD_EUSAGE says what
 * is missing or unknown, with what there is. builtin: the reader without
 * analysts' terms.
 */
MUD_MUST bool mud_lexicon_option_row(struct mud_lexrow *out,
                                     const struct mud_args *args,
                                     const char *term,
                                     const struct mud_reader *builtin,
                                     struct mud_arena *arena,
                                     struct mud_error *err);

/* The same of an entry that is known by other means: is it one that readers
 * take? What is doubtful goes to stderr. */
MUD_MUST bool mud_lexicon_row_good(const struct mud_lexrow *row,
                                   const struct mud_reader *builtin,
                                   struct mud_arena *arena,
                                   struct mud_error *err);

/* One entry as a record, with {"origin":"own"} and its persons and times. */
void mud_lexicon_put_row(struct mud_out *out, const struct mud_lexrow *row);
/* A built-in one: {"origin":"builtin","table","line"}. */
void mud_lexicon_put_known(struct mud_out *out,
                           const struct mud_lex_known *known);
/* Members of those records, for use in others. */
void mud_lexicon_row_json(struct mud_json *json, const struct mud_lexrow *row);
void mud_lexicon_known_json(struct mud_json *json,
                            const struct mud_lex_known *known);
void mud_lexicon_row_text(struct mud_buf *out, const struct mud_lexrow *row);
void mud_lexicon_known_text(struct mud_buf *out,
                            const struct mud_lex_known *known);

/* What a change did, as a record and a line; and that stored texts keep their
 * reading. */
void mud_lexicon_put_done(struct mud_out *out,
                          const struct mud_lexbook_done *done);

/* Of --reason, or empty. */
struct mud_str mud_lexicon_reason(const struct mud_args *args);

#endif
