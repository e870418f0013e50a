#include "fetch/policy.h"
#include "tests/support/mudtest.h"

static void test_trap__is_told_from_addresses_of_boards(void **state)
{
    static const struct {
        const char *path;
        bool trap;
    } rows[] = {
        {"forum.php?mod=viewthread&tid=3&page=2", false},
        {"c/a/b/c/12?page=3", false},
        {"bbs/bbs/thread-1-1-1.html", false},
        {"2026/11/24/", false},
        {"topic/4/s-is-a-letter", false},
        {"s-0123/forum-1-1.html", false},
        {"threads/sid-vicious.4/", false},
        {"viewtopic.php?t=3&sid=0123456789abcdef0123456789abcdef", false},
        {"s-0123456789abcdef0123/forum-1-1.html", true},
        {"sid=0123456789ABCDEF0123/forum-1-1.html", true},
        {"(S(abcdefgh))/forum.aspx", true},
        {"forum.jsp;jsessionid=0123456789", true},
        {"a/a/a/x.html", true},
        {"x/calendar/next/calendar/next/calendar/next", true},
        {"a/b/a/b/c/a/b", false},
        {"1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21/22/23/24/25",
         true},
    };
    struct mud_arena *arena = mud_arena_new();
    struct mud_buf deep = {0};
    struct mud_url url;

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        assert_true(mud_url_parse(
            &url,
            mud_str_printf(arena, "http://a.example/%s", rows[i].path),
            arena,
            NULL));
        const char *why = mud_url_trap(&url);
        if ((why != NULL) != rows[i].trap)
            fail_msg("%s: %s", rows[i].path, why ? why : "let through");
    }
    mud_buf_z(&deep, "http://a.example/?q=");
    while (deep.n < 3000)
        mud_buf_c(&deep, 'x');
    assert_true(mud_url_parse(&url, mud_buf_view(&deep), arena, NULL));
    assert_non_null(mud_url_trap(&url));
    mud_buf_free(&deep);
    mud_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trap__is_told_from_addresses_of_boards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
