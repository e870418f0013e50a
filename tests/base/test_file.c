#include "tests/support/mudtest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"

static void test_file__reads_all_up_to_the_limit(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    const char *path = mudtest_text("%s/a", mudtest_dir());
    struct mud_error err = {0};
    struct mud_str text = {0};

    (void)state;
    mudtest_write(path, MUD_STR("a\0bcd"));
    assert_ok(mud_file_read(&text, path, 5, arena, &err), &err);
    assert_bytes(text, MUD_STR("a\0bcd"));
    assert_int_equal(text.s[5], '\0');
    assert_fails(mud_file_read(&text, path, 4, arena, &err),
                 &err,
                 MUD_ELIMIT,
                 "more than 4 bytes");
    mudtest_write(path, MUD_STR(""));
    assert_ok(mud_file_read(&text, path, 0, arena, &err), &err);
    assert_int_equal(text.n, 0);
    assert_non_null(text.s);
    mud_arena_free(arena);
}

static void test_file__writes_all_or_says_that_it_did_not(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    const char *path = mudtest_text("%s/w", mudtest_dir());
    struct mud_error err = {0};
    struct mud_str text = {0};
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

    (void)state;
    assert_true(fd >= 0 && full >= 0);
    assert_true(mud_write_all(fd, MUD_STR("a\0b")));
    assert_true(mud_write_all(fd, MUD_STR("")));
    assert_true(mud_write_all(fd, MUD_STR("cd")));
    assert_ok(mud_file_read(&text, path, 100, arena, &err), &err);
    assert_bytes(text, MUD_STR("a\0bcd"));
    errno = 0;
    assert_false(mud_write_all(full, MUD_STR("a")));
    assert_int_equal(errno, ENOSPC);
    close(fd);
    close(full);
    mud_arena_free(arena);
}

static void test_file__reads_what_has_no_size(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_error err = {0};
    struct mud_str text = {0};

    (void)state;
    assert_ok(mud_file_read(&text, "/proc/self/smaps", 1 << 22, arena, &err),
              &err);
    assert_true(text.n > 4096);
    assert_has(text, program_invocation_short_name);
    assert_ok(mud_file_read(&text, "/dev/null", 0, arena, &err), &err);
    assert_fails(mud_file_read(&text, "/dev/zero", 100000, arena, &err),
                 &err,
                 MUD_ELIMIT,
                 "/dev/zero: more than 100000 bytes");
    mud_arena_free(arena);
}

static void test_file__says_what_is_wrong(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    const char *dir = mudtest_dir();
    struct mud_error err = {0};
    struct mud_str text = {0};

    (void)state;
    assert_fails(
        mud_file_read(&text, mudtest_text("%s/none", dir), 10, arena, &err),
        &err,
        MUD_EMISSING,
        "/none: No such file");
    assert_fails(mud_file_read(&text, dir, 1 << 20, arena, &err),
                 &err,
                 MUD_EIO,
                 "Is a directory");
    mudtest_write(mudtest_text("%s/f", dir), MUD_STR("x"));
    assert_fails(
        mud_file_read(&text, mudtest_text("%s/f/g", dir), 10, arena, &err),
        &err,
        MUD_EIO,
        "Not a directory");
    assert_null(text.s);
    mud_arena_free(arena);
}

static void test_file__makes_folders_for_the_owner_alone(void **state)
{
    const char *dir = mudtest_dir();
    struct mud_error err = {0};
    struct stat st;

    (void)state;
    for (int i = 0; i < 2; i++)
        assert_ok(mud_mkdirs(mudtest_text("%s/a//b/c/", dir), &err), &err);
    assert_int_equal(stat(mudtest_text("%s/a/b/c", dir), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_int_equal(stat(mudtest_text("%s/a", dir), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_ok(mud_mkdirs("/", &err), &err);
}

static void test_file__makes_no_folder_over_a_file(void **state)
{
    const char *dir = mudtest_dir();
    struct mud_error err = {0};
    char longer[5000];

    (void)state;
    mudtest_write(mudtest_text("%s/f", dir), MUD_STR("x"));
    assert_fails(mud_mkdirs(mudtest_text("%s/f", dir), &err),
                 &err,
                 MUD_EIO,
                 "/f: a file is in the way");
    assert_fails(
        mud_mkdirs(mudtest_text("%s/f/g/h", dir), &err), &err, MUD_EIO, "/f");
    assert_fails(mud_mkdirs("", &err), &err, MUD_EIO, "0 bytes");
    memset(longer, 'a', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    assert_fails(mud_mkdirs(longer, &err), &err, MUD_EIO, "4999 bytes");
    assert_fails(
        mud_mkdirs("/proc/nothing/here", &err), &err, MUD_EIO, "/proc/nothing");
}

static void set(const char *name, const char *value)
{
    if (value)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

static void test_file__home_is_found_in_order(void **state)
{
    static const struct {
        const char *own, *data, *home, *want; /* "@": below this folder */
    } rows[] = {
        {"/m", "/d", "/h", "/m"},
        {"/m/", NULL, NULL, "/m"},
        {"/", NULL, NULL, "/"},
        {"own/x", "/d", "/h", "@/own/x"},
        {NULL, "/d", "/h", "/d/mudlark"},
        {"", "/d", "/h", "/d/mudlark"},
        {NULL, "relative", "/h", "/h/.local/share/mudlark"},
        {NULL, "", "/h", "/h/.local/share/mudlark"},
        {NULL, NULL, "/h", "/h/.local/share/mudlark"},
        {NULL, NULL, "h", NULL},
        {NULL, NULL, "", NULL},
        {NULL, NULL, NULL, NULL},
    };

    char out[4096], here[4096];

    (void)state;
    assert_non_null(getcwd(here, sizeof(here)));
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_error err = {0};
        const char *want = rows[i].want;
        bool ok, by_home = !(rows[i].own && *rows[i].own) &&
                           !(rows[i].data && *rows[i].data == '/');

        if (by_home && geteuid() == 0) /* root's own is not entered */
            want = "/var/lib/mudlark";

        set("MUDLARK_HOME", rows[i].own);
        set("XDG_DATA_HOME", rows[i].data);
        set("HOME", rows[i].home);
        ok = mud_home(out, sizeof(out), &err);
        if (!want) {
            assert_fails(ok, &err, MUD_EUSAGE, "MUDLARK_HOME");
            continue;
        }
        assert_ok(ok, &err);
        if (want[0] == '@')
            want = mudtest_text("%s%s", here, want + 1);
        assert_string_equal(out, want);
    }
}

static void test_file__home_must_fit(void **state)
{
    struct mud_error err = {0};
    char out[8];

    (void)state;
    set("MUDLARK_HOME", "/1234567");
    assert_fails(
        mud_home(out, sizeof(out), &err), &err, MUD_EUSAGE, "too long");
    set("MUDLARK_HOME", "/123456");
    assert_ok(mud_home(out, sizeof(out), &err), &err);
    assert_string_equal(out, "/123456");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file__reads_all_up_to_the_limit),
        cmocka_unit_test(test_file__writes_all_or_says_that_it_did_not),
        cmocka_unit_test(test_file__reads_what_has_no_size),
        cmocka_unit_test(test_file__says_what_is_wrong),
        cmocka_unit_test(test_file__makes_folders_for_the_owner_alone),
        cmocka_unit_test(test_file__makes_no_folder_over_a_file),
        cmocka_unit_test(test_file__home_is_found_in_order),
        cmocka_unit_test(test_file__home_must_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
