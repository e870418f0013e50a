/* Rounds of sources: due, begun, ended, put off, stopped. */
#include "tests/run/runtest.h"

#include "run/health.h"

static const char *const kinds[] = {"forum", "feed", "folder"};

static size_t due(struct kit *kit, const char *worker, int64_t *wait)
{
    struct mud_due_query query = {
        .kinds = kinds, .n_kinds = 3, .worker = worker, .max = 10};
    struct mud_due *found;
    size_t n = 99;

    assert_ok(mud_health_due(
                  &found, &n, wait, kit->pg, &query, kit->arena, &kit->err),
              &kit->err);
    return n;
}

static bool begin(struct kit *kit, bool shared, const char *worker)
{
    bool ours = false;

    assert_ok(mud_health_begin(
                  &ours, kit->pg, &kit->source, shared, worker, &kit->err),
              &kit->err);
    return ours;
}

static bool end(struct kit *kit, const struct mud_health_round *round)
{
    bool stopped = false;

    assert_ok(mud_health_end(&stopped, kit->pg, &kit->source, round, &kit->err),
              &kit->err);
    return stopped;
}

static struct mud_health look(struct kit *kit)
{
    struct mud_health *health;
    size_t n;

    assert_ok(mud_health_list(
                  &health, &n, kit->pg, kit->source.id, kit->arena, &kit->err),
              &kit->err);
    assert_int_equal(n, 1);
    return health[0];
}

static int64_t seconds_to_next(struct kit *kit)
{
    return (look(kit).next - mud_now()) / MUD_SECOND;
}

static void open_source(struct kit *kit, const char *kind)
{
    kit_open(kit);
    kit_collector(kit, kind, 9, "/", NULL, 0);
}

static void test_health__a_new_source_is_due_at_once(void **state)
{
    struct kit kit;
    int64_t wait;

    (void)state;
    open_source(&kit, "feed");
    assert_int_equal(due(&kit, "a:1", &wait), 1);
    assert_int_equal(wait, -1);
    struct mud_health h = look(&kit);
    assert_true(h.next <= mud_now() && !h.began && !h.success && !h.failures);
    kit_close(&kit);
}

static void test_health__a_good_round_is_due_after_its_interval(void **state)
{
    struct kit kit;
    struct mud_report report = {.pages = 3, .bytes = 100, .captures = 3};
    int64_t wait, posted = mud_now() - 3600 * MUD_SECOND;

    (void)state;
    open_source(&kit, "feed");
    assert_true(begin(&kit, false, "a:1"));
    mud_report_post(&report, posted);
    mud_report_post(&report, posted - MUD_SECOND);
    mud_report_post(&report, mud_now() + 4 * 86400 * MUD_SECOND); /* a lie */
    mud_report_skip(&report, "login-wall", MUD_STR("http://s.example/a"));
    assert_false(end(&kit,
                     &(struct mud_health_round){
                         .worker = "a:1", .every_s = 600, .report = &report}));
    assert_int_equal(due(&kit, "a:1", &wait), 0);
    assert_true(wait > 590 * MUD_SECOND && wait <= 631 * MUD_SECOND);
    struct mud_health h = look(&kit);
    assert_true(h.success >= h.began && h.success > 0 && !h.unfinished);
    assert_int_equal(h.posted, posted);
    assert_true(h.post > posted);
    assert_int_equal(h.pages, 3);
    assert_int_equal(h.posts, 3);
    assert_int_equal(h.asked, 3);
    assert_int_equal(h.failed, 0);
    assert_text(h.worker, "");
    kit_close(&kit);
}

static void test_health__one_worker_reads_what_is_not_shared(void **state)
{
    struct kit kit;
    int64_t wait;

    (void)state;
    open_source(&kit, "feed");
    assert_true(begin(&kit, false, "a:1"));
    assert_int_equal(due(&kit, "b:2", &wait), 0);
    assert_false(begin(&kit, false, "b:2"));
    assert_true(begin(&kit, true, "b:2")); /* as a forum */
    assert_text(look(&kit).worker, "a:1");
    /* it was killed; its lease ran out */
    mud_test_pg_exec(kit.pg,
                     "UPDATE mud.health SET leased_until = now() "
                     "- interval '1 second'");
    assert_int_equal(due(&kit, "b:2", &wait), 1);
    int64_t began = look(&kit).began;
    assert_true(begin(&kit, false, "b:2"));
    assert_int_equal(look(&kit).began, began); /* goes on with it */
    kit_close(&kit);
}

