#include "store/pg.h"

#include "base/time.h"
#include "store/copy.h"
#include "tests/support/mudtest.h"
#include "tests/support/pg.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static void test_pg__passes_values_as_arguments(void **state)
{
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg_bare());
    const struct mud_str args[] = {MUD_STR("'; DROP TABLE x; --"),
                                   MUD_SQL_NULL,
                                   MUD_STR("肉鸡"),
                                   MUD_STR("")};
    struct mud_rows *rows;

    (void)state;
    assert_ok(mud_pg_query(&rows,
                           pg,
                           "SELECT $1::text, $2::text, $3::text, $4::text",
                           args,
                           4,
                           &err),
              &err);
    assert_int_equal(mud_rows_count(rows), 1);
    assert_text(mud_rows_get(rows, 0, 0), "'; DROP TABLE x; --");
    assert_true(mud_rows_null(rows, 0, 1));
    assert_null(mud_rows_get(rows, 0, 1).s);
    assert_text(mud_rows_get(rows, 0, 2), "肉鸡");
    assert_false(mud_rows_null(rows, 0, 3));
    mud_rows_free(rows);
    mud_rows_free(NULL);

    const struct mud_str nul[] = {MUD_STR("a"), MUD_STR("b\0c")};
    assert_fails(
        mud_pg_query(&rows, pg, "SELECT $1::text, $2::text", nul, 2, &err),
        &err,
        MUD_EINPUT,
        "argument 2");
    assert_null(rows);
    mud_pg_close(pg);
    mud_pg_close(NULL);
}

static void test_pg__reads_values_of_each_type(void **state)
{
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg_bare());

    static const struct {
        const char *sql;
        int64_t us;
    } times[] = {
        {"'2026-11-24 13:31:38.25+08'", INT64_C(1795498298250000)},
        {"'1969-12-31 23:59:59.999999+00'", -1},
        {"'2000-02-29 00:00:00Z'", INT64_C(951782400000000)},
        {"NULL", 0},
        {"'infinity'", 0},
    };
    struct mud_rows *rows;

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(times); i++) {
        assert_ok(
            mud_pg_query(&rows,
                         pg,
                         mudtest_text("SELECT %s::timestamptz", times[i].sql),
                         NULL,
                         0,
                         &err),
            &err);
        assert_int_equal(mud_rows_time(rows, 0, 0), times[i].us);
        mud_rows_free(rows);
    }
    assert_ok(mud_pg_query(&rows,
                           pg,
                           "SELECT 0.1::float8, false, NULL::bigint, "
                           "NULL::uuid, 'x'::text",
                           NULL,
                           0,
                           &err),
              &err);
    assert_true(mud_rows_double(rows, 0, 0) == 0.1);
    assert_false(mud_rows_bool(rows, 0, 1));
    assert_int_equal(mud_rows_int(rows, 0, 2), 0);
    assert_true(mud_id_zero(mud_rows_id(rows, 0, 3)));
    assert_int_equal(mud_rows_int(rows, 0, 4), 0);
    mud_rows_free(rows);

    mud_test_pg_exec(pg,
                     "CREATE TABLE public.t AS SELECT 1 FROM "
                     "generate_series(1, 7)");
    assert_ok(mud_pg_query(&rows, pg, "DELETE FROM public.t", NULL, 0, &err),
              &err);
    assert_int_equal(mud_rows_changed(rows), 7);
    mud_rows_free(rows);
    mud_pg_close(pg);
}

static void test_pg__errors_carry_statement_and_sqlstate(void **state)
{
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());

    (void)state;
    assert_fails(mud_pg_query(NULL, pg, "SELECT 1 / 0", NULL, 0, &err),
                 &err,
                 MUD_EDB,
                 "\"SELECT 1 / 0\": division by zero (22012)");
    assert_string_equal(mud_pg_sqlstate(pg), "22012");
    const struct mud_str bad[] = {MUD_STR("many")};
    assert_fails(mud_pg_query(NULL, pg, mud_sql("queue_done"), bad, 1, &err),
                 &err,
                 MUD_EDB,
                 "queue_done: ");

    /* Several statements: the first failure counts, nothing before it stays */
    assert_fails(mud_pg_exec(pg,
                             "CREATE TABLE a (x int); SELECT 1 / 0;"
                             "CREATE TABLE b (x int)",
                             &err),
                 &err,
                 MUD_EDB,
                 "22012");
    assert_int_equal(mud_test_pg_int(pg,
                                     "SELECT (to_regclass('a') IS NULL)"
                                     "::int"),
                     1);
    assert_string_equal(mud_pg_sqlstate(pg), "");
    mud_pg_close(pg);
}

