#include "store/server.h"

#include "base/time.h"
#include "store/db.h"
#include "tests/support/mudtest.h"
#include "tests/support/pg.h"

#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A home of its own, which an unprivileged server can reach. */
static const char *new_home(void)
{
    static int n;

    return mudtest_text("%s/home%d", mud_test_dir(), ++n);
}

static struct mud_server start(const char *home)
{
    struct mud_error err = {0};
    struct mud_server server;

    assert_ok(mud_server_start(&server, home, &err), &err);
    assert_true(server.running);
    return server;
}

static bool stop(const char *home)
{
    struct mud_error err = {0};
    bool was;

    assert_ok(mud_server_stop(home, &was, &err), &err);
    return was;
}

static struct mud_pg *connect_to(const char *home)
{
    struct mud_error err = {0};
    struct mud_place place;
    char dsn[MUD_PATH];

    assert_ok(mud_server_place(&place, home, &err), &err);
    assert_ok(mud_server_dsn(dsn, sizeof(dsn), &place, "mudlark", &err), &err);
    return mud_test_pg_open(dsn);
}

static void test_server__starts_stops_and_says_how_it_is(void **state)
{
    struct mud_error err = {0};
    const char *home = new_home();
    struct mud_server server;

    (void)state;
    assert_ok(mud_server_status(&server, home, &err), &err);
    assert_false(server.made);
    assert_false(stop(home));

    server = start(home);
    assert_true(server.made && server.pid > 1 && server.major >= 15);
    assert_true(server.size > 10 << 20);
    assert_true(strtol(server.version, NULL, 10) == server.major);
    assert_string_equal(server.place.socket, mudtest_text("%s/run", home));
    assert_int_equal(start(home).pid, server.pid);

    struct mud_pg *pg = connect_to(home);
    assert_int_equal(mud_test_pg_int(pg,
                                     "SELECT (current_setting("
                                     "'listen_addresses') = '')::int"),
                     1);
    assert_int_equal(mud_test_pg_int(pg,
                                     "SELECT (current_setting("
                                     "'data_checksums') = 'on')::int"),
                     1);
    mud_pg_close(pg);

    /* Not as root, and with a folder that nobody else may enter. */
    struct stat st;
    assert_int_equal(stat(mudtest_text("/proc/%d", (int)server.pid), &st), 0);
    assert_int_not_equal(st.st_uid, 0);
    assert_int_equal(stat(server.place.socket, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);

    assert_true(stop(home));
    assert_false(stop(home));
    assert_ok(mud_server_status(&server, home, &err), &err);
    assert_true(server.made);
    assert_false(server.running || server.busy || server.pid);
    start(home);
    stop(home);
}

static void test_server__many_starts_at_once_make_one_server(void **state)
{
    const char *home = new_home();
    pid_t pids[5];
    int status;

    (void)state;
    for (int i = 0; i < 5; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            struct mud_error err = {0};
            struct mud_pg *pg = NULL;
            bool good = mud_db_open(&pg, home, &err);

            if (!good)
                (void)fprintf(stderr, "start: %s\n", err.text);
            mud_pg_close(pg);
            _exit(!good);
        }
    }
    for (int i = 0; i < 5; i++) {
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    assert_true(stop(home));
}

/* A transaction that commits rows in a loop until the server dies. */
static void write_until_dead(const char *home)
{
    struct mud_pg *pg = connect_to(home);
    FILE *told = fopen(mudtest_text("%s/told", home), "we");

    for (int i = 1; told; i++) {
        if (!mud_pg_exec(
                pg, mudtest_text("INSERT INTO public.t VALUES (%d)", i), NULL))
            break;
        (void)fprintf(told, "%d\n", i);
        (void)fflush(told);
    }
    _exit(0);
}

static int64_t last_told(const char *home)
{
    const char *path = mudtest_text("%s/told", home);
    struct mud_str rest = {0}, line;
    int64_t last = 0;

    if (mudtest_exists(path))
        rest = mudtest_read(path);
    while (mud_str_line(&rest, &line))
        if (!mud_str_i64(line, &last))
            break;
    return last;
}

static void test_server__recovers_from_kill_with_all_it_committed(void **state)
{
    const char *home = new_home();
    struct mud_server server = start(home);
    struct mud_pg *pg = connect_to(home);
    int status;

    (void)state;
    mud_test_pg_exec(pg, "CREATE TABLE public.t (x int)");
    mud_pg_close(pg);
    pid_t writer = fork();
    if (writer == 0)
        write_until_dead(home);
    /* And one that goes on after the postmaster's death: an orphan. */
    pid_t orphan = fork();
    if (orphan == 0) {
        pg = connect_to(home);
        (void)!mud_pg_exec(pg,
                           "SELECT count(*) FROM "
                           "generate_series(1, 100000000000) i",
                           NULL);
        _exit(0);
    }
    for (int i = 0; i < 400 && last_told(home) < 20; i++)
        poll(NULL, 0, 50);
    poll(NULL, 0, 300);
    assert_int_equal(kill(server.pid, SIGKILL), 0);
    int64_t began = mud_monotonic();
    struct mud_server again = start(home);
    print_message("recovered in %lld ms\n",
                  (long long)(mud_monotonic() - began) / 1000);
    assert_int_not_equal(again.pid, server.pid);
    assert_int_equal(waitpid(writer, &status, 0), writer);
    assert_int_equal(waitpid(orphan, &status, 0), orphan);

    pg = connect_to(home);
    int64_t told = last_told(home);
    assert_true(told > 0);
    /* What the writer was told is there; at most one more it was not told. */
    int64_t held = mud_test_pg_int(pg, "SELECT count(*) FROM public.t");
    assert_true(held == told || held == told + 1);
    mud_pg_close(pg);
    stop(home);
}

static void test_server__a_long_path_gets_a_short_socket(void **state)
{
    char deep[160];
    struct stat st;

    (void)state;
    (void)memset(deep, 'd', sizeof(deep) - 1);
    deep[sizeof(deep) - 1] = 0;
    const char *home = mudtest_text("%s/%s", mud_test_dir(), deep);
    struct mud_server server = start(home);
    assert_true(strncmp(server.place.socket, "/tmp/mud-", 9) == 0);
    assert_int_equal(stat(server.place.socket, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    struct mud_pg *pg = connect_to(home);
    assert_int_equal(mud_test_pg_int(pg, "SELECT 1"), 1);
    mud_pg_close(pg);
    stop(home);

    /* Someone else put something in its place. */
    struct mud_error err = {0};
    assert_int_equal(rmdir(server.place.socket), 0);
    assert_int_equal(symlink(mud_test_dir(), server.place.socket), 0);
    assert_fails(mud_server_start(NULL, home, &err),
                 &err,
                 MUD_EDENIED,
                 server.place.socket);
    assert_int_equal(unlink(server.place.socket), 0);
    if (geteuid() == 0) {
        assert_int_equal(mkdir(server.place.socket, 0777), 0);
        assert_int_equal(chown(server.place.socket, 65534, 65534), 0);
        assert_fails(
            mud_server_start(NULL, home, &err), &err, MUD_EDENIED, "stranger");
        assert_int_equal(rmdir(server.place.socket), 0);
    }
}

static void test_server__another_version_is_refused(void **state)
{
    static const struct {
        const char *version, *part;
        enum mud_code code;
    } rows[] = {
        {"14\n", "of postgres 14", MUD_EDB},
        {"99\n", "of postgres 99: no postgres 99 server found", MUD_EMISSING},
        {"\n", "not a postgres data folder", MUD_ECORRUPT},
        {"garbage\n", "not a postgres data folder", MUD_ECORRUPT},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        const char *home = new_home();
        struct mud_error err = {0};
        struct mud_server server;

        mudtest_write(mudtest_text("%s/pg/PG_VERSION", home),
                      mud_str_z(rows[i].version));
        if (geteuid() == 0) {
            const struct passwd *pw = getpwnam("postgres");

            assert_non_null(pw);
            assert_int_equal(
                chown(mudtest_text("%s/pg", home), pw->pw_uid, pw->pw_gid), 0);
        }
        assert_fails(mud_server_start(&server, home, &err),
                     &err,
                     rows[i].code,
                     rows[i].part);
    }
}

static void test_server__missing_programs_are_named(void **state)
{
    struct mud_error err = {0};

    (void)state;
    assert_int_equal(setenv("MUDLARK_PG_BINDIR", "/nonexistent", 1), 0);
    bool made = mud_server_start(NULL, new_home(), &err);
    assert_int_equal(unsetenv("MUDLARK_PG_BINDIR"), 0);
    assert_fails(made, &err, MUD_EMISSING, "/nonexistent");
}

static void test_server__what_leads_to_a_new_home_can_be_passed(void **state)
{
    const char *parent = mudtest_text("%s/one", mud_test_dir());
    const char *home = mudtest_text("%s/two/home", parent);
    struct stat st;

    (void)state;
    if (geteuid() != 0)
        skip();
    start(home);
    stop(home);
    assert_int_equal(stat(parent, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0711);
    assert_int_equal(stat(home, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0710);
}

static void test_server__a_home_out_of_reach_is_explained(void **state)
{
    struct mud_error err = {0};
    struct stat st;

    (void)state;
    if (geteuid() != 0)
        skip();
    const char *parent = mudtest_text("%s/closed", mud_test_dir());
    assert_int_equal(mkdir(parent, 0700), 0);
    assert_fails(mud_server_start(NULL, mudtest_text("%s/a/b", parent), &err),
                 &err,
                 MUD_EDENIED,
                 mudtest_text("cannot enter %s: set MUDLARK_HOME", parent));

    /* Our own folder is opened to the server's group, and to nobody else. */
    const char *home = new_home();
    assert_int_equal(mkdir(home, 0700), 0);
    start(home);
    assert_int_equal(stat(home, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0710);
    assert_int_equal(st.st_uid, 0);
    stop(home);

    assert_fails(mud_server_start(NULL, mudtest_text("%s/a$b", parent), &err),
                 &err,
                 MUD_EUSAGE,
                 "a$b");
}

static void test_server__no_other_user_may_connect(void **state)
{
    int status;

    (void)state;
    if (geteuid() != 0)
        skip();
    const char *home = new_home();
    struct mud_server server = start(home);
    pid_t child = fork();
    if (child == 0) {
        struct mud_error err = {0};
        struct mud_pg *pg;
        char dsn[MUD_PATH];
        bool ready =
            mud_server_dsn(dsn, sizeof(dsn), &server.place, "mudlark", NULL) &&
            setgid(65534) == 0 && setuid(65534) == 0;

        _exit(!(ready && !mud_pg_open(&pg, dsn, &err) &&
                strstr(err.text, "ermission denied")));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    stop(home);
}

/* After a reboot the number in postmaster.pid is some other program's. */
static void test_server__a_stale_pid_file_does_not_stop_it(void **state)
{
    const char *home = new_home();
    struct mud_server server = start(home);
    int status;

    (void)state;
    assert_int_equal(kill(server.pid, SIGKILL), 0);
    for (int i = 0; i < 100 && mud_program_alive(server.pid); i++)
        poll(NULL, 0, 50);
    pid_t other = fork();
    if (other == 0) {
        if (geteuid() == 0 && setuid(server.place.user.uid) != 0)
            _exit(1);
        execl("/bin/sleep", "sleep", "60", (char *)NULL);
        _exit(1);
    }
    const char *path = mudtest_text("%s/pg/postmaster.pid", home);
    struct mud_str held = mudtest_read(path);
    size_t line = mud_str_chr(held, '\n');
    assert_int_not_equal(line, MUD_NPOS);
    const char *text = mudtest_text(
        "%d%.*s", (int)other, MUD_FMT(mud_str_sub(held, line, held.n)));
    mudtest_write(path, mud_str_z(text));
    assert_ok(mud_server_stop(home, NULL, NULL), NULL);
    assert_int_equal(waitpid(other, &status, WNOHANG), 0); /* not its kin */
    start(home);
    assert_int_equal(waitpid(other, &status, WNOHANG), 0);
    stop(home);
    assert_int_equal(kill(other, SIGKILL), 0);
    assert_int_equal(waitpid(other, &status, 0), other);
}

static const char *tmpfs(int mb)
{
    const char *home = new_home();

    if (geteuid() != 0 || mkdir(home, 0711) != 0 ||
        mount("mudlark-test",
              home,
              "tmpfs",
              0,
              mudtest_text("size=%dm,mode=0711", mb)) != 0)
        return NULL;
    return home;
}

static void test_server__no_room_is_said_and_leaves_nothing(void **state)
{
    struct mud_error err = {0};
    const char *home = tmpfs(30);

    (void)state;
    if (!home)
        skip();
    bool made = mud_server_start(NULL, home, &err);
    bool left = mudtest_exists(mudtest_text("%s/pg", home)) ||
                mudtest_exists(mudtest_text("%s/pg.new", home));
    assert_int_equal(umount2(home, MNT_DETACH), 0);
    assert_fails(made, &err, MUD_EIO, "no room");
    assert_false(left);
}

static void test_server__a_full_disk_loses_no_commit(void **state)
{
    struct mud_error err = {0};
    const char *home = tmpfs(230);
    int64_t rows = 0, kept;
    bool failed = false;

    (void)state;
    if (!home)
        skip();
    start(home);
    struct mud_pg *pg = connect_to(home);
    mud_test_pg_exec(pg, "CREATE TABLE public.t (x text)");
    for (int i = 0; i < 400 && !failed; i++) {
        failed =
            !mud_pg_exec(pg,
                         "INSERT INTO public.t SELECT repeat(i::text, 100) "
                         "FROM generate_series(1, 5000) i",
                         &err);
        rows += failed ? 0 : 5000;
    }
    bool said = err.code == MUD_EDB ? strstr(err.text, "53100") != NULL
                                    : err.code == MUD_EAGAIN;
    mud_pg_close(pg);
    /* Room again. The server may have given up on its log; it recovers. */
    assert_int_equal(
        mount("mudlark-test", home, "tmpfs", MS_REMOUNT, "size=600m,mode=0711"),
        0);
    mud_error_clear(&err);
    bool up = mud_server_start(NULL, home, &err);
    pg = up ? connect_to(home) : NULL;
    kept = pg ? mud_test_pg_int(pg, "SELECT count(*) FROM public.t") : -1;
    mud_pg_close(pg);
    (void)!mud_server_stop(home, NULL, NULL);
    assert_int_equal(umount2(home, MNT_DETACH), 0);
    assert_true(failed && said);
    assert_ok(up, &err);
    assert_int_equal(kept, rows);
}

static void test_db__an_outside_server_is_used_as_it_is(void **state)
{
    struct mud_error err = {0};
    const char *home = new_home();
    struct mud_pg *pg = NULL;

    (void)state;
    assert_int_equal(setenv("MUDLARK_DSN", mud_test_pg_bare(), 1), 0);
    bool opened = mud_db_open(&pg, home, &err);
    assert_ok(opened, &err);
    assert_int_equal(mud_test_pg_int(pg, "SELECT count(*) FROM source"), 0);
    mud_pg_close(pg);
    assert_false(mudtest_exists(mudtest_text("%s/pg", home)));

    assert_int_equal(setenv("MUDLARK_DSN", "host=/nonexistent-mudlark", 1), 0);
    opened = mud_db_open(&pg, home, &err);
    assert_int_equal(unsetenv("MUDLARK_DSN"), 0);
    assert_fails(opened, &err, MUD_EAGAIN, "MUDLARK_DSN: ");
    assert_null(pg);
}

static void test_db__a_database_of_another_charset_is_refused(void **state)
{
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg_bare());
    const char *dsn = mud_test_pg_bare();

    (void)state;
    mud_test_pg_exec(pg,
                     "CREATE DATABASE ascii ENCODING 'SQL_ASCII' "
                     "LOCALE 'C' TEMPLATE template0");
    mud_pg_close(pg);
    /* Later words of a connection string win. */
    dsn = mudtest_text("%s dbname=ascii", dsn);
    assert_int_equal(setenv("MUDLARK_DSN", dsn, 1), 0);
    bool opened = mud_db_open(&pg, new_home(), &err);
    assert_int_equal(unsetenv("MUDLARK_DSN"), 0);
    assert_fails(opened, &err, MUD_EDB, "not in UTF8");
}

static void test_db__starts_the_private_server_when_needed(void **state)
{
    struct mud_error err = {0};
    const char *home = new_home();
    struct mud_pg *pg;

    (void)state;
    int64_t began = mud_monotonic();
    assert_ok(mud_db_open(&pg, home, &err), &err);
    int64_t made = mud_monotonic();
    mud_pg_close(pg);
    assert_ok(mud_db_open(&pg, home, &err), &err);
    int64_t again = mud_monotonic();
    assert_int_equal(mud_test_pg_int(pg, "SELECT count(*) FROM source"), 0);
    mud_pg_close(pg);
    print_message("first open %lld ms, again %lld ms\n",
                  (long long)(made - began) / 1000,
                  (long long)(again - made) / 1000);
    stop(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_server__starts_stops_and_says_how_it_is),
        cmocka_unit_test(test_server__many_starts_at_once_make_one_server),
        cmocka_unit_test(test_server__recovers_from_kill_with_all_it_committed),
        cmocka_unit_test(test_server__a_long_path_gets_a_short_socket),
        cmocka_unit_test(test_server__another_version_is_refused),
        cmocka_unit_test(test_server__missing_programs_are_named),
        cmocka_unit_test(test_server__what_leads_to_a_new_home_can_be_passed),
        cmocka_unit_test(test_server__a_home_out_of_reach_is_explained),
        cmocka_unit_test(test_server__no_other_user_may_connect),
        cmocka_unit_test(test_server__a_stale_pid_file_does_not_stop_it),
        cmocka_unit_test(test_server__no_room_is_said_and_leaves_nothing),
        cmocka_unit_test(test_server__a_full_disk_loses_no_commit),
        cmocka_unit_test(test_db__an_outside_server_is_used_as_it_is),
        cmocka_unit_test(test_db__a_database_of_another_charset_is_refused),
        cmocka_unit_test(test_db__starts_the_private_server_when_needed),
    };

    (void)unsetenv("MUDLARK_DSN");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
