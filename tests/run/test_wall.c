#include "run/wall.h"

#include "run/cookies.h"
#include "tests/run/board.h"
#include "tests/run/runtest.h"

#define CLOUDFLARE \
    "<title>Just a moment...</title><script>window._cf_chl_opt={}</script>"

#define BROWSER "Mozilla/5.0 (made up)"

/* A small board, and what it says in place of its pages. */
struct site {
    const char *wall;      /* body of it; NULL: none */
    const char *wall_head; /* header lines */
    const char *at;        /* on paths that begin so */
    int status;
    unsigned times;  /* 0: always */
    unsigned walls;  /* answered so far */
    const char *key; /* a cookie that opens it, for one browser; or NULL */
};

static bool serve(struct mud_httpd_peer *peer,
                  const struct mud_httpd_request *request, void *payload)
{
    struct site *site = payload;
    bool opened = site->key &&
                  mud_str_find(mud_httpd_value(request, "Cookie"),
                               mud_str_z(site->key)) != MUD_NPOS &&
                  mud_str_eqz(mud_httpd_value(request, "User-Agent"), BROWSER);

    if (site->wall && !opened &&
        mud_str_starts(request->target, mud_str_z(site->at)) &&
        (!site->times || site->walls < site->times)) {
        site->walls++;
        return mud_httpd_reply(
            peer, site->status, site->wall_head, mud_str_z(site->wall));
    }
    return board_serve(peer, request);
}

struct stand {
    struct kit kit;
    struct site site;
    struct mud_httpd *httpd;
};

