/*
 * Inside fetch: what the loop (loop.c, poll.c, due.c), the fetchers (http.c,
 * chain.c, cookies.c) and their hosts (host.c) share. A job is one added
 * address with its chain of redirects. It sits in a lane, which is what one
 * fetcher has waiting for one host, or has a transfer under way, or waits for
 * its callback.
 */
#ifndef MUD_FETCH_FETCHER_H
#define MUD_FETCH_FETCHER_H

#include "fetch/http.h"
#include "fetch/loop.h"
#include "fetch/resolve.h"
#include "fetch/transfer.h"

#include <signal.h>

#define MUD_HOST_BUCKETS 1024

/* "%.*s" of a URL in a message: long ones would push the reason out of it. */
#define MUD_BRIEF(str) (int)((str).n < 200 ? (str).n : 200), (str).s

struct mud_job {
    struct mud_job *next; /* in its lane, or among the ended */
    struct mud_fetcher *fetcher;
    struct mud_arena *arena;
    bool own_arena;
    void *tag;
    struct mud_str asked;
    struct mud_url url;      /* of the next request */
    struct mud_str referrer; /* for it */
    const struct mud_form
        *form; /* to be sent there; NULL: a page is asked for */
    struct mud_exchange *hops;
    size_t n_hops, cap_hops;
    size_t bytes;     /* of page_bytes, spent on the hops */
    unsigned retry;   /* of the present hop */
    unsigned reloads; /* of pages that reload themselves */
    unsigned attempts;
    struct mud_host *host;
    struct mud_transfer *transfer;
    size_t place; /* among the fetcher's running ones */
    struct mud_error error;
    const char *fault; /* with MUD_ENET; as in struct mud_fetched */
    enum mud_refusal refusal;
};

struct mud_lane {
    struct mud_fetcher *fetcher;
    struct mud_host *host;
    struct mud_job *first, **last;
    struct mud_lane *next_own;     /* of the fetcher */
    struct mud_lane *next_stalled; /* waits for a place in the fetcher */
    bool stalled;
    bool called; /* to a place, which it did not get yet */
};

struct mud_host {
    struct mud_host *next_bucket;
    struct mud_lane **lanes;
    size_t n_lanes, cap_lanes, turn; /* lanes take turns */
    size_t waiting;                  /* jobs in them */
    int64_t ready;                   /* monotonic us: no request before */
    int64_t least;                   /* us between requests, of all policies */
    int64_t slow;   /* us beside the policy's delay: it asked for less */
    int64_t slowed; /* monotonic us: when it did last */
    size_t place;   /* in the loop's heap, from 1; 0: not */
    unsigned active;
    struct mud_host *next_looking; /* its lookup is under way */
    struct mud_lookup *lookup;
    int64_t looked; /* monotonic us: start of lookup, or end of the last */
    bool known;     /* what follows holds the last lookup's answers */
    struct mud_buf addresses;        /* "1.2.3.4,[::1]": all */
    struct mud_buf public_addresses; /* those that are public */
    struct mud_buf dns;              /* JSON array of all */
    const char *refused;             /* kind of one that is not public */
    size_t n_host, n_name;           /* of name: "host", "host:port" */
    char name[];
};

struct mud_fetcher {
    struct mud_loop *loop;
    bool own_loop;
    struct mud_policy policy;
    CURLSH *share; /* cookies, connections, DNS answers */
    struct mud_lane *lanes;
    size_t n_lanes;
    struct mud_lane *stalled, **stalled_last;
    struct mud_job **running; /* policy.parallel places */
    size_t n_running, queued;
    struct mud_job *ended, **ended_last; /* wait for their callback */
    size_t n_ended;
    struct mud_fetch_stats stats;
    int64_t day, day_spent;
    volatile sig_atomic_t stop;
};

struct mud_loop {
    CURLM *multi;
    unsigned parallel;
    int epoll;
    int wake;      /* eventfd: a lookup is done */
    int64_t timer; /* monotonic us: when libcurl wants to be called; -1 */
    struct mud_host *buckets[MUD_HOST_BUCKETS];
    size_t n_hosts;
    struct mud_host **due; /* heap by ready, from due[1] */
    size_t n_due, cap_due;
    struct mud_host *looking;
    size_t n_running, n_queued, n_ended;
};

/* The lane of fetcher to the host of that address, made when new; NULL with
 * MUD_ELIMIT. */
struct mud_lane *mud_lane_of(struct mud_fetcher *fetcher,
                             const struct mud_url *url, struct mud_error *err);
/* All lanes of a fetcher with their jobs; hosts that nobody needs any more. */
void mud_lanes_free(struct mud_fetcher *fetcher);
void mud_hosts_free(struct mud_loop *loop);
struct mud_str mud_host_name(const struct mud_host *host); /* without port */

enum mud_readiness {
    MUD_WAITS, /* for the DNS */
    MUD_READY,
    MUD_DEAD /* nowhere to go; the first job has the error */
};

/* Is it known where the lane leads? Begins or ends a lookup. It has a job. */
enum mud_readiness mud_lane_ready(struct mud_lane *lane);
/* Hosts whose lookup is done, or took too long, are due again. */
void mud_hosts_looked(struct mud_loop *loop);

/* due.c: the heap. put moves a host that is there to its new time. */
void mud_due_put(struct mud_loop *loop, struct mud_host *host);
void mud_due_drop(struct mud_loop *loop, struct mud_host *host);
struct mud_host *mud_due_first(const struct mud_loop *loop);

/* poll.c: libcurl's sockets and timer, and the eventfd. */
MUD_MUST bool mud_poll_begin(struct mud_loop *loop, struct mud_error *err);
void mud_poll_end(struct mud_loop *loop);
/* Wait at most us, and let libcurl go on. */
void mud_poll_wait(struct mud_loop *loop, int64_t us);

/* Put a job in the lane to the host of its url; false when it cannot. */
bool mud_job_queue(struct mud_fetcher *fetcher, struct mud_job *job, bool front,
                   struct mud_error *err);
struct mud_job *mud_lane_take(struct mud_lane *lane);
/* Begin the request of a job that was just taken from its lane. */
void mud_job_begin(struct mud_fetcher *fetcher, struct mud_job *job);

/* Give up on a job with its error, or deliver it when it has none. */
void mud_job_end(struct mud_fetcher *fetcher, struct mud_job *job);
void mud_job_free(struct mud_job *job);

/* Bytes that may still come today. */
int64_t mud_fetcher_day_left(struct mud_fetcher *fetcher);

struct mud_reload {
    int64_t wait;               /* us, before the page is asked for again */
    struct mud_str name, value; /* of a cookie that its script sets; or empty */
};

/* Is the answer a page that only sets a cookie and reloads itself? url: its
 * own. */
bool mud_reload_wall(struct mud_reload *out,
                     const struct mud_transfer *transfer,
                     const struct mud_url *url, struct mud_arena *arena);

/* No request to the host before that time, us. */
void mud_host_wait(struct mud_fetcher *fetcher, struct mud_host *host,
                   int64_t ready);

/* pace.c: the host asked for fewer requests: each waits longer, twice as long
 * with each such answer; and every answer that does not, shortens that. */
void mud_host_slower(struct mud_fetcher *fetcher, struct mud_host *host);
void mud_host_faster(struct mud_host *host);

/* A request of the job is done with rc: keep the exchange, then retry, follow
 * or end. */
void mud_chain_step(struct mud_fetcher *fetcher, struct mud_job *job,
                    CURLcode rc);
/* A request of the job could not even begin; why is its error. */
void mud_chain_broken(struct mud_fetcher *fetcher, struct mud_job *job);

#endif
