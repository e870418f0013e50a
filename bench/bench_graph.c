/*
 * Questions to a large graph, as bench/graph.py fills it: milliseconds, medians
 * and 95th percentiles, of the product's way and of plain SQL for the same.
 *
 *     bench_graph --dsn=DSN [--rounds=40] [--plain=5]
 *
 * Names and words are taken from the database; each is asked for once unheard,
 * so that caches are as warm as they are for the next question.
 */
#include "base/time.h"
#include "bench/measure.h"
#include "graph/actor.h"
#include "graph/idlist.h"
#include "graph/search.h"
#include "graph/why.h"

#include <stdio.h>
#include <stdlib.h>

#define HOPS "20000" /* claims of one hop */

static const char *const words[] =
    {"肉鸡", "出售", "数据", "收购 肉鸡", "出售 -肉鸡", "\"联系我\"", "流量"};

struct asker {
    struct mud_pg *pg;
    struct mud_reader *reader;
    struct mud_rows *personas, *pairs;
    int64_t rows; /* that the last question gave */
};

struct question {
    const char *name;
    bool (*ask)(struct asker *asker, size_t i, struct mud_error *err);
    bool plain;
};

static bool take(struct mud_str json, void *payload, struct mud_error *err)
{
    struct asker *asker = payload;

    (void)json;
    (void)err;
    asker->rows++;
    return true;
}

static bool search(struct asker *asker, size_t i, struct mud_error *err)
{
    struct mud_search search = {
        .query = mud_str_z(words[i % (sizeof(words) / sizeof(words[0]))])};

    return mud_search(
        NULL, asker->pg, asker->reader, &search, take, asker, err);
}

static bool plain(struct asker *asker, const char *sql, struct mud_str arg,
                  struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, asker->pg, sql, &arg, 1, err))
        return false;
    asker->rows = (int64_t)mud_rows_count(rows);
    mud_rows_free(rows);
    return true;
}

static bool search_plain(struct asker *asker, size_t i, struct mud_error *err)
{
    static const char *const like[] = {"%肉鸡%", "%出售%", "%联系我%"};

    return plain(asker,
                 "SELECT post_id, body FROM mud.content JOIN mud.post USING "
                 "(content_id) WHERE body LIKE $1 ORDER BY "
                 "coalesce(posted_at, first_seen) DESC LIMIT 20",
                 mud_str_z(like[i % 3]),
                 err);
}

/* Everything within three claims, a statement a hop. */
static bool hops(struct asker *asker, size_t i, struct mud_error *err)
{
    struct mud_id *ids = mud_calloc(1, sizeof(*ids));
    struct mud_buf list = {0};
    bool good = true;
    size_t n = 1;

    ids[0] =
        mud_rows_id(asker->personas, i % mud_rows_count(asker->personas), 0);
    for (int hop = 0; good && hop < 3; hop++) {
        struct mud_rows *rows = NULL;
        struct mud_str args[3] = {{0}, MUD_STR("t"), MUD_STR(HOPS)};

        mud_idlist(&list, ids, n);
        args[0] = mud_buf_view(&list);
        good = mud_pg_query(&rows, asker->pg, mud_sql("why_hop"), args, 3, err);
        if (!good)
            break;
        n = mud_rows_count(rows);
        ids = mud_realloc(ids, (n + 1) * sizeof(*ids));
        for (size_t j = 0; j < n; j++)
            ids[j] = mud_rows_id(rows, j, 2);
        mud_rows_free(rows);
    }
    asker->rows = (int64_t)n;
    mud_buf_free(&list);
    free(ids);
    return good;
}

static bool hops_plain(struct asker *asker, size_t i, struct mud_error *err)
{
    return plain(
        asker,
        "WITH RECURSIVE r(id, n) AS (SELECT $1::uuid, 0 UNION "
        "SELECT c.dst, r.n + 1 FROM r JOIN mud.claim c ON c.src = "
        "r.id AND c.kind <= 3 WHERE r.n < 3) SELECT DISTINCT id FROM "
        "r",
        mud_rows_get(asker->personas, i % mud_rows_count(asker->personas), 0),
        err);
}

