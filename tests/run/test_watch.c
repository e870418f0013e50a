#include "run/watch.h"

#include "run/health.h"
#include "tests/run/runtest.h"
#include "tests/support/httpd.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Many forums in one worker. /sN/... is forum N: a board of THREADS threads;
 * below /slow every page takes a while, below /endless threads lead to ever
 * more of them.
 */
#define THREADS 12
#define SITES   8

static struct mud_httpd *httpd;
static atomic_uint asked[10000]; /* by path: N * 100 + thread */
static volatile sig_atomic_t stop;

static void board(struct mud_buf *page, unsigned first, unsigned n)
{
    mud_buf_z(page,
              "<!DOCTYPE html><html><head><meta charset=\"utf-8\" /><title>b - "
              "s - Powered by Discuz!</title><meta name=\"generator\" "
              "content=\"Discuz! X3.5\" /></head><body id=\"nv_forum\" "
              "class=\"pg_forumdisplay\"><div id=\"wp\" class=\"wp\"><div "
              "id=\"threadlist\"><table id=\"threadlisttableid\">\n");
    for (unsigned i = first; i < first + n; i++)
        mud_buf_printf(page,
                       "<tbody id=\"normalthread_%u\"><tr><th class=\"common\">"
                       "<a href=\"thread-%u-1-1.html\" class=\"s xst\">made up"
                       "</a></th><td class=\"num\"><a class=\"xi2\">5</a></td>"
                       "</tr></tbody>\n",
                       i,
                       i);
    mud_buf_z(page, "</table></div></div></body></html>");
}

