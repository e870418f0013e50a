/*
 * Inside fetch: what fetch/http.c (the loop), fetch/chain.c (what becomes of a
 * request) and fetch/cookies.c share. A job is one added address with its
 * chain of redirects. It sits in the queue of the host it goes to next, or
 * has a transfer under way.
 */
#ifndef MUD_FETCH_FETCHER_H
#define MUD_FETCH_FETCHER_H

#include "fetch/http.h"
#include "fetch/resolve.h"
#include "fetch/transfer.h"

#include <signal.h>

#define MUD_HOST_BUCKETS 256

/* "%.*s" of a URL in a message: long ones would push the reason out of it. */
#define MUD_BRIEF(str) (int)((str).n < 200 ? (str).n : 200), (str).s

struct mud_job {
    struct mud_job *next; /* in the queue of a host, or among the ended */
    struct mud_arena *arena;
    bool own_arena;
    void *tag;
    struct mud_str asked;
    struct mud_url url;      /* of the next request */
    struct mud_str referrer; /* for it */
    struct mud_exchange *hops;
    size_t n_hops, cap_hops;
    size_t bytes;     /* of page_bytes, spent on the hops */
    unsigned retry;   /* of the present hop */
    unsigned reloads; /* of pages that reload themselves */
    unsigned attempts;
    struct mud_host *host;
    struct mud_transfer *transfer;
    struct mud_error error;
    enum mud_refusal refusal;
};

struct mud_host {
    struct mud_host *next_bucket;
    struct mud_str name;
    struct mud_job *first, **last;
    int64_t ready; /* monotonic us: no request before */
    unsigned active;
    struct mud_lookup *lookup;
    int64_t looked; /* monotonic us: start of lookup, or end of the last */
    bool known;     /* addresses and dns hold the last lookup's answers */
    struct mud_buf addresses; /* "1.2.3.4,[::1]": those that may be used */
    struct mud_buf dns;       /* JSON array of all */
    const char *refused;      /* kind of address, when none may be used */
};

struct mud_fetcher {
    struct mud_policy policy;
    CURLM *multi;
    CURLSH *share;           /* the cookie jar */
    int wake;                /* eventfd: a lookup is done */
    struct mud_arena *arena; /* names of hosts */
    struct mud_host *buckets[MUD_HOST_BUCKETS];
    struct mud_host **hosts;
    size_t n_hosts, cap_hosts, turn;
    struct mud_job **running; /* by transfer; policy.parallel places */
    size_t n_running, queued;
    struct mud_job *ended, **ended_last; /* wait for their callback */
    struct mud_fetch_stats stats;
    int64_t day, day_spent;
    volatile sig_atomic_t stop;
};

/* Host of that name, made when new; NULL with MUD_ELIMIT. */
struct mud_host *mud_fetcher_host(struct mud_fetcher *fetcher,
                                  struct mud_str name, struct mud_error *err);
void mud_host_free(struct mud_host *host); /* not its jobs */

enum mud_readiness {
    MUD_WAITS, /* for the DNS */
    MUD_READY,
    MUD_DEAD /* nowhere to go; the first job has the error */
};

/* Is it known where host is? Begins or ends a lookup. It has a job. */
enum mud_readiness mud_host_ready(struct mud_fetcher *fetcher,
                                  struct mud_host *host);

/* Put a job in the queue of the host of its url; false when it cannot. */
bool mud_job_queue(struct mud_fetcher *fetcher, struct mud_job *job, bool front,
                   struct mud_error *err);

/* Give up on a job with its error, or deliver it when it has none. */
void mud_job_end(struct mud_fetcher *fetcher, struct mud_job *job);
void mud_job_free(struct mud_job *job);

/* Bytes that may still come today. */
int64_t mud_fetcher_day_left(struct mud_fetcher *fetcher);

/* Is the answer a page that only sets a cookie and reloads itself? */
bool mud_reload_wall(const struct mud_transfer *transfer);

/* A request of the job is done with rc: keep the exchange, then retry, follow
 * or end. */
void mud_chain_step(struct mud_fetcher *fetcher, struct mud_job *job,
                    CURLcode rc);
/* A request of the job could not even begin; why is its error. */
void mud_chain_broken(struct mud_fetcher *fetcher, struct mud_job *job);

#endif
