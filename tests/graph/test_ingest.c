#include "tests/graph/world.h"

#include "graph/rebuild.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static const char offer[] = "出售肉鸡5000台，3元一台，联系QQ：9812345670";
static const char benign[] = "今天天气不错，大家吃了吗";

static int64_t count(const struct world *world, const char *what)
{
    return mud_test_pg_int(world->pg,
                           mudtest_text("SELECT count(*) FROM %s", what));
}

static void digest(const struct world *world, char hex[MUD_HEX256])
{
    uint8_t sha[MUD_SHA256];
    struct mud_error err = {0};

    assert_ok(mud_graph_digest(sha, NULL, world->pg, &err), &err);
    mud_hex(hex, sha, sizeof(sha));
}

static void test_ingest__keeps_post_offer_and_claim(void **state)
{
    struct world world = world_open();

    static const struct {
        const char *what;
        int64_t n;
    } rows[] = {
        {"post WHERE is_offer AND seller_id = author_id", 1},
        {"post p JOIN offer o ON o.content_id = p.content_id AND o.post_id = "
         "p.reading_of WHERE o.category = 1 AND o.product = 'bot_host' AND "
         "o.direction = 1 AND o.low = 5000",
         1},
        {"price WHERE low = 3 AND currency = 'CNY' AND role = 'price'", 1},
        {"entity WHERE kind = 2 AND type = 'qq' AND value = '9812345670'", 1},
        {"entity WHERE kind = 1 AND shown = '卖家甲'", 1},
        {"claim WHERE kind = 1", 2},
        {"claim a JOIN claim b ON a.src = b.dst AND a.dst = b.src AND "
         "a.kind = b.kind AND a.fwd <> b.fwd WHERE a.kind = 1",
         2},
        {"claim_evidence e JOIN content c USING (content_id) WHERE e.kind = 1 "
         "AND convert_from(substring(convert_to(c.body, 'UTF8') FROM "
         "e.span_start + 1 FOR e.span_end - e.span_start), 'UTF8') = "
         "'9812345670'",
         1},
        {"rule JOIN reader USING (reader)", -1},
        {"annotation a LEFT JOIN rule r USING (reader, rule) WHERE r.name IS "
         "NULL",
         0},
        {"capture_parsed WHERE posts = 1 AND parser = 'test-1'", 1},
        {"search_pending", 1},
    };

    (void)state;
    world_add_one(&world, 1, world_post("7", "70", "卖家甲", offer));
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        int64_t n = count(&world, rows[i].what);

        if (rows[i].n < 0 ? n == 0 : n != rows[i].n)
            fail_msg("%s: %lld", rows[i].what, (long long)n);
    }
    world_close(&world);
}

/* Some posts of a page: sellers, talk, a repost, a quote, an edit. */
static size_t page(struct mud_post posts[8], unsigned i)
{
    static char keys[64][8];
    static char bodies[64][160];
    size_t n = 0;

    for (unsigned j = 0; j < 6; j++, n++) {
        unsigned k = (i * 5 + j) % 64; /* overlaps with the next page */

        snprintf(keys[k], sizeof(keys[k]), "%u", 100 + k);
        snprintf(bodies[k],
                 sizeof(bodies[k]),
                 k % 3 ? "第%u楼，路过看看，帮顶"
                       : "出售肉鸡%u00台，2元一台，"
                         "QQ：98123456%02u",
                 k + 1,
                 k % 4);
        posts[n] = world_post("7", keys[k], k % 3 ? "路人" : "卖家", bodies[k]);
        posts[n].posted = WORLD_AT(k);
    }
    return n;
}

static void test_ingest__the_same_capture_again_adds_nothing(void **state)
{
    struct world world = world_open();
    struct mud_post posts[8];
    size_t n = page(posts, 0);
    struct mud_capture capture = world_capture(1);
    char before[MUD_HEX256], after[MUD_HEX256];
    bool known = false;
    struct mud_error err = {0};

    (void)state;
    assert_ok(
        mud_ingest_known(&known, world.pg, capture.id, &world.options, &err),
        &err);
    assert_false(known);
    world_add(&world, &capture, posts, n);
    digest(&world, before);
    assert_ok(
        mud_ingest_known(&known, world.pg, capture.id, &world.options, &err),
        &err);
    assert_true(known);
    world_add(&world, &capture, posts, n);
    digest(&world, after);
    assert_string_equal(before, after);
    assert_int_equal(count(&world, "post"), n);
    world_close(&world);
}

