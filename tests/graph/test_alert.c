#include "tests/graph/world.h"

#include "base/json.h"
#include "graph/alert.h"
#include "graph/search_index.h"
#include "graph/similar.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

struct hits {
    int64_t hit[512];
    char line[3000]; /* the last one */
    size_t n;
};

static bool take(struct mud_str json, void *payload, struct mud_error *err)
{
    struct hits *hits = payload;
    json_t *hit = mud_json_read(json, err);

    assert_true(hits->n < 512);
    hits->hit[hits->n++] = mud_json_get_int(hit, "hit", 0);
    snprintf(hits->line, sizeof(hits->line), "%.*s", MUD_FMT(json));
    json_decref(hit);
    return true;
}

/* What run/link.c does, as far as saved searches are concerned. */
static struct mud_alerted link_all(struct world *world)
{
    struct mud_alerted out = {0};
    struct mud_error err = {0};

    assert_ok(mud_similar_run(NULL, world->pg, &err), &err);
    assert_ok(
        mud_search_index(NULL, world->pg, world->reader, NULL, NULL, &err),
        &err);
    assert_ok(mud_alert_run(&out, world->pg, world->reader, &err), &err);
    return out;
}

static void add(struct world *world, const char *name, const char *query)
{
    struct mud_error err = {0};

    assert_ok(mud_alert_add(world->pg,
                            world->reader,
                            mud_str_z(name),
                            mud_str_z(query),
                            "Asia/Shanghai",
                            MUD_STR("tester"),
                            &err),
              &err);
    /* Captures of the tests are older than now. */
    mud_test_pg_exec(world->pg,
                     "UPDATE mud.alert SET since = '2026-11-20 00:30Z'");
}

static struct hits hand_out(struct world *world, const char *name)
{
    struct hits hits = {0};
    struct mud_alert_asked asked = {
        .name = mud_str_z(name), .after = -1, .hand_out = true};
    struct mud_error err = {0};

    assert_ok(mud_alert_hits(world->pg, &asked, take, &hits, &err), &err);
    return hits;
}

static void test_alert__new_posts_once_reposts_counted(void **state)
{
    struct world world = world_open();
    const char *advert = "出售国内肉鸡，量大从优，长期稳定在线，支持测试，"
                         "可以先看货再付款，老客户有优惠，联系QQ9812345670";
    const char *again = "出售国内肉鸡，量大从优，长期稳定在线，支持测试，"
                        "可以先看货再付款，老客户有优惠，联系QQ9812345679";
    struct mud_alerted done;
    struct hits hits;

    (void)state;
    world_add_one(&world, 0, world_post("7", "0", "旧人", "旧的肉鸡广告"));
    link_all(&world);
    add(&world, "bots", "肉鸡 -转让");
    add(&world, "any", "is:offer category:bots");
    add(&world, "none", "没有这样的词");
    world_add_one(&world, 1, world_post("7", "1", "甲", advert));
    done = link_all(&world);
    assert_int_equal(done.hits, 2);
    hits = hand_out(&world, "bots");
    assert_int_equal(hits.n, 1);
    assert_non_null(strstr(hits.line, "\"state\":\"new\""));
    assert_non_null(strstr(hits.line, "\"posts\":1"));
    assert_int_equal(hand_out(&world, "bots").n, 0);
    assert_int_equal(hand_out(&world, "").n, 1); /* of "any" */
    /* The same text by another, and another form of it: no new hits. */
    world_add_one(&world, 2, world_post("8", "2", "乙", advert));
    world_add_one(&world, 3, world_post("8", "3", "丙", again));
    done = link_all(&world);
    assert_int_equal(mud_test_pg_int(world.pg, "SELECT count(*) FROM template"),
                     2);
    assert_int_equal(done.hits, 0);
    assert_int_equal(done.posts, 4);
    assert_int_equal(hand_out(&world, "").n, 0);
    assert_int_equal(
        mud_test_pg_int(world.pg, "SELECT count(*) FROM alert_post"), 6);
    /* Once more changes nothing. */
    mud_test_pg_exec(world.pg,
                     "INSERT INTO mud.alert_waiting SELECT content_id FROM "
                     "mud.content");
    done = link_all(&world);
    assert_int_equal(done.hits + done.posts, 0);
    world_close(&world);
}

