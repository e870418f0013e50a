#include "graph/drift.h"

#include "graph/rebuild.h"
#include "graph/share.h"
#include "tests/graph/world.h"

#include <math.h>

static struct mud_share share(int32_t pages, int32_t n, int32_t hits)
{
    struct mud_page_share all[100];

    for (int32_t i = 0; i < pages; i++)
        all[i] = (struct mud_page_share){n, hits};
    return mud_share_of(all, (size_t)pages);
}

/* 60 of 100 against 40 of 100: z = 0.2 / sqrt(0.25 * 0.02) = 2.8284. */
static void test_share__is_the_test_of_two_shares(void **state)
{
    struct mud_share a = share(10, 10, 6), b = share(10, 10, 4);

    (void)state;
    assert_true(fabs(mud_share_score(&a, &b) - 2.8284271) < 1e-6);
    assert_true(fabs(mud_share_score(&b, &a) + 2.8284271) < 1e-6);
    assert_true(mud_share_score(&a, &a) == 0);
    struct mud_share none = share(3, 0, 0);
    assert_true(mud_share_score(&a, &none) == 0);
}

/* Ten pages, of which four lost all of their ten posts: no 40 posts that fell
 * one by one. */
static void test_share__pages_are_clusters(void **state)
{
    struct mud_page_share pages[10];
    struct mud_share before = share(30, 10, 10), now;

    (void)state;
    for (int i = 0; i < 10; i++)
        pages[i] = (struct mud_page_share){10, i < 4 ? 0 : 10};
    now = mud_share_of(pages, 10);
    assert_true(now.share > 0.599 && now.share < 0.601);
    /* 10/9 * (4 * 36 + 6 * 16) / 100 / 100 */
    assert_true(fabs(now.clusters - 240.0 / 9000) < 1e-9);
    assert_true(mud_share_score(&before, &now) < 3);
}

struct market {
    struct world world;
    unsigned captures;
};

enum loss {
    NOTHING,
    AUTHORS,
    TIMES,
    BODIES,
    POSTS,
    SAME_TIME,
    UNKNOWN,
    STRUCTURE,
    SIGNATURES
};

/* One more page of five posts, of which it lost something. */
static void put_page(struct market *market, struct mud_ingest *ingest,
                     enum loss loss)
{
    struct mud_error err = {0};
    struct mud_capture capture = world_capture(market->captures++);
    struct mud_str engine = loss == STRUCTURE ? MUD_STR("generic")
                            : loss == UNKNOWN ? MUD_STR("")
                                              : MUD_STR("discuz");

    assert_ok(mud_ingest_begin(ingest, &capture, &err), &err);
    mud_ingest_kind(
        ingest, engine, loss == UNKNOWN ? MUD_PAGE_UNKNOWN : MUD_PAGE_THREAD);
    for (unsigned i = 0; i < 5 && loss != POSTS && loss != UNKNOWN; i++) {
        struct mud_post post =
            world_post(mudtest_text("%u", market->captures),
                       mudtest_text("%u", market->captures * 5 + i),
                       mudtest_text("人%u", i),
                       mudtest_text("第 %u 层，今天天气不错", i));
        post.engine = engine;
        post.posted = WORLD_AT(market->captures) + i;
        post.signature = MUD_STR("签名");
        if (loss == AUTHORS)
            post.author = MUD_STR("");
        if (loss == TIMES)
            post.posted = 0;
        if (loss == SAME_TIME)
            post.posted = WORLD_AT(1);
        if (loss == SIGNATURES)
            post.signature = MUD_STR("");
        if (loss == BODIES) {
            post.body = MUD_STR("");
            post.state = MUD_POST_EMPTY;
        }
        assert_ok(mud_ingest_post(ingest, &post, &err), &err);
    }
    assert_ok(mud_ingest_end(ingest, &err), &err);
}

static struct mud_drift_result put_pages(struct market *market, unsigned n,
                                         enum loss loss)
{
    struct mud_drift_result result = {0};
    struct mud_ingest *ingest = NULL;
    struct mud_error err = {0};

    assert_ok(mud_ingest_new(&ingest, &market->world.options, &err), &err);
    for (unsigned i = 0; i < n; i++)
        put_page(market, ingest, loss);
    assert_ok(mud_ingest_flush(ingest, NULL, &err), &err);
    mud_ingest_free(ingest);
    assert_ok(mud_drift_run(&result, market->world.pg, &err), &err);
    return result;
}

static struct market market_open(void)
{
    struct market market = {.world = world_open()};

    return market;
}

static bool keep(struct mud_str json, void *payload, struct mud_error *err)
{
    (void)err;
    mud_buf_str(payload, json);
    mud_buf_c(payload, '\n');
    return true;
}

/* Alarms of the market's source as lines; lives until the test's end. */
static const char *alarms(struct market *market, bool ended)
{
    struct mud_buf lines = {0};
    struct mud_error err = {0};

    assert_ok(mud_list_drift(market->world.pg, 1, ended, 0, keep, &lines, &err),
              &err);
    const char *text = mudtest_text(
        "%.*s", (int)(lines.n < 4000 ? lines.n : 4000), mud_buf_cstr(&lines));
    mud_buf_free(&lines);
    return text;
}

static void assert_says(const char *lines, const char *part)
{
    if (!strstr(lines, part))
        fail_msg("%s is not in: %s", part, lines);
}