static void test_pg__a_copy_by_exec_is_refused(void **state)
{
    static const char *const copies[] = {"COPY t FROM STDIN",
                                         "COPY t TO STDOUT"};
    struct mud_error err = {0};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(copies); i++) {
        struct mud_pg *pg = mud_test_pg_open(mud_test_pg());

        mud_test_pg_exec(pg, "CREATE TABLE t AS SELECT generate_series(1, 9)");
        assert_fails(mud_pg_exec(pg, copies[i], &err), &err, MUD_EBUG, "COPY");
        mud_pg_close(pg);
    }
}

static void test_pg__a_failed_transaction_does_not_commit(void **state)
{
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());

    (void)state;
    mud_test_pg_exec(pg, "CREATE TABLE t (x int)");
    assert_ok(mud_pg_begin(pg, &err), &err);
    mud_test_pg_exec(pg, "INSERT INTO t VALUES (1)");
    assert_false(mud_pg_exec(pg, "SELECT 1 / 0", NULL));
    assert_fails(mud_pg_commit(pg, &err), &err, MUD_EDB, "commit");
    assert_int_equal(mud_test_pg_int(pg, "SELECT count(*) FROM t"), 0);

    assert_ok(mud_pg_begin(pg, &err), &err);
    mud_test_pg_exec(pg, "INSERT INTO t VALUES (1)");
    mud_pg_rollback(pg);
    mud_pg_rollback(pg);
    assert_int_equal(mud_test_pg_int(pg, "SELECT count(*) FROM t"), 0);
    mud_pg_close(pg);
}

static void test_pg__past_its_deadline_a_statement_is_cancelled(void **state)
{
    struct mud_error err = {0};
    const char *dsn = mud_test_pg();
    struct mud_pg *pg = mud_test_pg_open(dsn), *other = mud_test_pg_open(dsn);
    int64_t began = mud_monotonic();

    (void)state;
    mud_pg_deadline(pg, 200);
    assert_fails(mud_pg_exec(pg, "SELECT pg_sleep(30)", &err),
                 &err,
                 MUD_ELIMIT,
                 "200 ms");
    assert_true(mud_monotonic() - began < 5 * MUD_SECOND);
    /* It runs no more on the server, and the connection is of use. */
    assert_int_equal(
        mud_test_pg_int(other,
                        "SELECT count(*) FROM pg_stat_activity WHERE "
                        "query LIKE '%pg_sleep(30)' AND "
                        "state = 'active' AND pid <> pg_backend_pid()"),
        0);
    assert_int_equal(mud_test_pg_int(pg, "SELECT 42"), 42);
    mud_error_clear(&err);
    mud_pg_deadline(pg, 0);
    assert_ok(mud_pg_exec(pg, "SELECT pg_sleep(0.3)", &err), &err);
    mud_pg_close(other);
    mud_pg_close(pg);
}

struct seen {
    int64_t n, sum, stop;
};

static bool see(const struct mud_rows *one, void *payload,
                struct mud_error *err)
{
    struct seen *seen = payload;

    if (seen->stop && seen->n == seen->stop)
        return mud_fail(err, MUD_ELIMIT, "enough");
    seen->n++;
    seen->sum += mud_rows_int(one, 0, 0);
    return true;
}

