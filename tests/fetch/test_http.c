#include "tests/fetch/trying.h"

#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* ASan would keep freed memory back and so count it twice. */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
    return "quarantine_size_mb=1";
}

static struct mud_httpd *httpd;
static atomic_uint now_open, most_open;

struct mark {
    char host[16];
    int64_t at;
};

static struct mark marks[256]; /* of requests to /mark, by arrival */
static atomic_uint n_marks;

static bool serve(struct mud_httpd_peer *peer,
                  const struct mud_httpd_request *request, void *payload)
{
    static const char zeros[1 << 16];

    (void)payload;
    if (mud_str_starts(request->target, MUD_STR("/mark"))) {
        unsigned i = atomic_fetch_add(&n_marks, 1);
        struct mud_str host = mud_httpd_value(request, "Host");
        host.n = mud_str_chr(host, ':') < 15 ? mud_str_chr(host, ':') : 15;
        if (i < MUDTEST_ROWS(marks)) {
            memcpy(marks[i].host, host.s, host.n);
            marks[i].at = request->at;
        }
        return mud_httpd_reply(peer, 200, "", request->target);
    }
    if (mud_str_starts(request->target, MUD_STR("/slow"))) {
        unsigned open = atomic_fetch_add(&now_open, 1) + 1;
        unsigned most = atomic_load(&most_open);
        while (open > most &&
               !atomic_compare_exchange_weak(&most_open, &most, open))
            ;
        mud_httpd_pause(peer, 60);
        atomic_fetch_sub(&now_open, 1);
        return mud_httpd_reply(peer, 200, "", MUD_STR("slept"));
    }
    if (mud_str_starts(request->target, MUD_STR("/kib50")))
        return mud_httpd_reply(
            peer, 200, "", mud_str_of(zeros, (size_t)50 << 10));
    if (mud_str_starts(request->target, MUD_STR("/silent")))
        return false;
    if (mud_str_starts(request->target, MUD_STR("/endless"))) {
        (void)mud_httpd_sendz(peer, "HTTP/1.1 200 OK\r\n\r\n");
        while (mud_httpd_send(peer, mud_str_of(zeros, sizeof zeros)))
            ;
        return false;
    }
    return mud_httpd_reply(peer, 404, "", MUD_STR("none"));
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

static struct mud_fetcher *fetcher_of(const struct mud_policy *policy)
{
    struct mud_error err = {0};
    struct mud_fetcher *fetcher;
    assert_ok(mud_fetcher_new(&fetcher, policy, &err), &err);
    return fetcher;
}

static void add(struct mud_fetcher *fetcher, const char *host, const char *path,
                int n)
{
    struct mud_error err = {0};
    const char *url =
        mudtest_text("http://%s:%u%s%d", host, mud_httpd_port(httpd), path, n);
    assert_ok(mud_fetcher_add(
                  fetcher, mud_str_z(url), (struct mud_str){0}, NULL, &err),
              &err);
}

static bool count(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                  void *payload)
{
    (void)fetcher;
    if (!fetched->error && fetched->exchanges[fetched->n - 1].status == 200)
        ++*(int *)payload;
    return true;
}

static void test_fetcher__gives_each_what_it_asked_for(void **state)
{
    struct mud_policy policy = quick();
    struct mud_fetcher *fetcher = fetcher_of(&policy);
    struct mud_fetch_stats stats;
    int good = 0;

    (void)state;
    for (int i = 0; i < 50; i++)
        add(fetcher, "127.0.0.1", "/mark", i);
    for (int i = 0; i < 3; i++)
        add(fetcher, "127.0.0.1", "/none", i);
    assert_int_equal(mud_fetcher_left(fetcher), 53);
    assert_true(mud_fetcher_run(fetcher, count, &good));
    assert_int_equal(good, 50);
    assert_int_equal(mud_fetcher_left(fetcher), 0);
    stats = mud_fetcher_stats(fetcher);
    assert_int_equal(stats.asked, 53);
    assert_int_equal(stats.answered, 53);
    assert_int_equal(stats.requests, 53);
    assert_int_equal(stats.failed + stats.retries + stats.redirects, 0);
    assert_true(stats.bytes > 2000);
    assert_int_equal(mud_fetcher_day_spent(fetcher), stats.bytes);
    assert_in_range(stats.connections, 1, policy.per_host); /* kept alive */
    mud_fetcher_free(fetcher);
}

static void test_fetcher__keeps_its_pace_on_each_host(void **state)
{
    struct mud_policy policy = quick();
    struct mud_fetcher *fetcher;
    int64_t last[2] = {0};
    int good = 0, early[2] = {0};

    (void)state;
    policy.delay_ms = 40;
    policy.jitter_ms = 10;
    fetcher = fetcher_of(&policy);
    atomic_store(&n_marks, 0);
    memset(marks, 0, sizeof marks);
    /* All of one host first: the other must not wait for them. */
    for (int i = 0; i < 8; i++)
        add(fetcher, "127.0.0.1", "/mark", i);
    for (int i = 0; i < 8; i++)
        add(fetcher, "localhost", "/mark", i);
    assert_true(mud_fetcher_run(fetcher, count, &good));
    assert_int_equal(good, 16);
    for (size_t i = 0; i < 16; i++) {
        int which = strcmp(marks[i].host, "localhost") == 0;
        /* Arrivals may bunch up by the scheduling of a busy machine. */
        if (last[which])
            assert_true(marks[i].at - last[which] > 20000);
        last[which] = marks[i].at;
    }
    /* Turn by turn: the second host did not wait for the first one's end. */
    for (size_t i = 0; i < 8; i++)
        early[strcmp(marks[i].host, "localhost") == 0]++;
    assert_in_range(early[0], 2, 6);
    assert_in_range(early[1], 2, 6);
    mud_fetcher_free(fetcher);
}

static void test_fetcher__bounds_what_runs_at_once(void **state)
{
    static const struct {
        unsigned per_host, parallel, most;
    } rows[] = {
        {1, 8, 1},
        {3, 8, 3},
        {8, 8, 8},
        {5, 5, 5},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_policy policy = quick();
        struct mud_fetcher *fetcher;
        int good = 0;
        policy.per_host = rows[i].per_host;
        policy.parallel = rows[i].parallel;
        fetcher = fetcher_of(&policy);
        atomic_store(&most_open, 0);
        for (int k = 0; k < 16; k++)
            add(fetcher, "127.0.0.1", "/slow", k);
        assert_true(mud_fetcher_run(fetcher, count, &good));
        assert_int_equal(good, 16);
        assert_in_range(atomic_load(&most_open), 1, rows[i].most);
        if (rows[i].most > 1)
            assert_true(atomic_load(&most_open) > 1);
        mud_fetcher_free(fetcher);
    }
}

static bool count_spent(struct mud_fetcher *fetcher,
                        struct mud_fetched *fetched, void *payload)
{
    int *n = payload;

    (void)fetcher;
    if (fetched->error) {
        assert_int_equal(fetched->error->code, MUD_ELIMIT);
        assert_int_equal(fetched->refusal, MUD_REFUSED_BUDGET);
        assert_has(mud_str_z(fetched->error->text), "of the day");
        assert_int_equal(fetched->attempts, 0);
        n[2]++;
    } else {
        n[fetched->exchanges[0].cut == MUD_CUT_BYTES]++;
    }
    return true;
}

static void test_fetcher__stops_at_the_bytes_of_the_day(void **state)
{
    struct mud_policy policy = quick();
    struct mud_fetcher *fetcher;
    int n[3] = {0}; /* whole, cut, refused */

    (void)state;
    policy.per_host = 1;
    policy.day_bytes = (int64_t)200 << 10;
    policy.day_spent = (int64_t)50 << 10;
    fetcher = fetcher_of(&policy);
    for (int i = 0; i < 6; i++) /* 50 KiB each */
        add(fetcher, "127.0.0.1", "/kib50", i);
    assert_true(mud_fetcher_run(fetcher, count_spent, n));
    assert_int_equal(n[0], 2);
    assert_int_equal(n[1], 1);
    assert_int_equal(n[2], 3);
    assert_int_equal(mud_fetcher_stats(fetcher).refused[MUD_REFUSED_BUDGET], 3);
    assert_int_equal(mud_fetcher_stats(fetcher).cut, 1);
    mud_fetcher_free(fetcher);
}

static void test_fetcher__refuses_and_counts(void **state)
{
    static const struct {
        const char *url;
        enum mud_code code;
        enum mud_refusal why;
    } rows[] = {
        {"http://outside.example/", MUD_EDENIED, MUD_REFUSED_HOST},
        {"ftp://127.0.0.1/", MUD_EDENIED, MUD_REFUSED_SCHEME},
        {"http://127.0.0.1/logout", MUD_EDENIED, MUD_REFUSED_CHANGE},
        {"nonsense", MUD_EINPUT, MUD_REFUSED_NOT},
    };
    struct mud_policy policy = quick();
    struct mud_fetcher *fetcher = fetcher_of(&policy);
    unsigned before = mud_httpd_connections(httpd);

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_error err = {0};
        bool ok = mud_fetcher_add(
            fetcher, mud_str_z(rows[i].url), (struct mud_str){0}, NULL, &err);
        assert_fails(ok, &err, rows[i].code, rows[i].url);
        if (rows[i].why)
            assert_int_equal(mud_fetcher_stats(fetcher).refused[rows[i].why],
                             1);
    }
    assert_int_equal(mud_fetcher_left(fetcher), 0);
    assert_int_equal(mud_fetcher_stats(fetcher).asked, 0);
    assert_int_equal(mud_httpd_connections(httpd), before);
    mud_fetcher_free(fetcher);
}

