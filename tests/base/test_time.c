#include "tests/support/mudtest.h"

#include <time.h>

#include "base/time.h"

static void test_time__every_day_goes_there_and_back(void **state)
{
    /* 0000-01-01 to 9999-12-31 */
    const int64_t first = INT64_C(-719528), last = INT64_C(2932896);
    struct mud_civil before = {-1, 12, 31, 0, 0, 0};

    (void)state;
    for (int64_t day = first; day <= last; day++) {
        struct mud_civil c = mud_civil_of_unix(day * 86400 + 86399);
        bool next = c.day == before.day + 1 ||
                    (c.day == 1 && c.month == before.month % 12 + 1);

        if (!next || !mud_civil_valid(&c) ||
            mud_civil_to_unix(&c) != day * 86400 + 86399)
            fail_msg("day %lld", (long long)day);
        before = c;
    }
    assert_int_equal(before.year, 9999);
    assert_int_equal(before.month, 12);
    assert_int_equal(before.day, 31);
}

static void test_time__agrees_with_the_c_library(void **state)
{
    (void)state;
    for (int i = 0; i < 5000; i++) {
        int64_t t =
            (int64_t)mudtest_random(INT32_MAX) * 70 - INT64_C(60000000000);
        time_t seconds = t;
        struct mud_civil c = mud_civil_of_unix(t);
        struct tm tm;

        gmtime_r(&seconds, &tm);
        assert_int_equal(c.year, tm.tm_year + 1900);
        assert_int_equal(c.month, tm.tm_mon + 1);
        assert_int_equal(c.day, tm.tm_mday);
        assert_int_equal(c.hour, tm.tm_hour);
        assert_int_equal(c.minute, tm.tm_min);
        assert_int_equal(c.second, tm.tm_sec);
    }
}

static void test_time__fields_have_ranges(void **state)
{
    static const struct {
        struct mud_civil c;
        bool valid;
    } rows[] = {
        {{2026, 11, 24, 5, 31, 38}, true},
        {{2024, 2, 29, 0, 0, 0}, true},
        {{2023, 2, 29, 0, 0, 0}, false},
        {{2000, 2, 29, 0, 0, 0}, true},
        {{1900, 2, 29, 0, 0, 0}, false},
        {{2026, 0, 1, 0, 0, 0}, false},
        {{2026, 13, 1, 0, 0, 0}, false},
        {{2026, 4, 31, 0, 0, 0}, false},
        {{2026, 4, 0, 0, 0, 0}, false},
        {{2026, 4, 1, 24, 0, 0}, false},
        {{2026, 4, 1, -1, 0, 0}, false},
        {{2026, 4, 1, 0, 60, 0}, false},
        {{2026, 4, 1, 0, 0, 60}, true},
        {{2026, 4, 1, 0, 0, 61}, false},
        {{10000, 1, 1, 0, 0, 0}, false},
        {{-1, 1, 1, 0, 0, 0}, false},
    };
    struct mud_civil leap = {2016, 12, 31, 23, 59, 60};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_int_equal(mud_civil_valid(&rows[i].c), rows[i].valid);
    assert_int_equal(mud_civil_to_unix(&leap), 1483228799);
}

static void test_time__text_is_utc(void **state)
{
    static const struct {
        int64_t us;
        const char *seconds, *exact;
    } rows[] = {
        {0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"},
        {INT64_C(1795498298123456),
         "2026-11-24T05:31:38Z",
         "2026-11-24T05:31:38.123456Z"},
        {-1, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.999999Z"},
        {INT64_C(253402300799999999),
         "9999-12-31T23:59:59Z",
         "9999-12-31T23:59:59.999999Z"},
    };

    char text[MUD_TIME_TEXT];

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        assert_string_equal(mud_time_text(text, rows[i].us, false),
                            rows[i].seconds);
        assert_string_equal(mud_time_text(text, rows[i].us, true),
                            rows[i].exact);
    }
    /* The ends of the type fit the buffer. */
    assert_in_range(
        strlen(mud_time_text(text, INT64_MAX, true)), 20, MUD_TIME_TEXT - 1);
    assert_in_range(
        strlen(mud_time_text(text, INT64_MIN, true)), 20, MUD_TIME_TEXT - 1);
}

static void test_time__reads_rfc_3339(void **state)
{
    static const struct {
        const char *text, *utc; /* NULL: refused */
    } rows[] = {
        {"2026-11-24T05:31:38Z", "2026-11-24T05:31:38.000000Z"},
        {"2026-11-24 05:31:38z", "2026-11-24T05:31:38.000000Z"},
        {"2026-11-24t05:31:38.5Z", "2026-11-24T05:31:38.500000Z"},
        {"2026-11-24T05:31:38.123456789Z", "2026-11-24T05:31:38.123456Z"},
        {"2026-11-24T13:31:38+08:00", "2026-11-24T05:31:38.000000Z"},
        {"2026-11-24T00:00:00+08:00", "2026-11-23T16:00:00.000000Z"},
        {"2026-11-23T23:31:38.25-03:30", "2026-11-24T03:01:38.250000Z"},
        {"1969-12-31T23:59:59.75Z", "1969-12-31T23:59:59.750000Z"},
        {"2016-12-31T23:59:60Z", "2016-12-31T23:59:59.000000Z"},
        {"2026-11-24T05:31:38-00:00", "2026-11-24T05:31:38.000000Z"},
        {"2026-11-24T05:31:38", NULL},
        {"2026-11-24", NULL},
        {"2026-02-30T05:31:38Z", NULL},
        {"2026-11-24T24:31:38Z", NULL},
        {"2026-11-24T05:31:38.Z", NULL},
        {"2026-11-24T05:31:38Z ", NULL},
        {" 2026-11-24T05:31:38Z", NULL},
        {"2026-11-24T05:31:38+0800", NULL},
        {"2026-11-24T05:31:38+24:00", NULL},
        {"2026-11-24T05:31:38+08:60", NULL},
        {"2026-11-24T05:31:38 08:00", NULL},
        {"2026-11-24T05:31:+8Z", NULL},
        {"26-11-24T05:31:38Z", NULL},
        {"２026-11-24T05:31:38Z", NULL},
        {"", NULL},
    };

    char text[MUD_TIME_TEXT];

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        int64_t us = 42;
        bool ok = mud_time_parse(mud_str_z(rows[i].text), &us);

        if (ok != (rows[i].utc != NULL))
            fail_msg("%s", rows[i].text);
        if (ok)
            assert_string_equal(mud_time_text(text, us, true), rows[i].utc);
        else
            assert_int_equal(us, 42);
    }
    /* A view that ends in the middle of a longer text. */
    assert_false(
        mud_time_parse(mud_str_of("2026-11-24T05:31:38Z", 19), &(int64_t){0}));
}