static void test_pg__each_hands_over_row_by_row(void **state)
{
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg_bare());
    const struct mud_str args[] = {MUD_STR("100000")};
    struct seen seen = {0};

    (void)state;
    assert_ok(mud_pg_each(pg,
                          "SELECT generate_series(1, $1::int)",
                          args,
                          1,
                          see,
                          &seen,
                          &err),
              &err);
    assert_int_equal(seen.n, 100000);
    assert_int_equal(seen.sum, INT64_C(5000050000));

    seen = (struct seen){.stop = 10};
    assert_fails(mud_pg_each(pg,
                             "SELECT generate_series(1, $1::int)",
                             args,
                             1,
                             see,
                             &seen,
                             &err),
                 &err,
                 MUD_ELIMIT,
                 "enough");
    assert_int_equal(seen.n, 10);
    mud_error_clear(&err);

    seen = (struct seen){0};
    assert_fails(mud_pg_each(pg,
                             "SELECT 10 / (500 - i) FROM "
                             "generate_series(1, $1::int) i",
                             args,
                             1,
                             see,
                             &seen,
                             &err),
                 &err,
                 MUD_EDB,
                 "22012");
    assert_int_equal(mud_test_pg_int(pg, "SELECT 1"), 1);
    mud_pg_close(pg);
}

/* Kill the backend in the middle of a batch: MUD_EAGAIN, and nothing half. */
static void test_pg__a_killed_backend_is_try_again_and_nothing_half(
    void **state)
{
    struct mud_error err = {0};
    const char *dsn = mud_test_pg();
    struct mud_pg *pg = mud_test_pg_open(dsn);
    struct mud_copy *copy;

    (void)state;
    mud_test_pg_exec(pg, "CREATE TABLE t (x bigint)");
    pid_t backend = mud_test_pg_backend(pg);
    assert_ok(mud_pg_begin(pg, &err), &err);
    mud_test_pg_exec(pg, "INSERT INTO t VALUES (1)");
    assert_ok(
        mud_copy_begin(&copy, pg, "COPY t FROM STDIN (FORMAT binary)", &err),
        &err);
    for (int64_t i = 0; i < 100000; i++) {
        if (i == 50000)
            assert_int_equal(kill(backend, SIGKILL), 0);
        mud_copy_row(copy, 1);
        mud_copy_i64(copy, i);
    }
    assert_fails(mud_copy_end(copy, NULL, &err), &err, MUD_EAGAIN, "COPY t");
    assert_fails(mud_pg_commit(pg, &err), &err, MUD_EAGAIN, "COMMIT");
    mud_pg_rollback(pg);
    assert_fails(mud_pg_exec(pg, "SELECT 1", &err), &err, MUD_EAGAIN, "closed");
    mud_pg_close(pg);

    /* The server recovers by itself; a new connection finds nothing of it. */
    pg = mud_test_pg_open(dsn);
    assert_int_equal(mud_test_pg_int(pg, "SELECT count(*) FROM t"), 0);
    mud_pg_close(pg);
}

static void *kill_soon(void *backend)
{
    poll(NULL, 0, 150);
    kill(*(pid_t *)backend, SIGKILL);
    return NULL;
}

static void test_pg__death_while_waiting_is_noticed_at_once(void **state)
{
    struct mud_error err = {0};
    const char *dsn = mud_test_pg();
    struct mud_pg *pg = mud_test_pg_open(dsn);
    int64_t began = mud_monotonic();
    pid_t backend = mud_test_pg_backend(pg);
    pthread_t killer;

    (void)state;
    assert_int_equal(pthread_create(&killer, NULL, kill_soon, &backend), 0);
    assert_fails(mud_pg_exec(pg, "SELECT pg_sleep(30)", &err),
                 &err,
                 MUD_EAGAIN,
                 "went away");
    assert_int_equal(pthread_join(killer, NULL), 0);
    assert_true(mud_monotonic() - began < 5 * MUD_SECOND);
    mud_pg_close(pg);

    mud_error_clear(&err);
    pg = mud_test_pg_open(dsn);
    bool got;
    backend = mud_test_pg_backend(pg);
    assert_ok(mud_pg_listen(pg, "x y\"z", &err), &err);
    assert_int_equal(pthread_create(&killer, NULL, kill_soon, &backend), 0);
    assert_fails(mud_pg_wait(pg, 30000, &got, &err), &err, MUD_EAGAIN, "wait");
    assert_int_equal(pthread_join(killer, NULL), 0);
    mud_pg_close(pg);
}