/* Adds another until there were ten, then says stop with some left. */
static bool grow(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                 void *payload)
{
    int *n = payload;
    (void)fetched;
    add(fetcher, "127.0.0.1", "/mark", 100 + *n);
    return ++*n < 10;
}

static void test_fetcher__grows_from_its_callback_and_stops(void **state)
{
    struct mud_policy policy = quick();
    struct mud_fetcher *fetcher = fetcher_of(&policy);
    int n = 0, good = 0;

    (void)state;
    add(fetcher, "127.0.0.1", "/mark", 99);
    assert_false(mud_fetcher_run(fetcher, grow, &n));
    assert_int_equal(n, 10);
    assert_int_equal(mud_fetcher_left(fetcher), 1);
    assert_true(mud_fetcher_run(fetcher, count, &good)); /* and goes on */
    assert_int_equal(good, 1);
    mud_fetcher_free(fetcher);
}

static bool stop(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                 void *payload)
{
    (void)fetched;
    (void)payload;
    mud_fetcher_stop(fetcher);
    return true;
}

static void test_fetcher__is_stopped_and_freed_with_requests_under_way(
    void **state)
{
    struct mud_policy policy = quick();
    struct mud_fetcher *fetcher = fetcher_of(&policy);

    (void)state;
    add(fetcher, "127.0.0.1", "/mark", 1);
    for (int i = 0; i < 8; i++) {
        add(fetcher, "127.0.0.1", "/slow", i);
        add(fetcher, "localhost", "/slow", i);
    }
    assert_false(mud_fetcher_run(fetcher, stop, NULL));
    assert_true(mud_fetcher_left(fetcher) > 0);
    mud_fetcher_free(fetcher);
}

