/* What systemd is told: by a word, and by `mudlark work` as it runs. */
#include "cli/notify.h"

#include "tests/support/mudtest.h"
#include "tests/support/pg.h"

#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* A socket at path; '@' stands for the abstract name space. */
static int listen_at(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    size_t n = strlen(path);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0 && n < sizeof at.sun_path);
    memcpy(at.sun_path, path, n);
    if (path[0] == '@')
        at.sun_path[0] = '\0';
    assert_int_equal(
        bind(fd,
             (struct sockaddr *)&at,
             (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)),
        0);
    setenv("NOTIFY_SOCKET", path, 1);
    return fd;
}

static const char *heard(int fd, int ms)
{
    static char word[256];
    struct pollfd p = {.fd = fd, .events = POLLIN};
    ssize_t n;

    if (poll(&p, 1, ms) != 1)
        return "";
    n = recv(fd, word, sizeof word - 1, 0);
    assert_true(n >= 0);
    word[n] = '\0';
    return word;
}

static void test_notify__reaches_both_kinds_of_sockets(void **state)
{
    const char *const paths[] = {mudtest_text("%s/s", mudtest_dir()),
                                 mudtest_text("@mud-%ld", (long)getpid())};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        int fd = listen_at(paths[i]);
        mud_notify("READY=1");
        assert_string_equal(heard(fd, 1000), "READY=1");
        close(fd);
    }
}

static void test_notify__says_nothing_where_nobody_asked(void **state)
{
    (void)state;
    mud_notify("READY=1"); /* the socket of above is gone */
    setenv("NOTIFY_SOCKET", "relative", 1);
    mud_notify("READY=1");
    unsetenv("NOTIFY_SOCKET");
    mud_notify("READY=1");
}

static void test_notify__a_worker_says_ready_and_that_it_lives(void **state)
{
    const char *home = mudtest_dir();
    int status;

    (void)state;
    if (!mudtest_binary())
        skip();
    int fd = listen_at(mudtest_text("%s/n", home));
    setenv("MUDLARK_DSN", mud_test_pg(), 1);
    setenv("MUDLARK_HOME", home, 1);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        execl(mudtest_binary(), "mudlark", "work", "--quiet", NULL);
        _exit(9);
    }
    assert_string_equal(heard(fd, 60000), "READY=1");
    assert_string_equal(heard(fd, 30000), "WATCHDOG=1");
    assert_string_equal(heard(fd, 30000), "WATCHDOG=1");
    kill(pid, SIGTERM);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close(fd);
    unsetenv("NOTIFY_SOCKET");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_notify__reaches_both_kinds_of_sockets),
        cmocka_unit_test(test_notify__says_nothing_where_nobody_asked),
        cmocka_unit_test(test_notify__a_worker_says_ready_and_that_it_lives),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
