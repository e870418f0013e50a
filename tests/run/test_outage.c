/*
 * What happens around a crawl: the clock jumps, the disk fills up, the site is
 * killed in the midst of its answers and comes back. Nothing is lost, nothing
 * doubled, times of the ledger never go back, and all of it verifies.
 */
#include "evidence/verify.h"
#include "run/crawl.h"

#include "tests/run/whole.h"
#include "tests/support/nginx.h"

#include <stdatomic.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* of samples/forum */
#define HOUR INT64_C(3600)

/* Seconds by which the wall clock of this program is wrong. */
static atomic_llong skew;

int clock_gettime(clockid_t clock, struct timespec *out)
{
    int rc = (int)syscall(SYS_clock_gettime, clock, out);

    if (rc == 0 && clock == CLOCK_REALTIME)
        out->tv_sec += (time_t)atomic_load(&skew);
    return rc;
}

/* --- clocks --------------------------------------------------------------- */

static void assert_ledger_goes_on(struct kit *kit)
{
    assert_int_equal(
        kit_count(kit,
                  "(SELECT at < lag(at) OVER (ORDER BY seq) AS back FROM "
                  "mud.ledger) l WHERE back"),
        0);
}

static void test_clock__jumps_within_a_round(void **state)
{
    static const int64_t jumps[] = {0, -24 * HOUR, HOUR / 2, -HOUR, 0};
    struct mud_report report;
    struct kit kit;

    (void)state;
    atomic_store(&skew, 0);
    kit_open(&kit);
    kit_site(&kit, kit_samples("forum"));
    kit.source.expires += 48 * HOUR * MUD_SECOND;
    for (size_t i = 0; i < MUDTEST_ROWS(jumps); i++) {
        atomic_store(&skew, jumps[i]);
        kit_crawl(&kit, &report, i + 1 < MUDTEST_ROWS(jumps) ? 5 : 0);
        assert_ledger_goes_on(&kit);
    }
    assert_all_there(&kit);
    /* What the clock said is what stands in each capture: some went back. */
    assert_true(kit_count(&kit,
                          "mud.capture WHERE at < now() - interval "
                          "'20 hours'") > 0);
    kit_close(&kit);
}

/* Pages that are due once a clock says so that was a year ahead. */
static void test_clock__that_was_ahead_puts_nothing_off(void **state)
{
    struct mud_report report;
    struct kit kit;

    (void)state;
    kit_open(&kit);
    kit_site(&kit, kit_samples("forum"));
    kit.source.expires += 9000 * HOUR * MUD_SECOND;
    atomic_store(&skew, 8760 * HOUR);
    kit_crawl(&kit, &report, 0);
    atomic_store(&skew, 0);
    kit_crawl(&kit, &report, 0);
    assert_int_equal(report.pages, kit_count(&kit, "mud.frontier"));
    /* Dates are right again, and the next round looks at listings alone. */
    kit_crawl(&kit, &report, 0);
    assert_int_equal(report.pages,
                     kit_count(&kit, "mud.frontier WHERE kind <> 'thread'"));
    assert_ledger_goes_on(&kit);
    assert_all_there(&kit);
    kit_close(&kit);
}

/* Rounds begin when the clock says: none is taken for one of the past. */
static void test_clock__jumps_between_rounds(void **state)
{
    static const int64_t jumps[] = {HOUR / 2, -24 * HOUR, 0};
    struct mud_report report;
    struct kit kit;

    (void)state;
    atomic_store(&skew, 0);
    kit_open(&kit);
    kit_site(&kit, kit_samples("forum"));
    kit.source.expires += 48 * HOUR * MUD_SECOND;
    kit_crawl(&kit, &report, 0);
    int64_t pages = report.pages;
    for (size_t i = 0; i < MUDTEST_ROWS(jumps); i++) {
        atomic_store(&skew, jumps[i]);
        kit_crawl_whole(&kit, &report);
        assert_int_equal(report.pages, pages);
        assert_ledger_goes_on(&kit);
        assert_all_there(&kit);
    }
    kit_close(&kit);
}

/* The clock of one of two workers is put back a day once it has begun (with such
 * a clock it would not begin). */