static bool take(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                 void *payload)
{
    struct mud_fetched *kept = payload;
    (void)fetcher;
    *kept = *fetched;
    fetched->arena = NULL;
    return true;
}

static void test_fetcher__hands_over_the_arena_and_the_tag(void **state)
{
    struct mud_policy policy = quick();
    struct mud_fetcher *fetcher = fetcher_of(&policy);
    struct mud_fetched kept = {0};
    struct mud_error err = {0};
    int tag;

    (void)state;
    assert_ok(mud_fetcher_add(fetcher,
                              mud_str_z(mudtest_text("http://127.0.0.1:%u/mark",
                                                     mud_httpd_port(httpd))),
                              MUD_STR("http://from.example/page"),
                              &tag,
                              &err),
              &err);
    assert_true(mud_fetcher_run(fetcher, take, &kept));
    mud_fetcher_free(fetcher);
    assert_ptr_equal(kept.tag, &tag);
    assert_int_equal(kept.attempts, 1);
    assert_text(kept.exchanges[0].body, "/mark");
    assert_text(kept.exchanges[0].referrer, "http://from.example/page");
    mud_arena_free(kept.arena);
}

static void test_fetcher__hands_over_the_error_too(void **state)
{
    struct mud_policy policy = quick();
    struct mud_fetcher *fetcher = fetcher_of(&policy);
    struct mud_fetched kept = {0};

    (void)state;
    add(fetcher, "127.0.0.1", "/silent", 1);
    assert_true(mud_fetcher_run(fetcher, take, &kept));
    mud_fetcher_free(fetcher);
    assert_non_null(kept.error);
    assert_int_equal(kept.error->code, MUD_ENET);
    assert_non_null(strstr(kept.error->text, "/silent1"));
    mud_arena_free(kept.arena);
}

