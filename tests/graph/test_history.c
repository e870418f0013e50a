#include "tests/graph/world.h"

#include "base/json.h"
#include "graph/history.h"
#include "graph/sold.h"

struct lines {
    char at[16][4000];
    size_t n;
};

static bool take(struct mud_str json, void *payload, struct mud_error *err)
{
    struct lines *lines = payload;

    (void)err;
    assert_true(lines->n < 16);
    snprintf(lines->at[lines->n++], 4000, "%.*s", MUD_FMT(json));
    return true;
}

static struct mud_id the_post(struct world *world)
{
    struct mud_rows *rows = NULL;
    struct mud_error err = {0};
    struct mud_id id;

    assert_ok(mud_pg_query(&rows,
                           world->pg,
                           "SELECT DISTINCT post_id FROM post WHERE post_key = "
                           "'1'",
                           NULL,
                           0,
                           &err),
              &err);
    assert_int_equal(mud_rows_count(rows), 1);
    id = mud_rows_id(rows, 0, 0);
    mud_rows_free(rows);
    return id;
}

static void test_history__tells_what_changed(void **state)
{
    struct world world = world_open();
    struct lines lines = {0};
    struct mud_error err = {0};
    struct mud_post post = world_post("7", "1", "甲", "出售肉鸡，100元一台");

    (void)state;
    world_add_one(&world, 1, post);
    post.body = MUD_STR("出售肉鸡，150元一台，包售后");
    post.edited = WORLD_AT(10);
    world_add_one(&world, 11, post);
    assert_ok(mud_history(world.pg, the_post(&world), 0, take, &lines, &err),
              &err);
    assert_int_equal(lines.n, 2);
    assert_non_null(strstr(lines.at[0], "\"diff\":null"));
    assert_non_null(
        strstr(lines.at[1],
               "[[\"=\",\"出售肉鸡，\"],[\"-\",\"100\"],[\"+\","
               "\"150\"],[\"=\",\"元一台\"],[\"+\",\"，包售后\"]]"));
    /* On the first day, and before it was seen. */
    lines.n = 0;
    assert_ok(mud_history(
                  world.pg, the_post(&world), WORLD_AT(5), take, &lines, &err),
              &err);
    assert_int_equal(lines.n, 1);
    assert_non_null(strstr(lines.at[0], "100元一台"));
    assert_false(mud_history(
        world.pg, the_post(&world), WORLD_AT(0), take, &lines, &err));
    assert_int_equal(err.code, MUD_EMISSING);
    world_close(&world);
}

static void test_history__of_a_page(void **state)
{
    const char *url = "http://market.example/thread-7-1-1.html";
    struct world world = world_open();
    struct lines lines = {0};
    struct mud_error err = {0};
    struct mud_post post = world_post("7", "1", "甲", "旧的说法");
    char id[MUD_ID_TEXT];

    (void)state;
    post.page_url = mud_str_z(url);
    world_add_one(&world, 1, post);
    post.body = MUD_STR("新的说法");
    world_add_one(&world, 11, post);
    mud_test_pg_exec(
        world.pg,
        mudtest_text("INSERT INTO mud.frontier (source_id, page_id, url, kind, "
                     "thread, round) VALUES (1, '%s', '%s', 'thread', '7', "
                     "'2026-11-20')",
                     mud_id_text(id, mud_id_of("page", mud_str_z(url))),
                     url));
    /* Pages of the frontier have captures; without one nothing can be said. */
    assert_false(mud_history_page(
        world.pg, mud_str_z(url), WORLD_AT(5), take, &lines, &err));
    assert_int_equal(err.code, MUD_EMISSING);
    assert_non_null(strstr(err.text, "was not captured until then"));
    mud_error_clear(&err);
    assert_false(mud_history_page(world.pg,
                                  MUD_STR("http://other.example/"),
                                  WORLD_AT(5),
                                  take,
                                  &lines,
                                  &err));
    assert_non_null(strstr(err.text, "no source has fetched"));
    world_close(&world);
}

static void test_diff__is_bounded(void **state)
{
    struct mud_buf a = {0}, b = {0}, out = {0};
    struct mud_json json = {.buf = &out};
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    for (int i = 0; i < 3000; i++) {
        mud_buf_printf(&a, "a%d ", i);
        mud_buf_printf(&b, "b%d ", i);
    }
    mud_diff_write(&json, mud_buf_view(&a), mud_buf_view(&b), arena);
    assert_text(mud_buf_view(&out), "null");
    mud_buf_clear(&out);
    json = (struct mud_json){.buf = &out};
    mud_diff_write(&json, mud_buf_view(&a), mud_buf_view(&a), arena);
    assert_true(mud_str_starts(mud_buf_view(&out), MUD_STR("[[\"=\"")));
    mud_buf_clear(&out);
    json = (struct mud_json){.buf = &out};
    mud_diff_write(&json, MUD_STR(""), MUD_STR("a b"), arena);
    assert_text(mud_buf_view(&out), "[[\"+\",\"a b\"]]");
    mud_buf_free(&a);
    mud_buf_free(&b);
    mud_buf_free(&out);
    mud_arena_free(arena);
}

static void test_sold__in_that_month(void **state)
{
    struct world world = world_open();
    struct lines lines = {0};
    struct mud_search search = {0};
    struct mud_arena *arena = mud_arena_new();
    struct mud_error err = {0};
    bool complete = false;
    struct mud_post post =
        world_post("7", "1", "甲", "出售国内肉鸡，5元一台，QQ9812345670");

    (void)state;
    world_add_one(&world, 1, post); /* November */
    post.post = MUD_STR("2");
    world_add_one(&world, 2, post);
    post = world_post("7", "3", "乙", "出售国内肉鸡，6元一台，QQ9812345671");
    post.posted = WORLD_AT(-24 * 60); /* September */
    world_add_one(&world, 3, post);
    post = world_post("7", "4", "丙", "收购国内肉鸡，6元一台，QQ9812345672");
    world_add_one(&world, 4, post);
    search.query = mud_sold_query(MUD_STR("肉鸡"), "2026-11", arena);
    assert_ok(
        mud_sold(
            &complete, world.pg, world.reader, &search, take, &lines, &err),
        &err);
    assert_true(complete);
    assert_int_equal(lines.n, 1);
    assert_non_null(strstr(lines.at[0], "\"names\":[\"甲\"]"));
    assert_non_null(strstr(lines.at[0], "\"posts\":2,\"texts\":1"));
    search.query = mud_sold_query(MUD_STR("category:bots"), NULL, arena);
    assert_ok(
        mud_sold(NULL, world.pg, world.reader, &search, take, &lines, &err),
        &err);
    assert_int_equal(lines.n, 3);
    mud_arena_free(arena);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_history__tells_what_changed),
        cmocka_unit_test(test_history__of_a_page),
        cmocka_unit_test(test_diff__is_bounded),
        cmocka_unit_test(test_sold__in_that_month),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
