#include "tests/graph/world.h"

#include "graph/actor.h"
#include "graph/records.h"
#include "parse/record.h"

#include "base/json.h"

static bool take(struct mud_str json, void *payload, struct mud_error *err)
{
    json_t *one = mud_json_read(json, err);

    if (!one)
        fail_msg("%.*s", MUD_FMT(json));
    assert_int_equal(mud_json_get_int(one, "schema", 0), 1);
    json_array_append_new(payload, one);
    return true;
}

typedef bool list_fn(struct mud_pg *, const struct mud_listing *,
                     mud_record_fn *, void *, struct mud_error *);

static json_t *list(list_fn *of, struct world *world,
                    struct mud_listing listing)
{
    struct mud_error err = {0};
    json_t *all = json_array();

    assert_ok(of(world->pg, &listing, take, all, &err), &err);
    return all;
}

static json_t *show(struct world *world, const char *sql)
{
    struct mud_rows *rows = NULL;
    struct mud_error err = {0};
    json_t *all = json_array();

    assert_ok(mud_pg_query(&rows, world->pg, sql, NULL, 0, &err), &err);
    assert_ok(mud_show(world->pg, mud_rows_id(rows, 0, 0), take, all, &err),
              &err);
    mud_rows_free(rows);
    return all;
}

/* A post with everything a record can hold. */
static struct mud_post rich(void)
{
    static struct mud_quote quotes[2];
    static struct mud_str links[1], images[1], files[1], buttons[1], members[2];
    struct mud_post post = world_post("7", "70", "甲", "正文\n第二行 \"引号\"");

    quotes[0] =
        (struct mud_quote){MUD_STR("乙"), MUD_STR("69"), MUD_STR("引用的话")};
    quotes[1].text = MUD_STR("another");
    links[0] = MUD_STR("https://a.example/x");
    images[0] = MUD_STR("https://a.example/i.png");
    files[0] = MUD_STR("price.txt");
    buttons[0] = MUD_STR("https://b.example/go");
    members[0] = MUD_STR("某甲");
    members[1] = MUD_STR("某乙");
    post.position = 3;
    post.edited = WORLD_AT(2);
    post.hidden = MUD_STR("reply points");
    post.quotes = quotes;
    post.n_quotes = 2;
    post.signature = MUD_STR("签名");
    post.links = links;
    post.n_links = 1;
    post.images = images;
    post.n_images = 1;
    post.attachments = files;
    post.n_attachments = 1;
    post.buttons = buttons;
    post.n_buttons = 1;
    post.members = members;
    post.n_members = 2;
    post.service = MUD_STR("invite_members");
    post.reply_to = MUD_STR("69");
    post.forwarded = true;
    post.forward = (struct mud_forward){
        MUD_STR("原作者"), MUD_STR("-100"), MUD_STR("5"), WORLD_AT(0)};
    post.url = MUD_STR("https://market.example/p/70");
    post.page_url = MUD_STR("https://market.example/t/7");
    post.where.start = 10;
    post.where.end = 99;
    return post;
}

static bool keep(struct mud_str json, void *payload, struct mud_error *err)
{
    (void)err;
    mud_buf_clear(payload);
    mud_buf_str(payload, json);
    return true;
}

