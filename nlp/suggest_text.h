/* One text as nlp/suggest.c sees it: units, what breaks them, what stands
 * around them. Inside nlp only. */
#ifndef MUD_NLP_SUGGEST_TEXT_H
#define MUD_NLP_SUGGEST_TEXT_H

#include "nlp/reader.h"
#include "nlp/suggest.h"

#define MUD_SUGGEST_UNITS 6 /* of the longest n-gram */

struct mud_sunit {
    uint32_t start, end; /* folded bytes */
    uint32_t id;         /* of its text: equal units have equal ids */
    bool han;            /* else a word of another script */
    bool joined;         /* goes on from the unit before */
};

struct mud_stext {
    struct mud_str folded;
    struct mud_sunit *units;
    size_t n;
    const struct mud_lex_hit *hits; /* all of the lexicon's */
    size_t n_hits;
    const uint8_t *torn; /* by byte: a known word would be torn there */
    bool deals;          /* reads like dealing, whatever in */
};

void mud_stext_read(struct mud_stext *out, const struct mud_reader *reader,
                    const struct mud_suggest_text *text,
                    struct mud_arena *arena);

/* How many units from i on may be a term together, at most. */
size_t mud_stext_reach(const struct mud_stext *text, size_t i);

/* May the units [i, i + n) be a term, as far as known words say? */
bool mud_stext_whole(const struct mud_stext *text, size_t i, size_t n);

/* What the tokens around a place say of it: hashed. tokens are of
 * mud_segment. Returns how many were written to out (at most most). */
size_t mud_stext_around(uint32_t *out, size_t most,
                        const struct mud_stext *text,
                        const struct mud_lexicon *lexicon,
                        const struct mud_token *tokens, size_t n_tokens,
                        struct mud_span at);

#endif
