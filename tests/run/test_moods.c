/*
 * Sites on bad days, as `mudlark replay` plays them: whatever they do, a source
 * ends with every post, none twice, and evidence that verifies.
 */
#include "evidence/verify.h"
#include "run/crawl.h"

#include "tests/run/whole.h"
#include "tests/support/httpd.h"

#include <zlib.h>

/* of samples/forum */
#define PAGES 20

static void open_moody(struct kit *kit, const struct mud_replay_mood *mood)
{
    kit_open(kit);
    assert_ok(mud_replay_start_moody(
                  &kit->site, kit_samples("forum"), 0, mood, &kit->err),
              &kit->err);
    kit_source(kit, mud_replay_url(kit->site));
}

/* The same site in another mood, under the same address. */
static void change_mood(struct kit *kit, const struct mud_replay_mood *mood)
{
    mud_replay_stop(kit->site);
    kit->site = NULL;
    assert_ok(mud_replay_start_moody(
                  &kit->site, kit_samples("forum"), 0, mood, &kit->err),
              &kit->err);
}

static const struct mud_skip *skip_of(const struct mud_report *report,
                                      const char *reason)
{
    for (size_t i = 0; i < report->n_skips; i++)
        if (strcmp(report->skips[i].reason, reason) == 0)
            return &report->skips[i];
    return NULL;
}

/* Nothing went wrong on the way. */
static void assert_no_fault(const struct mud_report *report)
{
    static const char *const faults[] = {
        "network", "truncated", "server-error", "timeout", "rate-limit"};

    for (size_t i = 0; i < MUDTEST_ROWS(faults); i++)
        if (skip_of(report, faults[i]))
            fail_msg("%s: %s", faults[i], skip_of(report, faults[i])->example);
}

static void test_mood__slow_is_only_slow(void **state)
{
    struct mud_report report;
    struct kit kit;

    (void)state;
    open_moody(&kit, &(struct mud_replay_mood){.slow = 2000});
    int64_t began = mud_monotonic();
    kit_crawl(&kit, &report, 0);
    assert_true(mud_monotonic() - began > MUD_SECOND);
    assert_no_fault(&report);
    assert_all_there(&kit);
    kit_close(&kit);
}

/* Broken in turn in every way: some is retried, some is asked for again in the
 * next round, nothing is taken for whole that is not. */
static void test_mood__broken_answers_are_made_up_for(void **state)
{
    struct mud_report report;
    struct kit kit;

    (void)state;
    open_moody(&kit, &(struct mud_replay_mood){.broken = 4});
    kit_crawl(&kit, &report, 0);
    assert_true(kit_count(&kit, "mud.post") > 0);
    assert_verifies(&kit);
    change_mood(&kit, &(struct mud_replay_mood){0});
    kit_crawl(&kit, &report, 0);
    assert_no_fault(&report);
    assert_all_there(&kit);
    kit_close(&kit);
}

/* Half of a page says nothing of the other half. */
static void test_mood__what_a_cut_hides_is_not_gone(void **state)
{
    struct mud_report report;
    struct kit kit;

    (void)state;
    open_moody(&kit, &(struct mud_replay_mood){0});
    kit_crawl_whole(&kit, &report);
    assert_all_there(&kit);
    /* Every answer is broken: of retries, too. */
    change_mood(&kit, &(struct mud_replay_mood){.broken = 1});
    kit.source.parallel = 16;
    struct mud_crawl_options options = {.whole = true, .max_pages = 4};
    kit_crawl_with(&kit, &report, &options);
    assert_true(skip_of(&report, "truncated") || skip_of(&report, "network") ||
                skip_of(&report, "server-error"));
    assert_true(
        kit_count(&kit, "mud.coverage WHERE note = 'truncated' AND NOT whole") >
        0);
    assert_int_equal(
        kit_count(&kit,
                  "mud.coverage c JOIN mud.frontier f USING (capture_id) WHERE "
                  "f.outcome = 'truncated' AND c.whole"),
        0);
    change_mood(&kit, &(struct mud_replay_mood){0});
    kit_crawl_whole(&kit, &report);
    assert_all_there(&kit);
    kit_close(&kit);
}

