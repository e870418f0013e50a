/*
 * An export of any bytes: never refused, every message within the file, and
 * the same whether bytes come at once or one by one. A target defines
 * MUD_FUZZ_FORMAT before it includes this. Where messages lie in the file as
 * they come, MUD_FUZZ_IN_ORDER says so too.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "parse/chat.h"
#include "parse/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
    struct mud_str left;
    size_t step, size;
    uint64_t end; /* of the message before */
    struct mud_buf lines;
};

static void check(bool ok)
{
    if (!ok)
        abort();
}

static bool take(void *payload, void *out, size_t size, size_t *n,
                 struct mud_error *err)
{
    struct run *run = payload;

    (void)err;
    *n = size < run->step ? size : run->step;
    if (*n > run->left.n)
        *n = run->left.n;
    if (*n)
        memcpy(out, run->left.s, *n);
    run->left = mud_str_sub(run->left, *n, run->left.n);
    return true;
}

static bool on_post(const struct mud_post *post, void *payload,
                    struct mud_error *err)
{
    struct run *run = payload;

    (void)err;
#ifdef MUD_FUZZ_IN_ORDER
    check(post->where.start >= run->end);
    check(post->where.end > post->where.start && post->where.end <= run->size);
#endif
    check(mud_utf8_valid(post->body) == post->body.n);
    check(mud_utf8_valid(post->author) == post->author.n);
    run->end = post->where.end;
    mud_record_post(&run->lines, post, (struct mud_str){0});
    return true;
}

static bool on_note(const struct mud_note *note, void *payload,
                    struct mud_error *err)
{
    struct run *run = payload;

    (void)err;
#ifdef MUD_FUZZ_IN_ORDER
    check(note->byte <= run->size);
#endif
    mud_record_note(&run->lines, note, (struct mud_str){0});
    return true;
}

static struct mud_buf read_all(const uint8_t *data, size_t size, size_t step)
{
    struct run run = {{(const char *)data, size}, step, size, 0, {0}};
    const struct mud_chat_in in = {.bytes = {take, &run},
                                   .name = MUD_STR("#a_2026-11-22.log")};
    const struct mud_chat_sink sink = {on_post, on_note, &run, NULL};
    struct mud_error err = {0};

    (void)MUD_FUZZ_FORMAT.is(mud_str_of((const char *)data, size), in.name);
    check(MUD_FUZZ_FORMAT.read(&in, &sink, &err));
    return run.lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mud_buf whole = read_all(data, size, 65536);
    struct mud_buf slow = read_all(data, size, 1);

    check(mud_str_eq(mud_buf_view(&whole), mud_buf_view(&slow)));
    mud_buf_free(&whole);
    mud_buf_free(&slow);
    return 0;
}
