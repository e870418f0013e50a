/* Rounds after the first: a site that changes between them. */
#include "run/crawl.h"

#include "tests/run/runtest.h"

#define LISTINGS 5  /* index and first pages of four boards */
#define FIRST    21 /* all pages: those of samples/forum and one of ours */

/* sed -i on a file of the site. */
static void change(const char *folder, const char *file, const char *script)
{
    const char *path = mudtest_text("%s/%s", folder, file);
    struct mud_str before = mudtest_read(path);
    struct mudtest_run run = mudtest_sh("sed -i '%s' %s", script, path);

    assert_int_equal(run.code, 0);
    if (mud_str_eq(before, mudtest_read(path)))
        fail_msg("%s: \"%s\" changed nothing", file, script);
}

static void add_page(const char *folder, const char *like, const char *file,
                     const char *address, const char *script)
{
    struct mudtest_run run =
        mudtest_sh("cd %s && sed '%s' %s >%s && printf '{\"url\":"
                   "\"http://127.0.0.1:18088/%s\",\"file\":\"%s\"}\\n' "
                   ">>index.jsonl",
                   folder,
                   script,
                   like,
                   file,
                   address,
                   file);

    assert_int_equal(run.code, 0);
}

/* The sample forum, with a second page of board 2 that holds old threads. */
static const char *make_site(struct kit *kit)
{
    const char *folder = mudtest_text("%s/site", mudtest_dir());

    assert_int_equal(
        mudtest_sh("cp -r %s %s", kit_samples("forum"), folder).code, 0);
    change(folder,
           "001.html",
           "0,/<tbody/s//<div class=\"pg\"><strong>1<\\/strong><a "
           "href=\"forum-2-2.html\">2<\\/a><\\/div><tbody/");
    add_page(folder, "002.html", "022.html", "forum-2-2.html", "");
    kit_site(kit, folder);
    return folder;
}

/* Serve the changed folder under the same addresses, and go round. */
static void next_round(struct kit *kit, const char *folder,
                       struct mud_report *report)
{
    mud_replay_stop(kit->site);
    kit->site = NULL;
    assert_ok(mud_replay_start(&kit->site, folder, 0, &kit->err), &kit->err);
    kit_crawl(kit, report, 0);
}

static void assert_fetched(struct kit *kit, const char *address, int times)
{
    int64_t n = kit_count(
        kit, mudtest_text("mud.capture WHERE url LIKE '%%/%s'", address));

    if (n != times)
        fail_msg("%s: fetched %d times, not %d", address, (int)n, times);
}

static void test_recrawl__a_quiet_site_costs_its_listings(void **state)
{
    struct kit kit;
    struct mud_report report;

    (void)state;
    kit_open(&kit);
    const char *folder = make_site(&kit);
    kit_crawl(&kit, &report, 0);
    assert_int_equal(report.pages, FIRST);
    for (int i = 0; i < 2; i++) {
        next_round(&kit, folder, &report);
        assert_int_equal(report.pages, LISTINGS);
    }
    assert_fetched(&kit, "forum-2-1.html", 3);
    assert_fetched(&kit, "forum-2-2.html", 1);
    assert_fetched(&kit, "thread-108-2-1.html", 1);
    kit_crawl_whole(&kit, &report);
    assert_int_equal(report.pages, FIRST);
    kit_close(&kit);
}

static void test_recrawl__new_posts_are_fetched_where_they_are(void **state)
{
    struct kit kit;
    struct mud_report report;

    (void)state;
    kit_open(&kit);
    const char *folder = make_site(&kit);
    kit_crawl(&kit, &report, 0);
    int64_t posts = kit_count(&kit, "mud.post");

    /* the listing counts one more; the thread has a third page */
    change(
        folder, "001.html", "s/class=\"xi2\">11<\\/a>/class=\"xi2\">12<\\/a>/");
    change(folder,
           "013.html",
           "s/<strong>2<\\/strong>/<strong>2<\\/strong><a "
           "href=\"thread-108-3-1.html\">3<\\/a>/");
    add_page(folder,
             "013.html",
             "023.html",
             "thread-108-3-1.html",
             "s/1081\\([12]\\)/1082\\1/g;s/<strong>2<.strong>//");
    next_round(&kit, folder, &report);
    /* and the next page of the listing, which tells of nothing new */
    assert_int_equal(report.pages, LISTINGS + 1 + 2);
    assert_fetched(&kit, "thread-108-1-1.html", 1);
    assert_fetched(&kit, "thread-108-2-1.html", 2);
    assert_fetched(&kit, "thread-108-3-1.html", 1);
    assert_fetched(&kit, "forum-2-2.html", 2);
    assert_int_equal(kit_count(&kit, "mud.post"), posts + 2);
    next_round(&kit, folder, &report);
    assert_int_equal(report.pages, LISTINGS);

    /* a thread that was not there */
    add_page(
        folder, "005.html", "024.html", "thread-109-1-1.html", "s/101/109/g");
    change(folder,
           "001.html",
           "0,/<tbody id=\"normalthread_108.*/s//&<tbody "
           "id=\"normalthread_109\"><tr><th><a href=\"thread-109-1-1.html\" "
           "class=\"s xst\">x<\\/a><\\/th><\\/tr><\\/tbody>/");
    next_round(&kit, folder, &report);
    assert_fetched(&kit, "thread-109-1-1.html", 1);
    assert_int_equal(report.pages, LISTINGS + 1 + 1);
    kit_close(&kit);
}

