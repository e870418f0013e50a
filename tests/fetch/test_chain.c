#include "tests/fetch/trying.h"

#include <stdatomic.h>
#include <stdio.h>

static struct mud_httpd *httpd, *other;
static struct mud_arena *arena;
static atomic_uint flaky; /* requests to /flaky so far */
static int64_t times[16]; /* of requests to /flaky; one connection at a time */

static bool to(struct mud_httpd_peer *peer, int status, const char *where)
{
    char header[200];
    (void)snprintf(header, sizeof header, "Location: %s\r\n", where);
    return mud_httpd_reply(peer, status, header, MUD_STR("moved"));
}

static bool serve_flaky(struct mud_httpd_peer *peer,
                        const struct mud_httpd_request *request)
{
    unsigned n = atomic_fetch_add(&flaky, 1);

    if (n < MUDTEST_ROWS(times))
        times[n] = request->at;
    switch (n) {
    case 0:
        return mud_httpd_reply(peer, 503, "", MUD_STR("busy"));
    case 1:
        return mud_httpd_reply(
            peer, 429, "Retry-After: 1\r\n", MUD_STR("slow down"));
    case 2:
        (void)mud_httpd_sendz(peer,
                              "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"
                              "half");
        return false;
    case 3:
        return false;
    default:
        return mud_httpd_reply(peer, 200, "", MUD_STR("at last"));
    }
}

/*
 * A wall as of Discuz! with attackevasive: opens once the cookie comes back.
 * "/wall" reloads, "/wall503" claims to be out of order for an hour, and
 * "/wallforever" does not open at all.
 */
static bool serve_wall(struct mud_httpd_peer *peer,
                       const struct mud_httpd_request *request)
{
    struct mud_str cookie = mud_httpd_value(request, "Cookie");
    bool forever = mud_str_eqz(request->target, "/wallforever");

    if (!forever &&
        mud_str_find(cookie, MUD_STR("aB1_lastrequest=")) != MUD_NPOS)
        return mud_httpd_reply(peer, 200, "", MUD_STR("<p>a thread"));
    if (mud_str_eqz(request->target, "/wall503"))
        return mud_httpd_reply(peer,
                               503,
                               "Retry-After: 3600\r\n"
                               "Set-Cookie: aB1_lastrequest=x; path=/\r\n",
                               MUD_STR("<title>System Error"));
    return mud_httpd_reply(peer,
                           200,
                           "Set-Cookie: aB1_lastrequest=x; path=/\r\n",
                           MUD_STR("<script>function again() { document."
                                   "location.reload(); } setTimeout("
                                   "'again()', 1001);</script>"));
}

static bool serve(struct mud_httpd_peer *peer,
                  const struct mud_httpd_request *request, void *payload)
{
    static const struct {
        const char *path;
        int status;
        const char *where;
    } rows[] = {
        {"/a", 301, "b"},
        {"/b", 302, "/c?x=1#fragment"},
        {"/c?x=1", 307, "?x=2"},
        {"/loop1", 302, "/loop2"},
        {"/loop2", 302, "/loop1"},
        {"/self", 302, "/self"},
        {"/tofile", 302, "file:///etc/passwd"},
        {"/togopher", 301, "gopher://127.0.0.1:70/_x"},
        {"/toscript", 302, "javascript:alert(1)"},
        {"/touser", 302, "http://a:b@127.0.0.1/"},
        {"/tooutside", 302, "http://outside.example/"},
        {"/tometadata", 302, "http://169.254.169.254/latest/"},
        {"/tologout", 302, "/member.php?action=logout"},
        {"/notarget", 302, ""},
        {"/odd", 300, "/a"},
    };
    struct mud_str path = request->target, value;
    char where[100];
    uint64_t n;

    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        if (mud_str_eqz(path, rows[i].path))
            return to(peer, rows[i].status, rows[i].where);
    if (mud_str_eqz(path, "/toother")) {
        (void)snprintf(where,
                       sizeof where,
                       "http://127.0.0.1:%u/echo",
                       *(unsigned *)payload);
        return to(peer, 302, where);
    }
    if (mud_str_eqz(path, "/echo"))
        return mud_httpd_reply(peer, 200, "", request->head);
    if (mud_str_starts(path, MUD_STR("/wall")))
        return serve_wall(peer, request);
    if (mud_str_eqz(path, "/flaky"))
        return serve_flaky(peer, request);
    if (mud_str_eqz(path, "/down"))
        return mud_httpd_reply(peer, 503, "", MUD_STR("always"));
    if (mud_str_eqz(path, "/cookiewall")) {
        value = mud_httpd_value(request, "Cookie");
        if (mud_str_find(value, MUD_STR("pass=1")) != MUD_NPOS)
            return mud_httpd_reply(peer, 200, "", MUD_STR("inside"));
        return mud_httpd_reply(peer,
                               302,
                               "Set-Cookie: pass=1\r\nLocation: "
                               "/cookiewall\r\n",
                               MUD_STR(""));
    }
    if (mud_str_starts(path, MUD_STR("/deep/"))) {
        if (!mud_str_u64(mud_str_sub(path, 6, path.n), &n))
            return false;
        (void)snprintf(where, sizeof where, "/deep/%u", (unsigned)n + 1);
        return to(peer, 302, where);
    }
    return mud_httpd_reply(peer, 200, "", MUD_STR("the end"));
}

