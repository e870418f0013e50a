/*
 * From a batch to Postgres, all in one transaction, tables and rows always in
 * the same order: texts that are new, and what belongs to them, by binary COPY
 * straight into their tables; the rest into this session's staging tables and
 * by one merge statement a table. Merging the same rows again changes nothing.
 */
#ifndef MUD_GRAPH_WRITE_H
#define MUD_GRAPH_WRITE_H

#include "graph/batch.h"
#include "store/pg.h"

struct mud_writer;

/*
 * Opens a connection of its own. version: of the reader; rule_name gives the
 * name of a rule number (payload: the reader). parser: version of the parser,
 * for capture_parsed.
 */
MUD_MUST bool mud_writer_new(struct mud_writer **out, const char *dsn,
                             const struct mud_reader *reader,
                             const char *parser, struct mud_error *err);
void mud_writer_free(struct mud_writer *writer);

/*
 * All of the batch or nothing. more: another batch waits behind it, whose
 * commit will bring this one to the disk too. Deadlocks and lost connections are tried again
 * a few times; then MUD_EAGAIN. MUD_EAGAIN too when the derived tables were
 * cleared since mud_writer_new: what was written before is gone.
 */
MUD_MUST bool mud_writer_write(struct mud_writer *writer,
                               const struct mud_batch *batch, bool more,
                               struct mud_error *err);

#endif
