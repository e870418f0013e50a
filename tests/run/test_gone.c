/* Posts of forum pages that were read again, and are not there any more. */
#include "graph/gone.h"
#include "tests/run/runtest.h"

/* The page of the sample, without its post number `without` (0: whole). */
static void write_page(const char *path, int without)
{
    static const char *const posts[] = {
        "<div id=\"p71\"", "<div id=\"p72\"", "<div id=\"p75\""};
    struct mud_str text = mudtest_read(kit_samples("parse/phpbb/thread.html"));
    struct mud_buf page = {0};
    size_t begin = text.n, end = text.n;

    if (without) {
        begin = mud_str_find(text, mud_str_z(posts[without - 1]));
        end = mud_str_find(text, mud_str_z(posts[without]));
        assert_true(begin < end && end < text.n);
    }
    mud_buf_put(&page, text.s, begin);
    mud_buf_put(&page, text.s + end, text.n - end);
    mudtest_write(path, mud_buf_view(&page));
    mud_buf_free(&page);
}

/* A capture folder with that page, as fetched at the hour. */
static const char *captured(const char *url, int hour, int without)
{
    const char *folder = mudtest_dir();

    write_page(mudtest_text("%s/page.html", folder), without);
    mudtest_write(
        mudtest_text("%s/index.jsonl", folder),
        mud_str_z(mudtest_text(
            "{\"url\":\"%s\",\"file\":\"page.html\",\"status\":200,"
            "\"content_type\":\"text/html; charset=utf-8\",\"fetched_at\":"
            "\"2026-11-20T%02d:00:00Z\"}\n",
            url,
            hour)));
    return folder;
}

static int64_t gone(struct kit *kit)
{
    assert_ok(mud_gone_run(NULL, kit->pg, &kit->err), &kit->err);
    return kit_count(kit, "mud.gone");
}

#define URL "https://board.example/viewtopic.php?t=7"

static void test_gone__a_post_that_left_its_page(void **state)
{
    struct kit kit;
    struct mud_report report;

    (void)state;
    kit_open(&kit);
    kit_chat(&kit);
    kit_import(&kit, &report, captured(URL, 1, 0));
    assert_true(report.posts >= 3);
    assert_int_equal(gone(&kit), 0);
    /* In another view it may be missing for another reason. */
    kit_import(&kit, &report, captured(URL "&sd=d", 2, 2));
    assert_int_equal(gone(&kit), 0);
    kit_import(&kit, &report, captured(URL, 3, 2));
    assert_int_equal(gone(&kit), 1);
    assert_int_equal(
        mud_test_pg_int(kit.pg,
                        "SELECT extract(hour FROM gone_at AT TIME ZONE 'UTC') "
                        "FROM mud.gone"),
        3);
    /* An older capture that comes in late changes nothing of it. */
    kit_import(&kit, &report, captured(URL, 0, 0));
    assert_int_equal(gone(&kit), 1);
    /* The first post of a page has nothing before it on that page. */
    kit_import(&kit, &report, captured(URL, 4, 1));
    assert_int_equal(gone(&kit), 0);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gone__a_post_that_left_its_page),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
