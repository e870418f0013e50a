#include "cli/lines.h"

#include "tests/support/mudtest.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static struct mud_lines open_text(const char *s, size_t n)
{
    char path[] = "/tmp/mud-lines-XXXXXX";
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(write(fd, s, n), n);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return (struct mud_lines){.fd = fd};
}

static void close_lines(struct mud_lines *lines)
{
    close(lines->fd);
    mud_lines_free(lines);
}

static void test_lines__ends_and_offsets(void **state)
{
    static const char text[] = "one\r\n\ntwo\nlast";

    static const struct {
        const char *text;
        uint64_t number, at;
    } want[] = {{"one", 1, 0}, {"", 2, 5}, {"two", 3, 6}, {"last", 4, 10}};
    struct mud_lines lines = open_text(text, sizeof text - 1);

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_true(mud_lines_next(&lines));
        assert_true(mud_str_eqz(lines.text, want[i].text));
        assert_int_equal(lines.number, want[i].number);
        assert_int_equal(lines.at, want[i].at);
        assert_true(lines.whole);
    }
    assert_false(mud_lines_next(&lines));
    close_lines(&lines);
}

static void test_lines__cuts_a_long_line_between_characters(void **state)
{
    size_t n = MUD_PIECE_MAX * 2 + 1000;
    char *text = malloc(n + 3);
    struct mud_lines lines;
    size_t seen = 0, pieces = 0;

    (void)state;
    n -= n % 3;
    for (size_t i = 0; i < n; i += 3)
        memcpy(text + i, "\xe8\x82\x89", 3);
    lines = open_text(text, n);
    while (mud_lines_next(&lines)) {
        assert_int_equal(lines.text.n % 3, 0);
        assert_memory_equal(lines.text.s, text + seen, lines.text.n);
        assert_int_equal(lines.number, 1);
        assert_int_equal(lines.at, seen);
        seen += lines.text.n;
        pieces++;
        assert_int_equal(lines.whole, seen == n);
    }
    assert_int_equal(seen, n);
    assert_int_equal(pieces, 3);
    close_lines(&lines);
    free(text);
}

static void test_lines__bytes_that_are_no_text_get_through(void **state)
{
    size_t n = MUD_PIECE_MAX + 10;
    char *text = malloc(n);
    struct mud_lines lines;
    size_t seen = 0;

    (void)state;
    memset(text, 0x80, n);
    lines = open_text(text, n);
    while (mud_lines_next(&lines))
        seen += lines.text.n;
    assert_int_equal(seen, n);
    close_lines(&lines);
    free(text);
}

/* Whoever batches must not wait for a line that nobody has written yet. */
static void test_lines__ready_says_what_needs_no_waiting(void **state)
{
    int pipe_fd[2];
    struct mud_lines lines;

    (void)state;
    assert_int_equal(pipe(pipe_fd), 0);
    lines = (struct mud_lines){.fd = pipe_fd[0]};
    assert_false(mud_lines_ready(&lines));
    assert_int_equal(write(pipe_fd[1], "a\nb\nc", 5), 5);
    assert_true(mud_lines_next(&lines));
    assert_true(mud_str_eqz(lines.text, "a"));
    assert_true(mud_lines_ready(&lines));
    assert_true(mud_lines_next(&lines));
    assert_true(mud_str_eqz(lines.text, "b"));
    assert_false(mud_lines_ready(&lines)); /* c has no end yet */
    assert_int_equal(write(pipe_fd[1], "d\n", 2), 2);
    close(pipe_fd[1]);
    assert_true(mud_lines_next(&lines));
    assert_true(mud_str_eqz(lines.text, "cd"));
    assert_false(mud_lines_next(&lines));
    close_lines(&lines);
}

static void test_lines__a_read_that_fails_is_no_end(void **state)
{
    struct mud_lines lines = {.fd = -1};
    struct mud_error err = {0};

    (void)state;
    assert_false(mud_lines_next(&lines));
    assert_int_equal(lines.error, EBADF);
    assert_false(mud_lines_fail(&lines, &err));
    assert_int_equal(err.code, MUD_EIO);
    mud_lines_free(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines__ends_and_offsets),
        cmocka_unit_test(test_lines__cuts_a_long_line_between_characters),
        cmocka_unit_test(test_lines__ready_says_what_needs_no_waiting),
        cmocka_unit_test(test_lines__a_read_that_fails_is_no_end),
        cmocka_unit_test(test_lines__bytes_that_are_no_text_get_through),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
