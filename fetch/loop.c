#include "fetch/fetcher.h"

#include "base/hash.h"

#include <pthread.h>
#include <stdlib.h>

static void curl_begin(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT))
        mud_out_of_memory();
}

bool mud_loop_new(struct mud_loop **out, unsigned parallel,
                  struct mud_error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct mud_loop *loop;

    *out = NULL;
    if (!parallel || parallel > MUD_LOOP_PARALLEL_MAX)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "%u requests at once: 1 to %d",
                        parallel,
                        MUD_LOOP_PARALLEL_MAX);
    pthread_once(&once, curl_begin);
    loop = mud_calloc(1, sizeof *loop);
    loop->parallel = parallel;
    loop->wake = loop->epoll = -1;
    loop->multi = curl_multi_init();
    if (!loop->multi)
        mud_out_of_memory();
    /* Idle connections that one fetcher may keep (each has a cache). */
    (void)curl_multi_setopt(loop->multi, CURLMOPT_MAXCONNECTS, (long)parallel);
    if (!mud_poll_begin(loop, err)) {
        mud_loop_free(loop);
        return false;
    }
    *out = loop;
    return true;
}

void mud_loop_free(struct mud_loop *loop)
{
    if (!loop)
        return;
    mud_hosts_free(loop);
    (void)curl_multi_cleanup(loop->multi);
    mud_poll_end(loop);
    free(loop->due);
    free(loop);
}

size_t mud_loop_running(const struct mud_loop *loop)
{
    return loop->n_running;
}

size_t mud_loop_queued(const struct mud_loop *loop)
{
    return loop->n_queued;
}

/* The fetcher has all its places taken: the lane waits for one, before the
 * others when it was called once but found the place taken or its host busy. */
static void stall(struct mud_lane *lane)
{
    struct mud_fetcher *fetcher = lane->fetcher;

    if (lane->stalled)
        return;
    lane->stalled = true;
    lane->next_stalled = lane->called ? fetcher->stalled : NULL;
    if (lane->called)
        fetcher->stalled = lane;
    else
        *fetcher->stalled_last = lane;
    if (!lane->next_stalled)
        fetcher->stalled_last = &lane->next_stalled;
}

/* Call as many lanes as the fetcher has places, who waits longest first. One
 * whose requests went meanwhile, or whose host is not ready, takes no place
 * from the others: nobody else would call them. */
static void unstall(struct mud_fetcher *fetcher)
{
    unsigned places = fetcher->policy.parallel - (unsigned)fetcher->n_running;
    int64_t now = fetcher->stalled ? mud_monotonic() : 0;

    while (places && fetcher->stalled) {
        struct mud_lane *lane = fetcher->stalled;

        fetcher->stalled = lane->next_stalled;
        if (!fetcher->stalled)
            fetcher->stalled_last = &fetcher->stalled;
        lane->stalled = false;
        if (!lane->first)
            continue;
        lane->called = true;
        mud_due_put(fetcher->loop, lane->host);
        places -= lane->host->ready <= now;
    }
}

/* Its next request not before the delay of the policy is over. */
static void pace(struct mud_lane *lane, int64_t now)
{
    const struct mud_policy *policy = &lane->fetcher->policy;
    int64_t delay = INT64_C(1000) * policy->delay_ms;
    uint16_t dice = 0;

    if (delay < lane->host->least)
        delay = lane->host->least;
    if (policy->jitter_ms)
        mud_random(&dice, sizeof dice);
    lane->host->ready = now + delay +
                        INT64_C(1000) * policy->jitter_ms * dice / UINT16_MAX +
                        lane->host->slow;
}

/* Start the first job of the next lane that may; false when none may now: each
 * is then stalled, or waits for a lookup or for the end of a request. */
static bool start_one(struct mud_host *host, int64_t now)
{
    for (size_t i = 0; i < host->n_lanes; i++) {
        struct mud_lane *lane = host->lanes[host->turn++ % host->n_lanes];
        struct mud_fetcher *fetcher = lane->fetcher;
        enum mud_readiness readiness;

        if (!lane->first)
            continue;
        if (fetcher->n_running >= fetcher->policy.parallel) {
            stall(lane);
            continue;
        }
        readiness = host->active >= fetcher->policy.per_host
                        ? MUD_WAITS
                        : mud_lane_ready(lane);
        if (readiness == MUD_WAITS) {
            unstall(fetcher); /* another may take the place */
            continue;
        }
        size_t running = fetcher->n_running;
        if (readiness == MUD_DEAD) {
            mud_chain_broken(fetcher, mud_lane_take(lane));
        } else {
            lane->called = false;
            pace(lane, now);
            mud_job_begin(fetcher, mud_lane_take(lane));
        }
        if (fetcher->n_running == running)
            unstall(fetcher); /* it took no place */
        return true;
    }
    return false;
}

/* Answers that nobody took yet hold their bodies: they count, too. */
static bool has_room(const struct mud_loop *loop)
{
    return loop->n_running < loop->parallel &&
           loop->n_running + loop->n_ended < 2 * (size_t)loop->parallel;
}

static void start(struct mud_loop *loop)
{
    int64_t now = mud_monotonic();
    struct mud_host *host;

    while (has_room(loop) && (host = mud_due_first(loop)) &&
           host->ready <= now) {
        mud_due_drop(loop, host);
        if (start_one(host, now) && host->waiting)
            mud_due_put(loop, host);
    }
}

/* Take what libcurl is done with. */
static void collect(struct mud_loop *loop)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(loop->multi, &left))) {
        CURLcode rc = message->data.result;
        struct mud_job *job = NULL;
        struct mud_fetcher *fetcher;
        struct mud_host *host;

        if (message->msg != CURLMSG_DONE ||
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &job))
            continue;
        (void)curl_multi_remove_handle(loop->multi, job->transfer->curl);
        fetcher = job->fetcher;
        host = job->host;
        host->active--;
        loop->n_running--;
        fetcher->running[job->place] = fetcher->running[--fetcher->n_running];
        fetcher->running[job->place]->place = job->place;
        mud_chain_step(fetcher, job, rc);
        if (host->waiting)
            mud_due_put(loop, host);
        unstall(fetcher);
    }
}

/* Microseconds until a host may go on, at most ms. */
static int64_t sleep_for(const struct mud_loop *loop, unsigned ms)
{
    int64_t most = INT64_C(1000) * ms, left;
    const struct mud_host *host = mud_due_first(loop);

    if (!host || !has_room(loop))
        return most;
    left = host->ready - mud_monotonic();
    return left < 0 ? 0 : left < most ? left : most;
}

bool mud_loop_step(struct mud_loop *loop, unsigned ms)
{
    start(loop);
    if (!loop->n_queued && !loop->n_running)
        return loop->n_ended > 0;
    mud_poll_wait(loop, loop->n_ended ? 0 : sleep_for(loop, ms));
    collect(loop);
    mud_hosts_looked(loop);
    return loop->n_queued || loop->n_running || loop->n_ended;
}
