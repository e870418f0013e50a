#include "run/crew.h"

#include "tests/support/mudtest.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Children write what they do into a file, a word a line. */
static const char *path;
static volatile sig_atomic_t stop, child_stop;

static void say(const char *what)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    char line[128];
    int n = snprintf(line, sizeof line, "%s %d\n", what, (int)getpid());

    assert_true(fd >= 0 && write(fd, line, (size_t)n) == n);
    close(fd);
}

/* How often a word stands there. */
static int said(const char *what)
{
    FILE *file = fopen(path, "r");
    char word[64];
    int n = 0, number;

    while (file && fscanf(file, "%63s %d", word, &number) == 2) {
        n += strcmp(word, what) == 0;
    }
    if (file)
        fclose(file);
    return n;
}

static void on_term(int number)
{
    (void)number;
    child_stop = 1;
}

static void on_alarm(int number)
{
    (void)number;
    stop = 1;
}

static int stays(const struct mud_crew_part *part, void *payload)
{
    (void)payload;
    signal(SIGTERM, on_term);
    say(part->name);
    while (!child_stop)
        usleep(10000);
    say("bye");
    return 0;
}

static int dies(const struct mud_crew_part *part, void *payload)
{
    (void)payload;
    say(part->name);
    return 1;
}

static int is_killed(const struct mud_crew_part *part, void *payload)
{
    (void)payload;
    say(part->name);
    raise(SIGKILL);
    return 0;
}

/* For one and a half seconds there is a visitor. */
static bool more(struct mud_crew_part *parts, size_t *n, size_t max,
                 void *payload)
{
    int *calls = payload;

    assert_true(max > 0);
    *n = ++*calls <= 2;
    parts[0] = (struct mud_crew_part){"visitor", stays};
    return true;
}

static void run_for(unsigned seconds, const struct mud_crew *crew)
{
    struct mud_error err = {0};

    stop = 0;
    signal(SIGALRM, on_alarm);
    alarm(seconds);
    assert_ok(mud_crew_run(crew, &err), &err);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* none is left */
}

static void test_crew__starts_again_what_dies_later_each_time(void **state)
{
    static const struct mud_crew_part parts[] = {
        {"stays", stays}, {"dies", dies}, {"is-killed", is_killed}};
    const struct mud_crew crew = {.parts = parts, .n_parts = 3, .stop = &stop};

    (void)state;
    path = mudtest_text("%s/a", mudtest_dir());
    run_for(5, &crew);
    assert_int_equal(said("stays"), 1);
    assert_int_equal(said("bye"), 1);    /* told to stop, it ended by itself */
    assert_in_range(said("dies"), 3, 4); /* at 0, 1, 3 s */
    assert_in_range(said("is-killed"), 3, 4);
}

static void test_crew__those_not_wanted_any_more_are_told(void **state)
{
    static const struct mud_crew_part parts[] = {{"stays", stays}};
    int calls = 0;
    const struct mud_crew crew = {.parts = parts,
                                  .n_parts = 1,
                                  .more = more,
                                  .more_seconds = 1,
                                  .payload = &calls,
                                  .stop = &stop};

    (void)state;
    path = mudtest_text("%s/b", mudtest_dir());
    run_for(4, &crew);
    assert_int_equal(said("visitor"), 1);
    assert_int_equal(said("bye"), 2);
    assert_true(calls >= 3);
}

static void test_crew__without_its_parent_a_child_ends(void **state)
{
    static const struct mud_crew_part parts[] = {{"stays", stays}};
    const struct mud_crew crew = {.parts = parts, .n_parts = 1, .stop = &stop};
    struct mud_error err = {0};
    pid_t pid;

    (void)state;
    path = mudtest_text("%s/c", mudtest_dir());
    stop = 0;
    pid = fork();
    if (pid == 0)
        _exit(!mud_crew_run(&crew, &err));
    for (int i = 0; i < 500 && !said("stays"); i++)
        usleep(10000);
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    for (int i = 0; i < 500 && !said("bye"); i++)
        usleep(10000);
    assert_int_equal(said("bye"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crew__starts_again_what_dies_later_each_time),
        cmocka_unit_test(test_crew__those_not_wanted_any_more_are_told),
        cmocka_unit_test(test_crew__without_its_parent_a_child_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
