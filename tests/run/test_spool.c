#include "run/spool.h"

#include "tests/run/runtest.h"

#define LINE(second, text)             \
    MUD_STR("2026-11-22T00:42:" second \
            "Z CHANNEL from=seller!~u@host.example [#c] [" text "]\n")

static void open_spool(struct kit *kit, struct mud_spool **spool,
                       struct mud_report *report)
{
    *report = (struct mud_report){0};
    assert_ok(
        mud_spool_open(
            spool, &kit->worker, &kit->source, "text/plain", report, &kit->err),
        &kit->err);
}

static void add(struct kit *kit, struct mud_spool *spool, struct mud_str line)
{
    assert_ok(mud_spool_add(spool, line, &kit->err), &kit->err);
}

static const char *parts(struct kit *kit)
{
    return mudtest_text("%s/spool/%d", kit->home, (int)kit->source.id);
}

static void test_spool__loses_nothing_when_killed(void **state)
{
    struct kit kit;
    struct mud_report report;
    struct mud_spool *spool;

    (void)state;
    kit_open(&kit);
    kit_collector(&kit, "feed", 1, "/", NULL, 0);
    open_spool(&kit, &spool, &report);
    assert_int_equal(mud_spool_size(spool), 0);
    add(&kit, spool, LINE("01", "one"));
    add(&kit, spool, LINE("02", "two"));
    assert_false(mud_spool_due(spool));
    assert_true(mud_spool_since(spool) > 0);
    mud_spool_free(spool); /* as one that dies: nothing was sealed */
    assert_int_equal(kit_count(&kit, "mud.capture"), 0);

    open_spool(&kit, &spool, &report);
    assert_int_equal(report.captures, 1);
    assert_int_equal(report.posts, 2);
    assert_int_equal(kit_count(&kit, "mud.post"), 2);
    assert_int_equal(
        kit_count(&kit, "mud.capture WHERE access_mode = 'public'"), 1);
    add(&kit, spool, LINE("03", "three"));
    assert_ok(mud_spool_seal(spool, &kit.err), &kit.err);
    assert_ok(mud_spool_seal(spool, &kit.err), &kit.err); /* nothing is new */
    assert_int_equal(kit_count(&kit, "mud.capture"), 2);
    assert_int_equal(kit_count(&kit, "mud.post"), 3);
    assert_text(mudtest_sh("ls -A %s", parts(&kit)).out, "");
    mud_spool_free(spool);
    kit_close(&kit);
}

/* Killed between the seal and the end of the file: it is there once. */
static void test_spool__seals_nothing_twice(void **state)
{
    struct kit kit;
    struct mud_report report;
    struct mud_spool *spool;

    (void)state;
    kit_open(&kit);
    kit_collector(&kit, "feed", 1, "/", NULL, 0);
    open_spool(&kit, &spool, &report);
    add(&kit, spool, LINE("01", "one"));
    assert_int_equal(
        mudtest_sh("cp -a %s %s.kept", parts(&kit), parts(&kit)).code, 0);
    assert_ok(mud_spool_seal(spool, &kit.err), &kit.err);
    mud_spool_free(spool);
    assert_int_equal(
        mudtest_sh("cp -a %s.kept/* %s/", parts(&kit), parts(&kit)).code, 0);
    open_spool(&kit, &spool, &report);
    assert_int_equal(report.captures, 0);
    assert_int_equal(report.posts, 0);
    assert_int_equal(kit_count(&kit, "mud.capture"), 1);
    assert_text(mudtest_sh("ls -A %s", parts(&kit)).out, "");

    /* and one that was sealed and not read is read */
    add(&kit, spool, LINE("02", "two"));
    assert_int_equal(
        mudtest_sh("cp -a %s/* %s.kept/", parts(&kit), parts(&kit)).code, 0);
    assert_ok(mud_spool_seal(spool, &kit.err), &kit.err);
    mud_spool_free(spool);
    mud_test_pg_exec(kit.pg, "DELETE FROM mud.capture_parsed");
    assert_int_equal(
        mudtest_sh("cp -a %s.kept/* %s/", parts(&kit), parts(&kit)).code, 0);
    open_spool(&kit, &spool, &report);
    assert_int_equal(report.captures, 0);
    assert_int_equal(report.posts, 2);
    assert_int_equal(kit_count(&kit, "mud.post"), 2);
    mud_spool_free(spool);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spool__loses_nothing_when_killed),
        cmocka_unit_test(test_spool__seals_nothing_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
