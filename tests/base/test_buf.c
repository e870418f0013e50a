#include "tests/support/mudtest.h"

static void test_buf__gathers_pieces(void **state)
{
    struct mud_buf buf = {0};

    (void)state;
    assert_string_equal(mud_buf_cstr(&buf), "");
    mud_buf_z(&buf, "ab");
    mud_buf_c(&buf, 'c');
    mud_buf_str(&buf, MUD_STR("d\0e"));
    mud_buf_put(&buf, NULL, 0);
    mud_buf_str(&buf, (struct mud_str){0});
    mud_buf_printf(&buf, "%03d", 7);
    assert_bytes(mud_buf_view(&buf), MUD_STR("abcd\0e007"));
    assert_false(buf.over);
    mud_buf_clear(&buf);
    assert_int_equal(buf.n, 0);
    mud_buf_free(&buf);
    assert_null(buf.s);
}

static void test_buf__grows_to_any_length(void **state)
{
    struct mud_buf buf = {0};

    (void)state;
    for (int i = 0; i < 100000; i++)
        mud_buf_c(&buf, (char)('a' + i % 26));
    for (int i = 0; i < 3000; i++)
        mud_buf_printf(&buf, "%d,", i);
    mud_buf_printf(&buf, "%0*d", 100000, 5);
    assert_false(buf.over);
    assert_int_equal(buf.n, 100000 + 13890 + 100000);
    for (size_t i = 0; i < 100000; i++)
        assert_int_equal(buf.s[i], 'a' + (char)(i % 26));
    assert_int_equal(buf.s[buf.n - 1], '5');
    mud_buf_free(&buf);
}

/* What fits is kept, the rest is dropped, and nothing comes after a gap. */
static void test_buf__stops_at_its_maximum(void **state)
{
    struct mud_buf buf = {.max = 5};

    (void)state;
    mud_buf_z(&buf, "abc");
    mud_buf_z(&buf, "de");
    assert_false(buf.over);
    mud_buf_c(&buf, 'f');
    assert_true(buf.over);
    assert_string_equal(mud_buf_cstr(&buf), "abcde");

    mud_buf_clear(&buf);
    assert_false(buf.over);
    mud_buf_z(&buf, "abc");
    mud_buf_z(&buf, "defg");
    assert_true(buf.over);
    mud_buf_c(&buf, 'x');
    assert_string_equal(mud_buf_cstr(&buf), "abcde");

    mud_buf_clear(&buf);
    mud_buf_printf(&buf, "%s", "abcde");
    assert_false(buf.over);
    mud_buf_printf(&buf, "%s", "");
    assert_false(buf.over);
    mud_buf_clear(&buf);
    mud_buf_printf(&buf, "%s", "abcdef");
    assert_true(buf.over);
    mud_buf_printf(&buf, "%s", "x");
    assert_string_equal(mud_buf_cstr(&buf), "abcde");
    mud_buf_free(&buf);
    assert_int_equal(buf.max, 5);
}

static void test_buf__room_is_all_or_nothing(void **state)
{
    struct mud_buf buf = {.max = 10};
    char *room = mud_buf_room(&buf, 10);

    (void)state;
    assert_non_null(room);
    memcpy(room, "0123", 4);
    buf.n += 4;
    assert_null(mud_buf_room(&buf, 7));
    assert_true(buf.over);
    assert_null(mud_buf_room(&buf, 1));
    mud_buf_z(&buf, "x");
    assert_string_equal(mud_buf_cstr(&buf), "0123");
    mud_buf_clear(&buf);
    assert_null(mud_buf_room(&buf, SIZE_MAX));
    mud_buf_free(&buf);
}

static void test_buf__default_maximum_holds(void **state)
{
    struct mud_buf buf = {0};

    (void)state;
    assert_null(mud_buf_room(&buf, MUD_BUF_MAX + 1));
    assert_true(buf.over);
    mud_buf_free(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buf__gathers_pieces),
        cmocka_unit_test(test_buf__grows_to_any_length),
        cmocka_unit_test(test_buf__stops_at_its_maximum),
        cmocka_unit_test(test_buf__room_is_all_or_nothing),
        cmocka_unit_test(test_buf__default_maximum_holds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
