#include "store/program.h"

#include "tests/support/mudtest.h"
#include "tests/support/pg.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct mud_program_user self(void)
{
    return (struct mud_program_user){.uid = geteuid(), .gid = getegid()};
}

static bool shell(const struct mud_program_user *user, const char *script,
                  int64_t ms, struct mud_error *err)
{
    const char *const argv[] = {"/bin/sh", "-c", script, NULL};
    const char *log = mudtest_text("%s/log", mud_test_dir());

    return mud_program_run(user, mud_test_dir(), log, argv, ms, err);
}

static void test_program__failures_say_why(void **state)
{
    static const struct {
        const char *script, *part;
        enum mud_code code;
    } rows[] = {
        {"echo old error: no; echo 'x: error: no such thing' >&2; exit 3",
         "sh failed (exit 3): error: no such thing",
         MUD_EIO},
        {"echo one; echo two; exit 1", "one | two", MUD_EIO},
        {"echo 'FATAL:  the database system is starting up'; "
         "echo 'FATAL:  no room'; echo 'PANIC:  cannot abort'; exit 1",
         "(exit 1): FATAL:  no room",
         MUD_EIO},
        {"kill -9 $$", "signal 9", MUD_EIO},
        {"sleep 30", "not done within", MUD_ELIMIT},
    };
    struct mud_program_user user = self();
    struct mud_error err = {0};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_fails(shell(&user, rows[i].script, 2000, &err),
                     &err,
                     rows[i].code,
                     rows[i].part);
    const char *const none[] = {"/nonexistent/initdb", NULL};
    assert_fails(mud_program_run(&user,
                                 "/",
                                 mudtest_text("%s/log", mud_test_dir()),
                                 none,
                                 1000,
                                 &err),
                 &err,
                 MUD_EIO,
                 "/nonexistent/initdb");
    const char *const sh[] = {"/bin/sh", "-c", ":", NULL};
    assert_fails(mud_program_run(&user,
                                 "/",
                                 mudtest_text("%s/no/log", mud_test_dir()),
                                 sh,
                                 1000,
                                 &err),
                 &err,
                 MUD_EIO,
                 "no/log");
}

static void test_program__environment_is_next_to_nothing(void **state)
{
    struct mud_program_user user = self();
    struct mud_error err = {0};

    (void)state;
    assert_int_equal(setenv("PGPASSWORD", "hunter2", 1), 0);
    bool good = shell(&user,
                      "test -z \"$PGPASSWORD\" && test \"$HOME\" = \"$PWD\"",
                      5000,
                      &err);
    assert_int_equal(unsetenv("PGPASSWORD"), 0);
    assert_ok(good, &err);
}

static void test_program__root_is_given_up_for_good(void **state)
{
    struct mud_program_user user;
    struct mud_error err = {0};

    (void)state;
    if (geteuid() != 0)
        skip();
    assert_ok(mud_program_user(&user, NULL, &err), &err);
    assert_true(user.change && user.uid != 0);
    const char *script =
        mudtest_text("test \"$(id -u)\" = %u && test \"$(id -g)\" = %u && "
                     "! cat /etc/shadow && ! id -G | grep -qw 0 && "
                     "grep -q 'NoNewPrivs:.1' /proc/self/status",
                     (unsigned)user.uid,
                     (unsigned)user.gid);
    assert_ok(shell(&user, script, 5000, &err), &err);
    assert_true(mud_program_reaches(&user, mud_test_dir()));
    assert_false(mud_program_reaches(&user, "/nonexistent"));

    assert_int_equal(setenv("MUDLARK_USER", "no-such-user", 1), 0);
    bool found = mud_program_user(&user, NULL, &err);
    assert_int_equal(unsetenv("MUDLARK_USER"), 0);
    assert_fails(found, &err, MUD_EUSAGE, "no-such-user");
    /* A data folder of root's would need a server that runs as root. */
    assert_fails(mud_program_user(&user, "/", &err),
                 &err,
                 MUD_EUSAGE,
                 "must not run as root");
}

static void test_program__a_zombie_is_not_alive(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    assert_true(mud_program_alive(child));
    assert_true(mud_program_alive(getpid()));
    assert_false(mud_program_alive(0));
    assert_int_equal(kill(child, SIGKILL), 0);
    for (int i = 0; i < 100 && mud_program_alive(child); i++)
        poll(NULL, 0, 20);
    assert_false(mud_program_alive(child)); /* dead, but not reaped yet */
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_false(mud_program_alive(child));
}

static void test_program__servers_are_found_by_version(void **state)
{
    char dir[MUD_PATH], again[MUD_PATH];
    struct mud_error err = {0};
    int major, found;

    (void)state;
    assert_ok(mud_program_find(dir, &major, 0, &err), &err);
    assert_true(major >= MUD_PG_OLDEST);
    assert_ok(mud_program_find(again, &found, major, &err), &err);
    assert_int_equal(found, major);
    assert_int_equal(setenv("MUDLARK_PG_BINDIR", dir, 1), 0);
    bool good = mud_program_find(again, &found, 0, &err);
    bool other = mud_program_find(again, &found, 98, NULL);
    assert_int_equal(unsetenv("MUDLARK_PG_BINDIR"), 0);
    assert_ok(good, &err);
    assert_false(other);
    assert_fails(mud_program_find(again, &found, 98, &err),
                 &err,
                 MUD_EMISSING,
                 "postgresql-98");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_program__failures_say_why),
        cmocka_unit_test(test_program__environment_is_next_to_nothing),
        cmocka_unit_test(test_program__root_is_given_up_for_good),
        cmocka_unit_test(test_program__a_zombie_is_not_alive),
        cmocka_unit_test(test_program__servers_are_found_by_version),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
