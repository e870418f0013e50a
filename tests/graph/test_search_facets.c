#include "tests/graph/world.h"

#include "graph/search.h"
#include "graph/search_index.h"
#include "graph/search_query.h"

#include "base/json.h"

#define POSTS 240

struct got {
    char ids[POSTS][MUD_ID_TEXT];
    char line[4000]; /* the last one */
    int64_t at[POSTS];
    size_t n;
};

static bool take(struct mud_str json, void *payload, struct mud_error *err)
{
    struct got *got = payload;
    json_t *hit = mud_json_read(json, err);

    assert_non_null(hit);
    assert_true(got->n < POSTS);
    snprintf(got->line, sizeof(got->line), "%.*s", MUD_FMT(json));
    snprintf(got->ids[got->n],
             MUD_ID_TEXT,
             "%.*s",
             MUD_FMT(mud_json_get_str(hit, "content")));
    if (mud_json_has(hit, "at"))
        assert_true(
            mud_time_parse(mud_json_get_str(hit, "at"), &got->at[got->n]));
    got->n++;
    json_decref(hit);
    return true;
}

static struct mud_searched find(struct got *got, struct world *world,
                                const char *query, size_t limit,
                                const char *cursor)
{
    struct mud_searched sum = {0};
    struct mud_search search = {
        .query = mud_str_z(query), .limit = limit, .cursor = mud_str_z(cursor)};
    struct mud_error err = {0};

    assert_ok(
        mud_search(&sum, world->pg, world->reader, &search, take, got, &err),
        &err);
    return sum;
}

static void index_all(struct world *world)
{
    struct mud_error err = {0};

    assert_ok(
        mud_search_index(NULL, world->pg, world->reader, NULL, NULL, &err),
        &err);
}

/* Adverts and talk, by five authors on three boards of two sources, over nine
 * months; some twice, some with a picture. */
static struct mud_post advert(unsigned i)
{
    static const struct mud_str image = {"https://img.example/a.png", 25};
    const char *body =
        i % 4 == 0 ? mudtest_text("出售国内肉鸡%u台，%u元一台，QQ98123456%02u",
                                  100 + i / 2 * 10,
                                  1 + i % 7 * 90,
                                  10 + i / 8)
        : i % 4 == 1 ? mudtest_text("收购数据 %u 条 要的来 botnet%u", i, i)
        : i % 4 == 2 ? mudtest_text("今天天气不错 %u", i / 12)
                     : mudtest_text("Selling fresh installs %u, $%u per 1k",
                                    i,
                                    1 + i % 9);
    struct mud_post post = world_post(mudtest_text("t%u", i % 6),
                                      mudtest_text("%u", i),
                                      mudtest_text("author%u", i % 5),
                                      body);

    post.board = mud_str_z(mudtest_text("b%u", i % 3));
    post.posted = WORLD_AT(-(int64_t)(i * 37 % 240) * 27);
    if (i % 5 == 0) {
        post.images = &image;
        post.n_images = 1;
    }
    return post;
}

static void fill(struct world *world, unsigned from, unsigned to)
{
    struct mud_post *posts = mud_calloc(to - from, sizeof(*posts));

    for (unsigned source = 0; source < 2; source++) {
        struct mud_capture capture = world_capture(5000 + 2 * from + source);
        size_t n = 0;

        capture.source = 1 + (int32_t)source;
        for (unsigned i = from; i < to; i++)
            if (i % 2 == source)
                posts[n++] = advert(i);
        world_add(world, &capture, posts, n);
    }
    free(posts);
}

#define AT "coalesce(posted_at, first_seen)"

