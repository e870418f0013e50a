#include "fetch/fetcher.h"

#include "base/hash.h"
#include "base/json.h"

#include <stdlib.h>

#define LOOKUP_KEEP (300 * MUD_SECOND) /* as long as answers are used */
#define LOOKUP_WAIT (30 * MUD_SECOND)
#define ANSWERS_MAX 64
#define SLOW_KEEP   (3600 * MUD_SECOND) /* that a host asked for less */

struct mud_str mud_host_name(const struct mud_host *host)
{
    return mud_str_of(host->name, host->n_host);
}

static struct mud_str key_of(const struct mud_host *host)
{
    return mud_str_of(host->name, host->n_name);
}

static struct mud_host **bucket_of(struct mud_loop *loop, struct mud_str name)
{
    return &loop->buckets[mud_hash64(name.s, name.n) % MUD_HOST_BUCKETS];
}

/* By "host:port", without a scheme: http and https of a site share its pace, what
 * is on other ports is another's. */
static struct mud_host *host_of(struct mud_loop *loop,
                                const struct mud_url *url)
{
    struct mud_str name = mud_url_authority(url);
    struct mud_host **bucket = bucket_of(loop, name);
    struct mud_host *host = *bucket;

    while (host && !mud_str_eq(key_of(host), name))
        host = host->next_bucket;
    if (host)
        return host;
    host = mud_calloc(1, sizeof *host + name.n);
    memcpy(host->name, name.s, name.n);
    host->n_name = name.n;
    host->n_host = url->host.n;
    host->next_bucket = *bucket;
    *bucket = host;
    loop->n_hosts++;
    return host;
}

static void free_host(struct mud_host *host)
{
    mud_lookup_free(host->lookup);
    mud_buf_free(&host->addresses);
    mud_buf_free(&host->public_addresses);
    mud_buf_free(&host->dns);
    free(host->lanes);
    free(host);
}

struct mud_lane *mud_lane_of(struct mud_fetcher *fetcher,
                             const struct mud_url *url, struct mud_error *err)
{
    struct mud_host *host = host_of(fetcher->loop, url);
    struct mud_lane *lane;

    for (size_t i = 0; i < host->n_lanes; i++)
        if (host->lanes[i]->fetcher == fetcher)
            return host->lanes[i];
    if (fetcher->n_lanes == MUD_FETCH_HOSTS_MAX) {
        mud_fail(err,
                 MUD_ELIMIT,
                 "more than %d hosts in one source",
                 MUD_FETCH_HOSTS_MAX);
        return NULL;
    }
    lane = mud_calloc(1, sizeof *lane);
    lane->fetcher = fetcher;
    lane->host = host;
    lane->last = &lane->first;
    lane->next_own = fetcher->lanes;
    fetcher->lanes = lane;
    fetcher->n_lanes++;
    host->lanes =
        mud_grow(host->lanes, &host->cap_lanes, host->n_lanes, sizeof(void *));
    host->lanes[host->n_lanes++] = lane;
    return lane;
}

static void free_lane(struct mud_lane *lane)
{
    struct mud_host *host = lane->host;

    while (lane->first)
        mud_job_free(mud_lane_take(lane));
    for (size_t i = 0; i < host->n_lanes; i++) {
        if (host->lanes[i] != lane)
            continue;
        memmove(host->lanes + i,
                host->lanes + i + 1,
                (host->n_lanes - i - 1) * sizeof(void *));
        host->n_lanes--;
        break;
    }
    if (!host->waiting)
        mud_due_drop(lane->fetcher->loop, host);
    free(lane);
}

static void not_looking(struct mud_loop *loop, const struct mud_host *host)
{
    struct mud_host **at = &loop->looking;

    while (*at && *at != host)
        at = &(*at)->next_looking;
    if (*at)
        *at = host->next_looking;
}

/* Hosts without a lane; one whose pace still holds is kept for the next who
 * asks, unless all go. */
static void sweep(struct mud_loop *loop, bool all)
{
    int64_t now = mud_monotonic();

    for (size_t i = 0; i < MUD_HOST_BUCKETS; i++) {
        struct mud_host **at = &loop->buckets[i];

        while (*at) {
            struct mud_host *host = *at;
            if (!all && (host->n_lanes || host->ready > now ||
                         (host->slow && now - host->slowed < SLOW_KEEP))) {
                at = &host->next_bucket;
                continue;
            }
            *at = host->next_bucket;
            not_looking(loop, host);
            free_host(host);
            loop->n_hosts--;
        }
    }
}

