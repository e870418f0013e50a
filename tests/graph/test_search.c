#include "tests/graph/world.h"

#include "graph/search.h"
#include "graph/search_index.h"
#include "graph/search_query.h"

#include "base/json.h"

struct hits {
    char ids[64][MUD_ID_TEXT];
    char text[64][400];
    char line[2000]; /* the last one */
    size_t n;
};

static bool take(struct mud_str json, void *payload, struct mud_error *err)
{
    struct hits *hits = payload;
    json_t *hit = mud_json_read(json, err);

    assert_non_null(hit);
    assert_true(hits->n < 64);
    snprintf(hits->line, sizeof(hits->line), "%.*s", MUD_FMT(json));
    snprintf(hits->ids[hits->n],
             MUD_ID_TEXT,
             "%.*s",
             MUD_FMT(mud_json_get_str(hit, "content")));
    snprintf(hits->text[hits->n++],
             400,
             "%.*s",
             MUD_FMT(mud_json_get_str(hit, "text")));
    json_decref(hit);
    return true;
}

static struct hits find(struct world *world, const char *query, size_t limit)
{
    struct hits hits = {0};
    struct mud_search search = {.query = mud_str_z(query), .limit = limit};
    struct mud_error err = {0};

    assert_ok(
        mud_search(NULL, world->pg, world->reader, &search, take, &hits, &err),
        &err);
    return hits;
}

static void index_all(struct world *world)
{
    struct mud_search_indexed done = {0};
    struct mud_error err = {0};

    assert_ok(
        mud_search_index(&done, world->pg, world->reader, NULL, NULL, &err),
        &err);
    assert_false(done.busy);
    assert_int_equal(
        mud_test_pg_int(world->pg, "SELECT count(*) FROM search_pending"), 0);
}

/* Texts, one post each, an hour apart; a new capture each. */
static void add_texts(struct world *world, const char *const *texts, size_t n,
                      unsigned from)
{
    for (size_t i = 0; i < n; i++) {
        char key[24];
        struct mud_post post;

        snprintf(key, sizeof(key), "%zu", 1000 + from + i);
        post = world_post("7", key, "某人", texts[i]);
        post.posted = WORLD_AT((int64_t)(from + i));
        world_add_one(world, from + (unsigned)i, post);
    }
}

static const char *const texts[] = {
    "出售肉鸡，量大从优",
    "大量收購肉雞，有貨的來",
    "抓肉鸡场的老板跑路了",
    "肉 鸡 批发，隐藏写法",
    "鸡肉不是肉鸡的反面",
    "Selling fresh installs, US mix",
    "install now, exact phrase",
    "phrase exact is another thing",
    "联系QQ9812345670，担保交易",
    "鸡",
    "落地鸡",
    "数据，数据，还是数据",
    "買賣數據，量大",
    "完全无关的话",
};

static void test_search__finds_words_phrases_and_both_scripts(void **state)
{
    static const struct {
        const char *query;
        size_t n;
        const char *newest; /* part of the first hit's text, or NULL */
    } cases[] = {
        {"肉鸡", 5, "鸡肉不是肉鸡"},
        {"肉雞", 5, NULL},
        {"出售肉鸡", 1, "出售肉鸡"},
        {"收购", 1, "大量收購"},
        {"收购肉鸡", 1, "大量收購"},
        {"肉鸡 量大", 1, "出售肉鸡"},
        {"肉鸡 -鸡肉", 4, "肉 鸡 批发"},
        {"\"exact phrase\"", 1, "install now"},
        {"exact phrase", 2, "phrase exact"},
        {"install", 2, "install now"},
        {"INSTALLS", 2, NULL},
        {"9812345670", 1, "联系QQ"},
        {"担保 qq", 1, NULL},
        {"鸡", 7, "落地鸡"},
        {"数据", 2, "買賣數據"},
        {"买卖数据", 1, "買賣數據"},
        {"没有的词", 0, NULL},
        {"鸡场的老板", 1, NULL},
    };
    struct world world = world_open();

    (void)state;
    add_texts(&world, texts, MUDTEST_ROWS(texts), 1);
    /* First from the open segment, then from an indexed one: the same. */
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < MUDTEST_ROWS(cases); i++) {
            struct hits hits = find(&world, cases[i].query, 64);

            if (hits.n != cases[i].n)
                fail_msg(
                    "%s in round %d: %zu hits", cases[i].query, round, hits.n);
            if (cases[i].newest && !strstr(hits.text[0], cases[i].newest))
                fail_msg("%s: first is %s", cases[i].query, hits.text[0]);
        }
        index_all(&world);
    }
    world_close(&world);
}

