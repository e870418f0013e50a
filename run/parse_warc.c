#include "run/parse_warc.h"

#include "evidence/warc.h"
#include "parse/record.h"
#include "run/step.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct reading {
    const char *path;
    struct mud_warc *warc;
    const struct mud_parse_options *options;
    struct mud_parser *parser;
    struct mud_parse_sink *sink;
    uint64_t pages, revisits, moved, parts; /* the last three hold no page */
    struct mud_error *err;
};

static bool put_lines(struct reading *reading, struct mud_buf *lines)
{
    struct mud_str rest = mud_buf_view(lines);
    bool good = true;

    while (good && rest.n) {
        size_t end = mud_str_chr(rest, '\n');
        end = end == MUD_NPOS ? rest.n : end + 1;
        good = reading->sink->line(
            mud_str_sub(rest, 0, end), reading->sink->payload, reading->err);
        rest = mud_str_sub(rest, end, rest.n);
    }
    mud_buf_free(lines);
    return good;
}

static bool put(struct reading *reading, const char *severity, const char *code,
                const char *text, int64_t offset)
{
    struct mud_note note = {.severity = severity,
                            .code = code,
                            .text = mud_str_z(text),
                            .byte = (uint64_t)offset};
    struct mud_buf lines = {0};

    reading->sink->notes++;
    mud_record_note(&lines, &note, mud_str_z(reading->path));
    return put_lines(reading, &lines);
}

static bool put_note(struct reading *reading, const char *code,
                     const char *text, int64_t offset)
{
    return put(reading, "error", code, text, offset);
}

/* The block of a record, or an empty one with *fits false when too large. */
static bool read_block(struct mud_str *block, bool *fits,
                       struct reading *reading,
                       const struct mud_warc_record *record,
                       struct mud_arena *arena)
{
    struct mud_buf bytes = {.max = MUD_PAGE_MAX};
    char piece[65536];
    size_t n = 0;
    bool good;

    *fits = record->size <= (int64_t)MUD_PAGE_MAX;
    do {
        good =
            mud_warc_read(reading->warc, piece, sizeof piece, &n, reading->err);
        if (good && *fits)
            mud_buf_put(&bytes, piece, n);
    } while (good && n);
    *block = mud_str_dup(mud_buf_view(&bytes), arena);
    mud_buf_free(&bytes);
    return good;
}

/* "HTTP/1.1 200 OK" CRLF headers CRLF CRLF body */
static bool split(struct mud_exchange *exchange, struct mud_str block)
{
    size_t end = mud_http_head_end(block, 0);
    uint64_t status = 0;

    if (!end || !mud_str_starts(block, MUD_STR("HTTP/")))
        return false;
    exchange->response_head = mud_str_sub(block, 0, end);
    exchange->body = mud_str_sub(block, end, block.n);
    size_t space = mud_str_chr(block, ' ');
    if (space != MUD_NPOS &&
        mud_str_u64(mud_str_sub(block, space + 1, space + 4), &status))
        exchange->status = (int)status;
    return true;
}

/* Pictures, styles, scripts and the like, of which a browser's archive is
 * full. What has no type, or one that says nothing, may be a page. */
static bool is_part(const struct mud_exchange *exchange)
{
    static const char *const types[] = {"image/",
                                        "audio/",
                                        "video/",
                                        "font/",
                                        "text/css",
                                        "text/javascript",
                                        "application/javascript",
                                        "application/x-javascript",
                                        "application/ecmascript",
                                        "application/font",
                                        "application/vnd.ms-fontobject",
                                        "application/x-font",
                                        "application/wasm",
                                        "application/pdf",
                                        "application/zip",
                                        "application/ocsp-response",
                                        "application/x-shockwave-flash"};
    struct mud_str type = mud_exchange_header(exchange, "Content-Type");

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (mud_str_istarts(type, mud_str_z(types[i])))
            return true;
    return false;
}

/* A page that a browser or an archive's tool kept without its HTTP head. */
static bool is_page(const struct mud_warc_record *record)
{
    static const char *const types[] = {"html", "json", "xml"};
    struct mud_str uri = record->uri;

    if (record->type != MUD_WARC_RESOURCE ||
        (!mud_str_istarts(uri, MUD_STR("http://")) &&
         !mud_str_istarts(uri, MUD_STR("https://"))))
        return false;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (mud_str_ifind(record->content_type, mud_str_z(types[i])) !=
            MUD_NPOS)
            return true;
    return false;
}

/* What the record says takes the place of the head. */
static void dress(struct mud_exchange *exchange, struct mud_str type,
                  struct mud_str block, struct mud_arena *arena)
{
    exchange->response_head = mud_str_printf(
        arena, "HTTP/1.1 200 OK\r\nContent-Type: %.*s\r\n\r\n", MUD_FMT(type));
    exchange->body = block;
    exchange->status = 200;
}

