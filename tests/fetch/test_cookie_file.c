#include "fetch/cookie_file.h"

#include "tests/fetch/trying.h"

#include <sys/stat.h>

static struct mud_cookie *read_all(size_t *n, const char *text,
                                   struct mud_arena *arena)
{
    struct mud_error err = {0};
    struct mud_cookie *all;

    assert_ok(
        mud_cookie_file_read(
            &all, n, mud_str_z(text), MUD_STR("forum.example"), arena, &err),
        &err);
    return all;
}

/* One cookie in all the forms in which browsers' tools write it. */
static void test_cookie_file__reads_all_forms(void **state)
{
    static const struct {
        const char *text;
        bool below, secure, http_only;
        int64_t expires;
    } rows[] = {
        {"# Netscape HTTP Cookie File\n\n#HttpOnly_.forum.example\tTRUE\t/"
         "\tTRUE\t1893456000\tcf_clearance\tabc=1\r\n",
         true,
         true,
         true,
         1893456000},
        {"forum.example\tFALSE\t/\tFALSE\t0\tcf_clearance\tabc=1\n",
         false,
         false,
         false,
         0},
        {"\xef\xbb\xbf[{\"domain\":\".forum.example\",\"hostOnly\":false,"
         "\"name\":\"cf_clearance\",\"value\":\"abc=1\",\"path\":\"/\","
         "\"secure\":true,\"httpOnly\":true,\"expirationDate\":1893456000.5,"
         "\"session\":false,\"storeId\":\"0\"}]",
         true,
         true,
         true,
         1893456000},
        {"{\"cookies\":[{\"name\":\"cf_clearance\",\"value\":\"abc=1\","
         "\"domain\":\"forum.example\",\"path\":\"/\",\"expires\":-1,"
         "\"httpOnly\":true,\"secure\":true,\"sameSite\":\"Lax\"}],"
         "\"origins\":[]}",
         false,
         true,
         true,
         0},
        {"[{\"name\":\"cf_clearance\",\"value\":\"abc=1\",\"domain\":"
         "\"FORUM.example\",\"expires\":\"2030-01-01T00:00:00.000Z\"}]",
         false,
         false,
         false,
         1893456000},
        {"[{\"host\":\"https://forum.example/\",\"name\":\"cf_clearance\","
         "\"value\":\"abc=1\"}]",
         false,
         false,
         false,
         0},
        {"Cookie: cf_clearance=abc=1\r\n", false, false, false, 0},
        {" cf_clearance=abc=1; ", false, false, false, 0},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_arena *arena = mud_arena_new();
        size_t n;
        struct mud_cookie *c = read_all(&n, rows[i].text, arena);
        assert_int_equal(n, 1);
        assert_text(c->domain, "forum.example");
        assert_text(c->name, "cf_clearance");
        assert_text(c->value, "abc=1");
        assert_text(c->path, "/");
        assert_int_equal(c->below, rows[i].below);
        assert_int_equal(c->secure, rows[i].secure);
        assert_int_equal(c->http_only, rows[i].http_only);
        assert_int_equal(c->expires, rows[i].expires);
        mud_arena_free(arena);
    }
}

static void test_cookie_file__names_what_is_none(void **state)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"forum.example\tFALSE\t/\tFALSE\t0\ta\tsecret\nforum.example\tsecret\n",
         "line 2"},
        {"forum.example\tFALSE\t/\tFALSE\tsoon\ta\tsecret\n", "line 1"},
        {"\tFALSE\t/\tFALSE\t0\ta\tsecret\n", "line 1"},
        {"a;b\tFALSE\t/\tFALSE\t0\ta\tsecret\n", "line 1"},
        {"[{\"name\":\"a\",\"value\":\"secret\"}]", "entry 1"},
        {"[{\"domain\":\"a.example\",\"name\":\"a\",\"value\":\"se\\ncret\"}]",
         "entry 1"},
        {"[{\"domain\":\"a.example\",\"name\":\"a=b\",\"value\":\"secret\"}]",
         "entry 1"},
        {"[1]", "entry 1"},
        {"{\"log\":{}}", "cookies"},
        {"[{", "JSON"},
        {"secret words", "neither"},
        {"a=secret\nb=secret", "pair 1"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_arena *arena = mud_arena_new();
        struct mud_error err = {0};
        struct mud_cookie *all;
        size_t n;
        if (mud_cookie_file_read(&all,
                                 &n,
                                 mud_str_z(rows[i].text),
                                 MUD_STR("forum.example"),
                                 arena,
                                 &err))
            fail_msg("row %zu was taken", i);
        assert_int_equal(err.code, MUD_EINPUT);
        if (i != 9)
            assert_non_null(strstr(err.text, rows[i].says));
        assert_null(strstr(err.text, "secret"));
        mud_arena_free(arena);
    }
}

