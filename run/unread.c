#include "run/unread.h"

#include "graph/ids.h"

#include <stdio.h>

struct reading {
    struct mud_report *report;
    struct mud_worker *worker;
    const struct mud_unread *unread;
    struct mud_source *sources;
    size_t n_sources;
    int64_t done, total;
    struct mud_error *err;
};

static const struct mud_source *source_of(const struct reading *reading,
                                          int64_t id)
{
    for (size_t i = 0; i < reading->n_sources; i++) {
        if (reading->sources[i].id == id)
            return &reading->sources[i];
    }
    return NULL;
}

static bool step(struct reading *reading, const struct mud_rows *rows, size_t i)
{
    struct mud_arena *arena = mud_arena_new();
    const struct mud_source *source =
        source_of(reading, mud_rows_int(rows, i, 1));
    struct mud_capture capture;
    bool good = mud_capture_load(&capture,
                                 reading->worker->pg,
                                 mud_rows_id(rows, i, 0),
                                 arena,
                                 reading->err);

    if (good && !source)
        good = mud_fail(reading->err,
                        MUD_EMISSING,
                        "source %lld of a capture",
                        (long long)mud_rows_int(rows, i, 1));
    good =
        good &&
        mud_step_capture(
            reading->worker, source, &capture, reading->report, reading->err);
    mud_arena_free(arena);
    reading->done++;
    if (good && reading->unread->progress)
        reading->unread->progress(
            reading->done, reading->total, reading->unread->payload);
    return good;
}

struct position { /* of the last capture read */
    char at[MUD_TIME_TEXT], id[MUD_ID_TEXT];
};

/* One page of captures; *more says whether there may be others behind it. */
static bool read_page(struct reading *reading, struct position *last,
                      struct mud_str args[3], bool *more)
{
    struct mud_str all[] = {
        args[0], args[1], args[2], mud_str_z(last->at), mud_str_z(last->id)};
    struct mud_rows *rows;
    bool good = true;

    if (!mud_pg_query(&rows,
                      reading->worker->pg,
                      mud_sql("capture_unread"),
                      all,
                      5,
                      reading->err))
        return false;
    size_t n = mud_rows_count(rows);
    for (size_t i = 0; i < n && good; i++)
        good = step(reading, rows, i);
    *more = n > 0;
    if (n) {
        mud_time_text(last->at, mud_rows_time(rows, n - 1, 2), true);
        mud_id_text(last->id, mud_rows_id(rows, n - 1, 0));
    }
    mud_rows_free(rows);
    return good;
}

static bool count(struct reading *reading, const struct mud_str args[3])
{
    struct mud_rows *rows;

    if (!mud_pg_query(&rows,
                      reading->worker->pg,
                      mud_sql("capture_unread_count"),
                      args,
                      3,
                      reading->err))
        return false;
    reading->total = mud_rows_int(rows, 0, 0);
    mud_rows_free(rows);
    return true;
}

bool mud_read_unread(struct mud_report *report, struct mud_worker *worker,
                     const struct mud_unread *unread, struct mud_error *err)
{
    struct reading reading = {
        .report = report, .worker = worker, .unread = unread, .err = err};
    struct mud_arena *arena = mud_arena_new();
    struct position last = {.at = "-infinity"};
    char source[16], reader[16];
    bool more = true;

    mud_id_text(last.id, (struct mud_id){0});
    if (unread->source)
        snprintf(source, sizeof source, "%d", (int)unread->source->id);
    snprintf(reader,
             sizeof reader,
             "%d",
             (int)mud_reader_number(mud_reader_version(worker->reader)));
    struct mud_ingest_options options = mud_worker_options(worker);
    struct mud_str args[] = {unread->source ? mud_str_z(source) : MUD_SQL_NULL,
                             mud_str_z(options.parser),
                             mud_str_z(reader)};
    bool good =
        mud_source_list(
            &reading.sources, &reading.n_sources, worker->pg, arena, err) &&
        count(&reading, args);
    while (good && more)
        good = read_page(&reading, &last, args, &more);
    mud_arena_free(arena);
    return good && mud_ingest_flush(worker->ingest, NULL, err);
}
