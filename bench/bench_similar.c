/*
 * Ways to find the same advert posted again, on reposts at graded levels
 * (tests/support/repost.h) of the texts of FILES and of composed adverts of
 * sellers of the same trades, who use the same stock phrases. For each way the
 * threshold of the highest recall at a precision of 99 % of pairs is looked
 * for; recall is also told by level (original against repost). Last, clusters
 * as the product makes them, and what a text costs.
 *
 *     bench_similar GOLD.jsonl... [--copies=1] [--made=300] [--level=4]
 */
#include "base/utf8.h"
#include "bench/measure.h"
#include "nlp/cluster.h"
#include "nlp/reader.h"
#include "nlp/script.h"
#include "tests/support/repost.h"

#include <stdio.h>
#include <stdlib.h>

#define SHINGLES 512 /* letters of a text that shingles are made of */

struct set { /* of hashes, ascending */
    uint64_t *at;
    size_t n;
};

struct text {
    int advert, level;
    struct mud_sketch sketch;
    struct set letters[2];  /* shingles of 3 and of 5 letters */
    uint64_t simhash[3][2]; /* of letters[0], letters[1], sketch: 128 bits */
    uint16_t minhash[128];  /* of letters[0] */
};

struct market {
    struct mud_reader *reader;
    struct mud_arena *keep, *work;
    struct text *at;
    size_t n, cap;
    int adverts;
    int64_t us; /* making sketches */
};

