/*
 * Messages into Postgres as `mudlark import` does it once a chat export is
 * sealed: parse, read, merge, index for search what ingest left to be indexed.
 * Prints one line of JSON, made for bench/run; the peer's line has the same
 * members.
 *
 *     bench_ingest EXPORT.json --dsn=DSN [--batch=8192] [--similar=1]
 *
 * EXPORT may also hold post records, a line each (generate.py --as posts).
 * --similar: near-duplicates are clustered after all that (similar_s).
 * CPU is user + system of this process from the first byte read on; making the
 * reader is told apart (start_s).
 */
#include "base/json.h"
#include "base/time.h"
#include "bench/measure.h"
#include "graph/ingest.h"
#include "graph/search_index.h"
#include "graph/similar.h"
#include "parse/chat_telegram.h"
#include "parse/record.h"
#include "store/pg.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct run {
    const char *path, *dsn;
    struct mud_reader *reader;
    struct mud_ingest *ingest;
    struct mud_ingest_count count;
};

static struct mud_pg *connect(const struct run *run)
{
    struct mud_error err = {0};
    struct mud_pg *pg = NULL;

    if (!mud_pg_open(&pg, run->dsn, &err))
        mud_bench_die("connect", &err);
    mud_pg_deadline(pg, 0);
    return pg;
}

/* A source without a site: nothing is fetched here. */
static void add_source(const struct run *run)
{
    struct mud_error err = {0};
    struct mud_pg *pg = connect(run);

    if (!mud_pg_exec(pg,
                     "INSERT INTO mud.source (source_id, name, kind, "
                     "legal_basis, scope, expires_at, created_by) VALUES (1, "
                     "'bench', 'chat', 'made-up data', '{}', 'infinity', "
                     "'bench') ON CONFLICT DO NOTHING",
                     &err))
        mud_bench_die("source", &err);
    mud_pg_close(pg);
}

static bool read_fd(void *payload, void *out, size_t size, size_t *n,
                    struct mud_error *err)
{
    ssize_t got = read(*(const int *)payload, out, size);

    if (got < 0)
        return mud_fail_errno(err, MUD_EIO, "read");
    *n = (size_t)got;
    return true;
}

static bool on_post(const struct mud_post *post, void *payload,
                    struct mud_error *err)
{
    struct run *run = payload;

    return mud_ingest_post(run->ingest, post, err);
}

static bool on_note(const struct mud_note *note, void *payload,
                    struct mud_error *err)
{
    struct run *run = payload;

    (void)err;
    mud_ingest_note(run->ingest, note);
    return true;
}

static bool take_export(struct run *run, struct mud_error *err)
{
    int fd = open(run->path, O_RDONLY | O_CLOEXEC);
    const struct mud_chat_in in = {.bytes = {read_fd, &fd}};
    const struct mud_chat_sink sink = {on_post, on_note, run, NULL};

    if (fd < 0)
        return mud_fail_errno(err, MUD_EIO, "%s", run->path);
    bool done = mud_chat_telegram.read(&in, &sink, err);
    (void)close(fd);
    return done;
}

static bool take_records(struct run *run, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    FILE *file = fopen(run->path, "re");
    char *line = NULL;
    size_t room = 0;
    ssize_t n = 0;
    bool done = true;

    if (!file)
        mud_bench_die(run->path, NULL);
    while (done && (n = getline(&line, &room, file)) > 0) {
        struct mud_post post = {0};

        mud_arena_reset(arena);
        done = mud_record_read_post(
                   &post, mud_str_of(line, (size_t)n), arena, err) &&
               mud_ingest_post(run->ingest, &post, err);
    }
    free(line);
    (void)fclose(file);
    mud_arena_free(arena);
    return done;
}

