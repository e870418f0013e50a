#include "tests/graph/world.h"

static int64_t count(const struct world *world, const char *what)
{
    return mud_test_pg_int(world->pg,
                           mudtest_text("SELECT count(*) FROM %s", what));
}

static void test_link__bystanders_make_no_nodes(void **state)
{
    struct world world = world_open();
    struct mud_post posts[3] = {
        world_post("7",
                   "70",
                   "养鸡人",
                   "自家养的土鸡，肉鸡每斤15元，想买的加QQ 9812300001"),
        world_post("7", "71", "路人", "请问楼主怎么联系？我的微信 wx_lu_ren01"),
        world_post("7", "72", "路人", "谢谢")};
    struct mud_capture capture = world_capture(1);

    (void)state;
    posts[2].signature = MUD_STR("有事加我QQ 9812300002");
    world_add(&world, &capture, posts, 3);
    assert_int_equal(count(&world, "post WHERE is_offer"), 0);
    assert_int_equal(count(&world, "entity"), 0);
    assert_int_equal(count(&world, "claim"), 0);
    /* They stay where they were written. */
    assert_true(count(&world, "annotation WHERE value = '9812300001'") > 0);
    assert_true(count(&world, "annotation WHERE value = '9812300002'") > 0);
    assert_int_equal(count(&world, "part"), 1);
    world_close(&world);
}

static void test_link__a_sellers_benign_posts_stay_his_own(void **state)
{
    struct world world = world_open();

    (void)state;
    world_add_one(&world,
                  1,
                  world_post("7",
                             "70",
                             "卖家",
                             "大家好，我的邮箱 "
                             "shop@mail.example"));
    world_add_one(
        &world,
        2,
        world_post(
            "8", "80", "卖家", "出售肉鸡5000台，3元一台，QQ：9812345670"));
    /* Another thread, before the offer, and no offer itself. */
    assert_int_equal(count(&world, "entity WHERE value LIKE 'shop@%'"), 0);
    assert_int_equal(count(&world, "entity WHERE type = 'qq'"), 1);
    world_close(&world);
}

static void test_link__signature_under_an_offer_is_the_sellers(void **state)
{
    struct world world = world_open();
    struct mud_post post = world_post(
        "8", "80", "卖家", "出售肉鸡5000台，3元一台，联系方式见签名");

    (void)state;
    post.signature = MUD_STR("业务QQ：9812345671");
    world_add_one(&world, 1, post);
    assert_int_equal(
        count(&world,
              "claim_evidence e JOIN content c USING (content_id) WHERE "
              "e.kind = 1 AND e.field = 2 AND c.field = 2 AND "
              "convert_from(substring(convert_to(c.body, 'UTF8') FROM "
              "e.span_start + 1 FOR e.span_end - e.span_start), 'UTF8') = "
              "'9812345671'"),
        1);
    world_close(&world);
}

static void test_link__a_reply_under_the_own_offer_counts(void **state)
{
    struct world world = world_open();
    struct mud_post posts[3] = {
        world_post("8", "80", "卖家", "出售肉鸡5000台，3元一台"),
        world_post("8", "81", "买家", "怎么联系？我QQ 9812300003"),
        world_post("8", "82", "卖家", "加我QQ：9812345672")};
    struct mud_capture capture = world_capture(1);

    (void)state;
    world_add(&world, &capture, posts, 3);
    assert_int_equal(count(&world, "entity WHERE value = '9812345672'"), 1);
    assert_int_equal(count(&world, "entity WHERE value = '9812300003'"), 0);
    world_close(&world);
}

static void test_link__the_accused_is_not_the_accusers(void **state)
{
    struct world world = world_open();

    (void)state;
    world_add_one(&world,
                  1,
                  world_post("9",
                             "90",
                             "受害人",
                             "曝光骗子QQ：9812345673，收了钱不发货，大家小心"));
    assert_int_equal(count(&world, "claim WHERE kind = 1"), 0);
    assert_int_equal(count(&world, "claim WHERE kind = 4"), 2);
    assert_int_equal(count(&world, "entity WHERE kind = 1"), 0);
    assert_int_equal(count(&world,
                           "claim c JOIN entity a ON a.entity_id = c.src JOIN "
                           "entity b ON b.entity_id = c.dst WHERE c.fwd AND "
                           "a.kind = 5 AND b.value = '9812345673'"),
                     1);
    world_close(&world);
}

static void test_link__a_forward_is_its_origins(void **state)
{
    struct world world = world_open();
    struct mud_post post = world_post(
        "-100", "5", "转发的人", "出售肉鸡5000台，3元一台，QQ：9812345674");

    (void)state;
    post.engine = MUD_STR("telegram");
    post.site = MUD_STR("900000001");
    post.thread_title = MUD_STR("交流群");
    post.forwarded = true;
    post.forward.from = MUD_STR("真正的卖家");
    world_add_one(&world, 1, post);
    assert_int_equal(count(&world, "entity WHERE shown = '转发的人'"), 0);
    assert_int_equal(count(&world,
                           "claim c JOIN entity a ON a.entity_id = c.src WHERE "
                           "c.kind = 1 AND c.fwd AND a.shown = '真正的卖家'"),
                     1);
    assert_int_equal(count(&world, "claim WHERE kind = 6 AND fwd"), 1);
    assert_int_equal(count(&world, "post WHERE seller_id <> author_id"), 1);
    world_close(&world);
}

static void test_link__nobodys_offer_chains_its_contacts(void **state)
{
    struct world world = world_open();
    struct mud_post post =
        world_post("8",
                   "80",
                   "",
                   "出售肉鸡5000台，3元一台，QQ：9812345675，"
                   "电报 @made_up_seller");

    (void)state;
    post.anonymous = true;
    world_add_one(&world, 1, post);
    assert_int_equal(count(&world, "entity WHERE kind = 1"), 0);
    assert_int_equal(count(&world, "entity WHERE kind = 2"), 2);
    assert_int_equal(count(&world, "claim WHERE kind = 3"), 2);
    assert_int_equal(count(&world, "post WHERE seller_id IS NOT NULL"), 1);
    world_close(&world);
}

static void test_link__one_account_on_a_network_is_one_persona(void **state)
{
    struct world world = world_open();

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct mud_post post = world_post(
            i ? "-200" : "-100", "5", "老板", "出售肉鸡5000台，QQ：9812345676");

        post.engine = MUD_STR("telegram");
        post.site = i ? MUD_STR("900000002") : MUD_STR("900000001");
        post.author_id = MUD_STR("user9000000001");
        world_add_one(&world, 1 + (unsigned)i, post);
        post = world_post(
            "7", i ? "71" : "70", "老板", "出售肉鸡5000台，QQ：9812345676");
        post.site = i ? MUD_STR("a.example") : MUD_STR("b.example");
        world_add_one(&world, 3 + (unsigned)i, post);
    }
    assert_int_equal(count(&world, "entity WHERE kind = 1"), 3);
    assert_int_equal(count(&world, "entity WHERE kind = 5"), 4);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_link__bystanders_make_no_nodes),
        cmocka_unit_test(test_link__a_sellers_benign_posts_stay_his_own),
        cmocka_unit_test(test_link__signature_under_an_offer_is_the_sellers),
        cmocka_unit_test(test_link__a_reply_under_the_own_offer_counts),
        cmocka_unit_test(test_link__the_accused_is_not_the_accusers),
        cmocka_unit_test(test_link__a_forward_is_its_origins),
        cmocka_unit_test(test_link__nobodys_offer_chains_its_contacts),
        cmocka_unit_test(test_link__one_account_on_a_network_is_one_persona),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
