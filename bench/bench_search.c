/*
 * Search in a large market of made-up rows, made by the server itself with
 * COPY's speed (no reading, no ledger): how long the newest 20 hits take by
 * kind of query, beside plain SQL for the same hits (LIKE on the texts, joined
 * with the posts' times, newest first), in turn. Medians of wall time.
 *
 *     bench_search DSN fill [--posts=2000000] [--links=5000000]
 *     bench_search DSN index
 *     bench_search DSN run [--rounds=11] [--plain=3]
 *     bench_search DSN alerts [--saved=1000] [--texts=100000]
 *
 * The last: that many texts matched with so many saved searches, of five kinds.
 */
#include "base/time.h"
#include "bench/measure.h"
#include "graph/alert.h"
#include "graph/search.h"
#include "graph/search_index.h"
#include "store/migrate.h"

#include <stdio.h>
#include <stdlib.h>

static struct mud_pg *pg;

static void sql(const char *text)
{
    struct mud_error err = {0};

    if (!mud_pg_query(NULL, pg, text, NULL, 0, &err))
        mud_bench_die(text, &err);
}

/* One of each kind of row a post, numbered n; ids are digests of n. */
static void fill_posts(int64_t from, int64_t to)
{
    static const char *const rows[] = {
        "CREATE TEMP TABLE made AS SELECT n, md5('c' || n)::uuid AS c, "
        "md5('p' || n)::uuid AS p, md5('a' || n %% 20000)::uuid AS a, "
        "n %% 12 AS category, n %% 4 AS side, (n / 7) %% 4 = 0 AS offer, "
        "timestamptz '2024-01-01' + n * interval '40 seconds' AS at, "
        "9800000000 + n %% 100000 AS qq, 1 + n %% 900 AS price "
        "FROM generate_series(%lld::bigint, %lld) AS n",
        "INSERT INTO mud.content (content_id, field, lang, body, reader, "
        "category, direction, is_offer, sure) SELECT c, 0, 'zh-Hans', "
        "(ARRAY['出售国内肉鸡', '收购数据', '今天天气不错', '量大从优', "
        "'Selling fresh installs', '求购账号', '闲聊灌水', '一手货源'])"
        "[1 + n %% 8] || ' ' || (ARRAY['稳定在线', '日更', '可测', '担保交易', "
        "'长期合作', '秒发', '包售后', '诚信'])[1 + n / 8 %% 8] || n || '台，' || "
        "price || '元，QQ' || qq || CASE WHEN n %% 20011 = 0 THEN ' 罕见词' "
        "ELSE '' END, 1, category, side, offer, 900 FROM made ORDER BY c",
        "INSERT INTO mud.post (content_id, post_id, state, thread_id, source_id, "
        "author_id, seller_id, capture_id, seen_at, rank, first_seen, last_seen, "
        "post_key, author, author_key, posted_at, posted_precision, reading_of, "
        "category, direction, is_offer, sure) SELECT c, p, 0, md5('t' || n %% "
        "500)::uuid, 1 + n %% 3, a, CASE WHEN offer THEN a END, md5('k' || n / "
        "500)::uuid, at, 0, at, at, n::text, 'author' || n %% 20000, n %% 20000, "
        "at, 1, '00000000-0000-0000-0000-000000000000', category, side, offer, "
        "900 FROM made ORDER BY c",
        "INSERT INTO mud.annotation (content_id, post_id, reader, ann_no, type, "
        "field, field_index, span_start, span_end, kind, value, rule, sure) "
        "SELECT c, '00000000-0000-0000-0000-000000000000', 1, 0, 4, 0, 0, 0, 1, "
        "'qq', qq::text, 1, 900 FROM made ORDER BY c",
        "INSERT INTO mud.offer (content_id, post_id, reader, offer_no, category, "
        "direction, product, sure) SELECT c, "
        "'00000000-0000-0000-0000-000000000000', 1, 0, category, side, 'p' || n "
        "%% 40, 900 FROM made WHERE offer ORDER BY c",
        "INSERT INTO mud.price (content_id, post_id, reader, offer_no, price_no, "
        "low, high, currency, per, role, span_start, span_end) SELECT c, "
        "'00000000-0000-0000-0000-000000000000', 1, 0, 0, price, price, 'CNY', "
        "'unit', 'price', 0, 1 FROM made WHERE offer ORDER BY c",
        "INSERT INTO mud.search_pending SELECT c FROM made ORDER BY c",
        "DROP TABLE made",
    };
    char text[1400];

    sql("BEGIN");
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        (void)snprintf(
            text, sizeof(text), rows[i], (long long)from, (long long)to - 1);
        sql(text);
    }
    sql("COMMIT");
}

