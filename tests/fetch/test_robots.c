#include "fetch/robots.h"

#include "tests/support/mudtest.h"

static struct mud_robots robots_of(const char *text, struct mud_arena *arena)
{
    struct mud_robots robots;

    mud_robots_read(&robots,
                    mud_str_z(text),
                    200,
                    MUD_STR("text/plain; charset=UTF-8"),
                    "mudlark",
                    arena);
    return robots;
}

/* Texts of our own on the points of RFC 9309: 2.2.1 groups, 2.2.2 rules,
 * 2.2.3 special characters, 2.3.1 answers. */
static const struct {
    const char *text, *path;
    bool allowed;
} rows[] = {
    {"", "/a", true},
    {"User-agent: *\nDisallow: /private/\n", "/private/x", false},
    {"User-agent: *\nDisallow: /private/\n", "/privat", true},
    {"User-agent: *\nDisallow:\n", "/a", true},
    {"User-agent: *\nDisallow: /\n", "/robots.txt", true},
    {"User-agent: *\nDisallow: /\n", "/", false},
    /* the longest decides, of equals the one that allows */
    {"User-agent: *\nDisallow: /a/\nAllow: /a/b\n", "/a/bc", true},
    {"User-agent: *\nAllow: /a/b\nDisallow: /a/\n", "/a/c", false},
    {"User-agent: *\nDisallow: /page\nAllow: /page\n", "/page", true},
    {"User-agent: *\nAllow: /page\nDisallow: /page\n", "/page", true},
    /* a group that names us is the only one for us; groups are joined */
    {"User-agent: *\nDisallow: /\n\nUser-agent: Mudlark\nDisallow: /x\n",
     "/a",
     true},
    {"User-agent: mudlark/2.0\nDisallow: /x\nUser-agent: *\nDisallow: /\n",
     "/a",
     true},
    {"User-agent: mudlark\nDisallow: /x\nUser-agent: *\nDisallow: /\n",
     "/x",
     false},
    {"User-agent: mudlarks\nDisallow: /\n", "/a", true},
    {"User-agent: mud\nDisallow: /\n", "/a", true},
    {"User-agent: a\nUser-agent: *\nDisallow: /x\n", "/x", false},
    {"User-agent: *\nDisallow: /x\nUser-agent: a\nDisallow: /y\n", "/y", true},
    {"User-agent: *\nDisallow: /x\nUser-agent: *\nDisallow: /y\n", "/x", false},
    {"User-agent: *\nSitemap: https://a.example/\nDisallow: /x\n", "/x", false},
    /* forms of lines */
    {"user-AGENT :*\r\ndisALLOW:/x#y\r\n", "/xy", false},
    {"User-agent: *\rDisallow: /x # why\r", "/x", false},
    {"\xef\xbb\xbfUser-agent: *\nDisallow: /x\n", "/x", false},
    {"Disallow: /x\nUser-agent: *\nDisallow: /y\n", "/x", true},
    {"User-agent: *\nnonsense\n: /x\nDisallow: /z", "/z", false},
    /* special characters */
    {"User-agent: *\nDisallow: /*.php$\n", "/a/b.php", false},
    {"User-agent: *\nDisallow: /*.php$\n", "/a/b.php?x", true},
    {"User-agent: *\nDisallow: /*?sid=\n", "/t.php?sid=1", false},
    {"User-agent: *\nDisallow: /a*b*c\n", "/aXbXXbc", false},
    {"User-agent: *\nDisallow: /a*b*c$\n", "/abcd", true},
    {"User-agent: *\nDisallow: /user-*\n", "/user-1.htm", false},
    {"User-agent: *\nDisallow: /版块\n", "/%e7%89%88%E5%9d%97/1", false},
    {"User-agent: *\nDisallow: /%e7%89%88\n", "/版", false},
    {"User-agent: *\nDisallow: /$\n", "/", false},
    {"User-agent: *\nDisallow: /$\n", "/a", true},
};

static void test_robots__rules_hold_as_rfc_9309_says(void **state)
{
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mud_robots robots = robots_of(rows[i].text, arena);
        struct mud_str rule;

        if (mud_robots_allows(&robots, mud_str_z(rows[i].path), &rule) !=
            rows[i].allowed)
            fail_msg("row %zu: %s by \"%.*s\"", i, rows[i].path, MUD_FMT(rule));
    }
    mud_arena_free(arena);
}

/* Forums answer any path with their index; a broken site is left alone. */
static void test_robots__what_is_none_forbids_nothing(void **state)
{
    static const struct {
        int status;
        const char *type, *text;
        bool found, allowed;
    } answers[] = {
        {200, "text/html", "User-agent: *\nDisallow: /\n", false, true},
        {200, "text/plain", "<!DOCTYPE html>\nDisallow: /", false, true},
        {200, "", "User-agent: *\nDisallow: /\n", true, false},
        {200, "text/plain", "欢迎光临\n", false, true},
        {404, "text/plain", "User-agent: *\nDisallow: /\n", false, true},
        {403, "text/plain", "", false, true},
        {503, "text/plain", "", false, false},
        {0, "", "", false, false},
    };
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct mud_robots robots;

        mud_robots_read(&robots,
                        mud_str_z(answers[i].text),
                        answers[i].status,
                        mud_str_z(answers[i].type),
                        "mudlark",
                        arena);
        if (robots.found != answers[i].found ||
            mud_robots_allows(&robots, MUD_STR("/t-1.html"), NULL) !=
                answers[i].allowed)
            fail_msg("answer %zu", i);
    }
    mud_arena_free(arena);
}

static void test_robots__delay_and_sitemaps_are_kept(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_robots robots =
        robots_of("Sitemap: https://a.example/map.xml\nUser-agent: *\n"
                  "Crawl-delay: 12.5\nDisallow: /x\nUser-agent: b\n"
                  "Crawl-delay: 99\nSitemap: https://a.example/2.xml\n",
                  arena);

    (void)state;
    assert_int_equal(robots.delay_s, 12);
    assert_int_equal(robots.n_sitemaps, 2);
    assert_text(robots.sitemaps[1], "https://a.example/2.xml");
    robots = robots_of("User-agent: *\nCrawl-delay: 99999999999999\n", arena);
    assert_int_equal(robots.delay_s, 86400);
    mud_arena_free(arena);
}

/* A file of stars, a line without end, rules without number. */
static void test_robots__hostile_files_cost_little(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_buf text = {0};
    struct mud_robots robots;

    (void)state;
    mud_buf_z(&text, "User-agent: *\n");
    for (int i = 0; i < 20000; i++)
        mud_buf_z(&text, "Disallow: /*a*a*b\n");
    mud_buf_z(&text, "Disallow: /");
    for (int i = 0; i < 300000; i++)
        mud_buf_z(&text, "*");
    robots = robots_of(mud_buf_view(&text).s, arena);
    assert_int_equal(robots.n_rules, MUD_ROBOTS_RULES);
    text.n = 0;
    for (int i = 0; i < 500; i++)
        mud_buf_z(&text, "/aaaaaaa");
    assert_true(mud_robots_allows(&robots, mud_buf_view(&text), NULL));
    mud_buf_free(&text);
    mud_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_robots__rules_hold_as_rfc_9309_says),
        cmocka_unit_test(test_robots__what_is_none_forbids_nothing),
        cmocka_unit_test(test_robots__delay_and_sitemaps_are_kept),
        cmocka_unit_test(test_robots__hostile_files_cost_little),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
