/* Accounts of a source: turns, locks, hours, cookies. */
#include "run/account.h"

#include "tests/run/login_site.h"

/* An hour of the site's zone that is six hours away. */
static const char *far_hours(void)
{
    time_t then = time(NULL) + (time_t)(8 + 6) * 3600;
    struct tm tm;

    gmtime_r(&then, &tm);
    return mudtest_text("%02d:00-%02d:00", tm.tm_hour, (tm.tm_hour + 1) % 24);
}

/* A password that is wrong once is wrong: it is not sent again until somebody
 * has looked, and the next account takes over in the same round. */
static void test_account__a_wrong_password_locks_its_account(void **state)
{
    struct site site;
    struct mud_source source;
    struct mud_report report;
    struct kit kit;

    (void)state;
    kit_plain(&kit);
    open_site(&site, board_of("mybb"), WRONG);
    site.kicked = true; /* no more */
    add_source(&kit, &source, &site, "one");
    secrets(&kit, "one", PASSWORD);
    assert_fails(crawl(&kit, &source, &report),
                 &kit.err,
                 MUD_EDENIED,
                 "one: the board says that name or password are wrong");
    assert_int_equal(site.posts, 1);
    assert_string_equal(
        note_of(&kit, "one"),
        "locked: the board says that name or password are wrong");
    assert_true(skipped(&report, "account-locked"));

    /* nothing more is asked for with it */
    unsigned before = mud_httpd_requests(site.httpd);
    assert_fails(crawl(&kit, &source, &report),
                 &kit.err,
                 MUD_EDENIED,
                 "mudlark account resume");
    assert_int_equal(mud_httpd_requests(site.httpd), before);

    /* another goes on in its place, with cookies of its own */
    site.mood = KIND;
    add_account(&kit, &source, "two", "");
    secrets(&kit, "two", PASSWORD);
    assert_ok(crawl(&kit, &source, &report), &kit.err);
    assert_int_equal(site.posts, 2);
    assert_true(mudtest_exists(
        mudtest_text("%s/cookies/mybb.d/account-two", kit.home)));
    assert_false(mudtest_exists(
        mudtest_text("%s/cookies/mybb.d/account-one", kit.home)));

    /* an analyst put it right */
    assert_ok(mud_account_resume(
                  kit.pg, &source, MUD_STR("one"), MUD_STR("tester"), &kit.err),
              &kit.err);
    assert_string_equal(note_of(&kit, "one"), "active: ");
    assert_int_equal(
        kit_count(&kit,
                  "mud.source_change WHERE field = 'account one' AND "
                  "((becomes = 'locked' AND changed_by = 'mudlark') OR "
                  "(becomes = 'active' AND changed_by = 'tester'))"),
        3);
    assert_kept_secret(&kit);
    mud_httpd_stop(site.httpd);
    kit_close(&kit);
}

/* In one round: the first is turned away, the second reads on. */
static void test_account__the_next_account_takes_over(void **state)
{
    struct site site;
    struct mud_source source;
    struct mud_report report;
    struct kit kit;

    (void)state;
    kit_plain(&kit);
    open_site(&site, board_of("fluxbb"), WRONG_ONCE);
    site.kicked = true; /* no more */
    add_source(&kit, &source, &site, "");
    add_account(&kit, &source, "one", "");
    add_account(&kit, &source, "two", "");
    secrets(&kit, "one", "wrong");
    secrets(&kit, "two", PASSWORD);
    assert_ok(crawl(&kit, &source, &report), &kit.err);
    assert_true(skipped(&report, "account-locked"));
    assert_int_equal(report.pages, 4); /* 2, one of them thrice */
    assert_int_equal(kit_count(&kit, "mud.account WHERE state = 'locked'"), 1);
    mud_httpd_stop(site.httpd);
    kit_close(&kit);
}

/* What the board says nothing of is tried twice in all, and not by a third
 * worker either. */
static void test_account__is_tried_twice_at_most(void **state)
{
    struct site site;
    struct mud_source source;
    struct mud_report report;
    struct kit kit;

    (void)state;
    kit_plain(&kit);
    open_site(&site, board_of("mybb"), FORGETS);
    add_source(&kit, &source, &site, "one");
    secrets(&kit, "one", PASSWORD);
    assert_fails(crawl(&kit, &source, &report),
                 &kit.err,
                 MUD_ENET,
                 "still shows what strangers see");
    assert_fails(
        crawl(&kit, &source, &report), &kit.err, MUD_EDENIED, "was sent twice");
    assert_fails(crawl(&kit, &source, &report), &kit.err, MUD_EDENIED, "twice");
    assert_int_equal(site.posts, 2);
    mud_httpd_stop(site.httpd);
    kit_close(&kit);
}

/* A board on which its pages look like a stranger's each time is not asked
 * without end, over rounds and workers. */