static void test_alert__states_mute_and_trouble(void **state)
{
    struct world world = world_open();
    struct hits hits;
    struct mud_error err = {0};

    (void)state;
    add(&world, "bots", "肉鸡");
    add(&world, "s3", "source:s3 肉鸡");
    world_add_one(&world, 1, world_post("7", "1", "甲", "出售肉鸡，便宜"));
    link_all(&world);
    hits = hand_out(&world, "");
    assert_int_equal(hits.n, 1);
    assert_ok(mud_alert_mark(world.pg,
                             hits.hit[0],
                             MUD_STR("kept"),
                             MUD_STR("tester"),
                             "for the case",
                             &err),
              &err);
    assert_false(mud_alert_mark(
        world.pg, hits.hit[0], MUD_STR("lost"), MUD_STR("tester"), NULL, &err));
    assert_int_equal(err.code, MUD_EUSAGE);
    mud_error_clear(&err);
    assert_int_equal(mud_test_pg_int(world.pg,
                                     "SELECT count(*) FROM alert_hit WHERE "
                                     "state = 'kept' AND state_by = 'tester' "
                                     "AND note = 'for the case'"),
                     1);
    assert_ok(mud_alert_mute(world.pg, MUD_STR("bots"), true, &err), &err);
    mud_test_pg_exec(world.pg, "DELETE FROM mud.source WHERE name = 's3'");
    world_add_one(&world, 2, world_post("7", "2", "甲", "又有肉鸡，很贵"));
    assert_int_equal(link_all(&world).hits, 0);
    assert_int_equal(mud_test_pg_int(world.pg,
                                     "SELECT count(*) FROM alert WHERE trouble "
                                     "LIKE '%there is no source s3%'"),
                     1);
    assert_false(mud_alert_add(world.pg,
                               world.reader,
                               MUD_STR("bots"),
                               MUD_STR("a"),
                               "Asia/Shanghai",
                               MUD_STR("tester"),
                               &err));
    assert_non_null(strstr(err.text, "there is a saved search bots"));
    mud_error_clear(&err);
    assert_false(mud_alert_add(world.pg,
                               world.reader,
                               MUD_STR("x"),
                               MUD_STR("colour:red"),
                               "Asia/Shanghai",
                               MUD_STR("tester"),
                               &err));
    assert_int_equal(err.code, MUD_EUSAGE);
    world_close(&world);
}

/* Killed at any moment, one that goes on finds each post once. */
static void test_alert__killed_finds_all_once(void **state)
{
    struct world world = world_open();
    struct mud_post *posts = mud_calloc(300, sizeof(*posts));
    struct mud_capture capture = world_capture(1);
    struct mud_error err = {0};

    (void)state;
    for (int i = 0; i < 20; i++)
        add(&world, mudtest_text("a%d", i), mudtest_text("肉鸡 OR 第%d号", i));
    for (int i = 0; i < 300; i++)
        posts[i] = world_post(
            "7",
            mudtest_text("%d", i),
            mudtest_text("人%d", i),
            mudtest_text("第%d号货，%s", i, i % 3 ? "肉鸡" : "别的"));
    world_add(&world, &capture, posts, 300);
    assert_ok(mud_search_index(NULL, world.pg, world.reader, NULL, NULL, &err),
              &err);
    for (int round = 0; round < 10; round++) {
        pid_t child = fork();

        if (!child) {
            struct mud_pg *pg = mud_test_pg_open(world.dsn);

            _exit(mud_alert_run(NULL, pg, world.reader, &err) ? 0 : 1);
        }
        usleep((useconds_t)(1000 + round * 9000));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    for (int tries = 0; tries < 200; tries++) {
        assert_ok(mud_alert_run(NULL, world.pg, world.reader, &err), &err);
        if (!mud_test_pg_int(world.pg, "SELECT count(*) FROM alert_waiting"))
            break;
        usleep(50000); /* a killed one's transaction is still being undone */
    }
    /* 200 with the word for each search, and the numbers 0, 3, 6... 18. */
    assert_int_equal(mud_test_pg_int(world.pg,
                                     "SELECT count(*) FROM alert_post"),
                     20 * 200 + 7);
    assert_int_equal(mud_test_pg_int(world.pg,
                                     "SELECT count(*) - count(DISTINCT "
                                     "(alert_id, content_id)) FROM alert_hit"),
                     0);
    free(posts);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alert__new_posts_once_reposts_counted),
        cmocka_unit_test(test_alert__states_mute_and_trouble),
        cmocka_unit_test(test_alert__killed_finds_all_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
