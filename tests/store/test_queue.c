#include "store/queue.h"

#include "base/time.h"
#include "tests/support/mudtest.h"
#include "tests/support/pg.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct counts {
    int64_t waiting, leased, failed;
};

static struct counts counts(struct mud_pg *pg, const char *queue)
{
    struct mud_error err = {0};
    struct counts c = {0};

    assert_ok(
        mud_queue_count(pg, queue, &c.waiting, &c.leased, &c.failed, &err),
        &err);
    return c;
}

static void assert_counts(struct mud_pg *pg, int64_t waiting, int64_t leased,
                          int64_t failed)
{
    struct counts c = counts(pg, "q");

    assert_int_equal(c.waiting, waiting);
    assert_int_equal(c.leased, leased);
    assert_int_equal(c.failed, failed);
}

static void put(struct mud_pg *pg, const char *key, int priority)
{
    struct mud_error err = {0};
    bool added;

    assert_ok(mud_queue_put(pg,
                            "q",
                            mud_str_z(key),
                            MUD_STR("{\"n\": 1}"),
                            priority,
                            0,
                            &added,
                            &err),
              &err);
    assert_true(added);
}

static size_t take(struct mud_job **jobs, struct mud_pg *pg, size_t max,
                   struct mud_arena *arena)
{
    struct mud_error err = {0};
    size_t n;

    assert_ok(mud_queue_take(jobs, &n, pg, "q", max, 60, "w1", arena, &err),
              &err);
    return n;
}

/* As if the time of every lease had passed. */
static void run_out(struct mud_pg *pg)
{
    mud_test_pg_exec(pg,
                     "UPDATE job SET leased_until = now() - '1s'::interval "
                     "WHERE state = 'leased'");
}

static void test_queue__holds_a_key_once(void **state)
{
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());
    struct mud_arena *arena = mud_arena_new();
    struct mud_job *jobs;
    bool added = true;

    (void)state;
    put(pg, "键", 0);
    assert_ok(mud_queue_put(
                  pg, "q", MUD_STR("键"), MUD_STR("{}"), 0, 0, &added, &err),
              &err);
    assert_false(added);
    assert_ok(
        mud_queue_put(
            pg, "other", MUD_STR("键"), MUD_STR("{}"), 0, 0, &added, &err),
        &err);
    assert_true(added);
    assert_int_equal(take(&jobs, pg, 10, arena), 1);
    assert_text(jobs[0].key, "键");
    assert_text(jobs[0].payload, "{\"n\": 1}");
    assert_int_equal(jobs[0].tries, 1);
    assert_counts(pg, 0, 1, 0);
    assert_int_equal(take(&jobs, pg, 10, arena), 0);
    assert_fails(
        mud_queue_put(pg, "q", MUD_STR("x"), MUD_STR("{"), 0, 0, NULL, &err),
        &err,
        MUD_EDB,
        "queue_put");
    mud_arena_free(arena);
    mud_pg_close(pg);
}

static void test_queue__gives_the_best_first_and_nothing_early(void **state)
{
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());
    struct mud_arena *arena = mud_arena_new();
    struct mud_job *jobs;

    (void)state;
    put(pg, "a", 0);
    put(pg, "b", 5);
    put(pg, "c", -1);
    put(pg, "d", 5);
    assert_ok(mud_queue_put(pg,
                            "q",
                            MUD_STR("later"),
                            MUD_STR("{}"),
                            9,
                            mud_now() + 3600 * MUD_SECOND,
                            NULL,
                            &err),
              &err);
    assert_int_equal(take(&jobs, pg, 3, arena), 3);
    assert_text(jobs[0].key, "b");
    assert_text(jobs[1].key, "d");
    assert_text(jobs[2].key, "a");
    assert_int_equal(take(&jobs, pg, 3, arena), 1);
    assert_text(jobs[0].key, "c");
    mud_arena_free(arena);
    mud_pg_close(pg);
}

static void test_queue__retries_later_and_parks_after_too_many(void **state)
{
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());
    struct mud_arena *arena = mud_arena_new();
    struct mud_job *jobs;
    int64_t wait = 0;

    (void)state;
    put(pg, "a", 0);
    for (int i = 1; i <= MUD_QUEUE_TRIES; i++) {
        assert_int_equal(take(&jobs, pg, 1, arena), 1);
        assert_int_equal(jobs[0].tries, i);
        assert_ok(mud_queue_retry(pg, jobs[0].id, MUD_STR("no answer"), &err),
                  &err);
        wait = mud_test_pg_int(pg,
                               "SELECT round(extract(epoch FROM "
                               "run_at - changed_at)) FROM job");
        assert_int_equal(wait, 5 << i);
        mud_test_pg_exec(pg, "UPDATE job SET run_at = now()");
    }
    assert_counts(pg, 0, 0, 1);
    assert_int_equal(mud_test_pg_int(pg,
                                     "SELECT count(*) FROM job "
                                     "WHERE reason = 'no answer'"),
                     1);
    /* A parked key is not put again by itself. */
    bool added = true;
    assert_ok(
        mud_queue_put(pg, "q", MUD_STR("a"), MUD_STR("{}"), 0, 0, &added, &err),
        &err);
    assert_false(added);
    mud_arena_free(arena);
    mud_pg_close(pg);
}

