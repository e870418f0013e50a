#include "tests/support/mudtest.h"

#include "base/conf.h"

static bool parse(struct mud_conf *conf, struct mud_str text,
                  struct mud_arena *arena, struct mud_error *err)
{
    *conf = (struct mud_conf){0};
    return mud_conf_parse(conf, "mudlark.conf", text, arena, err);
}

static void test_conf__reads_sections_keys_and_comments(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_error err = {0};
    struct mud_conf conf;

    (void)state;
    assert_ok(parse(&conf,
                    MUD_STR("\xEF\xBB\xBFtop = 1\r\n"
                            "# a comment\n"
                            "  ; another = one\n"
                            "\n"
                            "[ fetch ]\n"
                            "delay=5\n"
                            "  agent =  Mozilla/5.0 # not; a comment  \n"
                            "url = http://a/?b=c\n"
                            "empty =\n"
                            "[时区]\n"
                            "名 = 上海\n"
                            "delay = 7"),
                    arena,
                    &err),
              &err);
    assert_int_equal(conf.n, 7);
    assert_string_equal(conf.name, "mudlark.conf");
    assert_text(mud_conf_get(&conf, "", "top"), "1");
    assert_text(mud_conf_get(&conf, "fetch", "delay"), "5");
    assert_text(mud_conf_get(&conf, "fetch", "agent"),
                "Mozilla/5.0 # not; a comment");
    assert_text(mud_conf_get(&conf, "fetch", "url"), "http://a/?b=c");
    assert_text(mud_conf_get(&conf, "fetch", "empty"), "");
    assert_text(mud_conf_get(&conf, "时区", "名"), "上海");
    assert_text(mud_conf_get(&conf, "时区", "delay"), "7");
    assert_null(mud_conf_get(&conf, "fetch", "top").s);
    assert_null(mud_conf_get(&conf, "none", "delay").s);
    assert_int_equal(conf.entries[0].line, 1);
    assert_int_equal(conf.entries[6].line, 12);
    mud_arena_free(arena);
}

static void test_conf__later_lines_win_and_repeats_are_a_list(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    char text[] = "[a]\nk = 1\nx = 0\nk = 2\n[b]\nk = 9\n[a]\nk = 3\n";
    struct mud_error err = {0};
    struct mud_conf conf;
    struct mud_str value = {0};

    (void)state;
    assert_ok(parse(&conf, mud_str_z(text), arena, &err), &err);
    memset(text, 'z', sizeof(text) - 1); /* the text may go */
    assert_text(mud_conf_get(&conf, "a", "k"), "3");
    for (size_t i = 0; i < 3; i++) {
        assert_true(mud_conf_at(&conf, "a", "k", i, &value));
        assert_int_equal(value.s[0], '1' + (char)i);
    }
    assert_false(mud_conf_at(&conf, "a", "k", 3, &value));
    assert_false(mud_conf_at(&conf, "c", "k", 0, &value));
    mud_arena_free(arena);
}

static void test_conf__errors_name_the_line(void **state)
{
    static const struct {
        struct mud_str text;
        const char *why;
    } rows[] = {
        {{"a = 1\nb\n", 8}, "mudlark.conf:2: expected key = value"},
        {{"\n\n[a\n", 5}, "mudlark.conf:3: no ] behind the section"},
        {{"[]\n", 3}, "mudlark.conf:1: section without a name"},
        {{"[", 1}, "mudlark.conf:1: no ] behind the section"},
        {{" = 5\n", 5}, "mudlark.conf:1: no key before ="},
        {{"a = \xE5\x87\n", 7}, "mudlark.conf:1: not UTF-8 text"},
        {{"a = \0\n", 6}, "mudlark.conf:1: not UTF-8 text"},
        {{"#\xFF\n", 3}, "mudlark.conf:1: not UTF-8 text"},
    };
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_error err = {0};
        struct mud_conf conf;

        assert_fails(parse(&conf, rows[i].text, arena, &err),
                     &err,
                     MUD_EINPUT,
                     rows[i].why);
        assert_int_equal(conf.n, 0);
    }
    mud_arena_free(arena);
}

static void test_conf__has_limits(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_buf buf = {0};
    struct mud_error err = {0};
    struct mud_conf conf;

    (void)state;
    assert_ok(parse(&conf, (struct mud_str){0}, arena, &err), &err);
    mud_buf_printf(&buf, "a = %08188d\n", 1);
    assert_ok(parse(&conf, mud_buf_view(&buf), arena, &err), &err);
    mud_buf_printf(&buf, "a = %08189d\n", 1);
    assert_fails(parse(&conf, mud_buf_view(&buf), arena, &err),
                 &err,
                 MUD_EINPUT,
                 "mudlark.conf:2: line of more than 8 KiB");

    mud_buf_clear(&buf);
    for (int i = 0; i < 10000; i++)
        mud_buf_printf(&buf, "k%d = %d\n", i, i);
    assert_ok(parse(&conf, mud_buf_view(&buf), arena, &err), &err);
    assert_text(mud_conf_get(&conf, "", "k9999"), "9999");
    mud_buf_z(&buf, "one = more\n");
    assert_fails(parse(&conf, mud_buf_view(&buf), arena, &err),
                 &err,
                 MUD_EINPUT,
                 "mudlark.conf:10001: more than 10000 entries");

    mud_buf_clear(&buf);
    while (buf.n <= 1 << 20)
        mud_buf_z(&buf, "# comment\n");
    assert_fails(parse(&conf, mud_buf_view(&buf), arena, &err),
                 &err,
                 MUD_EINPUT,
                 "mudlark.conf: more than 1 MiB");
    mud_buf_free(&buf);
    mud_arena_free(arena);
}

static void test_conf__tables_give_rows_and_lines(void **state)
{
    struct mud_tsv tsv = {.rest = MUD_STR("\xEF\xBB\xBF# head\n"
                                          "a\tb\tc\r\n"
                                          "\n \t \n"
                                          "肉鸡\t\tbots\n"
                                          "one\n"
                                          "1\t2\t3\t4\t5\n"
                                          "\tlast\t")};

    static const struct {
        unsigned line;
        size_t n;
        const char *fields[3];
    } rows[] = {
        {2, 3, {"a", "b", "c"}},
        {5, 3, {"肉鸡", "", "bots"}},
        {6, 1, {"one", NULL, NULL}},
        {7, 3, {"1", "2", "3"}},
        {8, 3, {"", "last", ""}},
    };
    struct mud_str fields[3];
    size_t n;

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        assert_true(mud_tsv_next(&tsv, fields, 3, &n));
        assert_int_equal(tsv.line, rows[i].line);
        assert_int_equal(n, rows[i].n);
        for (size_t f = 0; f < n; f++)
            assert_text(fields[f], rows[i].fields[f]);
    }
    assert_false(mud_tsv_next(&tsv, fields, 3, &n));
    assert_int_equal(n, 0);
    assert_false(mud_tsv_next(&tsv, fields, 3, &n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conf__reads_sections_keys_and_comments),
        cmocka_unit_test(test_conf__later_lines_win_and_repeats_are_a_list),
        cmocka_unit_test(test_conf__errors_name_the_line),
        cmocka_unit_test(test_conf__has_limits),
        cmocka_unit_test(test_conf__tables_give_rows_and_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