static bool check_cut(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                      void *payload)
{
    (void)fetcher;
    if (!fetched->error && fetched->exchanges[0].cut == MUD_CUT_BYTES &&
        fetched->exchanges[0].body.n == 8 << 20)
        ++*(int *)payload;
    return true;
}

/*
 * Sixteen endless bodies, four at once, 8 MiB a page: (4 + 2) * 8 MiB and a
 * little. A child of its own, so that its peak is that of this test.
 */
static void test_fetcher__holds_its_memory_bound(void **state)
{
    enum {
        PAGE = 8 << 20,
        PARALLEL = 4
    };
    struct mud_policy policy = quick();
    struct rusage usage;
    int status;
    pid_t child;

    (void)state;
    policy.page_bytes = PAGE;
    policy.parallel = policy.per_host = PARALLEL;
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct mud_fetcher *fetcher = fetcher_of(&policy);
        int cut = 0;
        long before, grown;
        (void)getrusage(RUSAGE_SELF, &usage);
        before = usage.ru_maxrss;
        for (int i = 0; i < 16; i++)
            add(fetcher, "127.0.0.1", "/endless", i);
        (void)mud_fetcher_run(fetcher, check_cut, &cut);
        (void)getrusage(RUSAGE_SELF, &usage);
        grown = usage.ru_maxrss - before;
        mud_fetcher_free(fetcher);
        if (cut != 16)
            _exit(2);
        _exit(grown < (PARALLEL + 2) * (PAGE >> 10) + (16 << 10) ? 0 : 3);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fetcher__gives_each_what_it_asked_for),
        cmocka_unit_test(test_fetcher__keeps_its_pace_on_each_host),
        cmocka_unit_test(test_fetcher__bounds_what_runs_at_once),
        cmocka_unit_test(test_fetcher__stops_at_the_bytes_of_the_day),
        cmocka_unit_test(test_fetcher__refuses_and_counts),
        cmocka_unit_test(test_fetcher__grows_from_its_callback_and_stops),
        cmocka_unit_test(
            test_fetcher__is_stopped_and_freed_with_requests_under_way),
        cmocka_unit_test(test_fetcher__hands_over_the_arena_and_the_tag),
        cmocka_unit_test(test_fetcher__hands_over_the_error_too),
        cmocka_unit_test(test_fetcher__holds_its_memory_bound),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