static void fill_links(int64_t from, int64_t to)
{
    char text[800];

    (void)snprintf(
        text,
        sizeof(text),
        "INSERT INTO mud.claim (src, kind, dst, fwd, first_seen, last_seen) "
        "SELECT s, 1, d, f, now(), now() FROM (SELECT md5('a' || n %% "
        "20000)::uuid AS a, md5('n' || n)::uuid AS b FROM "
        "generate_series(%lld::bigint, %lld) AS n) AS x CROSS JOIN LATERAL "
        "(VALUES (a, b, true), (b, a, false)) AS v (s, d, f) ORDER BY s, d",
        (long long)from,
        (long long)to - 1);
    sql(text);
}

static void fill(int64_t posts, int64_t links)
{
    const int64_t step = 200000;

    sql("INSERT INTO mud.source (source_id, name, kind, legal_basis, scope, "
        "expires_at, created_by) SELECT i, 's' || i, 'import', 'bench', '{}', "
        "'2100-01-01', 'bench' FROM generate_series(1, 3) i "
        "ON CONFLICT DO NOTHING");
    for (int64_t n = 0; n < posts; n += step)
        fill_posts(n, n + step < posts ? n + step : posts);
    for (int64_t n = 0; n < links / 2; n += step)
        fill_links(n, n + step < links / 2 ? n + step : links / 2);
    sql("VACUUM (ANALYZE) mud.content, mud.post, mud.annotation, mud.offer, "
        "mud.price, mud.claim");
}

static void make_index(const struct mud_reader *reader)
{
    struct mud_search_indexed done = {0};
    struct mud_error err = {0};
    int64_t from = mud_monotonic();

    if (!mud_search_index(&done, pg, reader, NULL, NULL, &err))
        mud_bench_die("index", &err);
    printf("indexed %lld texts in %.1f s\n",
           (long long)done.contents,
           (double)(mud_monotonic() - from) / 1e6);
}

struct tried {
    const char *query, *plain; /* plain: a condition on content c, post p */
};

static const struct tried tries[] = {
    {"肉鸡", "c.body LIKE '%肉鸡%'"},
    {"国内肉鸡 担保", "c.body LIKE '%国内肉鸡%' AND c.body LIKE '%担保%'"},
    {"罕见词", "c.body LIKE '%罕见词%'"},
    {"fresh install", "c.body ILIKE '%fresh install%'"},
    {"肉鸡 -担保 OR 量大从优",
     "c.body LIKE '%肉鸡%' AND (c.body NOT LIKE '%担保%' OR c.body LIKE "
     "'%量大从优%')"},
    {"category:bots side:sell is:offer",
     "p.category = 1 AND p.direction = 1 AND p.is_offer"},
    {"肉鸡 category:malware time:2024-03",
     "c.body LIKE '%肉鸡%' AND p.category = 4 AND p.posted_at >= '2024-03-01' "
     "AND p.posted_at < '2024-04-01'"},
    {"qq:9800012345",
     "EXISTS (SELECT FROM annotation n WHERE n.content_id = c.content_id AND "
     "n.kind = 'qq' AND n.value = '9800012345')"},
    {"author:author1234", "p.author = 'author1234'"},
    {"product:p7 price:>800CNY",
     "EXISTS (SELECT FROM offer o JOIN price r USING (content_id) WHERE "
     "o.content_id = c.content_id AND o.product = 'p7' AND r.currency = 'CNY' "
     "AND r.high > 800)"},
    {"sort:oldest 数据 since:2025-01", "false"},
    {"没有这样的词组合", "c.body LIKE '%没有这样的词组合%'"},
};

static bool take(struct mud_str json, void *payload, struct mud_error *err)
{
    (void)json;
    (void)err;
    ++*(int *)payload;
    return true;
}

