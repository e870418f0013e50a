/*
 * Collectors: how the sources of each kind are read by themselves. A forum is
 * crawled (crawl.h); the others go on from a cursor in Postgres, which moves in
 * the transaction that stores what was read up to there. One that is broken off
 * anywhere repeats nothing visible and leaves nothing out.
 */
#ifndef MUD_RUN_COLLECT_H
#define MUD_RUN_COLLECT_H

#include "run/crawl.h"

/* One round of a source; the same contract as mud_crawl. */
typedef bool mud_collect_round(struct mud_report *report,
                               struct mud_worker *worker,
                               const struct mud_source *source,
                               const struct mud_crawl_options *options,
                               struct mud_error *err);

struct mud_collector {
    const char *kind; /* of source */
    mud_collect_round *round;
    bool live;   /* its round may go on until told to stop (options.live) */
    int every_s; /* its rounds are no further apart unless the source says so,
                  * for nobody is asked for anything; 0: as others */
};

/*
 * The kinds that are live, or those that are read by short rounds, forums not
 * among them (watch.h): n names in kinds, which has room for MUD_COLLECTORS_MAX.
 */
#define MUD_COLLECTORS_MAX 16
size_t mud_collector_kinds(const char **kinds, bool live);

/* NULL for kinds that take files only (chat, import) or are not known. */
const struct mud_collector *mud_collector_of(struct mud_str kind);

/*
 * One round by the collector of its kind. Of workers that come at once one reads
 * the source, but for forums, whose pages they share. MUD_EUSAGE when it takes files;
 * MUD_EDENIED outside basis, state, expiry and hours.
 */
MUD_MUST bool mud_collect(struct mud_report *report, struct mud_worker *worker,
                          const struct mud_source *source,
                          const struct mud_crawl_options *options,
                          struct mud_error *err);

/* Take the source again on a new connection; what the round held went with the
 * old one. */
MUD_MUST bool mud_collect_claim(bool *ours, struct mud_worker *worker,
                                const struct mud_source *source,
                                struct mud_error *err);

/* May it be asked now? MUD_EDENIED outside its hours and while its site is left
 * alone, with the time when it may. */
MUD_MUST bool mud_collect_is_open(const struct mud_source *source,
                                  struct mud_error *err);

/* What only a person can mend: the source is stopped and says why. Always false:
 * MUD_EDENIED, which tells how it goes on. */
bool mud_collect_stop(struct mud_worker *worker,
                      const struct mud_source *source, const char *why,
                      struct mud_error *err);

/* Where the source goes on in a place, in arena; empty: at the beginning. */
MUD_MUST bool mud_cursor_get(struct mud_str *value, struct mud_pg *pg,
                             const struct mud_source *source,
                             struct mud_str place, struct mud_arena *arena,
                             struct mud_error *err);
/* The same, and how long ago it was put, us; -1: never. */
MUD_MUST bool mud_cursor_age(struct mud_str *value, int64_t *age,
                             struct mud_pg *pg, const struct mud_source *source,
                             struct mud_str place, struct mud_arena *arena,
                             struct mud_error *err);
/* Remember it. Inside a transaction that is open, or one of its own. */
MUD_MUST bool mud_cursor_put(struct mud_pg *pg, const struct mud_source *source,
                             struct mud_str place, struct mud_str value,
                             struct mud_error *err);
/* Forget it. */
MUD_MUST bool mud_cursor_drop(struct mud_pg *pg,
                              const struct mud_source *source,
                              struct mud_str place, struct mud_error *err);

#endif
