#include "tests/graph/world.h"

#include "graph/actor.h"
#include "graph/records.h"

#include "base/json.h"

static bool take(struct mud_str json, void *payload, struct mud_error *err)
{
    json_t *one = mud_json_read(json, err);

    assert_non_null(one);
    json_array_append_new(payload, one);
    return true;
}

/* Compute and list, the highest score first. Give back with json_decref. */
static json_t *sellers(struct world *world)
{
    struct mud_actor_result result = {0};
    struct mud_listing listing = {0};
    struct mud_error err = {0};
    json_t *all = json_array();

    assert_ok(mud_actor_run(&result, world->pg, &err), &err);
    assert_ok(mud_list_sellers(world->pg, &listing, take, all, &err), &err);
    return all;
}

/* The seller that shows this name, or NULL. */
static const json_t *named(const json_t *all, const char *name)
{
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *one = json_array_get(all, i);
        const json_t *names = json_object_get(one, "names");

        for (size_t j = 0; j < json_array_size(names); j++)
            if (strcmp(json_string_value(json_array_get(names, j)), name) == 0)
                return one;
    }
    return NULL;
}

static void sell(struct world *world, unsigned i, const char *site,
                 const char *author, const char *body)
{
    struct mud_post post = world_post("7", "70", author, body);

    post.post = mud_str_z(mudtest_text("%u", 1000 + i));
    post.site = mud_str_z(site);
    post.posted = WORLD_AT((int64_t)i * 24);
    world_add_one(world, i, post);
}

static void test_actor__joins_personas_by_what_they_share(void **state)
{
    struct world world = world_open();
    json_t *all = NULL;
    const json_t *one = NULL;

    (void)state;
    sell(&world,
         1,
         "a.example",
         "老王",
         "出售肉鸡5000台，3元一台，QQ：9812345670");
    sell(&world,
         2,
         "b.example",
         "王老板",
         "出售肉鸡800台，2元一台，QQ：9812345670，电报 @made_up_seller");
    sell(&world,
         3,
         "c.example",
         "匿名者",
         "出售数据，1万条500元，电报 @made_up_seller");
    sell(&world, 4, "a.example", "别人", "出售肉鸡100台，QQ：9812345699");
    sell(&world, 5, "a.example", "路人", "出售肉鸡的都是骗子吧");
    all = sellers(&world);
    one = named(all, "老王");
    assert_non_null(one);
    assert_ptr_equal(one, named(all, "王老板"));
    assert_ptr_equal(one, named(all, "匿名者"));
    assert_ptr_not_equal(one, named(all, "别人"));
    assert_non_null(named(all, "别人"));
    assert_int_equal(mud_json_get_int(one, "offers", 0), 3);
    assert_int_equal(json_array_size(json_object_get(one, "contacts")), 2);
    assert_int_equal(json_array_size(json_object_get(one, "groups")), 3);
    assert_int_equal(
        mud_json_get_int(json_object_get(one, "categories"), "bots", 0), 2);
    /* The score says its reasons, and they add up. */
    {
        const json_t *reasons = json_object_get(one, "reasons");
        int64_t sum = 0;

        for (size_t i = 0; i < json_array_size(reasons); i++)
            sum += mud_json_get_int(json_array_get(reasons, i), "points", 0);
        assert_true(sum > 0);
        assert_int_equal(sum, mud_json_get_int(one, "score", 0));
        assert_ptr_equal(one, json_array_get(all, 0));
    }
    /* Prices of both adverts in one range. */
    {
        const json_t *product =
            json_array_get(json_object_get(one, "products"), 0);
        const json_t *price =
            json_array_get(json_object_get(product, "prices"), 0);

        assert_text(mud_json_get_str(product, "product"), "bot_host");
        assert_true(mud_json_get_double(price, "min", 0) == 2.0);
        assert_true(mud_json_get_double(price, "max", 0) == 3.0);
    }
    json_decref(all);
    world_close(&world);
}

