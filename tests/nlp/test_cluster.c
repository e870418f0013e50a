#include "nlp/cluster.h"

#include "base/json.h"
#include "tests/support/mudtest.h"
#include "tests/support/repost.h"

#include <stdlib.h>

struct one {
    struct mud_sketch sketch;
    uint32_t advert, cluster;
    int level;
};

struct market {
    struct mud_reader *reader;
    struct mud_arena *text, *work;
    struct one *at;
    size_t n, cap;
    uint32_t adverts;
};

static void add(struct market *market, struct mud_str text, uint32_t advert,
                int level)
{
    struct mud_message message = {.text = text};
    struct mud_reading reading = {0};
    struct mud_error err = {0};
    struct one *one;

    market->at =
        mud_grow(market->at, &market->cap, market->n, sizeof(*market->at));
    one = &market->at[market->n++];
    one->advert = advert;
    one->level = level;
    assert_ok(
        mud_read(&reading, market->reader, &message, NULL, market->work, &err),
        &err);
    mud_sketch_of(&one->sketch, market->reader, text, &reading, market->work);
}

/* An advert and a repost of each level that is promised. */
static void post(struct market *market, struct mud_str text)
{
    uint32_t advert = market->adverts++;

    add(market, text, advert, 0);
    for (int level = 1; level <= 4; level++) {
        struct mud_dice dice = {(uint64_t)advert * 100 + (uint64_t)level};

        mud_arena_reset(market->work);
        add(market,
            mud_repost(&dice, text, level, market->text),
            advert,
            level);
    }
}

static void post_gold(struct market *market, const char *name)
{
    struct mud_str rest = mudtest_read(mudtest_text(
                       "%s/tests/data/gold/%s", mudtest_source(), name)),
                   line;
    struct mud_error err = {0};

    while (mud_str_line(&rest, &line)) {
        json_t *json = line.n ? mud_json_read(line, &err) : NULL;

        if (json)
            post(market, mud_json_get_str(json, "text"));
        json_decref(json);
    }
    assert_int_equal(err.code, MUD_OK);
}

static void run(struct market *market)
{
    struct mud_cluster *cluster = mud_cluster_new();

    for (size_t i = 0; i < market->n; i++)
        mud_cluster_add(cluster, &market->at[i].sketch);
    mud_cluster_run(cluster);
    for (uint32_t i = 0; i < market->n; i++)
        market->at[i].cluster = mud_cluster_of(cluster, i);
    mud_cluster_free(cluster);
}

static int by_advert(const void *a, const void *b)
{
    const struct one *x = a, *y = b;

    if (x->advert != y->advert)
        return x->advert < y->advert ? -1 : 1;
    return x->cluster < y->cluster ? -1 : x->cluster > y->cluster;
}

static int by_cluster(const void *a, const void *b)
{
    const struct one *x = a, *y = b;

    return x->cluster < y->cluster ? -1 : x->cluster > y->cluster;
}

struct score {
    double precision, recall;
};

/* Over all pairs of texts long enough to have features. */
static struct score score(struct market *market)
{
    double found = 0, there = 0, right = 0;
    size_t kept = 0;

    for (size_t i = 0; i < market->n; i++)
        if (market->at[i].sketch.n >= MUD_SKETCH_LEAST)
            market->at[kept++] = market->at[i];
    market->n = kept;
    qsort(market->at, kept, sizeof(*market->at), by_advert);
    for (size_t i = 0, same = 0, both = 0; i < kept; i++) {
        bool advert = i && market->at[i].advert == market->at[i - 1].advert;

        same = advert ? same + 1 : 0;
        both = advert && market->at[i].cluster == market->at[i - 1].cluster
                   ? both + 1
                   : 0;
        there += (double)same;
        right += (double)both;
    }
    qsort(market->at, kept, sizeof(*market->at), by_cluster);
    for (size_t i = 0, first = 0; i < kept; i++) {
        if (market->at[i].cluster != market->at[first].cluster)
            first = i;
        found += (double)(i - first);
    }
    return (struct score){right / found, right / there};
}

static struct market market_new(void)
{
    struct market market = {.text = mud_arena_new(), .work = mud_arena_new()};
    struct mud_error err = {0};

    assert_ok(mud_reader_new(&market.reader, NULL, &err), &err);
    return market;
}

static void market_free(struct market *market)
{
    mud_reader_free(market->reader);
    mud_arena_free(market->text);
    mud_arena_free(market->work);
    free(market->at);
}

/* The promise: adverts of the gold sets and of sellers of twelve trades, each
 * posted five times; recall 95 %, precision 99 % of pairs. */
static void test_cluster__finds_reposts_and_keeps_sellers_apart(void **state)
{
    struct market market = market_new();
    struct mud_dice dice = {7};
    struct score got;

    (void)state;
    post_gold(&market, "gold-dev.jsonl");
    post_gold(&market, "gold2-dev.jsonl");
    for (size_t i = 0; i < 300; i++)
        post(&market, mud_advert(&dice, i, i % 4 == 0, market.text));
    assert_true(market.n > 2000);
    run(&market);
    got = score(&market);
    print_message(
        "reposts: precision %.4f, recall %.4f\n", got.precision, got.recall);
    assert_true(got.precision >= 0.99);
    assert_true(got.recall >= 0.95);
    market_free(&market);
}