static void test_records__a_post_comes_out_as_it_went_in(void **state)
{
    struct world world = world_open();
    struct mud_post posts[] = {rich(), world_post("8", "80", "", "")};
    struct mud_listing listing = {.limit = 1};
    struct mud_arena *arena = mud_arena_new();
    struct mud_buf want = {0}, got = {0}, line = {0};
    struct mud_error err = {0};

    (void)state;
    posts[1].signature = MUD_STR("");
    posts[1].anonymous = true;
    posts[1].view = MUD_VIEW_PRINT;
    posts[1].state = MUD_POST_BLOCKED;
    posts[1].posted = 0;
    posts[1].posted_precision = MUD_UNKNOWN_TIME;
    for (size_t i = 0; i < MUDTEST_ROWS(posts); i++) {
        struct mud_post back;
        char id[MUD_ID_TEXT];
        struct mud_capture capture = world_capture(1 + (unsigned)i);

        mud_test_pg_exec(world.pg, "SELECT mud.graph_clear()");
        world_add(&world, &capture, &posts[i], 1);
        assert_ok(mud_list_posts(world.pg, &listing, keep, &line, &err), &err);
        assert_ok(mud_record_read_post(&back, mud_buf_view(&line), arena, &err),
                  &err);
        mud_buf_clear(&want);
        mud_buf_clear(&got);
        mud_id_text(id, capture.id);
        mud_record_post(&want, &posts[i], mud_str_z(id));
        mud_record_post(&got, &back, mud_str_z(id));
        assert_bytes(mud_buf_view(&got), mud_buf_view(&want));
        assert_has(mud_buf_view(&line), mudtest_text("\"capture\":\"%s\"", id));
    }
    mud_buf_free(&want);
    mud_buf_free(&got);
    mud_buf_free(&line);
    mud_arena_free(arena);
    world_close(&world);
}

static void test_records__posts_come_in_order_page_by_page(void **state)
{
    struct world world = world_open();

    enum {
        N = 1203
    };
    struct mud_post *posts = mud_calloc(N, sizeof(*posts));
    char(*keys)[8] = mud_calloc(N, 8), (*bodies)[32] = mud_calloc(N, 32);
    struct mud_capture capture = world_capture(1);
    json_t *all = NULL;
    struct mud_str before = MUD_STR("");

    (void)state;
    for (int i = 0; i < N; i++) {
        snprintf(keys[i], 8, "%d", i);
        snprintf(bodies[i], 32, "第%d条", i);
        posts[i] = world_post("7", keys[i], "甲", bodies[i]);
        posts[i].posted = i % 3 ? WORLD_AT(i * 7 % 50) : 0;
    }
    world_add(&world, &capture, posts, N);
    all = list(mud_list_posts, &world, (struct mud_listing){0});
    assert_int_equal(json_array_size(all), N);
    for (size_t i = 0; i < N; i++) {
        struct mud_str at =
            mud_json_get_str(json_array_get(all, i), "posted_at");

        if (!at.s)
            continue;
        assert_true(mud_str_cmp(before, at) <= 0);
        before = at;
    }
    json_decref(all);
    all = list(mud_list_posts, &world, (struct mud_listing){.limit = 700});
    assert_int_equal(json_array_size(all), 700);
    json_decref(all);
    all = list(mud_list_posts,
               &world,
               (struct mud_listing){.since = WORLD_AT(10),
                                    .until = WORLD_AT(12)});
    assert_int_equal(json_array_size(all),
                     mud_test_pg_int(world.pg,
                                     "SELECT count(*) FROM post WHERE "
                                     "posted_at >= '2026-11-20 10:00Z' AND "
                                     "posted_at < '2026-11-20 12:00Z'"));
    assert_true(json_array_size(all) > 0);
    json_decref(all);
    all = list(mud_list_posts, &world, (struct mud_listing){.source = 2});
    assert_int_equal(json_array_size(all), 0);
    json_decref(all);
    free(posts);
    free(keys);
    free(bodies);
    world_close(&world);
}

static void test_records__revisions_are_numbered(void **state)
{
    struct world world = world_open();
    struct mud_post post = world_post("7", "70", "甲", "第一版");
    json_t *all = NULL;

    (void)state;
    world_add_one(&world, 3, post); /* seen late, but never edited */
    post.body = MUD_STR("第三版");
    post.edited = WORLD_AT(9);
    world_add_one(&world, 2, post);
    post.body = MUD_STR("第二版");
    post.edited = WORLD_AT(8);
    world_add_one(&world, 1, post);
    all = list(mud_list_posts, &world, (struct mud_listing){0});
    assert_int_equal(json_array_size(all), 3);
    for (size_t i = 0; i < 3; i++) {
        const json_t *one = json_array_get(all, i);
        struct mud_str body = mud_json_get_str(one, "body");

        assert_int_equal(mud_json_get_int(one, "revisions", 0), 3);
        assert_text(body,
                    mud_json_get_int(one, "revision", 0) == 0   ? "第一版"
                    : mud_json_get_int(one, "revision", 0) == 1 ? "第二版"
                                                                : "第三版");
    }
    json_decref(all);
    all = list(mud_list_posts, &world, (struct mud_listing){.newest = true});
    assert_int_equal(json_array_size(all), 1);
    assert_text(mud_json_get_str(json_array_get(all, 0), "body"), "第一版");
    json_decref(all);
    world_close(&world);
}

