/* Signs beside shared contacts: graph/weigh.h says what each weighs. */
#include "tests/graph/world.h"

#include "graph/actor.h"
#include "graph/rebuild.h"
#include "graph/similar.h"

#define WORDS "出售免杀远控，稳定上线，包售后，24小时在线，老客户优惠，"

/* A post on day `day` in a forum, in a thread of its own. */
static void tell(struct world *world, unsigned i, unsigned day,
                 const char *author, const char *body)
{
    struct mud_post post = world_post(
        mudtest_text("%u", i), mudtest_text("%u", 1000 + i), author, body);

    post.posted = WORLD_AT((int64_t)day * 24);
    world_add_one(world, i, post);
}

static void link_all(struct world *world)
{
    struct mud_similar_result similar;
    struct mud_actor_result result;
    struct mud_error err = {0};

    assert_ok(mud_similar_run(&similar, world->pg, &err), &err);
    assert_ok(mud_actor_run(&result, world->pg, &err), &err);
}

/* Are the nodes of these values in one actor? */
static bool together(struct world *world, const char *a, const char *b)
{
    return mud_test_pg_int(
               world->pg,
               mudtest_text(
                   "SELECT count(*) FROM entity e JOIN actor_member m USING "
                   "(entity_id) JOIN actor_member n ON n.actor_id = m.actor_id "
                   "JOIN entity f ON f.entity_id = "
                   "n.entity_id WHERE e.value = '%s' AND f.value = '%s'",
                   a,
                   b)) > 0;
}

/* A bond of this kind, from a to b, with evidence of both. */
static bool bound(struct world *world, const char *a, const char *kind,
                  const char *b)
{
    return mud_test_pg_int(
               world->pg,
               mudtest_text(
                   "SELECT count(*) FROM claim c JOIN code k ON k.list = "
                   "'claim' AND k.id = c.kind JOIN entity e ON e.entity_id = "
                   "c.src JOIN entity f ON f.entity_id = c.dst WHERE c.fwd AND "
                   "k.name = '%s' AND e.value = '%s' AND f.value = '%s' AND "
                   "EXISTS (SELECT FROM claim_evidence v WHERE v.src = "
                   "least(c.src, c.dst) AND v.kind = c.kind AND v.dst = "
                   "greatest(c.src, c.dst))",
                   kind,
                   a,
                   b)) == 1;
}

static void test_bond__a_stated_rename_joins_when_more_speaks_for_it(
    void **state)
{
    struct world world = world_open();

    (void)state;
    tell(&world, 1, 1, "小刀9527", WORDS "QQ：9812345670");
    tell(&world,
         2,
         9,
         "北风1234",
         WORDS "原小刀9527，老号被封，换号了，QQ：9812345999");
    /* Says so, but the old account goes on selling. */
    tell(
        &world, 3, 1, "夜猫4321", "出售肉鸡，量大从优，秒发货，QQ：9855555550");
    tell(&world,
         4,
         2,
         "假夜猫77",
         "出售肉鸡，量大从优，秒发货，本人原夜猫4321，换号了，QQ：9866666660");
    tell(&world, 5, 30, "夜猫4321", "出售肉鸡，现货，QQ：9855555550");
    /* Nobody has that name. */
    tell(&world,
         6,
         3,
         "数据姐11",
         "出售四件套，原数据哥，换号了，QQ：9877777770");
    link_all(&world);
    assert_true(together(&world, "小刀9527", "北风1234"));
    assert_true(bound(&world, "北风1234", "was", "name:小刀9527"));
    assert_true(bound(&world, "name:小刀9527", "called", "小刀9527"));
    assert_false(together(&world, "夜猫4321", "假夜猫77"));
    assert_true(bound(&world, "假夜猫77", "was", "name:夜猫4321"));
    assert_false(together(&world, "数据姐11", "name:数据哥"));
    world_close(&world);
}

static void test_bond__who_passes_on_adverts_is_nobodys_second_account(
    void **state)
{
    struct world world = world_open();

    (void)state;
    tell(&world, 1, 1, "小刀9527", WORDS "QQ：9812345670");
    tell(
        &world, 2, 1, "北风1234", "出售肉鸡，量大从优，秒发货，QQ：9812345999");
    tell(&world, 3, 2, "转发姐", WORDS "QQ：9812345670");
    tell(&world, 4, 3, "转发姐", "出售肉鸡，量大从优，秒发货，QQ：9812345999");
    /* One seller's adverts alone: he sells for him. */
    tell(&world, 5, 4, "刀哥小号", WORDS "QQ：9812345670");
    /* His own in other words, and another's. */
    tell(
        &world, 6, 5, "二道贩", "出售钓鱼源码，带教程，可测试，QQ：9844444440");
    tell(&world, 7, 6, "二道贩", WORDS "QQ：9812345670");
    link_all(&world);
    assert_false(together(&world, "小刀9527", "北风1234"));
    assert_false(together(&world, "小刀9527", "转发姐"));
    assert_true(together(&world, "小刀9527", "刀哥小号"));
    assert_false(together(&world, "小刀9527", "二道贩"));
    assert_true(together(&world, "9844444440", "二道贩"));
    assert_true(bound(&world, "转发姐", "reposts", "北风1234"));
    assert_true(bound(&world, "二道贩", "reposts", "小刀9527"));
    assert_int_equal(
        mud_test_pg_int(world.pg,
                        "SELECT count(*) FROM loose WHERE why = 'in others'' "
                        "adverts, passed on'"),
        6);
    world_close(&world);
}

