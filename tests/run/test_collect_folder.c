#include "run/collect_folder.h"

#include "base/lang.h"
#include "tests/run/runtest.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *open_folder(struct kit *kit)
{
    kit_open(kit);
    const char *folder = mudtest_text("%s/drop", mudtest_dir());

    assert_int_equal(mkdir(folder, 0700), 0);
    kit->source = (struct mud_source){
        .name = MUD_STR("drop"),
        .kind = MUD_STR("folder"),
        .folder = mud_str_z(folder),
        .legal_basis = MUD_STR("test"),
        .zone = MUD_STR("+08:00"),
        .expires = mud_now() + 3600 * MUD_SECOND,
        .created_by = MUD_STR("tester"),
        .page_bytes = 16 << 20,
        .day_bytes = 1 << 30,
    };
    assert_ok(mud_source_add(&kit->source, kit->pg, kit->arena, &kit->err),
              &kit->err);
    return folder;
}

static void drop(const char *folder, const char *what, const char *as)
{
    assert_int_equal(
        mudtest_sh("cp -r '%s' '%s/%s'", kit_samples(what), folder, as).code,
        0);
}

static void mark(const char *folder, const char *name)
{
    mudtest_write(mudtest_text("%s/%s.done", folder, name), MUD_STR(""));
}

static int entries(const char *folder, const char *like)
{
    struct mudtest_run run =
        mudtest_sh("ls -d %s/%s 2>/dev/null | wc -l", folder, like);

    return atoi(run.out.s);
}

static void test_folder__takes_what_is_marked_done(void **state)
{
    struct kit kit;
    struct mud_report report;

    (void)state;
    const char *folder = open_folder(&kit);
    drop(folder, "chat/result.json", "result.json");
    drop(folder, "forum", "site");
    drop(folder, "chat/result.json", "later.json.part");
    kit_collect(&kit, &report); /* all of it was written just now */
    assert_int_equal(report.captures, 0);
    assert_int_equal(report.left, 0); /* no pages to fetch: */
    assert_int_equal(report.growing, 2);
    assert_true(report.again > mud_now() + 8 * MUD_SECOND);
    assert_true(report.again <= mud_now() + 10 * MUD_SECOND);
    assert_true(mud_report_is_idle(&report));
    mark(folder, "result.json");
    mark(folder, "site");
    kit_collect(&kit, &report);
    assert_int_equal(report.captures, 1 + 20);
    assert_int_equal(report.growing, 0);
    int64_t posts = kit_count(&kit, "mud.post");
    assert_true(posts > 56);
    assert_int_equal(entries(folder, "done/2*-result.json"), 1);
    assert_int_equal(entries(folder, "done/2*-site"), 1);
    assert_int_equal(entries(folder, "*.done"), 0);
    assert_int_equal(entries(folder, "later.json.part"), 1);

    /* the same again adds nothing and has a name of its own */
    drop(folder, "chat/result.json", "result.json");
    mark(folder, "result.json");
    kit_collect(&kit, &report);
    assert_int_equal(report.captures, 0);
    assert_int_equal(report.known, 1);
    assert_int_equal(kit_count(&kit, "mud.post"), posts);
    assert_int_equal(entries(folder, "done/*result.json"), 2);
    kit_close(&kit);
}

static void test_folder__takes_what_stopped_growing(void **state)
{
    struct kit kit;
    struct mud_report report;

    (void)state;
    const char *folder = open_folder(&kit);
    drop(folder, "chat/result.json", "result.json");
    for (int i = 0; i < 40 && entries(folder, "done/*result.json") == 0; i++) {
        kit_collect(&kit, &report);
        usleep(500000);
    }
    assert_int_equal(entries(folder, "done/*result.json"), 1);
    assert_true(kit_count(&kit, "mud.post") > 0);
    kit_close(&kit);
}

static void test_folder__refuses_with_a_reason(void **state)
{
    struct kit kit;
    struct mud_report report;

    (void)state;
    const char *folder = open_folder(&kit);
    mudtest_write(mudtest_text("%s/noise.bin", folder),
                  mud_str_of("\0\1\2\3\377\376", 6));
    mark(folder, "noise.bin");
    assert_int_equal(mudtest_sh("mkdir %s/bad && echo '{' >%s/bad/index.jsonl",
                                folder,
                                folder)
                         .code,
                     0);
    mark(folder, "bad");
    assert_int_equal(
        symlink("/etc/passwd", mudtest_text("%s/link.txt", folder)), 0);
    assert_int_equal(
        mudtest_sh("mkdir %s/sly && ln -s /etc %s/sly/etc", folder, folder)
            .code,
        0);
    mark(folder, "sly");
    mudtest_write(mudtest_text("%s/.hidden", folder), MUD_STR("x"));
    kit_collect(&kit, &report);
    assert_int_equal(entries(folder, "refused/*.reason.txt"), 4);
    assert_int_equal(entries(folder, "refused/*-link.txt"), 1);
    assert_int_equal(entries(folder, ".hidden"), 1);
    assert_has(mudtest_sh("cat %s/refused/*noise.bin.reason.txt", folder).out,
               "evidence");
    assert_has(mudtest_sh("cat %s/refused/*bad.reason.txt", folder).out,
               "index.jsonl:1");
    assert_has(mudtest_sh("cat %s/refused/*sly.reason.txt", folder).out,
               "link, not followed");
    assert_int_equal(kit_count(&kit, "mud.capture"), 1); /* the noise */
    assert_int_equal(report.n_skips, 1);                 /* each counted once */
    assert_string_equal(report.skips[0].reason, "refused-file");
    assert_int_equal(report.skips[0].count, 4);
    kit_close(&kit);
}