static void test_queue__backs_off_an_hour_at_most(void **state)
{
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());
    struct mud_arena *arena = mud_arena_new();
    struct mud_job *jobs;

    (void)state;
    put(pg, "a", 0);
    assert_int_equal(take(&jobs, pg, 1, arena), 1);
    mud_test_pg_exec(pg, "UPDATE job SET tries = 1000000");
    assert_ok(mud_queue_retry(pg, jobs[0].id, MUD_STR("x"), &err), &err);
    assert_int_equal(mud_test_pg_int(pg,
                                     "SELECT extract(epoch FROM run_at - "
                                     "changed_at)::int FROM job"),
                     3600);
    mud_arena_free(arena);
    mud_pg_close(pg);
}

static void test_queue__delay_is_not_a_try(void **state)
{
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());
    struct mud_arena *arena = mud_arena_new();
    struct mud_job *jobs;

    (void)state;
    put(pg, "a", 0);
    assert_int_equal(take(&jobs, pg, 1, arena), 1);
    int64_t later = mud_now() + 100 * MUD_SECOND;
    assert_ok(mud_queue_delay(pg, jobs[0].id, later, &err), &err);
    assert_counts(pg, 1, 0, 0);
    assert_int_equal(take(&jobs, pg, 1, arena), 0);
    struct mud_rows *rows;
    assert_ok(mud_pg_query(&rows, pg, "SELECT run_at FROM job", NULL, 0, &err),
              &err);
    assert_int_equal(mud_rows_time(rows, 0, 0), later);
    mud_rows_free(rows);
    mud_test_pg_exec(pg, "UPDATE job SET run_at = now()");
    assert_int_equal(take(&jobs, pg, 1, arena), 1);
    assert_int_equal(jobs[0].tries, 1);
    assert_ok(mud_queue_fail(pg, jobs[0].id, MUD_STR(""), &err), &err);
    assert_counts(pg, 0, 0, 1);
    mud_arena_free(arena);
    mud_pg_close(pg);
}

/* A worker of another process: takes in batches until the queue is empty and
 * writes each key down. Exit code 0 when all went well. */
static void work(const char *dsn, int number, size_t batch)
{
    struct mud_error err = {0};
    struct mud_arena *arena = mud_arena_new();
    struct mud_pg *pg = mud_test_pg_open(dsn);
    char name[16];
    size_t n;

    (void)snprintf(name, sizeof(name), "w%d", number);
    do {
        struct mud_job *jobs;

        mud_arena_reset(arena);
        if (!mud_queue_take(&jobs, &n, pg, "q", batch, 60, name, arena, &err))
            break;
        for (size_t i = 0; i < n; i++) {
            const struct mud_str args[] = {jobs[i].key, mud_str_z(name)};

            if (!mud_pg_query(NULL,
                              pg,
                              "INSERT INTO did VALUES ($1, $2)",
                              args,
                              2,
                              &err) ||
                !mud_queue_done(pg, jobs[i].id, &err))
                break;
        }
    } while (n && !err.code);
    if (err.code)
        (void)fprintf(stderr, "worker %d: %s\n", number, err.text);
    mud_pg_close(pg);
    mud_arena_free(arena);
    _exit(err.code != 0);
}