static void test_cookie_file__has_a_limit(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_buf many = {0};
    struct mud_error err = {0};
    struct mud_cookie *all;
    size_t n;

    (void)state;
    for (int i = 0; i <= MUD_COOKIES_MAX; i++)
        mud_buf_printf(&many, "a.example\tFALSE\t/\tFALSE\t0\tc%d\t1\n", i);
    assert_fails(
        mud_cookie_file_read(
            &all, &n, mud_buf_view(&many), MUD_STR("a.example"), arena, &err),
        &err,
        MUD_ELIMIT,
        "3000");
    mud_buf_free(&many);
    mud_arena_free(arena);
}

static void test_cookie__is_for_hosts_in_scope(void **state)
{
    static const struct {
        const char *domain;
        bool below;
        const char *host;
        bool is;
    } rows[] = {
        {"forum.example", false, "forum.example", true},
        {"forum.example", false, "forum.example:8080", true},
        {"forum.example", false, "bbs.forum.example", false},
        {"forum.example", true, "bbs.forum.example", true},
        {"forum.example", true, "notforum.example", false},
        {"bbs.forum.example", false, "*.forum.example", true},
        {"forum.example", false, "*.forum.example", false},
        {"forum.example", true, "*.forum.example", true},
        {"bank.example", true, "forum.example", false},
        {"bank.example", true, "*", true},
        {"example", true, "forum.example", true}, /* libcurl refuses these */
        {"FORUM.example", false, "forum.EXAMPLE", true},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_cookie c = {.domain = mud_str_z(rows[i].domain),
                               .below = rows[i].below};
        struct mud_str host = mud_str_z(rows[i].host);
        if (mud_cookie_for(&c, &host, 1) != rows[i].is)
            fail_msg("row %zu: %s for %s", i, rows[i].domain, rows[i].host);
    }
}

static bool serve(struct mud_httpd_peer *peer,
                  const struct mud_httpd_request *request, void *payload)
{
    (void)payload;
    return mud_httpd_reply(peer, 200, "", mud_httpd_value(request, "Cookie"));
}

static bool keep_body(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                      void *payload)
{
    (void)fetcher;
    if (!fetched->error)
        mud_buf_str(payload, fetched->exchanges[fetched->n - 1].body);
    return true;
}

/* What was handed in goes into the jar beside what is there, and is sent. */
static void test_cookies__go_into_the_jar(void **state)
{
    struct mud_httpd *httpd = mud_httpd_start(serve, NULL);
    const char *path = mudtest_text("%s/jar", mudtest_dir());
    struct mud_cookie first[] = {
        {.domain = MUD_STR("127.0.0.1"),
         .path = MUD_STR("/"),
         .name = MUD_STR("old"),
         .value = MUD_STR("1")},
        {.domain = MUD_STR("127.0.0.1"),
         .path = MUD_STR("/"),
         .name = MUD_STR("clear"),
         .value = MUD_STR("1")},
    };
    struct mud_cookie second = {.domain = MUD_STR("127.0.0.1"),
                                .path = MUD_STR("/"),
                                .name = MUD_STR("clear"),
                                .value = MUD_STR("2"),
                                .http_only = true,
                                .expires = 4102444800};
    struct mud_policy policy = quick();
    struct mud_fetcher *fetcher;
    struct mud_error err = {0};
    struct mud_buf body = {0};
    struct stat st;

    (void)state;
    assert_ok(mud_cookies_put(path, first, 2, &err), &err);
    assert_ok(mud_cookies_put(path, &second, 1, &err), &err);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_ok(mud_fetcher_new(&fetcher, &policy, &err), &err);
    assert_ok(mud_fetcher_cookies_load(fetcher, path, &err), &err);
    struct mud_str url =
        mud_str_z(mudtest_text("http://127.0.0.1:%u/", mud_httpd_port(httpd)));
    assert_ok(mud_fetcher_add(fetcher, url, MUD_STR(""), NULL, &err), &err);
    assert_true(mud_fetcher_run(fetcher, keep_body, &body));
    assert_has(mud_buf_view(&body), "old=1");
    assert_has(mud_buf_view(&body), "clear=2");
    assert_lacks(mud_buf_view(&body), "clear=1");
    mud_fetcher_free(fetcher);
    mud_buf_free(&body);
    mud_httpd_stop(httpd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cookie_file__reads_all_forms),
        cmocka_unit_test(test_cookie_file__names_what_is_none),
        cmocka_unit_test(test_cookie_file__has_a_limit),
        cmocka_unit_test(test_cookie__is_for_hosts_in_scope),
        cmocka_unit_test(test_cookies__go_into_the_jar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