static unsigned other_port;

static int set_up(void **state)
{
    (void)state;
    arena = mud_arena_new();
    other = mud_httpd_start(serve, &other_port);
    other_port = mud_httpd_port(other);
    httpd = mud_httpd_start(serve, &other_port);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mud_httpd_stop(httpd);
    mud_httpd_stop(other);
    mud_arena_free(arena);
    return 0;
}

static void test_chain__keeps_each_hop(void **state)
{
    static const struct {
        const char *url, *location;
        int status;
    } hops[] = {
        {"/a", "/b", 301},
        {"/b", "/c?x=1", 302},
        {"/c?x=1", "/c?x=2", 307},
        {"/c?x=2", NULL, 200},
    };
    struct mud_policy policy = quick();
    struct got got = get(&policy, httpd, "/a", arena);
    unsigned port = mud_httpd_port(httpd);

    (void)state;
    assert_ok(got.ok, &got.err);
    assert_int_equal(got.n, MUDTEST_ROWS(hops));
    for (size_t i = 0; i < got.n; i++) {
        const char *base = mudtest_text("http://127.0.0.1:%u", port);
        assert_text(got.x[i].url, mudtest_text("%s%s", base, hops[i].url));
        assert_int_equal(got.x[i].status, hops[i].status);
        assert_text(got.x[i].location,
                    hops[i].location
                        ? mudtest_text("%s%s", base, hops[i].location)
                        : "");
        assert_text(got.x[i].body, i + 1 < got.n ? "moved" : "the end");
        assert_bytes(got.x[i].referrer,
                     i ? got.x[i - 1].url : (struct mud_str){0});
    }
}

static void test_chain__refuses_where_a_redirect_leads(void **state)
{
    static const struct {
        const char *path;
        enum mud_code code;
        const char *part;
        size_t n;
    } rows[] = {
        {"/loop1", MUD_ENET, "redirect loop", 2},
        {"/self", MUD_ENET, "redirect loop", 1},
        {"/deep/0", MUD_ELIMIT, "more than 10 redirects", 11},
        {"/tofile", MUD_EDENIED, "scheme \"file\"", 1},
        {"/togopher", MUD_EDENIED, "scheme \"gopher\"", 1},
        {"/toscript", MUD_EDENIED, "scheme \"javascript\"", 1},
        {"/touser", MUD_EINPUT, "redirect from", 1},
        {"/tooutside", MUD_EDENIED, "outside the scope", 1},
        {"/tometadata", MUD_EDENIED, "outside the scope", 1},
        {"/tologout", MUD_EDENIED, "ends the session", 1},
    };
    struct mud_policy policy = quick();

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct got got = get(&policy, httpd, rows[i].path, arena);
        assert_fails(got.ok, &got.err, rows[i].code, rows[i].part);
        assert_int_equal(got.n, rows[i].n); /* what came before is kept */
        assert_text(got.x[got.n - 1].body, "moved");
    }
}

static void test_chain__takes_a_redirect_without_target_as_answer(void **state)
{
    struct mud_policy policy = quick();
    struct got got = get(&policy, httpd, "/notarget", arena);

    (void)state;
    assert_ok(got.ok, &got.err);
    assert_int_equal(got.x->status, 302);
    got = get(&policy, httpd, "/odd", arena);
    assert_ok(got.ok, &got.err);
    assert_int_equal(got.x->status, 300);
    assert_int_equal(got.n, 1);
}

