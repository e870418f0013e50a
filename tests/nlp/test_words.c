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

/* A closed list: a text with one of its words always may, one with no
 * character of them does not, and a word of one byte is never ruled out. */
static void test_words__a_list_may_where_one_of_its_words_may(void **state)
{
    static const char *const list[] = {"pm me", "私聊", "在", "в лс", "vx"};
    static const char *const byte[] = {"私聊", "v"};

    static const struct {
        const char *text;
        bool may;
    } rows[] = {{"有意私聊", true},
                {"just pm me now", true},
                {"пиши в лс", true},
                {"我在", true},
                {"加vx", true},
                {"", false},
                {"ok", false},
                {"天气不错", false}};
    static struct mud_words words = MUD_WORDS(list), any = MUD_WORDS(byte);

    (void)state;
    for (size_t round = 0; round < 2; round++) { /* made once, then read */
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            struct mud_grams grams = grams_of(mud_str_z(rows[i].text));

            assert_int_equal(mud_words_may(&words, &grams), rows[i].may);
            assert_true(mud_words_may(&any, &grams));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words__every_part_may_be_there),
        cmocka_unit_test(test_words__what_is_not_there),
        cmocka_unit_test(test_words__a_list_may_where_one_of_its_words_may),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
