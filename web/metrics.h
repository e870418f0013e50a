/*
 * What a Mudlark does, as metrics for Prometheus: from Postgres, the vault and this
 * process. The queries are asked at most every five seconds (what is held: every
 * minute), whoever asks how often; without a database the rest is told and
 * mudlark_database_up is 0. docs/metrics.md lists them.
 */
#ifndef MUD_WEB_METRICS_H
#define MUD_WEB_METRICS_H

#include "store/pg.h"

struct mud_metrics;

/* home: of the vault; dsn: of the database, which is connected to when it is there.
 * Both must outlive it. For one thread at a time. */
struct mud_metrics *mud_metrics_new(const char *home, const char *dsn);
void mud_metrics_free(struct mud_metrics *metrics); /* NULL is fine */

/* The text, valid until the next call. */
struct mud_str mud_metrics_text(struct mud_metrics *metrics);

/* Does it answer, and may the vault be written to? *why (may be NULL) says what
 * is amiss. */
bool mud_metrics_healthy(struct mud_metrics *metrics, struct mud_error *why);

#endif
