/* Sites without an end that look like boards, and pages that are none. */
#include "run/wall.h"
#include "tests/run/board.h"
#include "tests/run/runtest.h"

#include <stdatomic.h>

enum {
    PAGES = 14, /* of the real board's listing */
    LISTED = 10
};

struct site {
    atomic_int next; /* thread that was never there before */
    bool made_up;    /* its listing is */
};

static void put_thread(struct mud_buf *page, int id)
{
    mud_buf_printf(page,
                   "<tbody id=normalthread_%d><tr><th><a class='s xst' "
                   "href=thread-%d-1-1.html>thread %d</a></th></tr></tbody>",
                   id,
                   id,
                   id);
}

static void put_listing(struct mud_buf *page, struct site *site, int n)
{
    mud_buf_z(page, DISCUZ "forumdisplay><table id=threadlisttableid>");
    for (int i = 0; i < LISTED; i++)
        put_thread(page,
                   site->made_up ? atomic_fetch_add(&site->next, 1)
                                 : n * LISTED + i);
    mud_buf_z(page, "</table>");
    if (site->made_up || n < PAGES)
        mud_buf_printf(page,
                       "<div class=pg><strong>%d</strong><a class=nxt "
                       "href=forum-2-%d.html>next</a></div>",
                       n,
                       n + 1);
}

static bool reply(struct mud_httpd_peer *peer, int status, struct mud_buf *page)
{
    bool sent = mud_httpd_reply(
        peer, status, "Content-Type: text/html\r\n", mud_buf_view(page));

    mud_buf_free(page);
    return sent;
}

/* The number behind the first "-2-" or "thread-" of a target. */
static int number_of(struct mud_str target, const char *behind)
{
    struct mud_str rest, part;
    int64_t n = 1;

    rest = mud_str_sub(target, strlen(behind), target.n);
    if (mud_str_starts(target, mud_str_z(behind)))
        for (size_t i = 0; i < rest.n; i++)
            if (rest.s[i] < '0' || rest.s[i] > '9')
                rest.n = i;
    part = rest;
    return mud_str_i64(part, &n) ? (int)n : 1;
}

static bool serve_board(struct mud_httpd_peer *peer,
                        const struct mud_httpd_request *request, void *payload)
{
    struct site *site = payload;
    struct mud_buf page = {0};
    int id;

    if (mud_str_starts(request->target, MUD_STR("/forum-2-"))) {
        put_listing(&page, site, number_of(request->target, "/forum-2-"));
    } else if (mud_str_starts(request->target, MUD_STR("/thread-"))) {
        id = number_of(request->target, "/thread-");
        mud_buf_printf(
            &page,
            DISCUZ
            "viewthread><span id=thread_subject>t</span><div id=postlist><div "
            "id=post_%d><table id=pid%d><tr><td><div class=authi><a class=xw1 "
            "href=space-uid-3.html>li</a></div><em id=authorposton%d>2026-10-6 "
            "14:29:45</em></td></tr><tr><td id=postmessage_%d>hello %d</td>"
            "</tr></table></div></div>",
            id,
            id,
            id,
            id,
            id);
    } else {
        mud_buf_z(&page, INDEX);
    }
    return reply(peer, 200, &page);
}

static int64_t skips(const struct mud_report *report, const char *reason)
{
    for (size_t i = 0; i < report->n_skips; i++)
        if (strcmp(report->skips[i].reason, reason) == 0)
            return report->skips[i].count;
    return 0;
}

static struct mud_str address(const struct mud_httpd *httpd)
{
    return mud_str_z(
        mudtest_text("http://127.0.0.1:%u/", mud_httpd_port(httpd)));
}

/* New threads for ever: found out with the default limits, and left alone. */
static void test_endless__a_listing_that_is_made_up_ends(void **state)
{
    struct site site = {.next = 1000, .made_up = true};
    struct mud_httpd *httpd = mud_httpd_start(serve_board, &site);
    struct mud_report report;
    struct kit kit;

    (void)state;
    kit_open(&kit);
    kit_source(&kit, address(httpd));
    kit_crawl(&kit, &report, 400);
    assert_true(skips(&report, "endless-listing") > 0);
    assert_int_equal(report.left, 0);
    assert_in_range(mud_httpd_requests(httpd), 11, 200);
    /* it costs its front page and the first page of the listing from then on */
    int64_t before = mud_httpd_requests(httpd);
    kit_crawl(&kit, &report, 400);
    assert_int_equal(skips(&report, "endless-listing"), 1);
    assert_in_range(mud_httpd_requests(httpd) - before, 1, 3);
    /* a thread of its first page is a known one: it is read again */
    site.made_up = false;
    mud_test_pg_exec(kit.pg,
                     "UPDATE mud.frontier SET due_at = NULL WHERE kind = "
                     "'board'");
    kit_crawl(&kit, &report, 400);
    assert_true(skips(&report, "endless-listing") >= 1);
    atomic_store(&site.next, 1000);
    site.made_up = true;
    kit_crawl(&kit, &report, 400);
    assert_int_equal(kit_count(&kit, "mud.pace WHERE endless_at IS NOT NULL"),
                     0);
    kit_close(&kit);
    mud_httpd_stop(httpd);
}

