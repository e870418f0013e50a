/*
 * Reading any bytes as a message: entities stand on characters of the text,
 * the record is JSON, and a masked text keeps its length.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/utf8.h"
#include "nlp/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mud_reader *reader;
    static struct mud_context *context;
    struct mud_arena *arena = mud_arena_new();
    struct mud_message m = {.id = MUD_STR("1"), .thread = MUD_STR("t")};
    struct mud_reading r;
    struct mud_buf out = {0};
    json_t *json;

    if (!reader) {
        check(mud_reader_new(&reader, NULL, NULL));
        context = mud_context_new();
    }
    m.text = mud_utf8_clean(mud_str_of((const char *)data, size), arena, NULL);
    m.title = mud_str_sub(m.text, 0, mud_utf8_cut(m.text, m.text.n / 4));
    m.signature = m.title;
    check(mud_read(&r, reader, &m, context, arena, NULL));
    for (size_t i = 0; i < r.n_entities; i++) {
        const struct mud_entity *e = &r.entities[i];

        check(e->at.start < e->at.end && e->at.end <= m.text.n);
        check(mud_utf8_cut(m.text, e->at.start) == e->at.start);
        check(e->of < (int32_t)r.n_entities);
    }
    mud_record_write(&out, reader, &m, &r, true, arena);
    json = mud_json_read(mud_buf_view(&out), NULL);
    check(json != NULL);
    json_decref(json);
    check(mud_mask(m.text, MUD_IN_TEXT, 0, &r, arena).n == m.text.n);
    mud_buf_free(&out);
    mud_arena_free(arena);
    return 0;
}
