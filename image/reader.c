#include "image/image.h"

#include "base/cell.h"
#include "base/log.h"
#include "base/time.h"
#include "image/look.h"
#include "image/record.h"

#include <stdlib.h>

/*
 * Limits of one image. A photo of twelve million pixels is decoded in a tenth
 * of a second; its text takes a second or two, and at most twenty (print.c).
 */
#define CPU_SECONDS  30
#define DECODE_MS    20000 /* waiting for the processor counts too */
#define TEXT_MS      90000
#define MEMORY_BYTES ((size_t)2 << 30)
#define STACK_BYTES  ((size_t)16 << 20)
#define FRAME_MAX    ((size_t)16 << 20)

struct mud_image_reader {
    struct mud_cell cell;
    int decode_ms, text_ms;
    struct mud_buf frame;
};

/* ---- in the worker ---- */

static bool reply(int fd, const struct mud_image *image, struct mud_buf *frame)
{
    mud_buf_clear(frame);
    mud_image_record(frame, image, (struct mud_str){0});
    uint64_t n = frame->n;
    return mud_cell_put(fd, &n, sizeof(n)) &&
           mud_cell_put(fd, frame->s, frame->n);
}

/* Two answers: what decoding gives, and then the same with the text. */
static bool serve_one(int fd, struct mud_print *print, const char *why,
                      struct mud_arena *arena, struct mud_buf *frame)
{
    struct mud_image image;
    struct mud_grey grey;
    uint64_t n;

    if (!mud_cell_get(fd, &n, sizeof(n)) || n > MUD_IMAGE_BYTES)
        return false;
    char *bytes = mud_arena_alloc(arena, n);
    if (!mud_cell_get(fd, bytes, n))
        return false;
    mud_cell_cpu(CPU_SECONDS);
    mud_image_look(&image, &grey, mud_str_of(bytes, n), arena);
    bool good = reply(fd, &image, frame);
    if (good) {
        mud_image_print(&image, &grey, print, why, arena);
        good = reply(fd, &image, frame);
    }
    mud_grey_free(&grey);
    return good;
}

static void serve(int fd, void *payload)
{
    struct mud_buf frame = {0};
    const char *why = NULL;
    /* It opens its languages: before the door is shut. */
    struct mud_print *print = mud_print_new(&why);
    struct mud_arena *arena = mud_arena_new();
    (void)payload;
    mud_cell_quiet();
    mud_cell_lock();
    while (serve_one(fd, print, why, arena, &frame))
        mud_arena_reset(arena);
    mud_print_free(print);
    mud_arena_free(arena);
    mud_buf_free(&frame);
}

/* ---- in the parent ---- */

struct mud_image_reader *mud_image_reader_new(void)
{
    struct mud_image_reader *reader = mud_calloc(1, sizeof(*reader));
    reader->decode_ms = DECODE_MS;
    reader->text_ms = TEXT_MS;
    return reader;
}

void mud_image_reader_free(struct mud_image_reader *reader)
{
    if (!reader)
        return;
    mud_cell_stop(&reader->cell);
    mud_buf_free(&reader->frame);
    free(reader);
}

void mud_image_reader_patience(struct mud_image_reader *reader, int decode_ms,
                               int text_ms)
{
    reader->decode_ms = decode_ms;
    reader->text_ms = text_ms;
}

static bool start(struct mud_image_reader *reader, struct mud_error *err)
{
    const struct mud_cell_terms terms = {
        .name = "mudlark-image",
        .memory = MEMORY_BYTES,
        .stack = STACK_BYTES,
        .serve = serve,
    };
    return reader->cell.pid || mud_cell_start(&reader->cell, &terms, err);
}

static bool ask(struct mud_image_reader *reader, struct mud_str bytes)
{
    uint64_t n = bytes.n;
    int fd = reader->cell.fd;
    return mud_cell_put(fd, &n, sizeof(n)) && mud_cell_put(fd, bytes.s, n);
}

/* One of the two answers; it must be about the bytes that were sent. */
static bool answer(struct mud_image *out, struct mud_image_reader *reader,
                   const uint8_t sha256[MUD_SHA256], int64_t deadline,
                   struct mud_arena *arena)
{
    struct mud_error bad = {0};
    uint64_t n;
    int fd = reader->cell.fd;

    if (!mud_cell_get_until(fd, &n, sizeof(n), deadline) || n > FRAME_MAX)
        return false;
    mud_buf_clear(&reader->frame);
    char *room = mud_buf_room(&reader->frame, n);
    if (!room || !mud_cell_get_until(fd, room, n, deadline))
        return false;
    return mud_image_record_read(out, mud_str_of(room, n), arena, &bad) &&
           memcmp(out->sha256, sha256, MUD_SHA256) == 0;
}

static void killed(struct mud_image *out, const char *code, const char *what,
                   struct mud_arena *arena)
{
    char hex[MUD_HEX256];
    mud_image_say(out, code, what, arena);
    mud_log(MUD_LOG_WARN,
            NULL,
            "image worker killed by %s",
            mud_hex(hex, out->sha256, MUD_SHA256));
}

/* Its header is read here: it is a few comparisons, and no decoder. */
static void facts(struct mud_image *out, struct mud_str bytes)
{
    struct mud_image_head head;
    *out = (struct mud_image){0};
    mud_sha256_of(bytes, out->sha256);
    mud_image_head_read(&head, bytes);
    out->format = head.format;
    out->width = head.width;
    out->height = head.height;
}

static bool asked(struct mud_image_reader *reader, struct mud_str bytes,
                  bool *good, struct mud_error *err)
{
    bool old = reader->cell.pid != 0;
    if (!start(reader, err))
        return false;
    *good = ask(reader, bytes);
    if (*good || !old)
        return true;
    mud_cell_stop(&reader->cell); /* it died since the last image */
    if (!start(reader, err))
        return false;
    *good = ask(reader, bytes);
    return true;
}

bool mud_image_read(struct mud_image *out, struct mud_image_reader *reader,
                    struct mud_str bytes, struct mud_arena *arena,
                    struct mud_error *err)
{
    struct mud_image known, first, full;
    bool good = true;

    facts(&known, bytes);
    if (bytes.n > MUD_IMAGE_BYTES) {
        struct mud_grey none;
        mud_image_look(out, &none, bytes, arena);
        return true;
    }
    if (!asked(reader, bytes, &good, err))
        return false;
    int64_t now = mud_monotonic();
    if (!good || !answer(&first,
                         reader,
                         known.sha256,
                         now + reader->decode_ms * INT64_C(1000),
                         arena)) {
        mud_cell_stop(&reader->cell);
        *out = known;
        killed(out,
               "image-worker-killed",
               "the image ended its decoder or took too long",
               arena);
        return true;
    }
    if (answer(&full,
               reader,
               known.sha256,
               now + reader->text_ms * INT64_C(1000),
               arena)) {
        *out = full;
        return true;
    }
    mud_cell_stop(&reader->cell);
    *out = first;
    killed(out,
           "image-text-killed",
           "the image ended its recogniser of text or took too long",
           arena);
    return true;
}