static void test_ingest__any_order_and_batch_gives_the_same(void **state)
{
    char want[MUD_HEX256] = "", got[MUD_HEX256];
    static const unsigned orders[][6] = {
        {0, 1, 2, 3, 4, 5}, {5, 4, 3, 2, 1, 0}, {2, 5, 0, 4, 1, 3}};

    (void)state;
    for (size_t o = 0; o < MUDTEST_ROWS(orders); o++) {
        struct world world = world_open();

        world.options.batch = o == 2 ? 3 : 0;
        for (size_t i = 0; i < 6; i++) {
            struct mud_post posts[8];
            struct mud_capture capture = world_capture(orders[o][i]);
            size_t n = page(posts, orders[o][i]);

            world_add(&world, &capture, posts, n);
        }
        digest(&world, got);
        if (!o)
            memcpy(want, got, sizeof(want));
        assert_string_equal(want, got);
        world_close(&world);
    }
}

static void test_ingest__a_changed_text_is_a_revision(void **state)
{
    struct world world = world_open();
    struct mud_post gone = world_post("7", "70", "甲", "");

    (void)state;
    gone.state = MUD_POST_DELETED;
    world_add_one(&world, 1, world_post("7", "70", "甲", benign));
    world_add_one(&world, 2, world_post("7", "70", "甲", "改过的话"));
    world_add_one(&world, 3, gone);
    world_add_one(&world, 4, world_post("7", "70", "甲", "改过的话"));
    assert_int_equal(count(&world, "post"), 3);
    assert_int_equal(count(&world, "(SELECT DISTINCT post_id FROM post) p"), 1);
    assert_int_equal(count(&world, "post WHERE last_seen > first_seen"), 1);
    assert_int_equal(count(&world, "post WHERE state = 2"), 1);
    world_close(&world);
}

static void test_ingest__the_best_view_gives_the_row(void **state)
{
    static const unsigned orders[2][2] = {{1, 2}, {2, 1}};

    (void)state;
    for (size_t o = 0; o < 2; o++) {
        struct world world = world_open();

        for (size_t i = 0; i < 2; i++) {
            struct mud_post post = world_post("7", "70", "甲", benign);

            if (orders[o][i] == 1) { /* a printed page, seen first */
                post.view = MUD_VIEW_PRINT;
                post.posted_precision = MUD_TO_DAY;
            } else {
                post.signature = MUD_STR("我的签名");
            }
            world_add_one(&world, orders[o][i], post);
        }
        assert_int_equal(count(&world, "post"), 1);
        assert_int_equal(count(&world,
                               "post WHERE signature_id IS NOT NULL "
                               "AND posted_precision = 2 AND "
                               "last_seen - first_seen = '1 hour'"),
                         1);
        world_close(&world);
    }
}

static void test_ingest__takes_what_is_broken(void **state)
{
    struct world world = world_open();
    struct mud_str many[1000];
    struct mud_post post = world_post("7", "70", "甲", "a\xff\xfe b");
    char *long_text = mud_malloc(3 << 20);
    struct mud_quote quote = {MUD_STR("乙"), MUD_STR("69"), MUD_STR("引文")};

    (void)state;
    memset(long_text, 'x', 3 << 20);
    for (size_t i = 0; i < MUDTEST_ROWS(many); i++)
        many[i] = MUD_STR("https://site.example/a\\u0000\x01");
    post.links = many;
    post.n_links = MUDTEST_ROWS(many);
    post.quotes = &quote;
    post.n_quotes = 1;
    post.posted = INT64_MAX;
    post.position = UINT32_MAX;
    post.author = mud_str_of(long_text, 3 << 20);
    world_add_one(&world, 1, post);
    post = world_post("", "", "", "");
    post.body = mud_str_of(long_text, 3 << 20);
    post.site = post.engine = (struct mud_str){0};
    world_add_one(&world, 2, post);
    assert_int_equal(count(&world, "post"), 2);
    assert_int_equal(count(&world, "post WHERE posted_at IS NULL"), 1);
    assert_int_equal(count(&world, "content WHERE length(body) = 1048576"), 1);
    assert_int_equal(count(&world,
                           "capture_parsed WHERE notes @> "
                           "'[{\"code\": \"cut\"}]'"),
                     2);
    free(long_text);
    world_close(&world);
}