static void test_actor__every_member_has_a_reason(void **state)
{
    struct world world = world_open();

    (void)state;
    for (unsigned i = 0; i < 6; i++)
        sell(&world,
             i + 1,
             "a.example",
             mudtest_text("卖家%u", i),
             mudtest_text("出售肉鸡5000台，QQ：98123456%02u，QQ：98123456%02u",
                          i,
                          i + 1));
    json_decref(sellers(&world));
    assert_int_equal(mud_test_pg_int(world.pg,
                                     "SELECT count(DISTINCT "
                                     "actor_id) FROM actor_member"),
                     1);
    assert_int_equal(
        mud_test_pg_int(world.pg, "SELECT count(*) FROM actor_member"), 13);
    assert_int_equal(
        mud_test_pg_int(world.pg,
                        "SELECT count(*) FROM actor_member m LEFT JOIN claim c "
                        "ON c.src = m.entity_id AND c.dst = m.via AND c.kind = "
                        "m.via_kind WHERE c.src IS NULL"),
        0);
    world_close(&world);
}

static void test_actor__over_common_values_do_not_hold(void **state)
{
    struct world world = world_open();
    json_t *all = NULL;
    const json_t *one = NULL;

    (void)state;
    for (unsigned i = 0; i <= MUD_HUB_MAX; i++)
        sell(&world,
             i + 1,
             "a.example",
             mudtest_text("卖家%u", i),
             mudtest_text("出售肉鸡5000台，QQ：98000000%02u，QQ：9812345670",
                          i));
    all = sellers(&world);
    assert_int_equal(json_array_size(all), MUD_HUB_MAX + 1);
    one = named(all, "卖家3");
    assert_non_null(one);
    /* It is still said that he shows it, and why it joins nobody. */
    {
        const json_t *contacts = json_object_get(one, "contacts");
        bool found = false;

        for (size_t i = 0; i < json_array_size(contacts); i++) {
            const json_t *contact = json_array_get(contacts, i);

            if (!mud_str_eqz(mud_json_get_str(contact, "value"), "9812345670"))
                continue;
            found = true;
            assert_false(mud_json_get_bool(contact, "holds"));
            assert_text(mud_json_get_str(contact, "why"), "over-common");
        }
        assert_true(found);
    }
    json_decref(all);
    world_close(&world);
}

static void test_actor__places_do_not_hold(void **state)
{
    struct world world = world_open();
    json_t *all = NULL;
    const json_t *one = NULL;

    (void)state;
    sell(&world,
         1,
         "a.example",
         "甲",
         "出售肉鸡5000台，QQ：9812345670，店铺 https://shop.example/1");
    sell(&world,
         2,
         "a.example",
         "乙",
         "出售肉鸡5000台，QQ：9812345671，店铺 https://shop.example/1");
    all = sellers(&world);
    one = named(all, "甲");
    assert_non_null(one);
    assert_ptr_not_equal(one, named(all, "乙"));
    assert_int_equal(json_array_size(json_object_get(one, "contacts")), 2);
    assert_int_equal(json_array_size(all), 2);
    json_decref(all);
    /* Of two who are one, the shop is named once. */
    sell(&world,
         3,
         "b.example",
         "丙",
         "出售肉鸡5000台，QQ：9812345670，店铺 https://shop.example/1");
    all = sellers(&world);
    one = named(all, "丙");
    assert_ptr_equal(one, named(all, "甲"));
    assert_int_equal(json_array_size(json_object_get(one, "contacts")), 2);
    json_decref(all);
    world_close(&world);
}

static void test_actor__bots_do_not_hold(void **state)
{
    struct world world = world_open();
    json_t *all = NULL;

    (void)state;
    sell(
        &world, 1, "a.example", "甲", "出售肉鸡5000台，电报 @made_up_shop_bot");
    sell(
        &world, 2, "a.example", "乙", "出售肉鸡5000台，电报 @made_up_shop_bot");
    all = sellers(&world);
    assert_ptr_not_equal(named(all, "甲"), named(all, "乙"));
    json_decref(all);
    world_close(&world);
}

