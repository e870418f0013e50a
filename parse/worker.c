#include "parse/parse.h"

#include "base/cell.h"
#include "base/log.h"
#include "parse/forum.h"
#include "parse/record.h"

#include <stdlib.h>

/*
 * Limits of one page. A well-formed page takes milliseconds; libtidy on the
 * worst that the prefilter lets through takes well below a second.
 */
#define CPU_SECONDS  5
#define WALL_MS      20000 /* counts waiting for the processor too */
#define MEMORY_BYTES ((size_t)2 << 30)
#define STACK_BYTES  ((size_t)64 << 20) /* libtidy recurses with the depth */
#define FRAME_MAX    ((size_t)256 << 20)

struct mud_parser {
    struct mud_cell cell;
    int wall_ms;
    struct mud_buf frame;
};

/* What goes over: a length, then the fields. Same program at both ends. */
struct head {
    uint64_t bytes, url, type, zone, engine, rules, head;
    int64_t fetched_at;
    int32_t status, asks;
};

/* ---- in the worker ---- */

static bool get_text(int fd, struct mud_str *out, uint64_t n,
                     struct mud_arena *arena)
{
    if (n > FRAME_MAX)
        return false;
    char *s = mud_arena_alloc(arena, n);
    *out = mud_str_of(s, n);
    return mud_cell_get(fd, s, n);
}

static bool serve_one(int fd, struct mud_arena *arena, struct mud_buf *reply)
{
    struct head head;
    struct mud_page_in in = {0};
    if (!mud_cell_get(fd, &head, sizeof(head)) ||
        !get_text(fd, &in.bytes, head.bytes, arena) ||
        !get_text(fd, &in.url, head.url, arena) ||
        !get_text(fd, &in.content_type, head.type, arena) ||
        !get_text(fd, &in.zone, head.zone, arena) ||
        !get_text(fd, &in.engine, head.engine, arena) ||
        !get_text(fd, &in.rules, head.rules, arena) ||
        !get_text(fd, &in.head, head.head, arena))
        return false;
    in.fetched_at = head.fetched_at;
    in.status = head.status;
    in.asks = (enum mud_page_asks)head.asks;
    mud_cell_cpu(CPU_SECONDS);
    struct mud_parsed parsed;
    struct mud_error err = {0};
    if (!mud_parse_page(&parsed, &in, arena, &err)) {
        struct mud_notes notes = {.arena = arena};
        mud_notes_add(&notes, "error", "parse-failed", 0, "%s", err.text);
        parsed = (struct mud_parsed){
            .url = in.url, .notes = notes.items, .n_notes = notes.n};
    }
    mud_buf_clear(reply);
    mud_record_parsed(reply, &parsed, (struct mud_str){0});
    uint64_t n = reply->n;
    return mud_cell_put(fd, &n, sizeof(n)) &&
           mud_cell_put(fd, reply->s, reply->n);
}

static void serve(int fd, void *payload)
{
    struct mud_buf reply = {0};
    struct mud_arena *arena = mud_arena_new();
    (void)payload;
    mud_cell_lock();
    while (serve_one(fd, arena, &reply))
        mud_arena_reset(arena);
    mud_arena_free(arena);
    mud_buf_free(&reply);
}

/* ---- in the parent ---- */

struct mud_parser *mud_parser_new(void)
{
    struct mud_parser *parser = mud_calloc(1, sizeof(*parser));
    parser->wall_ms = WALL_MS;
    return parser;
}

void mud_parser_patience(struct mud_parser *parser, int ms)
{
    parser->wall_ms = ms;
}

void mud_parser_free(struct mud_parser *parser)
{
    if (!parser)
        return;
    mud_cell_stop(&parser->cell);
    mud_buf_free(&parser->frame);
    free(parser);
}

