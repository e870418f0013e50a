/*
 * Ingest: posts of captures become rows in Postgres. Reading goes on in the
 * caller's thread while a writer thread with its own connection merges the
 * batch before it (at most two wait). What is ingested again changes nothing;
 * several processes may ingest at once, also the same captures.
 *
 * A capture with no more posts than a batch (and less than 64 MiB of text) is
 * written in one transaction. A larger one goes in several; its row in mud.capture_parsed, which says that it
 * was read whole, comes with the last. After a failure the ingest is spent:
 * free it; captures without that row are to be ingested again.
 */
#ifndef MUD_GRAPH_INGEST_H
#define MUD_GRAPH_INGEST_H

#include "evidence/capture.h"
#include "graph/picture.h"
#include "nlp/reading.h"
#include "parse/post.h"

struct mud_ingest;

struct mud_ingest_options {
    const char *dsn;                 /* store/db.h: mud_db_dsn */
    const struct mud_reader *reader; /* borrowed */
    const char *parser;              /* version of the parser, "1" */
    size_t batch;                    /* posts; 0: 8,192 */
};

struct mud_ingest_count { /* since mud_ingest_new */
    int64_t captures, posts, notes;
    int64_t batches;
    int64_t offers; /* posts that are an illicit offer */
};

MUD_MUST bool mud_ingest_new(struct mud_ingest **out,
                             const struct mud_ingest_options *options,
                             struct mud_error *err);
/* Gives up what was not flushed. NULL is fine. */
void mud_ingest_free(struct mud_ingest *ingest);

/* True in *known when the capture was read whole by these versions of parser
 * and reader already: it need not be parsed again. */
MUD_MUST bool mud_ingest_known(bool *known, struct mud_pg *pg,
                               struct mud_id capture,
                               const struct mud_ingest_options *options,
                               struct mud_error *err);

/* One capture: begin, what kind of page it is, its posts in order, its notes,
 * end. */
MUD_MUST bool mud_ingest_begin(struct mud_ingest *ingest,
                               const struct mud_capture *capture,
                               struct mud_error *err);
/* A page's engine and kind, for the tally of its fields; without it posts are
 * messages of a chat, and a capture without posts is not tallied. */
void mud_ingest_kind(struct mud_ingest *ingest, struct mud_str engine,
                     enum mud_page_kind kind);
MUD_MUST bool mud_ingest_post(struct mud_ingest *ingest,
                              const struct mud_post *post,
                              struct mud_error *err);
/* A post with the pictures of it that were read (copied as needed). */
MUD_MUST bool mud_ingest_post_shown(struct mud_ingest *ingest,
                                    const struct mud_post *post,
                                    const struct mud_pictures *pictures,
                                    struct mud_error *err);
/* The first 1,000 are kept, and how many there were of each code. */
void mud_ingest_note(struct mud_ingest *ingest, const struct mud_note *note);
MUD_MUST bool mud_ingest_end(struct mud_ingest *ingest, struct mud_error *err);
/* Leave the open capture without its end, when its source broke: the posts so
 * far stay, the capture does not count as read. */
void mud_ingest_drop(struct mud_ingest *ingest);

/* A parsed page at once. */
MUD_MUST bool mud_ingest_page(struct mud_ingest *ingest,
                              const struct mud_capture *capture,
                              const struct mud_parsed *parsed,
                              struct mud_error *err);

/* Wait until all that ended is committed. *count may be NULL. */
MUD_MUST bool mud_ingest_flush(struct mud_ingest *ingest,
                               struct mud_ingest_count *count,
                               struct mud_error *err);

#endif