static const struct {
    const char *query, *where; /* of mud.post p, alone */
} cases[] = {
    {"category:bots", "category = 1"},
    {"category:bots,personal_data", "category IN (1, 2)"},
    {"side:sell", "direction = 1"},
    {"-side:sell 肉鸡", "direction <> 1 AND body LIKE '%肉鸡%'"},
    {"is:offer", "p.is_offer"},
    {"source:s1", "source_id = 1"},
    {"source:s2 肉鸡", "source_id = 2 AND body LIKE '%肉鸡%'"},
    {"board:b1",
     "thread_id IN (SELECT thread_id FROM thread WHERE board = "
     "'b1')"},
    {"author:author3", "author = 'author3'"},
    {"author:AUTHOR3,author4", "author IN ('author3', 'author4')"},
    {"seller:author4", "author = 'author4' AND seller_id IS NOT NULL"},
    {"time:2026-03", AT " >= '2026-03-01' AND " AT " < '2026-04-01'"},
    {"time:2026-03-05..2026-06",
     AT " >= '2026-03-05' AND " AT " < '2026-07-01'"},
    {"since:2026-10", AT " >= '2026-10-01'"},
    {"until:2026-04-05 is:offer", AT " < '2026-04-06' AND p.is_offer"},
    {"time:2026-03 OR time:2026-05",
     "(" AT " >= '2026-03-01' AND " AT " < '2026-04-01' OR " AT
     " >= '2026-05-01' AND " AT " < '2026-06-01')"},
    {"-time:2026 天气", "false"},
    {"price:>200CNY",
     "EXISTS (SELECT FROM price r WHERE r.content_id = "
     "p.content_id AND r.post_id = p.reading_of AND "
     "currency = 'CNY' AND high > 200)"},
    {"price:1..3",
     "EXISTS (SELECT FROM price r WHERE r.content_id = "
     "p.content_id AND r.post_id = p.reading_of AND low <= 3 "
     "AND high >= 1)"},
    {"price:<=1元",
     "EXISTS (SELECT FROM price r WHERE r.content_id = "
     "p.content_id AND r.post_id = p.reading_of AND low <= 1 "
     "AND currency = 'CNY')"},
    {"has:image", "extra ? 'images'"},
    {"has:image -has:image", "false"},
    {"has:contact", "body LIKE '%QQ%'"},
    {"contact:qq:9812345612", "body LIKE '%9812345612%'"},
    {"qq:9812345612,9812345613",
     "(body LIKE '%9812345612%' OR body LIKE '%9812345613%')"},
    {"contact:9812345612", "body LIKE '%9812345612%'"},
    {"lang:en", "lang = 'en'"},
    {"field:text 天气", "body LIKE '%天气%'"},
    {"field:title", "false"},
    {"肉鸡 OR 天气", "(body LIKE '%肉鸡%' OR body LIKE '%天气%')"},
    {"(肉鸡 OR 天气) -author:author1",
     "(body LIKE '%肉鸡%' OR body LIKE '%天气%') AND author <> 'author1'"},
    {"-(肉鸡 OR 天气) source:s1",
     "NOT (body LIKE '%肉鸡%' OR body LIKE '%天气%') AND source_id = 1"},
    {"(category:bots OR author:author2) time:2026-03..",
     "(category = 1 OR author = 'author2') AND " AT " >= '2026-03-01'"},
    {"botnet1*", "body LIKE '%botnet1%'"},
    {"botn* -botnet1*", "body LIKE '%botn%' AND body NOT LIKE '%botnet1%'"},
    {"is:edited", "false"},
    {"product:no_such_product", "false"},
    {"actor:no_such_actor", "false"},
};

static void test_facets__say_what_sql_says(void **state)
{
    struct world world = world_open();

    (void)state;
    fill(&world, 0, 60);
    index_all(&world);
    fill(&world, 60, 150);
    index_all(&world);
    fill(&world, 150, POSTS);
    /* With an open segment, then all indexed, then in reverse order. */
    for (int round = 0; round < 3; round++) {
        size_t all = 0;

        for (size_t i = 0; i < MUDTEST_ROWS(cases); i++) {
            struct got got = {0};
            int64_t want = mud_test_pg_int(
                world.pg,
                mudtest_text("SELECT count(DISTINCT p.content_id) FROM post p "
                             "JOIN (SELECT content_id, lang, body FROM "
                             "content) c USING (content_id) WHERE %s",
                             mudtest_text("%s", cases[i].where)));

            find(&got,
                 &world,
                 mudtest_text(round == 2 ? "sort:oldest %s" : "%s",
                              cases[i].query),
                 POSTS,
                 "");
            if ((int64_t)got.n != want)
                fail_msg("%s in round %d: %zu, not %lld",
                         cases[i].query,
                         round,
                         got.n,
                         (long long)want);
            all += got.n;
        }
        assert_true(all > 1000);
        index_all(&world);
    }
    world_close(&world);
}

