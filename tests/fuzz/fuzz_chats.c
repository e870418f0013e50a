/*
 * An export of any bytes, read by one of the formats (told by the first byte):
 * never refused, every message within the file and in order, and the same
 * whether bytes come at once or one by one.
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
    uint64_t start; /* of the message before */
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
    check(post->where.start >= run->start);
    check(post->where.end > post->where.start && post->where.end <= run->size);
    check(mud_utf8_valid(post->body) == post->body.n);
    check(post->post.n > 0 && post->site.n > 0);
    run->start = post->where.start;
    mud_record_post(&run->lines, post, (struct mud_str){0});
    return true;
}

static bool on_note(const struct mud_note *note, void *payload,
                    struct mud_error *err)
{
    struct run *run = payload;

    (void)err;
    check(note->byte <= run->size);
    mud_record_note(&run->lines, note, (struct mud_str){0});
    return true;
}

static struct mud_buf read_all(const struct mud_chat_format *format,
                               struct mud_str text, size_t step)
{
    struct run run = {text, step, text.n, 0, {0}};
    const struct mud_chat_in in = {.bytes = {take, &run}};
    const struct mud_chat_sink sink = {on_post, on_note, &run};
    struct mud_error err = {0};

    check(format->read(&in, &sink, &err));
    return run.lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* First lines of seeds; the order of the list may change, names not. */
    static const char *const names[] = {
        "qq-nt", "wechat-json", "wechat-csv", "qq-txt"};
    if (!size)
        return 0;
    size_t i = (data[0] - (size_t)'a') % (sizeof(names) / sizeof(names[0]));
    const struct mud_chat_format *format = mud_chat_find(mud_str_z(names[i]));
    struct mud_str text = {(const char *)data + 1, size - 1};

    check(format != NULL);
    (void)mud_chat_of(text, MUD_STR("x"));
    struct mud_buf whole = read_all(format, text, 65536);
    struct mud_buf slow = read_all(format, text, 1);
    check(mud_str_eq(mud_buf_view(&whole), mud_buf_view(&slow)));
    mud_buf_free(&whole);
    mud_buf_free(&slow);
    return 0;
}
