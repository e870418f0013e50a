/*
 * Log-ins at boards of nine engines, played by real servers on loopback, all in
 * one loop.
 */
#include "run/login.h"

#include "tests/run/login_site.h"

/* All at once, as the watch steps them. */
static void crawl_all(struct kit *kit, struct mud_source *sources,
                      struct mud_report *reports, size_t n)
{
    struct mud_crawling *crawls[N];
    const struct mud_crawl_options options = {.max_pages = 4};
    struct mud_loop *loop;
    bool over[N] = {false};
    size_t left = n;

    assert_ok(mud_loop_new(&loop, 64, &kit->err), &kit->err);
    for (size_t i = 0; i < n; i++)
        assert_ok(mud_crawling_new(&crawls[i],
                                   &reports[i],
                                   &kit->worker,
                                   &sources[i],
                                   &options,
                                   loop,
                                   &kit->err),
                  &kit->err);
    while (left) {
        struct mud_arena *arena = mud_arena_new();
        for (size_t i = 0; i < n; i++)
            assert_ok(mud_crawling_ask(crawls[i], &kit->err), &kit->err);
        (void)mud_loop_step(loop, 50);
        for (size_t i = 0; i < n; i++)
            assert_ok(mud_crawling_collect(crawls[i], &kit->err), &kit->err);
        assert_ok(mud_crawlings_seal(crawls, n, arena, &kit->err), &kit->err);
        for (size_t i = 0; i < n; i++) {
            while (mud_crawling_ready(crawls[i]))
                assert_ok(mud_crawling_read(crawls[i], &kit->err), &kit->err);
            if (over[i])
                continue;
            assert_ok(mud_crawling_over(&over[i], crawls[i], &kit->err),
                      &kit->err);
            left -= over[i];
        }
        mud_arena_free(arena);
    }
    for (size_t i = 0; i < n; i++)
        mud_crawling_free(crawls[i]);
    mud_loop_free(loop);
}

static void test_login__each_engine_gets_what_its_form_wants(void **state)
{
    static struct site sites[N];
    struct mud_source sources[N];
    struct mud_report reports[N] = {0};
    struct kit kit;

    (void)state;
    kit_plain(&kit);
    for (size_t i = 0; i < N; i++) {
        open_site(&sites[i], &boards[i], KIND);
        secrets(&kit, boards[i].name, PASSWORD);
        add_source(&kit, &sources[i], &sites[i], boards[i].name);
    }
    crawl_all(&kit, sources, reports, N);
    for (size_t i = 0; i < N; i++) {
        print_message("%s\n", boards[i].name);
        mud_httpd_stop(sites[i].httpd);
        assert_string_equal(sites[i].body, boards[i].sent);
        if (boards[i].header)
            assert_non_null(strstr(sites[i].head, boards[i].header));
        /* once at the beginning, and once when the session had ended */
        assert_int_equal(sites[i].posts, 2);
        assert_true(sites[i].kicked);
        assert_true(sites[i].pages >= 3);
        assert_true(skipped(&reports[i], "logged-out"));
        assert_false(skipped(&reports[i], "login-wall"));
    }
    assert_int_equal(kit_count(&kit,
                               "mud.account WHERE tries = 0 AND "
                               "logged_in_at IS NOT NULL AND state = "
                               "'active'"),
                     (int64_t)N);
    assert_int_equal(
        kit_count(&kit,
                  "mud.capture c WHERE NOT (access_mode = 'member_account' "
                  "AND account = (SELECT name FROM mud.source s WHERE "
                  "s.source_id = c.source_id)) AND "
                  "url NOT LIKE '%robots.txt'"),
        0);
    assert_kept_secret(&kit);
    kit_close(&kit);
}

/* A captcha is seen before anything is sent. */
static void test_login__sends_nothing_where_a_captcha_is_asked(void **state)
{
    struct site site;
    struct mud_source source;
    struct mud_report report;
    struct kit kit;

    (void)state;
    kit_plain(&kit);
    open_site(&site, board_of("phpbb"), ASKS_CAPTCHA);
    add_source(&kit, &source, &site, "one");
    secrets(&kit, "one", PASSWORD);
    assert_fails(
        crawl(&kit, &source, &report), &kit.err, MUD_EDENIED, "captcha");
    assert_int_equal(site.posts, 0);
    mud_httpd_stop(site.httpd);
    kit_close(&kit);
}

/* A board that turns its log-in into a post gets nothing. */
static void test_login__sends_nothing_where_the_form_leads_away(void **state)
{
    struct site site;
    struct mud_source source;
    struct mud_report report;
    struct kit kit;

    (void)state;
    kit_plain(&kit);
    open_site(&site, board_of("phpbb"), LEADS_AWAY);
    add_source(&kit, &source, &site, "one");
    secrets(&kit, "one", PASSWORD);
    assert_fails(crawl(&kit, &source, &report),
                 &kit.err,
                 MUD_ENET,
                 "no place that a log-in form may be sent to");
    assert_int_equal(site.strays + site.posts, 0);
    mud_httpd_stop(site.httpd);
    kit_close(&kit);
}

/* Missing secrets are told where they would be looked for; nothing is sent. */
static void test_login__says_which_secret_is_missing(void **state)
{
    struct site site;
    struct mud_source source;
    struct mud_report report;
    struct kit kit;

    (void)state;
    kit_plain(&kit);
    open_site(&site, board_of("mybb"), KIND);
    add_source(&kit, &source, &site, "one");
    assert_fails(crawl(&kit, &source, &report),
                 &kit.err,
                 MUD_ENET,
                 "MUDLARK_SECRET_ONE_USER");
    assert_string_equal(report.skips[report.n_skips - 1].reason, "login");
    assert_int_equal(site.posts, 0);
    assert_int_equal(kit_count(&kit, "mud.account WHERE tries = 0"), 1);
    mud_httpd_stop(site.httpd);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_login__each_engine_gets_what_its_form_wants),
        cmocka_unit_test(test_login__sends_nothing_where_a_captcha_is_asked),
        cmocka_unit_test(test_login__sends_nothing_where_the_form_leads_away),
        cmocka_unit_test(test_login__says_which_secret_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
