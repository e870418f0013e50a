/*
 * Fetching against a server on loopback (bench/run starts nginx):
 *
 *     bench_fetch speed URL --home=HOME --dsn=DSN [--pages=10000] [--queued=10000]
 *                [--parallel=64] [--seal=1]
 *         pages URL1, URL2, ...: through fetch, and sealed (WARC, ledger,
 *         Postgres row) as the watch does it: what came in a turn, with one fsync
 *     bench_fetch fair PORT [--hosts=200] [--delay=1000] [--pages=10]
 *         a source for each of that many hosts (127.0.x.y), each at its own pace:
 *         how long a host waits over its delay
 */
#include "bench/measure.h"
#include "evidence/capture.h"
#include "fetch/loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_MAX 256

static const struct mud_str anything[] = {{"*", 1}};

static struct mud_policy policy_of(unsigned parallel, unsigned delay)
{
    struct mud_policy policy = mud_policy_defaults();

    policy.hosts = anything;
    policy.n_hosts = 1;
    policy.allow_private = true;
    policy.delay_ms = delay;
    policy.jitter_ms = 0;
    policy.parallel = policy.per_host = parallel;
    policy.day_bytes = 0;
    return policy;
}

struct speed {
    struct mud_vault *vault;
    struct mud_pg *pg; /* NULL: nothing is sealed */
    struct mud_fetched ready[BATCH_MAX];
    size_t n_ready;
    long pages, failed;
    int64_t bytes;
};

static bool keep(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                 void *payload)
{
    struct speed *s = payload;

    (void)fetcher;
    s->ready[s->n_ready++] = *fetched;
    fetched->arena = NULL;
    return s->n_ready < BATCH_MAX; /* the rest comes with the next turn */
}

static void seal_ready(struct speed *s)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_capture *out = mud_arena_array(arena, BATCH_MAX, sizeof *out);
    struct mud_seal_item items[BATCH_MAX];
    struct mud_error err = {0};
    size_t n = 0;

    for (size_t i = 0; i < s->n_ready; i++) {
        const struct mud_fetched *f = &s->ready[i];
        if (f->error || f->exchanges[0].status != 200) {
            s->failed++;
            continue;
        }
        s->pages++;
        s->bytes += (int64_t)f->exchanges[0].body.n;
        items[n++] =
            (struct mud_seal_item){.source = 1, .exchange = &f->exchanges[0]};
    }
    if (s->pg && n &&
        !mud_seal_items(out, s->vault, s->pg, items, n, arena, &err))
        mud_bench_die("seal", &err);
    for (size_t i = 0; i < s->n_ready; i++)
        mud_arena_free(s->ready[i].arena);
    s->n_ready = 0;
    mud_arena_free(arena);
}

static void open_vault(struct speed *s, const char *home, const char *dsn)
{
    struct mud_error err = {0};
    struct mud_custody custody = {.actor = MUD_STR("bench"),
                                  .access_mode = MUD_STR("public")};

    if (!mud_pg_open(&s->pg, dsn, &err) ||
        !mud_vault_open(&s->vault, home, &err))
        mud_bench_die("open", &err);
    mud_vault_custody(s->vault, &custody);
    if (!mud_pg_exec(s->pg,
                     "INSERT INTO mud.source (source_id, name, kind, "
                     "legal_basis, scope, expires_at, created_by) VALUES (1, "
                     "'bench', 'forum', 'made-up data', '{}', 'infinity', "
                     "'bench') ON CONFLICT DO NOTHING",
                     &err))
        mud_bench_die("source", &err);
}

static void fill(struct mud_fetcher *fetcher, const char *url, long *next,
                 long until)
{
    struct mud_error err = {0};
    char text[512];

    for (; *next < until; ++*next) {
        int n = snprintf(text, sizeof text, "%s%ld", url, *next);
        if (!mud_fetcher_add(fetcher,
                             mud_str_of(text, (size_t)n),
                             (struct mud_str){0},
                             NULL,
                             &err))
            mud_bench_die("add", &err);
    }
}

static void speed(const char *url, int argc, char **argv)
{
    long pages = (long)mud_option_int(argc, argv, "pages", 10000), next = 0;
    long queued = (long)mud_option_int(argc, argv, "queued", 10000);
    unsigned parallel = (unsigned)mud_option_int(argc, argv, "parallel", 64);
    bool seal = mud_option_int(argc, argv, "seal", 1) != 0;
    struct mud_policy policy = policy_of(parallel, 0);
    struct mud_error err = {0};
    struct mud_fetcher *fetcher = NULL;
    struct speed *s = mud_calloc(1, sizeof *s);
    struct mud_loop *loop = NULL;

    if (seal)
        open_vault(s,
                   mud_option(argc, argv, "home", NULL),
                   mud_option(argc, argv, "dsn", NULL));
    if (!mud_loop_new(&loop, parallel, &err) ||
        !mud_loop_fetcher(&fetcher, loop, &policy, &err))
        mud_bench_die("loop", &err);
    fill(fetcher, url, &next, queued < pages ? queued : pages);
    int64_t cpu = mud_cpu_process(), begun = mud_monotonic();
    while (mud_loop_step(loop, 100)) {
        (void)mud_fetcher_deliver(fetcher, keep, s);
        seal_ready(s);
        fill(fetcher,
             url,
             &next,
             s->pages + queued < pages ? s->pages + queued : pages);
    }
    double took = (double)(mud_monotonic() - begun) / 1e6;
    printf("%s, %u at once, %ld queued: %.0f pages/s, %.0f MB/s, %.3f ms CPU a "
           "page, %lld MiB at most; %ld failed\n",
           seal ? "fetch and seal" : "fetch",
           parallel,
           queued,
           (double)s->pages / took,
           (double)s->bytes / 1e6 / took,
           (double)(mud_cpu_process() - cpu) / 1000 / (double)s->pages,
           (long long)(mud_peak_kib() >> 10),
           s->failed);
    mud_fetcher_free(fetcher);
    mud_loop_free(loop);
    mud_vault_close(s->vault);
    mud_pg_close(s->pg);
    free(s);
}