static void test_time__reads_the_three_forms_of_http(void **state)
{
    static const struct {
        const char *text, *utc;
    } rows[] = {
        {"Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"},
        {"Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z"},
        {"Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z"},
        {"Wed Nov 16 08:49:37 1994", "1994-11-16T08:49:37Z"},
        {" Tue, 24 Nov 2026 05:31:38 GMT ", "2026-11-24T05:31:38Z"},
        {"Tuesday, 24-Nov-26 05:31:38 GMT", "2026-11-24T05:31:38Z"},
        {"Sun, 06 Nov 1994 08:49:37 UTC", NULL},
        {"Sun, 06 Nov 1994 08:49:37", NULL},
        {"Sun, 31 Feb 1994 08:49:37 GMT", NULL},
        {"Sun, 06 nov 1994 08:49:37 GMT", NULL},
        {"Sun, 6 Nov 1994 08:49:37 GMT", NULL},
        {"Sun,06 Nov 1994 08:49:37 GMT", NULL},
        {"Sun, 06-Nov 1994 08:49:37 GMT", NULL},
        {"Sun Nov 6 08:49:37 1994", NULL},
        {"Sun Nov  6 08:49:37 1994 GMT", NULL},
        {"Sun, ", NULL},
        {"Sun,", NULL},
        {"Sun", NULL},
        {"120", NULL},
        {"-1", NULL},
        {"", NULL},
    };

    char text[MUD_TIME_TEXT];

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        int64_t us = 42;
        bool ok = mud_time_http(mud_str_z(rows[i].text), &us);

        if (ok != (rows[i].utc != NULL))
            fail_msg("%s", rows[i].text);
        if (ok)
            assert_string_equal(mud_time_text(text, us, false), rows[i].utc);
        else
            assert_int_equal(us, 42);
    }
}

static void test_time__two_digit_years_are_at_most_50_ahead(void **state)
{
    int now = mud_civil_of_unix(mud_now() / MUD_SECOND).year;

    (void)state;
    for (int year = 0; year < 100; year++) {
        const char *text =
            mudtest_text("Sunday, 06-Nov-%02d 08:49:37 GMT", year);
        int64_t us;
        int read;

        assert_true(mud_time_http(mud_str_z(text), &us));
        read = mud_civil_of_unix(us / MUD_SECOND).year;
        assert_int_equal(read % 100, year);
        assert_in_range(read, now - 99, now + 50);
    }
}

static void test_time__precisions_have_names(void **state)
{
    static const char *const names[] = {
        "", "second", "minute", "hour", "day", "month", "year"};

    (void)state;
    for (unsigned i = 0; i < MUDTEST_ROWS(names); i++) {
        assert_string_equal(mud_precision_name((enum mud_precision)i),
                            names[i]);
        assert_int_equal(mud_precision_of(mud_str_z(names[i])), i);
    }
    assert_int_equal(mud_precision_of(MUD_STR("week")), MUD_UNKNOWN_TIME);
}

static void test_time__clocks_run(void **state)
{
    int64_t wall = mud_now(), since = mud_monotonic();

    (void)state;
    assert_in_range(time(NULL) + 1 - wall / MUD_SECOND, 0, 5);
    assert_true(mud_monotonic() >= since);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time__every_day_goes_there_and_back),
        cmocka_unit_test(test_time__agrees_with_the_c_library),
        cmocka_unit_test(test_time__fields_have_ranges),
        cmocka_unit_test(test_time__text_is_utc),
        cmocka_unit_test(test_time__reads_rfc_3339),
        cmocka_unit_test(test_time__reads_the_three_forms_of_http),
        cmocka_unit_test(test_time__two_digit_years_are_at_most_50_ahead),
        cmocka_unit_test(test_time__precisions_have_names),
        cmocka_unit_test(test_time__clocks_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