static void test_records__offers_hold_what_is_sold_for_how_much(void **state)
{
    struct world world = world_open();
    json_t *all = NULL;
    const json_t *one = NULL, *price = NULL;

    (void)state;
    world_add_one(
        &world,
        1,
        world_post(
            "7", "70", "甲", "出售肉鸡5000台，3毛一台，联系QQ：9812345670"));
    world_add_one(&world, 2, world_post("7", "71", "乙", "今天天气不错"));
    all = list(mud_list_offers, &world, (struct mud_listing){0});
    assert_int_equal(json_array_size(all), 1);
    one = json_array_get(all, 0);
    assert_text(mud_json_get_str(one, "product"), "bot_host");
    assert_text(mud_json_get_str(one, "category"), "bots");
    assert_text(mud_json_get_str(one, "direction"), "sell");
    assert_text(mud_json_get_str(one, "source"), "s1");
    assert_text(mud_json_get_str(one, "site"), "market.example");
    assert_text(mud_json_get_str(one, "author"), "甲");
    assert_true(mud_json_get_double(
                    json_object_get(one, "quantity"), "min", 0) == 5000);
    price = json_array_get(json_object_get(one, "prices"), 0);
    assert_true(mud_json_get_double(price, "min", 0) == 0.3);
    assert_text(mud_json_get_str(price, "currency"), "CNY");
    assert_has(mud_json_get_str(one, "text"), "出售肉鸡");
    json_decref(all);
    world_close(&world);
}

static void test_records__contacts_say_who_uses_them(void **state)
{
    struct world world = world_open();
    json_t *all = NULL;
    const json_t *one = NULL;
    struct mud_actor_result run;
    struct mud_error err = {0};

    (void)state;
    world_add_one(
        &world,
        1,
        world_post("7", "70", "甲", "出售肉鸡5000台，QQ：9812345670"));
    world_add_one(
        &world, 2, world_post("7", "71", "甲", "再次出售肉鸡，QQ：9812345670"));
    world_add_one(&world,
                  3,
                  world_post("9",
                             "90",
                             "受害人",
                             "曝光骗子QQ：9812345670，收了钱不发货，大家小心"));
    assert_ok(mud_actor_run(&run, world.pg, &err), &err);
    all = list(mud_list_contacts, &world, (struct mud_listing){.source = 1});
    assert_int_equal(json_array_size(all), 1);
    one = json_array_get(all, 0);
    assert_text(mud_json_get_str(one, "type"), "contact");
    assert_text(mud_json_get_str(one, "contact_type"), "qq");
    assert_text(mud_json_get_str(one, "value"), "9812345670");
    assert_int_equal(mud_json_get_int(one, "evidence", 0), 2);
    assert_int_equal(mud_json_get_int(one, "accused", 0), 1);
    assert_int_equal(json_array_size(json_object_get(one, "claims")), 2);
    assert_true(mud_json_has(one, "seller"));
    json_decref(all);
    all = list(mud_list_contacts, &world, (struct mud_listing){.source = 2});
    assert_int_equal(json_array_size(all), 0);
    json_decref(all);
    world_close(&world);
}

