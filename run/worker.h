/*
 * What one worker holds: home, connections, vault, reader of texts, parser of
 * pages, ingest. One step takes what was fetched or handed over through
 * evidence, parse and nlp into the graph.
 */
#ifndef MUD_RUN_WORKER_H
#define MUD_RUN_WORKER_H

#include "evidence/capture.h"
#include "graph/ingest.h"
#include "parse/parse.h"
#include "run/report.h"
#include "run/source.h"

struct mud_worker {
    const char *home;
    char who[128]; /* operator; goes into captures */
    char name[96]; /* host:pid, for leases */
    struct mud_pg *pg;
    struct mud_vault *vault;
    struct mud_reader *reader;
    struct mud_parser *parser;
    struct mud_ingest *ingest;
};

/*
 * Open all of it: the database is started and migrated if need be; what a
 * killed process left in the vault is put right. home must outlive worker.
 */
MUD_MUST bool mud_worker_open(struct mud_worker *worker, const char *home,
                              const char *who, struct mud_error *err);
void mud_worker_close(struct mud_worker *worker); /* a zeroed one is fine */

/* Connect again after MUD_EAGAIN; what was not committed is gone. */
MUD_MUST bool mud_worker_reopen(struct mud_worker *worker,
                                struct mud_error *err);

/*
 * Decode, parse and ingest one sealed page. *parsed (in arena) is what the
 * page held; the report counts posts and what was passed over.
 */
MUD_MUST bool mud_step_page(struct mud_parsed *parsed,
                            struct mud_worker *worker,
                            const struct mud_source *source,
                            const struct mud_capture *capture,
                            const struct mud_exchange *exchange,
                            struct mud_report *report, struct mud_arena *arena,
                            struct mud_error *err);

/*
 * Parse and ingest one sealed file: a chat export as a stream, a page, or
 * nothing that a parser knows, which is a skip and no error.
 */
MUD_MUST bool mud_step_file(struct mud_worker *worker,
                            const struct mud_source *source,
                            const struct mud_capture *capture,
                            struct mud_report *report, struct mud_error *err);

/* Either, by the capture's kind, from the vault (rebuild). */
MUD_MUST bool mud_step_capture(struct mud_worker *worker,
                               const struct mud_source *source,
                               const struct mud_capture *capture,
                               struct mud_report *report,
                               struct mud_error *err);

/* Which range of which place this page covers (schema/0001_base.sql). */
MUD_MUST bool mud_step_coverage(struct mud_worker *worker,
                                const struct mud_source *source,
                                const struct mud_capture *capture,
                                const struct mud_parsed *parsed, int64_t stated,
                                struct mud_error *err);

#endif