static bool parse_one(struct reading *reading,
                      const struct mud_exchange *exchange, int64_t at,
                      struct mud_arena *arena, int64_t offset)
{
    struct mud_error why = {0};
    struct mud_parsed parsed = {0};
    struct mud_buf lines = {0};
    struct mud_str body;
    bool whole = true;

    if (!mud_exchange_decode(
            &body, &whole, exchange, MUD_PAGE_MAX, arena, &why))
        return put_note(reading, "undecodable", why.text, offset);
    struct mud_page_in in = {
        .bytes = body,
        .url = exchange->url,
        .content_type = mud_exchange_header(exchange, "Content-Type"),
        .head = exchange->response_head,
        .status = exchange->status,
        .fetched_at = at,
        .zone = reading->options->zone,
        .engine = reading->options->engine,
    };
    if (!mud_parser_page(reading->parser, &parsed, &in, arena, reading->err))
        return false;
    reading->sink->pages++;
    reading->pages++;
    reading->sink->posts += parsed.n_posts;
    reading->sink->notes += parsed.n_notes;
    mud_record_parsed(&lines, &parsed, MUD_STR(""));
    return put_lines(reading, &lines) &&
           (whole || put_note(reading,
                              "truncated",
                              "the body ends before its coding or length says",
                              offset));
}

static bool take(struct reading *reading, struct mud_warc_record *record)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_exchange exchange = {.url = mud_str_dup(record->uri, arena)};
    int64_t at = record->at, offset = record->offset;
    struct mud_str block, type = mud_str_dup(record->content_type, arena);
    bool bare = record->type == MUD_WARC_RESOURCE, fits;
    bool good = read_block(&block, &fits, reading, record, arena);

    if (bare)
        dress(&exchange, type, block, arena);
    if (good && !fits)
        good =
            put_note(reading, "too-large", "the page is above 64 MiB", offset);
    else if (good && !bare && !split(&exchange, block))
        good = put_note(
            reading, "no-http", "a response without HTTP head", offset);
    else if (good && exchange.status >= 300 && exchange.status < 400)
        reading->moved++;
    else if (good && is_part(&exchange))
        reading->parts++;
    else if (good)
        good = parse_one(reading, &exchange, at, arena, offset);
    mud_arena_free(arena);
    return good;
}

/* Damage: a note with its place, then the next place that looks sound. */
static bool step_over(struct reading *reading, bool *more)
{
    struct mud_error why = *reading->err;

    mud_error_clear(reading->err);
    return put_note(
               reading, "damaged-warc", why.text, mud_warc_at(reading->warc)) &&
           mud_warc_resync(reading->warc, more, reading->err);
}

/* Why records gave nothing; an archive without any page says so. */
static bool put_rest(struct reading *reading)
{
    const struct {
        uint64_t n;
        const char *code, *text;
    } rows[] = {
        {reading->revisits,
         "revisits",
         "records of pages that had not changed hold no page"},
        {reading->moved, "moved", "answers lead elsewhere"},
        {reading->parts,
         "parts",
         "answers are pictures, styles, scripts and the like"},
    };

    char text[128];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(text, sizeof text, "%" PRIu64 " %s", rows[i].n, rows[i].text);
        if (rows[i].n && !put(reading, "info", rows[i].code, text, 0))
            return false;
    }
    return reading->pages || put(reading,
                                 "warning",
                                 "no-pages",
                                 "no record of the archive holds a page",
                                 0);
}

bool mud_parse_warc(const char *path, const struct mud_parse_options *options,
                    struct mud_parser *parser, struct mud_parse_sink *sink,
                    struct mud_error *err)
{
    struct reading reading = {.path = path,
                              .options = options,
                              .parser = parser,
                              .sink = sink,
                              .err = err};
    struct mud_warc_record record;
    bool good = mud_warc_open(&reading.warc, path, NULL, err), more = true;

    while (good && more) {
        good = mud_warc_next(&record, &more, reading.warc, err);
        if (good && more && record.type == MUD_WARC_REVISIT)
            reading.revisits++;
        if (good && more && record.type == MUD_WARC_RESOURCE &&
            !is_page(&record))
            reading.parts++;
        if (good && more &&
            ((record.type == MUD_WARC_RESPONSE &&
              !mud_str_istarts(record.uri, MUD_STR("dns:"))) ||
             is_page(&record)))
            good = take(&reading, &record) &&
                   mud_warc_end(&record, reading.warc, err);
        if (!good && err->code == MUD_ECORRUPT)
            good = step_over(&reading, &more);
    }
    good = good && put_rest(&reading);
    mud_warc_close(reading.warc);
    return good;
}
