#include "run/crawl.h"

#include "evidence/verify.h"
#include "graph/rebuild.h"
#include "run/coverage.h"
#include "tests/run/runtest.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGES 20 /* of samples/forum */

static uint64_t requests(const struct kit *kit, uint64_t *unknown)
{
    uint64_t all;

    mud_replay_counts(kit->site, &all, unknown);
    return all;
}

static void tell_bad(const struct mud_finding *finding, void *payload)
{
    (void)payload;
    if (finding->verdict == MUD_BAD)
        print_message(
            "%s: %s (%s)\n", finding->where, finding->what, finding->text);
}

static void all_verifies(struct kit *kit)
{
    struct mud_verify verify = {.finding = tell_bad};

    assert_ok(mud_verify_vault(&verify, kit->worker.vault, kit->pg, &kit->err),
              &kit->err);
    assert_ok(mud_verify_ledger(&verify, kit->home, kit->pg, &kit->err),
              &kit->err);
    assert_int_equal(verify.bad, 0);
    assert_true(verify.good > 0);
}

static const struct mud_skip *skip_of(const struct mud_report *report,
                                      const char *reason)
{
    for (size_t i = 0; i < report->n_skips; i++) {
        if (strcmp(report->skips[i].reason, reason) == 0)
            return &report->skips[i];
    }
    return NULL;
}

static void test_crawl__walks_every_page_once(void **state)
{
    struct kit kit;
    struct mud_report report;
    uint64_t unknown;

    (void)state;
    kit_open(&kit);
    kit_site(&kit, kit_samples("forum"));
    kit_crawl(&kit, &report, 0);
    assert_int_equal(requests(&kit, &unknown), PAGES);
    assert_int_equal(unknown, 0);
    assert_int_equal(report.pages, PAGES);
    assert_int_equal(report.captures, PAGES);
    assert_int_equal(kit_count(&kit, "mud.post"), 56);
    assert_int_equal(kit_count(&kit, "mud.job"), 0);
    assert_int_equal(kit_count(&kit,
                               "mud.coverage WHERE kind = 'thread' "
                               "AND unit = 'floor'"),
                     15);
    assert_non_null(skip_of(&report, "post-blocked"));
    all_verifies(&kit);
    kit_close(&kit);
}

static void test_crawl__a_second_round_adds_captures_and_no_posts(void **state)
{
    struct kit kit;
    struct mud_report report;
    uint8_t before[MUD_SHA256], after[MUD_SHA256];
    int64_t rows;

    (void)state;
    kit_open(&kit);
    kit_site(&kit, kit_samples("forum"));
    kit_crawl(&kit, &report, 0);
    int64_t posts = kit_count(&kit, "mud.post"),
            entities = kit_count(&kit, "mud.entity"),
            evidence = kit_count(&kit, "mud.claim_evidence");
    kit_crawl_whole(&kit, &report);
    assert_int_equal(kit_count(&kit, "mud.capture"), 2 * PAGES);
    assert_int_equal(kit_count(&kit, "mud.post"), posts);
    assert_int_equal(kit_count(&kit, "mud.entity"), entities);
    assert_int_equal(kit_count(&kit, "mud.claim_evidence"), evidence);

    /* And what is derived can be made again from the captures. */
    assert_ok(mud_link(NULL, &kit.worker, &kit.err) &&
                  mud_graph_digest(before, &rows, kit.pg, &kit.err) &&
                  mud_graph_clear(kit.pg, &kit.err) &&
                  mud_worker_reopen(&kit.worker, &kit.err),
              &kit.err);
    assert_int_equal(kit_count(&kit, "mud.post"), 0);
    struct mud_unread unread = {0};
    assert_ok(mud_read_unread(&report, &kit.worker, &unread, &kit.err) &&
                  mud_link(NULL, &kit.worker, &kit.err) &&
                  mud_graph_digest(after, &rows, kit.pg, &kit.err),
              &kit.err);
    assert_memory_equal(before, after, MUD_SHA256);
    assert_true(rows > 100);
    kit_close(&kit);
}

