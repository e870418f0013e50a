#include "tests/graph/world.h"

/* Victims' data of an advert's samples, invented. Nowhere in the database. */
static const char *const secrets[] = {"11010119900307",
                                      "199003072834",
                                      "13800001234",
                                      "6222020000001234566",
                                      "王小虚"};

#define SAMPLE \
    "王小虚----110101199003072834----13800001234----6222020000001234566"

/* Every text, JSON and byte column of every table, and the ids' inputs. */
static void assert_nowhere(struct world *world)
{
    struct mud_rows *tables = NULL;
    struct mud_error err = {0};

    assert_ok(mud_pg_query(&tables,
                           world->pg,
                           "SELECT table_name FROM information_schema.tables "
                           "WHERE table_schema = 'mud' AND table_type = "
                           "'BASE TABLE' AND table_name <> 'schema_migration'",
                           NULL,
                           0,
                           &err),
              &err);
    assert_true(mud_rows_count(tables) > 20);
    for (size_t i = 0; i < mud_rows_count(tables); i++)
        for (size_t j = 0; j < MUDTEST_ROWS(secrets); j++) {
            struct mud_str table = mud_rows_get(tables, i, 0);
            const char *sql = mudtest_text(
                "SELECT count(*) FROM mud.%.*s t WHERE t::text LIKE '%%%s%%' "
                "OR t::text LIKE '%%' || encode('%s', 'hex') || '%%'",
                MUD_FMT(table),
                secrets[j],
                secrets[j]);

            if (mud_test_pg_int(world->pg, sql))
                fail_msg("%s is in %.*s", secrets[j], MUD_FMT(table));
        }
    mud_rows_free(tables);
}

static void test_content__victims_data_is_nowhere(void **state)
{
    struct world world = world_open();
    struct mud_post post =
        world_post("7",
                   "70",
                   "料商",
                   "出售一手数据，样本：\n" SAMPLE "\n一万条500元，QQ："
                   "9812345670");
    struct mud_quote quote = {MUD_STR("料商"), MUD_STR("69"), MUD_STR(SAMPLE)};
    struct mud_str attachment = MUD_STR(SAMPLE ".txt");

    (void)state;
    post.position = 1;
    post.thread_title = MUD_STR(SAMPLE);
    post.signature = MUD_STR("样本\n" SAMPLE);
    post.quotes = &quote;
    post.n_quotes = 1;
    post.attachments = &attachment;
    post.n_attachments = 1;
    world_add_one(&world, 1, post);
    post.post = MUD_STR("71");
    post.position = 2;
    post.state = MUD_POST_BLOCKED; /* a moderator left it readable */
    world_add_one(&world, 2, post);
    assert_nowhere(&world);
    /* That there was such data is known, and where. */
    assert_true(mud_test_pg_int(world.pg,
                                "SELECT count(*) FROM annotation WHERE "
                                "type = 5 AND kind = 'id_card' AND value IS "
                                "NULL") > 0);
    assert_int_equal(mud_test_pg_int(world.pg,
                                     "SELECT count(*) FROM entity WHERE "
                                     "value LIKE '%13800001234%'"),
                     0);
    world_close(&world);
}

static void test_content__loose_samples_are_victims_too(void **state)
{
    struct world world = world_open();
    struct mud_capture capture = world_capture(1);
    struct mud_post posts[5] = {
        world_post(
            "7", "70", "料商", "出售一手数据，1万条500元，QQ：9812345670"),
        world_post("7",
                   "71",
                   "料商",
                   "样本：赵小虚，13600001188，上海市示例路1号\n"
                   "钱小虚，13400009911，欠款"),
        world_post("7", "72", "料商", "出售一手数据，联系电话：13300000022"),
        world_post("8", "80", "鸡商", "出售肉鸡5000台，3元一台"),
        world_post("8", "81", "鸡商", "周小虚 13600001199\n看完秒删")};
    struct mud_quote quote = {
        MUD_STR("料商"), MUD_STR("71"), MUD_STR("样本：赵小虚，13600001188")};

    (void)state;
    posts[2].quotes = &quote;
    posts[2].n_quotes = 1;
    world_add(&world, &capture, posts, 5);
    assert_int_equal(mud_test_pg_int(world.pg,
                                     "SELECT count(*) FROM entity WHERE "
                                     "value LIKE '%136000%' OR value LIKE "
                                     "'%134000%'"),
                     0);
    assert_int_equal(mud_test_pg_int(world.pg,
                                     "SELECT count(*) FROM content WHERE body "
                                     "~ '136000011|13400009911'"),
                     0);
    assert_int_equal(mud_test_pg_int(world.pg,
                                     "SELECT count(*) FROM post WHERE "
                                     "extra::text LIKE '%13600001188%'"),
                     0);
    /* A number that is called a contact is one. */
    assert_int_equal(mud_test_pg_int(world.pg,
                                     "SELECT count(*) FROM entity WHERE "
                                     "value = '+8613300000022'"),
                     1);
    world_close(&world);
}

