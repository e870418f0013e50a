#include "tests/support/mudtest.h"

#include "base/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    NO_FILTERS = 77
};

/* What a jailed process may not do: a bit for each that worked after all. */
static int attempts(void)
{
    int got = 0;
    char *const args[] = {(char[]){"true"}, NULL};
    got |= open("/etc/passwd", O_RDONLY) >= 0 || errno != EPERM ? 1 : 0;
    got |= socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EPERM ? 2 : 0;
    got |= kill(getppid(), 0) == 0 || errno != EPERM ? 4 : 0;
    got |= execv("/bin/true", args) == 0 || errno != EPERM ? 8 : 0;
    got |= unlink("/nonexistent") == 0 || errno != EPERM ? 16 : 0;
    return got;
}

static void test_jail__keeps_a_process_to_itself(void **state)
{
    int ends[2], status = 0;
    char said[3] = "";
    (void)state;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        if (!mud_jail_enter())
            _exit(NO_FILTERS);
        int got = attempts();
        /* What it has open it may use. */
        if (write(ends[1], "ok", 2) != 2)
            got |= 32;
        _exit(got);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == NO_FILTERS) {
        (void)close(ends[0]);
        (void)close(ends[1]);
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(read(ends[0], said, 2), 2);
    assert_string_equal(said, "ok");
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static bool no_socket(int family, int type)
{
    return socket(family, type, 0) < 0 && errno == EACCES;
}

/* It reaches nobody, but may do all else, start programs included: what they may
 * do is the same. */
static void test_jail__offline_gives_local_sockets_only(void **state)
{
    int status = 0;
    char *const args[] = {(char[]){"true"}, NULL};
    pid_t pid = fork();

    (void)state;
    assert_true(pid >= 0);
    if (pid == 0) {
        if (!mud_jail_offline())
            _exit(NO_FILTERS);
        int got = no_socket(AF_INET, SOCK_STREAM) ? 0 : 1;
        got |= no_socket(AF_INET6, SOCK_DGRAM) ? 0 : 2;
        got |= no_socket(AF_NETLINK, SOCK_RAW) ? 0 : 4;
        got |= no_socket(AF_PACKET, SOCK_RAW) ? 0 : 8;
        got |= socket(AF_UNIX, SOCK_STREAM, 0) < 0 ? 16 : 0;
        if (got == 0)
            execv("/bin/true", args);
        _exit(got ? got : 32);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == NO_FILTERS)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jail__keeps_a_process_to_itself),
        cmocka_unit_test(test_jail__offline_gives_local_sockets_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
