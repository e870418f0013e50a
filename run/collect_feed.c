#include "run/collect_feed.h"

#include "run/collect_get.h"

#define ETAG "etag" /* places of the cursors */
#define WHEN "last-modified"

/* A value of the server's that may go back in a header of ours. */
static bool is_plain(struct mud_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.s[i] < ' ' || (unsigned char)s.s[i] >= 0x7f)
            return false;
    }
    return s.n > 0 && s.n < 512;
}

static bool conditions(struct mud_str headers[2], size_t *n, struct mud_pg *pg,
                       const struct mud_source *source, struct mud_arena *arena,
                       struct mud_error *err)
{
    static const char *const places[] = {ETAG, WHEN};
    static const char *const names[] = {"If-None-Match", "If-Modified-Since"};
    struct mud_str value;

    *n = 0;
    for (size_t i = 0; i < 2; i++) {
        if (!mud_cursor_get(
                &value, pg, source, mud_str_z(places[i]), arena, err))
            return false;
        if (value.n)
            headers[(*n)++] =
                mud_str_printf(arena, "%s: %.*s", names[i], MUD_FMT(value));
    }
    return true;
}

/* What it says of itself, once it is read: next time only if it changed. */
static bool remember(struct mud_pg *pg, const struct mud_source *source,
                     const struct mud_exchange *answer, struct mud_error *err)
{
    struct mud_str etag = mud_exchange_header(answer, "ETag");
    struct mud_str when = mud_exchange_header(answer, "Last-Modified");

    if (!is_plain(etag))
        etag = MUD_STR("");
    if (!is_plain(when))
        when = MUD_STR("");
    return mud_cursor_put(pg, source, MUD_STR(ETAG), etag, err) &&
           mud_cursor_put(pg, source, MUD_STR(WHEN), when, err);
}

bool mud_collect_feed(struct mud_report *report, struct mud_worker *worker,
                      const struct mud_source *source,
                      const struct mud_crawl_options *options,
                      struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_getter *getter = NULL;
    struct mud_got got = {0};
    struct mud_str headers[2];
    size_t n;
    bool good =
        conditions(headers, &n, worker->pg, source, arena, err) &&
        mud_getter_new(
            &getter, worker, source, options, headers, n, report, err) &&
        mud_getter_page(&got, getter, source->url, err);

    if (good && got.answer && got.answer->status == 200) {
        if (got.parsed.kind == MUD_PAGE_FEED)
            good = mud_ingest_flush(worker->ingest, NULL, err) &&
                   remember(worker->pg, source, got.answer, err);
        else
            mud_report_skip(report, "no-feed", source->url);
    } else if (good && got.answer && got.answer->status != 304) {
        mud_report_skip(report, "server-error", source->url);
    }
    mud_got_free(&got);
    good = good && mud_getter_end(getter, err);
    mud_getter_free(getter);
    mud_arena_free(arena);
    return good;
}
