/* No command without its line in cli/deed.c, and none that is recorded by chance. */
#include "cli/deed.h"

#include "tests/support/mudtest.h"

#include <string.h>

static bool has_option(const struct mud_command *command, const char *name)
{
    for (const struct mud_option *o = command->options; o->name; o++)
        if (strcmp(o->name, name) == 0)
            return true;
    return false;
}

static void test_deeds__every_command_says_which_action_it_is(void **state)
{
    (void)state;
    for (const struct mud_command *c = mud_commands; c->name; c++) {
        const struct mud_deed_row *row = mud_deed_of(c);

        if (!row)
            fail_msg("cli/deed.c: which action is mudlark %s?", c->name);
        if (row->when == MUD_DEED_NEVER) {
            assert_true(!row->action && row->why && *row->why);
            continue;
        }
        assert_non_null(row->action);
        if (!mud_right_of(row->action))
            fail_msg("%s: no action %s", c->name, row->action);
        assert_true(!row->option == !row->instead);
        if (row->option)
            assert_true(has_option(c, row->option) &&
                        mud_right_of(row->instead));
    }
}

static void test_deeds__no_row_is_left_of_a_command_that_went(void **state)
{
    (void)state;
    for (const struct mud_deed_row *row = mud_deeds; row->command; row++) {
        bool there = false;

        for (const struct mud_command *c = mud_commands; c->name; c++)
            there = there || strcmp(c->name, row->command) == 0;
        if (!there)
            fail_msg("cli/deed.c: there is no mudlark %s", row->command);
    }
}

/* Reading settings and the list of people leaves no line; all else does. */
static void test_deeds__whatever_reads_evidence_or_changes_is_audited(
    void **state)
{
    (void)state;
    for (const struct mud_right *r = mud_rights; r->action; r++) {
        bool looks =
            !strcmp(r->action, "look") || !strcmp(r->action, "persons");

        assert_int_equal(r->audited, !looks);
        assert_true(r->roles && *r->en && *r->zh);
        assert_false(r->roles & MUD_PARTNER);
    }
}

static struct mud_args *parsed(const char *command, int argc,
                               const char *const *argv)
{
    struct mud_error err = {0};
    struct mud_args *args;
    const char *words[3] = {"mudlark", command, NULL};
    int n;

    assert_ok(mud_args_parse(
                  &args, mud_command_find(2, words, &n), argc, argv, 0, &err),
              &err);
    return args;
}

static void test_deeds__a_line_says_what_was_asked(void **state)
{
    static const char *const argv[] = {
        "QQ \xff 1", "--limit", "3", "--source=b"};
    struct mud_arena *arena = mud_arena_new();
    struct mud_args *args = parsed("search", 4, argv);
    struct mud_deed deed = mud_deed_line(args, "li", "root", arena);

    (void)state;
    assert_text(deed.who, "li");
    assert_string_equal(deed.action, "read");
    assert_string_equal(deed.kind, "search");
    assert_text(deed.object, "QQ \xef\xbf\xbd 1"); /* any bytes are text */
    assert_text(deed.detail,
                "{\"account\":\"root\",\"options\":{\"source\":\"b\","
                "\"limit\":\"3\"}}");
    mud_args_free(args);
    mud_arena_free(arena);
}

static void test_deeds__an_option_may_make_it_another_action(void **state)
{
    static const char *const argv[] = {"id", "--raw"};
    struct mud_args *plain = parsed("show", 1, argv);
    struct mud_args *raw = parsed("show", 2, argv);

    (void)state;
    assert_string_equal(mud_deed_right(plain)->action, "read");
    assert_string_equal(mud_deed_right(raw)->action, "original");
    mud_args_free(plain);
    mud_args_free(raw);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_deeds__every_command_says_which_action_it_is),
        cmocka_unit_test(test_deeds__no_row_is_left_of_a_command_that_went),
        cmocka_unit_test(
            test_deeds__whatever_reads_evidence_or_changes_is_audited),
        cmocka_unit_test(test_deeds__a_line_says_what_was_asked),
        cmocka_unit_test(test_deeds__an_option_may_make_it_another_action),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
