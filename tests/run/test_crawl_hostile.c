#include "tests/run/runtest.h"
#include "tests/support/httpd.h"

#include <sys/wait.h>
#include <unistd.h>

#define THREADS 60

/* A board that names its threads, beginning with another one each time. */
static bool board(struct mud_httpd_peer *peer, unsigned first)
{
    struct mud_buf page = {0};

    mud_buf_z(&page,
              "<!DOCTYPE html><html><head><meta charset=\"utf-8\" /><title>b - "
              "s - Powered by Discuz!</title><meta name=\"generator\" "
              "content=\"Discuz! X3.5\" /></head><body id=\"nv_forum\" "
              "class=\"pg_forumdisplay\"><div id=\"wp\" class=\"wp\"><div "
              "id=\"threadlist\"><table id=\"threadlisttableid\">\n");
    for (unsigned i = 0; i < THREADS; i++) {
        unsigned id =
            100 + (first * 7 + i * (first % 2 ? 1 : THREADS - 1)) % THREADS;
        mud_buf_printf(&page,
                       "<tbody id=\"normalthread_%u\"><tr><th class=\"common\">"
                       "<a href=\"thread-%u-1-1.html\" class=\"s xst\">made up"
                       "</a></th><td class=\"num\"><a class=\"xi2\">5</a></td>"
                       "</tr></tbody>\n",
                       id,
                       id);
    }
    mud_buf_z(&page, "</table></div></div></body></html>");
    bool good = mud_httpd_reply(
        peer, 200, "Content-Type: text/html\r\n", mud_buf_view(&page));
    mud_buf_free(&page);
    return good;
}

static bool serve(struct mud_httpd_peer *peer,
                  const struct mud_httpd_request *request, void *payload)
{
    (void)payload;
    if (mud_str_starts(request->target, MUD_STR("/loop")))
        return mud_httpd_reply(
            peer, 302, "Location: /loop\r\n", (struct mud_str){0});
    if (mud_str_starts(request->target, MUD_STR("/headless"))) {
        (void)mud_httpd_sendz(
            peer, "HTTP/1.1 200 OK\r\nX-A: b\r\n\rjunk\r\nand a body");
        return false;
    }
    return board(peer, request->number);
}

static struct mud_httpd *httpd;

static void site(struct kit *kit, const char *path)
{
    kit_open(kit);
    kit_source(kit,
               mud_str_z(mudtest_text(
                   "http://127.0.0.1:%u%s", mud_httpd_port(httpd), path)));
}

static void assert_skipped(const struct mud_report *report, const char *reason)
{
    assert_int_equal(report->n_skips, 1);
    assert_string_equal(report->skips[0].reason, reason);
    assert_int_equal(report->skips[0].count, 1);
}

static void test_crawl__says_why_a_page_gave_no_answer(void **state)
{
    static const struct {
        const char *path, *reason;
    } rows[] = {{"/loop", "redirect-loop"}, {"/headless", "bad-answer"}};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct kit kit;
        struct mud_report report, held = {0};
        site(&kit, rows[i].path);
        kit_crawl(&kit, &report, 0);
        assert_int_equal(report.pages, 0);
        assert_skipped(&report, rows[i].reason);
        assert_int_equal(kit_count(&kit, "mud.job"), 0);
        assert_ok(mud_report_outcomes(&held, kit.pg, 0, &kit.err), &kit.err);
        assert_skipped(&held, rows[i].reason);
        kit_close(&kit);
    }
}

static void test_crawl__names_what_is_out_of_scope_by_its_reason(void **state)
{
    struct kit kit;
    struct mud_report report, held = {0};
    struct mud_str paths[] = {MUD_STR("/forum-*")};

    (void)state;
    site(&kit, "/forum-2-1.html");
    kit.source.paths = paths;
    kit.source.n_paths = 1;
    kit_crawl(&kit, &report, 0);
    assert_int_equal(report.pages, 1);
    assert_ok(mud_report_outcomes(&held, kit.pg, 0, &kit.err), &kit.err);
    assert_int_equal(held.n_skips, 1);
    assert_string_equal(held.skips[0].reason, "out-of-scope");
    assert_int_equal(held.skips[0].count, THREADS);
    kit_close(&kit);
}

/* The same round, by a child that has a connection of its own. */
static pid_t crawl_apart(const struct kit *kit)
{
    struct kit child = {.home = kit->home, .source = kit->source};
    struct mud_crawl_options options = {0};
    struct mud_report report = {0};
    pid_t pid = fork();

    if (pid != 0)
        return pid;
    if (!mud_worker_open(&child.worker, kit->home, "child", &child.err) ||
        !mud_crawl(&report, &child.worker, &child.source, &options, &child.err))
        fprintf(stderr, "child: %s\n", child.err.text);
    mud_worker_close(&child.worker);
    _exit(child.err.code ? 1 : 0);
}

static void test_crawl__workers_whose_pages_link_to_each_other_agree(
    void **state)
{
    enum {
        WORKERS = 3
    };
    struct kit kit;
    struct mud_report report;
    pid_t pids[WORKERS];
    int status;

    (void)state;
    site(&kit, "/forum-2-1.html");
    kit_crawl(&kit, &report, 1); /* so that all work on one round */
    mud_worker_close(&kit.worker);
    for (int i = 0; i < WORKERS; i++) {
        pids[i] = crawl_apart(&kit);
        assert_true(pids[i] > 0);
    }
    for (int i = 0; i < WORKERS; i++) {
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    assert_int_equal(kit_count(&kit, "mud.capture"), 1 + THREADS);
    assert_int_equal(kit_count(&kit, "mud.frontier WHERE outcome = 'read'"),
                     1 + THREADS);
    assert_int_equal(kit_count(&kit, "mud.job"), 0);
    kit_close(&kit);
}

/* A worker of another machine died while we were at it: its lease runs out. */
static void test_crawl__takes_over_what_a_lost_worker_held(void **state)
{
    struct kit kit;
    struct mud_report report;

    (void)state;
    site(&kit, "/forum-2-1.html");
    kit_crawl(&kit, &report, 1);
    assert_int_equal(
        mud_test_pg_int(kit.pg,
                        "WITH x AS (UPDATE mud.job SET state = 'leased', "
                        "worker = 'elsewhere:1', tries = 1, leased_until = "
                        "now() + interval '1 s' WHERE key LIKE "
                        "'%thread-105-%' RETURNING 1) SELECT count(*) FROM x"),
        1);
    kit_crawl(&kit, &report, 0);
    assert_int_equal(report.pages, THREADS);
    assert_int_equal(kit_count(&kit, "mud.job"), 0);
    kit_close(&kit);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crawl__says_why_a_page_gave_no_answer),
        cmocka_unit_test(test_crawl__names_what_is_out_of_scope_by_its_reason),
        cmocka_unit_test(
            test_crawl__workers_whose_pages_link_to_each_other_agree),
        cmocka_unit_test(test_crawl__takes_over_what_a_lost_worker_held),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
