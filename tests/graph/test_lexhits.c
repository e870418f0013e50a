#include "graph/lexhits.h"
#include "graph/lexsuggest.h"
#include "graph/search_index.h"

#include "base/json.h"
#include "tests/graph/world.h"

static bool take(struct mud_str json, void *payload, struct mud_error *err)
{
    json_t *all = payload, *one = mud_json_read(json, err);

    assert_non_null(one);
    json_array_append_new(all, one);
    return true;
}

static void add(struct world *world, unsigned hour, const char *author,
                const char *body)
{
    char key[24];
    struct mud_post post;

    (void)snprintf(key, sizeof key, "%u", 1000 + hour);
    post = world_post("7", key, author, body);
    post.posted = WORLD_AT((int64_t)hour);
    world_add_one(world, hour, post);
}

static json_t *hits_of(struct world *world, struct mud_lexhits hits)
{
    json_t *all = json_array(), *one;
    struct mud_error err = {0};

    assert_ok(mud_lexhits(world->pg, world->reader, &hits, take, all, &err),
              &err);
    assert_int_equal(json_array_size(all), 1);
    one = json_incref(json_array_get(all, 0));
    json_decref(all);
    return one;
}

static int64_t in(const json_t *hits, const char *key, const char *name)
{
    return mud_json_get_int(json_object_get(hits, key), name, 0);
}

static void index_all(struct world *world)
{
    struct mud_error err = {0};

    assert_ok(
        mud_search_index(NULL, world->pg, world->reader, NULL, NULL, &err),
        &err);
}

/* What is counted: own words, each post once, from both scripts, wherever the
 * dictionary would cut. */
static void test_lexhits__counts_own_words(void **state)
{
    static const struct {
        const char *term, *flags;
        int64_t texts, occurrences, posts, adverts;
    } cases[] = {
        {"泥锣", "", 3, 4, 4, 0},
        {"泥鑼", "", 3, 4, 4, 0},
        {"售泥", "", 1, 1, 1, 0}, /* over an edge of words */
        {"肉鸡", "", 1, 1, 1, 1},
        {"frob", "", 1, 2, 1, 0},
        {"rob", "", 0, 0, 0, 0},
        {"rob", "inside", 1, 2, 1, 0},
        {"\xf0\x9f\x98\x82", "", 1, 1, 1, 0},
        {"签名", "", 0, 0, 0, 0}, /* signatures do not count */
        {"标题", "", 1, 1, 1, 0},
        {"没有这词", "", 0, 0, 0, 0},
    };
    struct world world = world_open();
    struct mud_post post = world_post("8", "99", "丙", "正文在此");

    (void)state;
    add(&world, 1, "甲", "出售泥锣，泥锣好");
    add(&world, 2, "乙", "收泥鑼的有吗");
    add(&world, 3, "乙", "出售肉鸡5000台，QQ：9812345670");
    add(&world, 4, "甲", "泥锣是什么");
    add(&world, 30, "丁", "泥锣是什么"); /* the same text once more */
    add(&world, 5, "甲", "frob and frobs \xf0\x9f\x98\x82");
    post.position = 1;
    post.thread_title = MUD_STR("这是标题");
    post.signature = MUD_STR("这是签名");
    world_add_one(&world, 6, post);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < MUDTEST_ROWS(cases); i++) {
            json_t *hits = hits_of(
                &world,
                (struct mud_lexhits){.term = mud_str_z(cases[i].term),
                                     .flags = mud_str_z(cases[i].flags)});

            if (mud_json_get_int(hits, "texts", -1) != cases[i].texts)
                fail_msg("%s: texts %lld",
                         cases[i].term,
                         (long long)mud_json_get_int(hits, "texts", -1));
            assert_int_equal(mud_json_get_int(hits, "occurrences", -1),
                             cases[i].occurrences);
            assert_int_equal(mud_json_get_int(hits, "posts", -1),
                             cases[i].posts);
            assert_int_equal(mud_json_get_int(hits, "adverts", -1),
                             cases[i].adverts);
            json_decref(hits);
        }
        index_all(&world);
    }
    world_close(&world);
}