static bool start(struct mud_parser *parser, struct mud_error *err)
{
    const struct mud_cell_terms terms = {
        .name = "mudlark-parse",
        .memory = MEMORY_BYTES,
        .stack = STACK_BYTES,
        .serve = serve,
    };
    if (parser->cell.pid)
        return true;
    (void)mud_engines(); /* compiled once, here: workers inherit them */
    return mud_cell_start(&parser->cell, &terms, err);
}

static bool ask(struct mud_parser *parser, const struct mud_page_in *in)
{
    struct head head = {
        .bytes = in->bytes.n,
        .url = in->url.n,
        .type = in->content_type.n,
        .zone = in->zone.n,
        .engine = in->engine.n,
        .rules = in->rules.n,
        .head = in->head.n,
        .fetched_at = in->fetched_at,
        .status = in->status,
        .asks = (int32_t)in->asks,
    };
    int fd = parser->cell.fd;
    return mud_cell_put(fd, &head, sizeof(head)) &&
           mud_cell_put(fd, in->bytes.s, in->bytes.n) &&
           mud_cell_put(fd, in->url.s, in->url.n) &&
           mud_cell_put(fd, in->content_type.s, in->content_type.n) &&
           mud_cell_put(fd, in->zone.s, in->zone.n) &&
           mud_cell_put(fd, in->engine.s, in->engine.n) &&
           mud_cell_put(fd, in->rules.s, in->rules.n) &&
           mud_cell_put(fd, in->head.s, in->head.n);
}

static bool answer(struct mud_parser *parser)
{
    uint64_t n;
    int64_t deadline = mud_monotonic() + parser->wall_ms * INT64_C(1000);
    if (!mud_cell_get_until(parser->cell.fd, &n, sizeof(n), deadline) ||
        n > FRAME_MAX)
        return false;
    mud_buf_clear(&parser->frame);
    parser->frame.max = FRAME_MAX;
    char *room = mud_buf_room(&parser->frame, n);
    if (!room || !mud_cell_get_until(parser->cell.fd, room, n, deadline))
        return false;
    parser->frame.n = n;
    return true;
}

static void killed(struct mud_parsed *out, const struct mud_page_in *in,
                   struct mud_arena *arena, bool late)
{
    struct mud_notes notes = {.arena = arena};
    mud_notes_add(&notes,
                  "error",
                  "worker-killed",
                  0,
                  "%s",
                  late ? "the page took too long to parse"
                       : "the page ended its parse worker");
    *out = (struct mud_parsed){
        .url = mud_str_dup(in->url, arena),
        .notes = notes.items,
        .n_notes = notes.n,
    };
    mud_log(
        MUD_LOG_WARN, NULL, "parse worker killed by %.*s", MUD_FMT(in->url));
}

bool mud_parser_page(struct mud_parser *parser, struct mud_parsed *out,
                     const struct mud_page_in *in, struct mud_arena *arena,
                     struct mud_error *err)
{
    struct mud_page_in cut = *in;
    if (cut.bytes.n > FRAME_MAX / 2)
        cut.bytes.n = FRAME_MAX / 2;
    int64_t began = mud_monotonic();
    bool old = parser->cell.pid != 0;
    if (!start(parser, err))
        return false;
    bool asked = ask(parser, &cut);
    if (!asked && old) { /* it died since the last page: not this one's fault */
        mud_cell_stop(&parser->cell);
        if (!start(parser, err))
            return false;
        asked = ask(parser, &cut);
    }
    if (!asked || !answer(parser)) {
        killed(out,
               in,
               arena,
               mud_monotonic() - began >= parser->wall_ms * INT64_C(1000));
        mud_cell_stop(&parser->cell);
        return true;
    }
    struct mud_error bad = {0};
    if (mud_record_read_parsed(out, mud_buf_view(&parser->frame), arena, &bad))
        return true;
    killed(out, in, arena, false); /* the worker talks nonsense */
    mud_cell_stop(&parser->cell);
    return true;
}
