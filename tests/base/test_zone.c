#include "tests/support/mudtest.h"

#include <pthread.h>

#include "base/time.h"

static struct mud_zone *open_zone(const char *name)
{
    struct mud_error err = {0};
    struct mud_zone *zone = NULL;

    assert_ok(mud_zone_new(&zone, mud_str_z(name), &err), &err);
    return zone;
}

/* Wall times on both sides of changes of rules, some from before 1992. */
static const struct row {
    const char *zone;
    struct mud_civil local;
    const char *utc;
    bool back; /* the wall time comes back from UTC */
} rows[] = {
    {"Asia/Shanghai", {2026, 11, 24, 13, 31, 38}, "2026-11-24T05:31:38Z", true},
    {"Asia/Shanghai", {1990, 7, 1, 12, 0, 0}, "1990-07-01T03:00:00Z", true},
    {"Asia/Shanghai", {1992, 7, 1, 12, 0, 0}, "1992-07-01T04:00:00Z", true},
    {"Europe/Moscow", {2010, 7, 1, 12, 0, 0}, "2010-07-01T08:00:00Z", true},
    {"Europe/Moscow", {2013, 1, 1, 12, 0, 0}, "2013-01-01T08:00:00Z", true},
    {"Europe/Moscow", {2026, 7, 1, 12, 0, 0}, "2026-07-01T09:00:00Z", true},
    {"Asia/Taipei", {2026, 1, 1, 0, 0, 0}, "2025-12-31T16:00:00Z", true},
    /* Gap: 02:00 to 03:00 is not there; read as after it. */
    {"America/New_York", {2026, 3, 8, 1, 59, 59}, "2026-03-08T06:59:59Z", true},
    {"America/New_York", {2026, 3, 8, 2, 30, 0}, "2026-03-08T07:30:00Z", false},
    {"America/New_York", {2026, 3, 8, 3, 0, 0}, "2026-03-08T07:00:00Z", true},
    /* Overlap: 01:00 to 02:00 is there twice; the earlier. */
    {"America/New_York",
     {2026, 11, 1, 0, 59, 59},
     "2026-11-01T04:59:59Z",
     true},
    {"America/New_York", {2026, 11, 1, 1, 30, 0}, "2026-11-01T05:30:00Z", true},
    {"America/New_York", {2026, 11, 1, 2, 0, 0}, "2026-11-01T07:00:00Z", true},
    {"Europe/Berlin", {2026, 10, 25, 2, 30, 0}, "2026-10-25T00:30:00Z", true},
    {"Australia/Lord_Howe",
     {2026, 1, 1, 11, 0, 0},
     "2026-01-01T00:00:00Z",
     true},
    {"Asia/Kathmandu", {2026, 1, 1, 5, 45, 0}, "2026-01-01T00:00:00Z", true},
    {"UTC", {2026, 1, 1, 5, 45, 0}, "2026-01-01T05:45:00Z", true},
    {"+08:00", {2026, 1, 1, 5, 45, 0}, "2025-12-31T21:45:00Z", true},
    {"+0800", {2026, 1, 1, 5, 45, 0}, "2025-12-31T21:45:00Z", true},
    {"+8", {2026, 1, 1, 5, 45, 0}, "2025-12-31T21:45:00Z", true},
    {"-03:30", {2026, 1, 1, 5, 45, 0}, "2026-01-01T09:15:00Z", true},
    {"+00:00", {1969, 12, 31, 23, 59, 59}, "1969-12-31T23:59:59Z", true},
};

static void check_row(const struct row *row, const struct mud_zone *zone)
{
    int64_t seconds = mud_zone_to_unix(zone, &row->local);
    struct mud_civil c = mud_zone_local(zone, seconds);
    char text[MUD_TIME_TEXT];

    assert_string_equal(mud_time_text(text, seconds * MUD_SECOND, false),
                        row->utc);
    assert_int_equal(mud_civil_to_unix(&c) == mud_civil_to_unix(&row->local),
                     row->back);
}

static void test_zone__wall_time_to_utc_and_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_zone *zone = open_zone(rows[i].zone);

        check_row(&rows[i], zone);
        mud_zone_free(zone);
    }
}

static void test_zone__unknown_names_are_refused(void **state)
{
    static const char *const names[] = {
        "Asia/Atlantis",
        "",
        "+",
        "-",
        "+19:00",
        "+08:60",
        "+08:0",
        "+008",
        "+8:00:00",
        "+-8",
        "Etc/Unknown",
        "Asia/Shanghai ",
        "\xFF\xFE",
        "Asia/Shanghai/Asia/Shanghai/Asia/Shanghai/Asia/Shanghai/Asia/Shangh"};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(names); i++) {
        struct mud_error err = {0};
        struct mud_zone *zone = NULL;
        bool ok = mud_zone_new(&zone, mud_str_z(names[i]), &err);

        if (ok)
            fail_msg("zone \"%s\" was taken", names[i]);
        assert_fails(ok, &err, MUD_EINPUT, "unknown time zone");
        assert_null(zone);
    }
    mud_zone_free(NULL);
}

struct work {
    const struct mud_zone *zone;
    unsigned wrong;
};

static void *many_times(void *arg)
{
    struct work *work = arg;
    const struct mud_zone *zone = work->zone;

    for (int i = 0; i < 2000; i++) {
        struct mud_civil local = {2026, i % 2 ? 1 : 7, 1, 12, 0, 0};
        int64_t seconds = mud_zone_to_unix(zone, &local);
        struct mud_civil back = mud_zone_local(zone, seconds);

        work->wrong += seconds != mud_civil_to_unix(&local) +
                                      (i % 2 ? 5 * 3600 : 4 * 3600);
        work->wrong += back.hour != 12;
    }
    return NULL;
}

static void test_zone__is_good_for_several_threads(void **state)
{
    struct mud_zone *zone = open_zone("America/New_York");
    struct work work[4];
    pthread_t threads[4];

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(threads); i++) {
        work[i] = (struct work){.zone = zone};
        assert_int_equal(
            pthread_create(&threads[i], NULL, many_times, &work[i]), 0);
    }
    for (size_t i = 0; i < MUDTEST_ROWS(threads); i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(work[i].wrong, 0);
    }
    mud_zone_free(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zone__wall_time_to_utc_and_back),
        cmocka_unit_test(test_zone__unknown_names_are_refused),
        cmocka_unit_test(test_zone__is_good_for_several_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