static void test_health__a_dead_worker_of_this_host_holds_nothing(void **state)
{
    struct kit kit;
    int64_t wait;
    char name[200];

    (void)state;
    open_source(&kit, "feed");
    /* our own name with a number that no process has */
    snprintf(name,
             sizeof name,
             "%.*s:%d",
             (int)(strrchr(kit.worker.name, ':') - kit.worker.name),
             kit.worker.name,
             0x7ffffff0);
    assert_true(begin(&kit, false, name));
    assert_int_equal(due(&kit, kit.worker.name, &wait), 0);
    assert_ok(mud_health_bury(kit.pg, kit.worker.name, &kit.err), &kit.err);
    assert_int_equal(due(&kit, kit.worker.name, &wait), 1);
    /* one that lives, and one of another host, keep what they have */
    assert_true(begin(&kit, false, kit.worker.name));
    assert_ok(mud_health_bury(kit.pg, "x:1", &kit.err), &kit.err);
    assert_int_equal(due(&kit, "x:1", &wait), 0);
    kit_close(&kit);
}

static void test_health__a_beat_keeps_what_a_worker_took(void **state)
{
    struct kit kit;
    int64_t wait;

    (void)state;
    open_source(&kit, "feed");
    assert_true(begin(&kit, false, "a:1"));
    mud_test_pg_exec(kit.pg,
                     "UPDATE mud.health SET leased_until = now() "
                     "+ interval '1 second'");
    assert_ok(mud_health_beat(kit.pg, "a:1", "work", &kit.err), &kit.err);
    assert_true(mud_test_pg_int(kit.pg,
                                "SELECT count(*) FROM mud.health WHERE "
                                "leased_until > now() + interval '100 s'") ==
                1);
    assert_int_equal(kit_count(&kit, "mud.worker"), 1);
    assert_ok(mud_health_leave(kit.pg, "a:1", &kit.err), &kit.err);
    assert_int_equal(kit_count(&kit, "mud.worker"), 0);
    assert_int_equal(due(&kit, "b:2", &wait), 1);
    kit_close(&kit);
}

static void test_health__failures_are_put_off_ever_longer(void **state)
{
    struct kit kit;
    struct mud_error down = {0};
    struct mud_health_round round = {
        .worker = "a:1", .every_s = 100, .error = &down};
    int64_t last = 0;

    (void)state;
    open_source(&kit, "feed");
    mud_fail(&down, MUD_ENET, "no route to host");
    for (int i = 0; i < 12; i++) {
        int64_t base = 100 << i < 21600 ? 100 << i : 21600;

        assert_true(begin(&kit, false, "a:1"));
        assert_false(end(&kit, &round));
        last = seconds_to_next(&kit);
        assert_in_range(last, base * 3 / 4 - 2, base * 5 / 4 + 2);
    }
    struct mud_health h = look(&kit);
    assert_int_equal(h.failures, 12);
    assert_text(h.error_kind, "network");
    assert_text(h.error, "no route to host");
    assert_int_equal(h.failed, 12);
    /* and one that goes well ends it */
    assert_true(begin(&kit, false, "a:1"));
    round.error = NULL;
    assert_false(end(&kit, &round));
    assert_in_range(seconds_to_next(&kit), 98, 106);
    assert_int_equal(look(&kit).failures, 0);
    assert_text(look(&kit).error_kind, "network"); /* the last one, with time */
    kit_close(&kit);
}

static void test_health__a_round_that_only_met_errors_failed(void **state)
{
    static const struct {
        const char *outcome;
        int64_t pages; /* with answers */
        bool failed;
    } rows[] = {
        {"network", 0, true},
        {"network", 1, false},
        {"tls-expired", 0, true},
        {"challenge", 1, true}, /* a page of the site, that says no */
        {"challenge", 2, false},
        {"out-of-scope", 0, true},
        {"login-wall", 1, false},
        {"hidden", 0, false}, /* a file in a folder */
    };
    struct kit kit;

    (void)state;
    open_source(&kit, "feed");
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_report report = {.pages = rows[i].pages};

        mud_report_skip(&report, rows[i].outcome, MUD_STR("http://s.example/"));
        assert_true(begin(&kit, false, "a:1"));
        (void)end(&kit,
                  &(struct mud_health_round){
                      .worker = "a:1", .every_s = 1, .report = &report});
        if ((look(&kit).failures > 0) != rows[i].failed)
            fail_msg("%s with %d", rows[i].outcome, (int)rows[i].pages);
        mud_test_pg_exec(kit.pg, "UPDATE mud.health SET failures = 0");
    }
    kit_close(&kit);
}

