#include "fetch/loop.h"

#include "tests/fetch/trying.h"

#include <stdatomic.h>
#include <stdlib.h>

/*
 * Many fetchers in one loop. The server is the origin and, for names that no
 * DNS knows, the proxy.
 */
#define SITES 60
#define EACH  4

static struct mud_httpd *httpd;
static struct mud_str anything[] = {{"*", 1}};

/* What came to /mark, by arrival. */
static struct mark {
    char target[64];
    int64_t at;
    unsigned connection;
    bool cookie;
} marks[1024];

static atomic_uint n_marks;

static bool serve(struct mud_httpd_peer *peer,
                  const struct mud_httpd_request *request, void *payload)
{
    (void)payload;
    if (mud_str_find(request->target, MUD_STR("/mark")) != MUD_NPOS) {
        unsigned i = atomic_fetch_add(&n_marks, 1);
        if (i < MUDTEST_ROWS(marks)) {
            size_t n = request->target.n < 63 ? request->target.n : 63;
            memcpy(marks[i].target, request->target.s, n);
            marks[i].at = request->at;
            marks[i].connection = request->connection;
            marks[i].cookie = mud_httpd_value(request, "Cookie").n > 0;
        }
        return mud_httpd_reply(
            peer, 200, "Set-Cookie: seen=1\r\n", request->target);
    }
    if (mud_str_find(request->target, MUD_STR("/slow")) != MUD_NPOS)
        mud_httpd_pause(peer, 2000);
    return mud_httpd_reply(peer, 200, "", MUD_STR("slept"));
}

static int set_up(void **state)
{
    (void)state;
    httpd = mud_httpd_start(serve, NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mud_httpd_stop(httpd);
    return 0;
}

static void forget_marks(void)
{
    atomic_store(&n_marks, 0);
    memset(marks, 0, sizeof marks);
}

static struct mud_loop *loop_of(unsigned parallel)
{
    struct mud_error err = {0};
    struct mud_loop *loop;
    assert_ok(mud_loop_new(&loop, parallel, &err), &err);
    return loop;
}

static struct mud_fetcher *fetcher_in(struct mud_loop *loop,
                                      const struct mud_policy *policy)
{
    struct mud_error err = {0};
    struct mud_fetcher *fetcher;
    assert_ok(mud_loop_fetcher(&fetcher, loop, policy, &err), &err);
    return fetcher;
}

static void add(struct mud_fetcher *fetcher, const char *url)
{
    struct mud_error err = {0};
    assert_ok(mud_fetcher_add(
                  fetcher, mud_str_z(url), (struct mud_str){0}, NULL, &err),
              &err);
}

static const char *here(const char *path, int n)
{
    return mudtest_text(
        "http://127.0.0.1:%u%s%d", mud_httpd_port(httpd), path, n);
}

/* Through the server as a proxy, for any host. */
static struct mud_policy anywhere(void)
{
    struct mud_policy policy = quick();
    policy.hosts = anything;
    policy.n_hosts = 1;
    policy.proxy =
        mud_str_z(mudtest_text("http://127.0.0.1:%u", mud_httpd_port(httpd)));
    return policy;
}

static bool count(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                  void *payload)
{
    (void)fetcher;
    if (!fetched->error && fetched->exchanges[fetched->n - 1].status == 200)
        ++*(int *)payload;
    return true;
}

static void run_all(struct mud_loop *loop, struct mud_fetcher **fetchers,
                    int *good, size_t n)
{
    while (mud_loop_step(loop, 100))
        for (size_t i = 0; i < n; i++)
            assert_true(mud_fetcher_deliver(fetchers[i], count, &good[i]));
}

static void test_loop__gives_each_fetcher_its_own(void **state)
{
    struct mud_policy policy = quick();
    struct mud_loop *loop = loop_of(8);
    struct mud_fetcher *fetchers[5];
    int good[5] = {0};

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        fetchers[i] = fetcher_in(loop, &policy);
        for (size_t k = 0; k <= i; k++)
            add(fetchers[i], here("/mark", (int)k));
    }
    assert_int_equal(mud_loop_queued(loop), 15);
    run_all(loop, fetchers, good, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(good[i], i + 1);
        assert_int_equal(mud_fetcher_stats(fetchers[i]).answered, i + 1);
        mud_fetcher_free(fetchers[i]);
    }
    assert_int_equal(mud_loop_queued(loop) + mud_loop_running(loop), 0);
    assert_false(mud_loop_step(loop, 1000)); /* and does not wait */
    mud_loop_free(loop);
}

