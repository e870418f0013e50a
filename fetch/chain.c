#include "fetch/fetcher.h"

#define RELOADS_MAX 3

static bool status_passes(int status)
{
    return status == 429 || status == 408 || status == 500 || status == 502 ||
           status == 503 || status == 504;
}

void mud_host_wait(struct mud_fetcher *fetcher, struct mud_host *host,
                   int64_t ready)
{
    if (ready <= host->ready)
        return;
    host->ready = ready;
    if (host->place)
        mud_due_put(fetcher->loop, host);
}

/* The whole host waits: what ails one page of it mostly ails all. */
static bool try_again(struct mud_fetcher *fetcher, struct mud_job *job,
                      struct mud_str retry_after)
{
    int64_t ready;

    if (job->retry >= fetcher->policy.retries)
        return false;
    ready = mud_monotonic() +
            INT64_C(1000) *
                mud_policy_backoff(&fetcher->policy, job->retry, retry_after);
    job->retry++;
    fetcher->stats.retries++;
    mud_host_wait(fetcher, job->host, ready);
    return mud_job_queue(fetcher, job, true, &job->error);
}

/* A redirect with a target, which is then absolute in *to. */
static bool redirects(struct mud_url *to, struct mud_exchange *hop,
                      struct mud_job *job, struct mud_error *err)
{
    struct mud_str location = mud_exchange_header(hop, "Location");

    if (hop->status != 301 && hop->status != 302 && hop->status != 303 &&
        hop->status != 307 && hop->status != 308)
        return false;
    if (!location.n)
        return false;
    if (!mud_url_resolve(to, &job->url, location, job->arena, err)) {
        mud_fail_in(err, "redirect from %.*s", MUD_BRIEF(job->url.text));
        return true;
    }
    hop->location = to->text;
    return true;
}

/*
 * Boards that want a cookie set it and send the browser to the same page, so
 * one return after a cookie is no loop.
 */
static bool loops(const struct mud_job *job, struct mud_str target)
{
    const struct mud_exchange *last = &job->hops[job->n_hops - 1];
    size_t seen = 0, at = 0;
    struct mud_str cookie;
    bool set = mud_head_value(last->response_head, "Set-Cookie", &at, &cookie);

    for (size_t i = 0; i < job->n_hops; i++)
        seen += job->hops[i].location.n && mud_str_eq(job->hops[i].url, target);
    return seen > (set ? 1 : 0);
}

static bool may_follow(struct mud_fetcher *fetcher, struct mud_job *job,
                       const struct mud_url *to)
{
    struct mud_error *err = &job->error;

    job->fault = "redirect-loop";
    if (loops(job, to->text))
        return mud_fail(
            err, MUD_ENET, "redirect loop at %.*s", MUD_BRIEF(to->text));
    if (job->n_hops > fetcher->policy.redirects_max)
        return mud_fail(err,
                        MUD_ELIMIT,
                        "more than %u redirects",
                        fetcher->policy.redirects_max);
    job->fault = NULL;
    if (mud_policy_allows(&fetcher->policy, to, &job->refusal, err))
        return true;
    job->fault = "redirect-refused";
    return mud_fail_in(err, "redirect to %.*s", MUD_BRIEF(to->text));
}

/* True when the job goes on with another request. */
static bool follow(struct mud_fetcher *fetcher, struct mud_job *job,
                   struct mud_exchange *hop)
{
    struct mud_url to = {0};

    if (!redirects(&to, hop, job, &job->error))
        return false;
    if (job->error.code) { /* no address, or one of another scheme */
        job->fault = "redirect-refused";
        if (job->error.code == MUD_EDENIED)
            job->refusal = MUD_REFUSED_SCHEME;
        return false;
    }
    if (!may_follow(fetcher, job, &to))
        return false;
    fetcher->stats.redirects++;
    job->referrer = hop->url;
    job->url = to;
    job->retry = 0;
    return mud_job_queue(fetcher, job, true, &job->error);
}

static void count(struct mud_fetcher *fetcher, CURL *curl)
{
    curl_off_t body = 0;
    long head = 0, connections = 0;

    (void)curl_easy_getinfo(curl, CURLINFO_SIZE_DOWNLOAD_T, &body);
    (void)curl_easy_getinfo(curl, CURLINFO_HEADER_SIZE, &head);
    (void)curl_easy_getinfo(curl, CURLINFO_NUM_CONNECTS, &connections);
    fetcher->stats.bytes += (uint64_t)body + (uint64_t)head;
    fetcher->stats.connections += (uint64_t)connections;
    fetcher->day_spent += (int64_t)body + head;
}

/* The exchange of an answered transfer goes into the chain. */
static struct mud_exchange *keep(struct mud_fetcher *fetcher,
                                 struct mud_job *job,
                                 const struct mud_transfer *transfer)
{
    struct mud_exchange *hop;

    job->hops = mud_arena_grow(
        job->arena, job->hops, &job->cap_hops, job->n_hops, sizeof *job->hops);
    hop = &job->hops[job->n_hops++];
    hop->url = job->url.text;
    hop->referrer = job->referrer;
    if (!fetcher->policy.proxy.n)
        hop->dns = mud_str_dup(mud_buf_view(&job->host->dns), job->arena);
    mud_transfer_exchange(hop, transfer, job->arena);
    job->bytes += hop->body.n;
    return hop;
}