static void test_bond__look_alikes_are_flagged_and_not_joined(void **state)
{
    struct world world = world_open();

    (void)state;
    tell(&world, 1, 1, "黑伞8801", WORDS "QQ：9812345670");
    tell(&world, 2, 5, "黑伞88O1", WORDS "QQ：9812345760"); /* all three */
    tell(&world, 3, 6, "渔夫家", WORDS "QQ：9833333330");   /* words alone */
    tell(&world, 4, 6, "黑伞88o1", "出售肉鸡，QQ：9812345671"); /* no words */
    link_all(&world);
    assert_false(together(&world, "黑伞8801", "黑伞88O1"));
    assert_true(bound(&world, "黑伞88O1", "imitates", "黑伞8801"));
    assert_true(bound(&world, "黑伞88o1", "imitates", "黑伞8801"));
    assert_false(bound(&world, "渔夫家", "imitates", "黑伞8801"));
    assert_true(bound(&world, "渔夫家", "same_words", "黑伞8801"));
    assert_false(together(&world, "黑伞8801", "渔夫家"));
    assert_int_equal(
        mud_test_pg_int(world.pg,
                        "SELECT jsonb_array_length(reasons) FROM bond b JOIN "
                        "entity e ON e.value = '黑伞88O1' AND e.entity_id = "
                        "b.src WHERE b.kind = 15"),
        3);
    world_close(&world);
}

static void test_bond__a_number_and_its_mailbox_are_one(void **state)
{
    struct world world = world_open();

    (void)state;
    tell(&world, 1, 1, "小刀9527", "出售肉鸡，QQ：9812345670");
    tell(&world, 2, 2, "北风1234", "出售远控，邮箱：9812345670@qq.com");
    tell(&world, 3, 3, "夜猫4321", "出售远控，微信：made_up_name7");
    tell(&world, 4, 4, "数据姐11", "出售肉鸡，电报：@made_up_name7");
    link_all(&world);
    assert_true(together(&world, "小刀9527", "北风1234"));
    assert_false(together(&world, "夜猫4321", "数据姐11"));
    assert_int_equal(
        mud_test_pg_int(world.pg,
                        "SELECT count(*) FROM bond WHERE kind = 13 AND holds"),
        2);
    assert_int_equal(
        mud_test_pg_int(world.pg, "SELECT count(*) FROM bond WHERE kind = 13"),
        4);
    world_close(&world);
}

/* What is found is found anew each time, and goes when it is no more. */
static void test_bond__computed_again_is_the_same(void **state)
{
    struct world world = world_open();
    uint8_t before[MUD_SHA256], after[MUD_SHA256];
    struct mud_error err = {0};
    int64_t claims = 0;

    (void)state;
    tell(&world, 1, 1, "黑伞8801", WORDS "QQ：9812345670");
    tell(&world, 2, 5, "黑伞88O1", WORDS "QQ：9812345760");
    tell(&world, 3, 6, "转发姐", WORDS "QQ：9812345760");
    link_all(&world);
    assert_ok(mud_graph_digest(before, &claims, world.pg, &err), &err);
    link_all(&world);
    assert_ok(mud_graph_digest(after, &claims, world.pg, &err), &err);
    assert_memory_equal(before, after, MUD_SHA256);
    claims = mud_test_pg_int(world.pg,
                             "SELECT count(*) FROM claim WHERE kind >= 10");
    assert_true(claims > 0);
    /* The look-alike shows the other's number: one seller after all. */
    tell(&world, 4, 7, "黑伞88O1", "出售肉鸡，QQ：9812345670");
    link_all(&world);
    assert_true(together(&world, "黑伞8801", "黑伞88O1"));
    assert_false(bound(&world, "黑伞88O1", "imitates", "黑伞8801"));
    assert_int_equal(
        mud_test_pg_int(
            world.pg,
            "SELECT count(*) FROM claim_evidence v WHERE kind >= 10 "
            "AND NOT EXISTS (SELECT FROM claim c WHERE c.src = "
            "v.src AND c.kind = v.kind AND c.dst = v.dst)"),
        0);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_bond__a_stated_rename_joins_when_more_speaks_for_it),
        cmocka_unit_test(
            test_bond__who_passes_on_adverts_is_nobodys_second_account),
        cmocka_unit_test(test_bond__look_alikes_are_flagged_and_not_joined),
        cmocka_unit_test(test_bond__a_number_and_its_mailbox_are_one),
        cmocka_unit_test(test_bond__computed_again_is_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
