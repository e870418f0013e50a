#include "graph/rebuild_diff.h"

#include "tests/graph/world.h"

#include "graph/actor.h"

static const char offer[] = "出售肉鸡5000台，3元一台，联系QQ：9812345670";
static const char dearer[] = "出售肉鸡5000台，4元一台，联系QQ：9812345670";
static const char talk[] = "今天天气不错";

static void add(struct world *world, unsigned capture, const char *key,
                const char *author, const char *body)
{
    world_add_one(world, capture, world_post("7", key, author, body));
}

static void link_all(struct world *world)
{
    struct mud_actor_result run;
    struct mud_error err = {0};

    assert_ok(mud_actor_run(&run, world->pg, &err), &err);
}

static bool take(struct mud_str json, void *payload, struct mud_error *err)
{
    struct mud_buf *all = payload;

    (void)err;
    mud_buf_str(all, json);
    mud_buf_c(all, '\n');
    return true;
}

static struct mud_buf end(struct world *world)
{
    struct mud_buf all = {0};
    struct mud_error err = {0};
    int64_t since = 1;

    assert_ok(mud_rebuild_end(world->pg, true, take, &all, &err), &err);
    assert_ok(mud_rebuild_since(&since, world->pg, &err), &err);
    assert_int_equal(since, 0);
    assert_int_equal(
        mud_test_pg_int(world->pg, "SELECT count(*) FROM rebuild_fact"), 0);
    return all;
}

static void begin(struct world *world)
{
    struct mud_error err = {0};
    int64_t since = 0;

    assert_ok(mud_rebuild_begin(world->pg, true, &err), &err);
    assert_ok(mud_rebuild_since(&since, world->pg, &err), &err);
    assert_true(since > 0);
    assert_int_equal(mud_test_pg_int(world->pg, "SELECT count(*) FROM post"),
                     0);
}

static void test_rebuild__the_same_again_changes_nothing(void **state)
{
    struct world world = world_open();
    struct mud_buf said;

    (void)state;
    for (int i = 0; i < 2; i++) {
        add(&world, 1, "70", "卖家", offer);
        add(&world, 2, "71", "路人", talk);
        link_all(&world);
        if (!i)
            begin(&world);
    }
    said = end(&world);
    assert_has(mud_buf_view(&said), "\"rules_before\": [\"");
    assert_lacks(mud_buf_view(&said), "rebuild_diff");
    mud_buf_free(&said);
    world_close(&world);
}

static void test_rebuild__tells_what_appears_goes_and_changes(void **state)
{
    static const char *const want[] = {
        "\"what\": \"post\", \"count\": 1, \"change\": \"appears\"",
        "\"what\": \"post\", \"count\": 1, \"change\": \"goes\"",
        "\"what\": \"offer\", \"count\": 1, \"change\": \"changes\"",
        "\"what\": \"contact\", \"count\": 1, \"change\": \"appears\"",
        "\"what\": \"seller\", \"count\": 1, \"change\": \"appears\"",
        "\"source\": \"s1\"",
        "at 3 3 CNY host 1 price\"",
        "\"value\": \"9812345671\"",
    };
    struct world world = world_open();
    struct mud_buf said;

    (void)state;
    add(&world, 1, "70", "卖家", offer);
    add(&world, 2, "71", "路人", talk);
    link_all(&world);
    begin(&world);
    add(&world, 1, "70", "卖家", dearer);
    add(&world, 3, "72", "另一人", "出售数据1万条500元，QQ：9812345671");
    link_all(&world);
    said = end(&world);
    for (size_t i = 0; i < MUDTEST_ROWS(want); i++)
        assert_has(mud_buf_view(&said), want[i]);
    mud_buf_free(&said);
    world_close(&world);
}

static void test_rebuild__one_that_was_killed_is_put_right(void **state)
{
    struct world world = world_open();
    struct mud_buf said;

    (void)state;
    add(&world, 1, "70", "卖家", offer);
    add(&world, 2, "71", "路人", talk);
    link_all(&world);
    begin(&world);
    add(&world, 1, "70", "卖家", dearer); /* and killed here */
    begin(&world);
    add(&world, 1, "70", "卖家", offer);
    link_all(&world);
    said = end(&world);
    /* compared with what was whole, not with what the first had made */
    assert_has(mud_buf_view(&said), "\"change\": \"goes\"");
    assert_lacks(mud_buf_view(&said), "\"change\": \"changes\"");
    assert_lacks(mud_buf_view(&said), "\"change\": \"appears\"");
    mud_buf_free(&said);
    world_close(&world);
}

static void test_rebuild__compares_with_nothing_half(void **state)
{
    struct world world = world_open();
    struct mud_error err = {0};
    int64_t since = 0;

    (void)state;
    add(&world, 1, "70", "卖家", offer);
    assert_ok(mud_rebuild_begin(world.pg, false, &err), &err);
    add(&world, 1, "70", "卖家", offer); /* and killed here */
    assert_fails(mud_rebuild_begin(world.pg, true, &err),
                 &err,
                 MUD_EDENIED,
                 "nothing whole");
    assert_int_equal(mud_test_pg_int(world.pg, "SELECT count(*) FROM post"), 1);
    assert_ok(mud_rebuild_since(&since, world.pg, &err), &err);
    assert_true(since > 0);
    assert_ok(mud_rebuild_begin(world.pg, false, &err), &err);
    assert_ok(mud_rebuild_end(world.pg, false, take, NULL, &err), &err);
    begin(&world);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rebuild__the_same_again_changes_nothing),
        cmocka_unit_test(test_rebuild__tells_what_appears_goes_and_changes),
        cmocka_unit_test(test_rebuild__one_that_was_killed_is_put_right),
        cmocka_unit_test(test_rebuild__compares_with_nothing_half),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
