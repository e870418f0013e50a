#include "nlp/number.h"

#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"

#include "tests/support/mudtest.h"

static void test_number__reads_what_people_type(void **state)
{
    static const struct {
        const char *text;
        double min, max;
        const char *rest;
    } rows[] = {
        {"5000台", 5000, 5000, "台"},
        {"1,200元", 1200, 1200, "元"},
        {"12,50", 12, 12, ",50"},
        {"4 000 ₽", 4000, 4000, " ₽"},
        {"12 000р", 12000, 12000, "р"},
        {"1.5元", 1.5, 1.5, "元"},
        {"203.0.113.5", 203, 203, ".0.113.5"},
        {"1.2w台", 12000, 12000, "台"},
        {"6k台", 6000, 6000, "台"},
        {"10к —", 10000, 10000, " —"},
        {"1k5,", 1500, 1500, ","},
        {"5kg", 5, 5, "kg"},
        {"2m lines", 2000000, 2000000, " lines"},
        {"30万金", 300000, 300000, "金"},
        {"1.8万", 18000, 18000, ""},
        {"2万8,", 28000, 28000, ","},
        {"3百万", 3000000, 3000000, ""},
        {"420余万条", 4200000, 4200000, "条"},
        {"三千八", 3800, 3800, ""},
        {"一千二,", 1200, 1200, ","},
        {"三千零八", 3008, 3008, ""},
        {"两千五百", 2500, 2500, ""},
        {"两万六", 26000, 26000, ""},
        {"五百台", 500, 500, "台"},
        {"十二", 12, 12, ""},
        {"二十", 20, 20, ""},
        {"一百零五", 105, 105, ""},
        {"两百一十六", 216, 216, ""},
        {"一亿两千万", 120000000, 120000000, ""},
        {"贰仟陆佰", 2600, 2600, ""},
        {"廿五", 25, 25, ""},
        {"三点五", 3.5, 3.5, ""},
        {"两三万", 20000, 30000, ""},
        {"两三百人", 200, 300, "人"},
        {"三四个", 3, 4, "个"},
        {"四十五一个", 45, 45, "一个"},
        {"两万来台", 20000, 20000, "台"},
        {"三千多", 3000, 3000, ""},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_str text = mud_str_z(rows[i].text);
        struct mud_number n;

        assert_true(mud_number_at(&n, text, 0));
        if (fabs(n.min - rows[i].min) > 1e-6 ||
            fabs(n.max - rows[i].max) > 1e-6)
            print_error("%s: %.10g to %.10g\n", rows[i].text, n.min, n.max);
        assert_true(fabs(n.min - rows[i].min) < 1e-6);
        assert_true(fabs(n.max - rows[i].max) < 1e-6);
        assert_text(mud_str_sub(text, n.end, text.n), rows[i].rest);
    }
}

static void test_number__tells_how_it_was_written(void **state)
{
    static const struct {
        const char *text;
        unsigned flags;
    } rows[] = {
        {"90余万", MUD_NUM_MORE | MUD_NUM_SCALED},
        {"九零七一五五", MUD_NUM_HAN | MUD_NUM_STRING},
        {"1.2w", MUD_NUM_POINT | MUD_NUM_SCALED},
        {"7 000", MUD_NUM_SPACED},
        {"两三万", MUD_NUM_HAN | MUD_NUM_PAIR},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_number n;

        assert_true(mud_number_at(&n, mud_str_z(rows[i].text), 0));
        assert_int_equal(n.flags, rows[i].flags);
    }
}

static void test_number__leaves_words_alone(void **state)
{
    static const char *const rows[] = {"台", "abc", "", "k", ".5", "-3", "€"};
    struct mud_number n;

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_false(mud_number_at(&n, mud_str_z(rows[i]), 0));
    assert_false(mud_number_at(&n, MUD_STR("1"), 7));
}

/* The quick look before the lists leaves none of them out. */
static void test_number__begins_with_every_numeral(void **state)
{
    static const char digits[] = "零〇一二三四五六七八九两兩幺"
                                 "壹贰貳叁肆伍陆陸柒捌玖";
    static const int values[] = {0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 2,
                                 1, 1, 2, 2, 3, 4, 5, 6, 6, 7, 8, 9};
    static const char scales[] = "十拾百佰千仟万萬亿億廿卅";
    size_t at = 0, n = 0;

    (void)state;
    while (at < sizeof digits - 1) {
        uint32_t c = mud_utf8_next(mud_str_z(digits), &at);

        assert_true(n < sizeof values / sizeof values[0]);
        assert_int_equal(mud_number_digit(c), values[n++]);
        assert_true(mud_number_starts(c));
    }
    assert_int_equal(n, sizeof values / sizeof values[0]);
    for (at = 0; at < sizeof scales - 1;)
        assert_true(mud_number_starts(mud_utf8_next(mud_str_z(scales), &at)));
    assert_false(mud_number_starts(0x4FE1)); /* 信 */
    assert_int_equal(mud_number_digit(0x10FFFF), -1);
}

static void test_number__passes_over_endless_digits(void **state)
{
    size_t n = 100000;
    char *digits = malloc(n);
    struct mud_number number;

    (void)state;
    memset(digits, '7', n);
    assert_true(mud_number_at(&number, mud_str_of(digits, n), 0));
    assert_int_equal(number.end, n);
    assert_int_equal(number.digits, n);
    free(digits);
}

/* The strict cases of cn2an (MIT), where shared material is at hand. */
static void test_number__agrees_with_cn2an(void **state)
{
    const char *shared = mudtest_shared();
    struct mud_str text, line;
    size_t right = 0, all = 0;

    (void)state;
    if (!shared)
        skip();
    text = mudtest_read(
        mudtest_text("%s/data/values/cn2an/cn2an_test.tsv", shared));
    while (mud_str_line(&text, &line)) {
        struct mud_str set, word, value;
        struct mud_number n;

        if (!mud_str_cut(&line, '\t', &set) ||
            !mud_str_eqz(set, "strict_data_dict") ||
            !mud_str_cut(&line, '\t', &word) ||
            !mud_str_cut(&line, '\t', &value))
            continue;
        /* money words and signs are read elsewhere */
        if (mud_str_find(word, MUD_STR("负")) != MUD_NPOS ||
            mud_str_find(word, MUD_STR("元")) != MUD_NPOS ||
            mud_str_find(word, MUD_STR("圆")) != MUD_NPOS)
            continue;
        all++;
        right += mud_number_at(&n, word, 0) && n.end == word.n &&
                 fabs(n.max - strtod(mudtest_text("%.*s", MUD_FMT(value)),
                                     NULL)) < 1e-6;
    }
    print_message("cn2an strict: %zu of %zu\n", right, all);
    assert_true(all > 0 && right * 10 >= all * 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_number__reads_what_people_type),
        cmocka_unit_test(test_number__tells_how_it_was_written),
        cmocka_unit_test(test_number__leaves_words_alone),
        cmocka_unit_test(test_number__begins_with_every_numeral),
        cmocka_unit_test(test_number__passes_over_endless_digits),
        cmocka_unit_test(test_number__agrees_with_cn2an),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