static void test_chain__comes_back_once_for_a_cookie(void **state)
{
    struct mud_policy policy = quick();
    struct got got = get(&policy, httpd, "/cookiewall", arena);

    (void)state;
    assert_ok(got.ok, &got.err);
    assert_int_equal(got.n, 2);
    assert_text(got.x[1].body, "inside");
    assert_has(got.x[1].request_head, "Cookie: [withheld]\r\n");
}

static void test_chain__tells_a_stranger_only_the_origin(void **state)
{
    struct mud_policy policy = quick();
    struct got got = get(&policy, httpd, "/toother", arena);

    (void)state;
    assert_ok(got.ok, &got.err);
    assert_int_equal(got.n, 2);
    assert_has(got.x[1].body,
               mudtest_text("Referer: http://127.0.0.1:%u/\r\n",
                            mud_httpd_port(httpd)));
    assert_text(got.x[1].referrer,
                mudtest_text("http://127.0.0.1:%u/toother",
                             mud_httpd_port(httpd)));
}

static void test_chain__retries_what_passes(void **state)
{
    struct mud_policy policy = quick();
    struct got got;

    (void)state;
    policy.retries = 5;
    policy.backoff_ms = 20;
    policy.backoff_max_ms = 1000;
    got = get(&policy, httpd, "/flaky", arena);
    assert_ok(got.ok, &got.err);
    assert_int_equal(got.n, 1); /* only the answer is kept */
    assert_text(got.x->body, "at last");
    assert_int_equal(atomic_load(&flaky), 5);
    assert_true(times[1] - times[0] >= 20000);
    assert_true(times[2] - times[1] >= 1000000); /* Retry-After */
    assert_true(times[3] - times[2] >= 80000);   /* doubled twice */
    assert_true(times[4] - times[3] >= 160000);
}

static void test_chain__gives_the_last_answer_when_retries_end(void **state)
{
    struct mud_policy policy = quick();
    unsigned before = mud_httpd_requests(httpd);
    struct got got;

    (void)state;
    policy.retries = 2;
    got = get(&policy, httpd, "/down", arena);
    assert_ok(got.ok, &got.err);
    assert_int_equal(got.x->status, 503);
    assert_text(got.x->body, "always");
    assert_int_equal(mud_httpd_requests(httpd) - before, 3);
}

static void test_chain__passes_a_wall_that_a_cookie_opens(void **state)
{
    static const struct {
        const char *path;
        size_t n;
        int first, last; /* status */
        const char *body;
    } rows[] = {
        {"/wall", 2, 200, 200, "<p>a thread"},
        {"/wall503", 2, 503, 200, "<p>a thread"},
        {"/wallforever", 4, 200, 200, "<script>"},
    };
    struct mud_policy policy = quick();

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        int64_t begun = mud_monotonic(), took;
        struct got got = get(&policy, httpd, rows[i].path, arena);
        const struct mud_exchange *last = &got.x[got.n - 1];
        assert_ok(got.ok, &got.err);
        took = mud_monotonic() - begun;
        assert_int_equal(got.n, rows[i].n); /* what the wall said is kept */
        assert_int_equal(got.x[0].status, rows[i].first);
        assert_int_equal(last->status, rows[i].last);
        assert_true(mud_str_starts(last->body, mud_str_z(rows[i].body)));
        assert_true(took >= (int64_t)(rows[i].n - 1) * MUD_SECOND);
        assert_true(took < 20 * MUD_SECOND);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chain__keeps_each_hop),
        cmocka_unit_test(test_chain__refuses_where_a_redirect_leads),
        cmocka_unit_test(test_chain__takes_a_redirect_without_target_as_answer),
        cmocka_unit_test(test_chain__comes_back_once_for_a_cookie),
        cmocka_unit_test(test_chain__passes_a_wall_that_a_cookie_opens),
        cmocka_unit_test(test_chain__tells_a_stranger_only_the_origin),
        cmocka_unit_test(test_chain__retries_what_passes),
        cmocka_unit_test(test_chain__gives_the_last_answer_when_retries_end),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