static void test_mood__too_many_requests_are_waited_out(void **state)
{
    struct mud_report report;
    uint64_t all, unknown;
    struct kit kit;

    (void)state;
    open_moody(&kit, &(struct mud_replay_mood){.limit = PAGES - 5});
    kit_crawl(&kit, &report, 0);
    mud_replay_counts(kit.site, &all, &unknown);
    /* Who was told to wait does not hammer. */
    assert_true(all > PAGES && all < PAGES + 10);
    assert_no_fault(&report);
    assert_all_there(&kit);
    kit_close(&kit);
}

static void test_mood__circles_are_left(void **state)
{
    struct mud_report report;
    struct kit kit;

    (void)state;
    open_moody(&kit, &(struct mud_replay_mood){.loop = 4});
    kit_crawl(&kit, &report, 0);
    assert_non_null(skip_of(&report, "redirect-loop"));
    assert_true(kit_count(&kit, "mud.post") < POSTS);
    assert_verifies(&kit);
    change_mood(&kit, &(struct mud_replay_mood){0});
    kit_crawl(&kit, &report, 0);
    assert_all_there(&kit);
    kit_close(&kit);
}

/* A thread, gzipped; of it `percent`, or all but the sum at its end. */
struct cut {
    char gz[1 << 16];
    size_t n;
    unsigned percent; /* 0: all but its last eight bytes */
};

static bool serve_cut(struct mud_httpd_peer *peer,
                      const struct mud_httpd_request *request, void *payload)
{
    struct cut *cut = payload;
    size_t n = cut->percent ? cut->n * cut->percent / 100 : cut->n - 8;

    (void)request;
    return mud_httpd_reply(peer,
                           200,
                           "Content-Type: text/html; charset=utf-8\r\n"
                           "Content-Encoding: gzip\r\n",
                           mud_str_of(cut->gz, n));
}

static void pack(struct cut *cut, struct mud_str page)
{
    z_stream z = {0};

    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, 0), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)page.s;
    z.avail_in = (uInt)page.n;
    z.next_out = (Bytef *)cut->gz;
    z.avail_out = sizeof cut->gz;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    cut->n = z.total_out;
    assert_int_equal(deflateEnd(&z), Z_OK);
}

static void test_cut__of_a_page_that_is_whole_is_none(void **state)
{
    static struct cut cut;
    struct mud_report report;
    struct kit kit;

    (void)state;
    kit_open(&kit);
    pack(&cut, mudtest_read(kit_samples("parse/phpbb/thread.html")));
    struct mud_httpd *httpd = mud_httpd_start(serve_cut, &cut);
    kit_source(&kit,
               mud_str_z(mudtest_text("http://127.0.0.1:%u/viewtopic.php?t=7",
                                      mud_httpd_port(httpd))));
    struct mud_crawl_options options = {.max_pages = 1, .whole = true};
    kit_crawl_with(&kit, &report, &options);
    assert_null(skip_of(&report, "truncated"));
    assert_int_equal(kit_count(&kit, "mud.frontier WHERE outcome = 'read'"), 1);
    int64_t posts = kit_count(&kit, "mud.post");
    assert_true(posts >= 3);
    /* Half of it: the post in which it ends is no edit, and none is gone. */
    for (cut.percent = 40; cut.percent < 90; cut.percent += 20) {
        mud_test_pg_exec(kit.pg, "DELETE FROM mud.job");
        kit_crawl_with(&kit, &report, &options);
        assert_non_null(skip_of(&report, "truncated"));
        assert_int_equal(skip_of(&report, "truncated")->count, 1);
        assert_int_equal(kit_count(&kit, "mud.post"), posts);
        assert_int_equal(kit_count(&kit, "mud.gone"), 0);
    }
    assert_verifies(&kit);
    mud_httpd_stop(httpd);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mood__slow_is_only_slow),
        cmocka_unit_test(test_mood__broken_answers_are_made_up_for),
        cmocka_unit_test(test_mood__what_a_cut_hides_is_not_gone),
        cmocka_unit_test(test_mood__too_many_requests_are_waited_out),
        cmocka_unit_test(test_mood__circles_are_left),
        cmocka_unit_test(test_cut__of_a_page_that_is_whole_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
