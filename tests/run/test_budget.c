#include "run/crawling.h"

#include "tests/run/board.h"
#include "tests/run/runtest.h"

struct site {
    const char *robots;
    int64_t at[32]; /* monotonic us, of each request but that for robots.txt */
    unsigned n, with_header;
};

static bool serve(struct mud_httpd_peer *peer,
                  const struct mud_httpd_request *request, void *payload)
{
    struct site *site = payload;

    if (mud_str_eqz(request->target, "/robots.txt"))
        return site->robots ? mud_httpd_reply(peer,
                                              200,
                                              "Content-Type: text/plain\r\n",
                                              mud_str_z(site->robots))
                            : mud_httpd_reply(peer, 404, "", MUD_STR(""));
    if (site->n < 32)
        site->at[site->n] = request->at;
    site->n++;
    site->with_header +=
        mud_str_eqz(mud_httpd_value(request, "Accept-Language"), "ru") &&
        mud_str_eqz(mud_httpd_value(request, "X-Asked-By"), "a browser");
    return board_serve(peer, request);
}

struct stand {
    struct kit kit;
    struct site site;
    struct mud_httpd *httpd;
};

static void stand_open(struct stand *s)
{
    s->site = (struct site){0};
    kit_open(&s->kit);
    s->httpd = mud_httpd_start(serve, &s->site);
    kit_source(&s->kit,
               mud_str_printf(s->kit.arena,
                              "http://127.0.0.1:%u/",
                              mud_httpd_port(s->httpd)));
    s->kit.source.parallel = 1;
}

static void stand_close(struct stand *s)
{
    mud_httpd_stop(s->httpd);
    kit_close(&s->kit);
}

static bool go(struct mud_report *report, struct stand *s)
{
    struct mud_crawl_options options = {0};

    *report = (struct mud_report){0};
    return mud_collect(
        report, &s->kit.worker, &s->kit.source, &options, &s->kit.err);
}

static void set(struct stand *s)
{
    size_t n;

    assert_ok(mud_source_set(&n,
                             &s->kit.source,
                             MUD_STR("li"),
                             MUD_STR(""),
                             s->kit.pg,
                             s->kit.arena,
                             &s->kit.err),
              &s->kit.err);
}

static void reload(struct stand *s)
{
    assert_ok(mud_source_load(&s->kit.source,
                              s->kit.pg,
                              MUD_STR("site"),
                              s->kit.arena,
                              &s->kit.err),
              &s->kit.err);
}

static bool skipped(const struct mud_report *report, const char *reason)
{
    for (size_t i = 0; i < report->n_skips; i++)
        if (strcmp(report->skips[i].reason, reason) == 0)
            return true;
    return false;
}

/* So many pages a day; the rest waits for the next one, and the source is not
 * asked before. */
static void test_budget__of_pages_holds_for_the_day(void **state)
{
    struct stand s;
    struct mud_report report;
    struct mud_wall_state wall;
    int64_t day = 86400 * MUD_SECOND, now = mud_now();

    (void)state;
    if (now % day > day - 120 * MUD_SECOND)
        skip(); /* midnight is near */
    stand_open(&s);
    s.kit.source.day_pages = 3;
    set(&s);
    assert_ok(go(&report, &s), &s.kit.err);
    assert_true(skipped(&report, "day-pages"));
    assert_int_equal(s.site.n, 3);
    assert_int_equal(report.left, THREADS - 1);
    reload(&s);
    assert_int_equal(mud_source_opens(&s.kit.source, now),
                     (now / day + 1) * day);
    assert_ok(
        mud_wall_get(&wall, s.kit.pg, &s.kit.source, s.kit.arena, &s.kit.err),
        &s.kit.err);
    assert_true(wall.limit);
    assert_text(wall.wall.by, "day-pages");
    assert_int_equal(wall.wall.kind, MUD_WALL_NONE);
    assert_fails(go(&report, &s), &s.kit.err, MUD_EDENIED, "waits");
    mud_error_clear(&s.kit.err);

    /* a person who lifts it goes on, and nothing is asked for twice */
    s.kit.source.day_pages = 0;
    set(&s);
    assert_ok(mud_source_set_state(s.kit.pg,
                                   MUD_STR("site"),
                                   MUD_STR("active"),
                                   MUD_STR(""),
                                   MUD_STR("li"),
                                   &s.kit.err),
              &s.kit.err);
    reload(&s);
    assert_ok(go(&report, &s), &s.kit.err);
    assert_int_equal(s.site.n, 2 + THREADS);
    stand_close(&s);
}