static void test_ingest__nothing_refers_to_what_is_not_there(void **state)
{
    struct world world = world_open();
    static const char *const orphans[] = {
        "post LEFT JOIN content c USING (content_id) WHERE c.body IS NULL",
        "post LEFT JOIN thread t USING (thread_id) WHERE t.title IS NULL",
        "part LEFT JOIN content c USING (content_id) WHERE c.body IS NULL",
        "annotation LEFT JOIN content c USING (content_id) WHERE c.body IS "
        "NULL",
        "offer LEFT JOIN content c USING (content_id) WHERE c.body IS NULL",
        "price p LEFT JOIN offer o USING (content_id, post_id, reader, "
        "offer_no) WHERE o.product IS NULL",
        "claim LEFT JOIN entity e ON e.entity_id = src WHERE e.kind IS NULL",
        "claim LEFT JOIN claim_evidence e ON e.src = least(claim.src, "
        "claim.dst) AND e.dst = greatest(claim.src, claim.dst) AND e.kind = "
        "claim.kind WHERE e.rule IS NULL",
        "claim_evidence e LEFT JOIN content c USING (content_id) WHERE c.body "
        "IS NULL",
        "claim_evidence e JOIN content c USING (content_id) WHERE e.field < 3 "
        "AND e.span_end > octet_length(c.body)",
        "post WHERE seller_id IS NOT NULL AND seller_id NOT IN (SELECT "
        "entity_id FROM entity)",
    };

    (void)state;
    for (unsigned i = 0; i < 6; i++) {
        struct mud_post posts[8];
        struct mud_capture capture = world_capture(i);
        size_t n = page(posts, i);

        posts[0].position = 1;
        posts[0].thread_title = MUD_STR("出售肉鸡，QQ：9800000001");
        posts[0].signature = MUD_STR("长期出售数据，电报 @made_up_seller");
        world_add(&world, &capture, posts, n);
    }
    assert_true(count(&world, "claim_evidence") > 0);
    for (size_t i = 0; i < MUDTEST_ROWS(orphans); i++)
        if (count(&world, orphans[i]))
            fail_msg("%s", orphans[i]);
    world_close(&world);
}

/* ---- several at once, and a server that goes away ---- */

struct racer {
    struct world *world;
    unsigned from;
    bool done;
    struct mud_error err;
};

static void *race(void *payload)
{
    struct racer *racer = payload;
    struct mud_ingest *ingest = NULL;
    bool go = mud_ingest_new(&ingest, &racer->world->options, &racer->err);

    for (unsigned i = 0; go && i < 12; i++) {
        unsigned k = (racer->from + i) % 12;
        struct mud_capture capture = world_capture(k);
        struct mud_post posts[20];
        char keys[20][8], bodies[20][120];

        go = mud_ingest_begin(ingest, &capture, &racer->err);
        for (unsigned j = 0; go && j < 20; j++) {
            unsigned n = k * 10 + j; /* half of it on the next page too */

            snprintf(keys[j], sizeof(keys[j]), "%u", n);
            snprintf(bodies[j],
                     sizeof(bodies[j]),
                     "出售肉鸡%u00台，QQ：98123%05u",
                     n % 7 + 1,
                     n % 30);
            posts[j] =
                world_post("7", keys[j], n % 2 ? "卖家" : "老板", bodies[j]);
            go = mud_ingest_post(ingest, &posts[j], &racer->err);
        }
        go = go && mud_ingest_end(ingest, &racer->err);
    }
    racer->done = go && mud_ingest_flush(ingest, NULL, &racer->err);
    mud_ingest_free(ingest);
    return NULL;
}

static void test_ingest__eight_at_once_give_what_one_gives(void **state)
{
    struct world one = world_open(), many = world_open();
    struct racer racers[8], alone = {.world = &one};
    pthread_t threads[8];
    char want[MUD_HEX256], got[MUD_HEX256];

    (void)state;
    race(&alone);
    assert_ok(alone.done, &alone.err);
    many.options.batch = 30;
    for (unsigned i = 0; i < 8; i++) {
        racers[i] = (struct racer){.world = &many, .from = i * 5};
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]),
                         0);
    }
    for (unsigned i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    for (unsigned i = 0; i < 8; i++)
        assert_ok(racers[i].done, &racers[i].err);
    digest(&one, want);
    digest(&many, got);
    assert_string_equal(want, got);
    world_close(&one);
    world_close(&many);
}

/* Ingest one large capture, and kill its backends while it goes on. */
static bool ingest_large(struct world *world, int kill_at,
                         struct mud_error *err)
{
    struct mud_ingest *ingest = NULL;
    struct mud_capture capture = world_capture(1);
    bool go = mud_ingest_new(&ingest, &world->options, err) &&
              mud_ingest_begin(ingest, &capture, err);