static void test_pg__a_killed_postmaster_keeps_what_was_committed(void **state)
{
    struct mud_error err = {0};
    const char *dsn = mud_test_pg();
    struct mud_pg *pg = mud_test_pg_open(dsn);

    (void)state;
    mud_test_pg_exec(pg,
                     "CREATE TABLE t (x bigint);"
                     "INSERT INTO t SELECT generate_series(1, 1000)");
    assert_ok(mud_pg_begin(pg, &err), &err);
    mud_test_pg_exec(pg, "INSERT INTO t VALUES (0)");
    mud_test_pg_kill(SIGKILL);
    bool gone = false;
    for (int i = 0; i < 100 && !gone; i++) {
        poll(NULL, 0, 50);
        gone = !mud_pg_exec(pg, "SELECT 1", &err);
    }
    assert_true(gone);
    assert_int_equal(err.code, MUD_EAGAIN);
    mud_pg_close(pg);
    mud_error_clear(&err);
    assert_fails(mud_pg_open(&pg, dsn, &err), &err, MUD_EAGAIN, "postgres");
    mud_test_pg_restart();
    pg = mud_test_pg_open(dsn);
    assert_int_equal(mud_test_pg_int(pg, "SELECT count(*) FROM t"), 1000);
    mud_pg_close(pg);
}

static void test_pg__open_says_why_and_never_the_password(void **state)
{
    static const struct {
        const char *dsn;
        enum mud_code code;
        const char *part;
    } rows[] = {
        {"host=/nonexistent-mudlark password=hunter2",
         MUD_EAGAIN,
         "/nonexistent-mudlark"},
        {"postgres://u:hunter2@[::1", MUD_EUSAGE, "malformed"},
        {"host=/tmp password='hunter2", MUD_EUSAGE, "malformed"},
        {"hunter2", MUD_EUSAGE, "malformed"},
        {"host=127.0.0.1 port=1 user=u password=hunter2",
         MUD_EAGAIN,
         "127.0.0.1"},
        {"host=no-such-host.invalid password=hunter2",
         MUD_EDB,
         "no-such-host.invalid"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_error err = {0};
        struct mud_pg *pg;

        bool opened = mud_pg_open(&pg, rows[i].dsn, &err);
        assert_null(strstr(err.text, "hunter2"));
        assert_null(strchr(err.text, '\n'));
        assert_null(pg);
        assert_fails(opened, &err, rows[i].code, rows[i].part);
    }
    struct mud_error err = {0};
    struct mud_pg *pg;
    assert_fails(mud_pg_open(&pg,
                             mudtest_text("%s options='-c no_such=1 x'",
                                          mud_test_pg_bare()),
                             &err),
                 &err,
                 MUD_EDB,
                 "postgres: ");
}

static void test_pg__a_lost_race_is_try_again(void **state)
{
    struct mud_error err = {0};
    const char *dsn = mud_test_pg();
    struct mud_pg *a = mud_test_pg_open(dsn), *b = mud_test_pg_open(dsn);

    (void)state;
    mud_test_pg_exec(a, "CREATE TABLE t (x int); INSERT INTO t VALUES (1)");
    mud_test_pg_exec(a,
                     "BEGIN ISOLATION LEVEL REPEATABLE READ;"
                     "SELECT * FROM t");
    mud_test_pg_exec(b, "UPDATE t SET x = 2");
    assert_fails(
        mud_pg_exec(a, "UPDATE t SET x = 3", &err), &err, MUD_EAGAIN, "40001");
    mud_pg_close(b);
    mud_pg_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pg__passes_values_as_arguments),
        cmocka_unit_test(test_pg__reads_values_of_each_type),
        cmocka_unit_test(test_pg__errors_carry_statement_and_sqlstate),
        cmocka_unit_test(test_pg__a_copy_by_exec_is_refused),
        cmocka_unit_test(test_pg__a_failed_transaction_does_not_commit),
        cmocka_unit_test(test_pg__past_its_deadline_a_statement_is_cancelled),
        cmocka_unit_test(test_pg__each_hands_over_row_by_row),
        cmocka_unit_test(
            test_pg__a_killed_backend_is_try_again_and_nothing_half),
        cmocka_unit_test(test_pg__death_while_waiting_is_noticed_at_once),
        cmocka_unit_test(test_pg__a_killed_postmaster_keeps_what_was_committed),
        cmocka_unit_test(test_pg__open_says_why_and_never_the_password),
        cmocka_unit_test(test_pg__a_lost_race_is_try_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