static void test_crawl__outside_its_terms_asks_for_nothing(void **state)
{
    struct kit kit;
    struct mud_report report = {0};
    struct mud_crawl_options options = {0};
    uint64_t unknown;

    (void)state;
    kit_open(&kit);
    kit_site(&kit, kit_samples("forum"));
    kit.source.expires = mud_now() - 1;
    assert_fails(
        mud_crawl(&report, &kit.worker, &kit.source, &options, &kit.err),
        &kit.err,
        MUD_EDENIED,
        "expired");
    mud_error_clear(&kit.err);
    kit.source.expires = mud_now() + 3600 * MUD_SECOND;
    kit.source.allow_private = false;
    kit_crawl(&kit, &report, 0);
    assert_int_equal(report.pages, 0);
    assert_non_null(skip_of(&report, "out-of-scope"));
    assert_int_equal(requests(&kit, &unknown), 0);
    kit_close(&kit);
}

static void test_crawl__paths_narrow_the_scope(void **state)
{
    struct kit kit;
    struct mud_report report;
    struct mud_str paths[] = {MUD_STR("/forum.php"), MUD_STR("/forum-*")};

    (void)state;
    kit_open(&kit);
    kit_site(&kit, kit_samples("forum"));
    kit.source.paths = paths;
    kit.source.n_paths = 2;
    kit_crawl(&kit, &report, 0);
    assert_int_equal(report.pages, 5); /* index and four boards */
    assert_int_equal(skip_of(&report, "out-of-scope")->count, 15);
    kit_close(&kit);
}

static void test_crawl__goes_on_where_it_was_broken_off(void **state)
{
    struct kit kit;
    struct mud_report report;
    uint64_t unknown;

    (void)state;
    kit_open(&kit);
    kit_site(&kit, kit_samples("forum"));
    kit_crawl(&kit, &report, 3);
    assert_int_equal(report.pages, 3);
    assert_true(report.left > 0);
    kit_crawl(&kit, &report, 6);
    assert_int_equal(report.pages, 6);
    kit_crawl(&kit, &report, 0);
    assert_int_equal(report.left, 0);
    assert_int_equal(requests(&kit, &unknown), PAGES);
    assert_int_equal(kit_count(&kit, "mud.post"), 56);
    kit_close(&kit);
}

/* A child crawls slowly and is killed at some moment; never returns. */
static void crawl_and_die(const struct kit *kit)
{
    struct kit child = {.home = kit->home, .source = kit->source};
    struct mud_crawl_options options = {0};
    struct mud_report report = {0};

    child.source.delay_ms = 5;
    if (!mud_worker_open(&child.worker, kit->home, "child", &child.err) ||
        !mud_crawl(&report, &child.worker, &child.source, &options, &child.err))
        _exit(1);
    _exit(0);
}

static void test_crawl__killed_workers_lose_nothing(void **state)
{
    struct kit kit;
    struct mud_report report = {0};
    int status;

    (void)state;
    kit_open(&kit);
    kit_site(&kit, kit_samples("forum"));
    mud_worker_close(&kit.worker);
    for (int i = 0; i < 10; i++) {
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0)
            crawl_and_die(&kit);
        usleep(30000u + (unsigned)i * 17000u);
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, &status, 0), pid);
    }
    kit_worker(&kit);
    struct mud_unread unread = {.source = &kit.source};
    assert_ok(mud_read_unread(&report, &kit.worker, &unread, &kit.err),
              &kit.err);
    kit_crawl(&kit, &report, 0);
    /* Whatever a killed child held was given back; a last whole round. */
    kit_crawl(&kit, &report, 0);
    assert_int_equal(kit_count(&kit, "mud.post"), 56);
    assert_int_equal(kit_count(&kit, "mud.job"), 0);
    assert_int_equal(
        mud_test_pg_int(kit.pg,
                        "SELECT count(*) FROM mud.capture c WHERE NOT "
                        "EXISTS (SELECT 1 FROM mud.capture_parsed p "
                        "WHERE p.capture_id = c.capture_id)"),
        0);
    all_verifies(&kit);
    kit_close(&kit);
}

struct killer {
    pid_t backend;
    int at;
};

static void kill_backend(int64_t done, int64_t waiting, void *payload)
{
    struct killer *killer = payload;

    (void)waiting;
    if (done >= killer->at && killer->backend) {
        kill(killer->backend, SIGTERM);
        killer->backend = 0;
    }
}

