#include "tests/support/mudtest.h"

#include "parse/said.h"

static void test_said__names_whom_a_quotation_quotes(void **state)
{
    static const struct {
        const char *text, *name;
    } rows[] = {
        {"Anna wrote:", "Anna"},
        {"Anna Wrote: ", "Anna"},
        {"张三 写道:", "张三"},
        {"张三写道：", "张三"},
        {"阿寶 寫:", "阿寶"},
        {"料王 说：", "料王"},
        {"胖虎 提到:", "胖虎"},
        {"Kot писал(а):", "Kot"},
        {"Kot писал(а): ↑ 03 ноя 2019, 21:05", "Kot"},
        {"Otto hat geschrieben:", "Otto"},
        {"Jean a écrit :", "Jean"},
        {"Ana escribió:", "Ana"},
        {"wrote wrote:", "wrote"},
        {"Mr: X wrote:", "Mr: X"},
        {"太郎さんが書きました:", "太郎"},
        /* Nothing before the word, no word, or words of the author's own. */
        {"wrote:", ""},
        {"Quote:", ""},
        {"引用:", ""},
        {"rewrote:", ""},
        {"", ""},
        {":::::", ""},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_text(mud_said(mud_str_z(rows[i].text)), rows[i].name);
}

static void test_said__a_flood_of_colons_costs_little(void **state)
{
    static char flood[1 << 20];
    (void)state;
    memset(flood, ':', sizeof(flood));
    assert_int_equal(mud_said(mud_str_of(flood, sizeof(flood))).n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_said__names_whom_a_quotation_quotes),
        cmocka_unit_test(test_said__a_flood_of_colons_costs_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
