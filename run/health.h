/*
 * How each source does: when its next round is due, how the last one went, what
 * failed and how often, who reads it now. In Postgres (mud.health, mud.outcome),
 * by the server's clock, so that any number of workers on any hosts share it.
 *
 * A round: mud_health_due tells which sources are due; mud_health_begin takes
 * one; mud_health_note adds what it brought, as often as one likes; then
 * mud_health_end says when it is due again: after its interval, or after a
 * back-off that doubles with each failure in a row, up to six hours. mud_health_beat
 * keeps what a worker took; what a killed one took is free after two minutes, or
 * at once on its own host.
 *
 * Error budget: a source more than error_share percent of whose requests failed
 * within error_hours (once error_least were made) is stopped, with a note that
 * says why and what to do.
 */
#ifndef MUD_RUN_HEALTH_H
#define MUD_RUN_HEALTH_H

#include "run/report.h"
#include "run/source.h"

#define MUD_HEALTH_LEASE 120 /* s; beat three times as often */

struct mud_due {
    int32_t id;
    struct mud_str name, kind;
    int64_t next; /* us: since when it is due */
};

struct mud_due_query {
    const char *const *kinds; /* of sources that the caller reads */
    size_t n_kinds;
    const char *worker;
    const int32_t *except; /* sources that it has under way already */
    size_t n_except;
    size_t max;
};

/*
 * Sources that are due, the longest due first, in arena; paused, stopped and
 * expired ones never are. *wait: us until the next one will be, -1 when none
 * is known; new and resumed sources are due at once (NOTIFY mud_source).
 */
MUD_MUST bool mud_health_due(struct mud_due **due, size_t *n, int64_t *wait,
                             struct mud_pg *pg,
                             const struct mud_due_query *query,
                             struct mud_arena *arena, struct mud_error *err);

/* Begin a round, or go on with one that was left off. *ours is false when
 * another worker has it; never of a shared one (a forum). */
MUD_MUST bool mud_health_begin(bool *ours, struct mud_pg *pg,
                               const struct mud_source *source, bool shared,
                               const char *worker, struct mud_error *err);

/* What came in since the last note: requests, errors, skips, posts. */
MUD_MUST bool mud_health_note(struct mud_pg *pg,
                              const struct mud_source *source,
                              const struct mud_report *part,
                              struct mud_error *err);

struct mud_health_round {
    const char *worker;
    int64_t every_s;    /* the source's own interval, or that of the command */
    bool unfinished;    /* left off early: goes on at once */
    int64_t not_before; /* us; 0: as the pace says */
    const struct mud_report *report; /* since the last note; or NULL */
    const struct mud_error *error;   /* it failed; NULL: it did not */
    const char
        *kind; /* of the error, where more is known than its code; NULL */
};

/*
 * The round is over. It counts as failed, too, when it read nothing and met
 * errors. *stopped: its error budget is used up and the source was stopped.
 */
MUD_MUST bool mud_health_end(bool *stopped, struct mud_pg *pg,
                             const struct mud_source *source,
                             const struct mud_health_round *round,
                             struct mud_error *err);

/* A connection that is to stay broke (why), or stands again (NULL), while its round
 * goes on: the source fails until it stands. */
MUD_MUST bool mud_health_broken(struct mud_pg *pg,
                                const struct mud_source *source,
                                const struct mud_error *why,
                                struct mud_error *err);

/* The source is not due before that time (us): its hours are closed. */
MUD_MUST bool mud_health_defer(struct mud_pg *pg,
                               const struct mud_source *source, int64_t until,
                               struct mud_error *err);

/* Is that outcome of a request an error, which counts against the budget? Others
 * are skips. "network", "tls", "dns", "http-429"...: those words, or with "-"
 * and more behind them. */
bool mud_health_is_error(const char *outcome);
/* The word for an error of that code. */
const char *mud_health_kind(enum mud_code code);

