#include "base/base64.h"

#include "tests/support/mudtest.h"

/* The vectors of RFC 4648, section 10, and digits 62 and 63. */
static void test_base64__both_ways(void **state)
{
    static const struct {
        const char *plain, *text;
    } rows[] = {{"", ""},
                {"f", "Zg=="},
                {"fo", "Zm8="},
                {"foo", "Zm9v"},
                {"foob", "Zm9vYg=="},
                {"fooba", "Zm9vYmE="},
                {"foobar", "Zm9vYmFy"},
                {"\xfb\xff\xfe", "+//+"}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mud_buf text = {0}, plain = {0};

        mud_base64_put(&text, mud_str_z(rows[i].plain));
        assert_text(mud_buf_view(&text), rows[i].text);
        assert_true(mud_base64_read(&plain, mud_str_z(rows[i].text)));
        assert_text(mud_buf_view(&plain), rows[i].plain);
        mud_buf_free(&text);
        mud_buf_free(&plain);
    }
}

static void test_base64__refuses_what_is_none(void **state)
{
    static const char *const rows[] = {
        "Z", "Zg=", "Zg", "Z===", "====", "Zm9v\n", "Zm9-", "Zg==Zg==", "Z m9"};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mud_buf plain = {0};

        assert_false(mud_base64_read(&plain, mud_str_z(rows[i])));
        mud_buf_free(&plain);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base64__both_ways),
        cmocka_unit_test(test_base64__refuses_what_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