static void test_content__masked_text_keeps_its_bytes(void **state)
{
    struct world world = world_open();

    (void)state;
    world_add_one(
        &world,
        1,
        world_post(
            "7", "70", "料商", "出售数据，样本：\n" SAMPLE "\nQQ：9812345670"));
    assert_int_equal(
        mud_test_pg_int(world.pg, "SELECT octet_length(body) FROM content"),
        (int64_t)strlen("出售数据，样本：\n" SAMPLE "\nQQ：9812345670"));
    /* The contact behind the masked part is still at its place. */
    assert_int_equal(
        mud_test_pg_int(world.pg,
                        "SELECT count(*) FROM annotation JOIN content USING "
                        "(content_id) WHERE value = '9812345670' AND "
                        "convert_from(substring(convert_to(body, 'UTF8') FROM "
                        "span_start + 1 FOR span_end - span_start), 'UTF8') = "
                        "'9812345670'"),
        1);
    world_close(&world);
}

static void test_content__adverts_that_differ_in_victims_are_one(void **state)
{
    struct world world = world_open();

    (void)state;
    world_add_one(&world,
                  1,
                  world_post("7",
                             "70",
                             "料商",
                             "出售数据，样本\n"
                             "王小虚----110101199003072834----13800001234\n"
                             "QQ：9812345670"));
    world_add_one(&world,
                  2,
                  world_post("7",
                             "71",
                             "料商",
                             "出售数据，样本\n"
                             "李小虚----110101199003072834----13900005678\n"
                             "QQ：9812345670"));
    assert_int_equal(mud_test_pg_int(world.pg, "SELECT count(*) FROM content"),
                     1);
    assert_int_equal(mud_test_pg_int(world.pg, "SELECT count(*) FROM post"), 2);
    world_close(&world);
}

static void test_content__a_text_is_stored_and_read_once(void **state)
{
    struct world world = world_open();
    struct mud_capture capture = world_capture(1);
    struct mud_post posts[3] = {
        world_post("7", "70", "甲", "出售肉鸡5000台，3元一台，QQ：9812345670"),
        world_post("8", "71", "乙", "出售肉鸡5000台，3元一台，QQ：9812345670"),
        world_post("9", "72", "丙", "出售肉鸡5000台，3元一台，QQ：9812345670")};

    (void)state;
    world_add(&world, &capture, posts, 3);
    assert_int_equal(mud_test_pg_int(world.pg, "SELECT count(*) FROM content"),
                     1);
    assert_int_equal(mud_test_pg_int(world.pg, "SELECT count(*) FROM offer"),
                     1);
    assert_int_equal(mud_test_pg_int(world.pg,
                                     "SELECT count(*) FROM annotation WHERE "
                                     "type = 4"),
                     1);
    assert_int_equal(mud_test_pg_int(world.pg,
                                     "SELECT count(DISTINCT seller_id) FROM "
                                     "post"),
                     3);
    world_close(&world);
}

static void test_content__titles_are_the_openers_words(void **state)
{
    struct world world = world_open();
    struct mud_capture capture = world_capture(1);
    struct mud_post posts[2] = {
        world_post("7", "70", "卖家", "价格私聊，QQ：9812345670"),
        world_post("7", "71", "路人", "顶一下，我QQ 9812300004")};

    (void)state;
    posts[0].position = 1;
    posts[0].thread_title = posts[1].thread_title =
        MUD_STR("出售肉鸡5000台，3元一台");
    world_add(&world, &capture, posts, 2);
    assert_int_equal(mud_test_pg_int(world.pg,
                                     "SELECT count(*) FROM post WHERE is_offer "
                                     "AND title_id IS NOT NULL AND reading_of "
                                     "= post_id"),
                     1);
    assert_int_equal(
        mud_test_pg_int(world.pg, "SELECT count(*) FROM post WHERE is_offer"),
        1);
    assert_int_equal(mud_test_pg_int(world.pg,
                                     "SELECT count(*) FROM post p JOIN offer o "
                                     "ON o.content_id = p.content_id AND "
                                     "o.post_id = p.reading_of WHERE o.product "
                                     "= 'bot_host'"),
                     1);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_content__victims_data_is_nowhere),
        cmocka_unit_test(test_content__loose_samples_are_victims_too),
        cmocka_unit_test(test_content__masked_text_keeps_its_bytes),
        cmocka_unit_test(test_content__adverts_that_differ_in_victims_are_one),
        cmocka_unit_test(test_content__a_text_is_stored_and_read_once),
        cmocka_unit_test(test_content__titles_are_the_openers_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
