#include "run/cookies.h"

#include "run/account.h"
#include "run/wall.h"
#include "tests/run/runtest.h"

static struct mud_cookies_given given(const char *text)
{
    return (struct mud_cookies_given){
        .text = mud_str_z(text),
        .user_agent = MUD_STR("Mozilla/5.0 (made up)"),
        .who = MUD_STR("li"),
    };
}

static void reload(struct kit *kit)
{
    assert_ok(
        mud_source_load(
            &kit->source, kit->pg, MUD_STR("site"), kit->arena, &kit->err),
        &kit->err);
}

static bool give(struct mud_cookies_taken *taken, struct kit *kit,
                 const struct mud_cookies_given *g)
{
    return mud_cookies_give(
        taken, &kit->source, kit->home, g, kit->pg, kit->arena, &kit->err);
}

#define COOKIES                                                                \
    "[{\"domain\":\".forum.example\",\"name\":\"clear\",\"value\":\"s3cr3t\"," \
    "\"expirationDate\":4102444800},"                                          \
    "{\"domain\":\"forum.example\",\"name\":\"old\",\"value\":\"s3cr3t\","     \
    "\"expirationDate\":946684800},"                                           \
    "{\"domain\":\"bank.example\",\"name\":\"b\",\"value\":\"s3cr3t\"}]"

/* A wall stopped the source; cookies let it go on, under the browser's name. */
static void test_cookies__let_a_stopped_source_go_on(void **state)
{
    struct kit kit;
    struct mud_walls walls = {
        .wall = {MUD_WALL_BROWSER, MUD_STR("cloudflare")},
        .made_by = "cloudflare",
        .url = "https://forum.example/",
        .streak = 3,
    };
    struct mud_report report = {0};
    struct mud_cookies_taken taken;
    struct mud_cookies_given g = given(COOKIES);
    char jar[4096];

    (void)state;
    kit_open(&kit);
    kit_source(&kit, MUD_STR("https://forum.example/"));
    assert_ok(
        mud_walls_end(&walls, true, kit.pg, &kit.source, &report, &kit.err),
        &kit.err);
    reload(&kit);
    assert_text(kit.source.state, "stopped");
    assert_ok(give(&taken, &kit, &g), &kit.err);
    assert_int_equal(taken.taken, 1);
    assert_int_equal(taken.expired, 1);
    assert_int_equal(taken.outside, 1);
    assert_int_equal(taken.until, 4102444800 * MUD_SECOND);
    assert_true(taken.resumed);
    reload(&kit);
    assert_text(kit.source.state, "active");
    assert_text(kit.source.user_agent, "Mozilla/5.0 (made up)");
    assert_ok(
        mud_jar_path(
            jar, sizeof jar, kit.home, MUD_STR("site"), MUD_STR(""), &kit.err),
        &kit.err);
    assert_has(mudtest_read(jar),
               ".forum.example\tTRUE\t/\tFALSE\t4102444800\tclear\ts3cr3t");
    assert_lacks(mudtest_read(jar), "bank.example");
    assert_int_equal(
        mud_test_pg_int(
            kit.pg,
            "SELECT count(*) FROM mud.source_change WHERE note LIKE "
            "'%cookies handed in' AND changed_by = 'li'"),
        2);
    assert_int_equal(
        mud_test_pg_int(kit.pg,
                        "SELECT count(*) FROM mud.source_change c WHERE "
                        "c::text LIKE '%s3cr3t%'"),
        0);
    kit_close(&kit);
}

/* What a person paused stays so; what is of no use is refused. */
static void test_cookies__change_no_more_than_asked(void **state)
{
    struct kit kit;
    struct mud_cookies_taken taken;
    struct mud_cookies_given g = given("clear=s3cr3t");

    (void)state;
    kit_open(&kit);
    kit_source(&kit, MUD_STR("https://forum.example/"));
    assert_ok(mud_source_set_state(kit.pg,
                                   MUD_STR("site"),
                                   MUD_STR("paused"),
                                   MUD_STR("holiday"),
                                   MUD_STR("li"),
                                   &kit.err),
              &kit.err);
    reload(&kit);
    assert_ok(give(&taken, &kit, &g), &kit.err);
    assert_false(taken.resumed);
    reload(&kit);
    assert_text(kit.source.state, "paused");
    g = given(
        "[{\"domain\":\"bank.example\",\"name\":\"b\",\"value\":\"s3cr3t\"}]");
    assert_fails(
        give(&taken, &kit, &g), &kit.err, MUD_EINPUT, "1 of other hosts");
    assert_null(strstr(kit.err.text, "s3cr3t"));
    mud_error_clear(&kit.err);
    kit.source.url = MUD_STR("");
    assert_fails(give(&taken, &kit, &g), &kit.err, MUD_EUSAGE, "no cookies");
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cookies__let_a_stopped_source_go_on),
        cmocka_unit_test(test_cookies__change_no_more_than_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