/* Page after page gives what one call gives, in the same order. */
static void test_facets__pages_are_the_whole(void **state)
{
    static const char *const queries[] = {"is:offer",
                                          "sort:oldest is:offer",
                                          "肉鸡",
                                          "sort:oldest 肉鸡 OR 天气",
                                          "time:2026-05..2026-08"};
    struct world world = world_open();

    (void)state;
    fill(&world, 0, 120);
    index_all(&world);
    fill(&world, 60, 200);
    index_all(&world);
    fill(&world, 200, POSTS);
    for (size_t i = 0; i < MUDTEST_ROWS(queries); i++) {
        struct got whole = {0}, paged = {0};
        struct mud_searched sum = {0};

        find(&whole, &world, queries[i], POSTS, "");
        assert_true(whole.n > 10);
        do {
            char cursor[MUD_SEARCH_CURSOR];

            snprintf(cursor, sizeof(cursor), "%s", sum.cursor);
            sum = find(&paged, &world, queries[i], 7, cursor);
        } while (sum.cursor[0]);
        assert_int_equal(paged.n, whole.n);
        for (size_t k = 0; k < whole.n; k++)
            assert_string_equal(paged.ids[k], whole.ids[k]);
    }
    world_close(&world);
}

static void test_facets__order_is_that_of_time(void **state)
{
    struct world world = world_open();

    (void)state;
    fill(&world, 0, 100);
    index_all(&world);
    fill(&world, 100, POSTS);
    for (int oldest = 0; oldest < 2; oldest++) {
        struct got got = {0};

        find(&got, &world, oldest ? "sort:oldest 元" : "元", POSTS, "");
        assert_true(got.n > 10);
        for (size_t k = 1; k < got.n; k++)
            assert_true(oldest ? got.at[k - 1] <= got.at[k]
                               : got.at[k - 1] >= got.at[k]);
    }
    world_close(&world);
}

static void test_facets__what_was_seen_again_stands_once(void **state)
{
    struct world world = world_open();
    struct mud_post post = world_post("7", "1", "甲", "出售肉鸡，有货");

    (void)state;
    post.posted = WORLD_AT(-100);
    world_add_one(&world, 1, post);
    index_all(&world);
    post = world_post("8", "2", "乙", "出售肉鸡，有货");
    for (int later = 0; later < 2; later++) {
        post.post = later ? MUD_STR("3") : MUD_STR("2");
        post.posted = later ? WORLD_AT(50) : WORLD_AT(-200);
        world_add_one(&world, 2 + (unsigned)later, post);
        for (int round = 0; round < 2; round++) {
            struct got got = {0};

            find(&got, &world, "肉鸡", 10, "");
            assert_int_equal(got.n, 1);
            find(&got, &world, "sort:oldest 肉鸡", 10, "");
            assert_int_equal(got.n, 2);
            /* Whose post it is asked for gives the time. */
            find(&got, &world, "肉鸡 author:甲", 10, "");
            assert_int_equal(got.n, 3);
            assert_true(got.at[2] == WORLD_AT(-100));
            assert_non_null(strstr(got.line, "\"sightings\":1"));
            index_all(&world);
        }
    }
    world_close(&world);
}

static void test_facets__an_edit_is_known_at_once(void **state)
{
    struct world world = world_open();
    struct got got = {0};

    (void)state;
    world_add_one(&world, 1, world_post("7", "1", "甲", "出售肉鸡，便宜"));
    world_add_one(&world, 2, world_post("7", "2", "甲", "出售肉鸡，很贵"));
    index_all(&world);
    world_add_one(&world, 3, world_post("7", "1", "甲", "没有了"));
    find(&got, &world, "肉鸡 is:edited", 10, "");
    assert_int_equal(got.n, 1);
    assert_non_null(strstr(got.line, "便宜"));
    find(&got, &world, "is:edited", 10, "");
    assert_int_equal(got.n, 3);
    world_close(&world);
}

