/* What tests of run share: a home, a database of its own, a worker, and the
 * sample forum served on loopback. */
#ifndef MUD_TESTS_RUN_RUNTEST_H
#define MUD_TESTS_RUN_RUNTEST_H

#include "run/collect.h"
#include "run/crawl.h"
#include "run/import.h"
#include "run/link.h"
#include "run/unread.h"
#include "tests/support/mudtest.h"
#include "tests/support/pg.h"
#include "web/replay.h"

#include <stdlib.h>

struct kit {
    const char *home, *dsn;
    struct mud_worker worker;
    struct mud_pg *pg; /* a second connection, to look */
    struct mud_arena *arena;
    struct mud_replay *site;
    struct mud_source source;
    struct mud_error err;
};

static inline void kit_worker(struct kit *kit)
{
    assert_ok(mud_worker_open(&kit->worker, kit->home, "tester", &kit->err),
              &kit->err);
}

static inline void kit_begin(struct kit *kit, const char *settings)
{
    *kit = (struct kit){.home = mudtest_dir(), .dsn = mud_test_pg()};
    if (settings)
        mudtest_write(mudtest_text("%s/mudlark.conf", kit->home),
                      mud_str_z(settings));
    setenv("MUDLARK_DSN", kit->dsn, 1);
    kit->pg = mud_test_pg_open(kit->dsn);
    kit->arena = mud_arena_new();
    kit_worker(kit);
}

static inline void kit_open(struct kit *kit)
{
    kit_begin(kit, NULL);
}

/* Whose vault is not sealed: for tests that look into it for secrets. */
static inline void kit_plain(struct kit *kit)
{
    kit_begin(kit, "[vault]\nseal = off\n");
}

static inline void kit_close(struct kit *kit)
{
    mud_replay_stop(kit->site);
    mud_worker_close(&kit->worker);
    mud_pg_close(kit->pg);
    mud_arena_free(kit->arena);
}

/* A forum that begins at url. */
static inline void kit_source(struct kit *kit, struct mud_str url)
{
    kit->source = (struct mud_source){
        .name = MUD_STR("site"),
        .kind = MUD_STR("forum"),
        .url = url,
        .legal_basis = MUD_STR("test"),
        .zone = MUD_STR("+08:00"),
        .expires = mud_now() + 3600 * MUD_SECOND,
        .created_by = MUD_STR("tester"),
        .delay_ms = 0,
        .parallel = 4,
        .page_bytes = 16 << 20,
        .day_bytes = 1 << 30,
        .allow_private = true,
    };
    assert_ok(mud_source_add(&kit->source, kit->pg, kit->arena, &kit->err),
              &kit->err);
}

/* Serve a capture folder on any free port, and a source that begins there. */
static inline void kit_site(struct kit *kit, const char *folder)
{
    assert_ok(mud_replay_start(&kit->site, folder, 0, &kit->err), &kit->err);
    kit_source(kit, mud_replay_url(kit->site));
}

static inline void kit_chat(struct kit *kit)
{
    kit->source = (struct mud_source){
        .name = MUD_STR("chat"),
        .kind = MUD_STR("chat"),
        .legal_basis = MUD_STR("test"),
        .expires = mud_now() + 3600 * MUD_SECOND,
        .created_by = MUD_STR("tester"),
    };
    assert_ok(mud_source_add(&kit->source, kit->pg, kit->arena, &kit->err),
              &kit->err);
}

/* A source of a kind that begins at path of a server on loopback. */
static inline void kit_collector(struct kit *kit, const char *kind,
                                 unsigned port, const char *path,
                                 const struct mud_str *rooms, size_t n_rooms)
{
    kit->source = (struct mud_source){
        .name = MUD_STR("s"),
        .kind = mud_str_z(kind),
        .url = mud_str_z(mudtest_text("http://127.0.0.1:%u%s", port, path)),
        .rooms = rooms,
        .n_rooms = n_rooms,
        .legal_basis = MUD_STR("test"),
        .zone = MUD_STR("+08:00"),
        .expires = mud_now() + 3600 * MUD_SECOND,
        .created_by = MUD_STR("tester"),
        .parallel = 1,
        .page_bytes = 16 << 20,
        .day_bytes = 1 << 30,
        .allow_private = true,
    };
    assert_ok(mud_source_add(&kit->source, kit->pg, kit->arena, &kit->err),
              &kit->err);
}

static inline void kit_crawl_with(struct kit *kit, struct mud_report *report,
                                  const struct mud_crawl_options *given)
{
    struct mud_crawl_options options = *given;

    *report = (struct mud_report){0};
    assert_ok(
        mud_crawl(report, &kit->worker, &kit->source, &options, &kit->err) &&
            mud_ingest_flush(kit->worker.ingest, NULL, &kit->err),
        &kit->err);
}

static inline void kit_crawl(struct kit *kit, struct mud_report *report,
                             int64_t max_pages)
{
    kit_crawl_with(
        kit, report, &(struct mud_crawl_options){.max_pages = max_pages});
}

/* Every page again. */
static inline void kit_crawl_whole(struct kit *kit, struct mud_report *report)
{
    kit_crawl_with(kit, report, &(struct mud_crawl_options){.whole = true});
}

/* A round by the collector of the source's kind. */
static inline void kit_collect_with(struct kit *kit, struct mud_report *report,
                                    const struct mud_crawl_options *options)
{
    *report = (struct mud_report){0};
    assert_ok(
        mud_collect(report, &kit->worker, &kit->source, options, &kit->err) &&
            mud_ingest_flush(kit->worker.ingest, NULL, &kit->err),
        &kit->err);
}

static inline void kit_collect(struct kit *kit, struct mud_report *report)
{
    kit_collect_with(kit, report, &(struct mud_crawl_options){0});
}

static inline void kit_import(struct kit *kit, struct mud_report *report,
                              const char *path)
{
    struct mud_import_options options = {.supplier = MUD_STR("a friend")};

    *report = (struct mud_report){0};
    assert_ok(
        mud_import(
            report, &kit->worker, &kit->source, path, &options, &kit->err),
        &kit->err);
}

/* Why the first thing that was passed over was; "" for nothing. */
static inline const char *kit_skipped(const struct mud_report *report)
{
    return report->n_skips ? report->skips[0].reason : "";
}

static inline int64_t kit_count(struct kit *kit, const char *what)
{
    return mud_test_pg_int(kit->pg,
                           mudtest_text("SELECT count(*) FROM %s", what));
}

static inline const char *kit_samples(const char *name)
{
    return mudtest_text("%s/samples/%s", mudtest_source(), name);
}

#endif