static void test_loop__two_sources_share_the_pace_of_a_host(void **state)
{
    struct mud_policy policy = quick();
    struct mud_loop *loop = loop_of(8);
    struct mud_fetcher *fetchers[2];
    int good[2] = {0}, turns = 0;

    (void)state;
    forget_marks();
    policy.delay_ms = 40;
    for (size_t i = 0; i < 2; i++) {
        fetchers[i] = fetcher_in(loop, &policy);
        for (int k = 0; k < 5; k++)
            add(fetchers[i], here(i ? "/mark-b" : "/mark-a", k));
    }
    int64_t began = mud_monotonic();
    run_all(loop, fetchers, good, 2);
    assert_int_equal(good[0] + good[1], 10);
    for (size_t i = 1; i < 10; i++) {
        /* Arrivals bunch up on a busy machine, but none comes before its time. */
        assert_true(marks[i].at - began >= (int64_t)i * 40000 - 1000);
        turns += marks[i].target[6] != marks[i - 1].target[6];
    }
    assert_int_equal(turns, 9); /* a b a b: neither goes first */
    for (size_t i = 0; i < 2; i++)
        mud_fetcher_free(fetchers[i]);
    mud_loop_free(loop);
}

/* Also when one is done before the other begins. */
static void test_loop__the_pace_outlives_a_fetcher(void **state)
{
    struct mud_policy policy = quick();
    struct mud_loop *loop = loop_of(8);
    struct mud_fetcher *fetcher;
    int good = 0;

    (void)state;
    forget_marks();
    policy.delay_ms = 150;
    for (int i = 0; i < 2; i++) {
        fetcher = fetcher_in(loop, &policy);
        add(fetcher, here("/mark", i));
        run_all(loop, &fetcher, &good, 1);
        mud_fetcher_free(fetcher);
    }
    assert_int_equal(good, 2);
    assert_true(marks[1].at - marks[0].at > 120000);
    mud_loop_free(loop);
}

static void test_loop__cookies_and_connections_are_each_ones_own(void **state)
{
    struct mud_policy policy = quick();
    struct mud_loop *loop = loop_of(8);
    struct mud_fetcher *fetchers[3];
    int good = 0;

    (void)state;
    forget_marks();
    for (size_t i = 0; i < 3; i++) {
        fetchers[i] = fetcher_in(loop, &policy);
        add(fetchers[i], here("/mark", 1));
        run_all(loop, &fetchers[i], &good, 1);
    }
    for (size_t i = 0; i < 3; i++) {
        add(fetchers[i], here("/mark", 2));
        run_all(loop, &fetchers[i], &good, 1);
    }
    assert_int_equal(good, 6);
    for (size_t i = 0; i < 3; i++) {
        assert_false(marks[i].cookie);
        assert_true(marks[i + 3].cookie);
        assert_int_equal(marks[i + 3].connection, marks[i].connection);
        for (size_t k = 0; k < i; k++)
            assert_int_not_equal(marks[i].connection, marks[k].connection);
        mud_fetcher_free(fetchers[i]);
    }
    mud_loop_free(loop);
}

/* When a source began what: not when it came, which others on a busy machine
 * have a say in. */
struct turns {
    int good;
    int64_t first, last; /* the latest first of a host, the earliest last */
};

static bool note_turn(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                      void *payload)
{
    struct turns *turns = payload;
    const struct mud_exchange *x = &fetched->exchanges[fetched->n - 1];

    if (mud_str_ends(x->url, MUD_STR("own0")) && x->started > turns->first)
        turns->first = x->started;
    if (mud_str_ends(x->url, MUD_STR("own3")) &&
        (!turns->last || x->started < turns->last))
        turns->last = x->started;
    return count(fetcher, fetched, &turns->good);
}

/* Sources of many hosts, with few places: all get theirs, and those that no
 * other source asks take turns. */
static void test_loop__many_hosts_take_turns(void **state)
{
    struct mud_policy policy = anywhere();
    struct mud_loop *loop = loop_of(8);
    struct mud_fetcher *fetchers[2];
    struct turns turns[2] = {0};

    (void)state;
    policy.parallel = 2;
    policy.per_host = 1;
    for (size_t f = 0; f < 2; f++) { /* half of the hosts are both's */
        fetchers[f] = fetcher_in(loop, &policy);
        for (int i = 0; i < SITES; i++)
            for (int k = 0; k < EACH; k++)
                add(fetchers[f],
                    mudtest_text("http://h%d.example/%s%d",
                                 i + (int)f * SITES / 2,
                                 (i < SITES / 2) == !f ? "own" : "shared",
                                 k));
    }
    while (mud_loop_step(loop, 100))
        for (size_t f = 0; f < 2; f++)
            assert_true(mud_fetcher_deliver(fetchers[f], note_turn, &turns[f]));
    for (size_t f = 0; f < 2; f++) {
        assert_int_equal(turns[f].good, SITES * EACH);
        assert_true(turns[f].first < turns[f].last);
        mud_fetcher_free(fetchers[f]);
    }
    mud_loop_free(loop);
}

/* From the first request of a source to its last, as it began them. */
struct span {
    int good;
    int64_t from, to;
};

static bool note_span(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                      void *payload)
{
    struct span *span = payload;
    int64_t started = fetched->exchanges[fetched->n - 1].started;

    if (!span->good || started < span->from)
        span->from = started;
    if (started > span->to)
        span->to = started;
    return count(fetcher, fetched, &span->good);
}