static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static int by_value(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

/* Folded letters outside of what the reading found, but for products. */
static size_t letters_of(uint32_t out[SHINGLES], const struct market *market,
                         struct mud_str text, const struct mud_reading *reading)
{
    struct mud_fold fold = {0};
    size_t n = 0, at = 0;

    mud_fold(&fold, market->reader->folder, text, market->work);
    while (at < fold.text.n && n < SHINGLES) {
        size_t start = at;
        uint32_t c = mud_utf8_next(fold.text, &at);
        enum mud_char_class class = mud_char_class(c);
        bool out_of = class < MUD_CHAR_HAN || class > MUD_CHAR_UNSPACED;

        for (size_t i = 0; i < reading->n_entities && !out_of; i++) {
            const struct mud_entity *e = &reading->entities[i];

            out_of = e->field == MUD_IN_TEXT && e->type != MUD_ENT_PRODUCT &&
                     mud_fold_at(&fold, e->at.start) <= start &&
                     start < mud_fold_at(&fold, e->at.end);
        }
        if (!out_of)
            out[n++] = c;
    }
    return n;
}

static struct set shingles(struct mud_arena *arena, const uint32_t *letters,
                           size_t n, size_t k)
{
    struct set set = {mud_arena_array(arena, n + 1, sizeof(uint64_t)), 0};
    size_t kept = 0;

    for (size_t i = 0; i + k <= n; i++) {
        uint64_t hash = k;

        for (size_t j = 0; j < k; j++)
            hash = mix(hash + letters[i + j] + 1);
        set.at[set.n++] = hash;
    }
    if (set.n)
        qsort(set.at, set.n, sizeof(*set.at), by_value);
    for (size_t i = 0; i < set.n; i++)
        if (!kept || set.at[kept - 1] != set.at[i])
            set.at[kept++] = set.at[i];
    set.n = kept;
    return set;
}

static void simhash(uint64_t out[2], const uint64_t *hashes, size_t n)
{
    for (unsigned half = 0; half < 2; half++) {
        out[half] = 0;
        for (unsigned bit = 0; bit < 64; bit++) {
            size_t ones = 0;

            for (size_t i = 0; i < n; i++)
                ones += mix(hashes[i] + half) >> bit & 1;
            out[half] |= (uint64_t)(2 * ones > n) << bit;
        }
    }
}

static void minhash(uint16_t out[128], const struct set *set)
{
    for (unsigned k = 0; k < 128; k++) {
        uint64_t least = UINT64_MAX;

        for (size_t i = 0; i < set->n; i++) {
            uint64_t hash = mix(set->at[i] ^ mix(k + 1));

            least = hash < least ? hash : least;
        }
        out[k] = (uint16_t)least;
    }
}

static void add(struct market *market, struct mud_str text, int level)
{
    struct mud_message message = {.text = text};
    struct mud_reading reading = {0};
    struct mud_error err = {0};
    uint32_t letters[SHINGLES];
    uint64_t wide[MUD_SKETCH_MAX];
    struct text *to;
    size_t n;

    mud_arena_reset(market->work);
    if (!mud_read(&reading, market->reader, &message, NULL, market->work, &err))
        mud_bench_die("read", &err);
    market->at =
        mud_grow(market->at, &market->cap, market->n, sizeof(*market->at));
    to = &market->at[market->n];
    *to = (struct text){.advert = market->adverts, .level = level};
    market->us -= mud_cpu_thread();
    mud_sketch_of(&to->sketch, market->reader, text, &reading, market->work);
    market->us += mud_cpu_thread();
    n = letters_of(letters, market, text, &reading);
    for (size_t i = 0; i < 2; i++) {
        to->letters[i] = shingles(market->keep, letters, n, i ? 5 : 3);
        simhash(to->simhash[i], to->letters[i].at, to->letters[i].n);
    }
    for (size_t i = 0; i < to->sketch.n; i++)
        wide[i] = mix(to->sketch.at[i]);
    simhash(to->simhash[2], wide, to->sketch.n);
    minhash(to->minhash, &to->letters[0]);
    market->n++;
}

static void post(struct market *market, struct mud_str text, int level,
                 int copies)
{
    size_t first = market->n;

    add(market, text, 0);
    /* Texts that say too little have no print of any kind. */
    if (market->at[first].sketch.n < MUD_SKETCH_LEAST) {
        market->n = first;
        return;
    }
    for (int i = 0; i < level * copies; i++) {
        struct mud_dice dice = {(uint64_t)market->adverts * 1000 + (uint64_t)i};

        add(market,
            mud_repost(&dice, text, i % level + 1, market->keep),
            i % level + 1);
    }
    market->adverts++;
}

/* ---- scores of a pair, 0..1000 ---- */

static int of_bits(const uint64_t a[2], const uint64_t b[2], int halves)
{
    int same = 0;

    for (int i = 0; i < halves; i++)
        same += 64 - __builtin_popcountll(a[i] ^ b[i]);
    return same * 1000 / (64 * halves);
}

static int simhash_5(const struct text *a, const struct text *b)
{
    return of_bits(a->simhash[1], b->simhash[1], 1);
}

static int simhash_3(const struct text *a, const struct text *b)
{
    return of_bits(a->simhash[0], b->simhash[0], 1);
}

static int simhash_3_128(const struct text *a, const struct text *b)
{
    return of_bits(a->simhash[0], b->simhash[0], 2);
}

static int simhash_words(const struct text *a, const struct text *b)
{
    return of_bits(a->simhash[2], b->simhash[2], 1);
}

static int simhash_words_128(const struct text *a, const struct text *b)
{
    return of_bits(a->simhash[2], b->simhash[2], 2);
}

static int minhash_3(const struct text *a, const struct text *b)
{
    int same = 0;

    for (size_t i = 0; i < 128; i++)
        same += a->minhash[i] == b->minhash[i];
    return same * 1000 / 128;
}

static int jaccard(const struct set *a, const struct set *b)
{
    size_t i = 0, j = 0, common = 0;

    while (i < a->n && j < b->n) {
        uint64_t x = a->at[i], y = b->at[j];

        common += x == y;
        i += x <= y;
        j += y <= x;
    }
    return a->n + b->n ? (int)(common * 1000 / (a->n + b->n - common)) : 0;
}

static int jaccard_3(const struct text *a, const struct text *b)
{
    return jaccard(&a->letters[0], &b->letters[0]);
}

static int jaccard_5(const struct text *a, const struct text *b)
{
    return jaccard(&a->letters[1], &b->letters[1]);
}

static int jaccard_words(const struct text *a, const struct text *b)
{
    struct set x = {(uint64_t[MUD_SKETCH_MAX]){0}, a->sketch.n};
    struct set y = {(uint64_t[MUD_SKETCH_MAX]){0}, b->sketch.n};

    for (size_t i = 0; i < x.n; i++)
        x.at[i] = a->sketch.at[i];
    for (size_t i = 0; i < y.n; i++)
        y.at[i] = b->sketch.at[i];
    return jaccard(&x, &y);
}

static int sketches(const struct text *a, const struct text *b)
{
    return mud_sketch_alike(&a->sketch, &b->sketch);
}

struct tally { /* pairs by score */
    long same[1001], other[1001], level[MUD_REPOST_LEVELS + 1][1001];
};

static double share(const long counts[1001], int from)
{
    long above = 0, all = 0;

    for (int i = 0; i <= 1000; i++) {
        all += counts[i];
        above += i >= from ? counts[i] : 0;
    }
    return all ? (double)above / (double)all : 0;
}

static void tell(const char *name, const struct tally *tally, int level)
{
    long right = 0, wrong = 0, at_right = 0, at_wrong = 0;
    int from = 1001;

    for (int i = 1000; i >= 0; i--) {
        right += tally->same[i];
        wrong += tally->other[i];
        if (right && (double)wrong <= 0.01 * (double)(right + wrong)) {
            from = i;
            at_right = right;
            at_wrong = wrong;
        }
    }
    printf("%-34s %5d  %6.4f  %6.4f ",
           name,
           from,
           (double)at_right /
               (double)(at_right + at_wrong ? at_right + at_wrong : 1),
           share(tally->same, from));
    for (int i = 1; i <= level; i++)
        printf("  %5.3f", share(tally->level[i], from));
    printf("\n");
}

static void compare(const struct market *market, const char *name,
                    int (*score)(const struct text *a, const struct text *b),
                    int level)
{
    struct tally *tally = calloc(1, sizeof(*tally));

    if (!tally)
        exit(1);
    for (size_t i = 0; i < market->n; i++) {
        const struct text *a = &market->at[i];

        for (size_t j = i + 1; j < market->n; j++) {
            const struct text *b = &market->at[j];
            int s = score(a, b);

            if (a->advert != b->advert)
                tally->other[s]++;
            else
                tally->same[s]++;
            if (a->advert == b->advert && a->level == 0)
                tally->level[b->level][s]++;
        }
    }
    tell(name, tally, level);
    free(tally);
}

static void clusters(const struct market *market)
{
    struct mud_cluster *cluster = mud_cluster_new();
    long right = 0, wrong = 0, missed = 0;
    int64_t us;

    for (size_t i = 0; i < market->n; i++)
        mud_cluster_add(cluster, &market->at[i].sketch);
    us = mud_cpu_thread();
    mud_cluster_run(cluster);
    us = mud_cpu_thread() - us;
    for (uint32_t i = 0; i < market->n; i++)
        for (uint32_t j = i + 1; j < market->n; j++) {
            bool same = market->at[i].advert == market->at[j].advert;
            bool in = mud_cluster_of(cluster, i) == mud_cluster_of(cluster, j);

            right += same && in;
            wrong += !same && in;
            missed += same && !in;
        }
    printf("\nclusters: precision %.4f, recall %.4f of pairs; sketch %.2f, "
           "cluster %.1f us a text, %.1f comparisons a text\n",
           (double)right / (double)(right + wrong),
           (double)right / (double)(right + missed),
           (double)market->us / (double)market->n,
           (double)us / (double)market->n,
           (double)mud_cluster_compared(cluster) / (double)market->n);
    mud_cluster_free(cluster);
}

static void fill(struct market *market, int argc, char **argv, int level)
{
    int copies = (int)mud_option_int(argc, argv, "copies", 1);
    int64_t made = mud_option_int(argc, argv, "made", 300);
    struct mud_dice dice = {42};

    for (int i = 1; i < argc; i++) {
        struct mud_texts texts = {0};

        if (argv[i][0] == '-')
            continue;
        mud_texts_load(&texts, argv[i]);
        for (size_t k = 0; k < texts.n; k++)
            post(market, texts.items[k], level, copies);
        mud_arena_free(texts.arena);
    }
    for (int64_t i = 0; i < made; i++)
        post(market,
             mud_advert(&dice, (size_t)i, i % 4 == 0, market->keep),
             level,
             copies);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*score)(const struct text *a, const struct text *b);
    } ways[] = {{"SimHash 64, 5 letters (as before)", simhash_5},
                {"SimHash 64, 3 letters", simhash_3},
                {"SimHash 128, 3 letters", simhash_3_128},
                {"SimHash 64, pairs of words", simhash_words},
                {"SimHash 128, pairs of words", simhash_words_128},
                {"MinHash 128 x 16, 3 letters", minhash_3},
                {"Jaccard, 5 letters", jaccard_5},
                {"Jaccard, 3 letters", jaccard_3},
                {"Jaccard, pairs of words", jaccard_words},
                {"alike of sketches (the product's)", sketches}};

    int level = (int)mud_option_int(argc, argv, "level", 4);
    struct market market = {.keep = mud_arena_new(), .work = mud_arena_new()};
    struct mud_error err = {0};

    if (argc < 2 || level < 1 || level > MUD_REPOST_LEVELS) {
        (void)fprintf(stderr,
                      "usage: bench_similar GOLD.jsonl... [--copies=1] "
                      "[--made=300] [--level=4]\n");
        return 2;
    }
    if (!mud_reader_new(&market.reader, NULL, &err))
        mud_bench_die("reader", &err);
    fill(&market, argc, argv, level);
    printf("%d adverts, %zu texts\n\n%-34s %5s  %6s  %6s   recall by level\n",
           market.adverts,
           market.n,
           "",
           "from",
           "prec.",
           "recall");
    for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
        compare(&market, ways[i].name, ways[i].score, level);
    clusters(&market);
    mud_reader_free(market.reader);
    mud_arena_free(market.keep);
    mud_arena_free(market.work);
    free(market.at);
    return 0;
}