struct mud_health {
    int32_t source;
    int64_t next, began, ended, success; /* us; 0: never */
    bool unfinished;
    int64_t post;   /* when a newer post than before was read */
    int64_t posted; /* and when the newest one was written */
    int64_t failures;
    struct mud_str error_kind, error; /* of the last failure */
    int64_t error_at;
    int64_t pages, captures, bytes, posts; /* ever */
    struct mud_str worker;                 /* who reads it now; or empty */
    int64_t since;
    int64_t asked, failed;   /* requests within the hours of the budget */
    int64_t waiting, parked; /* pages in its queue; given up this round */
};

/* Rounds are every_s apart from now on, but for sources with an interval of their
 * own: when a worker starts with another one than before. */
MUD_MUST bool mud_health_pace(struct mud_pg *pg, int64_t every_s,
                              struct mud_error *err);

/* Of one source (0: of all, by id), in arena. */
MUD_MUST bool mud_health_list(struct mud_health **out, size_t *n,
                              struct mud_pg *pg, int32_t source,
                              struct mud_arena *arena, struct mud_error *err);

/* How it stands with a source, the worst that can be said first. */
enum mud_condition {
    MUD_COND_GOOD,
    MUD_COND_NEW,     /* no round yet */
    MUD_COND_READING, /* a worker is at it */
    MUD_COND_BEHIND,  /* pages wait */
    MUD_COND_FILES,   /* takes files by hand only */
    MUD_COND_CLOSED,  /* out of its hours */
    MUD_COND_LATE,    /* due for half an hour: no worker runs? */
    MUD_COND_FAILING, /* its last round failed */
    MUD_COND_PAUSED,  /* by an operator */
    MUD_COND_STOPPED, /* by Mudlark; its note says why */
    MUD_COND_EXPIRED
};

/* collected: some collector reads sources of its kind. */
enum mud_condition mud_health_condition(const struct mud_source *source,
                                        const struct mud_health *health,
                                        bool collected, int64_t now);
const char *mud_condition_name(enum mud_condition condition); /* "good" */

struct mud_outcome {
    struct mud_str class, what; /* "error", "tls"; "skip", "login-wall"; "ok" */
    int64_t recent, ever;
    struct mud_str example; /* where it happened last */
    int64_t last;
};

/* What came of what was asked of a source in the last hours, and ever; the most
 * frequent first. */
MUD_MUST bool mud_health_outcomes(struct mud_outcome **out, size_t *n,
                                  struct mud_pg *pg, int32_t source,
                                  int64_t hours, struct mud_arena *arena,
                                  struct mud_error *err);

struct mud_covered {
    struct mud_str kind; /* of place: thread, board, group, feed... */
    int64_t places, ranges;
    int64_t broken; /* ranges that are not whole */
    int64_t first, last;
};

/* What was read of a source, by kind of place. */
MUD_MUST bool mud_health_covered(struct mud_covered **out, size_t *n,
                                 struct mud_pg *pg, int32_t source,
                                 struct mud_arena *arena,
                                 struct mud_error *err);

struct mud_worker_seen {
    struct mud_str name, role, version;
    int64_t started, seen;
    int64_t silent;         /* s since it was seen, by the server's clock */
    int64_t sources, pages; /* that it holds */
};

#define MUD_WORKER_GONE 90 /* s of silence */

/* Workers, those that live first. */
MUD_MUST bool mud_health_workers(struct mud_worker_seen **out, size_t *n,
                                 struct mud_pg *pg, struct mud_arena *arena,
                                 struct mud_error *err);

/* A worker lives: called every half minute or so; role: "up", "work"... */
MUD_MUST bool mud_health_beat(struct mud_pg *pg, const char *worker,
                              const char *role, struct mud_error *err);
/* It ends by itself and holds nothing more. */
MUD_MUST bool mud_health_leave(struct mud_pg *pg, const char *worker,
                               struct mud_error *err);
/* What workers held that were killed on this host is free at once. */
MUD_MUST bool mud_health_bury(struct mud_pg *pg, const char *self,
                              struct mud_error *err);

#endif
