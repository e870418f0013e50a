/*
 * What one source may fetch and how hard: hosts and paths, sizes and times,
 * pace, proxy. Begin with mud_policy_defaults() and set hosts; without a host
 * nothing is fetched. Texts and arrays are borrowed and must outlive the
 * fetcher. A refusal is MUD_EDENIED with its reason in the error.
 */
#ifndef MUD_FETCH_POLICY_H
#define MUD_FETCH_POLICY_H

#include "base/time.h"
#include "fetch/url.h"

#include <sys/socket.h>

/*
 * What Chrome on Windows sends since it froze the rest of the string (Chrome
 * 107); the number is that of Debian 12's chromium in November 2026.
 */
#define MUD_USER_AGENT                           \
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) " \
    "AppleWebKit/537.36 (KHTML, like Gecko) "    \
    "Chrome/156.0.0.0 Safari/537.36"

#define MUD_CIRCUIT 33 /* 32 hex digits and NUL */

struct mud_policy {
    /* "forum.example"; "*.forum.example" (subdomains only); "*" (any). A port
     * behind a colon holds for that port only. */
    const struct mud_str *hosts;
    size_t n_hosts;
    const struct mud_str *paths; /* "/bbs" and all below it, "/thread-*" by its
                                    first letters; none: all paths */
    size_t n_paths;
    /*
     * The log-in of the source's engine, as its description says it: where its
     * form stands, which may be asked for although it logs in, and where it is
     * sent, the only places that anything is ever posted to. Absolute addresses;
     * what parameters they have must be there, with these values.
     */
    const struct mud_str *login_pages, *login_targets;
    size_t n_login_pages, n_login_targets;
    bool withhold; /* the session is an account's: cookies that are set and what
                      a redirect tells of it are withheld from what is kept */

    bool allow_private;  /* loopback, private and other non-public addresses */
    bool tls_unverified; /* take any certificate and TLS back to 1.0; what came
                            is recorded */

    struct mud_str proxy; /* http://H:P, https://H:P, socks5h://H:P; socks5 is
                             read as socks5h: names go through the proxy */
    struct mud_str proxy_user, proxy_password; /* its log-in; or empty */
    /* Who has another one does not share a circuit: the user name for a SOCKS
     * proxy without a log-in, to which Tor gives a way of its own. Not secret. */
    char circuit[MUD_CIRCUIT];
    struct mud_str user_agent;     /* empty: MUD_USER_AGENT */
    const struct mud_str *headers; /* "Name: value", replace ours */
    size_t n_headers;
    struct mud_str ca_file; /* PEM file instead of the system's; or empty */

    size_t page_bytes;      /* wire bytes of one page with its redirects */
    unsigned page_seconds;  /* of one request, connect included */
    int64_t day_bytes;      /* per UTC day; 0: no limit */
    int64_t day_spent;      /* of today, before this fetcher began */
    unsigned redirects_max; /* at most MUD_REDIRECTS_MAX */

    unsigned delay_ms;  /* from start to start on one host */
    unsigned jitter_ms; /* added at random, 0 to this */
    unsigned per_host;  /* at once on one host */
    unsigned parallel;  /* at once in all, at most MUD_PARALLEL_MAX */

    unsigned retries;        /* after the first try */
    unsigned backoff_ms;     /* before the first retry, then doubled */
    unsigned backoff_max_ms; /* cap, also of Retry-After */
};

#define MUD_REDIRECTS_MAX 20
#define MUD_PARALLEL_MAX  256

/*
 * No host; 16 MiB and 60 s a page, 2 GiB a day, 10 redirects, one request a
 * second and host (+ 0.5 s jitter), one at once a host, 16 in all, 3 retries
 * from 2 s to 5 minutes.
 */
struct mud_policy mud_policy_defaults(void);

enum mud_refusal { /* why; for the statistics */
    MUD_REFUSED_NOT = 0,
    MUD_REFUSED_SCHEME,  /* not http or https */
    MUD_REFUSED_HOST,    /* not in hosts */
    MUD_REFUSED_PATH,    /* not in paths */
    MUD_REFUSED_PRIVATE, /* address that is not public */
    MUD_REFUSED_CHANGE,  /* a link that changes something: logout, reply... */
    MUD_REFUSED_PROXY,   /* a name that only a proxy may resolve: .onion */
    MUD_REFUSED_BUDGET,  /* bytes of the day are spent */
    MUD_REFUSALS
};

const char *mud_refusal_name(enum mud_refusal refusal); /* "host", ... */

/* Numbers and proxy are in range: MUD_EUSAGE names what is not. */
MUD_MUST bool mud_policy_check(const struct mud_policy *policy,
                               struct mud_error *err);

/* May url be asked for? MUD_EDENIED with the reason; *why may be NULL. */
MUD_MUST bool mud_policy_allows(const struct mud_policy *policy,
                                const struct mud_url *url,
                                enum mud_refusal *why, struct mud_error *err);

/* May a form be sent there? Only to one of login_targets, and as above. */
MUD_MUST bool mud_policy_allows_form(const struct mud_policy *policy,
                                     const struct mud_url *url,
                                     enum mud_refusal *why,
                                     struct mud_error *err);

/*
 * What kind of non-public address this is ("loopback", "private", ...), or
 * NULL when it is public. IPv4 inside IPv6 (mapped, 6to4, NAT64, Teredo) is
 * looked through. IANA special-purpose registries (RFC 6890), plus multicast.
 */
const char *mud_address_kind(const struct sockaddr *address);

/*
 * What makes the address one of those that sites make up without end ("goes
 * round in a circle"), or NULL: too long, too deep, parts of the path that
 * repeat, a session in the path.
 */
const char *mud_url_trap(const struct mud_url *url);

/* What following the link would do ("ends the session"), or NULL. */
const char *mud_url_changes(const struct mud_url *url);

/*
 * Milliseconds before retry number `retry` (from 0): backoff doubled each time
 * plus up to a quarter at random, or retry_after (RFC 9110 10.2.3: seconds or
 * a date; empty: none) if that is longer; at most backoff_max_ms.
 */
unsigned mud_policy_backoff(const struct mud_policy *policy, unsigned retry,
                            struct mud_str retry_after);

/* How long a Retry-After asks to wait, us; 0: nothing that can be read. */
int64_t mud_retry_after(struct mud_str text);

#endif
