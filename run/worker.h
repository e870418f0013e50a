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

struct mud_worker_mirror { /* tells one state of lexicon.tsv from another */
    uint64_t inode;
    int64_t bytes, changed_ns;
};

struct mud_worker {
    const char *home;
    char who[128];  /* operator; goes into captures */
    char name[112]; /* host:pid, for leases */
    char dsn[1024];
    struct mud_pg *pg;
    struct mud_vault *vault;
    struct mud_reader *reader;
    struct mud_parser *parser;
    struct mud_media *media; /* run/media.h */
    struct mud_ingest *ingest;
    struct mud_worker_mirror mirror; /* what reader was made of */
    bool by_hand; /* it was said that lexicon.tsv was changed by hand */
};

/* True when that worker ("host-1a2b:pid") ran on this host and runs no more. */
bool mud_worker_is_dead(const char *name);

/* home/lexicon.tsv, the analyst's own terms, in path[size]; NULL when there is
 * none. */
const char *mud_lexicon_path(const char *home, char *path, size_t size);

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
 * Take the analysts' terms as they are now: the mirror is brought up to date,
 * and when it is another than the reader was made of, reader and ingest are made
 * anew (*anew). Between captures only. Terms that no reader takes are logged and
 * those of before stay.
 */
MUD_MUST bool mud_worker_refresh(struct mud_worker *worker, bool *anew,
                                 struct mud_error *err);

/* What its ingest was made with; borrows from worker. */
struct mud_ingest_options mud_worker_options(const struct mud_worker *worker);

#endif
