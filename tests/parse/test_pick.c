#include "tests/support/mudtest.h"

#include "parse/engine.h"
#include "parse/parse.h"

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

/* What a description with this PICK calls the title of the page. */
static struct mud_str picked(const char *page, const char *view,
                             const char *pick)
{
    struct mud_engine *engine = NULL;
    struct mud_parsed out;
    struct mud_error err = {0};
    struct mud_str text = mud_str_printf(arena,
                                         "[engine]\nname = x\n%s\n"
                                         "[url]\nprofile = u.php?id={user}\n"
                                         "[page]\ntitle = %s\n",
                                         view,
                                         pick);
    const struct mud_page_in in = {
        .bytes = mud_str_z(page),
        .url = MUD_STR("https://a.example/f/page.php"),
        .content_type = MUD_STR("text/html; charset=utf-8"),
        .status = 200,
    };
    assert_ok(mud_engine_read(&engine, "x.engine", text, arena, &err), &err);
    assert_ok(mud_parse_with(&out, &in, engine, arena, &err), &err);
    return out.title;
}

static void test_pick__steps_make_a_value(void **state)
{
    static const char page[] =
        "<body><div class=h>By <b class=n>Simon</b> on <b class=n>Monday</b>, "
        "<b class=n>10:30</b></div><p>Quote from: Anton on May 1 on the sea</p>"
        "<a href='u.php?id=7&amp;x=2'>who</a><i class=n></i>"
        "<span title='1791268185'>12</span></body>";

    static const struct {
        const char *pick, *want;
    } rows[] = {
        {".n", "Simon"},
        {".n | last", "10:30"},
        {".n | nth 2", "Monday"},
        {".n | nth 3", "10:30"},
        {".n | nth 4", ""},
        {"p | after Quote from: | before \" on \"", "Anton"},
        {"p | after Quote from: | before on", "Ant"},
        {"p | behind \" on \"", "the sea"},
        {"a @href | query x", "2"},
        {"a @href | url user", "7"},
        {"span | plus 3", "15"},
        {"span | plus -1", "11"},
        {"span | plus -13", ""},
        {"p | plus 1", ""},
        {"span @title | epoch", "2026-10-06T06:29:45Z"},
        {"span @title | id | not 0", "1791268185"},
        {".h | words By", ""},
        {".h | with on | before on", "By Sim"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_text(picked(page, "", rows[i].pick), rows[i].want);
}

static void test_pick__names_are_looked_up_by_number(void **state)
{
    static const char json[] =
        "{\"topic\":{\"user_id\":7},\"posts\":[{\"id\":7,\"name\":\"no\"}],"
        "\"users\":[{\"id\":5,\"name\":\"e\"},{\"id\":7,\"name\":\"g\"}],"
        "\"included\":[{\"type\":\"tags\",\"id\":\"7\",\"attributes\":"
        "{\"name\":\"t\"}},{\"type\":\"users\",\"id\":\"7\",\"attributes\":"
        "{\"name\":\"u\"}}]}";

    static const struct {
        const char *pick, *want;
    } rows[] = {
        {"m.topic @user_id | look m.users > e name", "g"},
        {"m.topic @user_id | look e[type=users] name", "u"},
        {"m.topic @user_id | look e[type=none] name", ""},
        {"m.topic @user_id | look m.users > e nick", ""},
        {"m.topic @user_id | plus 1 | look m.users > e name", ""},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_text(picked(json, "view = api", rows[i].pick), rows[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_pick__steps_make_a_value, begin, end),
        cmocka_unit_test_setup_teardown(
            test_pick__names_are_looked_up_by_number, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
