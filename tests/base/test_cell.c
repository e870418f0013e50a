#include "tests/support/mudtest.h"

#include "base/cell.h"
#include "base/time.h"

#include <stdlib.h>
#include <unistd.h>

/* Answers each byte: 'e' with itself, 'd' by its death, 's' not in time, and 'o'
 * with how many files beyond its socket it has. */
static void serve(int fd, void *payload)
{
    char c;
    (void)payload;
    mud_cell_cpu(5);
    while (mud_cell_get(fd, &c, 1)) {
        if (c == 'd')
            abort();
        if (c == 's')
            (void)sleep(30);
        if (c == 'o') {
            c = 0;
            for (int i = 4; i < 256; i++)
                c = (char)(c + (dup2(i, i) == i));
        }
        if (!mud_cell_put(fd, &c, 1))
            return;
    }
}

static const struct mud_cell_terms terms = {
    .name = "mudlark-test",
    .memory = (size_t)1 << 30,
    .stack = (size_t)1 << 20,
    .serve = serve,
};

static bool ask(const struct mud_cell *cell, char c, char *answer, int ms)
{
    return mud_cell_put(cell->fd, &c, 1) &&
           mud_cell_get_until(
               cell->fd, answer, 1, mud_monotonic() + ms * INT64_C(1000));
}

static void test_cell__answers_with_no_open_files(void **state)
{
    struct mud_cell cell = {0};
    struct mud_error err = {0};
    char c = 'x';
    (void)state;
    assert_ok(mud_cell_start(&cell, &terms, &err), &err);
    assert_true(ask(&cell, 'e', &c, 5000));
    assert_int_equal(c, 'e');
    assert_true(ask(&cell, 'o', &c, 5000));
    assert_int_equal(c, 0);
    mud_cell_stop(&cell);
    assert_int_equal(cell.pid, 0);
    mud_cell_stop(&cell); /* once more is nothing */
}

static void test_cell__death_and_delay_are_seen(void **state)
{
    struct mud_cell cell = {0};
    struct mud_error err = {0};
    char c = 'x';
    (void)state;
    assert_ok(mud_cell_start(&cell, &terms, &err), &err);
    assert_false(ask(&cell, 's', &c, 50));
    mud_cell_stop(&cell);
    assert_ok(mud_cell_start(&cell, &terms, &err), &err);
    assert_false(ask(&cell, 'd', &c, 5000));
    assert_false(ask(&cell, 'e', &c, 5000)); /* and no SIGPIPE */
    mud_cell_stop(&cell);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cell__answers_with_no_open_files),
        cmocka_unit_test(test_cell__death_and_delay_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