    for (int i = 0; go && i < 600; i++) {
        char key[8], body[120];
        struct mud_post post;

        snprintf(key, sizeof(key), "%d", i);
        snprintf(body, sizeof(body), "第%d楼，出售肉鸡，QQ：98123%05d", i, i);
        post = world_post("7", key, "卖家", body);
        if (i == kill_at) {
            mud_test_pg_kill(SIGQUIT);
            /* The batches under way fail; nobody starts the server yet. */
        }
        go = mud_ingest_post(ingest, &post, err);
    }
    go = go && mud_ingest_end(ingest, err) &&
         mud_ingest_flush(ingest, NULL, err);
    mud_ingest_free(ingest);
    return go;
}

static void test_ingest__a_server_that_dies_leaves_nothing_half(void **state)
{
    struct world want = world_open(), got = world_open();
    struct mud_error err = {0};
    char a[MUD_HEX256], b[MUD_HEX256];
    int64_t posts = 0;

    (void)state;
    want.options.batch = got.options.batch = 50;
    assert_ok(ingest_large(&want, -1, &err), &err);
    digest(&want, a);
    assert_fails(ingest_large(&got, 300, &err), &err, MUD_EAGAIN, "ingest");
    mud_test_pg_restart();
    mud_pg_close(want.pg);
    mud_pg_close(got.pg);
    want.pg = mud_test_pg_open(want.dsn);
    got.pg = mud_test_pg_open(got.dsn);
    posts = count(&got, "post");
    assert_int_equal(posts % 50, 0); /* whole batches */
    assert_int_equal(count(&got, "content"), posts);
    assert_int_equal(count(&got, "capture_parsed"), 0);
    mud_error_clear(&err);
    assert_ok(ingest_large(&got, -1, &err), &err);
    digest(&got, b);
    assert_string_equal(a, b);
    world_close(&want);
    world_close(&got);
}

static void test_ingest__a_lost_connection_is_made_again(void **state)
{
    struct world world = world_open();
    struct mud_ingest *ingest = NULL;
    struct mud_capture capture = world_capture(1);
    struct mud_post post = world_post("7", "70", "甲", offer);
    struct mud_error err = {0};

    (void)state;
    assert_ok(mud_ingest_new(&ingest, &world.options, &err), &err);
    assert_ok(mud_ingest_begin(ingest, &capture, &err), &err);
    assert_ok(mud_ingest_post(ingest, &post, &err), &err);
    assert_ok(mud_ingest_end(ingest, &err), &err);
    mud_test_pg_exec(world.pg,
                     "SELECT pg_terminate_backend(pid) FROM "
                     "pg_stat_activity WHERE pid <> pg_backend_pid() "
                     "AND datname = current_database()");
    assert_ok(mud_ingest_flush(ingest, NULL, &err), &err);
    mud_ingest_free(ingest);
    assert_int_equal(count(&world, "post"), 1);
    world_close(&world);
}

static void test_ingest__stops_when_all_is_cleared_meanwhile(void **state)
{
    struct world world = world_open();
    struct mud_ingest *ingest = NULL;
    struct mud_capture capture = world_capture(1);
    struct mud_post post = world_post("7", "70", "甲", offer);
    struct mud_error err = {0};

    (void)state;
    assert_ok(mud_ingest_new(&ingest, &world.options, &err), &err);
    assert_ok(mud_ingest_begin(ingest, &capture, &err), &err);
    assert_ok(mud_ingest_post(ingest, &post, &err), &err);
    assert_ok(mud_ingest_end(ingest, &err), &err);
    assert_ok(mud_graph_clear(world.pg, &err), &err);
    assert_fails(
        mud_ingest_flush(ingest, NULL, &err), &err, MUD_EAGAIN, "cleared");
    mud_ingest_free(ingest);
    assert_int_equal(count(&world, "post"), 0);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ingest__keeps_post_offer_and_claim),
        cmocka_unit_test(test_ingest__the_same_capture_again_adds_nothing),
        cmocka_unit_test(test_ingest__any_order_and_batch_gives_the_same),
        cmocka_unit_test(test_ingest__a_changed_text_is_a_revision),
        cmocka_unit_test(test_ingest__the_best_view_gives_the_row),
        cmocka_unit_test(test_ingest__takes_what_is_broken),
        cmocka_unit_test(test_ingest__nothing_refers_to_what_is_not_there),
        cmocka_unit_test(test_ingest__eight_at_once_give_what_one_gives),
        cmocka_unit_test(test_ingest__a_server_that_dies_leaves_nothing_half),
        cmocka_unit_test(test_ingest__a_lost_connection_is_made_again),
        cmocka_unit_test(test_ingest__stops_when_all_is_cleared_meanwhile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
