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

/* A list is told by two characters of a word, not by one; what a part holds is
 * looked up in it alone. */
static void test_words__a_list_is_found_in_a_part(void **state)
{
    static const char *const list[] = {"有货", "got ", "есть", "不", "k"};

    static const struct {
        const char *text;
        size_t from;
        bool in;
    } rows[] = {{"现在有货", 0, true},
                {"现在有货", 9, false},
                {"i got two", 0, true},
                {"i got two", 3, false},
                {"у меня есть", 0, true},
                {"不行", 0, true},
                {"不行", 3, false},
                {"有人出货", 0, false}};
    static struct mud_words words = {
        .first = list, .n = 4, .stride = sizeof list[0]};
    static struct mud_words all = MUD_WORDS(list);
    struct mud_grams first = grams_of(MUD_STR("早"));

    (void)state;
    (void)mud_words_may(&words, &first);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mud_str s = mud_str_z(rows[i].text);
        struct mud_grams grams = grams_of(s);
        struct mud_str part = mud_str_sub(s, rows[i].from, s.n);

        assert_int_equal(mud_words_in(&words, &grams, part), rows[i].in);
        assert_int_equal(mud_words_in(&words, &first, part), false);
        assert_int_equal(mud_words_in(&all, &grams, part), rows[i].in);
    }
    first = grams_of(MUD_STR("有人出货"));
    assert_false(mud_words_may(&words, &first));
    assert_true(mud_words_may(&all, &first));
}

/* More lists than there are bits for are still looked up word by word. */
static void test_words__lists_beyond_the_last_bit(void **state)
{
    static const char *const list[] = {"私聊我", "dm me"};
    static struct mud_words many[MUD_WORDS_MOST + 9];

    (void)state;
    for (size_t i = 0; i < sizeof many / sizeof many[0]; i++) {
        struct mud_grams yes = grams_of(MUD_STR("有意私聊我"));
        struct mud_grams no = grams_of(MUD_STR("下回再聊"));

        many[i] = (struct mud_words)MUD_WORDS(list);
        for (size_t k = 0; k <= i; k += i / 4 + 1) {
            assert_true(mud_words_may(&many[k], &yes));
            assert_false(mud_words_may(&many[k], &no));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words__every_part_may_be_there),
        cmocka_unit_test(test_words__what_is_not_there),
        cmocka_unit_test(test_words__a_list_may_where_one_of_its_words_may),
        cmocka_unit_test(test_words__a_list_is_found_in_a_part),
        cmocka_unit_test(test_words__lists_beyond_the_last_bit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
