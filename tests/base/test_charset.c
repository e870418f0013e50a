#include "tests/support/mudtest.h"

#include "base/charset.h"
#include "base/utf8.h"

#define FFFD "\xEF\xBF\xBD"

static struct mud_arena *arena;

static int begin(void **state)
{
    (void)state;
    arena = mud_arena_new();
    return 0;
}

static int end(void **state)
{
    (void)state;
    mud_arena_free(arena);
    return 0;
}

static struct mud_str read_as(struct mud_charset *how, struct mud_str bytes,
                              const char *declared)
{
    struct mud_error err = {0};
    struct mud_str text = {0};

    assert_ok(
        mud_charset_text(&text, how, bytes, mud_str_z(declared), arena, &err),
        &err);
    assert_int_equal(mud_utf8_valid(text), text.n);
    return text;
}

struct row {
    struct mud_str bytes;
    const char *declared, *text, *name;
    enum mud_charset_why why;
    size_t bad;
};

static void check_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct mud_charset how;

        assert_text(read_as(&how, rows[i].bytes, rows[i].declared),
                    rows[i].text);
        assert_string_equal(how.name, rows[i].name);
        assert_int_equal(how.why, rows[i].why);
        assert_int_equal(how.bad, rows[i].bad);
    }
}

static const struct row declared_rows[] = {
    {{"\xB3\xF6\xCA\xDB", 4},
     "gbk",
     "出售",
     "gb18030",
     MUD_CHARSET_DECLARED,
     0},
    {{"\xB3\xF6\xCA\xDB", 4},
     " GB2312 ",
     "出售",
     "gb18030",
     MUD_CHARSET_DECLARED,
     0},
    {{"\x81\x30\x81\x30", 4},
     "gb18030",
     "\xC2\x80",
     "gb18030",
     MUD_CHARSET_DECLARED,
     0},
    {{"\x94\x39\xFC\x36", 4}, "GBK", "😀", "gb18030", MUD_CHARSET_DECLARED, 0},
    {{"\xA5X\xB0\xE2", 4}, "Big5", "出售", "big5", MUD_CHARSET_DECLARED, 0},
    {{"\x9D\xEE", 2}, "big5-hkscs", "㗎", "big5", MUD_CHARSET_DECLARED, 0},
    {{"\xCB\xF5\xD0\xCC\xC0", 5},
     "KOI8-R",
     "кУплю",
     "koi8-r",
     MUD_CHARSET_DECLARED,
     0},
    {{"\xEF\xF0\xEE\xE4\xE0\xEC", 6},
     "cp1251",
     "продам",
     "windows-1251",
     MUD_CHARSET_DECLARED,
     0},
    {{"\x80 caf\xE9", 6},
     "iso-8859-1",
     "€ café",
     "windows-1252",
     MUD_CHARSET_DECLARED,
     0},
    {{"\x94\xCC\x94\x84", 4},
     "shift_jis",
     "販売",
     "shift_jis",
     MUD_CHARSET_DECLARED,
     0},
    {{"\xC8\xCE\xC7\xE4", 4},
     "euc-jp",
     "販売",
     "euc-jp",
     MUD_CHARSET_DECLARED,
     0},
    {{"\x1B$B$3$s\x1B(B!", 11},
     "iso-2022-jp",
     "こん!",
     "iso-2022-jp",
     MUD_CHARSET_DECLARED,
     0},
    {{"\xC6\xC7\xB8\xC5", 4},
     "euc-kr",
     "판매",
     "euc-kr",
     MUD_CHARSET_DECLARED,
     0},
    {{"\x8F\xE0\xAE\xA4", 4},
     "cp866",
     "Прод",
     "ibm866",
     MUD_CHARSET_DECLARED,
     0},
    {{"\xB3\xE4\xE9", 3}, "koi8-u", "ЁДИ", "koi8-u", MUD_CHARSET_DECLARED, 0},
    {{"\xE5\x87\xBA", 3}, "UTF8", "出", "utf-8", MUD_CHARSET_DECLARED, 0},
};