static void test_budget__of_bytes_leaves_the_queue(void **state)
{
    struct stand s;
    struct mud_report report;

    (void)state;
    stand_open(&s);
    s.kit.source.day_bytes = 1500; /* index and board, and not many threads */
    set(&s);
    assert_ok(go(&report, &s), &s.kit.err);
    assert_true(skipped(&report, "day-bytes"));
    assert_true(s.site.n < 2 + THREADS);
    assert_true(report.left > 0);
    reload(&s);
    assert_true(mud_source_opens(&s.kit.source, mud_now()) > mud_now());
    stand_close(&s);
}

static void test_budget__of_time_ends_a_round(void **state)
{
    struct stand s;
    struct mud_report report;
    int64_t began = mud_monotonic();

    (void)state;
    stand_open(&s);
    s.kit.source.round_s = 2;
    s.kit.source.delay_ms = 900;
    set(&s);
    assert_ok(go(&report, &s), &s.kit.err);
    assert_true(skipped(&report, "round-time"));
    assert_true(mud_monotonic() - began < 6 * MUD_SECOND);
    assert_true(s.site.n < 2 + THREADS);
    reload(&s);
    assert_in_range(mud_source_opens(&s.kit.source, mud_now()) - mud_now(),
                    800 * MUD_SECOND,
                    900 * MUD_SECOND);
    stand_close(&s);
}

/* Headers as given, with each request; those that are ours or secret are not
 * taken. */
static void test_headers__are_sent(void **state)
{
    static const char *const bad[] = {
        "Host: x.example",
        "Cookie: a=b",
        "authorization: Basic x",
        "Proxy-Authorization: x",
        "X-Auth-Token: x",
        "Content-Length: 5",
        "no colon",
        ": x",
        "A b: c",
        "X-A: a\r\nHost: b",
        "User-Agent: x",
        "X-Api-Key: k",
        "Accept-Encoding: br",
    };
    struct mud_str headers[] = {MUD_STR("Accept-Language: ru"),
                                MUD_STR("X-Asked-By: a browser")};
    struct stand s;
    struct mud_report report;
    size_t n;

    (void)state;
    stand_open(&s);
    s.kit.source.headers = headers;
    s.kit.source.n_headers = 2;
    set(&s);
    reload(&s);
    assert_ok(go(&report, &s), &s.kit.err);
    assert_int_equal(s.site.n, 2 + THREADS);
    assert_int_equal(s.site.with_header, s.site.n);
    for (size_t i = 0; i < MUDTEST_ROWS(bad); i++) {
        struct mud_str one = mud_str_z(bad[i]);
        s.kit.source.headers = &one;
        s.kit.source.n_headers = 1;
        if (mud_source_set(&n,
                           &s.kit.source,
                           MUD_STR("li"),
                           MUD_STR(""),
                           s.kit.pg,
                           s.kit.arena,
                           &s.kit.err))
            fail_msg("%s was taken", bad[i]);
        assert_int_equal(s.kit.err.code, MUD_EUSAGE);
        mud_error_clear(&s.kit.err);
    }
    stand_close(&s);
}

/* Crawl-delay is a wish of robots.txt like the others: who obeys, waits. */
static void test_robots__who_obeys_goes_at_its_pace(void **state)
{
    struct stand s;
    struct mud_report report;

    (void)state;
    stand_open(&s);
    s.site.robots = "User-agent: *\nCrawl-delay: 1\nDisallow: /thread-3\n"
                    "Disallow: /thread-4\nDisallow: /thread-5\n";
    s.kit.source.robots = MUD_STR("obey");
    set(&s);
    assert_ok(go(&report, &s), &s.kit.err);
    assert_true(skipped(&report, "robots"));
    assert_int_equal(s.site.n, 2 + THREADS - 3);
    for (unsigned i = 1; i < s.site.n; i++)
        assert_true(s.site.at[i] - s.site.at[i - 1] > MUD_SECOND * 9 / 10);
    stand_close(&s);
}

static void test_robots__who_does_not_obey_keeps_his_own(void **state)
{
    struct stand s;
    struct mud_report report;

    (void)state;
    stand_open(&s);
    s.site.robots = "User-agent: *\nCrawl-delay: 30\n";
    s.kit.source.robots = MUD_STR("note");
    set(&s);
    assert_ok(go(&report, &s), &s.kit.err);
    assert_int_equal(s.site.n, 2 + THREADS);
    assert_true(s.site.at[1] - s.site.at[0] < 20 * MUD_SECOND);
    stand_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_budget__of_pages_holds_for_the_day),
        cmocka_unit_test(test_budget__of_bytes_leaves_the_queue),
        cmocka_unit_test(test_budget__of_time_ends_a_round),
        cmocka_unit_test(test_headers__are_sent),
        cmocka_unit_test(test_robots__who_obeys_goes_at_its_pace),
        cmocka_unit_test(test_robots__who_does_not_obey_keeps_his_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