static void stand_open(struct stand *s, const struct site *site)
{
    s->site = *site;
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

static struct mud_report go(struct stand *s)
{
    struct mud_report report = {0};
    struct mud_crawl_options options = {0};

    assert_ok(mud_source_load(&s->kit.source,
                              s->kit.pg,
                              MUD_STR("site"),
                              s->kit.arena,
                              &s->kit.err),
              &s->kit.err);
    s->kit.source.parallel = 1;
    assert_ok(
        mud_collect(
            &report, &s->kit.worker, &s->kit.source, &options, &s->kit.err),
        &s->kit.err);
    return report;
}

static int64_t skips(const struct mud_report *report, const char *reason)
{
    for (size_t i = 0; i < report->n_skips; i++)
        if (strcmp(report->skips[i].reason, reason) == 0)
            return report->skips[i].count;
    return 0;
}

static int64_t count(struct stand *s, const char *sql)
{
    return mud_test_pg_int(s->kit.pg, sql);
}

#define STATE "SELECT count(*) FROM mud.source WHERE state = "
#define READ  "SELECT count(*) FROM mud.frontier WHERE outcome = 'read'"

static struct mud_wall_state wall_of(struct stand *s)
{
    struct mud_wall_state state;

    assert_ok(mud_wall_get(
                  &state, s->kit.pg, &s->kit.source, s->kit.arena, &s->kit.err),
              &s->kit.err);
    return state;
}

static void resume(struct stand *s)
{
    assert_ok(mud_source_set_state(s->kit.pg,
                                   MUD_STR("site"),
                                   MUD_STR("active"),
                                   MUD_STR(""),
                                   MUD_STR("li"),
                                   &s->kit.err),
              &s->kit.err);
}

/* Three in a row, and the source stops with its pages in the queue; once a
 * person says so, it goes on where it was. */
static void test_wall__stops_the_source(void **state)
{
    struct stand s;
    struct site site = {
        CLOUDFLARE,
        "Content-Type: text/html\r\ncf-mitigated: challenge\r\n",
        "/thread-",
        403,
        0,
        0,
        NULL};
    struct mud_crawl_options options = {0};

    (void)state;
    stand_open(&s, &site);
    struct mud_report report = go(&s);
    assert_int_equal(skips(&report, "walled"), 1);
    assert_in_range(s.site.walls, 3, 4); /* no hammering */
    assert_int_equal(count(&s, STATE "'stopped'"), 1);
    assert_int_equal(count(&s, READ), 2);
    assert_int_equal(count(&s,
                           "SELECT count(*) FROM mud.job WHERE queue = "
                           "'fetch:site' AND state = 'waiting'"),
                     THREADS);
    struct mud_wall_state wall = wall_of(&s);
    assert_int_equal(wall.wall.kind, MUD_WALL_BROWSER);
    assert_text(wall.wall.by, "cloudflare");
    assert_has(wall.url, "/thread-");
    assert_int_equal(wall.capture.n, 36);
    assert_int_equal(wall.until, 0);
    assert_int_equal(count(&s,
                           "SELECT count(*) FROM mud.source_change WHERE field "
                           "= 'state' AND changed_by = 'mudlark' AND note LIKE "
                           "'wall: browser, cloudflare%'"),
                     1);
    report = (struct mud_report){0};
    assert_ok(
        mud_source_load(
            &s.kit.source, s.kit.pg, MUD_STR("site"), s.kit.arena, &s.kit.err),
        &s.kit.err);
    unsigned before = mud_httpd_requests(s.httpd);
    assert_fails(
        mud_collect(
            &report, &s.kit.worker, &s.kit.source, &options, &s.kit.err),
        &s.kit.err,
        MUD_EDENIED,
        "wall: browser, cloudflare");
    mud_error_clear(&s.kit.err);
    assert_int_equal(mud_httpd_requests(s.httpd), before);

    s.site.key = "clear=s3cr3t"; /* somebody passed it in a browser */
    struct mud_cookies_taken taken;
    const struct mud_cookies_given given = {
        .text = MUD_STR("clear=s3cr3t"),
        .user_agent = MUD_STR(BROWSER),
        .who = MUD_STR("li"),
    };
    assert_ok(mud_cookies_give(&taken,
                               &s.kit.source,
                               s.kit.home,
                               &given,
                               s.kit.pg,
                               s.kit.arena,
                               &s.kit.err),
              &s.kit.err);
    assert_int_equal(wall_of(&s).wall.kind, MUD_WALL_NONE);
    report = go(&s);
    assert_int_equal(count(&s, STATE "'active'"), 1);
    assert_int_equal(report.pages, THREADS);
    assert_int_equal(count(&s, READ), 2 + THREADS);
    stand_close(&s);
}

/* A captcha on one page says nothing of the others. */
static void test_wall__of_one_page_is_passed_over(void **state)
{
    struct stand s;
    struct site site = {CLOUDFLARE,
                        "Content-Type: text/html\r\n",
                        "/thread-3-",
                        403,
                        0,
                        0,
                        NULL};

    (void)state;
    stand_open(&s, &site);
    struct mud_report report = go(&s);
    assert_int_equal(skips(&report, "walled"), 0);
    assert_int_equal(skips(&report, "challenge"), 1);
    assert_int_equal(report.left, 0);
    assert_int_equal(count(&s, READ), 2 + THREADS - 1);
    assert_int_equal(count(&s, STATE "'active'"), 1);
    assert_int_equal(wall_of(&s).wall.kind, MUD_WALL_NONE);
    stand_close(&s);
}

/* Nothing but the front page, and that is walled: it need not come three
 * times. */
static void test_wall__at_the_front_stops_at_once(void **state)
{
    struct stand s;
    struct site site = {"<form><div class=h-captcha></div></form>",
                        "Content-Type: text/html\r\n",
                        "/",
                        200,
                        0,
                        0,
                        NULL};

    (void)state;
    stand_open(&s, &site);
    struct mud_report report = go(&s);
    assert_int_equal(skips(&report, "walled"), 1);
    assert_int_equal(s.site.walls, 1);
    assert_int_equal(count(&s, STATE "'stopped'"), 1);
    assert_int_equal(wall_of(&s).wall.kind, MUD_WALL_CAPTCHA);
    stand_close(&s);
}

/* An outage says nothing of pages: no good round, and asked for in the next. */
static void test_wall__an_outage_is_an_error(void **state)
{
    struct stand s;
    struct site site = {"<title>503 Service Temporarily Unavailable</title>",
                        "Content-Type: text/html\r\nRetry-After: 0\r\n",
                        "/thread-3-",
                        503,
                        0,
                        0,
                        NULL};

    (void)state;
    stand_open(&s, &site);
    struct mud_report report = go(&s);
    assert_int_equal(skips(&report, "server-error"), 1);
    assert_int_equal(report.n_skips, 1);
    s.site.wall = NULL;
    report = go(&s);
    assert_int_equal(report.n_skips, 0);
    assert_int_equal(count(&s, READ), 2 + THREADS);
    stand_close(&s);
}

/* "Too fast", in a page that is 200: that page again, later, and the rest
 * slower. */
static void test_wall__too_fast_is_waited_for(void **state)
{
    struct stand s;
    struct site site = {DISCUZ "x><div id=messagetext><p>抱歉，您刷新过快",
                        "Content-Type: text/html\r\n",
                        "/forum-",
                        200,
                        1,
                        0,
                        NULL};
    int64_t began = mud_monotonic();

    (void)state;
    stand_open(&s, &site);
    struct mud_report report = go(&s);
    assert_int_equal(skips(&report, "slowed-down"), 1);
    assert_int_equal(skips(&report, "walled"), 0);
    assert_int_equal(count(&s, READ), 2 + THREADS);
    assert_true(mud_monotonic() - began > 5 * MUD_SECOND);
    stand_close(&s);
}

/* A long Retry-After, or a site under maintenance: by itself, later. */
static void test_wall__a_closed_site_is_tried_again(void **state)
{
    struct stand s;
    struct site site = {"<title>503 Service Temporarily Unavailable</title>",
                        "Content-Type: text/html\r\nRetry-After: 7200\r\n",
                        "/",
                        503,
                        0,
                        0,
                        NULL};
    struct mud_report report;
    struct mud_crawl_options options = {0};
    int64_t now = mud_now();

    (void)state;
    stand_open(&s, &site);
    report = go(&s);
    assert_int_equal(skips(&report, "walled"), 1);
    assert_int_equal(s.site.walls, 1); /* once, not once a retry */
    assert_int_equal(count(&s, STATE "'active'"), 1);
    assert_in_range(
        wall_of(&s).until - now, 7200 * MUD_SECOND, 7230 * MUD_SECOND);
    assert_int_equal(
        count(&s,
              "SELECT count(*) FROM mud.health WHERE next_at > now() + "
              "interval '7100 s'"),
        1);
    assert_ok(
        mud_source_load(
            &s.kit.source, s.kit.pg, MUD_STR("site"), s.kit.arena, &s.kit.err),
        &s.kit.err);
    assert_true(mud_source_opens(&s.kit.source, now) > now);
    assert_fails(
        mud_collect(
            &report, &s.kit.worker, &s.kit.source, &options, &s.kit.err),
        &s.kit.err,
        MUD_EDENIED,
        "waits for its site");
    mud_error_clear(&s.kit.err);

    /* the same again: twice as long as its kind is, if not as it says */
    resume(&s);
    s.site.wall = DISCUZ "x><div id=messagetext><p>论坛正在维护";
    s.site.wall_head = "Content-Type: text/html\r\n";
    s.site.status = 200;
    (void)go(&s);
    assert_in_range(
        wall_of(&s).until - mud_now(), 3500 * MUD_SECOND, 3600 * MUD_SECOND);
    assert_int_equal(wall_of(&s).hits, 1);
    mud_test_pg_exec(s.kit.pg, "UPDATE mud.wall SET wait_until = now()");
    (void)go(&s);
    assert_int_equal(wall_of(&s).hits, 2);
    assert_in_range(
        wall_of(&s).until - mud_now(), 7100 * MUD_SECOND, 7200 * MUD_SECOND);

    mud_test_pg_exec(s.kit.pg, "UPDATE mud.wall SET wait_until = now()");
    s.site.wall = NULL;
    (void)go(&s);
    assert_int_equal(count(&s, READ), 2 + THREADS);
    assert_int_equal(wall_of(&s).wall.kind, MUD_WALL_NONE);
    stand_close(&s);
}

/* A page that opens by a cookie of its own script: sealed, passed, and no
 * challenge that anybody counts. */
static void test_wall__a_cookie_that_a_script_sets_passes(void **state)
{
    struct stand s;
    struct site site = {"<script>document.cookie='k=1; path=/';"
                        "location.reload()</script>",
                        "Content-Type: text/html\r\n",
                        "/",
                        200,
                        1,
                        0,
                        NULL};
    struct mud_unread unread = {.source = &s.kit.source};
    struct mud_report left = {0};

    (void)state;
    stand_open(&s, &site);
    struct mud_report report = go(&s);
    assert_int_equal(report.n_skips, 0);
    assert_int_equal(report.captures, 3 + THREADS);
    assert_int_equal(count(&s, READ), 2 + THREADS);
    assert_ok(mud_ingest_flush(s.kit.worker.ingest, NULL, &s.kit.err),
              &s.kit.err);
    assert_ok(mud_read_unread(&left, &s.kit.worker, &unread, &s.kit.err),
              &s.kit.err);
    assert_int_equal(left.pages, 0);
    stand_close(&s);
}

/* A page that was to be looked at again, and could not: in the next round. */
static void test_wall__before_a_second_look_is_tried_again(void **state)
{
    struct stand s;
    struct site site = {
        NULL, "Content-Type: text/html\r\n", "/thread-3-", 403, 0, 0, NULL};

    (void)state;
    stand_open(&s, &site);
    (void)go(&s);
    mud_test_pg_exec(
        s.kit.pg,
        "UPDATE mud.frontier SET due_at = CASE WHEN thread IN ('3', '4') THEN "
        "now() ELSE now() + interval '1 day' END WHERE kind = 'thread'");
    s.site.wall = CLOUDFLARE;
    struct mud_report report = go(&s);
    assert_int_equal(skips(&report, "challenge"), 1);
    assert_int_equal(
        count(
            &s,
            "SELECT count(*) FROM mud.frontier WHERE thread = '3' AND outcome "
            "= 'challenge' AND read_at IS NOT NULL"),
        1);
    s.site.wall = NULL;
    unsigned before = mud_httpd_requests(s.httpd);
    (void)go(&s);
    assert_int_equal(mud_httpd_requests(s.httpd) - before, 3);
    assert_int_equal(count(&s, READ), 2 + THREADS);
    stand_close(&s);
}

/* One page that a browser saved, in a folder of captures. */
static void save(struct stand *s, const char *folder, struct mud_buf *index,
                 const char *path, struct mud_str html)
{
    const char *file = mudtest_text("%zu.html", index->n);

    mudtest_write(mudtest_text("%s/%s", folder, file), html);
    mud_buf_printf(index,
                   "{\"url\":\"http://127.0.0.1:%u%s\",\"file\":\"%s\","
                   "\"status\":200,\"content_type\":\"text/html\","
                   "\"fetched_at\":\"2026-11-22T01:21:24Z\"}\n",
                   mud_httpd_port(s->httpd),
                   path,
                   file);
}

/* Pages from a browser stand for those that a wall keeps from us: they are
 * not asked for, and what they link to is. */
static void test_wall__pages_handed_in_go_round_it(void **state)
{
    struct stand s;
    struct site site = {
        CLOUDFLARE, "Content-Type: text/html\r\n", "/", 403, 0, 0, NULL};
    struct mud_import_options options = {0};
    struct mud_report report = {0};
    struct mud_buf index = {0}, page = {0};
    const char *folder = mudtest_dir();

    (void)state;
    stand_open(&s, &site);
    report = go(&s);
    assert_int_equal(count(&s, STATE "'stopped'"), 1);
    assert_ok(
        mud_source_load(
            &s.kit.source, s.kit.pg, MUD_STR("site"), s.kit.arena, &s.kit.err),
        &s.kit.err);
    board_page(&page);
    save(&s, folder, &index, "/", MUD_STR(INDEX));
    /* before its board, and with a parameter that links do not have */
    save(&s, folder, &index, "/thread-1-1-2.html", MUD_STR(THREAD));
    save(&s, folder, &index, "/forum-2-1.html", mud_buf_view(&page));
    save(&s,
         folder,
         &index,
         "/forum.php?mod=viewthread&tid=2&extra=page%3D1",
         MUD_STR(THREAD));
    mudtest_write(mudtest_text("%s/index.jsonl", folder), mud_buf_view(&index));
    report = (struct mud_report){0};
    assert_ok(mud_import(&report,
                         &s.kit.worker,
                         &s.kit.source,
                         folder,
                         &options,
                         &s.kit.err),
              &s.kit.err);
    assert_int_equal(report.captures, 4);
    assert_int_equal(count(&s,
                           "SELECT count(*) FROM mud.frontier WHERE kind = "
                           "'thread' AND outcome = 'read' AND thread IN "
                           "('1', '2')"),
                     2);
    assert_int_equal(count(&s,
                           "SELECT count(*) FROM mud.job WHERE queue = "
                           "'fetch:site' AND state = 'waiting'"),
                     THREADS - 2);

    s.site.wall = NULL;
    resume(&s);
    unsigned before = mud_httpd_requests(s.httpd);
    report = go(&s);
    assert_int_equal(mud_httpd_requests(s.httpd) - before, THREADS - 2);
    assert_int_equal(
        count(&s,
              "SELECT count(DISTINCT thread) FROM mud.frontier WHERE kind = "
              "'thread' AND outcome = 'read'"),
        THREADS);
    mud_buf_free(&index);
    mud_buf_free(&page);
    stand_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wall__stops_the_source),
        cmocka_unit_test(test_wall__of_one_page_is_passed_over),
        cmocka_unit_test(test_wall__an_outage_is_an_error),
        cmocka_unit_test(test_wall__at_the_front_stops_at_once),
        cmocka_unit_test(test_wall__too_fast_is_waited_for),
        cmocka_unit_test(test_wall__a_closed_site_is_tried_again),
        cmocka_unit_test(test_wall__a_cookie_that_a_script_sets_passes),
        cmocka_unit_test(test_wall__before_a_second_look_is_tried_again),
        cmocka_unit_test(test_wall__pages_handed_in_go_round_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