static void test_drift__each_kind_of_loss(void **state)
{
    static const struct {
        enum loss loss;
        const char *what, *selector;
    } rows[] = {
        {AUTHORS, "\"what\":\"author\"", "\"selector\":\"[post] author = "},
        {TIMES, "\"what\":\"time\"", "\"selector\":\"[post] time = "},
        {BODIES, "\"what\":\"body\"", "\"selector\":\"[post] body = "},
        {POSTS, "\"what\":\"no-posts\"", "\"selector\":\"[post] node = "},
        {SAME_TIME, "\"what\":\"alike:time\"", "[post] time = "},
        {UNKNOWN, "\"what\":\"unknown\"", "\"selector\":null"},
        {STRUCTURE, "\"what\":\"generic\"", "\"selector\":null"},
        {SIGNATURES, "\"what\":\"signature\"", "[post] signature = "},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct market market = market_open();
        struct mud_drift_result result = put_pages(&market, 30, NOTHING);
        assert_int_equal(result.open, 0);
        result = put_pages(&market, 12, rows[i].loss);
        assert_true(result.raised >= 1);
        assert_int_equal(result.raised, result.open);
        assert_says(alarms(&market, false), rows[i].what);
        assert_says(alarms(&market, false), rows[i].selector);
        world_close(&market.world);
    }
}

/* Ten bad pages are no alarm, nor are any when little was read before. */
static void test_drift__few_pages_do_not_alarm(void **state)
{
    struct market market = market_open();

    (void)state;
    put_pages(&market, 30, NOTHING);
    assert_int_equal(put_pages(&market, 11, AUTHORS).open, 0);
    world_close(&market.world);
    market = market_open();
    put_pages(&market, 20, NOTHING);
    assert_int_equal(put_pages(&market, 15, AUTHORS).open, 0);
    world_close(&market.world);
}

static void test_drift__ends_when_shares_return_and_is_kept(void **state)
{
    struct market market = market_open();
    struct mud_drift_result result;
    int64_t open = 0;
    struct mud_error err = {0};

    (void)state;
    put_pages(&market, 40, NOTHING);
    result = put_pages(&market, 12, TIMES);
    assert_int_equal(result.open, 1);
    /* Half of the newest pages are well: it stands, and is not raised twice. */
    result = put_pages(&market, 6, NOTHING);
    assert_int_equal(result.open, 1);
    assert_int_equal(result.raised, 0);
    assert_says(alarms(&market, false), "\"was\":1,\"was_of\":200,\"now\":0.5");
    result = put_pages(&market, 6, NOTHING);
    assert_int_equal(result.cleared, 1);
    assert_int_equal(result.open, 0);
    assert_string_equal(alarms(&market, false), "");
    assert_says(alarms(&market, true), "\"cleared\":\"");
    /* And it stays away, though bad pages are among the 48 newest. */
    assert_int_equal(put_pages(&market, 2, NOTHING).open, 0);
    assert_ok(mud_drift_count(&open, market.world.pg, 0, &err), &err);
    assert_int_equal(open, 0);
    /* A second loss is a second alarm. */
    put_pages(&market, 40, NOTHING);
    assert_int_equal(put_pages(&market, 14, TIMES).raised, 1);
    assert_int_equal(
        mud_test_pg_int(market.world.pg, "SELECT count(*) FROM mud.drift"), 2);
    world_close(&market.world);
}

/* The same captures again, and a rebuild, tally the same. */
static void test_drift__again_counts_nothing_twice(void **state)
{
    struct market market = market_open();
    struct mud_error err = {0};

    (void)state;
    put_pages(&market, 36, NOTHING);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(mud_test_pg_int(market.world.pg,
                                         "SELECT count(*) FROM mud.tally"),
                         36);
        assert_int_equal(
            mud_test_pg_int(market.world.pg,
                            "SELECT sum(filled[2]) FROM mud.tally"),
            180);
        market.captures = 0;
        put_pages(&market, 36, NOTHING);
    }
    assert_ok(mud_graph_clear(market.world.pg, &err), &err);
    assert_int_equal(
        mud_test_pg_int(market.world.pg, "SELECT count(*) FROM mud.tally"), 0);
    world_close(&market.world);
}

/* An export is tallied in runs; another reading of it with fewer messages
 * leaves none of the old runs. */
static void test_drift__exports_are_tallied_in_runs(void **state)
{
    struct market market = market_open();
    struct mud_error err = {0};

    (void)state;
    for (unsigned n = 1300; n; n = n == 1300 ? 100 : 0) {
        struct mud_ingest *ingest = NULL;
        struct mud_capture capture = world_capture(7);
        assert_ok(mud_ingest_new(&ingest, &market.world.options, &err), &err);
        assert_ok(mud_ingest_begin(ingest, &capture, &err), &err);
        for (unsigned i = 0; i < n; i++) {
            struct mud_post post = world_post(
                "g", mudtest_text("%u", i), "甲", i % 2 ? "在" : "好的");
            post.engine = MUD_STR("telegram");
            assert_ok(mud_ingest_post(ingest, &post, &err), &err);
        }
        assert_ok(mud_ingest_end(ingest, &err), &err);
        assert_ok(mud_ingest_flush(ingest, NULL, &err), &err);
        mud_ingest_free(ingest);
        assert_int_equal(
            mud_test_pg_int(market.world.pg,
                            "SELECT count(*) FROM mud.tally WHERE kind = "
                            "'chat' AND engine = 'telegram'"),
            n / 512 + 1);
        assert_int_equal(mud_test_pg_int(market.world.pg,
                                         "SELECT sum(posts) FROM mud.tally"),
                         n);
    }
    world_close(&market.world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_share__is_the_test_of_two_shares),
        cmocka_unit_test(test_share__pages_are_clusters),
        cmocka_unit_test(test_drift__each_kind_of_loss),
        cmocka_unit_test(test_drift__few_pages_do_not_alarm),
        cmocka_unit_test(test_drift__ends_when_shares_return_and_is_kept),
        cmocka_unit_test(test_drift__again_counts_nothing_twice),
        cmocka_unit_test(test_drift__exports_are_tallied_in_runs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