/* A long one that is not is read to its end, for a request in forty more. */
static void test_endless__a_long_listing_is_read_to_its_end(void **state)
{
    struct site site = {0};
    struct mud_httpd *httpd = mud_httpd_start(serve_board, &site);
    struct mud_report report;
    struct kit kit;

    (void)state;
    kit_open(&kit);
    kit_source(&kit, address(httpd));
    kit_crawl(&kit, &report, 0);
    assert_int_equal(skips(&report, "endless-listing"), 0);
    assert_int_equal(kit_count(&kit,
                               "mud.frontier WHERE outcome = 'read' AND "
                               "kind = 'thread'"),
                     PAGES * LISTED);
    assert_int_equal(mud_httpd_requests(httpd), 1 + PAGES + 1 + PAGES * LISTED);
    assert_int_equal(kit_count(&kit, "mud.pace WHERE endless_at IS NOT NULL"),
                     0);
    kit_close(&kit);
    mud_httpd_stop(httpd);
}

/* ---- pages that are none ---- */

struct odd {
    const char *path;
    int status;
    const char *head, *body;
};

static const struct odd odds[] = {
    {"/thread-1-", 404, "", "<html><title>Oops</title>gone</html>"},
    {"/thread-2-", 200, "", "<html><title>404 Not Found</title>x</html>"},
    {"/thread-3-", 302, "Location: /thread-3-1-1.html\r\n", ""},
    {"/thread-4-", 302, "Location: file:///etc/passwd\r\n", ""},
    {"/thread-5-", 302, "Location: ftp://127.0.0.1/\r\n", ""},
};

static bool serve_odd(struct mud_httpd_peer *peer,
                      const struct mud_httpd_request *request, void *payload)
{
    (void)payload;
    for (size_t i = 0; i < MUDTEST_ROWS(odds); i++) {
        const struct odd *odd = &odds[i];

        if (mud_str_starts(request->target, mud_str_z(odd->path)))
            return mud_httpd_reply(peer,
                                   odd->status,
                                   mudtest_text("Content-Type: text/html\r\n%s",
                                                odd->head),
                                   mud_str_z(odd->body));
    }
    return board_serve(peer, request);
}

static void test_endless__says_what_odd_pages_are(void **state)
{
    struct mud_httpd *httpd = mud_httpd_start(serve_odd, NULL);
    struct mud_report report;
    struct kit kit;

    (void)state;
    kit_open(&kit);
    kit_source(&kit, address(httpd));
    kit_crawl(&kit, &report, 0);
    assert_int_equal(skips(&report, "not-there"), 2);
    assert_int_equal(skips(&report, "redirect-loop"), 1);
    assert_int_equal(skips(&report, "redirect-refused"), 2);
    assert_int_equal(skips(&report, "network"), 0);
    assert_int_equal(skips(&report, "unknown-page"), 0);
    kit_close(&kit);
    mud_httpd_stop(httpd);
}

/* Errors on every page: after six in a row the whole source waits, longer each
 * time. */
static void test_endless__an_outage_is_waited_for(void **state)
{
    const struct mud_exchange answer = {
        .url = MUD_STR("http://a.example/thread-1-1-1.html"), .status = 503};
    const struct mud_parsed nothing = {0};
    struct mud_report report = {0};
    struct mud_wall_state wall;
    struct kit kit;
    int64_t before = 0;

    (void)state;
    kit_open(&kit);
    kit_source(&kit, MUD_STR("http://a.example/"));
    for (int round = 0; round < 2; round++) {
        struct mud_walls walls = {0};
        enum mud_walls_turn turn = MUD_WALLS_NONE;
        int n = 0;

        while (turn == MUD_WALLS_NONE && n < 20) {
            turn = mud_walls_meet(
                &walls, &nothing, &answer, mud_id_of("c", MUD_STR("1")));
            n++;
        }
        assert_int_equal(n, 6);
        assert_int_equal(turn, MUD_WALLS_END);
        assert_ok(
            mud_walls_end(&walls, true, kit.pg, &kit.source, &report, &kit.err),
            &kit.err);
        assert_ok(mud_wall_get(&wall, kit.pg, &kit.source, kit.arena, &kit.err),
                  &kit.err);
        assert_int_equal(wall.wall.kind, MUD_WALL_OUTAGE);
        assert_text(wall.wall.by, "http-503");
        int64_t wait = wall.until - mud_now();
        assert_true(wait > 500 * MUD_SECOND && wait <= 1200 * MUD_SECOND);
        assert_true(wait > before + 400 * MUD_SECOND);
        before = wait;
    }
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_endless__a_listing_that_is_made_up_ends),
        cmocka_unit_test(test_endless__a_long_listing_is_read_to_its_end),
        cmocka_unit_test(test_endless__says_what_odd_pages_are),
        cmocka_unit_test(test_endless__an_outage_is_waited_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