static void test_search__a_hit_says_where_and_what(void **state)
{
    struct world world = world_open();
    struct hits hits;
    json_t *hit = NULL;
    const json_t *mark = NULL;
    struct mud_error err = {0};

    (void)state;
    add_texts(&world, texts, 4, 1);
    world_add_one(&world, 9, world_post("8", "5", "别人", texts[0]));
    hits = find(&world, "肉鸡", 64);
    assert_int_equal(hits.n, 4);
    hits = find(&world, "出售肉鸡", 64);
    hit = mud_json_read(mud_str_z(hits.line), &err);
    assert_non_null(hit);
    assert_text(mud_json_get_str(hit, "type"), "hit");
    assert_text(mud_json_get_str(hit, "field"), "text");
    assert_int_equal(mud_json_get_int(hit, "sightings", 0), 2);
    assert_int_equal(json_array_size(json_object_get(hit, "posts")), 2);
    mark = json_array_get(json_object_get(hit, "marks"), 0);
    assert_int_equal(json_integer_value(json_array_get(mark, 0)), 0);
    assert_int_equal(json_integer_value(json_array_get(mark, 1)), 4);
    json_decref(hit);
    world_close(&world);
}

static void test_search__titles_and_signatures_are_found(void **state)
{
    struct world world = world_open();
    struct mud_post post = world_post("7", "70", "甲", "正文在此");
    struct hits hits;

    (void)state;
    post.position = 1;
    post.thread_title = MUD_STR("标题里的肉鸡");
    post.signature = MUD_STR("签名里的数据");
    world_add_one(&world, 1, post);
    hits = find(&world, "肉鸡", 5);
    assert_int_equal(hits.n, 1);
    assert_non_null(strstr(hits.line, "\"field\":\"title\""));
    assert_non_null(strstr(hits.line, "\"sightings\":1"));
    index_all(&world);
    hits = find(&world, "签名里的", 5);
    assert_int_equal(hits.n, 1);
    assert_non_null(strstr(hits.line, "\"field\":\"signature\""));
    world_close(&world);
}

static void test_search__newest_first_and_no_more_than_asked(void **state)
{
    struct world world = world_open();
    struct mud_search search = {.query = MUD_STR("肉鸡"), .limit = 64};
    struct hits hits = {0};
    struct mud_error err = {0};
    struct mud_searched sum = {0};

    (void)state;
    add_texts(&world, texts, MUDTEST_ROWS(texts), 1);
    index_all(&world);
    hits = find(&world, "肉鸡", 2);
    assert_int_equal(hits.n, 2);
    assert_non_null(strstr(hits.text[0], "鸡肉不是"));
    /* A repost makes an old text new. */
    {
        struct mud_post again = world_post("9", "1", "某人", texts[0]);

        again.posted = WORLD_AT(500);
        world_add_one(&world, 80, again);
    }
    for (int round = 0; round < 2; round++) {
        hits = find(&world, "肉鸡", 64);
        assert_int_equal(hits.n, 5); /* each text once */
        assert_non_null(strstr(hits.text[0], "出售肉鸡"));
        assert_int_equal(mud_test_pg_int(world.pg,
                                         "SELECT count(*) FROM "
                                         "search_pending"),
                         round ? 0 : 1);
        index_all(&world);
    }
    search.since = WORLD_AT(4);
    hits.n = 0;
    assert_ok(
        mud_search(&sum, world.pg, world.reader, &search, take, &hits, &err),
        &err);
    assert_int_equal(hits.n, 3);
    assert_true(sum.found >= 3);
    search.source = 2;
    hits.n = 0;
    assert_ok(
        mud_search(&sum, world.pg, world.reader, &search, take, &hits, &err),
        &err);
    assert_int_equal(hits.n, 0);
    world_close(&world);
}

