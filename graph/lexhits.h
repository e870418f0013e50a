/*
 * Where a term stands in the posts that are stored: in what their authors wrote
 * themselves (bodies and titles; not quotes, not signatures). The search index
 * offers texts, each is then checked as the lexicon matches, so that a term that
 * segmentation cuts today is found as well.
 */
#ifndef MUD_GRAPH_LEXHITS_H
#define MUD_GRAPH_LEXHITS_H

#include "graph/records.h"
#include "nlp/reading.h"

struct mud_lexhits {
    struct mud_str term, flags; /* flags as in a table: "inside" */
    int32_t source;             /* 0: all; of one: bodies only */
    int64_t since;              /* us; 0: all */
    size_t examples;            /* newest posts to show */
    /* told texts checked and offered; may be NULL */
    void (*progress)(int64_t done, int64_t total, void *payload);
    void *progress_payload;
};

/*
 * One record {"type":"lexicon_hits","schema":1,"term","texts" (distinct),
 * "occurrences" (in those texts),"posts","adverts" (of the posts),
 * "by_source":{name:posts},"by_month":{"2026-11":posts},"by_category":{name:
 * posts},"examples":[{"content","field","is_offer","category","at","text"
 * (masked, cut around the first mark),"marks","posts":[id...]}]}
 */
MUD_MUST bool mud_lexhits(struct mud_pg *pg, const struct mud_reader *reader,
                          const struct mud_lexhits *hits, mud_record_fn *record,
                          void *payload, struct mud_error *err);

/*
 * Bodies of stored texts that hold the term, newest first, at most `most`; in
 * arena.
 */
MUD_MUST bool mud_lexhits_texts(struct mud_str **out, size_t *n,
                                struct mud_pg *pg,
                                const struct mud_reader *reader,
                                struct mud_str term, size_t most,
                                struct mud_arena *arena, struct mud_error *err);

#endif
