#include "fetch/fetcher.h"

#include "base/hash.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define POLL_MS 250
#define DAY     INT64_C(86400)

static void curl_begin(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT))
        mud_out_of_memory();
}

bool mud_fetcher_new(struct mud_fetcher **out, const struct mud_policy *policy,
                     struct mud_error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct mud_fetcher *fetcher;

    *out = NULL;
    if (!mud_policy_check(policy, err))
        return false;
    pthread_once(&once, curl_begin);
    fetcher = mud_calloc(1, sizeof *fetcher);
    fetcher->policy = *policy;
    fetcher->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fetcher->wake < 0) {
        free(fetcher);
        return mud_fail_errno(err, MUD_EIO, "eventfd");
    }
    fetcher->arena = mud_arena_new();
    fetcher->multi = curl_multi_init();
    fetcher->share = curl_share_init();
    if (!fetcher->multi || !fetcher->share ||
        curl_share_setopt(
            fetcher->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE))
        mud_out_of_memory();
    (void)curl_multi_setopt(
        fetcher->multi, CURLMOPT_MAXCONNECTS, (long)policy->parallel);
    fetcher->running = mud_calloc(policy->parallel, sizeof(struct mud_job *));
    fetcher->ended_last = &fetcher->ended;
    fetcher->day = mud_now() / MUD_SECOND / DAY;
    fetcher->day_spent = policy->day_spent;
    *out = fetcher;
    return true;
}

void mud_job_free(struct mud_job *job)
{
    struct mud_arena *arena = job->own_arena ? job->arena : NULL;
    mud_transfer_free(job->transfer);
    free(job);
    mud_arena_free(arena);
}

static void free_jobs(struct mud_job *job)
{
    while (job) {
        struct mud_job *next = job->next;
        mud_job_free(job);
        job = next;
    }
}

void mud_fetcher_free(struct mud_fetcher *fetcher)
{
    if (!fetcher)
        return;
    for (size_t i = 0; i < fetcher->n_running; i++) {
        struct mud_job *job = fetcher->running[i];
        (void)curl_multi_remove_handle(fetcher->multi, job->transfer->curl);
        mud_job_free(job);
    }
    free_jobs(fetcher->ended);
    for (size_t i = 0; i < fetcher->n_hosts; i++) {
        struct mud_host *host = fetcher->hosts[i];
        free_jobs(host->first);
        mud_host_free(host);
    }
    (void)curl_multi_cleanup(fetcher->multi);
    (void)curl_share_cleanup(fetcher->share);
    close(fetcher->wake);
    free(fetcher->running);
    free(fetcher->hosts);
    mud_arena_free(fetcher->arena);
    free(fetcher);
}

bool mud_job_queue(struct mud_fetcher *fetcher, struct mud_job *job, bool front,
                   struct mud_error *err)
{
    struct mud_host *host = mud_fetcher_host(fetcher, job->url.host, err);

    if (!host)
        return false;
    job->host = host;
    job->next = front ? host->first : NULL;
    if (front)
        host->first = job;
    else
        *host->last = job;
    if (!job->next)
        host->last = &job->next;
    fetcher->queued++;
    return true;
}

static struct mud_job *take_first(struct mud_fetcher *fetcher,
                                  struct mud_host *host)
{
    struct mud_job *job = host->first;
    host->first = job->next;
    if (!host->first)
        host->last = &host->first;
    job->next = NULL;
    fetcher->queued--;
    return job;
}

void mud_job_end(struct mud_fetcher *fetcher, struct mud_job *job)
{
    job->next = NULL;
    *fetcher->ended_last = job;
    fetcher->ended_last = &job->next;
}

static bool add(struct mud_fetcher *fetcher, struct mud_job *job,
                struct mud_str url, struct mud_str referrer,
                struct mud_error *err)
{
    enum mud_refusal why = MUD_REFUSED_NOT;
    struct mud_error error = {0};

    if (fetcher->queued >= MUD_FETCH_QUEUE_MAX)
        return mud_fail(err,
                        MUD_ELIMIT,
                        "more than %d addresses wait",
                        MUD_FETCH_QUEUE_MAX);
    job->referrer = mud_str_dup(referrer, job->arena);
    if (!mud_url_parse(&job->url, url, job->arena, &error) &&
        error.code == MUD_EDENIED)
        why = MUD_REFUSED_SCHEME;
    job->asked = job->url.text;
    if (!error.code &&
        mud_policy_allows(&fetcher->policy, &job->url, &why, &error) &&
        mud_job_queue(fetcher, job, false, &error)) {
        fetcher->stats.asked++;
        return true;
    }
    if (why)
        fetcher->stats.refused[why]++;
    return mud_fail(err,
                    error.code,
                    "%.*s: %s",
                    (int)(url.n < 200 ? url.n : 200),
                    url.s ? url.s : "",
                    error.text);
}

