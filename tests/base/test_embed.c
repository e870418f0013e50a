#include "tests/support/mudtest.h"

#include "base/embed.h"

static const unsigned char one[] = "first\0bytes", two[] = "";

static const struct mud_embedded table[] = {
    {"one.tsv", one, one + sizeof(one) - 1},
    {"two.sql", two, two},
    {0, 0, 0},
};

static void test_embed__finds_rows_by_name(void **state)
{
    (void)state;
    assert_ptr_equal(mud_embedded_find(table, "one.tsv"), &table[0]);
    assert_bytes(mud_embedded_text(mud_embedded_find(table, "one.tsv")),
                 MUD_STR("first\0bytes"));
    assert_text(mud_embedded_text(mud_embedded_find(table, "two.sql")), "");
    assert_null(mud_embedded_find(table, "two"));
    assert_null(mud_embedded_find(table, ""));
    assert_null(mud_embedded_find(&table[2], "one.tsv"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_embed__finds_rows_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
