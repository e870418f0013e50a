#include "parse/engine.h"
#include "tests/support/mudtest.h"

static void test_engine_says__the_lines_of_a_description(void **state)
{
    static const struct {
        const char *engine, *section, *key, *begins;
    } rows[] = {
        {"mybb", "post", "time", "[post] time = "},
        {"discuz/archive", "post", "author", "[post] author = "},
        {"mybb", "post", "nosuch", ""},
        {"nosuch", "post", "time", ""},
        {"", "post", "time", ""},
    };
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_str said = mud_engine_says(
            mud_str_z(rows[i].engine), rows[i].section, rows[i].key, arena);
        struct mud_str begins = mud_str_z(rows[i].begins);
        if (begins.n ? !mud_str_starts(said, begins) : said.n > 0)
            fail_msg("%s: %.*s", rows[i].engine, MUD_FMT(said));
    }
    mud_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_engine_says__the_lines_of_a_description),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
