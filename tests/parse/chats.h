/* Reading a text as an export, for the tests of chat formats. */
#ifndef MUD_TESTS_PARSE_CHATS_H
#define MUD_TESTS_PARSE_CHATS_H

#include "tests/support/mudtest.h"

#include "parse/chat.h"
#include "parse/record.h"

#include <stdio.h>
#include <stdlib.h>

struct chats {
    struct mud_str text; /* what is left */
    size_t step;         /* bytes a read gives at most */
    struct mud_arena *arena;
    struct mud_buf lines; /* records of posts */
    char codes[512];      /* of notes, each with a blank behind it */
    size_t posts, notes;
};

static inline bool chats_take(void *payload, void *out, size_t size, size_t *n,
                              struct mud_error *err)
{
    struct chats *c = payload;
    (void)err;
    *n = c->text.n < size ? c->text.n : size;
    *n = *n < c->step ? *n : c->step;
    if (*n)
        memcpy(out, c->text.s, *n);
    c->text = mud_str_sub(c->text, *n, c->text.n);
    return true;
}

static inline bool chats_post(const struct mud_post *post, void *payload,
                              struct mud_error *err)
{
    struct chats *c = payload;
    (void)err;
    c->posts++;
    mud_record_post(&c->lines, post, (struct mud_str){0});
    return true;
}

static inline bool chats_note(const struct mud_note *note, void *payload,
                              struct mud_error *err)
{
    struct chats *c = payload;
    size_t used = strlen(c->codes);
    (void)err;
    c->notes++;
    (void)snprintf(c->codes + used, sizeof(c->codes) - used, "%s ", note->code);
    return true;
}

/* Reads text, `step` bytes at a time, as the format that says it is its own. */
static inline struct chats *chats_read(const char *format, struct mud_str text,
                                       const char *name, size_t step)
{
    struct chats *c = mud_calloc(1, sizeof(*c));
    struct mud_chat_in in = {.bytes = {chats_take, c}, .name = mud_str_z(name)};
    const struct mud_chat_sink sink = {chats_post, chats_note, c, NULL};
    struct mud_error err = {0};
    const struct mud_chat_format *f =
        mud_chat_of(mud_str_sub(text, 0, MUD_CHAT_HEAD), in.name);
    assert_non_null(f);
    assert_string_equal(f->name, format);
    c->text = text;
    c->step = step;
    c->arena = mud_arena_new();
    assert_ok(f->read(&in, &sink, &err), &err);
    return c;
}

/* Post number i (from 0), its texts in the arena. */
static inline struct mud_post chats_at(struct chats *c, size_t i)
{
    struct mud_str lines = mud_buf_view(&c->lines), line = {0};
    struct mud_post post;
    struct mud_error err = {0};
    for (size_t k = 0; k <= i; k++)
        assert_true(mud_str_line(&lines, &line));
    assert_ok(mud_record_read_post(&post, line, c->arena, &err), &err);
    return post;
}

static inline void chats_free(struct chats *c)
{
    mud_arena_free(c->arena);
    mud_buf_free(&c->lines);
    free(c);
}

#endif