/* Not "is the site up?": its accounts are to be looked at. */
static void test_health__a_log_in_in_vain_is_told_as_such(void **state)
{
    struct kit kit;
    struct mud_report report = {.pages = 2};
    struct mud_error why = {0};

    (void)state;
    open_source(&kit, "feed");
    mud_report_skip(&report, "login", MUD_STR("one: not let in"));
    (void)mud_fail(&why, MUD_ENET, "account one could not log in");
    assert_true(begin(&kit, false, "a:1"));
    (void)end(
        &kit,
        &(struct mud_health_round){
            .worker = "a:1", .every_s = 1, .report = &report, .error = &why});
    assert_text(look(&kit).error_kind, "login");
    assert_int_equal(look(&kit).failures, 1);
    assert_int_equal(look(&kit).failed, 1); /* counted once */
    kit_close(&kit);
}

static void test_health__a_used_up_budget_stops_the_source(void **state)
{
    struct kit kit;
    struct mud_report report = {.pages = 10};
    int64_t wait;

    (void)state;
    open_source(&kit, "forum");
    for (int i = 0; i < 9; i++)
        mud_report_skip(&report, "network", MUD_STR("http://s.example/a"));
    struct mud_health_round round = {
        .worker = "a:1", .every_s = 1, .report = &report};
    assert_true(begin(&kit, true, "a:1"));
    assert_false(end(&kit, &round)); /* 9 of 19: too few to say */
    report = (struct mud_report){.pages = 0};
    mud_report_skip(&report, "tls", MUD_STR("http://s.example/b"));
    mud_report_skip(&report, "tls", MUD_STR("http://s.example/b"));
    assert_true(begin(&kit, true, "a:1"));
    assert_true(end(&kit, &round)); /* 11 of 21 */
    assert_int_equal(due(&kit, "a:1", &wait), 0);
    assert_ok(mud_source_load(
                  &kit.source, kit.pg, kit.source.name, kit.arena, &kit.err),
              &kit.err);
    assert_text(kit.source.state, "stopped");
    assert_has(kit.source.state_note, "11 of 21");
    assert_has(kit.source.state_note, "mostly network");
    assert_has(kit.source.state_note, "mudlark source resume s");

    /* resumed, it begins with a clean sheet */
    assert_ok(mud_source_set_state(kit.pg,
                                   kit.source.name,
                                   MUD_STR("active"),
                                   MUD_STR(""),
                                   MUD_STR("li"),
                                   &kit.err),
              &kit.err);
    assert_int_equal(due(&kit, "a:1", &wait), 1);
    assert_true(begin(&kit, true, "a:1"));
    assert_false(end(&kit, &round));
    assert_int_equal(look(&kit).failed, 2);
    /* what came of it ever is kept */
    assert_int_equal(mud_test_pg_int(kit.pg,
                                     "SELECT n FROM mud.outcome WHERE hour = "
                                     "'-infinity' AND what = 'tls'"),
                     4);
    kit_close(&kit);
}

static void test_health__the_share_is_the_source_s_own(void **state)
{
    struct kit kit;
    struct mud_report report = {.pages = 50};

    (void)state;
    open_source(&kit, "forum");
    kit.source.error_share = 10;
    for (int i = 0; i < 6; i++)
        mud_report_skip(&report, "timeout", MUD_STR(""));
    assert_true(begin(&kit, true, "a:1"));
    assert_true(end(&kit,
                    &(struct mud_health_round){
                        .worker = "a:1", .every_s = 1, .report = &report}));
    kit_close(&kit);
}

