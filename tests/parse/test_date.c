#include "tests/support/mudtest.h"

#include "parse/date.h"

static struct mud_zone *shanghai;

static int begin(void **state)
{
    struct mud_error err = {0};
    (void)state;
    return mud_zone_new(&shanghai, MUD_STR("Asia/Shanghai"), &err) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    mud_zone_free(shanghai);
    return 0;
}

/* 2026-11-22T01:10:00Z, 09:10 in Shanghai */
#define NOW (INT64_C(1795309800) * MUD_SECOND)

struct row {
    const char *text, *want, *precision;
};

static void check(const struct row *rows, size_t n,
                  const struct mud_date_rules *rules)
{
    for (size_t i = 0; i < n; i++) {
        int64_t us = 0;
        enum mud_precision precision = MUD_UNKNOWN_TIME;
        char text[MUD_TIME_TEXT] = "none";
        if (mud_date_find(&us, &precision, mud_str_z(rows[i].text), rules))
            (void)mud_time_text(text, us, false);
        if (strcmp(text, rows[i].want) != 0)
            print_error("\"%s\"\n", rows[i].text);
        assert_string_equal(text, rows[i].want);
        assert_string_equal(mud_precision_name(precision), rows[i].precision);
    }
}

/* Names of months, days and stretches as language packs print them. */
static void test_date__forms_of_more_languages(void **state)
{
    static const struct row rows[] = {
        {"Mar 06 Oct 2026, 14:29", "2026-10-06T06:29:00Z", "minute"},
        {"Mar 23 Fév 2016, 10:01", "2016-02-23T02:01:00Z", "minute"},
        {"Sam 05 Déc 2015, 09:00", "2015-12-05T01:00:00Z", "minute"},
        {"Dim 09 Aoû 2015, 14:20", "2015-08-09T06:20:00Z", "minute"},
        {"5 de marzo de 2021, 10:00", "2021-03-05T02:00:00Z", "minute"},
        {"5 Mart 2021, 10:00", "2021-03-05T02:00:00Z", "minute"},
        {"5 Şubat 2021 saat 10:00", "2021-02-05T02:00:00Z", "minute"},
        {"05 paź 2021, 10:00", "2021-10-05T02:00:00Z", "minute"},
        {"05 października 2021, 10:00", "2021-10-05T02:00:00Z", "minute"},
        {"3 нояб. 2019 г., 21:05", "2019-11-03T13:05:00Z", "minute"},
        {"05/03/2021 às 10:00", "2021-05-03T02:00:00Z", "minute"},
        {"周五 3月 05, 2021 10:00 am", "2021-03-05T02:00:00Z", "minute"},
        {"週五 3月 05, 2021 10:00 pm", "2021-03-05T14:00:00Z", "minute"},
        {"2020年3月4日(周三) 下午5:06", "2020-03-04T09:06:00Z", "minute"},
        {"2020年3月4日 星期三 17:06", "2020-03-04T09:06:00Z", "minute"},
        {"2020年3月4日(水) 17:06", "2020-03-04T09:06:00Z", "minute"},
        {"一周前", "2026-11-15T01:10:00Z", "month"},
        {"两天前", "2026-11-20T01:10:00Z", "day"},
        {"三个小时前", "2026-11-21T22:10:00Z", "hour"},
        {"刚才", "2026-11-22T01:10:00Z", "minute"},
        {"a moment ago", "2026-11-22T01:10:00Z", "minute"},
        {"il y a 3 heures", "2026-11-21T22:10:00Z", "hour"},
        {"hace 3 días", "2026-11-19T01:10:00Z", "day"},
        {"3 saat önce", "2026-11-21T22:10:00Z", "hour"},
        {"Hier, 23:01", "2026-11-21T15:01:00Z", "minute"},
        {"Вчора о 23:01", "2026-11-21T15:01:00Z", "minute"},
        /* Words that are months elsewhere. */
        {"3 hours ago 12:30", "2026-11-21T22:10:00Z", "hour"},
        {"set 5 10:00", "none", ""},
        {"0 天前", "2026-11-22T01:10:00Z", "day"},
    };
    const struct mud_date_rules rules = {.zone = shanghai, .now = NOW};
    (void)state;
    check(rows, MUDTEST_ROWS(rows), &rules);
}

