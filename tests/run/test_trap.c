#include "tests/run/board.h"
#include "tests/run/runtest.h"

/* A site that is never at its end. */
static bool serve(struct mud_httpd_peer *peer,
                  const struct mud_httpd_request *request, void *payload)
{
    struct mud_buf page = {0};
    struct mud_str target = request->target, part;
    int64_t n = 0;
    bool sent;

    (void)payload;
    if (mud_str_starts(target, MUD_STR("/thread-1-"))) {
        /* always the last page, whatever number is asked for, and a next one */
        target = mud_str_sub(target, 10, target.n);
        if (!mud_str_cut(&target, '-', &part) || !mud_str_i64(part, &n))
            n = 1;
        mud_buf_printf(&page,
                       THREAD "<div class=pg><strong>%d</strong><a "
                              "href=thread-1-%d-1.html>next</a></div>",
                       (int)n,
                       (int)n + 1);
    } else if (mud_str_starts(target, MUD_STR("/forum-2-1"))) {
        mud_buf_z(&page, DISCUZ "forumdisplay><table id=threadlisttableid>");
        mud_buf_z(&page,
                  "<tbody id=normalthread_1><tr><th><a class='s xst' "
                  "href=thread-1-1-1.html>a</a></th></tr></tbody></table>");
    } else {
        mud_buf_z(&page,
                  DISCUZ "index><a href=forum-2-1.html>a</a>"
                         "<a href=/s-0123456789abcdef0123/forum-3-1.html>b</a>"
                         "<a href=/a/b/a/b/a/b/forum-4-1.html>c</a>");
    }
    sent = mud_httpd_reply(
        peer, 200, "Content-Type: text/html\r\n", mud_buf_view(&page));
    mud_buf_free(&page);
    return sent;
}

static int64_t skips(const struct mud_report *report, const char *reason)
{
    for (size_t i = 0; i < report->n_skips; i++)
        if (strcmp(report->skips[i].reason, reason) == 0)
            return report->skips[i].count;
    return 0;
}

/* Pages without end and addresses without end: each is counted with its
 * reason, and the round has an end. */
static void test_trap__is_left_and_counted(void **state)
{
    struct kit kit;
    struct mud_report report = {0};
    struct mud_crawl_options options = {.max_pages = 40};
    struct mud_httpd *httpd = mud_httpd_start(serve, NULL);

    (void)state;
    kit_open(&kit);
    kit_source(&kit,
               mud_str_printf(
                   kit.arena, "http://127.0.0.1:%u/", mud_httpd_port(httpd)));
    kit.source.parallel = 1;
    assert_ok(
        mud_collect(&report, &kit.worker, &kit.source, &options, &kit.err),
        &kit.err);
    assert_int_equal(skips(&report, "trap"), 2);
    assert_int_equal(skips(&report, "over-range"), 1);
    assert_int_equal(report.left, 0);
    assert_int_equal(mud_httpd_requests(httpd), 4);
    assert_ok(mud_ingest_flush(kit.worker.ingest, NULL, &kit.err), &kit.err);
    assert_int_equal(kit_count(&kit, "mud.post"), 1);
    kit_close(&kit);
    mud_httpd_stop(httpd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trap__is_left_and_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
