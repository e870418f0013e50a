#include "run/report.h"

#include "base/lang.h"
#include "tests/support/mudtest.h"

#include <stdio.h>

static void test_report__counts_by_reason_with_the_first_example(void **state)
{
    struct mud_report a = {.pages = 3, .posts = 7}, b = {.pages = 1};

    (void)state;
    mud_report_skip(&a, "network", MUD_STR("http://a.example/1"));
    mud_report_skip(&a, "network", MUD_STR("http://a.example/2"));
    mud_report_skip(&b, "network", MUD_STR("http://b.example/1"));
    mud_report_skip(&b, "network", MUD_STR("http://b.example/2"));
    mud_report_skip(&b, "challenge", MUD_STR("http://b.example/3"));
    mud_report_add(&a, &b);
    assert_int_equal(a.pages, 4);
    assert_int_equal(a.posts, 7);
    assert_int_equal(a.n_skips, 2);
    assert_int_equal(a.skips[0].count, 4);
    assert_string_equal(a.skips[0].example, "http://a.example/1");
    assert_int_equal(a.skips[1].count, 1);
}

static void test_report__is_bounded(void **state)
{
    struct mud_report report = {0};
    char reason[32];
    struct mud_buf long_text = {0};

    (void)state;
    for (int i = 0; i < 1000; i++)
        mud_buf_z(&long_text, "肉");
    for (int i = 0; i < 200; i++) {
        snprintf(reason, sizeof reason, "reason-%d", i);
        mud_report_skip(&report, reason, mud_buf_view(&long_text));
    }
    assert_int_equal(report.n_skips, MUD_SKIPS_MAX);
    assert_string_equal(report.skips[MUD_SKIPS_MAX - 1].reason, "other");
    assert_int_equal(report.skips[MUD_SKIPS_MAX - 1].count,
                     200 - (MUD_SKIPS_MAX - 1));
    /* The example is cut between characters. */
    assert_int_equal(strlen(report.skips[0].example) % 3, 0);
    mud_buf_free(&long_text);
}

static void test_report__json_and_both_languages(void **state)
{
    struct mud_report report = {.pages = 2, .captures = 2, .bytes = 10};
    struct mud_buf out = {0};
    struct mud_error err = {0};

    (void)state;
    mud_report_skip(&report, "login-wall", MUD_STR("http://a.example/\"x\""));
    mud_report_json(&out, &report, MUD_STR("board"));
    json_t *json = mud_json_read(mud_buf_view(&out), &err);
    assert_non_null(json);
    assert_int_equal(mud_json_get_int(json, "pages", -1), 2);
    const json_t *skip = json_array_get(json_object_get(json, "skipped"), 0);
    assert_true(mud_str_eqz(mud_json_get_str(skip, "example"),
                            "http://a.example/\"x\""));
    json_decref(json);
    mud_lang_set(true);
    mud_buf_clear(&out);
    mud_report_text(&out, &report, MUD_STR("board"));
    assert_non_null(strstr(mud_buf_cstr(&out), "需要登录"));
    mud_lang_set(false);
    mud_buf_clear(&out);
    mud_report_text(&out, &report, MUD_STR("board"));
    assert_non_null(strstr(mud_buf_cstr(&out), "needs an account"));
    mud_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_report__counts_by_reason_with_the_first_example),
        cmocka_unit_test(test_report__is_bounded),
        cmocka_unit_test(test_report__json_and_both_languages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