static void test_lexhits__by_source_month_and_example(void **state)
{
    struct world world = world_open();
    json_t *hits;
    const json_t *example;
    struct mud_error err = {0};
    struct mud_str *texts;
    struct mud_arena *arena = mud_arena_new();
    size_t n = 0;

    (void)state;
    add(&world, 1, "甲", "出售泥锣");
    add(&world, 2, "乙", "收泥锣的有吗");
    add(&world, 300, "丁", "泥锣是什么，十二月了");
    hits = hits_of(
        &world, (struct mud_lexhits){.term = MUD_STR("泥锣"), .examples = 2});
    assert_int_equal(in(hits, "by_source", "s1"), 3);
    assert_int_equal(in(hits, "by_month", "2026-11"), 2);
    assert_int_equal(in(hits, "by_month", "2026-12"), 1);
    assert_int_equal(in(hits, "by_category", "benign"), 3);
    assert_int_equal(json_array_size(json_object_get(hits, "examples")), 2);
    example = json_array_get(json_object_get(hits, "examples"), 0);
    assert_text(mud_json_get_str(example, "text"), "泥锣是什么，十二月了");
    assert_int_equal(json_array_size(json_object_get(example, "posts")), 1);
    json_decref(hits);
    hits = hits_of(&world,
                   (struct mud_lexhits){.term = MUD_STR("泥锣"),
                                        .since = WORLD_AT(100)});
    assert_int_equal(mud_json_get_int(hits, "posts", -1), 1);
    assert_int_equal(mud_json_get_int(hits, "texts", -1), 1);
    json_decref(hits);
    hits = hits_of(&world,
                   (struct mud_lexhits){.term = MUD_STR("泥锣"), .source = 2});
    assert_int_equal(mud_json_get_int(hits, "posts", -1), 0);
    json_decref(hits);
    assert_ok(mud_lexhits_texts(&texts,
                                &n,
                                world.pg,
                                world.reader,
                                MUD_STR("泥锣"),
                                2,
                                arena,
                                &err),
              &err);
    assert_int_equal(n, 2);
    assert_text(texts[0], "泥锣是什么，十二月了");
    mud_arena_free(arena);
    world_close(&world);
}

/* Stored posts to suggestions: what is decided and what is a value stay out. */
static void test_lexsuggest__proposes_what_is_stored(void **state)
{
    static const char *const forms[] = {"出灰螺卡，量大从优 QQ98123456",
                                        "收灰螺卡有多少要多少 q98123456",
                                        "一手灰螺卡 5元一张 扣98123456"};
    static const char *const others[] = {"今天天气真好，去公园走走",
                                         "晚上吃火锅还是面条呢",
                                         "谁会修自行车，链条掉了"};
    struct world world = world_open();
    struct mud_lexsuggest options = {.limit = 10};
    struct mud_suggest_sum sum;
    struct mud_error err = {0};
    json_t *all = json_array();

    (void)state;
    for (unsigned i = 0; i < 18; i++) {
        char author[8];

        (void)snprintf(author, sizeof author, "a%u", i % 6);
        add(&world, i, author, mudtest_text("%s%02u", forms[i % 3], i));
        add(&world, 100 + i, "闲人", mudtest_text("%s%u", others[i % 3], i));
    }
    assert_ok(
        mud_lexsuggest(&sum, world.pg, world.reader, &options, take, all, &err),
        &err);
    assert_int_equal(sum.texts, 36);
    assert_text(mud_json_get_str(json_array_get(all, 0), "term"), "灰螺卡");
    assert_int_equal(mud_json_get_int(json_array_get(all, 0), "authors", 0), 6);
    for (size_t i = 0; i < json_array_size(all); i++)
        assert_lacks(mud_json_get_str(json_array_get(all, i), "term"), "98123");
    json_array_clear(all);
    mud_test_pg_exec(world.pg,
                     "INSERT INTO mud.lexicon_refused VALUES ('灰螺卡', "
                     "'灰螺卡', now(), 'li', '')");
    assert_ok(
        mud_lexsuggest(&sum, world.pg, world.reader, &options, take, all, &err),
        &err);
    for (size_t i = 0; i < json_array_size(all); i++)
        assert_false(mud_str_eqz(
            mud_json_get_str(json_array_get(all, i), "term"), "灰螺卡"));
    json_decref(all);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lexhits__counts_own_words),
        cmocka_unit_test(test_lexhits__by_source_month_and_example),
        cmocka_unit_test(test_lexsuggest__proposes_what_is_stored),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