static void test_crawl__a_lost_database_is_said_and_made_up_for(void **state)
{
    struct kit kit;
    struct mud_report report = {0};

    (void)state;
    kit_open(&kit);
    kit_site(&kit, kit_samples("forum"));
    struct killer killer = {.backend = mud_test_pg_backend(kit.worker.pg),
                            .at = 4};
    struct mud_crawl_options options = {.progress = kill_backend,
                                        .payload = &killer};
    assert_fails(
        mud_crawl(&report, &kit.worker, &kit.source, &options, &kit.err),
        &kit.err,
        MUD_EAGAIN,
        "");
    mud_error_clear(&kit.err);
    assert_ok(mud_worker_reopen(&kit.worker, &kit.err), &kit.err);
    struct mud_unread unread = {.source = &kit.source};
    assert_ok(mud_read_unread(&report, &kit.worker, &unread, &kit.err),
              &kit.err);
    /* What this process held is its own again, at once. */
    int64_t began = mud_monotonic();
    kit_crawl(&kit, &report, 0);
    assert_true(mud_monotonic() - began < 60 * MUD_SECOND);
    assert_int_equal(kit_count(&kit, "mud.post"), 56);
    all_verifies(&kit);
    kit_close(&kit);
}

/* The one statement that finds what was stated or lies below the last floor
 * and is in no range that was read whole. */
#define GAPS                                                               \
    "WITH t AS (SELECT place, greatest(max(stated), max(read_to)) AS n, "  \
    "range_agg(int8range(read_from, read_to, '[]')) FILTER (WHERE whole) " \
    "AS held FROM mud.coverage WHERE kind = 'thread' AND unit = 'floor' "  \
    "GROUP BY place) SELECT string_agg(place || ' ' || "                   \
    "(int8multirange(int8range(1, n, '[]')) - held)::text, ';' ORDER BY "  \
    "place) FROM t WHERE held <> int8multirange(int8range(1, n, '[]'))"

static void assert_gaps(struct kit *kit, const char *expected)
{
    struct mud_rows *rows;

    assert_ok(mud_pg_query(&rows, kit->pg, GAPS, NULL, 0, &kit->err),
              &kit->err);
    assert_text(mud_rows_get(rows, 0, 0), expected);
    mud_rows_free(rows);
}

static void test_crawl__coverage_tells_gaps(void **state)
{
    struct kit kit;
    struct mud_report report;

    (void)state;
    kit_open(&kit);
    kit_site(&kit, kit_samples("forum"));
    kit_crawl(&kit, &report, 0);
    assert_gaps(&kit, "");
    assert_int_equal(
        kit_count(&kit,
                  "mud.coverage WHERE place = '108' AND unit = 'floor' AND "
                  "(read_from, read_to, posts) IN ((1, 10, 10), (11, 12, 2))"),
        2);
    /* Only the second page was seen: the first is not claimed. */
    assert_ok(mud_pg_exec(kit.pg,
                          "DELETE FROM mud.coverage WHERE place = '108' AND "
                          "page = 1",
                          &kit.err),
              &kit.err);
    assert_gaps(&kit, "108 {[1,11)}");
    /* Of a thread that was never read, nobody knows how many pages it has. */
    assert_ok(mud_pg_exec(kit.pg,
                          "DELETE FROM mud.coverage WHERE place = '108'",
                          &kit.err),
              &kit.err);
    assert_ok(mud_pg_exec(kit.pg,
                          "UPDATE mud.frontier SET outcome = 'robots' WHERE "
                          "thread = '108'",
                          &kit.err),
              &kit.err);
    assert_int_equal(
        kit_count(&kit,
                  "mud.source, mud.thread_gaps(source_id) WHERE thread = "
                  "'108' AND failed = 2 AND unread = '{}'"),
        1);
    kit_close(&kit);
}