static void test_date__forms_of_more_boards(void **state)
{
    static const struct row rows[] = {
        {"3 小時前", "2026-11-21T22:10:00Z", "hour"},
        {"6th October 2026, 14:29", "2026-10-06T06:29:00Z", "minute"},
        {"Oct 6, 2026 | 2:29 pm", "2026-10-06T06:29:00Z", "minute"},
        {"10-06-26, 02:29 PM", "2026-10-06T06:29:00Z", "minute"},
        {"42 分鐘前", "2026-11-22T00:28:00Z", "minute"},
        {"剛剛", "2026-11-22T01:10:00Z", "minute"},
        {"2 個月前", "2026-09-23T01:10:00Z", "month"},
        {"Вчера, 08:25", "2026-11-21T00:25:00Z", "minute"},
        {"Позавчера в 08:25", "2026-11-20T00:25:00Z", "minute"},
        {"06 Октября 2026, 14:29", "2026-10-06T06:29:00Z", "minute"},
        {"6 окт. 2026 14:29", "2026-10-06T06:29:00Z", "minute"},
        {"6 окт в 14:29", "2026-10-06T06:29:00Z", "minute"},
        {"Dec 6, 2:29 PM", "2025-12-06T06:29:00Z", "minute"},
        {"2 недели назад", "2026-11-08T01:10:00Z", "month"},
        {"5 лет назад", "2021-11-23T01:10:00Z", "year"},
        {"6. Oktober 2026, 14:29", "2026-10-06T06:29:00Z", "minute"},
        {"14. März 2026, 14:29", "2026-03-14T06:29:00Z", "minute"},
        {"Gestern um 08:25", "2026-11-21T00:25:00Z", "minute"},
        {"vor 3 Stunden", "2026-11-21T22:10:00Z", "hour"},
        {"Thursday at 3:00 PM", "2026-11-19T07:00:00Z", "minute"},
        {"Sunday at 3:00 PM", "2026-11-15T07:00:00Z", "minute"},
        {"1795309800", "2026-11-22T01:10:00Z", "second"},
        {"1795309800123", "2026-11-22T01:10:00Z", "second"},
        {"half an hour ago", "2026-11-22T00:25:00Z", "hour"},
        {"Thursday", "none", ""},
        {"May 3 people come", "none", ""},
        {"0000000012", "none", ""},
        {"900012656 1795309800", "none", ""},
    };
    const struct mud_date_rules rules = {.zone = shanghai, .now = NOW};

    (void)state;
    check(rows, sizeof(rows) / sizeof(rows[0]), &rules);
}

static void test_date__order_shows_in_numbers_above_12(void **state)
{
    enum mud_date_order order;
    (void)state;
    assert_true(mud_date_order_of(MUD_STR("on 21/11/2026 08:15"), &order));
    assert_int_equal(order, MUD_DATE_DMY);
    assert_true(mud_date_order_of(MUD_STR("11-21-2026"), &order));
    assert_int_equal(order, MUD_DATE_MDY);
    assert_false(mud_date_order_of(MUD_STR("10-06-2026"), &order));
    assert_false(mud_date_order_of(MUD_STR("2026-11-21"), &order));
    assert_false(mud_date_order_of(MUD_STR("21.11.2026"), &order));
    assert_false(mud_date_order_of(MUD_STR("99-11-2026"), &order));
}

static void test_date__chinese_forms(void **state)
{
    static const struct row rows[] = {
        {"发表于 2026-10-6 14:29:45", "2026-10-06T06:29:45Z", "second"},
        {"2026-11-22 05:47:18", "2026-11-21T21:47:18Z", "second"},
        {"2026-5-17", "2026-05-16T16:00:00Z", "day"},
        {"2026/10/6 14:29", "2026-10-06T06:29:00Z", "minute"},
        {"2026年10月6日 14:29", "2026-10-06T06:29:00Z", "minute"},
        {"2026年10月6日", "2026-10-05T16:00:00Z", "day"},
        {"2026年10月6日 下午3:05", "2026-10-06T07:05:00Z", "minute"},
        {"2026年10月6日 14时29分", "2026-10-06T06:29:00Z", "minute"},
        {"2025年10月", "2025-09-30T16:00:00Z", "month"},
        {"3\u00a0小时前", "2026-11-21T22:10:00Z", "hour"},
        {"42分钟前", "2026-11-22T00:28:00Z", "minute"},
        {"15 秒前", "2026-11-22T01:09:45Z", "second"},
        {"半小时前", "2026-11-22T00:25:00Z", "hour"},
        {"刚刚", "2026-11-22T01:10:00Z", "minute"},
        {"昨天\u00a016:25", "2026-11-21T08:25:00Z", "minute"},
        {"前天 01:28", "2026-11-19T17:28:00Z", "minute"},
        {"今天 00:05", "2026-11-21T16:05:00Z", "minute"},
        {"28天前", "2026-10-25T01:10:00Z", "day"},
        {"7月前", "2026-04-26T01:10:00Z", "month"},
        {"11月21日 08:25", "2026-11-21T00:25:00Z", "minute"},
        {"12-21 08:25", "2025-12-21T00:25:00Z", "minute"},
        {"本帖最后由 老赵 于 2026-10-7 08:15 编辑",
         "2026-10-07T00:15:00Z",
         "minute"},
    };
    const struct mud_date_rules rules = {shanghai, NOW, MUD_DATE_MDY};
    (void)state;
    check(rows, MUDTEST_ROWS(rows), &rules);
}

