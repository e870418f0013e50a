#include "tests/support/mudtest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static void test_support__files_come_back_as_written(void **state)
{
    const char *dir = mudtest_dir();
    const char *path = mudtest_text("%s/a/b/c.txt", dir);

    (void)state;
    assert_false(mudtest_exists(path));
    mudtest_write(path, MUD_STR("one\0two"));
    assert_true(mudtest_exists(path));
    assert_bytes(mudtest_read(path), MUD_STR("one\0two"));
    mudtest_write(path, MUD_STR(""));
    assert_text(mudtest_read(path), "");
}

static void test_support__folders_differ(void **state)
{
    (void)state;
    assert_string_not_equal(mudtest_dir(), mudtest_dir());
}

static void test_support__run_gives_output_and_code(void **state)
{
    const char *const argv[] = {"sh", "-c", "cat; echo no >&2; exit 7", NULL};
    struct mudtest_run run = mudtest_run(argv, MUD_STR("hello"), NULL, 20);

    (void)state;
    assert_int_equal(run.code, 7);
    assert_false(run.late);
    assert_text(run.out, "hello");
    assert_text(run.err, "no\n");
}

static void test_support__run_takes_more_than_a_pipe_holds(void **state)
{
    const char *const argv[] = {"cat", NULL};
    struct mud_arena *arena = mud_arena_new();
    struct mud_str in = {mud_arena_alloc(arena, 1 << 20), 1 << 20};
    struct mudtest_run run = mudtest_run(argv, in, NULL, 20);

    (void)state;
    assert_int_equal(run.code, 0);
    assert_bytes(run.out, in);
    mud_arena_free(arena);
}

static void test_support__run_ends_at_the_deadline(void **state)
{
    const char *const argv[] = {"sh", "-c", "echo a; sleep 60 & wait", NULL};
    const char *const closed[] = {"sh", "-c", "exec >&- 2>&-; sleep 60", NULL};
    struct mudtest_run run = mudtest_run(argv, MUD_STR(""), NULL, 1);

    (void)state;
    assert_true(run.late);
    assert_int_equal(run.code, 128 + 9);
    assert_text(run.out, "a\n");
    run = mudtest_run(closed, MUD_STR(""), NULL, 1);
    assert_true(run.late);
}

static void test_support__run_sets_and_removes_variables(void **state)
{
    const char *const argv[] = {"sh", "-c", "echo $A-${HOME-none}", NULL};
    const char *const env[] = {"A=1", "HOME", NULL};

    (void)state;
    assert_text(mudtest_run(argv, MUD_STR(""), env, 20).out, "1-none\n");
}

static void test_support__run_says_what_is_missing(void **state)
{
    const char *const argv[] = {"no-such-program", NULL};
    struct mudtest_run run = mudtest_run(argv, MUD_STR(""), NULL, 20);

    (void)state;
    assert_int_equal(run.code, 127);
    assert_has(run.err, "no-such-program");
}

static void test_support__sh_goes_away_with_its_folder(void **state)
{
    /* A program that makes a folder and ends leaves nothing behind. */
    const char *self = mudtest_text("%s", program_invocation_name);
    const char *tmp = mudtest_dir();
    struct mudtest_run run;

    (void)state;
    run = mudtest_sh("TMPDIR=%s MUDTEST_INNER=1 %s && ls %s", tmp, self, tmp);
    assert_int_equal(run.code, 0);
    assert_has(run.out, tmp);
    assert_lacks(mudtest_sh("ls %s", tmp).out, "mudtest-");
}

/* The program that the last test runs. */
static int inner(void)
{
    const char *dir = mudtest_dir();

    mudtest_write(mudtest_text("%s/x/y", dir), MUD_STR("z"));
    printf("%s\n", dir);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_support__files_come_back_as_written),
        cmocka_unit_test(test_support__folders_differ),
        cmocka_unit_test(test_support__run_gives_output_and_code),
        cmocka_unit_test(test_support__run_takes_more_than_a_pipe_holds),
        cmocka_unit_test(test_support__run_ends_at_the_deadline),
        cmocka_unit_test(test_support__run_sets_and_removes_variables),
        cmocka_unit_test(test_support__run_says_what_is_missing),
        cmocka_unit_test(test_support__sh_goes_away_with_its_folder),
    };

    if (getenv("MUDTEST_INNER"))
        return inner();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
