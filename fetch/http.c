#include "fetch/fetcher.h"

#include <stdlib.h>

#define POLL_MS 250
#define DAY     INT64_C(86400)

static CURLSH *new_share(void)
{
    static const curl_lock_data kept[] = {
        CURL_LOCK_DATA_COOKIE,
        CURL_LOCK_DATA_CONNECT, /* or one source's would serve another */
        CURL_LOCK_DATA_DNS,
        CURL_LOCK_DATA_SSL_SESSION,
    };
    CURLSH *share = curl_share_init();

    for (size_t i = 0; share && i < sizeof kept / sizeof *kept; i++)
        if (curl_share_setopt(share, CURLSHOPT_SHARE, kept[i]))
            mud_out_of_memory();
    if (!share)
        mud_out_of_memory();
    return share;
}

bool mud_loop_fetcher(struct mud_fetcher **out, struct mud_loop *loop,
                      const struct mud_policy *policy, struct mud_error *err)
{
    struct mud_fetcher *fetcher;

    *out = NULL;
    if (!mud_policy_check(policy, err))
        return false;
    fetcher = mud_calloc(1, sizeof *fetcher);
    fetcher->loop = loop;
    fetcher->policy = *policy;
    fetcher->share = new_share();
    fetcher->running = mud_calloc(policy->parallel, sizeof(struct mud_job *));
    fetcher->ended_last = &fetcher->ended;
    fetcher->stalled_last = &fetcher->stalled;
    fetcher->day = mud_now() / MUD_SECOND / DAY;
    fetcher->day_spent = policy->day_spent;
    *out = fetcher;
    return true;
}

bool mud_fetcher_new(struct mud_fetcher **out, const struct mud_policy *policy,
                     struct mud_error *err)
{
    struct mud_loop *loop;

    *out = NULL;
    if (!mud_policy_check(policy, err) ||
        !mud_loop_new(&loop, policy->parallel, err))
        return false;
    if (!mud_loop_fetcher(out, loop, policy, err)) {
        mud_loop_free(loop);
        return false;
    }
    (*out)->own_loop = true;
    return true;
}

void mud_job_free(struct mud_job *job)
{
    struct mud_arena *arena = job->own_arena ? job->arena : NULL;
    mud_transfer_free(job->transfer);
    free(job);
    mud_arena_free(arena);
}

void mud_fetcher_free(struct mud_fetcher *fetcher)
{
    struct mud_loop *loop;

    if (!fetcher)
        return;
    loop = fetcher->loop;
    for (size_t i = 0; i < fetcher->n_running; i++) {
        struct mud_job *job = fetcher->running[i];
        (void)curl_multi_remove_handle(loop->multi, job->transfer->curl);
        job->host->active--;
        loop->n_running--;
        if (job->host->waiting)
            mud_due_put(loop, job->host);
        mud_job_free(job);
    }
    for (struct mud_job *job = fetcher->ended, *next; job; job = next) {
        next = job->next;
        loop->n_ended--;
        mud_job_free(job);
    }
    mud_lanes_free(fetcher);
    (void)curl_share_cleanup(fetcher->share);
    if (fetcher->own_loop)
        mud_loop_free(loop);
    free(fetcher->running);
    free(fetcher);
}

bool mud_job_queue(struct mud_fetcher *fetcher, struct mud_job *job, bool front,
                   struct mud_error *err)
{
    struct mud_lane *lane = mud_lane_of(fetcher, &job->url, err);

    if (!lane)
        return false;
    job->host = lane->host;
    job->next = front ? lane->first : NULL;
    if (front)
        lane->first = job;
    else
        *lane->last = job;
    if (!job->next)
        lane->last = &job->next;
    fetcher->queued++;
    fetcher->loop->n_queued++;
    lane->host->waiting++;
    mud_due_put(fetcher->loop, lane->host);
    return true;
}

struct mud_job *mud_lane_take(struct mud_lane *lane)
{
    struct mud_job *job = lane->first;

    lane->first = job->next;
    if (!lane->first)
        lane->last = &lane->first;
    job->next = NULL;
    lane->fetcher->queued--;
    lane->fetcher->loop->n_queued--;
    lane->host->waiting--;
    return job;
}