static void test_date__western_forms(void **state)
{
    static const struct row rows[] = {
        {"2026-10-06T06:29:45+00:00", "2026-10-06T06:29:45Z", "second"},
        {"2026-10-08T21:00:00+03:00", "2026-10-08T18:00:00Z", "second"},
        {"2026-10-08T21:00:00.123Z", "2026-10-08T21:00:00Z", "second"},
        {"Wed Oct 07, 2026 6:57 pm, edited 1 time",
         "2026-10-07T18:57:00Z",
         "minute"},
        {"Oct 06, 2026, 06:29 AM", "2026-10-06T06:29:00Z", "minute"},
        {"October 6th, 2026", "2026-10-06T00:00:00Z", "day"},
        {"6 October 2026 14:29", "2026-10-06T14:29:00Z", "minute"},
        {"Tue, 06 Oct 2026 06:29:45 +0200", "2026-10-06T04:29:45Z", "second"},
        {"Tue, 06 Oct 2026 06:29:45 GMT", "2026-10-06T06:29:45Z", "second"},
        {"10-06-2026, 06:29 AM", "2026-10-06T06:29:00Z", "minute"},
        {"10-06-2026, 12:05 AM", "2026-10-06T00:05:00Z", "minute"},
        {"10-06-2026, 12:05 PM", "2026-10-06T12:05:00Z", "minute"},
        {"06.10.2026 15:34:56", "2026-10-06T15:34:56Z", "second"},
        {"22/11/2025", "2025-11-22T00:00:00Z", "day"},
        {"Yesterday, 08:25 AM", "2026-11-21T08:25:00Z", "minute"},
        {"Today at 12:52 AM", "2026-11-22T00:52:00Z", "minute"},
        {"3 hours ago", "2026-11-21T22:10:00Z", "hour"},
        {"an hour ago", "2026-11-22T00:10:00Z", "hour"},
        {"less than 5 minutes ago", "2026-11-22T01:05:00Z", "minute"},
        {"just now", "2026-11-22T01:10:00Z", "minute"},
        {"6 октября 2026, 14:29", "2026-10-06T14:29:00Z", "minute"},
        {"Вчера в 10:00", "2026-11-21T10:00:00Z", "minute"},
        {"5 минут назад", "2026-11-22T01:05:00Z", "minute"},
    };
    const struct mud_date_rules rules = {NULL, NOW, MUD_DATE_MDY};
    (void)state;
    check(rows, MUDTEST_ROWS(rows), &rules);
}

static void test_date__order_of_day_and_month_is_the_boards(void **state)
{
    static const struct row rows[] = {
        {"06-10-2026 10:00", "2026-10-06T10:00:00Z", "minute"},
        {"06/10/26", "2026-10-06T00:00:00Z", "day"},
    };
    const struct mud_date_rules rules = {NULL, NOW, MUD_DATE_DMY};
    (void)state;
    check(rows, MUDTEST_ROWS(rows), &rules);
}

static void test_date__finds_none(void **state)
{
    static const struct row rows[] = {
        {"", "none", ""},
        {"99G 300元/天", "none", ""},
        {"2026-13-40 10:00", "none", ""},
        {"1 x 30 = 30", "none", ""},
        {"ICQ 9-0000-1234", "none", ""},
        {"3 hours", "none", ""},
        {"192.0.2.7", "none", ""},
        {"1-2-3-4-5-6-7-8", "none", ""},
        {"99999999999999999999-1-1", "none", ""},
    };
    const struct mud_date_rules rules = {NULL, NOW, MUD_DATE_MDY};
    (void)state;
    check(rows, MUDTEST_ROWS(rows), &rules);
}

static void test_date__relative_needs_a_clock(void **state)
{
    static const struct row rows[] = {
        {"3 小时前", "none", ""},
        {"Yesterday 10:00", "none", ""},
    };
    const struct mud_date_rules rules = {NULL, 0, MUD_DATE_MDY};
    (void)state;
    check(rows, MUDTEST_ROWS(rows), &rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_date__forms_of_more_boards),
        cmocka_unit_test(test_date__forms_of_more_languages),
        cmocka_unit_test(test_date__order_shows_in_numbers_above_12),
        cmocka_unit_test(test_date__chinese_forms),
        cmocka_unit_test(test_date__western_forms),
        cmocka_unit_test(test_date__order_of_day_and_month_is_the_boards),
        cmocka_unit_test(test_date__finds_none),
        cmocka_unit_test(test_date__relative_needs_a_clock),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
