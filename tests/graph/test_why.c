#include "tests/graph/world.h"

#include "graph/actor.h"
#include "graph/why.h"

#include "base/json.h"
#include "base/utf8.h"

static bool take(struct mud_str json, void *payload, struct mud_error *err)
{
    json_t *one = mud_json_read(json, err);

    assert_non_null(one);
    json_array_append_new(payload, one);
    return true;
}

static json_t *why(struct world *world, const char *a, const char *b,
                   struct mud_why *out)
{
    struct mud_error err = {0};
    json_t *steps = json_array();

    assert_ok(
        mud_why(out, world->pg, mud_str_z(a), mud_str_z(b), take, steps, &err),
        &err);
    assert_int_equal(out->hops, json_array_size(steps));
    return steps;
}

/* A post out of a file that is really sealed in a vault. */
static struct mud_capture seal(struct world *world, struct mud_vault *vault,
                               unsigned i, const char *author, const char *body)
{
    const char *path = mudtest_text("%s/page-%u", mudtest_dir(), i);
    struct mud_handed handed = {.path = path,
                                .url =
                                    mud_str_z(mudtest_text("file:page-%u", i)),
                                .content_type = MUD_STR("text/plain"),
                                .supplier = MUD_STR("a tester"),
                                .at = WORLD_AT(i)};
    struct mud_arena *arena = mud_arena_new();
    struct mud_capture capture;
    struct mud_post post = world_post("7", "70", author, body);
    struct mud_error err = {0};
    bool known = false;

    mudtest_write(path, mud_str_z(body));
    assert_ok(mud_seal_file(
                  &capture, &known, vault, world->pg, 1, &handed, arena, &err),
              &err);
    post.post = mud_str_z(mudtest_text("%u", 100 + i));
    post.site = mud_str_z(mudtest_text("m%u.example", i));
    world_add(world, &capture, &post, 1);
    mud_arena_free(arena);
    return capture;
}

static void test_why__every_link_has_quote_and_digest(void **state)
{
    struct world world = world_open();
    struct mud_vault *vault = NULL;
    struct mud_error err = {0};
    struct mud_why out;
    json_t *steps = NULL;
    struct mud_capture first;
    char hex[MUD_HEX256];

    (void)state;
    assert_ok(mud_vault_open(&vault, mudtest_dir(), &err), &err);
    first =
        seal(&world, vault, 1, "甲", "出售肉鸡5000台，3元一台，QQ：9812345670");
    seal(&world,
         vault,
         2,
         "乙",
         "出售肉鸡800台，QQ：9812345670，电报 @made_up_seller");
    seal(&world, vault, 3, "丙", "出售数据，电报 @made_up_seller");
    steps = why(&world, "甲", "丙", &out);
    assert_int_equal(out.hops, 4);
    assert_true(out.strong);
    assert_false(out.cut);
    for (size_t i = 0; i < json_array_size(steps); i++) {
        const json_t *step = json_array_get(steps, i);
        const json_t *list = json_object_get(step, "evidence");
        const json_t *evidence = json_array_get(list, 0);
        const json_t *capture = json_object_get(evidence, "capture");
        const json_t *mark = json_object_get(evidence, "mark");
        struct mud_str quote = mud_json_get_str(evidence, "quote");
        struct mud_utf8_pos pos = {.text = quote};
        size_t start = 0, end = 0;

        assert_true(mud_json_get_int(step, "evidence_count", 0) > 0);
        assert_text(mud_json_get_str(step, "claim"), "uses");
        assert_int_equal(mud_json_get_str(capture, "sha256").n, 64);
        assert_true(mud_json_get_str(capture, "warc").n > 0);
        assert_true(mud_json_get_int(capture, "length", 0) > 0);
        assert_int_equal(mud_json_get_str(capture, "ledger_sha256").n, 64);
        assert_true(mud_json_get_str(evidence, "rule").n > 0);
        start = mud_utf8_byte(
            &pos, (size_t)json_integer_value(json_array_get(mark, 0)));
        end = mud_utf8_byte(
            &pos, (size_t)json_integer_value(json_array_get(mark, 1)));
        assert_text(mud_str_sub(quote, start, end),
                    i < 2 ? "9812345670" : "@made_up_seller");
    }
    {
        const json_t *step = json_array_get(steps, 0);
        const json_t *from = json_object_get(step, "from");
        const json_t *evidence =
            json_array_get(json_object_get(step, "evidence"), 0);

        assert_text(mud_json_get_str(from, "name"), "甲");
        assert_text(mud_json_get_str(json_object_get(evidence, "capture"),
                                     "sha256"),
                    mud_hex(hex, first.sha256, MUD_SHA256));
        assert_text(mud_json_get_str(evidence, "post_key"), "101");
    }
    json_decref(steps);
    mud_vault_close(vault);
    world_close(&world);
}

static void sell(struct world *world, unsigned i, const char *author,
                 const char *body)
{
    struct mud_post post = world_post("7", "70", author, body);

    post.post = mud_str_z(mudtest_text("%u", 1000 + i));
    world_add_one(world, i, post);
}

static void test_why__takes_ids_values_and_names(void **state)
{
    static const char *const from[] = {"qq:9812345670", "9812345670"};
    struct world world = world_open();
    struct mud_why out;
    struct mud_error err = {0};
    struct mud_actor_result run;
    struct mud_rows *rows = NULL;

    (void)state;
    sell(&world, 1, "甲", "出售肉鸡5000台，QQ：9812345670");
    sell(&world, 2, "乙", "出售肉鸡5000台，QQ：9812345671");
    assert_ok(mud_actor_run(&run, world.pg, &err), &err);
    for (size_t i = 0; i < MUDTEST_ROWS(from); i++) {
        json_decref(why(&world, from[i], "甲", &out));
        assert_int_equal(out.hops, 1);
    }
    /* Two who share only the place are linked weakly. */
    json_decref(why(&world, "甲", "乙", &out));
    assert_int_equal(out.hops, 2);
    assert_false(out.strong);
    assert_ok(mud_pg_query(&rows,
                           world.pg,
                           "SELECT actor_id, entity_id FROM actor_member m "
                           "JOIN entity USING (entity_id) WHERE shown = '甲'",
                           NULL,
                           0,
                           &err),
              &err);
    for (size_t i = 0; i < 2; i++) {
        char id[MUD_ID_TEXT];

        mud_id_text(id, mud_rows_id(rows, 0, i));
        json_decref(why(&world, id, "乙", &out));
        assert_int_equal(out.hops, 2);
    }
    mud_rows_free(rows);
    world_close(&world);
}

static void test_why__says_when_there_is_none(void **state)
{
    struct world world = world_open();
    struct mud_why out;
    struct mud_error err = {0};
    json_t *none = json_array();
    struct mud_post post =
        world_post("7", "70", "甲", "出售肉鸡5000台，QQ：9812345670");

    (void)state;
    world_add_one(&world, 1, post);
    post = world_post("7", "71", "乙", "出售肉鸡5000台，QQ：9812345671");
    post.site = MUD_STR("b.example");
    world_add_one(&world, 2, post);
    json_decref(why(&world, "甲", "乙", &out));
    assert_int_equal(out.hops, 0);
    assert_fails(mud_why(&out,
                         world.pg,
                         MUD_STR("没有这个人"),
                         MUD_STR("乙"),
                         take,
                         none,
                         &err),
                 &err,
                 MUD_EMISSING,
                 "没有这个人");
    json_decref(none);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_why__every_link_has_quote_and_digest),
        cmocka_unit_test(test_why__takes_ids_values_and_names),
        cmocka_unit_test(test_why__says_when_there_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
