#include "fetch/policy.h"

#include "base/hash.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#define RETRY_AFTER_MAX (INT64_C(30) * 86400) /* s; longer is no answer */

struct mud_policy mud_policy_defaults(void)
{
    return (struct mud_policy){
        .page_bytes = (size_t)16 << 20,
        .page_seconds = 60,
        .day_bytes = INT64_C(2) << 30,
        .redirects_max = 10,
        .delay_ms = 1000,
        .jitter_ms = 500,
        .per_host = 1,
        .parallel = 16,
        .retries = 3,
        .backoff_ms = 2000,
        .backoff_max_ms = 300000,
    };
}

const char *mud_refusal_name(enum mud_refusal refusal)
{
    static const char *const names[MUD_REFUSALS] = {
        "",
        "scheme",
        "host",
        "path",
        "private-address",
        "changes-state",
        "needs-proxy",
        "day-budget",
    };
    return names[refusal];
}

static bool proxy_known(struct mud_str proxy)
{
    static const char *const schemes[] = {
        "http://",
        "https://",
        "socks5://",
        "socks5h://",
    };
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (mud_str_istarts(proxy, mud_str_z(schemes[i])) &&
            proxy.n > strlen(schemes[i]))
            return true;
    return false;
}

bool mud_policy_check(const struct mud_policy *policy, struct mud_error *err)
{
    if (!policy->page_bytes || policy->page_bytes > (size_t)256 << 20)
        return mud_fail(err, MUD_EUSAGE, "page bytes: 1 to 256 MiB");
    if (!policy->page_seconds || policy->page_seconds > 3600)
        return mud_fail(err, MUD_EUSAGE, "page seconds: 1 to 3600");
    if (policy->redirects_max > MUD_REDIRECTS_MAX)
        return mud_fail(
            err, MUD_EUSAGE, "redirects: at most %d", MUD_REDIRECTS_MAX);
    if (!policy->parallel || policy->parallel > MUD_PARALLEL_MAX)
        return mud_fail(err, MUD_EUSAGE, "parallel: 1 to %d", MUD_PARALLEL_MAX);
    if (!policy->per_host || policy->per_host > policy->parallel)
        return mud_fail(
            err, MUD_EUSAGE, "parallel per host: 1 to %u", policy->parallel);
    if (policy->retries > 16)
        return mud_fail(err, MUD_EUSAGE, "retries: at most 16");
    if (policy->proxy.n && !proxy_known(policy->proxy))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "proxy must begin with http://, https:// or "
                        "socks5h://");
    for (size_t i = 0; i < policy->n_headers; i++) {
        struct mud_str h = policy->headers[i];
        if (mud_str_chr(h, ':') == MUD_NPOS ||
            mud_str_chr(h, '\r') != MUD_NPOS ||
            mud_str_chr(h, '\n') != MUD_NPOS || memchr(h.s, 0, h.n))
            return mud_fail(
                err, MUD_EUSAGE, "header %zu is not \"Name: value\"", i + 1);
    }
    return true;
}

/* "host", "*.host", "*", each with or without ":port". */
static bool host_matches(struct mud_str pattern, const struct mud_url *url)
{
    size_t colon = mud_str_rchr(pattern, ':');
    struct mud_str host = url->host;
    uint64_t port;

    if (colon != MUD_NPOS && pattern.n && pattern.s[pattern.n - 1] != ']') {
        struct mud_str tail = mud_str_sub(pattern, colon + 1, pattern.n);
        if (!mud_str_u64(tail, &port) || port != url->port)
            return false;
        pattern.n = colon;
    }
    if (mud_str_eqz(pattern, "*"))
        return true;
    if (mud_str_starts(pattern, MUD_STR("*."))) {
        struct mud_str tail = mud_str_sub(pattern, 1, pattern.n);
        return host.n > tail.n &&
               mud_str_ieq(mud_str_sub(host, host.n - tail.n, host.n), tail);
    }
    return mud_str_ieq(pattern, host);
}

/* "/bbs" takes "/bbs", "/bbs/x" and "/bbs?x", but not "/bbsx", which "/bbs*"
 * takes too. */
static bool path_matches(struct mud_str prefix, struct mud_str path)
{
    if (mud_str_ends(prefix, MUD_STR("*")))
        return mud_str_starts(path, mud_str_sub(prefix, 0, prefix.n - 1));
    if (!mud_str_starts(path, prefix))
        return false;
    return path.n == prefix.n || !prefix.n || prefix.s[prefix.n - 1] == '/' ||
           path.s[prefix.n] == '/';
}

static bool is_name_or_below(struct mud_str host, const char *name)
{
    struct mud_str tail = mud_str_z(name);
    return mud_str_ieq(host, tail) ||
           (host.n > tail.n && host.s[host.n - tail.n - 1] == '.' &&
            mud_str_ends(host, tail));
}

/* The address in a host that is one, or NULL kind for names. */
static const char *literal_kind(struct mud_str host)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    struct sockaddr_in four = {.sin_family = AF_INET};
    char text[INET6_ADDRSTRLEN];

    if (host.n && host.s[0] == '[')
        host = mud_str_sub(host, 1, host.n - 1);
    if (host.n >= sizeof text)
        return NULL;
    memcpy(text, host.s, host.n);
    text[host.n] = 0;
    if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
        return mud_address_kind((const struct sockaddr *)&four);
    if (inet_pton(AF_INET6, text, &six.sin6_addr) == 1)
        return mud_address_kind((const struct sockaddr *)&six);
    return is_name_or_below(host, "localhost") ? "loopback" : NULL;
}