static void test_health__an_unfinished_round_goes_on_at_once(void **state)
{
    struct kit kit;
    struct mud_report report = {.pages = 5};
    int64_t wait;

    (void)state;
    open_source(&kit, "forum");
    assert_true(begin(&kit, true, "a:1"));
    assert_false(end(&kit,
                     &(struct mud_health_round){.worker = "a:1",
                                                .every_s = 600,
                                                .unfinished = true,
                                                .report = &report}));
    assert_int_equal(due(&kit, "a:1", &wait), 1);
    struct mud_health h = look(&kit);
    assert_true(h.unfinished && !h.success);
    /* but not before it may: active hours, Retry-After */
    assert_true(begin(&kit, true, "a:1"));
    assert_int_equal(look(&kit).began, h.began);
    assert_false(end(
        &kit,
        &(struct mud_health_round){.worker = "a:1",
                                   .every_s = 600,
                                   .unfinished = true,
                                   .not_before = mud_now() + 50 * MUD_SECOND}));
    assert_in_range(seconds_to_next(&kit), 48, 50);
    kit_close(&kit);
}

static void test_health__paused_and_expired_sources_are_never_due(void **state)
{
    struct kit kit;
    int64_t wait;

    (void)state;
    open_source(&kit, "feed");
    assert_ok(mud_source_set_state(kit.pg,
                                   kit.source.name,
                                   MUD_STR("paused"),
                                   MUD_STR("a holiday"),
                                   MUD_STR("li"),
                                   &kit.err),
              &kit.err);
    assert_int_equal(due(&kit, "a:1", &wait), 0);
    mud_test_pg_exec(kit.pg,
                     "UPDATE mud.source SET state = 'active', expires_at = "
                     "now()");
    assert_int_equal(due(&kit, "a:1", &wait), 0);
    kit_close(&kit);
}

static void test_health__another_pace_holds_for_sources_without_one(
    void **state)
{
    struct kit kit;

    (void)state;
    open_source(&kit, "feed");
    assert_true(begin(&kit, false, "a:1"));
    assert_false(
        end(&kit, &(struct mud_health_round){.worker = "a:1", .every_s = 900}));
    assert_ok(mud_health_pace(kit.pg, 60, &kit.err), &kit.err);
    assert_in_range(seconds_to_next(&kit), 57, 60);
    mud_test_pg_exec(kit.pg,
                     "UPDATE mud.source SET options = '{\"every_s\":60}'");
    assert_ok(mud_health_pace(kit.pg, 900, &kit.err), &kit.err);
    assert_in_range(seconds_to_next(&kit), 57, 60);
    kit_close(&kit);
}

/* What is due among many is found by an index, not by looking at all. */
static void test_health__what_is_due_is_cheap_to_find(void **state)
{
    struct kit kit;
    int64_t wait, began;

    (void)state;
    open_source(&kit, "feed");
    mud_test_pg_exec(
        kit.pg,
        "INSERT INTO mud.source (source_id, name, kind, legal_basis, scope, "
        "expires_at, created_by) SELECT i, 'x' || i, 'feed', 'b', '{}', "
        "now() + interval '1 day', 't' FROM generate_series(1000, 5999) i;"
        "INSERT INTO mud.health (source_id, next_at) SELECT i, now() + "
        "interval '1 hour' FROM generate_series(1000, 5999) i;"
        "ANALYZE mud.source; ANALYZE mud.health");
    began = mud_monotonic();
    for (int i = 0; i < 100; i++)
        assert_int_equal(due(&kit, "a:1", &wait), 1);
    assert_true(mud_monotonic() - began < 5 * MUD_SECOND);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_health__a_new_source_is_due_at_once),
        cmocka_unit_test(test_health__a_good_round_is_due_after_its_interval),
        cmocka_unit_test(test_health__one_worker_reads_what_is_not_shared),
        cmocka_unit_test(test_health__a_dead_worker_of_this_host_holds_nothing),
        cmocka_unit_test(test_health__a_beat_keeps_what_a_worker_took),
        cmocka_unit_test(test_health__failures_are_put_off_ever_longer),
        cmocka_unit_test(test_health__a_round_that_only_met_errors_failed),
        cmocka_unit_test(test_health__a_log_in_in_vain_is_told_as_such),
        cmocka_unit_test(test_health__a_used_up_budget_stops_the_source),
        cmocka_unit_test(test_health__the_share_is_the_source_s_own),
        cmocka_unit_test(test_health__an_unfinished_round_goes_on_at_once),
        cmocka_unit_test(test_health__paused_and_expired_sources_are_never_due),
        cmocka_unit_test(
            test_health__another_pace_holds_for_sources_without_one),
        cmocka_unit_test(test_health__what_is_due_is_cheap_to_find),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
