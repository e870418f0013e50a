#include "fetch/fetcher.h"
#include "tests/support/mudtest.h"

static bool wall_how(struct mud_reload *how, int status, const char *head,
                     struct mud_str body)
{
    struct mud_transfer transfer = {.status = status};
    struct mud_arena *arena = mud_arena_new();
    struct mud_url url;
    bool is;

    assert_true(mud_url_parse(
        &url, MUD_STR("http://a.example/thread?tid=5"), arena, NULL));

    mud_buf_z(&transfer.response, head);
    mud_buf_str(&transfer.body, body);
    is = mud_reload_wall(how, &transfer, &url, arena);
    how->name = mud_str_z(mudtest_text("%.*s", MUD_FMT(how->name)));
    how->value = mud_str_z(mudtest_text("%.*s", MUD_FMT(how->value)));
    mud_arena_free(arena);
    mud_buf_free(&transfer.response);
    mud_buf_free(&transfer.body);
    return is;
}

static bool wall(int status, const char *head, struct mud_str body)
{
    struct mud_reload how;
    return wall_how(&how, status, head, body);
}

#define RELOADS                                            \
    "<script>function r() { document.location.reload(); }" \
    "setTimeout('r()', 1001);</script>"

static void test_reload__knows_a_wall(void **state)
{
    static const struct {
        const char *head, *body;
        int status;
        bool wall;
    } rows[] = {
        {"HTTP/1.1 200 OK\r\n\r\n", RELOADS, 200, true},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
         "10\r\nsetTimeout('','')\r\n",
         200,
         false},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
         "15\r\nsetTimeout(location.r\r\n6\r\neload(\r\n0\r\n\r\n",
         200,
         true},
        {"HTTP/1.1 200 OK\r\n\r\n", "<p>a post on setTimeout()", 200, false},
        {"HTTP/1.1 200 OK\r\nContent-Encoding: x\r\n\r\n", RELOADS, 200, false},
        {"HTTP/1.1 404 No\r\n\r\n", RELOADS, 404, false},
        {"HTTP/1.1 503 No\r\n\r\n", RELOADS, 503, false},
        {"HTTP/1.1 503 No\r\nSet-Cookie: sid=1\r\n"
         "Set-Cookie: Q_lastrequest=1\r\n\r\n",
         "",
         503,
         true},
        {"HTTP/1.1 503 No\r\nSet-Cookie: _lastrequest\r\n\r\n", "", 503, false},
        {"HTTP/1.1 503 No\r\nSet-Cookie: s=_lastrequest\r\n\r\n",
         "",
         503,
         false},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        if (wall(rows[i].status, rows[i].head, mud_str_z(rows[i].body)) !=
            rows[i].wall)
            fail_msg("row %zu: %s", i, rows[i].body);
}

/* Cookies that a script sets in plain words, and refreshes. */
static void test_reload__sees_what_a_script_sets(void **state)
{
    static const struct {
        const char *head, *body, *name, *value;
        int status;
        bool wall;
        int64_t wait; /* s */
    } rows[] = {
        {"",
         "<script>document.cookie=\"visit=a1b2; path=/\";location.reload();"
         "</script>",
         "visit",
         "a1b2",
         200,
         true,
         1},
        {"",
         "<script>document.cookie = 'k=1';\nwindow.location.href="
         "window.location.href</script>",
         "k",
         "1",
         521,
         true,
         1},
        /* put together by a script: not ours to run */
        {"",
         "<script>document.cookie='a='+f(3);location.reload()</script>",
         "",
         "",
         200,
         false,
         1},
        {"",
         "<script>document.cookie=x;location.reload()</script>",
         "",
         "",
         200,
         false,
         1},
        {"",
         "<script>document.cookie='a=\x01b';location.reload()</script>",
         "",
         "",
         200,
         false,
         1},
        {"",
         "<script>document.cookie='a=b';location.href='/other'</script>",
         "a",
         "b",
         200,
         false,
         1},
        {"Set-Cookie: t=1\r\n",
         "<meta http-equiv=\"refresh\" content=\"5\">",
         "",
         "",
         200,
         true,
         5},
        {"Set-Cookie: t=1\r\n",
         "<META HTTP-EQUIV=Refresh CONTENT='2;URL=/thread?tid=5'>",
         "",
         "",
         503,
         true,
         2},
        {"Set-Cookie: t=1\r\n",
         "<meta http-equiv=refresh content='2;url=/elsewhere'>",
         "",
         "",
         200,
         false,
         0},
        {"Set-Cookie: t=1\r\n",
         "<meta http-equiv=refresh content='600'>",
         "",
         "",
         200,
         false,
         0},
        {"", "<meta http-equiv=refresh content='2'>", "", "", 200, false, 0},
        {"Set-Cookie: t=1\r\n",
         "<meta http-equiv=refresh content=",
         "",
         "",
         200,
         false,
         0},
        {"Set-Cookie: t=1\r\n",
         "<meta http-equiv=content-type content='text/html'>",
         "",
         "",
         200,
         false,
         0},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        const char *head = mudtest_text(
            "HTTP/1.1 %d x\r\n%s\r\n", rows[i].status, rows[i].head);
        struct mud_reload how;
        bool is = wall_how(&how, rows[i].status, head, mud_str_z(rows[i].body));
        if (is != rows[i].wall)
            fail_msg("row %zu: %s", i, rows[i].body);
        assert_text(how.name, rows[i].name);
        assert_text(how.value, rows[i].value);
        if (is)
            assert_int_equal(how.wait / MUD_SECOND, rows[i].wait);
    }
}

/* A large page is content, whatever scripts it has. */
static void test_reload__takes_no_page_for_a_wall(void **state)
{
    struct mud_buf page = {0};

    (void)state;
    mud_buf_z(&page, RELOADS);
    while (page.n < 5000)
        mud_buf_z(&page, "<p>a made up post</p>");
    assert_false(wall(200, "HTTP/1.1 200 OK\r\n\r\n", mud_buf_view(&page)));
    mud_buf_free(&page);
}

/* What a stock Discuz! X3.5 said, where the shared samples are. */
static void test_reload__knows_discuz(void **state)
{
    static const struct {
        const char *name;
        int status;
        bool wall;
    } rows[] = {
        {"v1-1", 503, true},
        {"v1-2", 200, true},
        {"v4-1", 200, true},
        {"v4-2", 200, false},
        {"v8-1", 200, true},
        {"v8-2", 200, false},
    };

    const char *shared = mudtest_shared();

    (void)state;
    if (!shared || !mudtest_exists(mudtest_text(
                       "%s/data/forums/discuz-anticrawl/v1-1.html", shared)))
        skip();
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        const char *file = mudtest_text(
            "%s/data/forums/discuz-anticrawl/%s", shared, rows[i].name);
        struct mud_str head = mudtest_read(mudtest_text("%s.headers", file));
        struct mud_str body = mudtest_read(mudtest_text("%s.html", file));
        if (wall(rows[i].status, head.s, body) != rows[i].wall)
            fail_msg("%s", rows[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reload__knows_a_wall),
        cmocka_unit_test(test_reload__sees_what_a_script_sets),
        cmocka_unit_test(test_reload__takes_no_page_for_a_wall),
        cmocka_unit_test(test_reload__knows_discuz),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