static bool add_job(struct mud_fetcher *fetcher, struct mud_arena *arena,
                    struct mud_str url, struct mud_str referrer, void *tag,
                    struct mud_error *err)
{
    struct mud_job *job = mud_calloc(1, sizeof *job);

    job->own_arena = arena == NULL;
    job->arena = arena ? arena : mud_arena_new();
    job->tag = tag;
    if (add(fetcher, job, url, referrer, err))
        return true;
    mud_job_free(job);
    return false;
}

bool mud_fetcher_add(struct mud_fetcher *fetcher, struct mud_str url,
                     struct mud_str referrer, void *tag, struct mud_error *err)
{
    return add_job(fetcher, NULL, url, referrer, tag, err);
}

int64_t mud_fetcher_day_left(struct mud_fetcher *fetcher)
{
    int64_t day = mud_now() / MUD_SECOND / DAY;

    if (day != fetcher->day) {
        fetcher->day = day;
        fetcher->day_spent = 0;
    }
    if (!fetcher->policy.day_bytes)
        return INT64_MAX;
    return fetcher->policy.day_bytes - fetcher->day_spent;
}

/* Begin the request of a job that was just taken from its queue. */
static void begin(struct mud_fetcher *fetcher, struct mud_job *job)
{
    const struct mud_policy *policy = &fetcher->policy;
    int64_t left = mud_fetcher_day_left(fetcher);
    size_t page =
        policy->page_bytes > job->bytes ? policy->page_bytes - job->bytes : 0;
    struct mud_transfer_ask ask = {
        .url = &job->url,
        .referrer = job->referrer,
        .share = fetcher->share,
        .body_max = left < (int64_t)page ? (size_t)(left > 0 ? left : 0) : page,
    };

    if (left <= 0) {
        job->refusal = MUD_REFUSED_BUDGET;
        mud_fail(&job->error,
                 MUD_ELIMIT,
                 "the %lld bytes of the day are spent",
                 (long long)policy->day_bytes);
        mud_chain_broken(fetcher, job);
        return;
    }
    if (job->host->addresses.n)
        ask.resolve =
            mud_str_printf(job->arena,
                           "+%.*s:%u:%.*s",
                           MUD_FMT(job->url.host),
                           (unsigned)job->url.port,
                           MUD_FMT(mud_buf_view(&job->host->addresses)));
    job->attempts++;
    fetcher->stats.requests++;
    job->transfer = mud_transfer_new(policy, &ask, job);
    if (!job->transfer ||
        curl_multi_add_handle(fetcher->multi, job->transfer->curl)) {
        mud_fail(&job->error, MUD_EBUG, "libcurl takes no request");
        mud_chain_broken(fetcher, job);
        return;
    }
    job->host->active++;
    fetcher->running[fetcher->n_running++] = job;
}

/* Start what may start: one job a host and round, hosts in turn. */
static void start(struct mud_fetcher *fetcher)
{
    const struct mud_policy *policy = &fetcher->policy;
    bool any = true;

    while (any && fetcher->queued && fetcher->n_running < policy->parallel) {
        any = false;
        for (size_t i = 0;
             i < fetcher->n_hosts && fetcher->n_running < policy->parallel;
             i++) {
            struct mud_host *host =
                fetcher->hosts[fetcher->turn++ % fetcher->n_hosts];
            int64_t now = mud_monotonic();
            enum mud_readiness readiness;
            uint16_t dice;

            if (!host->first || host->active >= policy->per_host ||
                host->ready > now)
                continue;
            readiness = mud_host_ready(fetcher, host);
            if (readiness == MUD_WAITS)
                continue;
            any = true;
            if (readiness == MUD_DEAD) {
                mud_chain_broken(fetcher, take_first(fetcher, host));
                continue;
            }
            mud_random(&dice, sizeof dice);
            host->ready = now + INT64_C(1000) * policy->delay_ms +
                          INT64_C(1000) * policy->jitter_ms * dice / UINT16_MAX;
            begin(fetcher, take_first(fetcher, host));
        }
    }
}

/* Take what libcurl is done with. */
static void collect(struct mud_fetcher *fetcher)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(fetcher->multi, &left))) {
        CURLcode rc = message->data.result;
        struct mud_job *job = NULL;

        if (message->msg != CURLMSG_DONE ||
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &job))
            continue;
        (void)curl_multi_remove_handle(fetcher->multi, job->transfer->curl);
        job->host->active--;
        for (size_t i = 0; i < fetcher->n_running; i++)
            if (fetcher->running[i] == job) {
                fetcher->running[i] = fetcher->running[--fetcher->n_running];
                break;
            }
        mud_chain_step(fetcher, job, rc);
    }
}

/* In the arena, which may outlive the job. */
static const struct mud_error *error_of(const struct mud_job *job)
{
    struct mud_error *error;

    if (!job->error.code)
        return NULL;
    error = mud_arena_alloc(job->arena, sizeof *error);
    *error = job->error;
    return error;
}