/* Their time has come. */
static void make_due(struct kit *kit, const char *address)
{
    assert_ok(
        mud_pg_exec(kit->pg,
                    mudtest_text("UPDATE mud.frontier SET due_at = now() - "
                                 "interval '1 minute' WHERE url LIKE '%%/%s'",
                                 address),
                    &kit->err),
        &kit->err);
}

static int64_t pace(struct kit *kit, const char *board)
{
    return mud_test_pg_int(
        kit->pg,
        mudtest_text("SELECT every_s FROM mud.pace WHERE board = '%s'", board));
}

static void test_recrawl__edits_and_deletions_set_the_pace(void **state)
{
    struct kit kit;
    struct mud_report report;

    (void)state;
    kit_open(&kit);
    const char *folder = make_site(&kit);
    kit_crawl(&kit, &report, 0);
    assert_int_equal(
        kit_count(&kit,
                  "mud.frontier WHERE kind = 'thread' AND due_at BETWEEN now() "
                  "+ interval '23 hours' AND now() + interval '25 hours'"),
        15);

    /* looked at again without news: later and later */
    for (int i = 1; i <= 2; i++) {
        make_due(&kit, "thread-108-2-1.html");
        next_round(&kit, folder, &report);
        assert_int_equal(report.pages, LISTINGS + 1);
        assert_int_equal(
            mud_test_pg_int(kit.pg,
                            "SELECT same FROM mud.frontier WHERE url LIKE "
                            "'%/thread-108-2-1.html'"),
            i);
    }
    assert_fetched(&kit, "thread-108-2-1.html", 3);
    assert_true(pace(&kit, "2") > 86400);

    /* an edit is a revision, and the board is looked at sooner */
    int64_t slow = pace(&kit, "2");
    change(folder, "013.html", "s/学费600/学费800/");
    make_due(&kit, "thread-108-2-1.html");
    next_round(&kit, folder, &report);
    assert_true(pace(&kit, "2") < slow);
    assert_int_equal(
        mud_test_pg_int(kit.pg,
                        "SELECT count(*) - count(DISTINCT post_id) FROM "
                        "mud.post"),
        1);
    kit_close(&kit);
}

static void test_recrawl__what_failed_is_tried_in_the_next_round(void **state)
{
    struct kit kit;
    struct mud_report report;

    (void)state;
    kit_open(&kit);
    const char *folder = make_site(&kit);
    kit_crawl(&kit, &report, 0);
    assert_ok(mud_pg_exec(kit.pg,
                          "UPDATE mud.frontier SET outcome = 'network', "
                          "read_at = NULL, due_at = NULL, digest = NULL WHERE "
                          "url LIKE '%/thread-301-1-1.html';"
                          "UPDATE mud.frontier SET outcome = 'login-wall', "
                          "read_at = NULL WHERE url LIKE "
                          "'%/thread-302-1-1.html'",
                          &kit.err),
              &kit.err);
    next_round(&kit, folder, &report);
    assert_fetched(&kit, "thread-301-1-1.html", 2);
    assert_fetched(&kit, "thread-302-1-1.html", 1); /* a wall waits a day */
    make_due(&kit, "thread-302-1-1.html");
    next_round(&kit, folder, &report);
    assert_fetched(&kit, "thread-302-1-1.html", 2);
    assert_fetched(&kit, "thread-301-1-1.html", 2);
    kit_close(&kit);
}

/* What robots.txt forbids is passed over, or counted, or not asked for. */
static void test_recrawl__robots_as_the_source_says(void **state)
{
    static const char *const policies[] = {"obey", "note", "ignore", "obey"};
    static const int pages[] = {FIRST - 2, FIRST, FIRST, FIRST - 2};
    struct mud_str paths[] = {
        MUD_STR("/forum.php"), MUD_STR("/forum-*"), MUD_STR("/thread-*")};

    (void)state;
    for (int i = 0; i < 4; i++) { /* the last by paths that leave it out */
        struct kit kit;
        struct mud_report report;

        kit_open(&kit);
        const char *folder = make_site(&kit);
        mudtest_write(mudtest_text("%s/robots.txt", folder),
                      MUD_STR("User-agent: *\nDisallow: /thread-108-\n"));
        mudtest_sh("printf '{\"url\":\"http://127.0.0.1:18088/robots.txt\","
                   "\"file\":\"robots.txt\",\"content_type\":"
                   "\"text/plain\"}\n' >>%s/index.jsonl",
                   folder);
        bool asked = strcmp(policies[i], "ignore") != 0;
        kit.source.robots = mud_str_z(policies[i]);
        kit.source.paths = paths;
        kit.source.n_paths = i == 3 ? 3 : 0;
        next_round(&kit, folder, &report);
        assert_int_equal(report.pages, pages[i]);
        assert_fetched(&kit, "robots.txt", asked);
        bool said = false;
        for (size_t k = 0; k < report.n_skips; k++)
            said |= strncmp(report.skips[k].reason, "robots", 6) == 0 &&
                    report.skips[k].count == 2;
        assert_int_equal(said, asked);
        next_round(&kit, folder, &report); /* a day it is remembered */
        assert_fetched(&kit, "robots.txt", asked);
        kit_close(&kit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recrawl__a_quiet_site_costs_its_listings),
        cmocka_unit_test(test_recrawl__new_posts_are_fetched_where_they_are),
        cmocka_unit_test(test_recrawl__edits_and_deletions_set_the_pace),
        cmocka_unit_test(test_recrawl__what_failed_is_tried_in_the_next_round),
        cmocka_unit_test(test_recrawl__robots_as_the_source_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
