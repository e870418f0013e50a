#include "tests/support/mudtest.h"

#include <stdlib.h>

#include "base/lang.h"

static void set(const char *name, const char *value)
{
    if (value)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

static void test_lang__follows_the_first_variable_that_is_set(void **state)
{
    static const struct {
        const char *all, *messages, *lang;
        bool chinese;
    } rows[] = {
        {NULL, NULL, NULL, false},
        {NULL, NULL, "zh_CN.UTF-8", true},
        {NULL, NULL, "zh", true},
        {NULL, NULL, "zh_TW.UTF-8", true},
        {NULL, NULL, "en_US.UTF-8", false},
        {NULL, NULL, "de_DE.UTF-8", false},
        {NULL, "C", "zh_CN.UTF-8", false},
        {NULL, "zh_CN.UTF-8", "en_US.UTF-8", true},
        {"C.UTF-8", "zh_CN.UTF-8", "zh_CN.UTF-8", false},
        {"zh_CN.UTF-8", "C", "C", true},
        {"", "", "zh_CN.UTF-8", true},
        {"", "", "", false},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        set("LC_ALL", rows[i].all);
        set("LC_MESSAGES", rows[i].messages);
        set("LANG", rows[i].lang);
        mud_lang_set(!rows[i].chinese);
        mud_lang_init();
        assert_int_equal(mud_lang_chinese(), rows[i].chinese);
        assert_string_equal(mud_t("%d posts", "%d 条帖子"),
                            rows[i].chinese ? "%d 条帖子" : "%d posts");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lang__follows_the_first_variable_that_is_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