static void test_queue__eight_workers_do_each_job_once(void **state)
{
    enum {
        JOBS = 2000,
        WORKERS = 8
    };

    const char *dsn = mud_test_pg();
    struct mud_pg *pg = mud_test_pg_open(dsn);
    pid_t pids[WORKERS];
    int status;

    (void)state;
    mud_test_pg_exec(pg,
                     "CREATE TABLE did (key text, worker text);"
                     "INSERT INTO job (queue, key, payload, run_at) "
                     "SELECT 'q', i, '{}', now() "
                     "FROM generate_series(1, 2000) i");
    mud_pg_close(pg); /* a connection must not be shared with children */
    for (int i = 0; i < WORKERS; i++) {
        pids[i] = fork();
        if (pids[i] == 0)
            work(dsn, i, 10);
    }
    for (int i = 0; i < WORKERS; i++) {
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    pg = mud_test_pg_open(dsn);
    assert_int_equal(mud_test_pg_int(pg, "SELECT count(*) FROM did"), JOBS);
    assert_int_equal(mud_test_pg_int(pg, "SELECT count(DISTINCT key) FROM did"),
                     JOBS);
    assert_true(mud_test_pg_int(pg, "SELECT count(DISTINCT worker) FROM did") >
                1);
    assert_counts(pg, 0, 0, 0);
    mud_pg_close(pg);
}

static void test_queue__what_a_dead_worker_held_comes_back(void **state)
{
    struct mud_error err = {0};
    const char *dsn = mud_test_pg();
    struct mud_pg *pg = mud_test_pg_open(dsn);
    struct mud_arena *arena = mud_arena_new();
    struct mud_job *jobs;
    int64_t back;

    (void)state;
    for (int i = 0; i < 10; i++)
        put(pg, mudtest_text("k%d", i), 0);
    pid_t worker = fork();
    if (worker == 0) {
        struct mud_pg *own = mud_test_pg_open(dsn);
        size_t n;

        if (mud_queue_take(&jobs, &n, own, "q", 10, 60, "dead", arena, &err))
            raise(SIGKILL);
        _exit(1);
    }
    int status;
    assert_int_equal(waitpid(worker, &status, 0), worker);
    assert_true(WIFSIGNALED(status));

    assert_counts(pg, 0, 10, 0);
    assert_ok(mud_queue_reap(pg, &back, &err), &err);
    assert_int_equal(back, 0); /* the lease still runs */
    mud_test_pg_exec(pg, "UPDATE job SET tries = 99 WHERE key = 'k3'");
    assert_int_equal(take(&jobs, pg, 10, arena), 0);
    run_out(pg);
    assert_ok(mud_queue_reap(pg, &back, &err), &err);
    assert_int_equal(back, 10);
    assert_counts(pg, 9, 0, 1); /* what ended too many workers is parked */
    assert_int_equal(mud_test_pg_int(pg,
                                     "SELECT count(*) FROM job WHERE "
                                     "reason LIKE '%worker dead%' AND "
                                     "run_at > now()"),
                     10);
    mud_arena_free(arena);
    mud_pg_close(pg);
}

static void test_queue__a_kept_lease_does_not_run_out(void **state)
{
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());
    struct mud_arena *arena = mud_arena_new();
    struct mud_job *jobs;
    int64_t back;

    (void)state;
    put(pg, "a", 0);
    assert_int_equal(take(&jobs, pg, 1, arena), 1);
    run_out(pg);
    assert_ok(mud_queue_keep(pg, jobs[0].id, 60, &err), &err);
    assert_ok(mud_queue_reap(pg, &back, &err), &err);
    assert_int_equal(back, 0);
    assert_counts(pg, 0, 1, 0);
    mud_arena_free(arena);
    mud_pg_close(pg);
}

static void test_queue__wakes_who_listens(void **state)
{
    struct mud_error err = {0};
    const char *dsn = mud_test_pg();
    struct mud_pg *pg = mud_test_pg_open(dsn), *ear = mud_test_pg_open(dsn);
    bool got;

    (void)state;
    assert_ok(mud_pg_listen(ear, MUD_QUEUE_CHANNEL, &err), &err);
    assert_ok(mud_pg_wait(ear, 50, &got, &err), &err);
    assert_false(got);
    put(pg, "a", 0);
    assert_ok(mud_pg_wait(ear, 10000, &got, &err), &err);
    assert_true(got);
    mud_pg_close(ear);
    mud_pg_close(pg);
}

static void test_queue__puts_many_at_once(void **state)
{
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());
    struct mud_arena *arena = mud_arena_new();
    struct mud_job *jobs;

    (void)state;
    put(pg, "b", 5);
    assert_ok(mud_queue_put_many(
                  pg,
                  "q",
                  MUD_STR("[{\"key\": \"c\", \"payload\": {}, "
                          "\"priority\": 0}, {\"key\": \"a\", \"payload\": "
                          "{\"n\": 7}, \"priority\": 10}, {\"key\": \"b\", "
                          "\"payload\": {}, \"priority\": 1}, {\"key\": "
                          "\"c\", \"payload\": {}, \"priority\": 0}]"),
                  &err),
              &err);
    assert_counts(pg, 3, 0, 0);
    assert_int_equal(take(&jobs, pg, 9, arena), 3);
    assert_text(jobs[0].key, "a");
    assert_text(jobs[0].payload, "{\"n\": 7}");
    assert_text(jobs[1].key, "b");
    assert_text(jobs[1].payload, "{\"n\": 1}");
    assert_text(jobs[2].key, "c");
    mud_arena_free(arena);
    mud_pg_close(pg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queue__holds_a_key_once),
        cmocka_unit_test(test_queue__gives_the_best_first_and_nothing_early),
        cmocka_unit_test(test_queue__retries_later_and_parks_after_too_many),
        cmocka_unit_test(test_queue__backs_off_an_hour_at_most),
        cmocka_unit_test(test_queue__delay_is_not_a_try),
        cmocka_unit_test(test_queue__eight_workers_do_each_job_once),
        cmocka_unit_test(test_queue__what_a_dead_worker_held_comes_back),
        cmocka_unit_test(test_queue__a_kept_lease_does_not_run_out),
        cmocka_unit_test(test_queue__puts_many_at_once),
        cmocka_unit_test(test_queue__wakes_who_listens),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