static void take_all(struct run *run, size_t batch)
{
    struct mud_error err = {0};
    struct mud_ingest_options options = {
        .dsn = run->dsn, .reader = run->reader, .parser = "1", .batch = batch};
    struct mud_capture capture = {.id = mud_id_of("capture", MUD_STR("bench")),
                                  .kind = MUD_CAPTURE_FILE,
                                  .source = 1,
                                  .at = INT64_C(1795140000000000)};
    bool records = mud_str_ends(mud_str_z(run->path), MUD_STR(".ndjson"));

    if (!mud_ingest_new(&run->ingest, &options, &err) ||
        !mud_ingest_begin(run->ingest, &capture, &err) ||
        !(records ? take_records(run, &err) : take_export(run, &err)) ||
        !mud_ingest_end(run->ingest, &err) ||
        !mud_ingest_flush(run->ingest, &run->count, &err))
        mud_bench_die("ingest", &err);
    mud_ingest_free(run->ingest);
}

static void index_rest(const struct run *run)
{
    struct mud_error err = {0};
    struct mud_pg *pg = connect(run);

    if (!mud_search_index(NULL, pg, run->reader, NULL, NULL, &err))
        mud_bench_die("search index", &err);
    mud_pg_close(pg);
}

/* Seconds that it takes to find all near-duplicates; they are told on stderr. */
static double find_similar(const struct run *run)
{
    struct mud_error err = {0};
    struct mud_similar_result result = {0};
    struct mud_pg *pg = connect(run);
    int64_t begun = mud_monotonic();

    if (!mud_similar_run(&result, pg, &err))
        mud_bench_die("similar", &err);
    (void)fprintf(
        stderr,
        "%lld sketches, %lld templates of %lld texts, peak %lld MiB\n",
        (long long)result.contents,
        (long long)result.templates,
        (long long)result.repeated,
        (long long)(mud_peak_kib() / 1024));
    mud_pg_close(pg);
    return (double)(mud_monotonic() - begun) / 1e6;
}

static void say(const struct run *run, int64_t start, int64_t ingest,
                int64_t wall, int64_t cpu)
{
    struct stat st = {0};
    double s = (double)(wall ? wall : 1) / 1e6;

    (void)stat(run->path, &st);
    printf("{\"who\":\"mudlark\",\"messages\":%lld,"
           "\"bytes\":%lld,\"start_s\":%.3f,\"ingest_s\":%.3f,\"wall_s\":%.3f,"
           "\"cpu_s\":%.3f,\"per_s\":%.0f,\"offers\":%lld,"
           "\"peak_mib\":%lld}\n",
           (long long)run->count.posts,
           (long long)st.st_size,
           (double)start / 1e6,
           (double)ingest / 1e6,
           s,
           (double)cpu / 1e6,
           (double)run->count.posts / s,
           (long long)run->count.offers,
           (long long)(mud_peak_kib() / 1024));
}

int main(int argc, char **argv)
{
    struct mud_error err = {0};
    struct run run = {.dsn = mud_option(argc, argv, "dsn", NULL)};
    size_t batch = (size_t)mud_option_int(argc, argv, "batch", 0);
    int64_t begun = mud_monotonic();

    if (argc < 2 || argv[1][0] == '-' || !run.dsn) {
        (void)fprintf(stderr,
                      "usage: bench_ingest EXPORT.json --dsn=DSN "
                      "[--batch=8192] [--similar=1]\n");
        return 2;
    }
    run.path = argv[1];
    if (!mud_reader_new(&run.reader, NULL, &err))
        mud_bench_die("reader", &err);
    add_source(&run);
    int64_t start = mud_monotonic() - begun, cpu = mud_cpu_process();
    begun = mud_monotonic();
    take_all(&run, batch);
    int64_t ingest = mud_monotonic() - begun;
    index_rest(&run);
    say(&run, start, ingest, mud_monotonic() - begun, mud_cpu_process() - cpu);
    if (mud_option_int(argc, argv, "similar", 0))
        (void)fprintf(stderr, "similar_s %.3f\n", find_similar(&run));
    mud_reader_free(run.reader);
    return 0;
}
