/*
 * Evidence: exchanges sealed one at a time and in batches of 64 (WARC records
 * synced to disk, capture row and ledger line in one transaction), and the
 * recovery of a vault whose process was killed with -9 while it sealed.
 *
 *     bench_seal --home=HOME --dsn=DSN [--count=400] [--kib=110]
 */
#include "base/time.h"
#include "bench/measure.h"
#include "evidence/capture.h"
#include "store/pg.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define BATCH 64

struct seal {
    const char *home, *dsn;
    struct mud_vault *vault;
    struct mud_pg *pg;
    struct mud_str body;
    unsigned next; /* number of the next exchange: all differ */
};

static void open_all(struct seal *seal)
{
    struct mud_error err = {0};
    struct mud_custody custody = {.actor = MUD_STR("bench"),
                                  .access_mode = MUD_STR("public")};

    if (!mud_pg_open(&seal->pg, seal->dsn, &err) ||
        !mud_vault_open(&seal->vault, seal->home, &err))
        mud_bench_die("open", &err);
    mud_vault_custody(seal->vault, &custody);
    if (!mud_pg_exec(seal->pg,
                     "INSERT INTO mud.source (source_id, name, kind, "
                     "legal_basis, scope, expires_at, created_by) VALUES (1, "
                     "'bench', 'chat', 'made-up data', '{}', 'infinity', "
                     "'bench') ON CONFLICT DO NOTHING",
                     &err))
        mud_bench_die("source", &err);
}

static void close_all(struct seal *seal)
{
    mud_vault_close(seal->vault);
    mud_pg_close(seal->pg);
}

static struct mud_exchange *exchange(struct seal *seal, struct mud_arena *arena)
{
    struct mud_exchange *out = mud_arena_alloc(arena, sizeof(*out));
    char *body = mud_arena_dup(arena, seal->body.s, seal->body.n);
    unsigned number = seal->next++;

    (void)snprintf(body, 18, "<!-- %08u -->", number);
    body[17] = ' ';
    *out = (struct mud_exchange){
        .url = mud_str_printf(
            arena, "http://forum.example/thread-%u-1-1.html", number),
        .method = MUD_STR("GET"),
        .request_head =
            MUD_STR("GET / HTTP/1.1\r\nHost: forum.example\r\n\r\n"),
        .response_head = MUD_STR("HTTP/1.1 200 OK\r\nContent-Type: text/html; "
                                 "charset=utf-8\r\n\r\n"),
        .body = mud_str_of(body, seal->body.n),
        .status = 200,
        .http_version = "1.1",
        .peer_ip = MUD_STR("192.0.2.1"),
        .started = mud_now() - 1000,
        .ended = mud_now()};
    return out;
}

static void seal_some(struct seal *seal, size_t n, struct mud_arena *arena)
{
    struct mud_error err = {0};
    struct mud_capture out[BATCH] = {0};
    const struct mud_exchange *list[BATCH] = {0};

    mud_arena_reset(arena);
    for (size_t i = 0; i < n; i++)
        list[i] = exchange(seal, arena);
    if (n == 1 ? !mud_seal_exchange(
                     &out[0], seal->vault, seal->pg, 1, list[0], arena, &err)
               : !mud_seal_exchanges(
                     out, seal->vault, seal->pg, 1, list, n, arena, &err))
        mud_bench_die("seal", &err);
}

static void measure(struct seal *seal, size_t count, size_t batch)
{
    struct mud_arena *arena = mud_arena_new();
    int64_t cpu = 0, begun = 0;

    seal_some(seal, batch, arena);
    cpu = mud_cpu_process();
    begun = mud_monotonic();
    for (size_t i = 0; i < count; i += batch)
        seal_some(seal, batch, arena);
    double s = (double)(mud_monotonic() - begun) / 1e6;
    double c = (double)(mud_cpu_process() - cpu) / 1e6;
    double n = (double)((count + batch - 1) / batch * batch);
    printf("sealed, %2zu at a time: %7.0f captures/s, %6.1f MB/s of bodies, "
           "%.3f ms CPU each\n",
           batch,
           n / s,
           n * (double)seal->body.n / 1e6 / s,
           1000 * c / n);
    mud_arena_free(arena);
}

static int64_t sealed(struct seal *seal)
{
    struct mud_error err = {0};
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(
            &rows, seal->pg, "SELECT count(*) FROM capture", NULL, 0, &err))
        mud_bench_die("count", &err);
    int64_t n = mud_rows_int(rows, 0, 0);
    mud_rows_free(rows);
    return n;
}

/* A child seals batches until it is killed; then the vault is recovered. */
static void recovery(struct seal *like, int ms)
{
    struct mud_error err = {0};
    struct mud_recovered recovered = {0};
    struct seal mine = {.home = like->home, .dsn = like->dsn};

    (void)fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        struct seal seal = *like;
        struct mud_arena *arena = mud_arena_new();

        open_all(&seal);
        for (;;)
            seal_some(&seal, BATCH, arena);
    }
    (void)poll(NULL, 0, ms);
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
    int64_t begun = mud_monotonic();
    open_all(&mine);
    int64_t before = sealed(&mine);
    if (!mud_vault_recover(&recovered, mine.vault, mine.pg, &err))
        mud_bench_die("recover", &err);
    printf("killed after %d ms: open and recover %.1f ms; %lld captures sealed "
           "before, %d late, %d tails cut (%lld bytes)\n",
           ms,
           (double)(mud_monotonic() - begun) / 1000,
           (long long)before,
           recovered.captures,
           recovered.tails,
           (long long)recovered.cut_bytes);
    close_all(&mine);
    like->next += 1000000;
}

int main(int argc, char **argv)
{
    struct seal seal = {.home = mud_option(argc, argv, "home", NULL),
                        .dsn = mud_option(argc, argv, "dsn", NULL)};
    size_t count = (size_t)mud_option_int(argc, argv, "count", 400);
    size_t size = (size_t)mud_option_int(argc, argv, "kib", 110) << 10;
    struct mud_buf body = {0};

    if (!seal.home || !seal.dsn) {
        (void)fprintf(stderr,
                      "usage: bench_seal --home=HOME --dsn=DSN [--count=400] "
                      "[--kib=110]\n");
        return 2;
    }
    /* About as compressible as a page. */
    for (unsigned i = 0; body.n < size; i++)
        mud_buf_printf(&body,
                       "<div id=\"post_%u\" class=\"t_f\">%08x%08x</div>\n",
                       i,
                       i * 2654435761U,
                       i * 40503U);
    seal.body = mud_buf_view(&body);
    open_all(&seal);
    for (int i = 0; i < 3; i++) {
        measure(&seal, count, 1);
        measure(&seal, 4 * count, BATCH);
    }
    close_all(&seal);
    seal.next = 1000000;
    for (int ms = 300; ms < 1600; ms += 300)
        recovery(&seal, ms);
    mud_buf_free(&body);
    return 0;
}