/* A source of its own for each host, as the watch has them: each is asked when
 * its delay is over, whatever the others do. One after the other they would
 * take sixty times as long. */
static void test_loop__no_host_waits_for_another(void **state)
{
    struct mud_policy policy = anywhere();
    struct mud_loop *loop = loop_of(64);
    struct mud_fetcher *fetchers[SITES];
    struct span spans[SITES] = {0};
    int64_t gap = 0;

    (void)state;
    policy.delay_ms = 250;
    for (size_t i = 0; i < SITES; i++) {
        fetchers[i] = fetcher_in(loop, &policy);
        for (int k = 0; k < EACH; k++)
            add(fetchers[i], mudtest_text("http://h%zu.example/mark", i));
    }
    while (mud_loop_step(loop, 100))
        for (size_t i = 0; i < SITES; i++)
            assert_true(mud_fetcher_deliver(fetchers[i], note_span, &spans[i]));
    for (size_t i = 0; i < SITES; i++) {
        assert_int_equal(spans[i].good, EACH);
        gap += (spans[i].to - spans[i].from) / (EACH - 1) / SITES;
        mud_fetcher_free(fetchers[i]);
    }
    if (gap > 260000)
        print_message("%lld us from start to start\n", (long long)gap);
    assert_in_range(gap, 245000, 1000000); /* sanitizers, a busy machine */
    mud_loop_free(loop);
}

static void test_loop__one_goes_with_requests_under_way(void **state)
{
    struct mud_policy policy = quick();
    struct mud_loop *loop = loop_of(8);
    struct mud_fetcher *gone = fetcher_in(loop, &policy), *stays;
    int good = 0;

    (void)state;
    policy.per_host = 8;
    stays = fetcher_in(loop, &policy);
    for (int i = 0; i < 20; i++)
        add(gone, here("/slow", i));
    for (int i = 0; i < 5; i++)
        (void)mud_loop_step(loop, 10);
    assert_true(mud_loop_running(loop) > 0);
    add(stays, here("/mark", 1));
    mud_fetcher_free(gone);
    assert_int_equal(mud_loop_running(loop), 0);
    run_all(loop, &stays, &good, 1);
    assert_int_equal(good, 1);
    mud_fetcher_free(stays);
    mud_loop_free(loop);
}

static void test_loop__bounds_what_runs_at_once_in_all(void **state)
{
    struct mud_policy policy = anywhere();
    struct mud_loop *loop = loop_of(3);
    struct mud_fetcher *fetchers[4];
    struct mud_error err = {0};
    size_t most = 0;
    int good = 0;

    (void)state;
    assert_fails(mud_loop_new(&(struct mud_loop *){0}, 0, &err),
                 &err,
                 MUD_EUSAGE,
                 "at once");
    for (size_t i = 0; i < 4; i++) {
        fetchers[i] = fetcher_in(loop, &policy);
        for (int k = 0; k < 6; k++)
            add(fetchers[i], mudtest_text("http://h%d.example/mark", k));
    }
    while (mud_loop_step(loop, 100)) {
        most = mud_loop_running(loop) > most ? mud_loop_running(loop) : most;
        for (size_t i = 0; i < 4; i++)
            assert_true(mud_fetcher_deliver(fetchers[i], count, &good));
    }
    assert_in_range(most, 1, 3);
    assert_int_equal(good, 24);
    for (size_t i = 0; i < 4; i++)
        mud_fetcher_free(fetchers[i]);
    mud_loop_free(loop);
}

/* Who does not take what came gets no more of it. */
static void test_loop__what_nobody_takes_holds_it_up(void **state)
{
    struct mud_policy policy = quick();
    struct mud_loop *loop = loop_of(4);
    struct mud_fetcher *fetcher = fetcher_in(loop, &policy);
    int good = 0;

    (void)state;
    for (int i = 0; i < 40; i++)
        add(fetcher, here("/mark", i));
    for (int i = 0; i < 300; i++)
        assert_true(mud_loop_step(loop, 1));
    assert_in_range(mud_loop_queued(loop), 40 - 8, 40 - 4);
    run_all(loop, &fetcher, &good, 1);
    assert_int_equal(good, 40);
    mud_fetcher_free(fetcher);
    mud_loop_free(loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loop__gives_each_fetcher_its_own),
        cmocka_unit_test(test_loop__two_sources_share_the_pace_of_a_host),
        cmocka_unit_test(test_loop__the_pace_outlives_a_fetcher),
        cmocka_unit_test(test_loop__cookies_and_connections_are_each_ones_own),
        cmocka_unit_test(test_loop__many_hosts_take_turns),
        cmocka_unit_test(test_loop__no_host_waits_for_another),
        cmocka_unit_test(test_loop__one_goes_with_requests_under_way),
        cmocka_unit_test(test_loop__bounds_what_runs_at_once_in_all),
        cmocka_unit_test(test_loop__what_nobody_takes_holds_it_up),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
