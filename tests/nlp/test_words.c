#include "nlp/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char text[] = "出肉鸡, курс и exp 01/30, 一手货";

static struct mud_grams grams_of(struct mud_str s)
{
    struct mud_grams grams = {0};

    mud_grams_add(&grams, s);
    return grams;
}

/* Never a "no" for what is there: every stretch of whole characters. */
static void test_words__every_part_may_be_there(void **state)
{
    struct mud_grams grams = grams_of(mud_str_z(text));
    char part[sizeof text];

    (void)state;
    for (size_t i = 0; i < sizeof text - 1; i++) {
        if ((text[i] & 0xC0) == 0x80) /* inside a character */
            continue;
        for (size_t n = 0; i + n < sizeof text; n++) {
            if ((text[i + n] & 0xC0) == 0x80)
                continue;
            memcpy(part, text + i, n);
            part[n] = '\0';
            assert_true(mud_grams_may(&grams, part));
        }
    }
}

/* Most of what is not there is told apart, but for single letters. */
static void test_words__what_is_not_there(void **state)
{
    static const char *const words[] = {"学费",
                                        "包教会",
                                        "例:",
                                        "exp 02",
                                        "scam",
                                        "骗子",
                                        "кидал",
                                        "hotline",
                                        "肉鸭"};
    struct mud_grams grams = grams_of(mud_str_z(text));
    struct mud_grams none = grams_of(MUD_STR("ab"));
    unsigned told = 0;

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        told += !mud_grams_may(&grams, words[i]);
        assert_false(mud_grams_may(&none, words[i]));
    }
    assert_true(told >= 7);
    assert_false(mud_grams_may(&none, "xy"));
    assert_true(mud_grams_may(&none, "ab"));
    assert_true(mud_grams_may(&none, "x"));
    assert_true(mud_grams_may(&none, ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words__every_part_may_be_there),
        cmocka_unit_test(test_words__what_is_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
