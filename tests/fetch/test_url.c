#include "fetch/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_url__normalises(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"http://Forum.Example", "http://forum.example/"},
        {"HTTPS://forum.example:443/a?b#c", "https://forum.example/a?b"},
        {"http://forum.example:80/?", "http://forum.example/"},
        {"http://forum.example:8080/", "http://forum.example:8080/"},
        {"http://forum.example./x", "http://forum.example/x"},
        {" \t http://forum.example/a b \n", "http://forum.example/a%20b"},
        {"http://forum.example/a\nb\tc\rd", "http://forum.example/abcd"},
        {"http:\\\\forum.example\\a?b\\c", "http://forum.example/a?b%5Cc"},
        {"http:///forum.example/a", "http://forum.example/a"},
        {"http://forum.example/%7euser/%e4%bd%a0",
         "http://forum.example/~user/%E4%BD%A0"},
        {"http://forum.example/\xe4\xbd\xa0?q=\xe5\xa5\xbd",
         "http://forum.example/%E4%BD%A0?q=%E5%A5%BD"},
        {"http://forum.example/?q=\xc4\xe3", "http://forum.example/?q=%C4%E3"},
        {"http://forum.example/a%zz%4", "http://forum.example/a%25zz%254"},
        {"http://forum.example/%%66e", "http://forum.example/%25fe"},
        {"http://forum.example/a/./b/../c/%2e%2e/d",
         "http://forum.example/a/d"},
        {"http://forum.example/../../x", "http://forum.example/x"},
        {"http://\xe5\x9c\xb0\xe4\xb8\x8b.example/",
         "http://xn--ghqt6t.example/"},
        {"http://0x7f.1/", "http://127.0.0.1/"},
        {"http://2130706433/", "http://127.0.0.1/"},
        {"http://0x7f000001./", "http://127.0.0.1/"},
        {"http://%31%32%37.1/", "http://127.0.0.1/"},
        {"http://\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.1/", "http://127.0.0.1/"},
        {"http://forum%2eexample/", "http://forum.example/"},
        {"http://[::1]:81/x", "http://[::1]:81/x"},
        {"http://[::FFFF:127.0.0.1]/", "http://[::ffff:127.0.0.1]/"},
    };
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mud_url url, again;
        struct mud_error err = {0};
        if (!mud_url_parse(&url, mud_str_z(rows[i].in), arena, &err))
            fail_msg("%s: %s", rows[i].in, err.text);
        if (!mud_str_eqz(url.text, rows[i].out))
            fail_msg("%s: %.*s", rows[i].in, MUD_FMT(url.text));
        assert_true(mud_url_parse(&again, url.text, arena, NULL));
        assert_true(mud_str_eq(again.text, url.text));
    }
    mud_arena_free(arena);
}

static void test_url__splits(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_url url;

    (void)state;
    assert_true(mud_url_parse(
        &url, MUD_STR("https://a.example:444/p/q?x=1&y#z"), arena, NULL));
    assert_true(mud_str_eqz(url.host, "a.example"));
    assert_true(mud_str_eqz(url.path, "/p/q"));
    assert_true(mud_str_eqz(url.query, "x=1&y"));
    assert_int_equal(url.port, 444);
    assert_true(url.https);
    assert_true(mud_str_eqz(mud_url_origin(&url), "https://a.example:444"));
    assert_true(mud_url_parse(&url, MUD_STR("http://[::1]"), arena, NULL));
    assert_true(mud_str_eqz(url.host, "[::1]"));
    assert_true(mud_str_eqz(url.path, "/"));
    assert_int_equal(url.port, 80);
    assert_false(url.https);
    mud_arena_free(arena);
}