/* Made-up texts out of few characters, so that every pair occurs. */
static void random_text(char *out, size_t size, uint64_t *seed)
{
    static const char *const parts[] = {"肉",
                                        "鸡",
                                        "雞",
                                        "卖",
                                        "賣",
                                        "买",
                                        "据",
                                        "数",
                                        " ",
                                        "，",
                                        "abc",
                                        "42",
                                        "\n",
                                        "料",
                                        "台",
                                        "。qq",
                                        "k"};
    size_t n = 0;

    out[0] = 0;
    for (int i = 0; i < 14; i++) {
        const char *part = NULL;

        *seed = *seed * 6364136223846793005U + 1442695040888963407U;
        part = parts[*seed / 4294967296U % MUDTEST_ROWS(parts)];
        if (n + strlen(part) + 1 < size)
            n += (size_t)snprintf(out + n, size - n, "%s", part);
    }
}

/* All contents read one by one, as a person would. */
static size_t scan(struct world *world, const char *text)
{
    struct mud_rows *rows = NULL;
    struct mud_error err = {0};
    struct mud_arena *arena = mud_arena_new();
    struct mud_query *query = mud_calloc(1, sizeof(*query));
    size_t n = 0;

    assert_ok(mud_query_read(
                  query, world->reader, mud_str_z(text), NULL, arena, &err),
              &err);
    assert_ok(mud_pg_query(
                  &rows, world->pg, "SELECT body FROM content", NULL, 0, &err),
              &err);
    for (size_t i = 0; i < mud_rows_count(rows); i++) {
        struct mud_units units;

        mud_units_of(&units, world->reader, mud_rows_get(rows, i, 0), arena);
        n += mud_query_match(query, &units, NULL, NULL, arena);
    }
    free(query);
    mud_rows_free(rows);
    mud_arena_free(arena);
    return n;
}

struct tally {
    size_t n;
    char at[MUD_TIME_TEXT]; /* of the last one */
};

static bool tally(struct mud_str json, void *payload, struct mud_error *err)
{
    struct tally *tally = payload;
    json_t *hit = mud_json_read(json, err);
    struct mud_str at = mud_json_get_str(hit, "at");

    /* Newest first, over all segments and the open one. */
    if (tally->n)
        assert_true(mud_str_cmp(at, mud_str_z(tally->at)) <= 0);
    snprintf(tally->at, sizeof(tally->at), "%.*s", MUD_FMT(at));
    tally->n++;
    json_decref(hit);
    return true;
}

static void test_search__equals_a_scan_of_everything(void **state)
{
    static const char *const queries[] = {
        "鸡",   "肉鸡",     "肉鸡 卖", "卖数据", "买 -卖",   "abc",   "42",
        "据42", "\"k 肉\"", "料台",    "qq 料",  "鸡鸡",     "abc鸡", "台k",
        "数据", "买卖",     "k42",     "-鸡 肉", "\"，肉\"", "鸡，买"};
    struct world world = world_open();
    struct mud_capture capture = world_capture(1);
    struct mud_post *posts = mud_calloc(600, sizeof(*posts));
    char(*bodies)[160] = mud_calloc(600, 160), keys[600][8];
    uint64_t seed = 42;
    size_t all = 0;

    (void)state;
    for (int i = 0; i < 600; i++) {
        random_text(bodies[i], 160, &seed);
        snprintf(keys[i], 8, "%d", i);
        posts[i] = world_post("7", keys[i], "某人", bodies[i]);
        posts[i].posted = WORLD_AT(i * 37 % 600);
    }
    /* Many small segments, so that they are merged; some left open. */
    for (int i = 0; i < 20; i++) {
        capture = world_capture(1 + (unsigned)i);
        world_add(&world, &capture, posts + i * 30, 30);
        if (i < 18)
            index_all(&world);
    }
    assert_true(mud_test_pg_int(world.pg,
                                "SELECT count(*) FROM "
                                "search_segment") < 8);
    assert_true(
        mud_test_pg_int(world.pg, "SELECT count(*) FROM search_pending") > 0);
    for (size_t i = 0; i < MUDTEST_ROWS(queries); i++) {
        struct mud_search search = {.query = mud_str_z(queries[i]),
                                    .limit = 10000};
        size_t want = scan(&world, queries[i]);
        struct tally got = {0};
        struct mud_error err = {0};
        struct mud_searched sum = {0};

        assert_ok(mud_search(
                      &sum, world.pg, world.reader, &search, tally, &got, &err),
                  &err);
        /* What the index offers may be more than what matches, never less. */
        assert_true((size_t)sum.found >= want);
        if (got.n != want)
            fail_msg("%s: %zu of %zu", queries[i], got.n, want);
        all += want;
    }
    assert_true(all > 100);
    free(posts);
    free(bodies);
    world_close(&world);
}

