/*
 * Inside run: what the watch (watch.c) has under way, and how the round of one
 * forum begins and ends (watched.c).
 */
#ifndef MUD_RUN_WATCHING_H
#define MUD_RUN_WATCHING_H

#include "run/crawling.h"
#include "run/watch.h"

/* A forum whose round is under way. */
struct mud_watched {
    struct mud_arena *arena; /* of source */
    struct mud_source source;
    struct mud_report part; /* since health was told */
    struct mud_report sum;  /* before */
    struct mud_crawling *crawl;
};

struct mud_watching {
    struct mud_worker *worker;
    const struct mud_watch_options *options;
    struct mud_loop *loop;
    struct mud_watched *all[MUD_WATCH_SOURCES];
    size_t n, most;
    int64_t pages; /* of rounds that ended */
    int32_t *done; /* sources that had their round, where each has one only */
    size_t n_done, cap_done;
    bool drained;      /* nothing more was due */
    int64_t look;      /* monotonic: when to look for what is due */
    int64_t chores;    /* when these things were done last: small ones */
    int64_t noted;     /* health was told of rounds under way */
    int64_t checked;   /* that they still may */
    int64_t refreshed; /* the lexicon */
};

/* Begin the round of a forum; *out is NULL when it may not be fetched now, or when
 * another worker has it, or when it failed by itself. */
MUD_MUST bool mud_watched_new(struct mud_watched **out,
                              struct mud_watching *watch, struct mud_str name,
                              struct mud_error *err);
/* The round of forum i is over, with error or NULL; another takes its place. */
MUD_MUST bool mud_watched_end(struct mud_watching *watch, size_t i,
                              const struct mud_error *error,
                              struct mud_error *err);
/* A failure of one source, and no reason to leave the others. */
bool mud_watch_is_its_own(enum mud_code code);

/* End all rounds, to be gone on with. */
MUD_MUST bool mud_watch_leave(struct mud_watching *watch,
                              struct mud_error *err);
/* The same without a word to Postgres, which cannot be reached. */
void mud_watch_drop(struct mud_watching *watch);

/* What is to be done now and then. */
MUD_MUST bool mud_watch_chores(struct mud_watching *watch,
                               struct mud_error *err);

int64_t mud_watch_pages(const struct mud_watching *watch);
void mud_watch_done(struct mud_watching *watch, int32_t source);
/* Sources that are under way or had their round, in arena. */
const int32_t *mud_watch_except(size_t *n, const struct mud_watching *watch,
                                struct mud_arena *arena);

#endif
