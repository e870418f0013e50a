#include "tests/support/mudtest.h"

#include "graph/bytes.h"

static void test_bytes__reads_what_postgres_writes(void **state)
{
    struct mud_bytes bytes = {0};
    struct mud_str out = {0};

    (void)state;
    assert_true(mud_bytes_of(&bytes, &out, MUD_STR("\\x00ff41")));
    assert_bytes(out,
                 ((struct mud_str){"\x00\xff"
                                   "A",
                                   3}));
    assert_true(mud_bytes_of(&bytes, &out, MUD_STR("\\x")));
    assert_int_equal(out.n, 0);
    assert_false(mud_bytes_of(&bytes, &out, MUD_STR("\\x0")));
    assert_false(mud_bytes_of(&bytes, &out, MUD_STR("\\xzz")));
    assert_false(mud_bytes_of(&bytes, &out, MUD_STR("")));
    mud_bytes_free(&bytes);
}

static void test_bytes__numbers_come_back(void **state)
{
    static const int64_t numbers[] = {
        0, 1, -1, INT64_MAX, INT64_MIN, INT64_C(1795132800000000)};
    char s[8];

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(numbers); i++) {
        mud_bytes_put_i64(s, numbers[i]);
        assert_true(mud_bytes_i64(s) == numbers[i]);
    }
    mud_bytes_put_i64(s, 258);
    assert_memory_equal(s, "\0\0\0\0\0\0\1\2", 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes__reads_what_postgres_writes),
        cmocka_unit_test(test_bytes__numbers_come_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