static void test_records__show_tells_all_of_an_id(void **state)
{
    static const struct {
        const char *sql, *first, *then;
    } cases[] = {
        {"SELECT actor_id FROM actor LIMIT 1", "seller", "contact"},
        {"SELECT entity_id FROM entity WHERE kind = 1", "persona", NULL},
        {"SELECT entity_id FROM entity WHERE kind = 2", "contact", NULL},
        {"SELECT entity_id FROM entity WHERE kind = 5", "group", NULL},
        {"SELECT post_id FROM post", "post", "annotation"},
        {"SELECT content_id FROM content", "content", "annotation"},
    };
    struct world world = world_open();
    struct mud_actor_result run;
    struct mud_id none = mud_id_of("x", MUD_STR("nothing"));
    struct mud_error err = {0};

    (void)state;
    world_add_one(
        &world,
        1,
        world_post("7", "70", "甲", "出售肉鸡5000台，3元一台，QQ：9812345670"));
    assert_ok(mud_actor_run(&run, world.pg, &err), &err);
    for (size_t i = 0; i < MUDTEST_ROWS(cases); i++) {
        json_t *all = show(&world, cases[i].sql);
        bool then = !cases[i].then;

        assert_text(mud_json_get_str(json_array_get(all, 0), "type"),
                    cases[i].first);
        for (size_t j = 1; j < json_array_size(all); j++)
            then = then ||
                   mud_str_eqz(mud_json_get_str(json_array_get(all, j), "type"),
                               cases[i].then);
        if (!then)
            fail_msg("%s: no %s", cases[i].sql, cases[i].then);
        json_decref(all);
    }
    assert_fails(mud_show(world.pg, none, take, NULL, &err),
                 &err,
                 MUD_EMISSING,
                 "nothing has the id");
    world_close(&world);
}

static void test_records__stats_count(void **state)
{
    struct world world = world_open();
    json_t *all = json_array();
    const json_t *one = NULL;
    struct mud_error err = {0};

    (void)state;
    world_add_one(
        &world,
        1,
        world_post("7", "70", "甲", "出售肉鸡5000台，QQ：9812345670"));
    world_add_one(&world, 2, world_post("7", "71", "乙", "今天天气不错"));
    assert_ok(
        mud_stats(world.pg, mud_reader_version(world.reader), take, all, &err),
        &err);
    one = json_array_get(all, 0);
    assert_int_equal(mud_json_get_int(one, "posts", 0), 2);
    assert_int_equal(mud_json_get_int(one, "adverts", 0), 1);
    assert_int_equal(mud_json_get_int(one, "readers", 0), 1);
    assert_int_equal(mud_json_get_int(one, "contents_of_before", -1), 0);
    assert_int_equal(mud_json_get_int(one, "terms", -1), 0);
    assert_int_equal(mud_json_get_int(one, "captures_read", 0), 2);
    assert_int_equal(
        mud_json_get_int(json_object_get(one, "categories"), "bots", 0), 1);
    assert_int_equal(json_array_size(json_object_get(one, "sources")), 3);
    json_decref(all);
    world_close(&world);
}

static bool stop(struct mud_str json, void *payload, struct mud_error *err)
{
    (void)json;
    (void)err;
    ++*(int *)payload;
    return false;
}

static void test_records__who_has_enough_may_stop(void **state)
{
    static list_fn *const lists[] = {
        mud_list_posts, mud_list_offers, mud_list_contacts, mud_list_sellers};
    struct world world = world_open();
    struct mud_listing listing = {0};
    struct mud_actor_result run;
    struct mud_error err = {0};

    (void)state;
    for (unsigned i = 0; i < 3; i++)
        world_add_one(&world,
                      i,
                      world_post("7",
                                 mudtest_text("%u", i),
                                 mudtest_text("卖家%u", i),
                                 mudtest_text("出售肉鸡，QQ：981234567%u", i)));
    assert_ok(mud_actor_run(&run, world.pg, &err), &err);
    for (size_t i = 0; i < MUDTEST_ROWS(lists); i++) {
        int n = 0;

        assert_ok(lists[i](world.pg, &listing, stop, &n, &err), &err);
        assert_int_equal(n, 1);
    }
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records__a_post_comes_out_as_it_went_in),
        cmocka_unit_test(test_records__posts_come_in_order_page_by_page),
        cmocka_unit_test(test_records__revisions_are_numbered),
        cmocka_unit_test(test_records__offers_hold_what_is_sold_for_how_much),
        cmocka_unit_test(test_records__contacts_say_who_uses_them),
        cmocka_unit_test(test_records__show_tells_all_of_an_id),
        cmocka_unit_test(test_records__stats_count),
        cmocka_unit_test(test_records__who_has_enough_may_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