static void test_charset__declared_labels_decode(void **state)
{
    (void)state;
    check_rows(declared_rows, MUDTEST_ROWS(declared_rows));
}

static void test_charset__utf16_pairs_make_one_character(void **state)
{
    static const struct row rows[] = {
        {{"\xFF\xFE\xFA\x51\x3D\xD8\x00\xDE", 8},
         "gbk",
         "出😀",
         "utf-16le",
         MUD_CHARSET_BOM,
         0},
        {{"\xFE\xFF\x51\xFA\xD8\x3D\xDE\x00", 8},
         "",
         "出😀",
         "utf-16be",
         MUD_CHARSET_BOM,
         0},
        {{"\xFF\xFE\x3D\xD8\xFA\x51", 6},
         "",
         FFFD "出",
         "utf-16le",
         MUD_CHARSET_BOM,
         1},
        {{"\xFF\xFE\xFA\x51\x3D\xD8", 6},
         "",
         "出" FFFD,
         "utf-16le",
         MUD_CHARSET_BOM,
         1},
        {{"\xFF\xFE\xFA\x51\x3D", 5},
         "",
         "出" FFFD,
         "utf-16le",
         MUD_CHARSET_BOM,
         1},
        {{"\xFF\xFE\x00\xDE"
          "A\0",
          6},
         "",
         FFFD "A",
         "utf-16le",
         MUD_CHARSET_BOM,
         1},
        {{"\xFF\xFE\0\0"
          "A\0",
          6},
         "",
         FFFD "A",
         "utf-16le",
         MUD_CHARSET_BOM,
         1},
        {{"\xFF\xFE", 2}, "", "", "utf-16le", MUD_CHARSET_BOM, 0},
        {{"\xFA\x51\xFA\x51\x2E\x55", 6},
         "utf-16",
         "出出售",
         "utf-16le",
         MUD_CHARSET_DECLARED,
         0},
    };

    (void)state;
    check_rows(rows, MUDTEST_ROWS(rows));
}

static void test_charset__byte_order_marks_win_and_go(void **state)
{
    static const struct row rows[] = {
        {{"\xEF\xBB\xBF\xE5\x87\xBA", 6},
         "gbk",
         "出",
         "utf-8",
         MUD_CHARSET_BOM,
         0},
        {{"\xEF\xBB\xBF\xE5\x87", 5}, "", FFFD, "utf-8", MUD_CHARSET_BOM, 1},
        {{"\xEF\xBB\xBF", 3}, "", "", "utf-8", MUD_CHARSET_BOM, 0},
        {{"\x84\x31\x95\x33\xB3\xF6", 6},
         "",
         "出",
         "gb18030",
         MUD_CHARSET_BOM,
         0},
    };

    (void)state;
    check_rows(rows, MUDTEST_ROWS(rows));
}