static void test_url__refuses(void **state)
{
    static const struct {
        const char *in;
        enum mud_code code;
    } rows[] = {
        {"", MUD_EINPUT},
        {"forum.example/x", MUD_EINPUT},
        {"/x", MUD_EINPUT},
        {"http:", MUD_EINPUT},
        {"http://", MUD_EINPUT},
        {"http:///", MUD_EINPUT},
        {"http://user:pass@forum.example/", MUD_EINPUT},
        {"http://user@forum.example/", MUD_EINPUT},
        {"http://forum.example:99999/", MUD_EINPUT},
        {"http://forum.example:http/", MUD_EINPUT},
        {"http://a b/", MUD_EINPUT},
        {"http://a%00b/", MUD_EINPUT},
        {"http://[::1/", MUD_EINPUT},
        {"http://[fe80::1%25eth0]/", MUD_EINPUT},
        {"http://a,b/", MUD_EINPUT},
        {"http://a../", MUD_EINPUT},
        {"http://.a/", MUD_EINPUT},
        {"http://a..b/", MUD_EINPUT},
        {"file:///etc/passwd", MUD_EDENIED},
        {"gopher://forum.example/", MUD_EDENIED},
        {"javascript:alert(1)", MUD_EDENIED},
        {"mailto:a@b.example", MUD_EDENIED},
        {"tg://resolve?domain=x", MUD_EDENIED},
        {"ftp://forum.example/", MUD_EDENIED},
    };
    struct mud_arena *arena = mud_arena_new();
    struct mud_url url;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mud_error err = {0};
        if (mud_url_parse(&url, mud_str_z(rows[i].in), arena, &err))
            fail_msg("%s gave %.*s", rows[i].in, MUD_FMT(url.text));
        if (err.code != rows[i].code)
            fail_msg("%s: %d %s", rows[i].in, (int)err.code, err.text);
    }
    assert_false(
        mud_url_parse(&url, mud_str_of("http://a\0b/", 11), arena, NULL));
    mud_arena_free(arena);
}

static void test_url__bounds_its_length(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    char *text = mud_arena_alloc(arena, MUD_URL_MAX + 1);
    struct mud_error err = {0};
    struct mud_url url;

    (void)state;
    memset(text, 'a', MUD_URL_MAX + 1);
    memcpy(text, "http://forum.example/", 21);
    assert_true(
        mud_url_parse(&url, mud_str_of(text, MUD_URL_MAX), arena, NULL));
    assert_false(
        mud_url_parse(&url, mud_str_of(text, MUD_URL_MAX + 1), arena, &err));
    assert_int_equal(err.code, MUD_ELIMIT);
    mud_error_clear(&err);
    memset(text + 21, ' ', MUD_URL_MAX - 22); /* each becomes three bytes */
    assert_false(
        mud_url_parse(&url, mud_str_of(text, MUD_URL_MAX), arena, &err));
    assert_int_equal(err.code, MUD_ELIMIT);
    mud_arena_free(arena);
}

/* Base of RFC 3986 5.4 with its tables, and what forums write. */
static void test_url__resolves_as_the_rfc_says(void **state)
{
    static const struct {
        const char *ref, *out;
    } rows[] = {
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"//g", "http://g/"},
        {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"},
        {"#s", "http://a/b/c/d;p?q"},
        {"g#s", "http://a/b/c/g"},
        {"g?y#s", "http://a/b/c/g?y"},
        {";x", "http://a/b/c/;x"},
        {"g;x", "http://a/b/c/g;x"},
        {"", "http://a/b/c/d;p?q"},
        {".", "http://a/b/c/"},
        {"./", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../..", "http://a/"},
        {"../../g", "http://a/g"},
        {"../../../g", "http://a/g"},
        {"/./g", "http://a/g"},
        {"/../g", "http://a/g"},
        {"g.", "http://a/b/c/g."},
        {".g", "http://a/b/c/.g"},
        {"g..", "http://a/b/c/g.."},
        {"./../g", "http://a/b/g"},
        {"g/./h", "http://a/b/c/g/h"},
        {"g/../h", "http://a/b/c/h"},
        {"g;x=1/../y", "http://a/b/c/y"},
        {"g?y/../x", "http://a/b/c/g?y/../x"},
        {"https://other.example/x", "https://other.example/x"},
        {"\\\\g\\x", "http://g/x"},
        {"forum.php?mod=viewthread&tid=3#pid9",
         "http://a/b/c/forum.php?mod=viewthread&tid=3"},
        {"?thread-1-2.htm", "http://a/b/c/d;p?thread-1-2.htm"},
        {"t.php?u=http://b/", "http://a/b/c/t.php?u=http://b/"},
    };
    struct mud_arena *arena = mud_arena_new();
    struct mud_url base, url;

    (void)state;
    assert_true(
        mud_url_parse(&base, MUD_STR("http://a/b/c/d;p?q"), arena, NULL));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mud_error err = {0};
        if (!mud_url_resolve(&url, &base, mud_str_z(rows[i].ref), arena, &err))
            fail_msg("%s: %s", rows[i].ref, err.text);
        if (!mud_str_eqz(url.text, rows[i].out))
            fail_msg("%s: %.*s", rows[i].ref, MUD_FMT(url.text));
    }
    assert_false(mud_url_resolve(
        &url, &base, MUD_STR("javascript:void(0)"), arena, NULL));
    assert_false(mud_url_resolve(&url, &base, MUD_STR("//"), arena, NULL));
    mud_arena_free(arena);
}

