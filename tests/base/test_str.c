#include "tests/support/mudtest.h"

#include <stdlib.h>

#define NONE ((struct mud_str){0})

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static void test_str__compares_bytes(void **state)
{
    static const struct {
        const char *a, *b;
        int order;
    } rows[] = {
        {"", "", 0},
        {"a", "a", 0},
        {"a", "b", -1},
        {"b", "a", 1},
        {"a", "aa", -1},
        {"aa", "a", 1},
        {"", "a", -1},
        {"\xFF", "a", 1},
        {"A", "a", -1},
        {"中", "文", -1},
        {"a", "\xC3\xA9", -1},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_str a = mud_str_z(rows[i].a), b = mud_str_z(rows[i].b);

        assert_int_equal(sign(mud_str_cmp(a, b)), rows[i].order);
        assert_int_equal(mud_str_eq(a, b), rows[i].order == 0);
        assert_int_equal(mud_str_eqz(a, rows[i].b), rows[i].order == 0);
    }
    assert_true(mud_str_eq(NONE, MUD_STR("")));
    assert_true(mud_str_eqz(NONE, NULL));
    assert_int_equal(mud_str_cmp(NONE, NONE), 0);
    assert_false(mud_str_eq(MUD_STR("a\0b"), MUD_STR("a\0c")));
}

static void test_str__folds_ascii_only(void **state)
{
    (void)state;
    assert_true(mud_str_ieq(MUD_STR("Content-TYPE"), MUD_STR("content-type")));
    assert_false(mud_str_ieq(MUD_STR("É"), MUD_STR("é")));
    assert_false(mud_str_ieq(MUD_STR("[@"), MUD_STR("{`")));
    assert_false(mud_str_ieq(MUD_STR("a"), MUD_STR("ab")));
    assert_true(mud_str_ieq(NONE, NONE));
}

static void test_str__begins_and_ends(void **state)
{
    struct mud_str s = MUD_STR("https://Example");

    (void)state;
    assert_true(mud_str_starts(s, MUD_STR("https:")));
    assert_true(mud_str_starts(s, NONE));
    assert_false(mud_str_starts(s, MUD_STR("HTTPS:")));
    assert_true(mud_str_istarts(s, MUD_STR("HTTPS:")));
    assert_false(mud_str_istarts(MUD_STR("ht"), MUD_STR("https")));
    assert_false(mud_str_starts(NONE, MUD_STR("a")));
    assert_true(mud_str_ends(s, MUD_STR("ample")));
    assert_true(mud_str_ends(s, NONE));
    assert_false(mud_str_ends(MUD_STR("le"), MUD_STR("ample")));
}

static void test_str__finds_the_first(void **state)
{
    static const struct {
        const char *s, *what;
        size_t at, folded;
    } rows[] = {
        {"abcabc", "bc", 1, 1},
        {"abc", "", 0, 0},
        {"", "", 0, 0},
        {"", "a", MUD_NPOS, MUD_NPOS},
        {"ab", "abc", MUD_NPOS, MUD_NPOS},
        {"aaab", "aab", 1, 1},
        {"xCharSet", "charset", MUD_NPOS, 1},
        {"abC", "C", 2, 2},
        {"出售肉鸡", "肉鸡", 6, 6},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_str s = mud_str_z(rows[i].s);
        struct mud_str what = mud_str_z(rows[i].what);

        assert_int_equal(mud_str_find(s, what), rows[i].at);
        assert_int_equal(mud_str_ifind(s, what), rows[i].folded);
    }
    assert_int_equal(mud_str_find(NONE, MUD_STR("a")), MUD_NPOS);
    assert_int_equal(mud_str_chr(MUD_STR("a.b.c"), '.'), 1);
    assert_int_equal(mud_str_rchr(MUD_STR("a.b.c"), '.'), 3);
    assert_int_equal(mud_str_chr(MUD_STR("abc"), '.'), MUD_NPOS);
    assert_int_equal(mud_str_rchr(NONE, '.'), MUD_NPOS);
    assert_int_equal(mud_str_chr(MUD_STR("a\0b"), '\0'), 1);
}

static void test_str__sub_is_clamped(void **state)
{
    struct mud_str s = MUD_STR("abcdef");

    (void)state;
    assert_text(mud_str_sub(s, 1, 3), "bc");
    assert_text(mud_str_sub(s, 4, 99), "ef");
    assert_text(mud_str_sub(s, 99, 100), "");
    assert_text(mud_str_sub(s, 4, 2), "");
    assert_text(mud_str_sub(s, 2, MUD_NPOS), "cdef");
    assert_int_equal(mud_str_sub(NONE, 0, 5).n, 0);
}

static void test_str__trims_ascii_white_space(void **state)
{
    (void)state;
    assert_text(mud_str_trim(MUD_STR(" \t\r\n\v\fa b \n")), "a b");
    assert_text(mud_str_trim(MUD_STR("  \n")), "");
    assert_text(mud_str_trim(NONE), "");
    assert_text(mud_str_trim(MUD_STR("\xE3\x80\x80 a")), "\xE3\x80\x80 a");
}

static void join_parts(struct mud_buf *out, struct mud_str rest)
{
    struct mud_str part;

    mud_buf_clear(out);
    while (mud_str_cut(&rest, ',', &part))
        mud_buf_printf(out, "<%.*s>", MUD_FMT(part));
}