static bool refuse(enum mud_refusal *why, enum mud_refusal refusal)
{
    if (why)
        *why = refusal;
    return false;
}

/* Same place, with all parameters that the rule has. */
static bool is_place(const struct mud_url *url, struct mud_str rule,
                     struct mud_arena *scratch)
{
    struct mud_url place;
    struct mud_str rest, name, value, has;

    if (!mud_url_parse(&place, rule, scratch, NULL) ||
        !mud_url_same_origin(url, &place) || !mud_str_eq(url->path, place.path))
        return false;
    rest = place.query;
    while (mud_url_param_next(&rest, &name, &value))
        if (!mud_url_param(url->query, mud_str_cstr(name, scratch), &has) ||
            !mud_str_eq(has, value))
            return false;
    return true;
}

static bool is_one_of(const struct mud_url *url, const struct mud_str *rules,
                      size_t n)
{
    struct mud_arena *scratch = mud_arena_new();
    bool found = false;

    for (size_t i = 0; i < n && !found; i++)
        found = is_place(url, rules[i], scratch);
    mud_arena_free(scratch);
    return found;
}

/* change: what following the link would do, where that forbids it. */
static bool allows(const struct mud_policy *policy, const struct mud_url *url,
                   const char *change, enum mud_refusal *why,
                   struct mud_error *err)
{
    const char *kind = policy->allow_private ? NULL : literal_kind(url->host);
    bool host = false, path = policy->n_paths == 0;

    for (size_t i = 0; i < policy->n_hosts && !host; i++)
        host = host_matches(policy->hosts[i], url);
    for (size_t i = 0; i < policy->n_paths && !path; i++)
        path = path_matches(policy->paths[i], url->path);
    if (!host) {
        mud_fail(err,
                 MUD_EDENIED,
                 "host %.*s is outside the scope of the source",
                 MUD_FMT(url->host));
        return refuse(why, MUD_REFUSED_HOST);
    }
    if (!path) {
        mud_fail(err,
                 MUD_EDENIED,
                 "path %.*s is outside the scope of the source",
                 (int)(url->path.n < 120 ? url->path.n : 120),
                 url->path.s);
        return refuse(why, MUD_REFUSED_PATH);
    }
    if (kind) {
        mud_fail(
            err, MUD_EDENIED, "%.*s is a %s address", MUD_FMT(url->host), kind);
        return refuse(why, MUD_REFUSED_PRIVATE);
    }
    /* RFC 7686: such a name must not reach the DNS. */
    if (is_name_or_below(url->host, "onion") && !policy->proxy.n) {
        mud_fail(
            err, MUD_EDENIED, "%.*s needs a socks5h proxy", MUD_FMT(url->host));
        return refuse(why, MUD_REFUSED_PROXY);
    }
    if (change) {
        mud_fail(err, MUD_EDENIED, "the link %s", change);
        return refuse(why, MUD_REFUSED_CHANGE);
    }
    if (why)
        *why = MUD_REFUSED_NOT;
    return true;
}

bool mud_policy_allows(const struct mud_policy *policy,
                       const struct mud_url *url, enum mud_refusal *why,
                       struct mud_error *err)
{
    const char *change = mud_url_changes(url);

    if (change && is_one_of(url, policy->login_pages, policy->n_login_pages))
        change = NULL;
    return allows(policy, url, change, why, err);
}

bool mud_policy_allows_form(const struct mud_policy *policy,
                            const struct mud_url *url, enum mud_refusal *why,
                            struct mud_error *err)
{
    const char *change = NULL;

    if (!is_one_of(url, policy->login_targets, policy->n_login_targets))
        change = "is no place that a log-in form may be sent to";
    return allows(policy, url, change, why, err);
}

int64_t mud_retry_after(struct mud_str text)
{
    int64_t seconds, at;

    if (mud_str_i64(text, &seconds))
        return seconds <= 0                ? 0
               : seconds > RETRY_AFTER_MAX ? RETRY_AFTER_MAX * MUD_SECOND
                                           : seconds * MUD_SECOND;
    if (!text.n || !mud_time_http(text, &at) || at <= mud_now())
        return 0;
    at -= mud_now();
    return at > RETRY_AFTER_MAX * MUD_SECOND ? RETRY_AFTER_MAX * MUD_SECOND
                                             : at;
}

unsigned mud_policy_backoff(const struct mud_policy *policy, unsigned retry,
                            struct mud_str retry_after)
{
    uint64_t cap = policy->backoff_max_ms, ms = policy->backoff_ms;
    uint64_t wait = (uint64_t)mud_retry_after(retry_after) / 1000;
    uint16_t dice;

    while (retry-- && ms < cap)
        ms *= 2;
    mud_random(&dice, sizeof dice);
    ms += ms * dice / UINT16_MAX / 4;
    ms = wait > ms ? wait : ms;
    return (unsigned)(ms > cap ? cap : ms);
}