static bool serve(struct mud_httpd_peer *peer,
                  const struct mud_httpd_request *request, void *payload)
{
    struct mud_buf page = {0};
    char path[128];
    unsigned site = 0, thread = 0;

    (void)payload;
    snprintf(path, sizeof path, "%.*s", MUD_FMT(request->target));
    if (strncmp(path, "/slow", 5) == 0)
        mud_httpd_pause(peer, 1500);
    if (sscanf(path, "/endless/thread-%u-", &thread) == 1 || path[1] == 'e')
        board(&page, 2 * thread + 1, 2);
    else if (sscanf(path, "/s%u/thread-%u-", &site, &thread) == 2 ||
             sscanf(path, "/slow/thread-%u-", &thread) == 1)
        mud_buf_z(&page, "<html><title>nothing</title></html>");
    else
        board(&page, 1, THREADS);
    (void)sscanf(path, "/s%u/", &site);
    if (path[1] == 's' && site * 100 + thread < MUDTEST_ROWS(asked))
        atomic_fetch_add(&asked[site * 100 + thread], 1);
    bool good = mud_httpd_reply(
        peer, 200, "Content-Type: text/html\r\n", mud_buf_view(&page));
    mud_buf_free(&page);
    return good;
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

static void forum(struct kit *kit, const char *name, const char *host,
                  const char *path)
{
    kit->source = (struct mud_source){
        .name = mud_str_z(name),
        .kind = MUD_STR("forum"),
        .url = mud_str_z(mudtest_text(
            "http://%s:%u%sforum-1-1.html", host, mud_httpd_port(httpd), path)),
        .legal_basis = MUD_STR("test"),
        .zone = MUD_STR("+08:00"),
        .expires = mud_now() + 3600 * MUD_SECOND,
        .created_by = MUD_STR("tester"),
        .parallel = 4,
        .page_bytes = 1 << 20,
        .day_bytes = 1 << 30,
        .allow_private = true,
    };
    assert_ok(mud_source_add(&kit->source, kit->pg, kit->arena, &kit->err),
              &kit->err);
}

static void forums(struct kit *kit)
{
    memset(asked, 0, sizeof asked);
    stop = 0;
    for (int i = 1; i <= SITES; i++)
        forum(kit,
              mudtest_text("site-%d", i),
              "127.0.0.1",
              mudtest_text("/s%d/", i));
}

/* Each page of the forums was asked for so often. */
static void assert_asked(unsigned least, unsigned most)
{
    for (unsigned i = 1; i <= SITES; i++)
        for (unsigned k = 0; k <= THREADS; k++)
            assert_in_range(atomic_load(&asked[i * 100 + k]), least, most);
}

struct seen {
    struct kit *kit;
    size_t ended, failed;
    int64_t pages;
    char first[64];    /* source whose round ended first */
    int64_t stop_at;   /* pages */
    pid_t backend;     /* to be killed then */
    const char *pause; /* source to be paused then */
};

static void ended(const struct mud_source *source,
                  const struct mud_report *report,
                  const struct mud_error *error, void *payload)
{
    struct seen *seen = payload;

    if (!seen->ended++)
        snprintf(
            seen->first, sizeof seen->first, "%.*s", MUD_FMT(source->name));
    seen->failed += error != NULL;
    seen->pages += report->pages;
}

static void progress(int64_t done, int64_t waiting, void *payload)
{
    struct seen *seen = payload;

    (void)waiting;
    if (!seen->stop_at || done < seen->stop_at)
        return;
    if (seen->backend)
        kill(seen->backend, SIGTERM);
    else if (seen->pause)
        assert_ok(mud_source_set_state(seen->kit->pg,
                                       mud_str_z(seen->pause),
                                       MUD_STR("paused"),
                                       MUD_STR("enough"),
                                       MUD_STR("tester"),
                                       &seen->kit->err),
                  &seen->kit->err);
    else
        stop = 1;
    seen->backend = 0;
    seen->stop_at = 0;
}

static struct seen watch(struct kit *kit, struct seen seen, bool once,
                         int64_t turn_pages)
{
    struct mud_watch_options options = {.every_s = 3600,
                                        .once = once,
                                        .turn_pages = turn_pages,
                                        .ended = ended,
                                        .progress = progress,
                                        .payload = &seen,
                                        .stop = &stop};

    seen.kit = kit;
    assert_ok(mud_watch(&kit->worker, &options, &kit->err), &kit->err);
    return seen;
}

static void test_watch__crawls_all_that_are_due_at_once(void **state)
{
    struct kit kit;

    (void)state;
    kit_open(&kit);
    forums(&kit);
    struct seen seen = watch(&kit, (struct seen){0}, true, 0);
    assert_int_equal(seen.ended, SITES);
    assert_int_equal(seen.failed, 0);
    assert_int_equal(seen.pages, SITES * (THREADS + 1));
    assert_asked(1, 1);
    assert_int_equal(kit_count(&kit, "mud.job"), 0);
    assert_int_equal(kit_count(&kit, "mud.capture"), SITES * (THREADS + 1));
    /* sealed together: fewer transactions than captures */
    assert_int_equal(
        kit_count(&kit,
                  "mud.health WHERE NOT unfinished AND failures = 0"
                  " AND next_at > now() + interval '50 minutes'"
                  " AND worker IS NULL AND pages > 0"),
        SITES);
    /* none is due now */
    seen = watch(&kit, (struct seen){0}, true, 0);
    assert_int_equal(seen.ended, 0);
    kit_close(&kit);
}

static void test_watch__a_slow_host_holds_up_no_other(void **state)
{
    struct kit kit;

    (void)state;
    kit_open(&kit);
    memset(asked, 0, sizeof asked);
    forum(&kit, "a-slow", "localhost", "/slow/");
    forum(&kit, "quick", "127.0.0.1", "/s1/");
    struct seen seen = watch(&kit, (struct seen){0}, true, 0);
    assert_int_equal(seen.ended, 2);
    assert_int_equal(seen.pages, 2 * (THREADS + 1));
    assert_string_equal(seen.first, "quick");
    kit_close(&kit);
}

static void test_watch__stopped_it_gives_back_and_goes_on(void **state)
{
    struct kit kit;

    (void)state;
    kit_open(&kit);
    forums(&kit);
    struct seen seen = watch(&kit, (struct seen){.stop_at = 10}, false, 0);
    assert_int_equal(seen.ended, SITES);
    assert_in_range(seen.pages, 10, SITES * (THREADS + 1) - 1);
    assert_int_equal(kit_count(&kit, "mud.job WHERE state = 'leased'"), 0);
    assert_int_equal(kit_count(&kit, "mud.health WHERE worker IS NOT NULL"), 0);
    stop = 0;
    int64_t first = seen.pages;
    seen = watch(&kit, (struct seen){0}, true, 0);
    assert_int_equal(first + seen.pages, SITES * (THREADS + 1));
    /* what was under way when it was stopped may be asked for again */
    assert_asked(1, 2);
    assert_int_equal(kit_count(&kit, "mud.capture"), SITES * (THREADS + 1));
    kit_close(&kit);
}

static void test_watch__a_site_without_end_leaves_room(void **state)
{
    struct kit kit;

    (void)state;
    kit_open(&kit);
    forum(&kit, "a-trap", "localhost", "/endless/");
    forums(&kit);
    struct seen seen = watch(&kit, (struct seen){.stop_at = 300}, false, 40);
    assert_true(seen.ended > SITES + 3); /* of the trap, turn by turn */
    assert_asked(1, 1);
    assert_int_equal(
        kit_count(&kit, "mud.health WHERE NOT unfinished AND failures = 0"),
        SITES);
    kit_close(&kit);
}

static void test_watch__who_is_paused_ends(void **state)
{
    struct kit kit;

    (void)state;
    kit_open(&kit);
    stop = 0;
    forum(&kit, "a-trap", "localhost", "/endless/");
    struct seen seen =
        watch(&kit, (struct seen){.stop_at = 20, .pause = "a-trap"}, true, 0);
    assert_int_equal(seen.ended, 1);
    assert_int_equal(kit_count(&kit, "mud.health WHERE worker IS NOT NULL"), 0);
    kit_close(&kit);
}

static void test_watch__a_lost_database_is_made_up_for(void **state)
{
    struct kit kit;

    (void)state;
    kit_open(&kit);
    forums(&kit);
    struct seen seen =
        watch(&kit,
              (struct seen){.stop_at = 20,
                            .backend = mud_test_pg_backend(kit.worker.pg)},
              true,
              0);
    assert_int_equal(seen.failed, 0);
    assert_int_equal(kit_count(&kit, "mud.job"), 0);
    assert_asked(1, 2);
    assert_int_equal(kit_count(&kit,
                               "mud.frontier WHERE fetched_at IS NOT NULL"),
                     SITES * (THREADS + 1));
    kit_close(&kit);
}

/* A child watches until all is done; never returns. */
static void watch_as_child(const struct kit *kit)
{
    struct kit child = {.home = kit->home};
    struct mud_watch_options options = {.every_s = 3600,
                                        .once = true,
                                        .ended = ended,
                                        .payload = &(struct seen){0}};

    if (!mud_worker_open(&child.worker, kit->home, "child", &child.err) ||
        !mud_watch(&child.worker, &options, &child.err))
        _exit(1);
    mud_worker_close(&child.worker);
    _exit(0);
}

static void test_watch__workers_share_the_forums_not_their_pages(void **state)
{
    struct kit kit;
    int status;

    (void)state;
    kit_open(&kit);
    forums(&kit);
    for (int i = 0; i < 2; i++)
        if (fork() == 0)
            watch_as_child(&kit);
    for (int i = 0; i < 2; i++) {
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_asked(1, 1);
    assert_int_equal(kit_count(&kit, "mud.capture"), SITES * (THREADS + 1));
    assert_int_equal(kit_count(&kit, "mud.job"), 0);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_watch__crawls_all_that_are_due_at_once),
        cmocka_unit_test(test_watch__a_slow_host_holds_up_no_other),
        cmocka_unit_test(test_watch__stopped_it_gives_back_and_goes_on),
        cmocka_unit_test(test_watch__a_site_without_end_leaves_room),
        cmocka_unit_test(test_watch__who_is_paused_ends),
        cmocka_unit_test(test_watch__a_lost_database_is_made_up_for),
        cmocka_unit_test(test_watch__workers_share_the_forums_not_their_pages),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
