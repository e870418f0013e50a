#include "run/hours.h"

#include "tests/support/mudtest.h"

static int64_t at(const char *text)
{
    int64_t us;

    assert_true(mud_time_parse(mud_str_z(text), &us));
    return us;
}

static void test_hours__tell_the_next_opening(void **state)
{
    static const struct {
        const char *hours, *zone, *now, *next;
    } cases[] = {
        {"",
         "+08:00",
         "2026-11-24T03:00:00+08:00",
         "2026-11-24T03:00:00+08:00"},
        {"08:00-23:30",
         "+08:00",
         "2026-11-24T08:00:00+08:00",
         "2026-11-24T08:00:00+08:00"},
        {"08:00-23:30",
         "+08:00",
         "2026-11-24T23:29:59+08:00",
         "2026-11-24T23:29:59+08:00"},
        {"08:00-23:30",
         "+08:00",
         "2026-11-24T23:30:00+08:00",
         "2026-11-25T08:00:00+08:00"},
        {"8:00-23:30",
         "+08:00",
         "2026-11-24T07:59:59+08:00",
         "2026-11-24T08:00:00+08:00"},
        /* over midnight, and the end of a month and a year */
        {"22:00-02:00",
         "+08:00",
         "2026-12-31T23:59:00+08:00",
         "2026-12-31T23:59:00+08:00"},
        {"22:00-02:00",
         "+08:00",
         "2027-01-01T01:59:00+08:00",
         "2027-01-01T01:59:00+08:00"},
        {"22:00-02:00",
         "+08:00",
         "2027-01-01T02:00:00+08:00",
         "2027-01-01T22:00:00+08:00"},
        {"00:10-00:20",
         "+08:00",
         "2026-12-31T12:00:00+08:00",
         "2027-01-01T00:10:00+08:00"},
        /* several, in any order */
        {"20:00-24:00, 06:00-07:30",
         "+08:00",
         "2026-11-24T07:30:00+08:00",
         "2026-11-24T20:00:00+08:00"},
        {"20:00-24:00,06:00-07:30",
         "+08:00",
         "2026-11-24T00:00:00+08:00",
         "2026-11-24T06:00:00+08:00"},
        /* hours are the site's, not ours; no zone: China's */
        {"08:00-09:00",
         "America/New_York",
         "2026-11-24T08:30:00Z",
         "2026-11-24T13:00:00Z"},
        {"08:00-09:00", "", "2026-11-24T00:30:00Z", "2026-11-24T00:30:00Z"},
        /* the clock is put forward over the whole range: the next day's */
        {"02:10-02:50",
         "Europe/Berlin",
         "2027-03-28T03:40:00+02:00",
         "2027-03-29T02:10:00+02:00"},
        /* and back: one o'clock in the second pass counts as well */
        {"02:10-02:50",
         "Europe/Berlin",
         "2026-10-25T02:30:00+01:00",
         "2026-10-25T02:30:00+01:00"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mud_error err = {0};
        struct mud_hours hours;
        assert_ok(mud_hours_parse(&hours, mud_str_z(cases[i].hours), &err),
                  &err);
        int64_t next =
            mud_hours_next(&hours, mud_str_z(cases[i].zone), at(cases[i].now));
        if (next != at(cases[i].next))
            fail_msg("case %zu: %s at %s", i, cases[i].hours, cases[i].now);
    }
}

static void test_hours__what_is_none_is_named(void **state)
{
    static const char *const bad[] = {
        "8-23",
        "08:00",
        "08:00-08:00",
        "25:00-26:00",
        "08:60-09:00",
        "08:00-24:01",
        "24:00-08:00",
        "-08:00",
        "08:00-",
        "a:00-b:00",
        "08:00-09:00;10:00-11:00",
        "08:0-09:00",
        "+8:00-09:00",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct mud_error err = {0};
        struct mud_hours hours;
        if (mud_hours_parse(&hours, mud_str_z(bad[i]), &err))
            fail_msg("%s was taken", bad[i]);
        assert_int_equal(err.code, MUD_EUSAGE);
    }
}

static void test_hours__have_a_limit(void **state)
{
    struct mud_buf many = {0};
    struct mud_error err = {0};
    struct mud_hours hours;

    (void)state;
    for (int i = 0; i <= MUD_HOURS_MAX; i++)
        mud_buf_printf(&many, "%s%02d:00-%02d:30", i ? "," : "", i, i);
    assert_fails(mud_hours_parse(&hours, mud_buf_view(&many), &err),
                 &err,
                 MUD_EUSAGE,
                 "more than 12");
    mud_buf_free(&many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hours__tell_the_next_opening),
        cmocka_unit_test(test_hours__what_is_none_is_named),
        cmocka_unit_test(test_hours__have_a_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
