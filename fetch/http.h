/*
 * The fetcher of one source: GETs pages under a policy, politely, many hosts
 * at once on one thread (libcurl's multi interface). It follows redirects
 * itself, each hop checked against the policy and kept as an exchange of its
 * own; it retries what passes (5xx, 429, network; not before the time that
 * Retry-After names, and not at all when that is above backoff_max_ms), goes
 * slower for a while on a host that says 429 or 503, keeps cookies, and asks again
 * where a page only sets a cookie and reloads itself (at most three times).
 *
 * Memory: at most (parallel + 2) * page_bytes, plus 0.5 MiB a request under
 * way, plus about 1 KiB + the URL for each one waiting.
 */
#ifndef MUD_FETCH_HTTP_H
#define MUD_FETCH_HTTP_H

#include "fetch/exchange.h"
#include "fetch/policy.h"

#define MUD_FETCH_QUEUE_MAX 100000 /* waiting in one fetcher */
#define MUD_FETCH_HOSTS_MAX 10000

struct mud_fetcher;

/* What became of one address that was added. */
struct mud_fetched {
    struct mud_str url; /* as added, normalised */
    /*
     * Hops in order; the last is the answer. Those before it redirect, or are
     * walls that set a cookie and reload (Discuz! "attackevasive"): to be
     * sealed, never to be read as content.
     */
    const struct mud_exchange *exchanges;
    size_t n; /* 0 when nothing came back */
    /*
     * NULL when the last exchange is the answer, whatever its status. Else:
     * MUD_ENET (after all retries, or a redirect loop), MUD_EDENIED (a redirect
     * or an address outside the policy; the hops before it are there),
     * MUD_ELIMIT (heads over 256 KiB, too many redirects, bytes of the day).
     */
    const struct mud_error *error;
    /* With MUD_ENET one word for why: "dns", "proxy", "timeout", "tls-expired",
     * "tls-wrong-host"... (fault.h), else "network"; whatever the code,
     * "redirect-loop" (too many, too) and "redirect-refused". */
    const char *fault;
    enum mud_refusal refusal; /* with MUD_EDENIED, and for the day's budget */
    unsigned attempts;        /* requests made, retries included */
    void *tag;                /* as added */
    struct mud_arena *arena;  /* holds all of this; freed after the callback,
                                 unless that sets it to NULL and frees it */
};

/* Called once for each address added, from within run; may add more. False
 * ends the run; the rest stays queued. */
typedef bool mud_fetch_done(struct mud_fetcher *fetcher,
                            struct mud_fetched *fetched, void *payload);

/* Copies policy (not what it points to). Fails as mud_policy_check. */
MUD_MUST bool mud_fetcher_new(struct mud_fetcher **out,
                              const struct mud_policy *policy,
                              struct mud_error *err);
/* Drops what is queued or under way, without callback. */
void mud_fetcher_free(struct mud_fetcher *fetcher);

/*
 * Queue an address. referrer: the page on which the link stood, or empty; it
 * goes into the exchange, and as a browser would send it, to the host. Fails
 * at once, and counts as refused, as mud_url_parse and mud_policy_allows do;
 * MUD_ELIMIT when the queue is full.
 */
MUD_MUST bool mud_fetcher_add(struct mud_fetcher *fetcher, struct mud_str url,
                              struct mud_str referrer, void *tag,
                              struct mud_error *err);

/* A log-in form, filled in; all of it is borrowed until its callback. */
struct mud_form {
    struct mud_str url, referrer;  /* referrer: the page of the form */
    struct mud_str body;           /* "name=value&...", in the page's charset */
    const struct mud_str *headers; /* "Name: value", beside those of all */
    size_t n_headers;
};

/*
 * Send a form, once: no answer and no broken connection makes it go out again,
 * and no redirect is followed. What is kept of it are the names of its fields.
 * MUD_EDENIED anywhere but at the policy's login_targets.
 */
MUD_MUST bool mud_fetcher_post(struct mud_fetcher *fetcher,
                               const struct mud_form *form, void *tag,
                               struct mud_error *err);

/*
 * Fetch until nothing is queued, the callback says stop, or mud_fetcher_stop.
 * Hosts take turns. True when nothing is left.
 */
bool mud_fetcher_run(struct mud_fetcher *fetcher, mud_fetch_done *done,
                     void *payload);

/* One turn of run that waits at most ms for something to happen, for callers
 * with a loop of their own. True while something is left and not stopped.
 * Others in the same loop (loop.h) go on meanwhile. */
bool mud_fetcher_step(struct mud_fetcher *fetcher, unsigned ms,
                      mud_fetch_done *done, void *payload);

/* End run within 0.25 s; safe in a signal handler. */
void mud_fetcher_stop(struct mud_fetcher *fetcher);

/* The host of url answered that it is asked too fast, in words that only a
 * reader of the page knows: nothing for `wait` us, and slower from then on, as
 * after a 429. */
void mud_fetcher_slow(struct mud_fetcher *fetcher, struct mud_str url,
                      int64_t wait);

/* From the start of a request to the host of url to the start of the next at
 * least so many us, whatever the policy says (Crawl-delay). */
void mud_fetcher_least(struct mud_fetcher *fetcher, struct mud_str url,
                       int64_t us);

size_t mud_fetcher_left(const struct mud_fetcher *fetcher);

struct mud_fetch_stats {
    uint64_t asked;    /* addresses taken by add */
    uint64_t answered; /* of them, with an answer */
    uint64_t failed;   /* of them, without */
    uint64_t requests, retries, redirects, reloads, connections;
    uint64_t slowed; /* times that a host asked for fewer requests */
    uint64_t cut;    /* answers whose body is not whole */
    uint64_t bytes;  /* received: heads and wire bodies */
    uint64_t refused[MUD_REFUSALS]; /* by reason, at add or on the way */
};

struct mud_fetch_stats mud_fetcher_stats(const struct mud_fetcher *fetcher);
/* Bytes spent today (UTC), for the policy's day_spent next time. */
int64_t mud_fetcher_day_spent(const struct mud_fetcher *fetcher);

/*
 * The cookie jar, in the file format of Netscape. load: MUD_EMISSING when there
 * is no file, MUD_EINPUT on a line that is no cookie. save writes mode 0600
 * beside the file and renames: MUD_EIO.
 */
MUD_MUST bool mud_fetcher_cookies_load(struct mud_fetcher *fetcher,
                                       const char *path, struct mud_error *err);
MUD_MUST bool mud_fetcher_cookies_save(struct mud_fetcher *fetcher,
                                       const char *path, struct mud_error *err);

/* The libraries that fetching is done with, and their versions as they run:
 * "libcurl/7.88.1 OpenSSL/3.0.17 zlib/1.2.13 ...". */
const char *mud_fetch_libraries(void);

/*
 * One address at once: the chain of exchanges in arena. False with err as in
 * struct mud_fetched (the hops that came back are there all the same) or in
 * mud_fetcher_add.
 */
MUD_MUST bool mud_fetch_one(const struct mud_exchange **exchanges, size_t *n,
                            const struct mud_policy *policy, struct mud_str url,
                            struct mud_arena *arena, struct mud_error *err);

#endif