static void test_facets__best_says_why(void **state)
{
    struct world world = world_open();
    struct got got = {0};
    json_t *hit = NULL;
    int64_t points = 0, score = 0;
    size_t i = 0;
    const json_t *reason = NULL, *rank = NULL;
    struct mud_error err = {0};

    (void)state;
    world_add_one(
        &world, 1, world_post("7", "1", "甲", "说起肉鸡这个词的来历"));
    world_add_one(
        &world,
        2,
        world_post("7", "2", "乙", "出售肉鸡 肉鸡 500元100台 QQ9812345670"));
    find(&got, &world, "肉鸡", 10, "");
    got.n = 0;
    find(&got, &world, "sort:best 肉鸡", 1, "");
    assert_int_equal(got.n, 1);
    hit = mud_json_read(mud_str_z(got.line), &err);
    assert_non_null(strstr(got.line, "9812345670"));
    rank = json_object_get(hit, "rank");
    score = mud_json_get_int(rank, "score", 0);
    json_array_foreach(json_object_get(rank, "reasons"), i, reason) points +=
        mud_json_get_int(reason, "points", 0);
    assert_true(i >= 3);
    assert_int_equal(points, score);
    json_decref(hit);
    world_close(&world);
}

static void test_facets__counts_add_up(void **state)
{
    struct world world = world_open();
    struct got got = {0};
    struct mud_search search = {.query = MUD_STR("is:offer")};
    struct mud_error err = {0};
    json_t *facets = NULL;
    const json_t *count = NULL;
    int64_t posts = 0;
    size_t i = 0;

    (void)state;
    fill(&world, 0, POSTS);
    index_all(&world);
    assert_ok(
        mud_search_facets(world.pg, world.reader, &search, take, &got, &err),
        &err);
    assert_int_equal(got.n, 1);
    facets = mud_json_read(mud_str_z(got.line), &err);
    assert_true(mud_json_get_bool(facets, "complete"));
    json_array_foreach(
        json_object_get(json_object_get(facets, "times"), "counts"), i, count)
        posts += mud_json_get_int(count, "posts", 0);
    assert_int_equal(posts, mud_json_get_int(facets, "posts", 0));
    assert_int_equal(
        posts,
        mud_test_pg_int(world.pg, "SELECT count(*) FROM post WHERE is_offer"));
    assert_int_equal(mud_json_get_int(facets, "texts", 0),
                     mud_test_pg_int(world.pg,
                                     "SELECT count(DISTINCT content_id) FROM "
                                     "post WHERE is_offer"));
    json_decref(facets);
    world_close(&world);
}

static int64_t lists_digest(struct world *world)
{
    return mud_test_pg_int(
        world->pg,
        "SELECT ('x' || left(md5(string_agg(term || encode(postings, 'hex'), "
        "' ' ORDER BY term)), 15))::bit(60)::bigint FROM search_posting");
}

/* What a large batch tells the index by itself, and what is read back. */
static void test_facets__straight_is_as_indexed_later(void **state)
{
    enum {
        MANY = 5000
    };

    struct world world = world_open();
    struct mud_post *posts = mud_calloc(MANY, sizeof(*posts));
    struct mud_capture capture = world_capture(1);
    int64_t straight = 0;

    (void)state;
    for (unsigned i = 0; i < MANY; i++) {
        posts[i] = advert(i);
        posts[i].body =
            mud_str_z(mudtest_text("%u %.*s", i, MUD_FMT(posts[i].body)));
        if (i % 50 == 0) {
            posts[i].position = 1;
            posts[i].thread_title = mud_str_z(mudtest_text("出售肉鸡%u", i));
            posts[i].signature = MUD_STR("签名 QQ9812345699");
        }
    }
    world_add(&world, &capture, posts, MANY);
    assert_int_equal(
        mud_test_pg_int(world.pg, "SELECT count(*) FROM search_segment"), 1);
    straight = lists_digest(&world);
    mud_test_pg_exec(world.pg,
                     "INSERT INTO mud.search_pending SELECT content_id FROM "
                     "mud.content ON CONFLICT DO NOTHING; TRUNCATE "
                     "mud.search_segment, mud.search_ids, mud.search_posting");
    index_all(&world);
    assert_int_equal(
        mud_test_pg_int(world.pg, "SELECT count(*) FROM search_segment"), 1);
    assert_true(straight == lists_digest(&world));
    free(posts);
    world_close(&world);
}