/* A round that takes what is there, and is out of patience after so long. */
static void collect_at(struct kit *kit, struct mud_report *report,
                       int64_t patience)
{
    const struct mud_folder_pace pace = {.patience = patience};
    const struct mud_crawl_options options = {0};

    *report = (struct mud_report){0};
    assert_ok(
        mud_folder_round(
            report, &kit->worker, &kit->source, &options, &pace, &kit->err),
        &kit->err);
}

/* The sample's first n bytes. */
static void drop_part(const char *folder, const char *as, size_t n)
{
    struct mud_str whole = mudtest_read(kit_samples("chat/result.json"));

    mudtest_write(mudtest_text("%s/%s", folder, as),
                  mud_str_sub(whole, 0, n ? n : whole.n));
}

static void test_folder__half_an_export_has_time_to_grow_on(void **state)
{
    struct kit kit;
    struct mud_report report;

    (void)state;
    const char *folder = open_folder(&kit);
    drop_part(folder, "result.json", 9000);
    collect_at(&kit, &report, 600);
    int64_t half = kit_count(&kit, "mud.post");
    assert_true(half > 0); /* read as far as it goes */
    assert_int_equal(report.growing, 1);
    assert_true(report.again <= mud_now() + 60 * MUD_SECOND);
    assert_int_equal(entries(folder, "result.json"), 1);

    collect_at(&kit, &report, 600); /* it stalls: not read again */
    assert_int_equal(report.growing, 1);
    assert_true(mud_report_is_idle(&report));
    assert_int_equal(kit_count(&kit, "mud.capture"), 1);

    drop_part(folder, "result.json", 0);
    collect_at(&kit, &report, 600);
    assert_int_equal(report.growing, 0);
    assert_int_equal(entries(folder, "done/2*-result.json"), 1);
    assert_int_equal(entries(folder, "done/*.reason.txt"), 0);
    assert_int_equal(kit_count(&kit, "mud.capture"), 2);
    assert_true(kit_count(&kit, "mud.post") > half);
    assert_int_equal(kit_count(&kit, "mud.cursor"), 0);
    kit_close(&kit);
}

static void test_folder__half_an_export_says_so(void **state)
{
    struct kit kit;
    struct mud_report report;

    (void)state;
    const char *folder = open_folder(&kit);
    drop_part(folder, "a.json", 9000);
    collect_at(&kit, &report, 600);
    collect_at(&kit, &report, 0); /* it will not come any more */
    assert_int_equal(report.growing, 0);
    assert_int_equal(entries(folder, "done/2*-a.json"), 1);
    struct mud_str why =
        mudtest_sh("cat %s/done/*a.json.reason.txt", folder).out;
    assert_has(why, "not all of it was read");
    assert_has(why, "cut off (truncated), 1 times, first: file:a.json, byte");
    assert_has(why, "what to do: export it again");
    assert_int_equal(kit_count(&kit, "mud.cursor"), 0);

    mud_lang_set(true);
    drop_part(folder, "b.json", 8000);
    mark(folder, "b.json"); /* whoever says that it is whole is believed */
    collect_at(&kit, &report, 600);
    mud_lang_set(false);
    assert_has(mudtest_sh("cat %s/done/*b.json.reason.txt", folder).out,
               "内容被截断");
    assert_int_equal(entries(folder, "*.done"), 0);
    kit_close(&kit);
}

/* A child imports and is killed at some moment; never returns. */
static void collect_and_die(const struct kit *kit)
{
    struct kit child = {.home = kit->home, .source = kit->source};
    struct mud_crawl_options options = {0};
    struct mud_report report = {0};

    if (!mud_worker_open(&child.worker, kit->home, "child", &child.err) ||
        !mud_collect(
            &report, &child.worker, &child.source, &options, &child.err))
        _exit(1);
    _exit(0);
}

static void test_folder__a_killed_worker_loses_and_doubles_nothing(void **state)
{
    struct kit kit;
    struct mud_report report;
    int status;

    (void)state;
    const char *folder = open_folder(&kit);
    drop(folder, "forum", "site");
    drop(folder, "chat/result.json", "result.json");
    mark(folder, "site");
    mark(folder, "result.json");
    mud_worker_close(&kit.worker);
    for (int i = 0; i < 5; i++) {
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0)
            collect_and_die(&kit);
        usleep(150000u + (unsigned)i * 97000u);
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, &status, 0), pid);
    }
    kit_worker(&kit);
    kit_collect(&kit, &report);
    assert_int_equal(entries(folder, "done/*"), 2);
    assert_int_equal(kit_count(&kit, "mud.capture"), 21);
    assert_int_equal(
        mud_test_pg_int(kit.pg,
                        "SELECT count(*) - count(DISTINCT post_id) FROM "
                        "mud.post"),
        0);
    assert_true(kit_count(&kit, "mud.post") > 56);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_folder__takes_what_is_marked_done),
        cmocka_unit_test(test_folder__takes_what_stopped_growing),
        cmocka_unit_test(test_folder__refuses_with_a_reason),
        cmocka_unit_test(test_folder__half_an_export_has_time_to_grow_on),
        cmocka_unit_test(test_folder__half_an_export_says_so),
        cmocka_unit_test(
            test_folder__a_killed_worker_loses_and_doubles_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
