/*
 * A made-up little market for the tests of graph: a database, a reader, posts
 * in a few lines. Numbers and names are invented.
 */
#ifndef MUD_TESTS_GRAPH_WORLD_H
#define MUD_TESTS_GRAPH_WORLD_H

#include "tests/support/mudtest.h"
#include "tests/support/pg.h"

#include "graph/ingest.h"

#include <stdio.h>
#include <stdlib.h>

struct world {
    const char *dsn;
    struct mud_pg *pg;
    struct mud_reader *reader;
    struct mud_ingest_options options;
};

/* 2026-11-20 00:00 UTC, and hours after it */
#define WORLD_DAY   INT64_C(1795132800000000)
#define WORLD_AT(h) (WORLD_DAY + (h)*INT64_C(3600000000))

static inline struct world world_open(void)
{
    struct world world = {.dsn = mud_test_pg()};
    struct mud_error err = {0};

    world.pg = mud_test_pg_open(world.dsn);
    assert_ok(mud_reader_new(&world.reader, NULL, &err), &err);
    mud_test_pg_exec(
        world.pg,
        "INSERT INTO mud.source (source_id, name, kind, legal_basis, scope, "
        "expires_at, created_by) SELECT i, 's' || i, 'import', 'test', '{}', "
        "'2100-01-01', 'test' FROM generate_series(1, 3) i");
    world.options = (struct mud_ingest_options){
        .dsn = world.dsn, .reader = world.reader, .parser = "test-1"};
    return world;
}

static inline void world_close(struct world *world)
{
    mud_pg_close(world->pg);
    mud_reader_free(world->reader);
}

/* A capture number i of source 1 at hour i. */
static inline struct mud_capture world_capture(unsigned i)
{
    char key[32];
    struct mud_capture capture = {.kind = MUD_CAPTURE_FILE,
                                  .source = 1,
                                  .url = MUD_STR("file:test"),
                                  .at = WORLD_AT(i)};

    snprintf(key, sizeof(key), "test %u", i);
    capture.id = mud_id_of("capture", mud_str_z(key));
    mud_sha256_of(mud_str_z(key), capture.sha256);
    return capture;
}

/* A forum post: thread t, post key, author, body; posted at the hour. */
static inline struct mud_post world_post(const char *thread, const char *key,
                                         const char *author, const char *body)
{
    return (struct mud_post){.engine = MUD_STR("discuz"),
                             .site = MUD_STR("market.example"),
                             .board = MUD_STR("2"),
                             .thread = mud_str_z(thread),
                             .thread_title = MUD_STR("闲聊"),
                             .post = mud_str_z(key),
                             .position = 2,
                             .author = mud_str_z(author),
                             .author_id = mud_str_z(author),
                             .posted = WORLD_AT(1),
                             .posted_precision = MUD_TO_MINUTE,
                             .body = mud_str_z(body)};
}

static inline void world_add(struct world *world,
                             const struct mud_capture *capture,
                             const struct mud_post *posts, size_t n)
{
    struct mud_ingest *ingest = NULL;
    struct mud_error err = {0};

    assert_ok(mud_ingest_new(&ingest, &world->options, &err), &err);
    assert_ok(mud_ingest_begin(ingest, capture, &err), &err);
    for (size_t i = 0; i < n; i++)
        assert_ok(mud_ingest_post(ingest, &posts[i], &err), &err);
    assert_ok(mud_ingest_end(ingest, &err), &err);
    assert_ok(mud_ingest_flush(ingest, NULL, &err), &err);
    mud_ingest_free(ingest);
}

/* A page with one post. */
static inline void world_add_one(struct world *world, unsigned capture,
                                 struct mud_post post)
{
    struct mud_capture sealed = world_capture(capture);

    world_add(world, &sealed, &post, 1);
}

#endif