static void test_clock__of_two_workers_differ(void **state)
{
    struct mud_report report;
    struct kit kit;
    int status;

    (void)state;
    atomic_store(&skew, 0);
    kit_open(&kit);
    kit_site(&kit, kit_samples("forum"));
    kit.source.expires += 48 * HOUR * MUD_SECOND;
    kit_crawl(&kit, &report, 1); /* so that both work on one round */
    pid_t pid = fork();
    if (pid == 0) {
        struct kit child = {.home = kit.home, .source = kit.source};
        struct mud_crawl_options options = {0};
        bool good =
            mud_worker_open(&child.worker, kit.home, "late", &child.err);
        atomic_store(&skew, -24 * HOUR);
        if (!good ||
            !mud_crawl(
                &report, &child.worker, &child.source, &options, &child.err))
            fprintf(stderr, "child: %s\n", child.err.text);
        mud_worker_close(&child.worker);
        _exit(child.err.code ? 1 : 0);
    }
    kit_crawl(&kit, &report, 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_ledger_goes_on(&kit);
    assert_all_there(&kit);
    kit_close(&kit);
}

/* --- the disk ------------------------------------------------------------- */

static void test_disk__full_is_said_and_made_up_for(void **state)
{
    struct mud_crawl_options options = {0};
    struct mud_report report = {0};
    struct kit kit;

    (void)state;
    atomic_store(&skew, 0);
    kit_open(&kit);
    mud_worker_close(&kit.worker);
    const char *vault = mudtest_text("%s/vault", kit.home);
    const char *mark = mudtest_text("%s/vault.id", vault);
    struct mud_str marked = mudtest_read(mark);
    if (mount("tmpfs", vault, "tmpfs", 0, "size=32k") != 0) {
        kit.worker = (struct mud_worker){0};
        kit_close(&kit);
        skip();
    }
    mudtest_write(mark, marked);
    kit_worker(&kit);
    kit_site(&kit, kit_samples("forum"));
    assert_fails(
        mud_crawl(&report, &kit.worker, &kit.source, &options, &kit.err),
        &kit.err,
        MUD_EIO,
        "No space left");
    assert_true(kit_count(&kit, "mud.capture") > 0);
    assert_verifies(&kit);
    /* Nor does it go on as long as it is. */
    assert_fails(
        mud_crawl(&report, &kit.worker, &kit.source, &options, &kit.err),
        &kit.err,
        MUD_EIO,
        "No space left");
    assert_verifies(&kit);
    assert_int_equal(mount("tmpfs", vault, "tmpfs", MS_REMOUNT, "size=8m"), 0);
    kit_crawl(&kit, &report, 0);
    assert_all_there(&kit);
    mud_worker_close(&kit.worker);
    assert_int_equal(umount2(vault, MNT_DETACH), 0);
    kit_close(&kit);
}

/* --- the site ------------------------------------------------------------- */

struct outage {
    const char *dir;
    pid_t nginx;
    int64_t at, kills; /* pages after which it is killed */
};

/* Killed with answers under way, back after a second. */
static void kill_site(int64_t pages, int64_t waiting, void *payload)
{
    struct outage *outage = payload;

    (void)waiting;
    if (pages < outage->at)
        return;
    outage->at += 8;
    outage->kills++;
    mud_nginx_kill(outage->nginx);
    outage->nginx = mud_nginx_again(outage->dir, 1000);
}

/* The sample's pages under the names of their addresses. */
static void lay_out(const char *dir)
{
    struct mudtest_run run = mudtest_sh(
        "mkdir -p %s/www && cd %s && sed 's|.*18088/\\([^\"]*\\)\".*\"file\": "
        "\"\\([^\"]*\\)\".*|\\2 \\1|' index.jsonl | while read -r from to; do "
        "cp $from \"%s/www/$to\"; done && ls %s/www | wc -l",
        dir,
        kit_samples("forum"),
        dir,
        dir);

    assert_int_equal(run.code, 0);
    assert_true(atoi(run.out.s) >= 20);
}

static void test_site__killed_within_answers_and_started_again(void **state)
{
    struct outage outage = {.dir = mudtest_dir(), .at = 3};
    struct mud_report report;
    struct kit kit;
    const unsigned port = 18088; /* to which the sample's links lead */

    (void)state;
    if (!mud_nginx_there())
        skip();
    atomic_store(&skew, 0);
    lay_out(outage.dir);
    outage.nginx = mud_nginx_start(
        outage.dir,
        mudtest_text("server { listen 127.0.0.1:%u; root %s/www; "
                     "default_type 'text/html; charset=utf-8'; "
                     "limit_rate 8k; }",
                     port,
                     outage.dir),
        port);
    assert_true(outage.nginx > 0);
    kit_open(&kit);
    kit_source(&kit,
               mud_str_z(mudtest_text("http://127.0.0.1:%u/forum.php", port)));
    kit_crawl_with(&kit,
                   &report,
                   &(struct mud_crawl_options){.progress = kill_site,
                                               .payload = &outage});
    assert_true(outage.kills >= 2);
    outage.at = INT64_MAX;
    kit_crawl(&kit, &report, 0); /* what was cut, once more */
    assert_all_there(&kit);
    mud_nginx_stop(outage.nginx);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clock__jumps_within_a_round),
        cmocka_unit_test(test_clock__jumps_between_rounds),
        cmocka_unit_test(test_clock__that_was_ahead_puts_nothing_off),
        cmocka_unit_test(test_clock__of_two_workers_differ),
        cmocka_unit_test(test_disk__full_is_said_and_made_up_for),
        cmocka_unit_test(test_site__killed_within_answers_and_started_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