static void test_account__is_let_in_so_often_a_day(void **state)
{
    struct site site;
    struct mud_source source;
    struct mud_report report;
    struct kit kit;

    (void)state;
    kit_plain(&kit);
    open_site(&site, board_of("mybb"), KIND);
    site.kicked = true; /* no more */
    add_source(&kit, &source, &site, "one");
    secrets(&kit, "one", PASSWORD);
    assert_ok(crawl(&kit, &source, &report), &kit.err);
    assert_int_equal(site.posts, 1);
    assert_int_equal(
        kit_count(&kit, "mud.account WHERE log_ins = 1 AND tries = 0"), 1);
    mud_test_pg_exec(kit.pg, "UPDATE mud.account SET log_ins = 24");
    assert_int_equal(
        unlink(mudtest_text("%s/cookies/mybb.d/account-one", kit.home)), 0);
    assert_fails(crawl(&kit, &source, &report),
                 &kit.err,
                 MUD_EDENIED,
                 "let it in again and again today");
    assert_int_equal(site.posts, 1);
    /* on the day after it may be let in again */
    assert_ok(mud_account_resume(
                  kit.pg, &source, MUD_STR("one"), MUD_STR("tester"), &kit.err),
              &kit.err);
    mud_test_pg_exec(kit.pg,
                     "UPDATE mud.account SET log_ins = 24, "
                     "log_in_day = log_in_day - 1");
    assert_ok(crawl(&kit, &source, &report), &kit.err);
    assert_int_equal(site.posts, 2);
    assert_int_equal(kit_count(&kit, "mud.account WHERE log_ins = 1"), 1);
    mud_httpd_stop(site.httpd);
    kit_close(&kit);
}

/* Nothing is fetched, and the round ends at once, when no account has its
 * hours. */
static void test_account__waits_for_the_hours_of_an_account(void **state)
{
    struct site site;
    struct mud_source source;
    struct mud_report report;
    struct kit kit;
    (void)state;
    kit_plain(&kit);
    open_site(&site, board_of("phpbb"), KIND);
    add_source(&kit, &source, &site, "");
    add_account(&kit, &source, "later", far_hours());
    assert_ok(crawl(&kit, &source, &report), &kit.err);
    assert_true(skipped(&report, "outside-hours"));
    assert_int_equal(mud_httpd_requests(site.httpd), 0);
    mud_httpd_stop(site.httpd);
    kit_close(&kit);
}

/* The next round goes on with the cookies, and with the next account. */
static void test_account__cookies_are_kept_and_accounts_take_turns(void **state)
{
    struct site site;
    struct mud_source source;
    struct mud_report report;
    struct kit kit;
    struct stat st;

    (void)state;
    kit_plain(&kit);
    open_site(&site, board_of("mybb"), KIND);
    site.kicked = true; /* no more */
    site.shared = true; /* a session for each account */
    add_source(&kit, &source, &site, "one");
    add_account(&kit, &source, "two", "");
    add_account(&kit, &source, "shut", far_hours());
    secrets(&kit, "one", PASSWORD);
    secrets(&kit, "two", PASSWORD);
    static const struct mud_crawl_options all = {0};
    for (unsigned round = 0; round < 4; round++) {
        report = (struct mud_report){0};
        assert_ok(mud_crawl(&report, &kit.worker, &source, &all, &kit.err),
                  &kit.err);
        assert_int_equal(site.posts, round == 0 ? 1 : 2);
    }
    assert_int_equal(
        stat(mudtest_text("%s/cookies/mybb.d/account-two", kit.home), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(
        kit_count(&kit,
                  "mud.account WHERE used_at IS NOT NULL AND name <> "
                  "'shut'"),
        2);
    assert_kept_secret(&kit);
    mud_httpd_stop(site.httpd);
    kit_close(&kit);
}

/* Workers that die while the board reads the form have sent it all the same. */
static void test_account__counts_what_killed_workers_sent(void **state)
{
    struct site site;
    struct mud_source source;
    struct mud_report report;
    struct kit kit;
    int status;

    (void)state;
    kit_plain(&kit);
    open_site(&site, board_of("mybb"), KIND);
    add_source(&kit, &source, &site, "one");
    secrets(&kit, "one", PASSWORD);
    mud_worker_close(&kit.worker);
    for (int i = 0; i < 2; i++) {
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            usleep(100000); /* the parent says who it is */
            kit_worker(&kit);
            (void)crawl(&kit, &source, &report);
            _exit(0);
        }
        pthread_mutex_lock(&site.lock);
        site.victim = pid;
        pthread_mutex_unlock(&site.lock);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status));
    }
    site.victim = 0;
    kit_worker(&kit);
    assert_fails(crawl(&kit, &source, &report),
                 &kit.err,
                 MUD_EDENIED,
                 "its password was sent and did not let it in");
    assert_int_equal(site.posts, MUD_ACCOUNT_TRIES);
    mud_httpd_stop(site.httpd);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_account__counts_what_killed_workers_sent),
        cmocka_unit_test(test_account__a_wrong_password_locks_its_account),
        cmocka_unit_test(test_account__the_next_account_takes_over),
        cmocka_unit_test(test_account__is_tried_twice_at_most),
        cmocka_unit_test(test_account__is_let_in_so_often_a_day),
        cmocka_unit_test(test_account__waits_for_the_hours_of_an_account),
        cmocka_unit_test(
            test_account__cookies_are_kept_and_accounts_take_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
