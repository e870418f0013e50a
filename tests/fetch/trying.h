/* What the tests of the fetcher share: a quick policy for loopback, one get. */
#ifndef MUD_TESTS_FETCH_TRYING_H
#define MUD_TESTS_FETCH_TRYING_H

#include "fetch/http.h"
#include "tests/support/httpd.h"
#include "tests/support/mudtest.h"

static const struct mud_str loopback[] = {
    {"127.0.0.1", 9},
    {"localhost", 9},
};

static inline struct mud_policy quick(void)
{
    struct mud_policy policy = mud_policy_defaults();
    policy.hosts = loopback;
    policy.n_hosts = 2;
    policy.allow_private = true;
    policy.page_seconds = 20;
    policy.delay_ms = 0;
    policy.jitter_ms = 0;
    policy.per_host = 4;
    policy.retries = 0;
    policy.backoff_ms = 1;
    policy.backoff_max_ms = 1000;
    return policy;
}

struct got {
    const struct mud_exchange *x;
    size_t n;
    bool ok;
    struct mud_error err;
};

static inline struct got get(const struct mud_policy *policy,
                             const struct mud_httpd *httpd, const char *path,
                             struct mud_arena *arena)
{
    struct got got = {0};
    struct mud_str url = mud_str_printf(
        arena, "http://127.0.0.1:%u%s", mud_httpd_port(httpd), path);
    got.ok = mud_fetch_one(&got.x, &got.n, policy, url, arena, &got.err);
    return got;
}

#endif