static bool why(struct asker *asker, size_t i, struct mud_error *err)
{
    size_t row = i % mud_rows_count(asker->pairs);
    struct mud_why found = {0};

    if (!mud_why(&found,
                 asker->pg,
                 mud_rows_get(asker->pairs, row, 0),
                 mud_rows_get(asker->pairs, row, 1),
                 take,
                 asker,
                 err))
        return false;
    asker->rows = (int64_t)found.hops;
    return true;
}

static int by_time(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

static void measure(struct asker *asker, const struct question *question,
                    size_t rounds)
{
    int64_t *us = mud_calloc(rounds, sizeof(*us)), rows = 0;
    struct mud_error err = {0};

    for (size_t i = 0; i < rounds; i++)
        for (int heard = 0; heard < 2; heard++) {
            int64_t begun = mud_monotonic();

            asker->rows = 0;
            if (!question->ask(asker, i, &err))
                mud_bench_die(question->name, &err);
            us[i] = mud_monotonic() - begun;
            rows += heard ? asker->rows : 0;
        }
    qsort(us, rounds, sizeof(*us), by_time);
    printf("%-28s %9.2f %9.2f   %.1f rows\n",
           question->name,
           (double)us[rounds / 2] / 1e3,
           (double)us[rounds * 95 / 100] / 1e3,
           (double)rows / (double)rounds);
    (void)fflush(stdout);
    free(us);
}

static void open_all(struct asker *asker, const char *dsn)
{
    struct mud_error err = {0};

    if (!mud_pg_open(&asker->pg, dsn, &err) ||
        !mud_reader_new(&asker->reader, NULL, &err))
        mud_bench_die("open", &err);
    mud_pg_deadline(asker->pg, 0);
    /* Any, but the same ones each time: ids are digests. */
    if (!mud_pg_query(&asker->personas,
                      asker->pg,
                      "SELECT DISTINCT src FROM (SELECT src FROM mud.claim "
                      "WHERE kind = 1 AND fwd ORDER BY src LIMIT 2000) c",
                      NULL,
                      0,
                      &err) ||
        !mud_pg_query(&asker->pairs,
                      asker->pg,
                      "SELECT DISTINCT ON (a.src) a.src, d.dst FROM (SELECT "
                      "* FROM mud.claim WHERE kind = 1 AND fwd ORDER BY src "
                      "LIMIT 400) a JOIN mud.claim b ON b.src = a.dst AND "
                      "b.dst <> a.src AND b.kind = 1 JOIN mud.claim d ON "
                      "d.src = b.dst AND d.dst <> b.src AND d.kind = 1 ORDER "
                      "BY a.src, d.dst",
                      NULL,
                      0,
                      &err))
        mud_bench_die("names", &err);
    if (!mud_rows_count(asker->personas) || !mud_rows_count(asker->pairs))
        mud_bench_die("an empty graph", NULL);
}

int main(int argc, char **argv)
{
    static const struct question questions[] = {
        {"search, newest 20", search, false},
        {"search, LIKE", search_plain, true},
        {"3 hops, a statement each", hops, false},
        {"3 hops, recursive CTE", hops_plain, true},
        {"why, 3 claims apart", why, false},
    };
    const char *dsn = mud_option(argc, argv, "dsn", NULL);
    size_t rounds = (size_t)mud_option_int(argc, argv, "rounds", 40);
    size_t slow = (size_t)mud_option_int(argc, argv, "plain", 5);
    struct mud_actor_result actors;
    struct mud_error err = {0};
    struct asker asker = {0};

    if (!dsn || !rounds || !slow) {
        (void)fprintf(
            stderr, "usage: bench_graph --dsn=DSN [--rounds=40] [--plain=5]\n");
        return 2;
    }
    open_all(&asker, dsn);
    printf("%-28s %9s %9s\n", "", "median ms", "95 %");
    for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
        measure(&asker, &questions[i], questions[i].plain ? slow : rounds);
    int64_t begun = mud_monotonic();
    if (!mud_actor_run(&actors, asker.pg, &err))
        mud_bench_die("actors", &err);
    printf("%-28s %9.0f           %lld actors of %lld nodes, peak %lld MiB\n",
           "actors, all anew",
           (double)(mud_monotonic() - begun) / 1e3,
           (long long)actors.actors,
           (long long)actors.entities,
           (long long)(mud_peak_kib() / 1024));
    mud_rows_free(asker.personas);
    mud_rows_free(asker.pairs);
    mud_reader_free(asker.reader);
    mud_pg_close(asker.pg);
    return 0;
}
