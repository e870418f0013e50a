#include "cli/command.h"

#include "base/lang.h"
#include "tests/support/mudtest.h"

#include <stdio.h>
#include <stdlib.h>

static bool holds(struct mud_buf *text, const char *what)
{
    return strstr(mud_buf_cstr(text), what) != NULL;
}

static const struct mud_option *lists(const struct mud_command *c, int i)
{
    return i ? mud_global_options : c->options;
}

/* Enough operands for any command. */
static bool accepts(const struct mud_command *c, const struct mud_option *o)
{
    char form[64];
    const char *argv[8] = {"mudlark", form};
    struct mud_error err = {0};
    struct mud_args *args;
    int argc = 2;

    snprintf(form, sizeof form, "--%s", o->name);
    if (o->arg)
        argv[argc++] = "7";
    for (int i = 0; i < c->min; i++)
        argv[argc++] = "word";
    if (!mud_args_parse(&args, c, argc, argv, 1, &err))
        return false;
    bool good = mud_args_has(args, o->name) &&
                (!o->arg || !strcmp(mud_args_get(args, o->name), "7")) &&
                mud_args_count(args) == (size_t)c->min;
    mud_args_free(args);
    return good;
}

static void test_commands__parser_help_and_man_agree(void **state)
{
    struct mud_buf help = {0}, man = {0};
    char dashed[64];

    (void)state;
    for (const struct mud_command *c = mud_commands; c->name; c++) {
        mud_lang_set(false);
        mud_buf_clear(&help);
        mud_buf_clear(&man);
        mud_help_command(&help, c);
        mud_man(&man, c);
        for (int i = 0; i < 2; i++) {
            for (const struct mud_option *o = lists(c, i); o->name; o++) {
                size_t n = 0;
                assert_true(accepts(c, o));
                snprintf(dashed, sizeof dashed, "--%s", o->name);
                assert_true(holds(&help, dashed));
                assert_true(holds(&help, o->en));
                for (const char *p = o->name; *p; p++)
                    n += (size_t)snprintf(dashed + n,
                                          sizeof dashed - n,
                                          *p == '-' ? "\\-" : "%c",
                                          *p);
                assert_true(holds(&man, dashed));
            }
        }
        assert_true(holds(&help, c->about_en));
    }
    mud_buf_free(&help);
    mud_buf_free(&man);
}

static void test_commands__both_languages_are_there(void **state)
{
    struct mud_buf help = {0};

    (void)state;
    for (const struct mud_command *c = mud_commands; c->name; c++) {
        assert_true(*c->en && *c->zh && *c->about_en && *c->about_zh);
        assert_true(*c->examples);
        assert_true(strncmp(c->examples, "mudlark ", 8) == 0 ||
                    strncmp(c->examples, "echo ", 5) == 0);
        for (int i = 0; i < 2; i++) {
            for (const struct mud_option *o = lists(c, i); o->name; o++)
                assert_true(*o->en && *o->zh);
        }
        mud_lang_set(true);
        mud_buf_clear(&help);
        mud_help_command(&help, c);
        assert_true(holds(&help, c->about_zh));
    }
    mud_lang_set(false);
    mud_buf_free(&help);
}

static void test_commands__names_are_unique_and_found(void **state)
{
    (void)state;
    for (const struct mud_command *c = mud_commands; c->name; c++) {
        char name[64];
        const char *argv[4] = {"mudlark", name};
        int argc = 2, words;
        snprintf(name, sizeof name, "%s", c->name);
        char *space = strchr(name, ' ');
        if (space) {
            *space = 0;
            argv[argc++] = space + 1;
        }
        assert_ptr_equal(mud_command_find(argc, argv, &words), c);
        assert_int_equal(words, argc - 1);
        for (const struct mud_option *o = c->options; o->name; o++) {
            for (const struct mud_option *g = mud_global_options; g->name;
                 g++) {
                assert_string_not_equal(o->name, g->name);
                assert_true(!o->letter || o->letter != g->letter);
            }
        }
    }
}

static const struct mud_command *command(const char *one, const char *two)
{
    const char *argv[3] = {"mudlark", one, two};
    int words;

    return mud_command_find(two ? 3 : 2, argv, &words);
}

static void test_args__says_what_is_wrong(void **state)
{
    static const struct {
        const char *one, *two;
        const char *words[4];
        const char *says;
    } cases[] = {
        {"fetch", NULL, {"--no-such"}, "--no-such"},
        {"fetch", NULL, {"-Z"}, "-Z"},
        {"fetch", NULL, {"--max-pages"}, "needs a value"},
        {"fetch", NULL, {"--max-pages=1", "--max-pages=2"}, "twice"},
        {"fetch", NULL, {"--quiet=yes"}, "takes no value"},
        {"source", "add", {"--kind", "forum"}, "NAME"},
        {"source", "add", {"a", "b"}, "one word too many: b"},
        {"why", NULL, {"a"}, "A B"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *argv[6] = {"mudlark"};
        struct mud_error err = {0};
        struct mud_args *args;
        int argc = 1;
        for (int k = 0; k < 4 && cases[i].words[k]; k++)
            argv[argc++] = cases[i].words[k];
        assert_false(mud_args_parse(
            &args, command(cases[i].one, cases[i].two), argc, argv, 1, &err));
        assert_int_equal(err.code, MUD_EUSAGE);
        assert_non_null(strstr(err.text, cases[i].says));
    }
}

static void test_args__takes_every_form(void **state)
{
    const char *argv[] = {
        "mudlark", "-n5", "--quiet", "a", "--", "-b", "--host", "c"};
    struct mud_error err = {0};
    struct mud_args *args;
    int64_t n;

    (void)state;
    assert_true(
        mud_args_parse(&args, command("fetch", NULL), 8, argv, 1, &err));
    assert_int_equal(mud_args_count(args), 4);
    assert_string_equal(mud_args_operand(args, 1), "-b");
    assert_string_equal(mud_args_operand(args, 3), "c");
    assert_null(mud_args_operand(args, 4));
    assert_true(mud_args_number(&n, args, "max-pages", 1, 9, 0, &err));
    assert_int_equal(n, 5);
    assert_false(mud_args_number(&n, args, "max-pages", 6, 9, 0, &err));
    assert_non_null(strstr(err.text, "from 6 to 9"));
    mud_args_free(args);
}

static void test_man__roff_is_escaped(void **state)
{
    static const struct mud_option none[] = {{.name = NULL}};
    static const struct mud_command c = {
        .name = "x",
        .operands = "",
        .options = none,
        .en = "one-line",
        .zh = "x",
        .about_en = ".starts with a dot\n'and a quote\n\nback\\slash",
        .about_zh = "x",
        .examples = "mudlark x",
    };
    struct mud_buf man = {0};

    (void)state;
    mud_man(&man, &c);
    assert_true(holds(&man, "\n\\&.starts with a dot\n\\&'and a quote\n.PP\n"));
    assert_true(holds(&man, "back\\eslash"));
    assert_true(holds(&man, "one\\-line"));
    mud_buf_free(&man);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands__parser_help_and_man_agree),
        cmocka_unit_test(test_commands__both_languages_are_there),
        cmocka_unit_test(test_commands__names_are_unique_and_found),
        cmocka_unit_test(test_args__says_what_is_wrong),
        cmocka_unit_test(test_args__takes_every_form),
        cmocka_unit_test(test_man__roff_is_escaped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