static void test_charset__wrong_labels_yield(void **state)
{
    static const struct row rows[] = {
        {{"\xE5\x87\xBA\xE5\x94\xAE\xE8\x82\x89", 9},
         "gbk",
         "出售肉",
         "utf-8",
         MUD_CHARSET_VALID,
         0},
        {{"caf\xC3\xA9", 5},
         "iso-8859-1",
         "café",
         "utf-8",
         MUD_CHARSET_VALID,
         0},
        /* Converted, and the old label left: one byte a character has no bad
         * sequence to tell it by. */
        {{"\xD0\x94\xD0\xBE\xD0\xBC", 6},
         "windows-1251",
         "Дом",
         "utf-8",
         MUD_CHARSET_VALID,
         0},
        {{"\xC4\xEE\xEC", 3},
         "windows-1251",
         "Дом",
         "windows-1251",
         MUD_CHARSET_DECLARED,
         0},
        {{"plain", 5}, "koi8-r", "plain", "koi8-r", MUD_CHARSET_DECLARED, 0},
        {{"plain text", 10},
         "utf-16",
         "plain text",
         "utf-8",
         MUD_CHARSET_VALID,
         0},
        {{"\xC8\xE2\xBC\xA6\xB3\xF6\xCA\xDB", 8},
         "utf-8",
         "肉鸡出售",
         "gb18030",
         MUD_CHARSET_GUESSED,
         0},
        {{"\xE5\x87\xBA", 3}, "no-such", "出", "utf-8", MUD_CHARSET_VALID, 0},
        {{"\xE5\x87\xBA", 3}, "", "出", "utf-8", MUD_CHARSET_VALID, 0},
        {{"abc", 3}, "utf-8 gbk", "abc", "utf-8", MUD_CHARSET_VALID, 0},
        {{"a\0b", 3}, "", "a" FFFD "b", "utf-8", MUD_CHARSET_VALID, 1},
        {{NULL, 0}, "", "", "utf-8", MUD_CHARSET_VALID, 0},
        {{NULL, 0}, "gbk", "", "gb18030", MUD_CHARSET_DECLARED, 0},
    };

    (void)state;
    check_rows(rows, MUDTEST_ROWS(rows));
}

/* One character in 200 may be bad; one more and the label is not believed. */
static void test_charset__a_few_bad_sequences_are_forgiven(void **state)
{
    struct mud_buf buf = {0};
    struct mud_charset how;

    (void)state;
    for (int i = 0; i < 199; i++)
        mud_buf_put(&buf, "\xB3\xF6", 2);
    mud_buf_c(&buf, '\xB3');
    (void)read_as(&how, mud_buf_view(&buf), "gb2312");
    assert_int_equal(how.why, MUD_CHARSET_DECLARED);
    assert_int_equal(how.bad, 1);
    (void)read_as(&how, mud_str_sub(mud_buf_view(&buf), 2, buf.n), "gb2312");
    assert_int_equal(how.why, MUD_CHARSET_GUESSED);
    assert_string_equal(how.name, "gb18030");
    assert_int_equal(how.bad, 1);
    mud_buf_free(&buf);
}

/* A lead byte must not swallow the "<" or the quote behind it. */
static void test_charset__bad_leads_leave_the_next_byte(void **state)
{
    static const struct {
        const char *label;
        struct mud_str bytes;
        const char *text;
    } rows[] = {
        {"gbk", {"\xB3<b>", 4}, FFFD "<b>"},
        {"gbk", {"\xB3\"", 2}, FFFD "\""},
        {"gbk", {"\xB3", 1}, FFFD},
        {"gbk", {"\x81\x30\x81", 3}, FFFD},
        {"gbk", {"\x81\x30\x81<", 4}, FFFD "0" FFFD "<"},
        {"gbk",
         {"\xFF"
          "a",
          2},
         FFFD "a"},
        {"big5", {"\xA5<b>", 4}, FFFD "<b>"},
        {"big5", {"\xA5", 1}, FFFD},
        {"shift_jis", {"\x94\"", 2}, FFFD "\""},
        {"euc-kr", {"\xC6<", 2}, FFFD "<"},
    };
    struct mud_buf buf = {0};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_charset how;
        struct mud_str text;

        /* Enough good text around it for the label to be believed. */
        mud_buf_clear(&buf);
        mud_buf_printf(&buf, "%01000d", 0);
        mud_buf_str(&buf, rows[i].bytes);
        text = read_as(&how, mud_buf_view(&buf), rows[i].label);
        assert_int_equal(how.why, MUD_CHARSET_DECLARED);
        assert_text(mud_str_sub(text, 1000, text.n), rows[i].text);
        assert_in_range(how.bad, 1, 2);
    }
    mud_buf_free(&buf);
}

static void test_charset__text_outlives_the_bytes(void **state)
{
    static const char *const labels[] = {"", "utf-8", "gbk"};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(labels); i++) {
        char bytes[] = "plain";
        struct mud_charset how;
        struct mud_str text = read_as(&how, mud_str_z(bytes), labels[i]);

        memset(bytes, 'x', 5);
        assert_text(text, "plain");
    }
}