void mud_lanes_free(struct mud_fetcher *fetcher)
{
    while (fetcher->lanes) {
        struct mud_lane *lane = fetcher->lanes;
        fetcher->lanes = lane->next_own;
        free_lane(lane);
    }
    fetcher->n_lanes = 0;
    sweep(fetcher->loop, false);
}

void mud_hosts_free(struct mud_loop *loop)
{
    sweep(loop, true);
}

/* Read the answers of the lookup that is done into host. */
static void take_answers(struct mud_host *host)
{
    char text[MUD_ADDRESS_TEXT];
    struct mud_json json = {.buf = &host->dns};
    const char *why = NULL;
    const struct addrinfo *at = mud_lookup_answers(host->lookup, &why);

    mud_buf_clear(&host->addresses);
    mud_buf_clear(&host->public_addresses);
    mud_buf_clear(&host->dns);
    host->refused = NULL;
    mud_json_array(&json);
    for (size_t i = 0; at && i < ANSWERS_MAX; at = at->ai_next, i++) {
        const char *kind = mud_address_kind(at->ai_addr);
        mud_json_str(&json,
                     mud_str_z(mud_address_text(text, at->ai_addr, false)));
        mud_address_text(text, at->ai_addr, true);
        if (host->addresses.n)
            mud_buf_c(&host->addresses, ',');
        mud_buf_z(&host->addresses, text);
        if (kind) {
            host->refused = kind;
            continue;
        }
        if (host->public_addresses.n)
            mud_buf_c(&host->public_addresses, ',');
        mud_buf_z(&host->public_addresses, text);
    }
    mud_json_array_end(&json);
    host->known = true;
}

static void end_lookup(struct mud_loop *loop, struct mud_host *host)
{
    not_looking(loop, host);
    mud_lookup_free(host->lookup);
    host->lookup = NULL;
}

static bool begin_lookup(struct mud_loop *loop, struct mud_host *host)
{
    host->lookup = mud_lookup_start(mud_host_name(host), loop->wake);
    host->looked = mud_monotonic();
    if (!host->lookup)
        return false;
    host->next_looking = loop->looking;
    loop->looking = host;
    return true;
}

void mud_hosts_looked(struct mud_loop *loop)
{
    int64_t now = loop->looking ? mud_monotonic() : 0;

    for (struct mud_host *host = loop->looking; host;
         host = host->next_looking) {
        if (host->waiting &&
            (mud_lookup_done(host->lookup) || now - host->looked > LOOKUP_WAIT))
            mud_due_put(loop, host);
    }
}

static bool is_address(struct mud_str host)
{
    uint64_t number;
    size_t dot = mud_str_rchr(host, '.');
    return host.s[0] == '[' ||
           mud_str_u64(mud_str_sub(host, dot == MUD_NPOS ? 0 : dot + 1, host.n),
                       &number);
}

/* The answers that this lane may use. */
static enum mud_readiness judge(struct mud_lane *lane)
{
    struct mud_host *host = lane->host;
    struct mud_job *job = lane->first;

    if (host->public_addresses.n ||
        (host->addresses.n && lane->fetcher->policy.allow_private))
        return MUD_READY;
    host->known = false;
    if (!host->refused) {
        job->fault = "dns";
        mud_fail(&job->error, MUD_ENET, "dns: the name has no address");
        return MUD_DEAD;
    }
    mud_fail(&job->error,
             MUD_EDENIED,
             "the name leads to a %s address",
             host->refused);
    job->refusal = MUD_REFUSED_PRIVATE;
    return MUD_DEAD;
}

enum mud_readiness mud_lane_ready(struct mud_lane *lane)
{
    struct mud_host *host = lane->host;
    struct mud_loop *loop = lane->fetcher->loop;
    struct mud_error *err = &lane->first->error;
    int64_t now = mud_monotonic();

    if (lane->fetcher->policy.proxy.n || is_address(mud_host_name(host)))
        return MUD_READY;
    if (host->lookup && mud_lookup_done(host->lookup)) {
        take_answers(host);
        end_lookup(loop, host);
        host->looked = now;
    } else if (host->lookup && now - host->looked > LOOKUP_WAIT) {
        end_lookup(loop, host);
        host->known = false;
        lane->first->fault = "dns";
        mud_fail(err, MUD_ENET, "dns: no answer");
        return MUD_DEAD;
    } else if (host->lookup) {
        return MUD_WAITS;
    } else if (!host->known || now - host->looked > LOOKUP_KEEP) {
        if (begin_lookup(loop, host))
            return MUD_WAITS;
        mud_fail(err, MUD_EIO, "no thread for a DNS lookup");
        return MUD_DEAD;
    }
    return judge(lane);
}