static void run(const struct mud_reader *reader, int rounds, int plain)
{
    printf("| query | hits | median ms | plain SQL, ms | ratio |\n"
           "|---|---|---|---|---|\n");
    for (size_t i = 0; i < sizeof(tries) / sizeof(*tries); i++) {
        struct mud_search search = {.query = mud_str_z(tries[i].query)};
        int64_t ours[MUD_ROUNDS_MAX], theirs[MUD_ROUNDS_MAX];
        struct mud_error err = {0};
        bool compare = strcmp(tries[i].plain, "false") != 0 && plain;
        char text[900];
        int hits = 0;

        (void)snprintf(
            text,
            sizeof(text),
            "SELECT c.content_id, c.body, p.post_id, p.posted_at FROM post p "
            "JOIN content c USING (content_id) WHERE %s ORDER BY "
            "coalesce(p.posted_at, p.first_seen) DESC, p.post_id DESC LIMIT 20",
            tries[i].plain);
        for (int k = 0; k < rounds; k++) {
            int64_t from = mud_monotonic();

            hits = 0;
            if (!mud_search(NULL, pg, reader, &search, take, &hits, &err))
                mud_bench_die(tries[i].query, &err);
            ours[k] = mud_monotonic() - from;
            from = mud_monotonic();
            if (compare && k < plain)
                sql(text);
            theirs[k] = mud_monotonic() - from;
        }
        double a = (double)mud_median(ours, (size_t)rounds) / 1000;
        double b =
            compare ? (double)mud_median(theirs, (size_t)plain) / 1000 : 0;
        printf("| `%s` | %d | %.1f | %.1f | %.1fx |\n",
               tries[i].query,
               hits,
               a,
               b,
               b / a);
        (void)fflush(stdout);
    }
}

static void alerts(const struct mud_reader *reader, int64_t saved,
                   int64_t texts)
{
    struct mud_alerted done = {0};
    struct mud_error err = {0};
    char text[1000];
    int64_t from = 0;

    sql("DELETE FROM mud.alert");
    (void)snprintf(
        text,
        sizeof(text),
        "INSERT INTO mud.alert (name, query, zone, since, made_by, made_at) "
        "SELECT 'a' || i, CASE i %% 5 WHEN 0 THEN '肉鸡 ' || i WHEN 1 THEN "
        "'qq:98000' || lpad((i * 97 %% 100000)::text, 5, '0') WHEN 2 THEN "
        "'author:author' || i * 13 WHEN 3 THEN 'product:p' || i %% 40 || ' "
        "price:>' || 880 + i %% 20 || 'CNY installs' ELSE '\"fresh installs\" "
        "诚信 ' || i * 100 + 35 END, 'UTC', '2020-01-01', 'bench', now() FROM "
        "generate_series(1, %lld) AS i",
        (long long)saved);
    sql(text);
    (void)snprintf(text,
                   sizeof(text),
                   "INSERT INTO mud.alert_waiting SELECT content_id FROM "
                   "mud.content ORDER BY content_id LIMIT %lld ON CONFLICT DO "
                   "NOTHING",
                   (long long)texts);
    sql(text);
    from = mud_monotonic();
    if (!mud_alert_run(&done, pg, reader, &err))
        mud_bench_die("alerts", &err);
    from = mud_monotonic() - from;
    printf("%lld texts with %lld saved searches: %.0f texts/s, %lld hits\n",
           (long long)done.texts,
           (long long)saved,
           (double)done.texts * 1e6 / (double)from,
           (long long)done.posts);
}

int main(int argc, char **argv)
{
    struct mud_error err = {0};
    struct mud_reader *reader = NULL;
    const char *verb = argc > 2 ? argv[2] : "";

    if (argc < 3) {
        (void)fprintf(stderr,
                      "usage: bench_search DSN fill|index|run|alerts\n");
        return 2;
    }
    if (!mud_pg_open(&pg, argv[1], &err) ||
        !mud_reader_new(&reader, NULL, &err))
        mud_bench_die("open", &err);
    mud_pg_deadline(pg, 3600000);
    if (!strcmp(verb, "fill"))
        fill(mud_option_int(argc, argv, "posts", 2000000),
             mud_option_int(argc, argv, "links", 5000000));
    else if (!strcmp(verb, "index"))
        make_index(reader);
    else if (!strcmp(verb, "alerts")) {
        if (!mud_migrate(pg, NULL, &err))
            mud_bench_die("migrate", &err);
        alerts(reader,
               mud_option_int(argc, argv, "saved", 1000),
               mud_option_int(argc, argv, "texts", 100000));
    } else
        run(reader,
            (int)mud_option_int(argc, argv, "rounds", 11),
            (int)mud_option_int(argc, argv, "plain", 3));
    mud_reader_free(reader);
    mud_pg_close(pg);
    return 0;
}