static void test_query__errors_name_the_column(void **state)
{
    static const struct {
        const char *query, *says;
        enum mud_code code;
    } rows[] = {
        {"肉鸡 colour:red",
         "column 4: there is no field \"colour\"",
         MUD_EUSAGE},
        {"肉鸡 \"不完", "column 4: the quote is never closed", MUD_EUSAGE},
        {"a OR", "column 3: something is missing behind OR", MUD_EUSAGE},
        {"OR a", "column 1: something is missing before OR", MUD_EUSAGE},
        {"(a b", "column 1: ( is never closed", MUD_EUSAGE},
        {"a ()", "column 4: something is missing before )", MUD_EUSAGE},
        {"a -(", "column 4: something is missing behind (", MUD_EUSAGE},
        {"category:cats",
         "column 1: category: \"cats\" is none of benign, bots",
         MUD_EUSAGE},
        {"x side:up", "column 3: side: \"up\" is none of", MUD_EUSAGE},
        {"is:old", "is none of offer, edited", MUD_EUSAGE},
        {"price:cheap", "is no price: write >500CNY", MUD_EUSAGE},
        {"price:9..1", "is no price", MUD_EUSAGE},
        {"time:yesterday", "is no time: write 2026", MUD_EUSAGE},
        {"time:2026-13", "is no time", MUD_EUSAGE},
        {"time:2026-05..2026-03", "is no time", MUD_EUSAGE},
        {"since:", "a value is missing", MUD_EUSAGE},
        {"sort:up a", "column 1: sort: takes newest", MUD_EUSAGE},
        {"(a sort:best)", "column 4: sort: stands by itself", MUD_EUSAGE},
        {"ab*", "column 1: at least 3 characters before *", MUD_EUSAGE},
        {"-a", "nothing to search for", MUD_EUSAGE},
        {"-category:bots", "nothing to search for", MUD_EUSAGE},
        {"((((((((((((((((((a", "more than 16 brackets", MUD_ELIMIT},
    };
    struct mud_reader *reader = NULL;
    struct mud_arena *arena = mud_arena_new();
    struct mud_query *query = mud_calloc(1, sizeof(*query));
    struct mud_error err = {0};

    (void)state;
    assert_ok(mud_reader_new(&reader, NULL, &err), &err);
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        mud_error_clear(&err);
        assert_false(mud_query_read(
            query, reader, mud_str_z(rows[i].query), NULL, arena, &err));
        if (err.code != rows[i].code || !strstr(err.text, rows[i].says))
            fail_msg("%s: %s", rows[i].query, err.text);
    }
    free(query);
    mud_arena_free(arena);
    mud_reader_free(reader);
}

static void test_query__words_that_look_like_signs(void **state)
{
    static const char *const rows[] = {"http://shop.example/a?b=c",
                                       "a :b",
                                       "foo(bar)",
                                       "(foo(bar) OR 12:30)",
                                       ":) 肉鸡",
                                       "\"OR\"",
                                       "ORDER",
                                       "肉鸡（批发）",
                                       "QQ：9812345670",
                                       "a - b"};
    struct mud_reader *reader = NULL;
    struct mud_arena *arena = mud_arena_new();
    struct mud_query *query = mud_calloc(1, sizeof(*query));
    struct mud_error err = {0};

    (void)state;
    assert_ok(mud_reader_new(&reader, NULL, &err), &err);
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        assert_ok(mud_query_read(
                      query, reader, mud_str_z(rows[i]), NULL, arena, &err),
                  &err);
        assert_int_equal(query->n_facets, 0);
    }
    free(query);
    mud_arena_free(arena);
    mud_reader_free(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_facets__say_what_sql_says),
        cmocka_unit_test(test_facets__pages_are_the_whole),
        cmocka_unit_test(test_facets__order_is_that_of_time),
        cmocka_unit_test(test_facets__what_was_seen_again_stands_once),
        cmocka_unit_test(test_facets__an_edit_is_known_at_once),
        cmocka_unit_test(test_facets__best_says_why),
        cmocka_unit_test(test_facets__counts_add_up),
        cmocka_unit_test(test_facets__straight_is_as_indexed_later),
        cmocka_unit_test(test_query__errors_name_the_column),
        cmocka_unit_test(test_query__words_that_look_like_signs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