static void test_charset__long_texts_keep_pairs_at_seams(void **state)
{
    struct mud_buf gbk = {0}, want = {0};
    struct mud_charset how;

    (void)state;
    /* Four-byte characters, shifted against any power of two. */
    mud_buf_z(&gbk, "a");
    mud_buf_z(&want, "a");
    for (int i = 0; i < 30000; i++) {
        mud_buf_put(&gbk, "\x94\x39\xFC\x36\xB3\xF6", 6);
        mud_buf_z(&want, "😀出");
    }
    assert_bytes(read_as(&how, mud_buf_view(&gbk), "gb18030"),
                 mud_buf_view(&want));
    assert_int_equal(how.bad, 0);
    mud_buf_free(&gbk);
    mud_buf_free(&want);
}

static void test_charset__size_is_bounded(void **state)
{
    struct mud_str huge = {"", ((size_t)256 << 20) + 1};
    struct mud_charset how;
    struct mud_error err = {0};
    struct mud_str text;

    (void)state;
    assert_fails(
        mud_charset_text(&text, &how, huge, MUD_STR("gbk"), arena, &err),
        &err,
        MUD_ELIMIT,
        "256 MiB");
    huge.n = ((size_t)16 << 20) + 1;
    assert_fails(mud_charset_encode(&text, huge, MUD_STR("gbk"), arena, &err),
                 &err,
                 MUD_ELIMIT,
                 "16777217 bytes");
}

static void test_charset__label_of_a_content_type(void **state)
{
    static const char *const rows[][2] = {
        {"text/html; charset=GBK", "GBK"},
        {"text/html;charset=\"utf-8\"", "utf-8"},
        {"text/html; CHARSET = 'big5' ; x=y", "big5"},
        {"text/html; charset=gbk; boundary=a", "gbk"},
        {"text/html; charset=\"a b\"", "a b"},
        {"text/html; charset=\"open", "open"},
        {"text/html; xcharset=a; charset=b", "b"},
        {"text/html; charset; charset=b", "b"},
        {"text/html; charset=", ""},
        {"text/html; charset", ""},
        {"text/html", ""},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_text(mud_charset_of_type(mud_str_z(rows[i][0])), rows[i][1]);
}

static void test_charset__label_of_a_page(void **state)
{
    static const char *const rows[][2] = {
        {"<html><head><meta charset=gbk>", "gbk"},
        {"<META CHARSET='Big5' />", "Big5"},
        {"<meta http-equiv=\"Content-Type\" content=\"text/html; "
         "charset=gb2312\" />",
         "gb2312"},
        {"<meta name=\"x\" content=\"y\"><meta charset=\"utf-8\"/>", "utf-8"},
        {"<meta charset=utf-8/>", "utf-8"},
        {"<!-- <meta charset=a> --><meta charset=b>", "b"},
        {"<!-- <meta charset=a>", ""},
        {"<?xml version=\"1.0\" encoding=\"GBK\"?><html>", "GBK"},
        {"<?xml version=\"1.0\"?><meta charset=b>", "b"},
        {"<?xml encoding=\"GBK\"", ""},
        {" <?xml encoding=\"GBK\"?>", ""},
        {"<title>charset=a</title>", ""},
        {"<meta content=\"x\">charset=a", ""},
        {"<meta charset=", ""},
        {"<meta charset=\"\"><meta charset=b>", "b"},
        {"<<<<meta charset=b", "b"},
        {"", ""},
    };
    struct mud_buf buf = {0};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_text(mud_charset_of_page(mud_str_z(rows[i][0])), rows[i][1]);
    mud_buf_printf(&buf, "%04090d<meta charset=gbk>", 0);
    assert_text(mud_charset_of_page(mud_buf_view(&buf)), "");
    mud_buf_clear(&buf);
    mud_buf_printf(&buf, "%04000d<meta charset=gbk>", 0);
    assert_text(mud_charset_of_page(mud_buf_view(&buf)), "gbk");
    mud_buf_free(&buf);
}

static void test_charset__encodes_forms(void **state)
{
    static const struct {
        const char *label, *text;
        struct mud_str bytes;
    } rows[] = {
        {"gbk", "出售 a", {"\xB3\xF6\xCA\xDB a", 6}},
        {"gb2312", "é", {"\xA8\xA6", 2}},
        /* A GBK board knows no four-byte forms. */
        {"gb18030", "😀", {"&#128512;", 9}},
        /* Nor does anything get lost that nobody sees. */
        {"gbk",
         "a\xEF\xBB\xBF"
         "b",
         {"a&#65279;b", 10}},
        {"iso-2022-jp", "\xE2\x80\x8B", {"&#8203;", 7}},
        {"big5", "出售", {"\xA5X\xB0\xE2", 4}},
        {"big5", "€", {"\xA3\xE1", 2}},
        {"latin1", "é出", {"\xE9&#20986;", 9}},
        {"windows-1251", "Продам é", {"\xCF\xF0\xEE\xE4\xE0\xEC &#233;", 13}},
        {"utf-8", "出😀", {"\xE5\x87\xBA\xF0\x9F\x98\x80", 7}},
        {"utf-16", "é", {"\xC3\xA9", 2}}, /* as browsers send forms */
        {"gbk", "", {"", 0}},
    };
    struct mud_error err = {0};
    struct mud_str bytes = {0};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        assert_ok(mud_charset_encode(&bytes,
                                     mud_str_z(rows[i].text),
                                     mud_str_z(rows[i].label),
                                     arena,
                                     &err),
                  &err);
        assert_bytes(bytes, rows[i].bytes);
    }
    assert_fails(mud_charset_encode(
                     &bytes, MUD_STR("a"), MUD_STR("no-such"), arena, &err),
                 &err,
                 MUD_EINPUT,
                 "unknown charset no-such");
    assert_fails(
        mud_charset_encode(&bytes, MUD_STR("a"), MUD_STR(""), arena, &err),
        &err,
        MUD_EINPUT,
        "unknown charset");
}

