#include "tests/graph/world.h"

#include "base/time.h"
#include "graph/search.h"

#include <unistd.h>

enum {
    MANY = 5000
};

static int64_t count(const struct world *world, const char *what)
{
    return mud_test_pg_int(world->pg,
                           mudtest_text("SELECT count(*) FROM %s", what));
}

static const char *text_of(unsigned i)
{
    return mudtest_text("出售肉鸡%u台，第%u批", i + 1, i);
}

/* Many texts, each a minute younger than the one before. */
static void add_many(struct world *world, unsigned capture)
{
    struct mud_ingest *ingest = NULL;
    struct mud_capture one = world_capture(capture);
    struct mud_error err = {0};

    assert_ok(mud_ingest_new(&ingest, &world->options, &err), &err);
    assert_ok(mud_ingest_begin(ingest, &one, &err), &err);
    for (unsigned i = 0; i < MANY; i++) {
        struct mud_post post =
            world_post("7", mudtest_text("%u", i), "卖家", text_of(i));

        post.posted = WORLD_DAY + i * 60 * MUD_SECOND;
        assert_ok(mud_ingest_post(ingest, &post, &err), &err);
    }
    assert_ok(mud_ingest_end(ingest, &err), &err);
    assert_ok(mud_ingest_flush(ingest, NULL, &err), &err);
    mud_ingest_free(ingest);
}

static bool take(struct mud_str json, void *payload, struct mud_error *err)
{
    struct mud_buf *all = payload;

    (void)err;
    mud_buf_str(all, json);
    return true;
}

static void assert_newest_first(struct world *world)
{
    struct mud_search search = {.query = MUD_STR("肉鸡"), .limit = 2};
    struct mud_buf all = {0};
    struct mud_error err = {0};

    assert_ok(
        mud_search(NULL, world->pg, world->reader, &search, take, &all, &err),
        &err);
    size_t last = mud_str_find(mud_buf_view(&all), MUD_STR("第4999批"));
    size_t before = mud_str_find(mud_buf_view(&all), MUD_STR("第4998批"));
    assert_true(last != MUD_NPOS && before != MUD_NPOS && last < before);
    mud_buf_free(&all);
}

static void test_write__many_texts_are_indexed_as_they_come(void **state)
{
    struct world world = world_open();

    (void)state;
    add_many(&world, 1);
    assert_int_equal(count(&world, "content"), MANY);
    assert_int_equal(count(&world, "search_pending"), 0);
    assert_int_equal(count(&world, "search_segment WHERE docs = 5000"), 1);
    assert_newest_first(&world);
    /* seen again, later: they are not new, and wait for a newer place */
    add_many(&world, 2);
    assert_int_equal(count(&world, "search_segment"), 1);
    assert_newest_first(&world);
    world_close(&world);
}

static void test_write__they_wait_while_another_indexes(void **state)
{
    struct world world = world_open();
    struct mud_pg *other = mud_test_pg_open(world.dsn);

    (void)state;
    mud_test_pg_exec(other, "BEGIN");
    assert_int_equal(mud_test_pg_int(other,
                                     "SELECT pg_try_advisory_xact_lock("
                                     "hashtext('mud.search'))::int"),
                     1);
    add_many(&world, 1);
    assert_int_equal(count(&world, "search_pending"), MANY);
    assert_int_equal(count(&world, "search_segment"), 0);
    assert_newest_first(&world); /* they are found as they are */
    mud_pg_close(other);
    world_close(&world);
}

/* Until the writer waits for what `other` has not committed. */
static void wait_for_block(struct world *world)
{
    int64_t began = mud_monotonic();

    while (!mud_test_pg_int(world->pg,
                            "SELECT count(*) FROM pg_stat_activity WHERE "
                            "datname = current_database() AND "
                            "wait_event_type = 'Lock'")) {
        assert_true(mud_monotonic() - began < 20 * MUD_SECOND);
        usleep(2000);
    }
}

/* Another writer stores a text of the batch after we asked for it: its row and
 * what it read stand, and nothing is there twice. */
static void test_write__a_text_stored_meanwhile_is_there_once(void **state)
{
    struct world world = world_open();
    struct mud_pg *other = mud_test_pg_open(world.dsn);
    struct mud_capture capture = world_capture(1);
    struct mud_ingest *ingest = NULL;
    struct mud_error err = {0};
    struct mud_str text = mud_str_z(text_of(3));
    char id[MUD_ID_TEXT];

    (void)state;
    mud_id_text(id, mud_id_of_parts("content", &text, 1));
    mud_test_pg_exec(other, "BEGIN");
    mud_test_pg_exec(
        other,
        mudtest_text("INSERT INTO content VALUES ('%s', 0, 'zh', '%s', 7, 1, "
                     "1, true, 900)",
                     id,
                     text_of(3)));
    world.options.batch = 6;
    assert_ok(mud_ingest_new(&ingest, &world.options, &err), &err);
    assert_ok(mud_ingest_begin(ingest, &capture, &err), &err);
    for (unsigned i = 0; i < 7; i++) { /* the seventh sends six off */
        struct mud_post post =
            world_post("7", mudtest_text("%u", i), "卖家", text_of(i));

        assert_ok(mud_ingest_post(ingest, &post, &err), &err);
    }
    wait_for_block(&world);
    mud_test_pg_exec(other, "COMMIT");
    assert_ok(mud_ingest_end(ingest, &err), &err);
    assert_ok(mud_ingest_flush(ingest, NULL, &err), &err);
    mud_ingest_free(ingest);
    assert_int_equal(count(&world, "content"), 7);
    assert_int_equal(count(&world, "content WHERE reader = 7"), 1);
    assert_int_equal(count(&world, "post"), 7);
    assert_int_equal(
        count(&world, mudtest_text("annotation WHERE content_id = '%s'", id)),
        0);
    assert_int_equal(count(&world, "offer"), 6);
    assert_int_equal(count(&world, "search_pending"), 7);
    mud_pg_close(other);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write__many_texts_are_indexed_as_they_come),
        cmocka_unit_test(test_write__they_wait_while_another_indexes),
        cmocka_unit_test(test_write__a_text_stored_meanwhile_is_there_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
