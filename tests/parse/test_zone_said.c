#include "tests/support/mudtest.h"

#include "parse/parse.h"
#include "parse/zone_said.h"

static void test_zone_said__reads_what_boards_print(void **state)
{
    static const struct {
        const char *text;
        bool found;
        int minutes;
    } rows[] = {
        {"GMT+8, 2026-11-22 09:11 , Processed in 0.02 second(s)", true, 480},
        {"All times are GMT -5. The time now is 12:10 AM.", true, -300},
        {"UTC+03:00", true, 180},
        {"当前时区为 UTC + 8 小时", true, 480},
        {"所有顯示的時間為 UTC + 8 小時 [ 夏令時間 ]", true, 540},
        {"All times are UTC + 1 hour [ DST ]", true, 120},
        {"Heures au format UTC + 1 heure [ Heure d’été ]", true, 120},
        {"Часовой пояс: UTC+03:00", true, 180},
        {"Часовой пояс GMT +4, время: 10:20.", true, 240},
        {"All times are UTC−03:30", true, -210},
        {"All times are UTC + 5:30 hours", true, 330},
        {"All times are UTC - 3.5 hours", true, -210},
        {"UTC\xC2\xA0+\xC2\xA0"
         "8",
         true,
         480},
        {"All times are UTC", false, 0},
        {"UTC+25", false, 0},
        {"AUTC+3", false, 0},
        {"GMT 8", false, 0},
        {"", false, 0},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        int minutes = 0;
        bool found = mud_zone_of_text(&minutes, mud_str_z(rows[i].text));
        if (found != rows[i].found || (found && minutes != rows[i].minutes))
            fail_msg("%s: %d %d", rows[i].text, found, minutes);
    }
}

#define POST                                                            \
    "<body id=phpbb class=section-viewtopic><div id=page-body><div "    \
    "class=post id=p7><p class=author>13-05-2020 08:00</p><div "        \
    "class=content>%s</div></div></div><form><select><option>UTC-12:00" \
    "</select></form><div id=page-footer>%s</div>"

/* A page's own words come before the engine's default, a post's never do. */
static void test_zone_said__of_the_page_not_of_posts(void **state)
{
    static const struct {
        const char *post, *foot;
        int hour; /* in UTC */
        bool note;
    } rows[] = {
        {"I live in UTC+5", "All times are UTC+03:00", 5, true},
        {"I live in UTC+5", "Powered by phpBB", 8, false},
        {"hi", "All times are UTC", 8, false},
        {"hi", "当前时区为 UTC + 8 小时", 0, true},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_arena *arena = mud_arena_new();
        struct mud_error err = {0};
        struct mud_parsed p;
        struct mud_page_in in = {
            .bytes = mud_str_z(mudtest_text(POST, rows[i].post, rows[i].foot)),
            .content_type = MUD_STR("text/html; charset=utf-8"),
            .url = MUD_STR("http://b.example/viewtopic.php?t=1"),
        };
        assert_ok(mud_parse_page(&p, &in, arena, &err), &err);
        assert_int_equal(p.n_posts, 1);
        assert_int_equal(p.posts[0].posted / MUD_SECOND % 86400 / 3600,
                         rows[i].hour);
        bool noted = false;
        for (size_t n = 0; n < p.n_notes; n++)
            noted |= strcmp(p.notes[n].code, "zone-guessed") == 0;
        assert_int_equal(noted, rows[i].note);
        mud_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zone_said__reads_what_boards_print),
        cmocka_unit_test(test_zone_said__of_the_page_not_of_posts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
