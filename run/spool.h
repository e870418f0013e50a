/*
 * Spool: what a connection that stays open brings in. Whatever is added is in a
 * file below MUDLARK_HOME/spool at once, so that a killed worker loses nothing
 * of it; by and by such a file is sealed as one capture, read into the graph
 * and removed. What was left behind is sealed and read by who opens the spool of
 * that source next; what had been sealed by then is not sealed twice. Only who
 * has claimed the source (run/collect.h) has its spool open.
 */
#ifndef MUD_RUN_SPOOL_H
#define MUD_RUN_SPOOL_H

#include "run/report.h"
#include "run/source.h"
#include "run/worker.h"

#define MUD_SPOOL_BYTES ((size_t)4 << 20) /* from here on it is due */
/* What was said is to be found within seconds: it is due when nothing has come for
 * so long, at the latest so long after the first. */
#define MUD_SPOOL_QUIET   2
#define MUD_SPOOL_SECONDS 10

struct mud_spool;

/*
 * content_type: of the captures. Files that were left behind are sealed and
 * read first. All that is given must outlive the spool. MUD_EIO: the disk.
 */
MUD_MUST bool mud_spool_open(struct mud_spool **out, struct mud_worker *worker,
                             const struct mud_source *source,
                             const char *content_type,
                             struct mud_report *report, struct mud_error *err);
/* What was not sealed stays for the next one. NULL is fine. */
void mud_spool_free(struct mud_spool *spool);

/* All of bytes, or nothing: MUD_EIO. */
MUD_MUST bool mud_spool_add(struct mud_spool *spool, struct mud_str bytes,
                            struct mud_error *err);

/* Bytes that are not sealed yet, and since when there are any (us; 0: none). */
size_t mud_spool_size(const struct mud_spool *spool);
int64_t mud_spool_since(const struct mud_spool *spool);

/* Is there so much, or has it waited so long, that it is to be sealed? */
bool mud_spool_due(const struct mud_spool *spool);

/*
 * Seal what was added, read it and wait until that is committed. When this
 * fails nothing is lost and it may be called again.
 */
MUD_MUST bool mud_spool_seal(struct mud_spool *spool, struct mud_error *err);

#endif