static void join_lines(struct mud_buf *out, struct mud_str rest)
{
    struct mud_str line;

    mud_buf_clear(out);
    while (mud_str_line(&rest, &line))
        mud_buf_printf(out, "<%.*s>", MUD_FMT(line));
}

static void test_str__cut_gives_each_part_once(void **state)
{
    static const char *const rows[][2] = {
        {"", "<>"},
        {",", "<><>"},
        {"a", "<a>"},
        {"a,b", "<a><b>"},
        {",a,,b,", "<><a><><b><>"},
    };
    struct mud_buf out = {0};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        join_parts(&out, mud_str_z(rows[i][0]));
        assert_string_equal(mud_buf_cstr(&out), rows[i][1]);
    }
    join_parts(&out, NONE);
    assert_string_equal(mud_buf_cstr(&out), "");
    mud_buf_free(&out);
}

static void test_str__lines_end_with_lf_or_crlf(void **state)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"\n", "<>"},
        {"a\nb", "<a><b>"},
        {"a\r\nb\r\n", "<a><b>"},
        {"\n\na\n", "<><><a>"},
        {"a\rb\nc\r", "<a\rb><c\r>"},
        {"\r\n", "<>"},
    };
    struct mud_buf out = {0};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        join_lines(&out, mud_str_z(rows[i][0]));
        assert_string_equal(mud_buf_cstr(&out), rows[i][1]);
    }
    mud_buf_free(&out);
}

static void test_str__numbers_are_whole_and_fit(void **state)
{
    static const struct {
        const char *s;
        bool u_ok, i_ok;
        uint64_t u;
        int64_t i;
    } rows[] = {
        {"0", true, true, 0, 0},
        {"007", true, true, 7, 7},
        {"18446744073709551615", true, false, UINT64_MAX, 0},
        {"18446744073709551616", false, false, 0, 0},
        {"99999999999999999999", false, false, 0, 0},
        {"9223372036854775807", true, true, INT64_MAX, INT64_MAX},
        {"9223372036854775808", true, false, UINT64_C(1) << 63, 0},
        {"-9223372036854775808", false, true, 0, INT64_MIN},
        {"-9223372036854775809", false, false, 0, 0},
        {"-1", false, true, 0, -1},
        {"-0", false, true, 0, 0},
        {"", false, false, 0, 0},
        {"-", false, false, 0, 0},
        {"--1", false, false, 0, 0},
        {"+1", false, false, 0, 0},
        {" 1", false, false, 0, 0},
        {"1 ", false, false, 0, 0},
        {"1e3", false, false, 0, 0},
        {"0x10", false, false, 0, 0},
        {"１", false, false, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_str s = mud_str_z(rows[i].s);
        uint64_t u = 0;
        int64_t n = 0;

        assert_int_equal(mud_str_u64(s, &u), rows[i].u_ok);
        assert_int_equal(u, rows[i].u);
        assert_int_equal(mud_str_i64(s, &n), rows[i].i_ok);
        assert_int_equal(n, rows[i].i);
    }
    assert_false(mud_str_u64(MUD_STR("1\0"), &(uint64_t){0}));
}

static void test_str__copies_live_in_the_arena(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    char bytes[] = "AbC";
    struct mud_str copy = mud_str_dup(mud_str_z(bytes), arena);
    struct mud_str small = mud_str_lower(mud_str_z(bytes), arena);
    char *c = mud_str_cstr(mud_str_sub(mud_str_z(bytes), 0, 2), arena);

    (void)state;
    memset(bytes, 'x', 3);
    assert_text(copy, "AbC");
    assert_text(small, "abc");
    assert_string_equal(c, "Ab");
    assert_string_equal(mud_str_cstr(NONE, arena), "");
    mud_arena_free(arena);
}

static void test_str__printf_takes_any_length(void **state)
{
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    assert_text(mud_str_printf(arena, "%d-%s", 5, "x"), "5-x");
    for (int n = 250; n < 262; n++) {
        struct mud_str s = mud_str_printf(arena, "%0*d", n, 7);

        assert_int_equal(s.n, n);
        assert_int_equal(s.s[n - 1], '7');
        assert_int_equal(s.s[n], '\0');
    }
    mud_arena_free(arena);
}

static void test_str__grow_keeps_items(void **state)
{
    int *items = NULL;
    size_t cap = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        items = mud_grow(items, &cap, (size_t)i, sizeof(*items));
        items[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    assert_in_range(cap, 1000, 2000);
    free(items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_str__compares_bytes),
        cmocka_unit_test(test_str__folds_ascii_only),
        cmocka_unit_test(test_str__begins_and_ends),
        cmocka_unit_test(test_str__finds_the_first),
        cmocka_unit_test(test_str__sub_is_clamped),
        cmocka_unit_test(test_str__trims_ascii_white_space),
        cmocka_unit_test(test_str__cut_gives_each_part_once),
        cmocka_unit_test(test_str__lines_end_with_lf_or_crlf),
        cmocka_unit_test(test_str__numbers_are_whole_and_fit),
        cmocka_unit_test(test_str__copies_live_in_the_arena),
        cmocka_unit_test(test_str__printf_takes_any_length),
        cmocka_unit_test(test_str__grow_keeps_items),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
