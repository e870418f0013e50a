/*
 * A sample export against the records that it must give, written by hand: the
 * whole line of each post, and codes of notes. However the bytes come.
 */
#ifndef MUD_TESTS_PARSE_CHAT_GOLDEN_H
#define MUD_TESTS_PARSE_CHAT_GOLDEN_H

#include "tests/parse/chats.h"

static inline struct mud_str chat_sample(const char *path)
{
    return mudtest_read(
        mudtest_text("%s/samples/parse/%s", mudtest_source(), path));
}

/* path is below samples/parse, "qq/a.json"; its truth is path.ndjson. */
static inline void assert_golden(const char *format, const char *path,
                                 const char *codes)
{
    static const size_t steps[] = {1, 61, 4096, 65536};
    const char *name = strrchr(path, '/') + 1;
    for (size_t i = 0; i < MUDTEST_ROWS(steps); i++) {
        struct chats *c = chats_read(format, chat_sample(path), name, steps[i]);
        struct mud_str want = chat_sample(mudtest_text("%s.ndjson", path));
        struct mud_str got = mud_buf_view(&c->lines), line, truth;
        while (mud_str_line(&want, &truth)) {
            if (!mud_str_line(&got, &line))
                line = MUD_STR("no more posts");
            assert_bytes(line, truth);
        }
        assert_int_equal(got.n, 0);
        assert_string_equal(c->codes, codes);
        chats_free(c);
    }
}

/* text as that format: how many posts, and the codes of the notes. */
static inline void assert_counts(const char *format, const char *text,
                                 size_t posts, const char *codes)
{
    struct chats *c = chats_read(format, mud_str_z(text), "x", 7);
    assert_int_equal(c->posts, posts);
    assert_string_equal(c->codes, codes);
    chats_free(c);
}

#endif