/* Ask again for what passes by itself: 5xx, 429, a connection that broke. */
static bool retries(struct mud_fetcher *fetcher, struct mud_job *job,
                    const struct mud_transfer *transfer,
                    enum mud_outcome outcome)
{
    struct mud_str wait = {0}, wall = {0};
    struct mud_str head = mud_buf_view(&transfer->response);
    size_t at = 0, at_wall = 0;

    if (outcome == MUD_BROKEN)
        return try_again(fetcher, job, wait);
    if (outcome != MUD_ANSWERED || (!status_passes(transfer->status) &&
                                    transfer->cut != MUD_CUT_DISCONNECT))
        return false;
    /* Asking again neither solves a challenge nor shortens a long wait. */
    (void)mud_head_value(head, "Retry-After", &at, &wait);
    if (mud_head_value(head, "cf-mitigated", &at_wall, &wall) ||
        mud_retry_after(wait) > INT64_C(1000) * fetcher->policy.backoff_max_ms)
        return false;
    return try_again(fetcher, job, wait);
}

/* As its script would: for this host, until the session ends. */
static void set_cookie(const struct mud_job *job,
                       const struct mud_transfer *transfer,
                       const struct mud_reload *reload)
{
    struct mud_str line;

    if (!reload->name.n)
        return;
    line = mud_str_printf(job->arena,
                          "%.*s\tFALSE\t/\tFALSE\t0\t%.*s\t%.*s",
                          MUD_FMT(job->url.host),
                          MUD_FMT(reload->name),
                          MUD_FMT(reload->value));
    (void)curl_easy_setopt(transfer->curl, CURLOPT_COOKIELIST, line.s);
}

/* Behind a wall that a cookie opens: what it said is kept, then ask again. */
static bool reload(struct mud_fetcher *fetcher, struct mud_job *job,
                   const struct mud_transfer *transfer,
                   const struct mud_reload *wall)
{
    if (job->reloads >= RELOADS_MAX)
        return false;
    set_cookie(job, transfer, wall);
    (void)keep(fetcher, job, transfer);
    job->reloads++;
    fetcher->stats.reloads++;
    mud_host_wait(fetcher, job->host, mud_monotonic() + wall->wait);
    return mud_job_queue(fetcher, job, true, &job->error);
}

/* Discuz's 503 is a wall that a cookie opens, and no plea. */
static void tell_pace(struct mud_fetcher *fetcher, struct mud_host *host,
                      int status, bool wall)
{
    if (status == 429 || (status == 503 && !wall))
        mud_host_slower(fetcher, host);
    else if (status < 500)
        mud_host_faster(host);
}

void mud_chain_step(struct mud_fetcher *fetcher, struct mud_job *job,
                    CURLcode rc)
{
    struct mud_transfer *transfer = job->transfer;
    struct mud_error err = {0};
    enum mud_outcome outcome = mud_transfer_outcome(transfer, rc, &err);
    struct mud_reload how;
    bool goes_on = false, wall = false;

    count(fetcher, transfer->curl);
    job->transfer = NULL;
    job->fault = transfer->fault;
    if (outcome == MUD_ANSWERED) {
        wall = mud_reload_wall(&how, transfer, &job->url, job->arena);
        tell_pace(fetcher, job->host, transfer->status, wall);
    }
    if (outcome == MUD_ANSWERED && job->form) {
        /* sent once, whatever came of it; where it leads is told, not followed */
        struct mud_exchange *hop = keep(fetcher, job, transfer);
        struct mud_url to = {0};
        if (redirects(&to, hop, job, NULL))
            hop->location = mud_withhold_hex(hop->location, job->arena);
    } else if (wall && reload(fetcher, job, transfer, &how)) {
        goes_on = true;
    } else if (!job->form && retries(fetcher, job, transfer, outcome)) {
        goes_on = true;
    } else if (outcome == MUD_ANSWERED) {
        goes_on = follow(fetcher, job, keep(fetcher, job, transfer));
    } else {
        if (outcome == MUD_REFUSED)
            job->refusal = MUD_REFUSED_PRIVATE;
        job->error = err;
        mud_fail_in(&job->error, "%.*s", MUD_BRIEF(job->url.text));
    }
    mud_transfer_free(transfer);
    if (!goes_on)
        mud_job_end(fetcher, job);
}

void mud_chain_broken(struct mud_fetcher *fetcher, struct mud_job *job)
{
    struct mud_error err = job->error;

    job->error = (struct mud_error){0};
    if (err.code == MUD_ENET && try_again(fetcher, job, (struct mud_str){0}))
        return;
    job->error = err;
    mud_fail_in(&job->error, "%.*s", MUD_BRIEF(job->url.text));
    mud_job_end(fetcher, job);
}