static void test_actor__an_escrow_does_not_hold_its_customers(void **state)
{
    struct world world = world_open();
    json_t *all = NULL;
    const char *const plain =
        "INSERT INTO entity SELECT gen, kind, type, value, value, now(), now() "
        "FROM (VALUES "
        "('00000000-0000-0000-0000-0000000000a1'::uuid, 1, 's', 'escrow'), "
        "('00000000-0000-0000-0000-0000000000a2', 1, 's', 'seller1'), "
        "('00000000-0000-0000-0000-0000000000a3', 1, 's', 'seller2'), "
        "('00000000-0000-0000-0000-0000000000b1', 2, 'qq', '9800000009')) "
        "AS v(gen, kind, type, value);"
        "INSERT INTO claim_evidence SELECT p, 1, "
        "'00000000-0000-0000-0000-0000000000b1', p, p, p, now(), now(), 1, 0, "
        "0, 0, 0, 0, 900, category FROM (VALUES "
        "('00000000-0000-0000-0000-0000000000a1'::uuid, 11), "
        "('00000000-0000-0000-0000-0000000000a2', 1), "
        "('00000000-0000-0000-0000-0000000000a3', 1)) AS v(p, category)";

    (void)state;
    mud_test_pg_exec(world.pg, plain);
    all = sellers(&world);
    assert_int_equal(mud_test_pg_int(world.pg,
                                     "SELECT count(DISTINCT "
                                     "actor_id) FROM actor_member"),
                     3);
    assert_int_equal(
        mud_test_pg_int(world.pg,
                        "SELECT count(*) FROM actor_member a JOIN actor_member "
                        "b USING (actor_id) WHERE a.entity_id::text LIKE "
                        "'%a1' AND b.entity_id::text LIKE '%b1'"),
        1);
    json_decref(all);
    world_close(&world);
}

static void test_actor__the_accused_is_no_seller(void **state)
{
    struct world world = world_open();
    json_t *all = NULL;

    (void)state;
    sell(&world,
         1,
         "a.example",
         "受害人",
         "曝光骗子QQ：9812345673，收了钱不发货，大家小心");
    all = sellers(&world);
    assert_int_equal(json_array_size(all), 0);
    json_decref(all);
    world_close(&world);
}

static void test_actor__runs_are_equal_and_write_what_changed(void **state)
{
    struct world world = world_open();
    json_t *first = NULL, *again = NULL;

    (void)state;
    sell(&world, 1, "a.example", "甲", "出售肉鸡5000台，QQ：9812345670");
    sell(&world, 2, "a.example", "乙", "出售肉鸡5000台，QQ：9812345671");
    first = sellers(&world);
    for (int i = 0; i < 3; i++) {
        again = sellers(&world);
        assert_true(json_equal(first, again));
        json_decref(again);
    }
    assert_int_equal(
        mud_test_pg_int(world.pg, "SELECT count(*) FROM actor_run"), 4);
    assert_int_equal(
        mud_test_pg_int(world.pg,
                        "SELECT count(*) FROM actor WHERE run_id > 1"),
        0);
    /* One actor is another now; the other stays as it was written. */
    sell(&world, 3, "a.example", "乙", "出售远控，300元，QQ：9812345672");
    json_decref(sellers(&world));
    assert_int_equal(
        mud_test_pg_int(world.pg,
                        "SELECT count(*) FROM actor WHERE run_id = 1"),
        1);
    assert_int_equal(
        mud_test_pg_int(world.pg,
                        "SELECT count(*) FROM actor WHERE run_id = 5"),
        1);
    assert_int_equal(
        mud_test_pg_int(world.pg,
                        "SELECT count(*) FROM actor_member m JOIN actor a "
                        "USING (actor_id) WHERE a.run_id = 1 AND m.run_id = 1"),
        2);
    json_decref(first);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_actor__joins_personas_by_what_they_share),
        cmocka_unit_test(test_actor__every_member_has_a_reason),
        cmocka_unit_test(test_actor__over_common_values_do_not_hold),
        cmocka_unit_test(test_actor__places_do_not_hold),
        cmocka_unit_test(test_actor__bots_do_not_hold),
        cmocka_unit_test(test_actor__an_escrow_does_not_hold_its_customers),
        cmocka_unit_test(test_actor__the_accused_is_no_seller),
        cmocka_unit_test(test_actor__runs_are_equal_and_write_what_changed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
