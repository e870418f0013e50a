#include "nlp/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const words[] =
    {"学费", "包教会", "курс", "例:", "exp ", NULL};
static const char *const none[] = {NULL};

static void test_words__finds_each_anywhere(void **state)
{
    static const struct {
        const char *text;
        bool found;
    } rows[] = {{"学费500", true},
                {"抓鸡，学费", true},
                {"包教会", true},
                {"包教包会", false},
                {"包教", false},
                {"новый курс дня", true},
                {"кур", false},
                {"例:", true},
                {"例如", false},
                {"card exp 01/30", true},
                {"card exp", false},
                {"学", false},
                {"", false},
                {"学生交费", false}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(mud_words_in(mud_str_z(rows[i].text), words),
                         rows[i].found);
}

static void test_words__takes_an_empty_list_and_a_cut_word(void **state)
{
    (void)state;
    assert_false(mud_words_in(MUD_STR("学费"), none));
    assert_false(mud_words_in(mud_str_of("学费", 5), words));
    assert_false(mud_words_in(mud_str_of(NULL, 0), words));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words__finds_each_anywhere),
        cmocka_unit_test(test_words__takes_an_empty_list_and_a_cut_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