static struct mud_str coverage_of(struct kit *kit, const uint32_t *floors,
                                  size_t n, bool as_it_stands)
{
    struct mud_post posts[8] = {0};
    struct mud_parsed page = {.kind = MUD_PAGE_THREAD,
                              .thread = MUD_STR("7"),
                              .page = 1,
                              .posts = posts,
                              .n_posts = n};
    struct mud_capture capture = {.id = mud_id_of("test", MUD_STR("x")),
                                  .at = mud_now()};
    struct mud_rows *rows = NULL;

    for (size_t i = 0; i < n; i++)
        posts[i] =
            (struct mud_post){.position = floors[i], .state = MUD_POST_SHOWN};
    assert_ok(mud_coverage_page(&kit->worker,
                                &kit->source,
                                &capture,
                                &page,
                                -1,
                                as_it_stands,
                                &kit->err) &&
                  mud_pg_query(&rows,
                               kit->pg,
                               "SELECT string_agg(unit || ' ' || read_from || "
                               "'-' || read_to || ':' || posts, ' ' ORDER BY "
                               "read_from) FROM mud.coverage",
                               NULL,
                               0,
                               &kit->err),
              &kit->err);
    struct mud_str text = mud_str_dup(mud_rows_get(rows, 0, 0), kit->arena);
    mud_rows_free(rows);
    return text;
}

/* Each replaces what the last said of the same capture. */
static void test_coverage__claims_what_a_view_shows(void **state)
{
    static const struct {
        uint32_t floors[8];
        size_t n;
        bool as_it_stands;
        const char *claimed;
    } rows[] = {
        {{1, 2, 3}, 3, true, "floor 1-3:3"},
        {{1, 2, 5}, 3, true, "floor 1-5:3"},              /* 3 and 4 are gone */
        {{1, 2, 5}, 3, false, "floor 1-2:2 floor 5-5:1"}, /* one author only */
        {{1, 33, 32, 31}, 4, true, "floor 1-1:1 floor 31-33:3"}, /* newest first
                                                                  */
        {{4, 3, 2, 1}, 4, false, "floor 1-4:4"},
        {{1, 0, 2}, 3, true, "page 1-1:3"},
    };
    struct kit kit;

    (void)state;
    kit_open(&kit);
    kit_chat(&kit);
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_text(
            coverage_of(&kit, rows[i].floors, rows[i].n, rows[i].as_it_stands),
            rows[i].claimed);
    kit_close(&kit);
}

/* Real engines' pages, where they are: at most 1.2 fetches a distinct page. */
static void test_crawl__real_engines_cost_few_fetches(void **state)
{
    static const struct {
        const char *folder;
        int64_t posts; /* that a guest can see */
    } sites[] = {{"discuz-x35", 764}, {"phpbb-33", 764}};

    (void)state;
    if (!mudtest_shared())
        return;
    for (size_t i = 0; i < sizeof sites / sizeof *sites; i++) {
        struct kit kit;
        struct mud_report report;
        uint64_t unknown;
        kit_open(&kit);
        kit_site(&kit,
                 mudtest_text(
                     "%s/data/forums/%s", mudtest_shared(), sites[i].folder));
        kit_crawl(&kit, &report, 0);
        uint64_t asked = requests(&kit, &unknown);
        int64_t distinct = mud_test_pg_int(kit.pg,
                                           "SELECT count(DISTINCT sha256) FROM "
                                           "mud.capture WHERE status = 200");
        print_message("%s: %llu fetches, %llu unknown, %lld distinct, %lld "
                      "posts\n",
                      sites[i].folder,
                      (unsigned long long)asked,
                      (unsigned long long)unknown,
                      (long long)distinct,
                      (long long)kit_count(&kit, "mud.post"));
        assert_true((double)asked <= 1.2 * (double)distinct);
        assert_int_equal(kit_count(&kit, "mud.post"), sites[i].posts);
        kit_close(&kit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crawl__walks_every_page_once),
        cmocka_unit_test(test_crawl__a_second_round_adds_captures_and_no_posts),
        cmocka_unit_test(test_crawl__outside_its_terms_asks_for_nothing),
        cmocka_unit_test(test_crawl__paths_narrow_the_scope),
        cmocka_unit_test(test_crawl__goes_on_where_it_was_broken_off),
        cmocka_unit_test(test_crawl__killed_workers_lose_nothing),
        cmocka_unit_test(test_crawl__a_lost_database_is_said_and_made_up_for),
        cmocka_unit_test(test_crawl__coverage_tells_gaps),
        cmocka_unit_test(test_coverage__claims_what_a_view_shows),
        cmocka_unit_test(test_crawl__real_engines_cost_few_fetches),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
