#include "graph/similar.h"

#include "tests/graph/world.h"

#include "base/json.h"
#include "graph/rebuild.h"

/* One advert under three names, with other contacts and prices, and others. */
static const char *const adverts[][2] = {
    {"甲",
     "长期出售国外肉鸡，支持测试，稳定在线率高，可以走担保，3元一台，"
     "需要的老板联系客服，价格优惠量大从优，QQ：9080706050"},
    {"乙",
     "🔥🔥长期出售国外肉鸡 支持测试 稳定在线率高 可以走担保 5元一台 "
     "需要的老板联系客服 价格优惠量大从优 QQ 9080706051"},
    {"丙",
     "【置顶】\n長期出售國外肉鷄，支持測試，穩定在線率高，可以走擔保，"
     "需要的老闆聯繫客服，價格優惠量大從優，飛機 @made_up_c"},
    {"丁",
     "诚招跑分车队，每天稳定收益，佣金日结，新手可以带，"
     "有对公账户的老板优先，私聊详谈，非诚勿扰，QQ：9080706052"},
    {"戊", "出肉鸡 QQ 9080706053"},
    {"己", "出肉鸡 QQ 9080706054"},
};

enum {
    N = MUDTEST_ROWS(adverts)
};

static void ingest(struct world *world, bool backwards)
{
    for (unsigned i = 0; i < N; i++) {
        unsigned k = backwards ? N - 1 - i : i;
        struct mud_post post = world_post(
            "7", mudtest_text("%u", k), adverts[k][0], adverts[k][1]);

        post.posted = WORLD_AT(k + 1);
        world_add_one(world, k, post);
    }
}

static struct mud_similar_result run(struct world *world)
{
    struct mud_similar_result result = {0};
    struct mud_error err = {0};

    assert_ok(mud_similar_run(&result, world->pg, &err), &err);
    return result;
}

struct got {
    struct mud_buf all; /* a record a line */
    size_t records, most;
};

static bool take(struct mud_str json, void *payload, struct mud_error *err)
{
    struct got *got = payload;

    (void)err;
    mud_buf_str(&got->all, json);
    mud_buf_c(&got->all, '\n');
    return ++got->records != got->most;
}

static struct mud_id id_of(struct world *world, const char *sql)
{
    struct mud_rows *rows = NULL;
    struct mud_error err = {0};
    struct mud_id id;

    assert_ok(mud_pg_query(&rows, world->pg, sql, NULL, 0, &err), &err);
    assert_int_equal(mud_rows_count(rows), 1);
    id = mud_rows_id(rows, 0, 0);
    mud_rows_free(rows);
    return id;
}

static json_t *record(const struct got *got, size_t number)
{
    struct mud_str rest = mud_buf_view(&got->all), line = {0};
    struct mud_error err = {0};

    for (size_t i = 0; i <= number; i++)
        assert_true(mud_str_line(&rest, &line));
    return mud_json_read(line, &err);
}

static struct got similar(struct world *world, struct mud_id id, size_t limit)
{
    struct got got = {0};
    struct mud_error err = {0};

    assert_ok(mud_similar(world->pg, id, limit, take, &got, &err), &err);
    return got;
}

#define POST_OF(key) "SELECT post_id FROM post WHERE post_key = '" key "'"

static void test_similar__shows_one_advert_under_many_names(void **state)
{
    struct world world = world_open();
    struct mud_similar_result result;
    struct got got;
    json_t *sum, *repost;
    char first[MUD_ID_TEXT], again[MUD_ID_TEXT];

    (void)state;
    ingest(&world, false);
    result = run(&world);
    assert_true(result.fresh);
    assert_int_equal(result.contents, N);
    assert_int_equal(result.templates, 1);
    assert_int_equal(result.repeated, 3);
    got = similar(&world, id_of(&world, POST_OF("0")), 0);
    assert_int_equal(got.records, 4);
    sum = record(&got, 0);
    assert_text(mud_json_get_str(sum, "type"), "similar");
    assert_int_equal(mud_json_get_int(sum, "posts", 0), 3);
    assert_int_equal(mud_json_get_int(sum, "contents", 0), 3);
    assert_int_equal(mud_json_get_int(sum, "authors", 0), 3);
    assert_int_equal(json_array_size(json_object_get(sum, "posters")), 3);
    assert_text(mud_json_get_str(sum, "first_seen"), "2026-11-20T01:00:00Z");
    assert_text(mud_json_get_str(sum, "last_seen"), "2026-11-20T03:00:00Z");
    snprintf(first,
             sizeof(first),
             "%.*s",
             MUD_FMT(mud_json_get_str(sum, "template")));
    json_decref(sum);

    repost = record(&got, 1);
    assert_text(mud_json_get_str(repost, "author"), "甲");
    assert_true(mud_json_get_double(repost, "alike", 0) > 0.999);
    assert_int_equal(json_array_size(json_object_get(repost, "added")), 0);
    assert_int_equal(json_array_size(json_object_get(repost, "gone")), 0);
    json_decref(repost);
    repost = record(&got, 2);
    assert_text(mud_json_get_str(repost, "author"), "乙");
    assert_true(mud_json_get_double(repost, "alike", 0) > 0.9);
    assert_true(mud_json_get_double(repost, "alike", 0) <= 1);
    assert_int_equal(json_array_size(json_object_get(repost, "added")), 2);
    assert_int_equal(json_array_size(json_object_get(repost, "gone")), 2);
    json_decref(repost);
    assert_has(mud_buf_view(&got.all), "\"value\":\"9080706051\"");
    assert_has(mud_buf_view(&got.all), "\"value\":\"made_up_c\"");
    mud_buf_free(&got.all);

    /* By its template, or by a text of it, it is the same. */
    got = similar(&world,
                  id_of(&world,
                        "SELECT template_id FROM template "
                        "LIMIT 1"),
                  2);
    assert_int_equal(got.records, 3);
    sum = record(&got, 0);
    snprintf(again,
             sizeof(again),
             "%.*s",
             MUD_FMT(mud_json_get_str(sum, "template")));
    assert_string_equal(first, again);
    json_decref(sum);
    mud_buf_free(&got.all);
    world_close(&world);
}