/* A sketch of n features; `seed` says which, of them `own` are its own. */
static struct mud_sketch made(uint64_t seed, uint32_t n, uint32_t own,
                              uint64_t self)
{
    struct mud_sketch sketch = {.n = n};
    struct mud_dice shared = {seed}, mine = {self};

    for (uint32_t i = 0; i < n; i++)
        sketch.at[i] =
            (uint32_t)(mud_dice_next(i < own ? &mine : &shared) >> 40) |
            i << 24; /* ascending */
    return sketch;
}

static void test_cluster__does_not_depend_on_order(void **state)
{
    enum {
        N = 600
    };
    struct mud_sketch sketches[N];
    uint32_t order[N], first[N], place[N];
    struct mud_dice dice = {3};

    (void)state;
    for (uint32_t i = 0; i < N; i++) {
        /* chains: each shares most with its advert, some of it with none */
        sketches[i] = made(i % 40, 40, (i / 40) % 14, i);
        order[i] = i;
    }
    for (int round = 0; round < 4; round++) {
        struct mud_cluster *cluster = mud_cluster_new();

        for (uint32_t i = 0; i < N; i++) {
            mud_cluster_add(cluster, &sketches[order[i]]);
            place[order[i]] = i;
        }
        mud_cluster_run(cluster);
        for (uint32_t i = 0; i < N; i++) {
            /* the text that stands first among those of its cluster */
            uint32_t same = i;

            for (uint32_t j = 0; j < N; j++)
                if (mud_cluster_of(cluster, place[j]) ==
                        mud_cluster_of(cluster, place[i]) &&
                    j < same)
                    same = j;
            if (round)
                assert_int_equal(first[i], same);
            first[i] = same;
            assert_true(mud_cluster_of(cluster, place[i]) <= place[i]);
        }
        mud_cluster_free(cluster);
        for (uint32_t i = N - 1; i > 0; i--) {
            uint32_t j = (uint32_t)mud_dice_roll(&dice, i + 1);
            uint32_t was = order[i];

            order[i] = order[j];
            order[j] = was;
        }
    }
}

static void test_cluster__texts_without_a_sketch_stay_alone(void **state)
{
    struct mud_sketch none = {0}, whole = {.n = 2, .at = {9, 4}};
    struct mud_cluster *cluster = mud_cluster_new();

    (void)state;
    mud_cluster_add(cluster, &none);
    mud_cluster_add(cluster, &whole);
    mud_cluster_add(cluster, &none);
    mud_cluster_add(cluster, &whole);
    mud_cluster_run(cluster);
    assert_int_equal(mud_cluster_of(cluster, 0), 0);
    assert_int_equal(mud_cluster_of(cluster, 1), 1);
    assert_int_equal(mud_cluster_of(cluster, 2), 2);
    assert_int_equal(mud_cluster_of(cluster, 3), 1);
    mud_cluster_free(cluster);
    cluster = mud_cluster_new();
    mud_cluster_run(cluster);
    mud_cluster_free(cluster);
}

static uint64_t flood(uint32_t n, uint32_t own, uint32_t *clusters)
{
    struct mud_cluster *cluster = mud_cluster_new();
    uint64_t compared;

    for (uint32_t i = 0; i < n; i++) {
        struct mud_sketch sketch = made(1, 40, own, 1000 + i);

        mud_cluster_add(cluster, &sketch);
    }
    mud_cluster_run(cluster);
    *clusters = 0;
    for (uint32_t i = 0; i < n; i++)
        *clusters += mud_cluster_of(cluster, i) == i;
    compared = mud_cluster_compared(cluster);
    mud_cluster_free(cluster);
    return compared;
}

/* Ten thousand reposts of one advert, none like another to the letter; and as
 * many texts that share half of their words and are not the same. */
static void test_cluster__floods_stay_linear(void **state)
{
    enum {
        N = 10000
    };

    uint32_t clusters = 0;

    (void)state;
    assert_true(flood(N, 5, &clusters) <
                (uint64_t)N * MUD_CLUSTER_TREES * MUD_CLUSTER_NEAR / 8);
    assert_int_equal(clusters, 1);
    assert_true(flood(N, 20, &clusters) <=
                (uint64_t)N * MUD_CLUSTER_TREES * MUD_CLUSTER_NEAR);
    assert_int_equal(clusters, N);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cluster__finds_reposts_and_keeps_sellers_apart),
        cmocka_unit_test(test_cluster__does_not_depend_on_order),
        cmocka_unit_test(test_cluster__texts_without_a_sketch_stay_alone),
        cmocka_unit_test(test_cluster__floods_stay_linear),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