static void test_url__reads_parameters(void **state)
{
    struct mud_str query = MUD_STR("mod=a&&tid=3&x;y=%41;tid=4&=v"), value;
    struct mud_str name, rest = query;
    struct mud_arena *arena = mud_arena_new();
    size_t n = 0;

    (void)state;
    assert_true(mud_url_param(query, "tid", &value));
    assert_true(mud_str_eqz(value, "3"));
    assert_true(mud_url_param(query, "x", &value));
    assert_int_equal(value.n, 0);
    assert_true(mud_url_param(query, "y", &value));
    assert_true(mud_str_eqz(mud_url_decode(value, false, arena), "A"));
    assert_false(mud_url_param(query, "TID", &value));
    assert_false(mud_url_param(query, "ti", &value));
    while (mud_url_param_next(&rest, &name, &value))
        n++;
    assert_int_equal(n, 6);
    mud_arena_free(arena);
}

static void test_url__trims_noise_and_sorts(void **state)
{
    static const char *const noise[] = {"sid", "extra", NULL};

    static const struct {
        const char *in, *out;
        bool sort;
    } rows[] = {
        {"http://a.example/t?t=1&sid=abc&start=10",
         "http://a.example/t?t=1&start=10",
         false},
        {"http://a.example/t?sid=abc", "http://a.example/t", false},
        {"http://a.example/t", "http://a.example/t", true},
        {"http://a.example/t?z=1&extra=p%3D1&a=2&a=1",
         "http://a.example/t?a=2&a=1&z=1",
         true},
        {"http://a.example:81/t?topic=1.0;sid=2;all",
         "http://a.example:81/t?topic=1.0;all",
         false},
    };
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mud_url url;
        assert_true(mud_url_parse(&url, mud_str_z(rows[i].in), arena, NULL));
        assert_true(mud_url_trim(&url, &url, noise, rows[i].sort, arena, NULL));
        if (!mud_str_eqz(url.text, rows[i].out))
            fail_msg("%s: %.*s", rows[i].in, MUD_FMT(url.text));
    }
    mud_arena_free(arena);
}

static void test_url__decodes_percents(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    (void)state;
    assert_true(mud_str_eqz(mud_url_decode(MUD_STR("a%20b+c%4"), true, arena),
                            "a b c%4"));
    assert_true(
        mud_str_eqz(mud_url_decode(MUD_STR("a+%e5%A5%bd%"), false, arena),
                    "a+\xe5\xa5\xbd%"));
    mud_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_url__normalises),
        cmocka_unit_test(test_url__splits),
        cmocka_unit_test(test_url__refuses),
        cmocka_unit_test(test_url__bounds_its_length),
        cmocka_unit_test(test_url__resolves_as_the_rfc_says),
        cmocka_unit_test(test_url__reads_parameters),
        cmocka_unit_test(test_url__trims_noise_and_sorts),
        cmocka_unit_test(test_url__decodes_percents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