static void test_similar__says_that_a_text_is_alone(void **state)
{
    struct world world = world_open();
    struct mud_error err = {0};
    struct got got;

    (void)state;
    ingest(&world, false);
    run(&world);
    got = similar(&world, id_of(&world, POST_OF("3")), 0);
    assert_int_equal(got.records, 2);
    assert_has(mud_buf_view(&got.all), "\"template\":null");
    mud_buf_free(&got.all);
    assert_fails(
        mud_similar(
            world.pg, mud_id_of("post", MUD_STR("none")), 0, take, &got, &err),
        &err,
        MUD_EMISSING,
        "no text has the id");
    world_close(&world);
}

static void test_similar__the_reader_may_have_had_enough(void **state)
{
    struct world world = world_open();
    struct got got = {.most = 2};
    struct mud_error err = {0};

    (void)state;
    ingest(&world, false);
    run(&world);
    assert_ok(
        mud_similar(world.pg, id_of(&world, POST_OF("0")), 0, take, &got, &err),
        &err);
    assert_int_equal(got.records, 2);
    mud_buf_free(&got.all);
    world_close(&world);
}

static const char templates[] =
    "SELECT md5(string_agg(s::text, ',' ORDER BY content_id))::uuid "
    "FROM template s";

static void test_similar__is_the_same_after_a_rebuild(void **state)
{
    struct world world = world_open();
    struct mud_error err = {0};
    struct mud_id before, after;

    (void)state;
    ingest(&world, false);
    run(&world);
    before = id_of(&world, templates);
    assert_false(run(&world).fresh);
    ingest(&world, false); /* again: nothing is new */
    assert_false(run(&world).fresh);
    assert_ok(mud_graph_clear(world.pg, &err), &err);
    assert_int_equal(run(&world).repeated, 0);
    ingest(&world, true);
    assert_true(run(&world).fresh);
    after = id_of(&world, templates);
    assert_true(mud_id_eq(before, after));
    world_close(&world);
}

/* A text that joins, and one that goes: rows follow. */
static void test_similar__follows_new_texts(void **state)
{
    struct world world = world_open();
    struct mud_post post = world_post(
        "9",
        "90",
        "庚",
        "长期出售国外肉鸡，支持测试，稳定在线率高，可以走担保，8元一台，"
        "需要的大佬联系客服，价格优惠量大从优，微信 made_up_v1\n以上长期有效");

    (void)state;
    ingest(&world, false);
    assert_int_equal(run(&world).repeated, 3);
    world_add_one(&world, 20, post);
    assert_int_equal(run(&world).repeated, 4);
    mud_test_pg_exec(world.pg,
                     "DELETE FROM content WHERE body LIKE '长期%' OR body LIKE "
                     "'%置顶%'");
    assert_int_equal(run(&world).repeated, 0);
    assert_int_equal(mud_test_pg_int(world.pg, "SELECT count(*) FROM template"),
                     0);
    world_close(&world);
}

static void test_similar__names_a_broken_sketch(void **state)
{
    struct world world = world_open();
    struct mud_error err = {0};

    (void)state;
    ingest(&world, false);
    mud_test_pg_exec(world.pg, "UPDATE content SET sketch = '\\x010203'");
    assert_fails(mud_similar_run(NULL, world.pg, &err),
                 &err,
                 MUD_ECORRUPT,
                 "run mudlark rebuild");
    /* Read before there were sketches: no cluster, and no failure. */
    mud_test_pg_exec(world.pg, "UPDATE content SET sketch = NULL");
    assert_int_equal(run(&world).contents, 0);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_similar__shows_one_advert_under_many_names),
        cmocka_unit_test(test_similar__says_that_a_text_is_alone),
        cmocka_unit_test(test_similar__the_reader_may_have_had_enough),
        cmocka_unit_test(test_similar__is_the_same_after_a_rebuild),
        cmocka_unit_test(test_similar__follows_new_texts),
        cmocka_unit_test(test_similar__names_a_broken_sketch),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