/* When requests of a host were begun. */
struct fair {
    int64_t last;
    int64_t *gaps; /* us, of all hosts */
    size_t *n;
};

static bool note(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                 void *payload)
{
    struct fair *f = payload;

    (void)fetcher;
    if (fetched->error)
        mud_bench_die("fetch", fetched->error);
    if (f->last)
        f->gaps[(*f->n)++] = fetched->exchanges[0].started - f->last;
    f->last = fetched->exchanges[0].started;
    return true;
}

static void add_pages(struct mud_fetcher *fetcher, long host, const char *port,
                      long pages)
{
    struct mud_error err = {0};
    char text[128];

    for (long k = 0; k < pages; k++) {
        int n = snprintf(text,
                         sizeof text,
                         "http://127.0.%ld.%ld:%s/page%ld",
                         1 + host / 250,
                         1 + host % 250,
                         port,
                         k);
        if (!mud_fetcher_add(fetcher,
                             mud_str_of(text, (size_t)n),
                             (struct mud_str){0},
                             NULL,
                             &err))
            mud_bench_die("add", &err);
    }
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void tell_gaps(int64_t *gaps, size_t n, long hosts, unsigned delay,
                      int64_t cpu, int64_t begun)
{
    size_t over = 0;

    qsort(gaps, n, sizeof *gaps, by_value);
    for (size_t i = 0; i < n; i++)
        over += (double)gaps[i] > 1100.0 * delay;
    printf("%ld hosts at %u ms: from start to start %.1f ms (median), %.1f "
           "(99 %%), %.1f (most), %zu of %zu over 110 %%; %.1f %% of a core\n",
           hosts,
           delay,
           (double)gaps[n / 2] / 1000,
           (double)gaps[n * 99 / 100] / 1000,
           (double)gaps[n - 1] / 1000,
           over,
           n,
           100.0 * (double)(mud_cpu_process() - cpu) /
               (double)(mud_monotonic() - begun));
}

static void fair(const char *port, int argc, char **argv)
{
    long hosts = (long)mud_option_int(argc, argv, "hosts", 200);
    long pages = (long)mud_option_int(argc, argv, "pages", 10);
    unsigned delay = (unsigned)mud_option_int(argc, argv, "delay", 1000);
    struct mud_policy policy = policy_of(1, delay);
    struct mud_error err = {0};
    struct mud_loop *loop = NULL;
    struct mud_fetcher **fetchers =
        mud_calloc((size_t)hosts, sizeof(struct mud_fetcher *));
    struct fair *all = mud_calloc((size_t)hosts, sizeof *all);
    int64_t *gaps = mud_calloc((size_t)(hosts * pages), sizeof *gaps);
    size_t n = 0;

    if (!mud_loop_new(&loop, 64, &err))
        mud_bench_die("loop", &err);
    for (long i = 0; i < hosts; i++) {
        all[i] = (struct fair){.gaps = gaps, .n = &n};
        if (!mud_loop_fetcher(&fetchers[i], loop, &policy, &err))
            mud_bench_die("fetcher", &err);
        add_pages(fetchers[i], i, port, pages);
    }
    int64_t cpu = mud_cpu_process(), begun = mud_monotonic();
    while (mud_loop_step(loop, 100))
        for (long i = 0; i < hosts; i++)
            (void)mud_fetcher_deliver(fetchers[i], note, &all[i]);
    tell_gaps(gaps, n, hosts, delay, cpu, begun);
    for (long i = 0; i < hosts; i++)
        mud_fetcher_free(fetchers[i]);
    mud_loop_free(loop);
    free(fetchers);
    free(all);
    free(gaps);
}

int main(int argc, char **argv)
{
    if (argc >= 3 && strcmp(argv[1], "speed") == 0) {
        speed(argv[2], argc, argv);
    } else if (argc >= 3 && strcmp(argv[1], "fair") == 0) {
        fair(argv[2], argc, argv);
    } else {
        (void)fprintf(stderr,
                      "usage: bench_fetch speed URL --home=HOME --dsn=DSN | "
                      "fair PORT (see the top of bench_fetch.c)\n");
        return 2;
    }
    return 0;
}
