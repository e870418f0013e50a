/*
 * Who is held to be whom, on the small market of tests/data/market whose
 * sellers are known (bench/market.py): pairs of personas and contacts. Large
 * markets, and what costs each error: bench/run identity.
 */
#include "tests/graph/world.h"

#include "base/json.h"
#include "graph/actor.h"
#include "graph/similar.h"
#include "parse/record.h"

struct market {
    struct world world;
    struct mud_arena *arena;
    json_t *truth;
};

static const char *sample(const char *name)
{
    return mudtest_text("%s/tests/data/market/%s", mudtest_source(), name);
}

/* All posts but those of some cases, as one capture; then the actors. */
static struct market market_open(const char *const *without)
{
    struct market market = {.world = world_open(), .arena = mud_arena_new()};
    struct mud_str lines = mudtest_read(sample("posts.jsonl")), line;
    struct mud_capture capture = world_capture(1);
    struct mud_ingest *ingest = NULL;
    struct mud_actor_result result;
    struct mud_error err = {0};
    size_t n = 0;

    market.truth = mud_json_read(mudtest_read(sample("truth.json")), &err);
    assert_non_null(market.truth);
    assert_ok(mud_ingest_new(&ingest, &market.world.options, &err), &err);
    assert_ok(mud_ingest_begin(ingest, &capture, &err), &err);
    for (; mud_str_line(&lines, &line); n++) {
        const json_t *said =
            json_array_get(json_object_get(market.truth, "posts"), n);
        const char *name = json_string_value(json_array_get(said, 5));
        struct mud_post post = {0};
        bool out = false;

        assert_non_null(name);
        for (size_t i = 0; without[i]; i++)
            out = out || strcmp(name, without[i]) == 0;
        if (out)
            continue;
        assert_ok(mud_record_read_post(&post, line, market.arena, &err), &err);
        assert_ok(mud_ingest_post(ingest, &post, &err), &err);
    }
    assert_int_equal(json_array_size(json_object_get(market.truth, "posts")),
                     n);
    assert_ok(mud_ingest_end(ingest, &err), &err);
    assert_ok(mud_ingest_flush(ingest, NULL, &err), &err);
    mud_ingest_free(ingest);
    assert_ok(mud_similar_run(NULL, market.world.pg, &err), &err);
    assert_ok(mud_actor_run(&result, market.world.pg, &err), &err);
    return market;
}

static void market_close(struct market *market)
{
    json_decref(market->truth);
    mud_arena_free(market->arena);
    world_close(&market->world);
}

/* The truth beside what was made of it. A node that was never made is alone. */
static void tables(struct market *market)
{
    static const char *const parts[] = {"personas", "contacts"};
    struct mud_buf sql = {0};
    const char *key = NULL;
    json_t *value = NULL;
    size_t n = 0;

    mud_buf_z(&sql,
              "CREATE TEMP TABLE truth (key text, seller text);"
              "CREATE TEMP TABLE link (a text, b text, sign text);"
              "CREATE TEMP VIEW node AS SELECT key, seller, "
              "coalesce(actor_id::text, key) AS actor FROM truth LEFT JOIN "
              "(SELECT type || '|' || value AS key, actor_id FROM entity JOIN "
              "actor_member USING (entity_id) WHERE kind <= 4) e USING (key);");
    for (size_t i = 0; i < 2; i++)
        json_object_foreach(json_object_get(market->truth, parts[i]),
                            key,
                            value) if (json_is_string(value))
            mud_buf_printf(&sql,
                           "INSERT INTO truth VALUES ('%s', '%s');",
                           key,
                           json_string_value(value));
    json_array_foreach(json_object_get(market->truth, "links"), n, value)
        mud_buf_printf(&sql,
                       "INSERT INTO link VALUES ('%s', '%s', '%s');",
                       json_string_value(json_array_get(value, 0)),
                       json_string_value(json_array_get(value, 1)),
                       json_string_value(json_array_get(value, 2)));
    mud_test_pg_exec(market->world.pg, mud_buf_cstr(&sql));
    mud_buf_free(&sql);
}