static bool deliver(struct mud_fetcher *fetcher, mud_fetch_done *done,
                    void *payload)
{
    struct mud_job *job = fetcher->ended;
    struct mud_fetched fetched = {
        .url = job->asked,
        .exchanges = job->hops,
        .n = job->n_hops,
        .error = error_of(job),
        .refusal = job->refusal,
        .attempts = job->attempts,
        .tag = job->tag,
        .arena = job->arena,
    };
    bool more;

    fetcher->ended = job->next;
    if (!fetcher->ended)
        fetcher->ended_last = &fetcher->ended;
    if (job->error.code)
        fetcher->stats.failed++;
    else
        fetcher->stats.answered++;
    if (!job->error.code && job->hops[job->n_hops - 1].cut)
        fetcher->stats.cut++;
    if (job->refusal)
        fetcher->stats.refused[job->refusal]++;
    more = done(fetcher, &fetched, payload);
    if (!fetched.arena)
        job->own_arena = false;
    mud_job_free(job);
    return more;
}

/* Milliseconds until a waiting host may go on, at most `most`. */
static int sleep_for(const struct mud_fetcher *fetcher, unsigned most)
{
    int64_t now = mud_monotonic(), first = now + INT64_C(1000) * most;

    for (size_t i = 0; i < fetcher->n_hosts; i++) {
        const struct mud_host *host = fetcher->hosts[i];
        if (host->first && !host->lookup && host->ready < first &&
            host->active < fetcher->policy.per_host &&
            fetcher->n_running < fetcher->policy.parallel)
            first = host->ready;
    }
    return first <= now ? 0 : (int)((first - now) / 1000 + 1);
}

bool mud_fetcher_step(struct mud_fetcher *fetcher, unsigned ms,
                      mud_fetch_done *done, void *payload)
{
    struct curl_waitfd wait = {.fd = fetcher->wake, .events = CURL_WAIT_POLLIN};
    int busy;

    start(fetcher);
    (void)curl_multi_perform(fetcher->multi, &busy);
    collect(fetcher);
    if (!fetcher->ended && mud_fetcher_left(fetcher)) {
        (void)curl_multi_poll(
            fetcher->multi, &wait, 1, sleep_for(fetcher, ms), NULL);
        uint64_t woken;
        if (wait.revents && read(fetcher->wake, &woken, sizeof woken) < 0)
            woken = 0; /* nothing to take: another wake took it */
    }
    while (fetcher->ended && !fetcher->stop)
        if (!deliver(fetcher, done, payload))
            return false;
    return !fetcher->stop && mud_fetcher_left(fetcher);
}

bool mud_fetcher_run(struct mud_fetcher *fetcher, mud_fetch_done *done,
                     void *payload)
{
    fetcher->stop = 0;
    while (mud_fetcher_step(fetcher, POLL_MS, done, payload))
        ;
    return mud_fetcher_left(fetcher) == 0;
}

void mud_fetcher_stop(struct mud_fetcher *fetcher)
{
    fetcher->stop = 1;
}

size_t mud_fetcher_left(const struct mud_fetcher *fetcher)
{
    size_t n = fetcher->queued + fetcher->n_running;
    for (const struct mud_job *job = fetcher->ended; job; job = job->next)
        n++;
    return n;
}

struct mud_fetch_stats mud_fetcher_stats(const struct mud_fetcher *fetcher)
{
    return fetcher->stats;
}

int64_t mud_fetcher_day_spent(const struct mud_fetcher *fetcher)
{
    return fetcher->day_spent;
}

/* Where mud_fetch_one keeps what came. */
struct one {
    const struct mud_exchange **exchanges;
    size_t *n;
    struct mud_error *err;
    bool ok;
};

static bool take_one(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                     void *payload)
{
    struct one *one = payload;

    (void)fetcher;
    *one->exchanges = fetched->exchanges;
    *one->n = fetched->n;
    one->ok = !fetched->error;
    if (fetched->error)
        mud_fail(one->err, fetched->error->code, "%s", fetched->error->text);
    return true;
}

bool mud_fetch_one(const struct mud_exchange **exchanges, size_t *n,
                   const struct mud_policy *policy, struct mud_str url,
                   struct mud_arena *arena, struct mud_error *err)
{
    struct one one = {.exchanges = exchanges, .n = n, .err = err};
    struct mud_fetcher *fetcher = NULL;

    *exchanges = NULL;
    *n = 0;
    if (!mud_fetcher_new(&fetcher, policy, err) || !fetcher)
        return false;
    if (add_job(fetcher, arena, url, (struct mud_str){0}, NULL, err))
        (void)mud_fetcher_run(fetcher, take_one, &one);
    mud_fetcher_free(fetcher);
    return one.ok;
}
