#include "tests/fetch/trying.h"

#include <sys/stat.h>

static bool serve(struct mud_httpd_peer *peer,
                  const struct mud_httpd_request *request, void *payload)
{
    (void)payload;
    if (mud_str_eqz(request->target, "/set"))
        return mud_httpd_reply(peer,
                               200,
                               "Set-Cookie: sid=made-up; HttpOnly; Path=/\r\n"
                               "Set-Cookie: seen=1; Max-Age=86400\r\n"
                               "Set-Cookie: evil=1; Domain=other.example\r\n",
                               MUD_STR("set"));
    return mud_httpd_reply(peer, 200, "", mud_httpd_value(request, "Cookie"));
}

static struct mud_httpd *httpd;

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

static struct mud_fetcher *fetcher_of(void)
{
    struct mud_policy policy = quick();
    struct mud_error err = {0};
    struct mud_fetcher *fetcher;
    assert_ok(mud_fetcher_new(&fetcher, &policy, &err), &err);
    return fetcher;
}

static bool keep_body(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                      void *payload)
{
    struct mud_buf *body = payload;
    (void)fetcher;
    mud_buf_clear(body);
    if (!fetched->error)
        mud_buf_str(body, fetched->exchanges[fetched->n - 1].body);
    return true;
}

static void get_body(struct mud_buf *body, struct mud_fetcher *fetcher,
                     const char *path)
{
    struct mud_error err = {0};
    const char *url =
        mudtest_text("http://127.0.0.1:%u%s", mud_httpd_port(httpd), path);
    assert_ok(mud_fetcher_add(
                  fetcher, mud_str_z(url), (struct mud_str){0}, NULL, &err),
              &err);
    assert_true(mud_fetcher_run(fetcher, keep_body, body));
}

static void test_cookies__live_in_one_jar_a_fetcher(void **state)
{
    struct mud_fetcher *one = fetcher_of(), *two = fetcher_of();
    struct mud_buf body = {0};

    (void)state;
    get_body(&body, one, "/get");
    assert_text(mud_buf_view(&body), "");
    get_body(&body, one, "/set");
    get_body(&body, one, "/get");
    assert_has(mud_buf_view(&body), "sid=made-up");
    assert_has(mud_buf_view(&body), "seen=1");
    assert_lacks(mud_buf_view(&body), "evil");
    get_body(&body, two, "/get");
    assert_text(mud_buf_view(&body), "");
    mud_fetcher_free(one);
    mud_fetcher_free(two);
    mud_buf_free(&body);
}

static void test_cookies__are_saved_for_nobody_else_to_read(void **state)
{
    struct mud_fetcher *one = fetcher_of(), *two = fetcher_of();
    const char *path = mudtest_text("%s/jar", mudtest_dir());
    struct mud_buf body = {0};
    struct mud_error err = {0};
    struct stat st;

    (void)state;
    mudtest_write(path, MUD_STR("an older one"));
    get_body(&body, one, "/set");
    assert_ok(mud_fetcher_cookies_save(one, path, &err), &err);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_ok(mud_fetcher_cookies_load(two, path, &err), &err);
    get_body(&body, two, "/get");
    assert_has(mud_buf_view(&body), "sid=made-up");
    assert_has(mud_buf_view(&body), "seen=1");
    mud_fetcher_free(one);
    mud_fetcher_free(two);
    mud_buf_free(&body);
}

static void test_cookies__refuse_a_broken_jar(void **state)
{
    struct mud_fetcher *fetcher = fetcher_of();
    const char *path = mudtest_text("%s/jar", mudtest_dir());
    struct mud_error err = {0};

    (void)state;
    assert_fails(mud_fetcher_cookies_load(fetcher, path, &err),
                 &err,
                 MUD_EMISSING,
                 "jar");
    mudtest_write(path, MUD_STR("# a comment\n\nno cookie at all\n"));
    assert_fails(mud_fetcher_cookies_load(fetcher, path, &err),
                 &err,
                 MUD_EINPUT,
                 "line 3");
    assert_fails(mud_fetcher_cookies_save(fetcher, "/nowhere/at/all", &err),
                 &err,
                 MUD_EIO,
                 "/nowhere/at/all");
    mud_fetcher_free(fetcher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cookies__live_in_one_jar_a_fetcher),
        cmocka_unit_test(test_cookies__are_saved_for_nobody_else_to_read),
        cmocka_unit_test(test_cookies__refuse_a_broken_jar),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
