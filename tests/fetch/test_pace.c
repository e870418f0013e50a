#include "fetch/fetcher.h"
#include "tests/fetch/trying.h"

/* Refuses the first `refuse` requests, with a wait of a second. */
struct site {
    unsigned refuse, asked;
    const char *refusal;
    int64_t at[32];
};

static bool serve(struct mud_httpd_peer *peer,
                  const struct mud_httpd_request *request, void *payload)
{
    struct site *site = payload;
    unsigned n = __atomic_fetch_add(&site->asked, 1, __ATOMIC_SEQ_CST);

    if (n < 32)
        site->at[n] = request->at;
    if (n < site->refuse)
        return mud_httpd_reply(peer, 429, site->refusal, MUD_STR("slow down"));
    return mud_httpd_reply(
        peer, 200, "Content-Type: text/html\r\n", MUD_STR("<p>a page"));
}

static bool count(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                  void *payload)
{
    (void)fetcher;
    *(int *)payload += !fetched->error && fetched->exchanges->status == 200;
    return true;
}

static void add(struct mud_fetcher *fetcher, struct mud_httpd *httpd, int n)
{
    struct mud_error err = {0};

    for (int i = 0; i < n; i++) {
        struct mud_str url = mud_str_z(
            mudtest_text("http://127.0.0.1:%u/%d", mud_httpd_port(httpd), i));
        assert_ok(mud_fetcher_add(fetcher, url, MUD_STR(""), NULL, &err), &err);
    }
}

/* A 429 slows the host down, and answers make it faster again. */
static void test_pace__follows_what_the_host_says(void **state)
{
    struct site site = {.refuse = 1, .refusal = "Retry-After: 1\r\n"};
    struct mud_httpd *httpd = mud_httpd_start(serve, &site);
    struct mud_policy policy = quick();
    struct mud_fetcher *fetcher;
    struct mud_error err = {0};
    int good = 0;

    (void)state;
    policy.retries = 3;
    policy.backoff_max_ms = 2000;
    policy.per_host = 1;
    assert_ok(mud_fetcher_new(&fetcher, &policy, &err), &err);
    add(fetcher, httpd, 4);
    assert_true(mud_fetcher_run(fetcher, count, &good));
    assert_int_equal(good, 4);
    assert_int_equal(mud_fetcher_stats(fetcher).slowed, 1);
    assert_true(site.at[1] - site.at[0] >= MUD_SECOND); /* as told */
    for (int i = 2; i < 5; i++)
        assert_in_range(
            site.at[i] - site.at[i - 1], MUD_SECOND / 3, 2 * MUD_SECOND);
    int64_t slow = fetcher->lanes->host->slow, before = slow;
    assert_in_range(slow, 1, MUD_SECOND / 2);
    for (int i = 0; i < 60 && slow; i++) {
        mud_host_faster(fetcher->lanes->host);
        slow = fetcher->lanes->host->slow;
        assert_true(slow < before);
        before = slow;
    }
    assert_int_equal(slow, 0);
    mud_fetcher_free(fetcher);
    mud_httpd_stop(httpd);
}

/* Each further plea doubles it, up to a minute; those that come at once are
 * one. */
static void test_pace__doubles(void **state)
{
    struct mud_policy policy = quick();
    struct mud_fetcher *fetcher;
    struct mud_error err = {0};
    struct mud_lane *lane, *other;
    struct mud_arena *arena;
    struct mud_url url;

    (void)state;
    policy.delay_ms = 2000;
    assert_ok(mud_fetcher_new(&fetcher, &policy, &err), &err);
    arena = mud_arena_new();
    assert_ok(mud_url_parse(&url, MUD_STR("http://127.0.0.1/"), arena, &err),
              &err);
    lane = mud_lane_of(fetcher, &url, &err);
    mud_host_slower(fetcher, lane->host);
    assert_int_equal(lane->host->slow, 2 * MUD_SECOND);
    mud_host_slower(fetcher, lane->host);
    assert_int_equal(lane->host->slow, 2 * MUD_SECOND);
    for (int64_t want = 4; want <= 64; want *= 2) {
        lane->host->slowed -= 100 * MUD_SECOND;
        mud_host_slower(fetcher, lane->host);
        assert_int_equal(lane->host->slow,
                         (want < 60 ? want : 60) * MUD_SECOND);
    }

    /* by https it is the same site, on another port it is not */
    assert_ok(mud_url_parse(&url, MUD_STR("https://127.0.0.1/x"), arena, &err),
              &err);
    other = mud_lane_of(fetcher, &url, &err);
    assert_ptr_equal(other->host, lane->host);
    assert_ok(mud_url_parse(&url, MUD_STR("http://127.0.0.1:81/"), arena, &err),
              &err);
    other = mud_lane_of(fetcher, &url, &err);
    assert_ptr_not_equal(other->host, lane->host);
    assert_int_equal(other->host->slow, 0);
    assert_text(mud_host_name(other->host), "127.0.0.1");
    mud_arena_free(arena);
    mud_fetcher_free(fetcher);
}

/* Nobody waits an hour in a fetcher: the answer is given, and told. */
static void test_pace__a_long_wait_is_the_callers(void **state)
{
    struct site site = {.refuse = 1, .refusal = "Retry-After: 3600\r\n"};
    struct mud_httpd *httpd = mud_httpd_start(serve, &site);
    struct mud_policy policy = quick();
    struct mud_arena *arena = mud_arena_new();
    struct got got;

    (void)state;
    policy.retries = 3;
    got = get(&policy, httpd, "/", arena);
    assert_true(got.ok);
    assert_int_equal(got.n, 1);
    assert_int_equal(got.x->status, 429);
    assert_int_equal(mud_retry_after(mud_exchange_header(got.x, "Retry-After")),
                     3600 * MUD_SECOND);
    assert_int_equal(mud_httpd_requests(httpd), 1);
    mud_arena_free(arena);
    mud_httpd_stop(httpd);
}

/* Said in a page, which only its reader understands. */
static void test_pace__is_told_by_the_caller_too(void **state)
{
    struct site site = {0};
    struct mud_httpd *httpd = mud_httpd_start(serve, &site);
    struct mud_policy policy = quick();
    struct mud_fetcher *fetcher;
    struct mud_error err = {0};
    int good = 0;

    (void)state;
    policy.per_host = 1;
    assert_ok(mud_fetcher_new(&fetcher, &policy, &err), &err);
    add(fetcher, httpd, 1);
    assert_true(mud_fetcher_run(fetcher, count, &good));
    mud_fetcher_slow(
        fetcher,
        mud_str_z(mudtest_text("http://127.0.0.1:%u/", mud_httpd_port(httpd))),
        MUD_SECOND);
    mud_fetcher_slow(fetcher, MUD_STR("no address"), MUD_SECOND);
    add(fetcher, httpd, 2);
    assert_true(mud_fetcher_run(fetcher, count, &good));
    assert_int_equal(good, 3);
    assert_true(site.at[1] - site.at[0] >= MUD_SECOND);
    assert_true(site.at[2] - site.at[1] >= MUD_SECOND / 3);
    mud_fetcher_free(fetcher);
    mud_httpd_stop(httpd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pace__follows_what_the_host_says),
        cmocka_unit_test(test_pace__doubles),
        cmocka_unit_test(test_pace__a_long_wait_is_the_callers),
        cmocka_unit_test(test_pace__is_told_by_the_caller_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