static void test_search__refuses_what_it_cannot_search(void **state)
{
    static const struct {
        const char *query;
        enum mud_code code;
    } cases[] = {{"", MUD_EUSAGE},
                 {"   ", MUD_EUSAGE},
                 {"，。！", MUD_EUSAGE},
                 {"-肉鸡", MUD_EUSAGE},
                 {"\"\"", MUD_EUSAGE}};
    struct world world = world_open();
    struct hits hits = {0};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(cases); i++) {
        struct mud_search search = {.query = mud_str_z(cases[i].query)};
        struct mud_error err = {0};

        assert_fails(
            mud_search(
                NULL, world.pg, world.reader, &search, take, &hits, &err),
            &err,
            cases[i].code,
            "query");
    }
    /* Signs of SQL and of array literals are only text. */
    assert_int_equal(find(&world, "'; DROP TABLE x --", 5).n, 0);
    assert_int_equal(find(&world, "{\"a\\\\b\"}", 5).n, 0);
    world_close(&world);
}

static void add_rows(struct world *world)
{
    mud_test_pg_exec(world->pg,
                     "ALTER TABLE content SET (autovacuum_enabled = false);"
                     "ALTER TABLE post SET (autovacuum_enabled = false);"
                     "INSERT INTO content SELECT md5(i::text)::uuid, 0, 'und',"
                     "  i::text, 1, 0, 0, false, 0"
                     "  FROM generate_series(1, 20000) i;"
                     "INSERT INTO post SELECT md5(i::text)::uuid,"
                     "  md5('p' || i)::uuid, 0, md5('t')::uuid, 1, NULL, NULL,"
                     "  md5('c')::uuid, now(), 1, now(), now(), i::text, i,"
                     "  'a', '', now(), 1, NULL, NULL, NULL, md5('n')::uuid, 0,"
                     "  0, false, 0, NULL FROM generate_series(1, 20000) i;"
                     "INSERT INTO search_pending SELECT content_id"
                     "  FROM content");
}

/* After a first import the planner knows nothing of the tables yet. */
static void test_search__waiting_texts_need_no_walk_through_time(void **state)
{
    static const struct {
        const char *name;
        size_t args;
    } queries[] = {{"search_take", 1}, {"search_open", 0}};
    struct world world = world_open();

    (void)state;
    add_rows(&world);
    for (size_t i = 0; i < MUDTEST_ROWS(queries); i++) {
        struct mud_error err = {0};
        struct mud_rows *rows = NULL;
        struct mud_str limit = MUD_STR("16384");
        const char *sql = mudtest_text("EXPLAIN %s", mud_sql(queries[i].name));

        assert_ok(
            mud_pg_query(&rows, world.pg, sql, &limit, queries[i].args, &err),
            &err);
        for (size_t k = 0; k < mud_rows_count(rows); k++)
            assert_int_equal(mud_str_find(mud_rows_get(rows, k, 0),
                                          MUD_STR("post_by_time")),
                             MUD_NPOS);
        mud_rows_free(rows);
    }
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_search__finds_words_phrases_and_both_scripts),
        cmocka_unit_test(test_search__a_hit_says_where_and_what),
        cmocka_unit_test(test_search__titles_and_signatures_are_found),
        cmocka_unit_test(test_search__newest_first_and_no_more_than_asked),
        cmocka_unit_test(test_search__equals_a_scan_of_everything),
        cmocka_unit_test(test_search__refuses_what_it_cannot_search),
        cmocka_unit_test(test_search__waiting_texts_need_no_walk_through_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