/* Whatever the bytes are, the text is valid and the count is plausible. */
static void test_charset__noise_never_breaks_out(void **state)
{
    static const char *const labels[] = {"",
                                         "utf-8",
                                         "gbk",
                                         "big5",
                                         "shift_jis",
                                         "euc-jp",
                                         "euc-kr",
                                         "utf-16",
                                         "iso-2022-jp",
                                         "koi8-r"};

    (void)state;
    for (int round = 0; round < 400; round++) {
        char bytes[64];
        size_t n = mudtest_random(sizeof(bytes));
        struct mud_charset how;
        struct mud_str text;

        for (size_t i = 0; i < n; i++)
            bytes[i] = (char)mudtest_random(256);
        text = read_as(&how,
                       mud_str_of(bytes, n),
                       labels[(size_t)round % MUDTEST_ROWS(labels)]);
        assert_int_equal(mud_str_chr(text, '\0'), MUD_NPOS);
        assert_true(how.bad <= text.n / 3);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_charset__declared_labels_decode),
        TEST(test_charset__utf16_pairs_make_one_character),
        TEST(test_charset__byte_order_marks_win_and_go),
        TEST(test_charset__wrong_labels_yield),
        TEST(test_charset__a_few_bad_sequences_are_forgiven),
        TEST(test_charset__bad_leads_leave_the_next_byte),
        TEST(test_charset__text_outlives_the_bytes),
        TEST(test_charset__long_texts_keep_pairs_at_seams),
        TEST(test_charset__size_is_bounded),
        TEST(test_charset__label_of_a_content_type),
        TEST(test_charset__label_of_a_page),
        TEST(test_charset__encodes_forms),
        TEST(test_charset__noise_never_breaks_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
