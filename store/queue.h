/*
 * Jobs in Postgres. take: lease rows with FOR UPDATE SKIP LOCKED and commit;
 * the lease, not a transaction, holds a job. done deletes it, retry gives it
 * back later (5 * 2^tries seconds, at most an hour), fail parks it with its
 * reason after too many tries. reap gives back what dead workers held.
 */
#ifndef MUD_STORE_QUEUE_H
#define MUD_STORE_QUEUE_H

#include "store/pg.h"

/* Tries (leases that counted) after which retry and reap park a job. */
#define MUD_QUEUE_TRIES 8

/* Each put that adds notifies this channel, its queue's name as payload. A
 * hint only: workers also poll. */
#define MUD_QUEUE_CHANNEL "mud_job"

struct mud_job {
    int64_t id;
    int tries;              /* counting this one */
    struct mud_str key;     /* unique per queue */
    struct mud_str payload; /* JSON object */
};

/* Put a job unless queue already holds or has parked one with this key.
 * *added (may be NULL) says. payload is JSON. run_at (us) 0: now. Jobs of
 * larger priority go first. */
MUD_MUST bool mud_queue_put(struct mud_pg *pg, const char *queue,
                            struct mud_str key, struct mud_str payload,
                            int priority, int64_t run_at, bool *added,
                            struct mud_error *err);
/* The same for many, to run now. jobs is a JSON array of objects with key,
 * payload and priority; a key that is there twice counts once. */
MUD_MUST bool mud_queue_put_many(struct mud_pg *pg, const char *queue,
                                 struct mud_str jobs, struct mud_error *err);
/* Lease up to max jobs for lease_s seconds. Texts live in arena. */
MUD_MUST bool mud_queue_take(struct mud_job **jobs, size_t *n,
                             struct mud_pg *pg, const char *queue, size_t max,
                             int lease_s, const char *worker,
                             struct mud_arena *arena, struct mud_error *err);
MUD_MUST bool mud_queue_done(struct mud_pg *pg, int64_t job,
                             struct mud_error *err);
/* Lease a job that takes long for lease_s more seconds from now. */
MUD_MUST bool mud_queue_keep(struct mud_pg *pg, int64_t job, int lease_s,
                             struct mud_error *err);
/* Not a try that counts (rate limit, pause): run again at run_at. */
MUD_MUST bool mud_queue_delay(struct mud_pg *pg, int64_t job, int64_t run_at,
                              struct mud_error *err);
MUD_MUST bool mud_queue_retry(struct mud_pg *pg, int64_t job,
                              struct mud_str why, struct mud_error *err);
MUD_MUST bool mud_queue_fail(struct mud_pg *pg, int64_t job, struct mud_str why,
                             struct mud_error *err);
MUD_MUST bool mud_queue_reap(struct mud_pg *pg, int64_t *given_back,
                             struct mud_error *err);
/* *at: when the first waiting job may run, us; 0 when none waits. */
MUD_MUST bool mud_queue_next(int64_t *at, struct mud_pg *pg, const char *queue,
                             struct mud_error *err);
/* Counts by state: waiting (now or later), leased, failed. */
MUD_MUST bool mud_queue_count(struct mud_pg *pg, const char *queue,
                              int64_t *waiting, int64_t *leased,
                              int64_t *failed, struct mud_error *err);

#endif
