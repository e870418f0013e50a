#include "fetch/fetcher.h"

#include "base/hash.h"
#include "base/json.h"

#include <stdlib.h>

#define LOOKUP_KEEP (300 * MUD_SECOND) /* as long as answers are used */
#define LOOKUP_WAIT (30 * MUD_SECOND)
#define ANSWERS_MAX 64

struct mud_host *mud_fetcher_host(struct mud_fetcher *fetcher,
                                  struct mud_str name, struct mud_error *err)
{
    struct mud_host **bucket =
        &fetcher->buckets[mud_hash64(name.s, name.n) % MUD_HOST_BUCKETS];
    struct mud_host *host = *bucket;

    while (host && !mud_str_eq(host->name, name))
        host = host->next_bucket;
    if (host)
        return host;
    if (fetcher->n_hosts == MUD_FETCH_HOSTS_MAX) {
        mud_fail(err,
                 MUD_ELIMIT,
                 "more than %d hosts in one source",
                 MUD_FETCH_HOSTS_MAX);
        return NULL;
    }
    host = mud_calloc(1, sizeof *host);
    host->name = mud_str_dup(name, fetcher->arena);
    host->last = &host->first;
    host->next_bucket = *bucket;
    *bucket = host;
    fetcher->hosts = mud_grow(fetcher->hosts,
                              &fetcher->cap_hosts,
                              fetcher->n_hosts,
                              sizeof(struct mud_host *));
    fetcher->hosts[fetcher->n_hosts++] = host;
    return host;
}

void mud_host_free(struct mud_host *host)
{
    mud_lookup_free(host->lookup);
    mud_buf_free(&host->addresses);
    mud_buf_free(&host->dns);
    free(host);
}

/* Read the answers of the lookup that is done into host. */
static void take_answers(const struct mud_fetcher *fetcher,
                         struct mud_host *host)
{
    char text[MUD_ADDRESS_TEXT];
    struct mud_json json = {.buf = &host->dns};
    const char *why = NULL;
    const struct addrinfo *at = mud_lookup_answers(host->lookup, &why);

    mud_buf_clear(&host->addresses);
    mud_buf_clear(&host->dns);
    host->refused = NULL;
    mud_json_array(&json);
    for (size_t i = 0; at && i < ANSWERS_MAX; at = at->ai_next, i++) {
        const char *kind = mud_address_kind(at->ai_addr);
        mud_json_str(&json,
                     mud_str_z(mud_address_text(text, at->ai_addr, false)));
        if (kind && !fetcher->policy.allow_private) {
            host->refused = kind;
            continue;
        }
        if (host->addresses.n)
            mud_buf_c(&host->addresses, ',');
        mud_buf_z(&host->addresses, mud_address_text(text, at->ai_addr, true));
    }
    mud_json_array_end(&json);
    mud_lookup_free(host->lookup);
    host->lookup = NULL;
    host->known = true;
    host->looked = mud_monotonic();
}

static bool is_address(struct mud_str host)
{
    uint64_t number;
    size_t dot = mud_str_rchr(host, '.');
    return host.s[0] == '[' ||
           mud_str_u64(mud_str_sub(host, dot == MUD_NPOS ? 0 : dot + 1, host.n),
                       &number);
}

enum mud_readiness mud_host_ready(struct mud_fetcher *fetcher,
                                  struct mud_host *host)
{
    int64_t now = mud_monotonic();
    struct mud_error *err = &host->first->error;

    if (fetcher->policy.proxy.n || is_address(host->name))
        return MUD_READY;
    if (host->lookup && mud_lookup_done(host->lookup)) {
        take_answers(fetcher, host);
    } else if (host->lookup && now - host->looked > LOOKUP_WAIT) {
        mud_lookup_free(host->lookup);
        host->lookup = NULL;
        host->looked = 0;
        mud_fail(err, MUD_ENET, "no answer from the DNS");
        return MUD_DEAD;
    } else if (host->lookup) {
        return MUD_WAITS;
    } else if (!host->known || now - host->looked > LOOKUP_KEEP) {
        host->lookup = mud_lookup_start(host->name, fetcher->wake);
        host->looked = now;
        if (host->lookup)
            return MUD_WAITS;
        mud_fail(err, MUD_EIO, "no thread for a DNS lookup");
        return MUD_DEAD;
    }
    if (host->addresses.n)
        return MUD_READY;
    host->known = false;
    if (!host->refused) {
        mud_fail(err, MUD_ENET, "the name has no address");
        return MUD_DEAD;
    }
    mud_fail(err, MUD_EDENIED, "the name leads to a %s address", host->refused);
    host->first->refusal = MUD_REFUSED_PRIVATE;
    return MUD_DEAD;
}