void mud_job_end(struct mud_fetcher *fetcher, struct mud_job *job)
{
    job->next = NULL;
    *fetcher->ended_last = job;
    fetcher->ended_last = &job->next;
    fetcher->n_ended++;
    fetcher->loop->n_ended++;
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
        (job->form
             ? mud_policy_allows_form(&fetcher->policy, &job->url, &why, &error)
             : mud_policy_allows(&fetcher->policy, &job->url, &why, &error)) &&
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

/* form: NULL for a page. */
static bool add_job(struct mud_fetcher *fetcher, struct mud_arena *arena,
                    struct mud_str url, struct mud_str referrer,
                    const struct mud_form *form, void *tag,
                    struct mud_error *err)
{
    struct mud_job *job = mud_calloc(1, sizeof *job);

    job->own_arena = arena == NULL;
    job->fetcher = fetcher;
    job->arena = arena ? arena : mud_arena_new();
    job->tag = tag;
    job->form = form;
    if (add(fetcher, job, url, referrer, err))
        return true;
    mud_job_free(job);
    return false;
}

bool mud_fetcher_add(struct mud_fetcher *fetcher, struct mud_str url,
                     struct mud_str referrer, void *tag, struct mud_error *err)
{
    return add_job(fetcher, NULL, url, referrer, NULL, tag, err);
}

bool mud_fetcher_post(struct mud_fetcher *fetcher, const struct mud_form *form,
                      void *tag, struct mud_error *err)
{
    return add_job(fetcher, NULL, form->url, form->referrer, form, tag, err);
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

/* "+host:port:address,...": where libcurl is to go; empty: as it likes. */
static struct mud_str resolve_of(const struct mud_fetcher *fetcher,
                                 const struct mud_job *job)
{
    const struct mud_host *host = job->host;
    const struct mud_buf *to = fetcher->policy.allow_private
                                   ? &host->addresses
                                   : &host->public_addresses;

    if (fetcher->policy.proxy.n || !to->n)
        return (struct mud_str){0};
    return mud_str_printf(job->arena,
                          "+%.*s:%u:%.*s",
                          MUD_FMT(job->url.host),
                          (unsigned)job->url.port,
                          MUD_FMT(mud_buf_view(to)));
}

void mud_job_begin(struct mud_fetcher *fetcher, struct mud_job *job)
{
    const struct mud_policy *policy = &fetcher->policy;
    int64_t left = mud_fetcher_day_left(fetcher);
    size_t page =
        policy->page_bytes > job->bytes ? policy->page_bytes - job->bytes : 0;
    struct mud_transfer_ask ask = {
        .url = &job->url,
        .referrer = job->referrer,
        .form = job->form,
        .share = fetcher->share,
        .resolve = resolve_of(fetcher, job),
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
    job->attempts++;
    fetcher->stats.requests++;
    job->transfer = mud_transfer_new(policy, &ask, job);
    if (!job->transfer ||
        curl_multi_add_handle(fetcher->loop->multi, job->transfer->curl)) {
        mud_fail(&job->error, MUD_EBUG, "libcurl takes no request");
        mud_chain_broken(fetcher, job);
        return;
    }
    job->host->active++;
    fetcher->loop->n_running++;
    job->place = fetcher->n_running++;
    fetcher->running[job->place] = job;
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

/* One word for why, where the error's code does not say it all. */
static const char *fault_of(const struct mud_job *job)
{
    if (!job->error.code)
        return NULL;
    if (job->error.code == MUD_ENET)
        return job->fault ? job->fault : "network";
    return job->fault && strncmp(job->fault, "redirect-", 9) == 0 ? job->fault
                                                                  : NULL;
}

static bool deliver_one(struct mud_fetcher *fetcher, mud_fetch_done *done,
                        void *payload)
{
    struct mud_job *job = fetcher->ended;
    struct mud_fetched fetched = {
        .url = job->asked,
        .exchanges = job->hops,
        .n = job->n_hops,
        .error = error_of(job),
        .fault = fault_of(job),
        .refusal = job->refusal,
        .attempts = job->attempts,
        .tag = job->tag,
        .arena = job->arena,
    };
    bool more;

    fetcher->ended = job->next;
    if (!fetcher->ended)
        fetcher->ended_last = &fetcher->ended;
    fetcher->n_ended--;
    fetcher->loop->n_ended--;
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

bool mud_fetcher_deliver(struct mud_fetcher *fetcher, mud_fetch_done *done,
                         void *payload)
{
    while (fetcher->ended && !fetcher->stop)
        if (!deliver_one(fetcher, done, payload))
            return false;
    return true;
}

bool mud_fetcher_step(struct mud_fetcher *fetcher, unsigned ms,
                      mud_fetch_done *done, void *payload)
{
    if (!fetcher->ended && mud_fetcher_left(fetcher))
        (void)mud_loop_step(fetcher->loop, ms);
    return mud_fetcher_deliver(fetcher, done, payload) && !fetcher->stop &&
           mud_fetcher_left(fetcher);
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
    return fetcher->queued + fetcher->n_running + fetcher->n_ended;
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
    if (add_job(fetcher, arena, url, (struct mud_str){0}, NULL, NULL, err))
        (void)mud_fetcher_run(fetcher, take_one, &one);
    mud_fetcher_free(fetcher);
    return one.ok;
}

const char *mud_fetch_libraries(void)
{
    return curl_version();
}
