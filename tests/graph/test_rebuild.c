#include "tests/graph/world.h"

#include "graph/actor.h"
#include "graph/rebuild.h"
#include "graph/search_index.h"
#include "graph/similar.h"

static const char *const bodies[] = {
    "出售肉鸡5000台，3元一台，联系QQ：9812345670",
    "大量收购数据，1万条500元，电报 @made_up_buyer",
    "曝光骗子QQ：9812345673，收了钱不发货，大家小心",
    "今天天气不错",
    "🔥 出售肉鸡5000台 3元一台 联系QQ：9812345670",
};

static void ingest_all(struct world *world, bool backwards)
{
    for (unsigned i = 0; i < 10; i++) {
        unsigned k = backwards ? 9 - i : i;
        struct mud_post post =
            world_post("7", mudtest_text("%u", k % 6), "甲", bodies[k % 5]);

        post.author = post.author_id = mud_str_z(mudtest_text("人%u", k % 6));
        world_add_one(world, k, post);
    }
}

static void finish(struct world *world)
{
    struct mud_actor_result run;
    struct mud_error err = {0};

    assert_ok(
        mud_search_index(NULL, world->pg, world->reader, NULL, NULL, &err),
        &err);
    assert_ok(mud_similar_run(NULL, world->pg, &err), &err);
    assert_ok(mud_actor_run(&run, world->pg, &err), &err);
}

static int64_t digest(struct world *world, char hex[MUD_HEX256])
{
    uint8_t sha[MUD_SHA256];
    struct mud_error err = {0};
    int64_t rows = 0;

    assert_ok(mud_graph_digest(sha, &rows, world->pg, &err), &err);
    mud_hex(hex, sha, sizeof(sha));
    return rows;
}

static void test_rebuild__gives_the_same_again(void **state)
{
    struct world world = world_open();
    struct mud_error err = {0};
    char before[MUD_HEX256], empty[MUD_HEX256], after[MUD_HEX256];
    int64_t rows = 0;

    (void)state;
    ingest_all(&world, false);
    finish(&world);
    rows = digest(&world, before);
    assert_true(rows > 30);
    assert_ok(mud_graph_clear(world.pg, &err), &err);
    assert_int_equal(digest(&world, empty), 0);
    assert_string_not_equal(before, empty);
    ingest_all(&world, true);
    finish(&world);
    finish(&world); /* another run of actors is no other result */
    assert_int_equal(digest(&world, after), rows);
    assert_string_equal(before, after);
    world_close(&world);
}

static void test_rebuild__the_digest_sees_every_table(void **state)
{
    static const char *const changes[] = {
        "UPDATE content SET sure = sure + 1",
        "UPDATE post SET author = author || 'x'",
        "UPDATE annotation SET rule = rule + 1",
        "UPDATE offer SET product = 'x'",
        "UPDATE price SET low = 4",
        "UPDATE thread SET title = 'x'",
        "UPDATE capture_parsed SET posts = 7",
        "UPDATE entity SET shown = 'x'",
        "UPDATE claim SET last_seen = last_seen + '1 second'",
        "UPDATE claim_evidence SET sure = 1",
        "UPDATE actor SET score = score + 1",
        "UPDATE actor_member SET via = NULL",
        "UPDATE template SET template_id = content_id",
        "UPDATE tally SET alike = 7",
        "UPDATE name SET last_seen = last_seen + '1 second'",
        "DELETE FROM part",
    };
    struct world world = world_open();
    struct mud_post post = world_post("8", "80", "甲", bodies[0]);
    char before[MUD_HEX256], after[MUD_HEX256];

    (void)state;
    post.signature = MUD_STR("签名");
    world_add_one(&world, 50, post);
    ingest_all(&world, false);
    finish(&world);
    digest(&world, before);
    for (size_t i = 0; i < MUDTEST_ROWS(changes); i++) {
        mud_test_pg_exec(world.pg, changes[i]);
        digest(&world, after);
        if (strcmp(before, after) == 0)
            fail_msg("%s", changes[i]);
        memcpy(before, after, sizeof(before));
    }
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rebuild__gives_the_same_again),
        cmocka_unit_test(test_rebuild__the_digest_sees_every_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
