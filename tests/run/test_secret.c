#include "run/secret.h"

#include "tests/support/mudtest.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *secrets(const char *home, const char *name, const char *text,
                           mode_t mode)
{
    static char path[1024];
    FILE *file;

    snprintf(path, sizeof path, "%s/secrets", home);
    (void)mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/secrets/%s", home, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
    return path;
}

static void test_secret__comes_from_a_file_of_its_own(void **state)
{
    const char *home = mudtest_dir();
    struct mud_secret *secret = NULL;
    struct mud_error err = {0};
    struct mud_str value;

    (void)state;
    secrets(home,
            "board-1",
            "# made for the test\n\nuser = 李 四\r\npassword=a = b \n",
            0600);
    assert_ok(mud_secret_open(&secret, home, MUD_STR("board-1"), &err), &err);
    assert_text(mud_secret_get(secret, "user"), "李 四");
    assert_text(mud_secret_get(secret, "password"), "a = b");
    assert_text(mud_secret_get(secret, "token"), "");
    assert_fails(mud_secret_need(&value, secret, "token", &err),
                 &err,
                 MUD_EMISSING,
                 "MUDLARK_SECRET_BOARD_1_TOKEN");
    mud_secret_free(secret);
}

static void test_secret__environment_counts_more(void **state)
{
    const char *home = mudtest_dir();
    struct mud_secret *secret = NULL;
    struct mud_error err = {0};

    (void)state;
    secrets(home, "群", "token = of the file\n", 0400);
    setenv("MUDLARK_SECRET_____TOKEN", "of the environment", 1);
    assert_ok(mud_secret_open(&secret, home, MUD_STR("群"), &err), &err);
    assert_text(mud_secret_get(secret, "token"), "of the environment");
    unsetenv("MUDLARK_SECRET_____TOKEN");
    assert_text(mud_secret_get(secret, "token"), "of the file");
    mud_secret_free(secret);
}

static void refused(const char *home, const char *name, enum mud_code code)
{
    struct mud_secret *secret = NULL;
    struct mud_error err = {0};

    assert_false(mud_secret_open(&secret, home, mud_str_z(name), &err));
    assert_int_equal(err.code, code);
    assert_null(strstr(err.text, "hunter2"));
}

static void test_secret__that_others_read_is_refused(void **state)
{
    const char *home = mudtest_dir();
    char link[1024];
    static char large[20000];

    (void)state;
    secrets(home, "open", "password = hunter2\n", 0644);
    refused(home, "open", MUD_EDENIED);
    secrets(home, "group", "password = hunter2\n", 0640);
    refused(home, "group", MUD_EDENIED);
    secrets(home, "bad", "password = x\nhunter2\n", 0600);
    refused(home, "bad", MUD_EINPUT);
    memset(large, '#', sizeof large - 1);
    secrets(home, "large", large, 0600);
    refused(home, "large", MUD_ELIMIT);
    snprintf(link, sizeof link, "%s/secrets/link", home);
    assert_int_equal(symlink("open", link), 0);
    refused(home, "link", MUD_EIO);
    refused(home, "../open", MUD_EUSAGE);
    refused(home, ".hidden", MUD_EUSAGE);
    refused(home, "", MUD_EUSAGE);
}

static void test_secret__without_any_says_where_to_put_it(void **state)
{
    struct mud_secret *secret = NULL;
    struct mud_error err = {0};
    struct mud_str value;

    (void)state;
    assert_ok(mud_secret_open(&secret, mudtest_dir(), MUD_STR("none"), &err),
              &err);
    assert_fails(mud_secret_need(&value, secret, "password", &err),
                 &err,
                 MUD_EMISSING,
                 "secrets/none");
    mud_secret_free(secret);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secret__comes_from_a_file_of_its_own),
        cmocka_unit_test(test_secret__environment_counts_more),
        cmocka_unit_test(test_secret__that_others_read_is_refused),
        cmocka_unit_test(test_secret__without_any_says_where_to_put_it)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
