#include "tests/support/mudtest.h"

#include <errno.h>
#include <stdlib.h>

#include "base/utf8.h"

static void test_error__the_first_failure_wins(void **state)
{
    struct mud_error err = {0};

    (void)state;
    assert_false(mud_fail(&err, MUD_EINPUT, "line %d: no key", 7));
    assert_int_equal(err.code, MUD_EINPUT);
    assert_string_equal(err.text, "line 7: no key");
    mud_fail(&err, MUD_EIO, "later");
    errno = ENOENT;
    mud_fail_errno(&err, MUD_EIO, "later still");
    assert_int_equal(err.code, MUD_EINPUT);
    assert_string_equal(err.text, "line 7: no key");
}

static void test_error__errno_is_put_in_words(void **state)
{
    struct mud_error err = {0};

    (void)state;
    errno = ENOENT;
    assert_false(mud_fail_errno(&err, MUD_EMISSING, "open %s", "a.html"));
    assert_string_equal(err.text, "open a.html: No such file or directory");
    assert_int_equal(errno, ENOENT);
}

static void test_error__context_goes_in_front(void **state)
{
    struct mud_error err = {0};

    (void)state;
    mud_fail_in(&err, "nothing to add to");
    assert_int_equal(err.code, MUD_OK);
    assert_string_equal(err.text, "");
    mud_fail(&err, MUD_ECORRUPT, "truncated");
    assert_false(mud_fail_in(&err, "member %d", 3));
    mud_fail_in(&err, "read %s", "x.warc.gz");
    assert_string_equal(err.text, "read x.warc.gz: member 3: truncated");
    assert_int_equal(err.code, MUD_ECORRUPT);
}

static void test_error__null_is_taken(void **state)
{
    (void)state;
    assert_false(mud_fail(NULL, MUD_EIO, "x"));
    assert_false(mud_fail_errno(NULL, MUD_EIO, "x"));
    assert_false(mud_fail_in(NULL, "x"));
    mud_error_clear(NULL);
}

static void test_error__clear_makes_it_new(void **state)
{
    struct mud_error err = {0};

    (void)state;
    mud_fail(&err, MUD_EIO, "a");
    mud_error_clear(&err);
    assert_int_equal(err.code, MUD_OK);
    mud_fail(&err, MUD_EDB, "b");
    assert_string_equal(err.text, "b");
}

/* However long, the text ends with a whole character. */
static void test_error__is_cut_at_a_character(void **state)
{
    char chinese[1201];
    struct mud_error err;

    (void)state;
    for (size_t i = 0; i < 1200; i += 3)
        memcpy(chinese + i, "肉", 3);
    chinese[1200] = '\0';
    for (int shift = 0; shift < 4; shift++) {
        size_t n;

        err = (struct mud_error){0};
        mud_fail(&err, MUD_EINPUT, "%.*s%s", shift, "aaaa", chinese);
        n = strlen(err.text);
        assert_in_range(n, sizeof(err.text) - 4, sizeof(err.text) - 1);
        assert_int_equal(mud_utf8_valid(mud_str_z(err.text)), n);
        assert_int_equal((n - (size_t)shift) % 3, 0);
        mud_fail_in(&err, "b");
        n = strlen(err.text);
        assert_int_equal(mud_utf8_valid(mud_str_z(err.text)), n);
        assert_int_equal((n - (size_t)shift) % 3, 0);
    }
}

static void test_error__strangers_bytes_cannot_drive_a_terminal(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"a\033[2Jb", "a?[2Jb"},
        {"a\r\nb\tc", "a  b c"},
        {"\xC3\x28", "?("},
        {"\xC2\x9B"
         "31m",
         "??31m"},
        {"\x7F", "?"},
        {"\xE5\x87", "??"},
        {"出售 é 😀", "出售 é 😀"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_error err = {0};

        mud_fail(&err, MUD_EINPUT, "%s", rows[i].in);
        assert_string_equal(err.text, rows[i].out);
    }
}

static void test_error__exit_codes_are_those_of_the_contract(void **state)
{
    static const struct {
        enum mud_code code;
        int exit;
    } rows[] = {
        {MUD_OK, 0},
        {MUD_EINPUT, 1},
        {MUD_ELIMIT, 1},
        {MUD_EIO, 1},
        {MUD_EDB, 1},
        {MUD_ENET, 1},
        {MUD_EAGAIN, 75},
        {MUD_EUSAGE, 2},
        {MUD_EDENIED, 1},
        {MUD_EMISSING, 1},
        {MUD_ECORRUPT, 1},
        {MUD_EBUG, 1},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_error err = {.code = rows[i].code};

        assert_int_equal(mud_error_exit(&err), rows[i].exit);
    }
}

static void test_error__allocations_of_nothing_are_something(void **state)
{
    void *p = mud_malloc(0);
    unsigned char *q = mud_calloc(0, 8);
    char *s;

    (void)state;
    assert_non_null(p);
    p = mud_realloc(p, 0);
    assert_non_null(p);
    free(p);
    assert_non_null(q);
    free(q);
    q = mud_calloc(4, 4);
    for (int i = 0; i < 16; i++)
        assert_int_equal(q[i], 0);
    free(q);
    s = mud_strdup("abc");
    assert_string_equal(s, "abc");
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_error__the_first_failure_wins),
        cmocka_unit_test(test_error__errno_is_put_in_words),
        cmocka_unit_test(test_error__context_goes_in_front),
        cmocka_unit_test(test_error__null_is_taken),
        cmocka_unit_test(test_error__clear_makes_it_new),
        cmocka_unit_test(test_error__is_cut_at_a_character),
        cmocka_unit_test(test_error__strangers_bytes_cannot_drive_a_terminal),
        cmocka_unit_test(test_error__exit_codes_are_those_of_the_contract),
        cmocka_unit_test(test_error__allocations_of_nothing_are_something),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