static int64_t node_pairs(struct market *market, const char *condition)
{
    return mud_test_pg_int(
        market->world.pg,
        mudtest_text("SELECT count(*) FROM node a JOIN node b ON a.key < b.key "
                     "WHERE %s",
                     condition));
}

/* How many posts of the sample are of this case. */
static size_t posts_of(const struct market *market, const char *name)
{
    const json_t *all = json_object_get(market->truth, "posts");
    size_t count = 0;

    for (size_t i = 0; i < json_array_size(all); i++)
        count +=
            strcmp(json_string_value(json_array_get(json_array_get(all, i), 5)),
                   name) == 0;
    return count;
}

/* Escrows, guarantors, shops and their bots, copies with other contacts, look-
 * alikes, forwards, quotes and accusations join nobody with another, nor do
 * resellers and bots that post for members. */
static void test_identity__nobody_is_held_to_another(void **state)
{
    static const char *const without[] = {NULL};
    static const char *const lures[] = {"escrow",
                                        "guarantor",
                                        "copy-cat",
                                        "impersonator",
                                        "forward",
                                        "quote",
                                        "report",
                                        "shop bot",
                                        "shop",
                                        "reseller",
                                        "ad bot"};
    struct market market = market_open(without);
    int64_t one = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(lures) / sizeof(lures[0]); i++)
        assert_true(posts_of(&market, lures[i]) > 0);
    tables(&market);
    assert_int_equal(
        node_pairs(&market, "a.actor = b.actor AND a.seller <> b.seller"), 0);
    one = node_pairs(&market, "a.seller = b.seller");
    assert_true(one > 100);
    assert_true(
        node_pairs(&market, "a.actor = b.actor AND a.seller = b.seller") *
            100 >=
        one * 90);
    market_close(&market);
}

/* What a seller shows himself holds him together, whatever changes beside it. */
static void test_identity__own_contacts_join(void **state)
{
    static const char *const nothing[] = {NULL};
    static const char *const signs[] = {"plain",
                                        "renamed",
                                        "moved, told",
                                        "changed, told",
                                        "moved, told",
                                        "changed, wallet",
                                        "typo",
                                        "second account",
                                        "forward"};
    struct market market = market_open(nothing);

    (void)state;
    tables(&market);
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        const char *of = mudtest_text("link l WHERE sign = '%s'", signs[i]);

        assert_true(
            mud_test_pg_int(market.world.pg,
                            mudtest_text("SELECT count(*) FROM %s", of)) > 0);
        assert_int_equal(
            mud_test_pg_int(
                market.world.pg,
                mudtest_text("SELECT count(*) FROM %s AND (SELECT actor FROM "
                             "node WHERE key = a) <> (SELECT actor FROM node "
                             "WHERE key = b)",
                             of)),
            0);
    }
    market_close(&market);
}

/* Nearly another's name, number and words: flagged, and joined to nobody. */
static void test_identity__look_alikes_are_flagged(void **state)
{
    static const char *const nothing[] = {NULL};
    struct market market = market_open(nothing);
    const json_t *posts = json_object_get(market.truth, "posts");
    size_t flagged = 0;

    (void)state;
    for (size_t i = 0; i < json_array_size(posts); i++) {
        const json_t *said = json_array_get(posts, i);
        const char *account = json_string_value(json_array_get(said, 3));

        if (strcmp(json_string_value(json_array_get(said, 5)),
                   "impersonator") != 0)
            continue;
        flagged++;
        assert_true(
            mud_test_pg_int(
                market.world.pg,
                mudtest_text("SELECT count(*) FROM entity e JOIN bond b ON "
                             "b.src = e.entity_id AND b.kind = 15 AND b.fwd "
                             "WHERE e.kind = 1 AND e.value = '%s' AND "
                             "jsonb_array_length(b.reasons) >= 2",
                             account)) > 0);
    }
    assert_true(flagged > 0);
    market_close(&market);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identity__nobody_is_held_to_another),
        cmocka_unit_test(test_identity__own_contacts_join),
        cmocka_unit_test(test_identity__look_alikes_are_flagged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
